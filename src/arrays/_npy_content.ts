/**
 * From the bytes that follow the header of an npy file to an array.
 */
import { componentSize, findNotBool, viewArray } from "./dtypes.ts";
import type { AnyNpyArray } from "./npy_codec.ts";
import type { NpyHeader } from "./npy_header.ts";

/** Turns content that is aligned, and may be changed if it needs a swap. */
export function finishArray(
  header: NpyHeader,
  content: Uint8Array,
  name: string,
): AnyNpyArray {
  const { dtype, shape, fortranOrder } = header;
  if (needsSwap(header)) swapBytes(content, componentSize(dtype));
  const wrong = dtype === "bool" ? findNotBool(content) : -1;
  if (wrong >= 0) {
    throw new RangeError(
      `Cannot read ${name}: a bool is ${content[wrong]}, ` +
        `at byte ${header.dataOffset + wrong}`,
    );
  }
  const data = viewArray(dtype, content);
  return { dtype, shape, fortranOrder, data } as AnyNpyArray;
}

/** Whether the bytes of each component are in the other order. */
export function needsSwap(header: NpyHeader): boolean {
  return !header.littleEndian && componentSize(header.dtype) > 1;
}

function swapBytes(bytes: Uint8Array, size: number): void {
  for (let start = 0; start < bytes.length; start += size) {
    for (let low = start, high = start + size - 1; low < high; low++, high--) {
      const value = bytes[low]!;
      bytes[low] = bytes[high]!;
      bytes[high] = value;
    }
  }
}
