/** Values of the fields of the multi-lane standard format, and their types. */
import { categorize, type DataArray } from "../../arrays/data_array.ts";
import type { FieldType } from "./csv_format.ts";
import { quote } from "../import_error.ts";

/** What a table writes where a number or a bool is missing. */
const MISSING: ReadonlySet<string> = new Set([
  "",
  "NA",
  "NaN",
  "nan",
  "null",
  "None",
]);

const INTEGER = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITE = /^[+-]?(?:inf|Inf|Infinity)$/;
const BOOL = /^(?:true|false|0|1)$/i;
const INT32_LIMIT = 2n ** 31n;
const INT64_LIMIT = 2n ** 63n;

/**
 * Says what is wrong with a value.
 *
 * @param text The value as it stands in the table.
 * @param type What it is to be.
 * @returns What is wrong, or undefined where nothing is.
 */
export function checkFieldValue(
  text: string,
  type: FieldType,
): string | undefined {
  if (type === "text" || MISSING.has(text)) return undefined;
  if (type === "bool") {
    return BOOL.test(text) ? undefined : `${quote(text)} is not a bool`;
  }
  if (type === "float") {
    const isNumber = DECIMAL.test(text) || INFINITE.test(text);
    return isNumber ? undefined : `${quote(text)} is not a float`;
  }
  if (!INTEGER.test(text)) return `${quote(text)} is not an int`;
  const isWithin = text.length <= 20 && isBelow(parse(text), INT64_LIMIT);
  return isWithin ? undefined : `${quote(text)} is over 64 bits`;
}

/**
 * Makes an array of the values of a field, in the narrowest of the types that
 * arrays have. Texts of which many are the same become categories.
 *
 * @param texts The values, each checked by {@linkcode checkFieldValue}.
 * @param type What they are.
 * @returns The array; empty texts, and what tables write for no number, are
 * missing.
 */
export function fieldArray(
  texts: readonly string[],
  type: FieldType,
): DataArray {
  if (type === "text") return textArray(texts);
  if (type === "int") return intArray(texts);
  const mask = maskOf(texts, (text) => MISSING.has(text));
  const values = type === "bool"
    ? Uint8Array.from(texts, (text) => /^(?:true|1)$/i.test(text) ? 1 : 0)
    : Float64Array.from(texts, parseFloat64);
  const dtype = type === "bool" ? "bool" : "float64";
  return { kind: "number", dtype, values, ...mask };
}

function textArray(texts: readonly string[]): DataArray {
  const filled = texts.filter((text) => text !== "");
  const isRepeating = new Set(filled).size * 2 <= filled.length;
  if (isRepeating) return categorize(texts.map((text) => text || null));
  const mask = maskOf(texts, (text) => text === "");
  return { kind: "text", dtype: "string", values: texts, ...mask };
}

function intArray(texts: readonly string[]): DataArray {
  const mask = maskOf(texts, (text) => MISSING.has(text));
  const integers = texts.map((text) => MISSING.has(text) ? 0n : parse(text));
  const isNarrow = integers.every((value) => isBelow(value, INT32_LIMIT));
  return isNarrow
    ? {
      kind: "number",
      dtype: "int32",
      values: Int32Array.from(integers, Number),
      ...mask,
    }
    : {
      kind: "number",
      dtype: "int64",
      values: BigInt64Array.from(integers),
      ...mask,
    };
}

function maskOf(
  texts: readonly string[],
  isMissing: (text: string) => boolean,
): { mask?: Uint8Array } {
  if (!texts.some(isMissing)) return {};
  return { mask: Uint8Array.from(texts, (text) => isMissing(text) ? 1 : 0) };
}

function parse(text: string): bigint {
  return BigInt(text.replace(/^\+/, ""));
}

function isBelow(value: bigint, limit: bigint): boolean {
  return value >= -limit && value < limit;
}

function parseFloat64(text: string): number {
  if (MISSING.has(text)) return NaN;
  if (!INFINITE.test(text)) return Number(text);
  return text.startsWith("-") ? -Infinity : Infinity;
}
