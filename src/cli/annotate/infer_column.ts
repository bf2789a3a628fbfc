import { categorize, type DataArray } from "../../arrays/data_array.ts";

/** What tables write where a value is missing. */
const MISSING = new Set(["", "NA", "NaN", "nan", "null", "None"]);

/** A zero in front of another digit makes it an id, not a number. */
const INTEGER = /^[+-]?(0|[1-9]\d*)$/;
const DECIMAL = /^[+-]?((0|[1-9]\d*)(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const INFINITE = /^[+-]?(inf|Inf|Infinity)$/;
const BOOL = /^(true|false)$/i;

const INT32_LIMIT = 2n ** 31n;
const INT64_LIMIT = 2n ** 63n;

/**
 * Gives the texts of a column the narrowest type that loses nothing: bools,
 * integers, other numbers, categories where values repeat, else texts.
 *
 * @param texts The values as the table has them; undefined where it has none.
 * @returns The values with their type; what is missing is marked.
 */
export function inferColumn(texts: readonly (string | undefined)[]): DataArray {
  const values = texts.map((text) =>
    text === undefined || isMissingText(text) ? null : text
  );
  const present = values.filter((value) => value !== null);
  if (present.length === 0) return categorize(values);
  return asBools(values, present) ?? asIntegers(values, present) ??
    asDecimals(values, present) ?? asTexts(values, present);
}

/**
 * Whether a text is what tables write where a value is missing.
 *
 * @param text The text.
 * @returns True for an empty one, and for `NA` and the like.
 */
export function isMissingText(text: string): boolean {
  return MISSING.has(text.trim());
}

/**
 * Names a type as the summary of an annotation does.
 *
 * @param data The values.
 * @returns As `int32` or `categorical (9)`.
 */
export function describeType(data: DataArray): string {
  return data.kind === "categorical"
    ? `categorical (${data.categories.length})`
    : data.dtype;
}

type Values = readonly (string | null)[];

function asBools(
  values: Values,
  present: readonly string[],
): DataArray | undefined {
  if (!present.every((value) => BOOL.test(value.trim()))) return undefined;
  const bools = Uint8Array.from(
    values,
    (value) => value?.trim().toLowerCase() === "true" ? 1 : 0,
  );
  return { kind: "number", dtype: "bool", values: bools, ...maskOf(values) };
}

function asIntegers(
  values: Values,
  present: readonly string[],
): DataArray | undefined {
  if (!present.every((value) => INTEGER.test(value.trim()))) return undefined;
  const fit = (limit: bigint) =>
    present.every((value) => {
      const integer = parseInteger(value);
      return integer >= -limit && integer < limit;
    });
  if (fit(INT32_LIMIT)) {
    const numbers = Int32Array.from(values, (value) => Number(value ?? 0));
    return {
      kind: "number",
      dtype: "int32",
      values: numbers,
      ...maskOf(values),
    };
  }
  if (!fit(INT64_LIMIT)) return undefined;
  const numbers = BigInt64Array.from(
    values,
    (value) => parseInteger(value ?? "0"),
  );
  return { kind: "number", dtype: "int64", values: numbers, ...maskOf(values) };
}

function asDecimals(
  values: Values,
  present: readonly string[],
): DataArray | undefined {
  if (!present.every(isDecimal)) return undefined;
  const numbers = Float64Array.from(
    values,
    (value) => value === null ? NaN : parseDecimal(value.trim()),
  );
  return {
    kind: "number",
    dtype: "float64",
    values: numbers,
    ...maskOf(values),
  };
}

/** Integers that a float64 can't hold stay texts. */
function isDecimal(text: string): boolean {
  const value = text.trim();
  if (INTEGER.test(value)) return Number.isSafeInteger(Number(value));
  return DECIMAL.test(value) || INFINITE.test(value);
}

function asTexts(values: Values, present: readonly string[]): DataArray {
  const isRepeating = new Set(present).size * 2 <= present.length;
  if (isRepeating) return categorize(values);
  const texts = values.map((value) => value ?? "");
  return { kind: "text", dtype: "string", values: texts, ...maskOf(values) };
}

function parseInteger(text: string): bigint {
  return BigInt(text.trim().replace(/^\+/, ""));
}

function parseDecimal(text: string): number {
  if (!INFINITE.test(text)) return Number(text);
  return text.startsWith("-") ? -Infinity : Infinity;
}

function maskOf(values: Values): { mask?: Uint8Array } {
  if (!values.includes(null)) return {};
  return { mask: Uint8Array.from(values, (value) => value === null ? 1 : 0) };
}
