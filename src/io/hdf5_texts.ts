/**
 * Texts of any length in HDF5 datasets, read without the library: what it makes
 * of damaged heaps is anything, and it can't unpack theirs with LZF.
 */
import type { FileSource } from "./file_source.ts";
import { Hdf5Chunks, type Hdf5ChunksShape } from "./hdf5_chunks.ts";
import { Hdf5HeapReader, type HeapObject } from "./hdf5_heap_reader.ts";
import { type FindHdf5Chunk, findHdf5Chunks } from "./hdf5_chunk_places.ts";
import { findHdf5Layout } from "./hdf5_layout.ts";
import { decodeText } from "./hdf5_text.ts";
import { areKnownFilters, unfilterHdf5 } from "./hdf5_unfilter.ts";

/** A length of 4 bytes, the address of a heap, and a number in it. */
const REFERENCE_BYTES = 16;
const SHORT_TEXT_BYTES = 64;

/** What the texts of a dataset are read from. */
export interface Hdf5TextsParts
  extends Pick<Hdf5ChunksShape, "extents" | "filters" | "shape"> {
  /** The file. */
  readonly source: FileSource;
  /** Whether the dataset has chunks. */
  readonly isChunked: boolean;
  /** What the library makes of the path: the address of the dataset. */
  reference(): Uint8Array;
}

/** Reads the bytes of references from one to another. */
type ReadReferences = (start: number, end: number) => Uint8Array;

/** Reads a chunk of them by its number; undefined where it was never written. */
type ReadChunk = (chunk: number) => Uint8Array | undefined;

/** Reads the texts of a dataset of one dimension. */
export class Hdf5Texts {
  readonly #parts: Hdf5TextsParts;
  readonly #heaps: Hdf5HeapReader;
  #references: ReadReferences | "library" | undefined;

  /** @param parts What the texts are read from. */
  constructor(parts: Hdf5TextsParts) {
    this.#parts = parts;
    this.#heaps = new Hdf5HeapReader(parts.source);
  }

  /**
   * Reads texts, which there must be.
   *
   * @param start The first.
   * @param end Where they end.
   * @returns The texts, or undefined where the library has to read them.
   * @throws {SyntaxError} If one is not UTF-8; with its index.
   * @throws {Error} If they are damaged; with the reason.
   */
  read(start: number, end: number): string[] | undefined {
    this.#references ??= this.#findReferences();
    if (this.#references === "library") return undefined;
    const { buffer, byteOffset, byteLength } = this.#references(start, end);
    const view = new DataView(buffer, byteOffset, byteLength);
    return readHeapTexts(this.#heaps, view, start);
  }

  #findReferences(): ReadReferences | "library" {
    const { filters, isChunked, shape, source } = this.#parts;
    if (shape.length !== 1 || !areKnownFilters(filters)) return "library";
    const reference = this.#parts.reference();
    const layout = findHdf5Layout(source, reference);
    if (isChunked) {
      const read = layout?.kind === "chunked"
        ? this.#chunksAt(layout.address)
        : this.#newChunks(reference);
      return read === undefined
        ? "library"
        : (start, end) => this.#readChunks(read, start, end);
    }
    if (layout?.kind !== "contiguous") return "library";
    const { address } = layout;
    return (start, end) => readPlain(source, address, start, end);
  }

  #chunksAt(address: number): ReadChunk {
    const { source } = this.#parts;
    const shaped = { ...this.#parts, size: REFERENCE_BYTES, isBig: false };
    const chunks = new Hdf5Chunks(source, address, shaped);
    return (chunk) => chunks.read([chunk]);
  }

  /** Chunks that are listed as since version 1.10. */
  #newChunks(reference: Uint8Array): ReadChunk | undefined {
    const { extents, shape, source } = this.#parts;
    const byteLength = extents[0]! * REFERENCE_BYTES;
    const find = findHdf5Chunks(source, reference, {
      count: Math.ceil(shape[0]! / extents[0]!),
      byteLength,
    });
    return find && ((chunk) => this.#readNew(find, chunk, byteLength));
  }

  #readNew(
    find: FindHdf5Chunk,
    chunk: number,
    byteLength: number,
  ): Uint8Array | undefined {
    const { filters, source } = this.#parts;
    const place = find(chunk);
    if (place === undefined) return undefined;
    const bytes = new Uint8Array(place.byteLength);
    source.read(place.address, bytes);
    const { skipped } = place;
    const size = REFERENCE_BYTES;
    try {
      return unfilterHdf5({ bytes, byteLength, filters, size, skipped });
    } catch (error) {
      const { message } = error as Error;
      throw new Error(`it is damaged: chunk ${chunk}: ${message}`);
    }
  }

