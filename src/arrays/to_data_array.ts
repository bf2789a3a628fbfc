import { checkDataArray } from "./_check_data_array.ts";
import type { DataArray } from "./data_array.ts";
import { type DType, dtypeOf, type TypedArray } from "./dtypes.ts";

/** What an array can be made of. */
export type DataValues =
  | DataArray
  | TypedArray
  | readonly (string | null)[]
  | readonly (boolean | null)[];

/** What plain values do not say themselves. */
export interface DataArrayOptions {
  /**
   * The dtype of a typed array, where its class has several: `"bool"` for a
   * `Uint8Array`, `"complex64"` and `"complex128"` for floats.
   */
  readonly dtype?: DType;
  /** 1 where a value is missing, else 0. */
  readonly mask?: Uint8Array;
}

/**
 * Makes an array out of plain values. `null` among texts or booleans is a
 * missing value.
 *
 * @param values A typed array, texts, booleans, or an array that is one
 * already; nothing is copied where nothing has to be.
 * @param options What the values do not say themselves.
 * @returns The array, checked to be consistent.
 * @throws {TypeError} If the values are of another type or of mixed types, or
 * dtype or mask do not fit them.
 * @throws {RangeError} If a bool, a mask or a code is out of bounds.
 *
 * @example Plain values of several types
 * ```ts
 * import { toDataArray } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(toDataArray(new Float32Array([0.5])).dtype, "float32");
 * assertEquals(toDataArray([true, null]).dtype, "bool");
 * assertEquals(toDataArray(["T", "B"]).dtype, "string");
 * ```
 */
export function toDataArray(
  values: DataValues,
  options: DataArrayOptions = {},
): DataArray {
  const array = Array.isArray(values)
    ? fromList(values)
    : ArrayBuffer.isView(values)
    ? fromTypedArray(values, options.dtype)
    : values as DataArray;
  const { dtype = array.dtype, mask } = options;
  if (dtype !== array.dtype) {
    throw new TypeError(
      `Cannot make an array of ${dtype}: its values are of ${array.dtype}`,
    );
  }
  const masked = mask === undefined ? array : withMask(array, mask);
  checkDataArray(masked);
  return masked;
}

function withMask(array: DataArray, mask: Uint8Array): DataArray {
  if (array.kind !== "categorical" && array.mask === undefined) {
    return { ...array, mask };
  }
  throw new TypeError(
    "Cannot make an array with a mask: its values say themselves what is missing",
  );
}

function fromTypedArray(values: TypedArray, dtype?: DType): DataArray {
  return { kind: "number", dtype: dtype ?? dtypeOf(values), values };
}

function fromList(values: readonly unknown[]): DataArray {
  const type = typeof values.find((value) => value !== null);
  if (type !== "boolean" && type !== "string" && type !== "undefined") {
    throw new TypeError(
      `Cannot make an array of a list of ${type}s: ` +
        "numbers are given as a typed array",
    );
  }
  const wrong = values.findIndex((value) =>
    value !== null && typeof value !== type
  );
  if (wrong >= 0) {
    throw new TypeError(
      `Cannot make an array of ${type}s: ` +
        `the value at ${wrong} is of type ${typeof values[wrong]}`,
    );
  }
  const mask = Uint8Array.from(values, (value) => value === null ? 1 : 0);
  const masked = mask.includes(1) ? { mask } : {};
  if (type === "boolean") {
    const bools = Uint8Array.from(values, (value) => value === true ? 1 : 0);
    return { kind: "number", dtype: "bool", values: bools, ...masked };
  }
  const texts = values as readonly (string | null)[];
  return {
    kind: "text",
    dtype: "string",
    values: texts.map((value) => value ?? ""),
    ...masked,
  };
}
