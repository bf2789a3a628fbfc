/**
 * Arrays as the bytes of npy files: what `numpy.save` writes and `numpy.load`
 * reads, for numbers and bools. Python objects are refused, nothing is ever
 * evaluated.
 */
import { countOf } from "../io/plural.ts";
import { finishArray, needsSwap } from "./_npy_content.ts";
import {
  bytesOf,
  componentCount,
  componentSize,
  type DType,
  type DTypeArrays,
  findNotBool,
  holdsDType,
  itemSize,
} from "./dtypes.ts";
import {
  checkNpyLength,
  countElements,
  formatNpyHeader,
  parseNpyHeader,
} from "./npy_header.ts";

/** An array of any number of axes. */
export interface NpyArray<D extends DType = DType> {
  /** The dtype of the elements. */
  readonly dtype: D;
  /** The size of each axis; empty for a single value. */
  readonly shape: readonly number[];
  /** Whether the first axis varies fastest in `data`, instead of the last. */
  readonly fortranOrder: boolean;
  /** The elements; of complex numbers real and imaginary parts in turn. */
  readonly data: DTypeArrays[D];
}

/** An array to write. */
export interface NpyContent<D extends DType = DType> {
  /** The dtype of the elements. */
  readonly dtype: D;
  /** The size of each axis; by default one axis as long as the data. */
  readonly shape?: readonly number[];
  /** Whether the first axis varies fastest in `data`; by default the last. */
  readonly fortranOrder?: boolean;
  /** The elements. */
  readonly data: DTypeArrays[D];
}

/** An array of a dtype that only the file knows. */
export type AnyNpyArray = { [D in DType]: NpyArray<D> }[DType];

/**
 * Reads an array from the bytes of an npy file. Where the content is aligned
 * and little-endian, the array shares the memory of `bytes`.
 *
 * @param bytes The whole file.
 * @param name What messages call the file.
 * @returns The array.
 * @throws {SyntaxError} If it is not an npy file.
 * @throws {TypeError} If the elements are neither numbers nor bools.
 * @throws {RangeError} If the file is truncated or too long, or a byte of a
 * bool is neither 0 nor 1.
 *
 * @example Write an array and read it back
 * ```ts
 * import { decodeNpy, encodeNpy } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Int32Array([1, 2, 3, 4, 5, 6]);
 * const bytes = encodeNpy({ dtype: "int32", shape: [2, 3], data });
 * const array = decodeNpy(bytes);
 * assertEquals(array.shape, [2, 3]);
 * assertEquals(array.data, data);
 * ```
 */
export function decodeNpy(bytes: Uint8Array, name = "npy bytes"): AnyNpyArray {
  const header = parseNpyHeader(bytes, name);
  checkNpyLength(header, bytes.byteLength, name);
  const shared = bytes.subarray(header.dataOffset);
  const isUsable = shared.byteOffset % componentSize(header.dtype) === 0 &&
    !needsSwap(header);
  return finishArray(header, isUsable ? shared : new Uint8Array(shared), name);
}

/**
 * Makes the bytes of an npy file: exactly those that `numpy.save` writes for
 * the same array. As there, an array that is the same in both orders is
 * marked as of C order.
 *
 * @param array The array.
 * @returns The whole file.
 * @throws {TypeError} If the data is not an array of the dtype, or not as
 * long as the shape says.
 * @throws {RangeError} If a bool is neither 0 nor 1, or a size is impossible.
 *
 * @example A matrix in Fortran order
 * ```ts
 * import { encodeNpy, parseNpyHeader } from "@metacell/storage";
 * import { assert } from "@std/assert";
 *
 * const bytes = encodeNpy({
 *   dtype: "uint8",
 *   shape: [2, 3],
 *   fortranOrder: true,
 *   data: new Uint8Array([1, 4, 2, 5, 3, 6]),
 * });
 * assert(parseNpyHeader(bytes).fortranOrder);
 * ```
 */
export function encodeNpy(array: NpyContent): Uint8Array {
  const { dtype, data } = array;
  const shape = array.shape ?? [data.length / componentCount(dtype)];
  checkContent(dtype, shape, data);
  const hasOrder = shape.filter((size) => size !== 1).length > 1 &&
    !shape.includes(0);
  const fortranOrder = hasOrder && (array.fortranOrder ?? false);
  const header = formatNpyHeader({ dtype, shape, fortranOrder });
  const bytes = new Uint8Array(header.length + data.byteLength);
  bytes.set(header);
  bytes.set(bytesOf(data), header.length);
  return bytes;
}

function checkContent(
  dtype: DType,
  shape: readonly number[],
  data: DTypeArrays[DType],
): void {
  if (!holdsDType(data, dtype)) {
    throw new TypeError(
      `Cannot write an npy array: the data is not an array of ${dtype}`,
    );
  }
  const size = shape.find((size) => !Number.isSafeInteger(size) || size < 0);
  if (size !== undefined) {
    throw new RangeError(
      `Cannot write an npy array: an axis is of size ${size}`,
    );
  }
  if (countElements(shape) * itemSize(dtype) !== data.byteLength) {
    throw new TypeError(
      `Cannot write an npy array: the shape (${
        shape.join(", ")
      }) of ${dtype} ` +
        `does not fit data of ${countOf(data.length, "number")}`,
    );
  }
  const wrong = dtype === "bool" ? findNotBool(bytesOf(data)) : -1;
  if (wrong >= 0) {
    throw new RangeError(
      `Cannot write an npy array: the bool at ${wrong} is ${data[wrong]}`,
    );
  }
}
