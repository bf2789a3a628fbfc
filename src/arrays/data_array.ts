/**
 * Arrays of one axis with what numpy's and pandas' types would say of them:
 * numbers and bools, texts, categories, and which values are missing.
 */
import { countOf } from "../io/plural.ts";
import { numberText } from "./_value_text.ts";
import { compareCodePoints } from "./compare.ts";
import {
  componentCount,
  type DType,
  makeArray,
  type TypedArray,
} from "./dtypes.ts";

/** Numbers or bools. */
export interface NumberData {
  /** Tells the kinds of arrays apart. */
  readonly kind: "number";
  /** The dtype of the values. */
  readonly dtype: DType;
  /** The values; of complex numbers real and imaginary parts in turn. */
  readonly values: TypedArray;
  /** 1 where a value is missing, else 0; nothing is missing without it. */
  readonly mask?: Uint8Array;
}

/** Texts. */
export interface TextData {
  /** Tells the kinds of arrays apart. */
  readonly kind: "text";
  /** The type by its name in the other kinds' style. */
  readonly dtype: "string";
  /** The values. */
  readonly values: readonly string[];
  /** 1 where a value is missing, else 0; nothing is missing without it. */
  readonly mask?: Uint8Array;
}

/** Texts of which each is one of a few. */
export interface CategoricalData {
  /** Tells the kinds of arrays apart. */
  readonly kind: "categorical";
  /** The type by its name in the other kinds' style. */
  readonly dtype: "categorical";
  /** For each value the index of its category, -1 where it is missing. */
  readonly codes: Int8Array | Int16Array | Int32Array;
  /** The categories, each once; some may be unused. */
  readonly categories: readonly string[];
  /** Whether the order of the categories means something. */
  readonly ordered: boolean;
}

/** An array of one axis. */
export type DataArray = NumberData | TextData | CategoricalData;

/**
 * How many values an array has.
 *
 * @param array The array.
 * @returns The count, the missing ones among them.
 */
export function dataArrayLength(array: DataArray): number {
  if (array.kind === "categorical") return array.codes.length;
  if (array.kind === "text") return array.values.length;
  return array.values.length / componentCount(array.dtype);
}

/**
 * Whether a value is missing. NaN is a value.
 *
 * @param array The array.
 * @param index The index of the value.
 * @returns True where it is missing.
 * @throws {RangeError} If there is no such value.
 */
export function isMissing(array: DataArray, index: number): boolean {
  checkIndex(array, index);
  if (array.kind === "categorical") return array.codes[index]! < 0;
  return array.mask !== undefined && array.mask[index] !== 0;
}

/**
 * A value of an array as text: for people, and for tables of text, from which
 * it can be read again. Integers are exact, other numbers have the fewest
 * digits that give the same value in their precision.
 *
 * @param array The array.
 * @param index The index of the value.
 * @returns The text, empty where the value is missing.
 * @throws {RangeError} If there is no such value.
 *
 * @example A number in single precision
 * ```ts
 * import { textAt, toDataArray } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const array = toDataArray(new Float32Array([0.1]));
 * assertEquals(textAt(array, 0), "0.1");
 * ```
 */
export function textAt(array: DataArray, index: number): string {
  if (isMissing(array, index)) return "";
  if (array.kind === "text") return array.values[index]!;
  if (array.kind === "number") return numberText(array, index);
  return array.categories[array.codes[index]!]!;
}

/**
 * Takes some values of an array, in the order of the indices.
 *
 * @param array The array.
 * @param indices Which values; repeats are fine.
 * @returns A new array of the same type; categories are kept, used or not.
 * @throws {RangeError} If there is no value at an index.
 *
 * @example The last and the first
 * ```ts
 * import { takeDataArray, toDataArray } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const array = toDataArray(["T", "B", "NK"]);
 * assertEquals(takeDataArray(array, [2, 0]), toDataArray(["NK", "T"]));
 * ```
 */
export function takeDataArray(
  array: DataArray,
  indices: ArrayLike<number>,
): DataArray {
  for (let position = 0; position < indices.length; position++) {
    checkIndex(array, indices[position]!);
  }
  if (array.kind === "categorical") {
    const codes = takeNumbers(array.codes, indices, 1);
    return { ...array, codes };
  }
  const mask = array.mask && takeNumbers(array.mask, indices, 1);
  const masked = mask === undefined ? {} : { mask };
  if (array.kind === "text") {
    const values = Array.from(indices, (index) => array.values[index]!);
    return { kind: "text", dtype: "string", values, ...masked };
  }
  const { kind, dtype } = array;
  const values = takeNumbers(array.values, indices, componentCount(dtype));
  return { kind, dtype, values, ...masked };
}

/**
 * Makes categories of texts.
 *
 * @param values The texts, `null` where one is missing.
 * @returns The categories sorted by code point, with the smallest codes that
 * can tell them apart.
 *
 * @example Labels of cells
 * ```ts
 * import { categorize } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const { codes, categories } = categorize(["T", "B", null, "T"]);
 * assertEquals(categories, ["B", "T"]);
 * assertEquals(codes, new Int8Array([1, 0, -1, 1]));
 * ```
 */
export function categorize(
  values: readonly (string | null)[],
): CategoricalData {
  const unique = new Set<string | null>(values);
  unique.delete(null);
  const categories = ([...unique] as string[]).sort(compareCodePoints);
  const codeOf = new Map<string | null, number>(
    categories.map((category, code) => [category, code]),
  );
  const codes = makeCodes(values.length, categories.length);
  for (let index = 0; index < values.length; index++) {
    codes[index] = codeOf.get(values[index]!) ?? -1;
  }
  return {
    kind: "categorical",
    dtype: "categorical",
    codes,
    categories,
    ordered: false,
  };
}

function makeCodes(
  length: number,
  categoryCount: number,
): CategoricalData["codes"] {
  if (categoryCount <= 0x7f) return makeArray("int8", length);
  return makeArray(categoryCount <= 0x7fff ? "int16" : "int32", length);
}

/** The index is checked by all that take one, so that none reads past it. */
function checkIndex(array: DataArray, index: number): void {
  const length = dataArrayLength(array);
  if (Number.isInteger(index) && index >= 0 && index < length) return;
  throw new RangeError(
    `Cannot take the value at ${index}: the array has ` +
      countOf(length, "value"),
  );
}

function takeNumbers<A extends TypedArray>(
  values: A,
  indices: ArrayLike<number>,
  components: number,
): A {
  const make = values.constructor as new (length: number) => A;
  const taken = new make(indices.length * components);
  const source: ArrayLike<number | bigint> = values;
  const target = taken as { [index: number]: number | bigint };
  for (let position = 0; position < indices.length; position++) {
    const from = indices[position]! * components;
    for (let part = 0; part < components; part++) {
      target[position * components + part] = source[from + part]!;
    }
  }
  return taken;
}
