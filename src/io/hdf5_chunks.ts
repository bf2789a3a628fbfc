/** Chunks of HDF5 datasets that are read without the library. */
import { decompress } from "./decompress.ts";
import type { FileSource } from "./file_source.ts";
import { Hdf5ChunkIndex } from "./hdf5_index.ts";
import type { Hdf5Filter } from "./hdf5_library.ts";
import { decompressLzf } from "./lzf.ts";
import { swapBytes } from "./hdf5_types.ts";
import { unshuffle } from "./unshuffle.ts";

const DEFLATE = 1;
const SHUFFLE = 2;
const LZF = 32000;
const ZSTD = 32015;

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

/**
 * Whether chunks can be decoded without the library.
 *
 * @param filters What they went through.
 * @returns Whether all of it is known here.
 */
export function areKnownFilters(filters: readonly Hdf5Filter[]): boolean {
  return filters.every(({ id }) => [DEFLATE, SHUFFLE, LZF, ZSTD].includes(id));
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
    let bytes: Uint8Array = new Uint8Array(place.byteLength);
    this.#source.read(place.address, bytes);
    for (let at = filters.length - 1; at >= 0; at--) {
      if ((place.skipped >>> at) & 1) continue;
      bytes = this.#undo(filters[at]!, bytes, coordinates);
    }
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
   * Reads a part of a chunk that is stored as it is. The file is not looked at
   * again: who reads does that afterwards.
   *
   * @param coordinates Which chunk, along each axis.
   * @param offset The first byte of the part in the chunk.
   * @param target Receives the part, all of it.
   * @returns Whether there is such a chunk.
   */
  readPart(
    coordinates: readonly number[],
    offset: number,
    target: Uint8Array,
  ): boolean {
    const place = this.#index.find(coordinates);
    if (place?.byteLength !== this.#byteLength) return false;
    const { byteLength } = target;
    this.#source.readUnchecked(place.address + offset, target, 0, byteLength);
    return true;
  }

  #undo(
    { cd_values: options, id }: Hdf5Filter,
    bytes: Uint8Array,
    coordinates: readonly number[],
  ): Uint8Array {
    if (id === SHUFFLE) return unshuffle(bytes, options[0] ?? this.#parts.size);
    const likely = this.#byteLength;
    try {
      if (id === LZF) return decompressLzf(bytes, likely);
      return decompress(bytes, id === ZSTD ? "zstd" : "zlib", {
        most: likely,
        likely,
      });
    } catch (error) {
      const { message } = error as Error;
      throw new Error(`it is damaged: chunk ${coordinates}: ${message}`);
    }
  }
}
