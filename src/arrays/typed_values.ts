import type { CategoricalData, DataArray } from "./data_array.ts";
import type { DType, DTypeArrays } from "./dtypes.ts";

/** The types that values of an array can be asked for as. */
export type ValueType = DType | "string" | "categorical";

/** What the values of an array of some type are given as. */
export type ValuesOf<T extends ValueType> = T extends DType ? DTypeArrays[T]
  : T extends "string" ? readonly string[]
  : CategoricalData;

/**
 * Gives the values of an array that must be of some type.
 *
 * @param data The array.
 * @param type The type that is asked for; nothing is converted.
 * @param place What messages call the array.
 * @returns Its values: a typed array, texts, or codes with their categories.
 * @throws {TypeError} If it is of another type, or values are missing, which
 * plain values can't say.
 */
export function typedValues<T extends ValueType>(
  data: DataArray,
  type: T,
  place: string,
): ValuesOf<T> {
  if (data.dtype !== type) {
    throw new TypeError(
      `Cannot read ${place} as ${type}: its type is ${data.dtype}`,
    );
  }
  if (data.kind === "categorical") return data as ValuesOf<T>;
  if (data.mask?.includes(1)) {
    throw new TypeError(
      `Cannot read ${place} as plain ${type}: values are missing, ` +
        "which the untyped form tells",
    );
  }
  return data.values as unknown as ValuesOf<T>;
}
