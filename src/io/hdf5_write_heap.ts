/** Texts of any length, which are kept apart from the datasets they are of. */
import type { ByteSink } from "./byte_sink.ts";
import { alignUp, Hdf5Bytes } from "./hdf5_write_bytes.ts";
import { REFERENCE_BYTES } from "./hdf5_write_types.ts";

/** A collection of texts has at least these bytes. */
const LEAST_BYTES = 4096;
/** About how many bytes of texts are put together in one collection. */
const ENOUGH_BYTES = 1 << 16;
/** What a collection, and each text in it, has in front. */
const HEADER_BYTES = 16;

/**
 * Writes texts.
 *
 * @param sink Where to.
 * @param texts The texts.
 * @returns What a dataset or attribute holds of each of them.
 * @throws {TypeError} If a text has a zero in it, where it would end.
 */
export function writeHeapTexts(
  sink: ByteSink,
  texts: readonly string[],
): Uint8Array {
  const references = new Uint8Array(texts.length * REFERENCE_BYTES);
  const view = new DataView(references.buffer);
  let heap = new Hdf5Bytes();
  let count = 0;
  for (const [at, text] of texts.entries()) {
    const encoded = encodeText(text, at);
    // The address of the collection is where it will be written.
    const place = at * REFERENCE_BYTES;
    view.setUint32(place, encoded.length, true);
    view.setBigUint64(place + 4, BigInt(sink.position), true);
    view.setUint32(place + 12, ++count, true);
    heap.u16(count, 1).u32(0).u64(encoded.length).add(encoded).align();
    if (heap.length < ENOUGH_BYTES) continue;
    writeCollection(sink, heap);
    heap = new Hdf5Bytes();
    count = 0;
  }
  if (count > 0) writeCollection(sink, heap);
  return references;
}

/**
 * Encodes a text.
 *
 * @param text The text.
 * @param index Its index, for messages.
 * @returns The bytes, in UTF-8.
 * @throws {TypeError} If it has a zero in it, where it would end.
 */
export function encodeText(text: string, index: number): Uint8Array {
  if (!text.includes("\0")) return new TextEncoder().encode(text);
  throw new TypeError(
    `text ${index} has a NUL in it, which HDF5 has no place for`,
  );
}

/** What is left of the least size is an object of its own, the number 0. */
function writeCollection(sink: ByteSink, heap: Hdf5Bytes): void {
  const used = HEADER_BYTES + heap.length;
  const size = Math.max(alignUp(used + HEADER_BYTES), LEAST_BYTES);
  const bytes = new Hdf5Bytes().add(new TextEncoder().encode("GCOL"));
  bytes.u8(1).fillTo(8).u64(size).add(heap.take());
  bytes.u16(0, 0).u32(0).u64(size - used).fillTo(size);
  sink.write(bytes.take());
}