  #readChunks(read: ReadChunk, start: number, end: number): Uint8Array {
    const length = this.#parts.extents[0]!;
    const references = new Uint8Array((end - start) * REFERENCE_BYTES);
    const last = Math.ceil(end / length);
    for (let at = Math.floor(start / length); at < last; at++) {
      const first = at * length;
      const [from, to] = [
        Math.max(first, start),
        Math.min(first + length, end),
      ];
      const part = read(at)?.subarray(
        (from - first) * REFERENCE_BYTES,
        (to - first) * REFERENCE_BYTES,
      );
      // What was never written is empty.
      if (part) references.set(part, (from - start) * REFERENCE_BYTES);
    }
    return references;
  }
}

/**
 * Reads texts that are in heaps.
 *
 * @param heaps The heaps.
 * @param references Where each is, 16 bytes.
 * @param start The index of the first, for messages.
 * @returns The texts.
 * @throws {SyntaxError} If one is not UTF-8; with its index.
 * @throws {Error} If one is not there; with its index.
 */
export function readHeapTexts(
  heaps: Hdf5HeapReader,
  references: DataView,
  start: number,
): string[] {
  const texts = new Array<string>(references.byteLength / REFERENCE_BYTES);
  for (let at = 0; at < texts.length; at++) {
    const offset = at * REFERENCE_BYTES;
    texts[at] = readHeapText(heaps, references, offset, start + at);
  }
  return texts;
}

function readHeapText(
  heaps: Hdf5HeapReader,
  view: DataView,
  offset: number,
  index: number,
): string {
  const length = view.getUint32(offset, true);
  const address = view.getUint32(offset + 4, true) +
    2 ** 32 * view.getUint32(offset + 8, true);
  if (length === 0 || address === 0) return "";
  const object = view.getUint32(offset + 12, true);
  const found = heaps.read(address, object);
  if (found === undefined || length > found.end - found.start) {
    throw new Error(`it is damaged: the text of element ${index} is lost`);
  }
  return textOf(found, length, index);
}

/** A text that ends at a zero; short ones of ASCII are not worth a decoder. */
function textOf(
  { bytes, start }: HeapObject,
  length: number,
  index: number,
): string {
  let end = start;
  let bits = 0;
  while (end < start + length && bytes[end] !== 0) bits |= bytes[end++]!;
  const text = bytes.subarray(start, end);
  return bits < 128 && text.length <= SHORT_TEXT_BYTES
    ? fromBytes(text)
    : decodeText(text, index);
}

/** To spread the bytes would take several times as long. */
function fromBytes(text: Uint8Array): string {
  return String.fromCharCode.apply(undefined, text as unknown as number[]);
}

function readPlain(
  source: FileSource,
  address: number,
  start: number,
  end: number,
): Uint8Array {
  const offset = address + start * REFERENCE_BYTES;
  const length = (end - start) * REFERENCE_BYTES;
  if (offset + length > source.byteLength) {
    throw new Error("it is cut off: a part of it is behind the end");
  }
  const bytes = new Uint8Array(length);
  source.read(offset, bytes);
  return bytes;
}
