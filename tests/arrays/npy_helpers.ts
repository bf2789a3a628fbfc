import fc from "fast-check";
import { assert } from "@std/assert";
import {
  bytesOf,
  type DType,
  DTYPES,
  itemSize,
  viewArray,
} from "../../src/arrays/dtypes.ts";
import type { AnyNpyArray } from "../../src/arrays/npy.ts";

/** Bytes of an npy file whose header and content are given as they are. */
export function npyFile(
  header: string,
  content: Uint8Array = new Uint8Array(0),
  major = 1,
): Uint8Array {
  const text = new TextEncoder().encode(header);
  const start = major === 1 ? 10 : 12;
  const bytes = new Uint8Array(start + text.length + content.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, major, 0]);
  const view = new DataView(bytes.buffer);
  if (major === 1) view.setUint16(8, text.length, true);
  else view.setUint32(8, text.length, true);
  bytes.set(text, start);
  bytes.set(content, start + text.length);
  return bytes;
}

/** A header as numpy has it, without the padding. */
export function headerText(
  descr: string,
  shape: string,
  fortranOrder = "False",
): string {
  return `{'descr': ${descr}, 'fortran_order': ${fortranOrder}, ` +
    `'shape': ${shape}, }`;
}

/** Arrays of every dtype and up to three axes, of any bits. */
export function anyArrays(): fc.Arbitrary<AnyNpyArray> {
  const shapes = fc.array(fc.nat({ max: 4 }), { maxLength: 3 });
  const types = fc.record({
    dtype: fc.constantFrom(...DTYPES),
    shape: shapes,
    fortranOrder: fc.boolean(),
  });
  return types.chain(({ dtype, shape, fortranOrder }) => {
    const size = shape.reduce((product, axis) => product * axis, 1) *
      itemSize(dtype);
    return anyBytes(dtype, size).map((bytes) => {
      const data = viewArray(dtype, bytes);
      return { dtype, shape, fortranOrder, data } as AnyNpyArray;
    });
  });
}

/** Checks that two arrays are equal bit by bit, NaNs with their payloads. */
export function assertSameArray(actual: AnyNpyArray, wanted: AnyNpyArray) {
  const isSame = actual.dtype === wanted.dtype &&
    actual.shape.join() === wanted.shape.join() &&
    actual.data.constructor === wanted.data.constructor &&
    bytesOf(actual.data).toHex() === bytesOf(wanted.data).toHex();
  assert(isSame, "the arrays differ");
}

/** Whether an error is of the three classes that refuse bad bytes. */
export function isRefusal(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError ||
    error instanceof SyntaxError;
}

function anyBytes(dtype: DType, size: number): fc.Arbitrary<Uint8Array> {
  const bytes = fc.uint8Array({
    minLength: size,
    maxLength: size,
    max: dtype === "bool" ? 1 : 255,
  });
  // Copied, because the views of larger elements want aligned memory.
  return bytes.map((values) => new Uint8Array(values));
}
