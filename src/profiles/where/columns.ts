import { type DataArray, dataArrayLength } from "../../arrays/data_array.ts";
import { type DType, makeArray } from "../../arrays/dtypes.ts";

/** A value that an expression compares. */
export type WhereValue = bigint | boolean | number | string;

/** What the values of data are to an expression. */
export type ValueKind = "bool" | "number" | "text";

/** Data as an expression sees them. */
export interface Column {
  /** What messages call them: `p.age`. */
  readonly label: string;
  /** What the values are. */
  readonly kind: ValueKind;
  /** The type as messages say it. */
  readonly type: string;
  /** How many values there are. */
  readonly length: number;
  /** The place of a category, where they have an order of their own. */
  readonly ranks?: ReadonlyMap<string, number>;
  /**
   * A value of an expression in the precision of the data, so that 0.1 equals
   * what a float32 keeps of it.
   *
   * @param value The value.
   * @returns The value that the data would keep.
   */
  round?(value: WhereValue): WhereValue;
  /**
   * A value.
   *
   * @param index Its index.
   * @returns The value; undefined where it is missing, and NaN is.
   */
  at(index: number): WhereValue | undefined;
}

const BOOL: DType = "bool";

/**
 * Makes data ready to be compared.
 *
 * @param label What messages call them.
 * @param data The data.
 * @returns The same, a value at a time.
 * @throws {TypeError} If they are complex, which nothing can be compared with.
 */
export function makeColumn(label: string, data: DataArray): Column {
  const length = dataArrayLength(data);
  if (data.kind === "categorical") return categoryColumn(label, length, data);
  const { mask } = data;
  const isPresent = (index: number) => !mask || mask[index] === 0;
  if (data.kind === "text") {
    const { values } = data;
    const at = (index: number) => isPresent(index) ? values[index] : undefined;
    return { label, kind: "text", type: "texts", length, at };
  }
  const { dtype } = data;
  if (dtype.startsWith("complex")) {
    throw new TypeError(
      `Cannot select by ${label}: its values are complex numbers`,
    );
  }
  const values: ArrayLike<bigint | number> = data.values;
  if (dtype === BOOL) {
    const at = (index: number) =>
      isPresent(index) ? Boolean(values[index]) : undefined;
    return { label, kind: "bool", type: "true or false", length, at };
  }
  const at = (index: number) =>
    isPresent(index) && !Number.isNaN(values[index])
      ? values[index]
      : undefined;
  const column = {
    label,
    kind: "number",
    type: "numbers",
    length,
    at,
  } as const;
  return dtype === "float16" || dtype === "float32"
    ? { ...column, round: (value) => roundTo(dtype, value) }
    : column;
}

function roundTo(dtype: "float16" | "float32", value: WhereValue): WhereValue {
  const kept = makeArray(dtype, 1);
  kept[0] = Number(value);
  return kept[0]!;
}

function categoryColumn(
  label: string,
  length: number,
  data: DataArray & { readonly kind: "categorical" },
): Column {
  const { codes, categories, ordered } = data;
  // A code of -1, which is missing, is the index of nothing.
  const at = (index: number) => categories[codes[index]!];
  const ranks = new Map(categories.map((category, rank) => [category, rank]));
  const type = "texts";
  return ordered
    ? { label, kind: "text", type, length, at, ranks }
    : { label, kind: "text", type, length, at };
}

/**
 * What kind of data a value can be compared with.
 *
 * @param value The value.
 * @returns The kind.
 */
export function kindOfValue(value: WhereValue): ValueKind {
  if (typeof value === "string") return "text";
  return typeof value === "boolean" ? "bool" : "number";
}

/**
 * A value as messages show it.
 *
 * @param value The value.
 * @returns Texts in quotes.
 */
export function showValue(value: WhereValue): string {
  return typeof value === "string" ? JSON.stringify(value) : `${value}`;
}
