/** The types of rows: which there are, and what fits into which. */
import {
  type DType,
  dtypeOf,
  isDType,
  makeArray,
  type TypedArray,
} from "../../arrays/dtypes.ts";
import type { RowNumbers, RowType } from "../rows.ts";

/** Types that are computed in: integers of 64 bits become them at the end. */
export type PlainType = Exclude<RowType, "int64" | "uint64">;

/** Arrays of them. */
export type PlainNumbers = Exclude<
  RowNumbers,
  BigInt64Array | BigUint64Array
>;

/** What a type can hold. */
interface Limits {
  readonly least: number;
  readonly most: number;
  readonly isWhole: boolean;
}

const MOST_FLOAT16 = 65504;
const MOST_FLOAT32 = 3.4028234663852886e38;

const LIMITS: Readonly<Record<RowType, Limits>> = {
  int8: whole(-128, 127),
  int16: whole(-32768, 32767),
  int32: whole(-(2 ** 31), 2 ** 31 - 1),
  int64: whole(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  uint8: whole(0, 255),
  uint16: whole(0, 65535),
  uint32: whole(0, 2 ** 32 - 1),
  uint64: whole(0, Number.MAX_SAFE_INTEGER),
  float16: { least: -MOST_FLOAT16, most: MOST_FLOAT16, isWhole: false },
  float32: { least: -MOST_FLOAT32, most: MOST_FLOAT32, isWhole: false },
  float64: { least: -Infinity, most: Infinity, isWhole: false },
};

function whole(least: number, most: number): Limits {
  return { least, most, isWhole: true };
}

/**
 * Whether a text is the name of a type of rows.
 *
 * @param text The text.
 * @returns Whether it is.
 */
export function isRowType(text: unknown): text is RowType {
  return typeof text === "string" && Object.hasOwn(LIMITS, text);
}

/** The names of all types of rows. */
export const ROW_TYPES: readonly RowType[] = Object.keys(LIMITS) as RowType[];

/**
 * The type that values of a store have by default: their own. Bools are bytes,
 * and integers of 64 bits doubles, since nobody computes with bigints.
 *
 * @param typeName The type in the store.
 * @returns The type of rows.
 */
export function rowTypeOf(typeName: string): RowType {
  if (typeName === "bool") return "uint8";
  if (!isDType(typeName) || !isRowType(typeName)) return "float64";
  return isWide(typeName) ? "float64" : typeName;
}

/**
 * The least type that holds the values of all types, as numpy finds it, with
 * doubles in place of integers of 64 bits.
 *
 * @param types The types, at least one.
 * @returns The type.
 */
export function promoteRowTypes(types: readonly RowType[]): RowType {
  const [first] = types;
  if (types.every((type) => type === first)) return first!;
  const bits = (name: RowType) => Number(/\d+/.exec(name)![0]);
  const most = (some: readonly RowType[]) => Math.max(0, ...some.map(bits));
  const integers = types.filter((type) => LIMITS[type].isWhole);
  const floats = types.filter((type) => !LIMITS[type].isWhole);
  if (floats.length > 0) {
    const needed = Math.max(most(floats), 2 * most(integers));
    if (needed > 32) return "float64";
    return needed > 16 ? "float32" : "float16";
  }
  const unsigned = integers.filter((type) => type.startsWith("u"));
  const signed = integers.filter((type) => !type.startsWith("u"));
  if (signed.length === 0) return `uint${most(unsigned)}` as RowType;
  const needed = Math.max(most(signed), 2 * most(unsigned));
  return needed > 32 ? "float64" : `int${needed}` as RowType;
}

/**
 * The type that is computed in for a type.
 *
 * @param type The type that is wanted.
 * @returns The same, or doubles for integers of 64 bits.
 */
export function plainTypeOf(type: RowType): PlainType {
  return isWide(type) ? "float64" : type as PlainType;
}

/**
 * Makes an array of zeros.
 *
 * @param type The type.
 * @param length The number of values.
 * @returns The array.
 */
export function makePlain(type: PlainType, length: number): PlainNumbers {
  return makeArray(type as DType, length) as PlainNumbers;
}

/**
 * Turns what was computed into the type that is wanted.
 *
 * @param data The numbers, which fit, but for integers of 64 bits.
 * @param type The type.
 * @returns The same array, or one of bigints.
 * @throws {Error} If a number does not fit integers of 64 bits.
 */
export function finishNumbers(data: PlainNumbers, type: RowType): RowNumbers {
  if (!isWide(type)) return data;
  const misfit = findMisfit(data, type);
  if (misfit >= 0) {
    throw new Error(
      `Cannot read rows: a value is ${
        data[misfit]
      }, which does not fit ${type}`,
    );
  }
  const wide = makeArray(type as "int64", data.length);
  for (let at = 0; at < data.length; at++) wide[at] = BigInt(data[at]!);
  return wide as RowNumbers;
}

/**
 * Finds a number that a type can't hold. Rounding is fine between types of
 * floats; what is cut off, wraps around or becomes infinite is not.
 *
 * @param values The numbers.
 * @param type The type.
 * @param start The position of the first to look at.
 * @returns The position of the first that does not fit, or -1.
 */
export function findMisfit(
  values: PlainNumbers,
  type: RowType,
  start = 0,
): number {
  if (fitsAlways(dtypeOf(values as TypedArray), type)) return -1;
  for (let at = start; at < values.length; at++) {
    if (!fits(values[at]!, type)) return at;
  }
  return -1;
}

/**
 * Whether a type can hold a number.
 *
 * @param value The number.
 * @param type The type.
 * @returns Whether it can.
 */
export function fits(value: number, type: RowType): boolean {
  const { isWhole, least, most } = LIMITS[type];
  if (isWhole) {
    return value >= least && value <= most && Number.isInteger(value);
  }
  return value >= least && value <= most || !Number.isFinite(value);
}

/**
 * The largest number that a type can hold.
 *
 * @param type The type.
 * @returns The number.
 */
export function mostOf(type: RowType): number {
  return LIMITS[type].most;
}

/**
 * Numbers of a store without bigints.
 *
 * @param values The numbers.
 * @param isWanted Whether the number at a position has to be right.
 * @returns The same array, or doubles; or the position of the first that is
 * wanted and that a double can't hold.
 */
export function toPlain(
  values: RowNumbers,
  isWanted: (at: number) => boolean = () => true,
): PlainNumbers | number {
  const isBig = values instanceof BigInt64Array ||
    values instanceof BigUint64Array;
  if (!isBig) return values;
  const { buffer, byteOffset, length } = values;
  const lows = new Uint32Array(buffer, byteOffset, 2 * length);
  const highs = values instanceof BigInt64Array
    ? new Int32Array(buffer, byteOffset, 2 * length)
    : lows;
  const doubles = new Float64Array(length);
  for (let at = 0; at < length; at++) {
    const double = highs[2 * at + 1]! * 2 ** 32 + lows[2 * at]!;
    if (!Number.isSafeInteger(double) && isWanted(at)) return at;
    doubles[at] = double;
  }
  return doubles;
}

function isWide(type: RowType): type is "int64" | "uint64" {
  return type === "int64" || type === "uint64";
}

/**
 * Whether a type can hold all that another one can.
 *
 * @param from The type that values have.
 * @param to The type that they get.
 * @returns Whether none has to be looked at.
 */
export function fitsAlways(from: DType, to: RowType): boolean {
  if (from === to || to === "float64") return true;
  if (!isRowType(from)) return false;
  const [inner, outer] = [LIMITS[from], LIMITS[to]];
  if (outer.isWhole && !inner.isWhole) return false;
  return inner.least >= outer.least && inner.most <= outer.most;
}
