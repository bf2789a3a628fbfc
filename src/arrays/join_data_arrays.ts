import { compareCodePoints } from "./compare.ts";
import {
  type CategoricalData,
  type DataArray,
  dataArrayLength,
  type NumberData,
  type TextData,
} from "./data_array.ts";
import { type DType, makeArray, type TypedArray } from "./dtypes.ts";

/**
 * Joins arrays end to end. They must be of one type: nothing is converted.
 * Categories are put together, and sorted by code point where they differ;
 * those that are in order must be the same.
 *
 * @param arrays The arrays, one at least.
 * @param places What messages call each of them.
 * @returns An array of all their values.
 * @throws {TypeError} If their types differ, or their ordered categories.
 */
export function joinDataArrays(
  arrays: readonly DataArray[],
  places: readonly string[],
): DataArray {
  const first = arrays[0];
  if (first === undefined) throw new TypeError("Cannot join no arrays");
  const other = arrays.findIndex(({ dtype }) => dtype !== first.dtype);
  if (other >= 0) {
    throw new TypeError(
      `Cannot join ${places[0]} and ${places[other]}: ` +
        `one is ${first.dtype}, the other ${arrays[other]!.dtype}`,
    );
  }
  if (arrays.length === 1) return first;
  if (first.kind === "categorical") {
    return joinCategories(arrays as readonly CategoricalData[], places);
  }
  const mask = joinMasks(arrays);
  const masked = mask === undefined ? {} : { mask };
  if (first.kind === "text") {
    const values = (arrays as readonly TextData[])
      .flatMap(({ values }) => values);
    return { kind: "text", dtype: "string", values, ...masked };
  }
  const parts = (arrays as readonly NumberData[]).map(({ values }) => values);
  const values = joinValues(first.dtype, arrays.map(dataArrayLength), parts);
  return { kind: "number", dtype: first.dtype, values, ...masked };
}

function joinValues(
  dtype: DType,
  lengths: readonly number[],
  parts: readonly TypedArray[],
): TypedArray {
  const count = lengths.reduce((sum, length) => sum + length, 0);
  const joined = makeArray(dtype, count);
  let at = 0;
  for (const part of parts) {
    (joined as { set(part: TypedArray, at: number): void }).set(part, at);
    at += part.length;
  }
  return joined;
}

function joinMasks(arrays: readonly DataArray[]): Uint8Array | undefined {
  const masks = arrays.map((array) =>
    array.kind === "categorical" ? undefined : array.mask
  );
  if (masks.every((mask) => mask === undefined)) return undefined;
  const lengths = arrays.map(dataArrayLength);
  const parts = masks.map((mask, at) => mask ?? new Uint8Array(lengths[at]!));
  return joinValues("bool", lengths, parts) as Uint8Array;
}

function joinCategories(
  arrays: readonly CategoricalData[],
  places: readonly string[],
): CategoricalData {
  const { categories, ordered } = arrays[0]!;
  const other = arrays.findIndex((array) =>
    array.ordered !== ordered || !areEqual(array.categories, categories)
  );
  if (other >= 0 && (ordered || arrays[other]!.ordered)) {
    throw new TypeError(
      `Cannot join ${places[0]} and ${places[other]}: ` +
        "their categories are in order, and not the same",
    );
  }
  const all = other < 0
    ? categories
    : [...new Set(arrays.flatMap((array) => array.categories))]
      .sort(compareCodePoints);
  return {
    kind: "categorical",
    dtype: "categorical",
    codes: joinCodes(arrays, all),
    categories: all,
    ordered,
  };
}

function joinCodes(
  arrays: readonly CategoricalData[],
  categories: readonly string[],
): CategoricalData["codes"] {
  const count = arrays.reduce((sum, { codes }) => sum + codes.length, 0);
  const codes = categories.length <= 0x7f
    ? makeArray("int8", count)
    : makeArray(categories.length <= 0x7fff ? "int16" : "int32", count);
  const codeOf = new Map(categories.map((category, code) => [category, code]));
  let at = 0;
  for (const array of arrays) {
    const newCodes = array.categories.map((category) => codeOf.get(category)!);
    for (const code of array.codes) {
      codes[at++] = code < 0 ? -1 : newCodes[code]!;
    }
  }
  return codes;
}

function areEqual(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length &&
    left.every((text, at) => text === right[at]);
}
