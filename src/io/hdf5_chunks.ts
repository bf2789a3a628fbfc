/** Chunks of HDF5 datasets that are read without the library. */
import type { FileSource } from "./file_source.ts";
import { Hdf5ChunkIndex } from "./hdf5_index.ts";
import type { Hdf5Filter } from "./hdf5_library.ts";
import { swapBytes } from "./hdf5_types.ts";
import { type Hdf5PackedChunk, undoHdf5Filters } from "./hdf5_unfilter.ts";

/** What the chunks of a dataset are. */
export interface Hdf5ChunksShape {
  /** The extents of the dataset. */
  readonly shape: readonly number[];
  /** The extents of a chunk. */
  readonly extents: readonly number[];
  /** The bytes of a value. */
  readonly size: number;
  /** Whether the highest byte of a value comes first. */
  readonly isBig: boolean;
  /** What chunks went through, in the order of writing. */
  readonly filters: readonly Hdf5Filter[];
}

/** Reads and decodes chunks. */
export class Hdf5Chunks {
  readonly #source: FileSource;
  readonly #parts: Hdf5ChunksShape;
  readonly #index: Hdf5ChunkIndex;
  readonly #byteLength: number;

  /**
   * Reads where the chunks are.
   *
   * @param source The file.
   * @param address Where the list of the chunks is.
   * @param parts What they are.
   * @throws {Error} If the list is damaged; with the reason.
   */
  constructor(source: FileSource, address: number, parts: Hdf5ChunksShape) {
    const { extents, shape, size } = parts;
    this.#source = source;
    this.#parts = parts;
    this.#byteLength = extents.reduce((all, extent) => all * extent, size);
    const counts = shape.map((extent, axis) =>
      Math.max(Math.ceil(extent / extents[axis]!), 1)
    );
    this.#index = new Hdf5ChunkIndex(source, address, { extents, counts });
  }

  /**
   * Reads a chunk.
   *
   * @param coordinates Which one, along each axis.
   * @returns Its bytes, the lowest of each value first; undefined where it was
   * never written.
   * @throws {Error} If it is damaged; with the reason.
   */
  read(coordinates: readonly number[]): Uint8Array | undefined {
    const place = this.#index.find(coordinates);
    if (place === undefined) return undefined;
    const { filters, isBig, size } = this.#parts;
    const packed = new Uint8Array(place.byteLength);
    this.#source.read(place.address, packed);
    const bytes = this.#undo(
      { bytes: packed, filters, size, skipped: place.skipped },
      coordinates,
    );
    if (bytes.length !== this.#byteLength) {
      throw new Error(
        `it is damaged: chunk ${coordinates} has ${bytes.length} bytes ` +
          `instead of ${this.#byteLength}`,
      );
    }
    if (isBig) swapBytes(bytes, size);
    return bytes;
  }

  /** Whether chunks are stored as they are, so that parts can be read. */
  get arePlain(): boolean {
    return this.#parts.filters.length === 0 && !this.#parts.isBig;
  }

  /**
   * Reads a part of a list whose chunks are stored as they are; those that lie
   * one behind the other in the file are read at once. The file is not looked
   * at again: who reads does that afterwards.
   *
   * @param offset The first byte of the part in the list.
   * @param target Receives the part, all of it.
   * @returns Whether there are such chunks.
   */
  readPlain(offset: number, target: Uint8Array): boolean {
    const length = this.#byteLength;
    const end = offset + target.byteLength;
    let [from, to] = [0, 0];
    for (let at = offset, done = 0; at < end;) {
      const chunk = Math.floor(at / length);
      const place = this.#index.find([chunk]);
      if (place?.byteLength !== length) return false;
      const start = place.address + at - chunk * length;
      const stop = Math.min((chunk + 1) * length, end);
      if (start !== to) {
        this.#readPart(from, to, target, done - (to - from));
        from = start;
      }
      to = start + stop - at;
      done += stop - at;
      at = stop;
    }
    this.#readPart(from, to, target, end - offset - (to - from));
    return true;
  }

  #readPart(from: number, to: number, target: Uint8Array, at: number): void {
    if (to > from) this.#source.readUnchecked(from, target, at, to - from);
  }

  #undo(
    chunk: Omit<Hdf5PackedChunk, "byteLength">,
    coordinates: readonly number[],
  ): Uint8Array {
    try {
      return undoHdf5Filters({ ...chunk, byteLength: this.#byteLength });
    } catch (error) {
      const { message } = error as Error;
      throw new Error(`it is damaged: chunk ${coordinates}: ${message}`);
    }
  }
}
