import type { ChunkCache } from "./chunk_cache.ts";
import { copyStrided, stridesOf, type Values } from "./chunk_copy.ts";
import type { FileSource } from "./file_source.ts";
import { Hdf5Chunks, type Hdf5ChunksShape } from "./hdf5_chunks.ts";
import { findHdf5Layout } from "./hdf5_layout.ts";
import { type Hdf5Numbers, swapBytes } from "./hdf5_types.ts";
import { areKnownFilters } from "./hdf5_unfilter.ts";

/** What the numbers of a dataset are read from. */
export interface Hdf5RowsParts extends Hdf5ChunksShape {
  /** The path of the dataset. */
  readonly path: string;
  /** The file. */
  readonly source: FileSource;
  /** What was decoded last. */
  readonly cache: ChunkCache;
  /** Whether it has chunks. */
  readonly isChunked: boolean;
  /** Makes numbers of bytes. */
  numbersOf(buffer: ArrayBufferLike): Hdf5Numbers;
  /** What the library makes of the path: the address of the dataset. */
  reference(): Uint8Array;
  /** Lets the library read rows. */
  readByLibrary(start: number, end: number): Hdf5Numbers;
}

/** Larger blocks are not kept, but decoded again. */
const MOST_BLOCK_BYTES = 2 ** 26;

type Storage =
  | { readonly kind: "library" }
  | { readonly kind: "contiguous"; readonly address: number }
  | { readonly kind: "chunked"; readonly chunks: Hdf5Chunks };

/**
 * Reads numbers by rows, and keeps the chunks that were read last: the library
 * would decode a chunk again for each part of it that is asked for.
 */
export class Hdf5Rows {
  readonly #parts: Hdf5RowsParts;
  readonly #rowLength: number;
  #storage: Storage | undefined;
  /** No numbers, of their type. */
  #none: Hdf5Numbers | undefined;

  /** @param parts What the numbers are read from. */
  constructor(parts: Hdf5RowsParts) {
    this.#parts = parts;
    this.#rowLength = product(parts.shape.slice(1));
  }

  /**
   * Reads rows, which there must be.
   *
   * @param start The first.
   * @param end Where they end.
   * @param into Memory for them, which is used where it is of their type and
   * number, and the library is not needed.
   * @returns The numbers, in memory of their own or that which was given.
   * @throws {Error} If they are damaged; with the reason.
   */
  read(start: number, end: number, into?: Hdf5Numbers): Hdf5Numbers {
    this.#storage ??= this.#findStorage();
    if (this.#storage.kind === "library") return this.#readBlocks(start, end);
    const rows = this.#take(end - start, into);
    if (this.#storage.kind === "contiguous") {
      this.#readPlain(this.#storage.address, start, rows);
    } else if (!this.#readParts(this.#storage.chunks, start, rows)) {
      this.#readChunks(this.#storage.chunks, start, end, rows);
    }
    return rows;
  }

  #findStorage(): Storage {
    const { filters, isChunked, shape, source } = this.#parts;
    const layout = findHdf5Layout(source, this.#parts.reference());
    const kind = isChunked ? "chunked" : "contiguous";
    const isKnown = layout?.kind === kind && shape.length > 0 &&
      areKnownFilters(filters);
    if (!isKnown) return { kind: "library" };
    if (layout.kind === "contiguous") return layout;
    const chunks = new Hdf5Chunks(source, layout.address, this.#parts);
    return { kind: "chunked", chunks };
  }

  #readPlain(address: number, start: number, rows: Hdf5Numbers): void {
    const { isBig, shape, size, source } = this.#parts;
    const rowBytes = this.#rowLength * size;
    if (address + shape[0]! * rowBytes > source.byteLength) {
      throw new Error("it is cut off: a part of it is behind the end");
    }
    const bytes = bytesOf(rows);
    source.read(address + start * rowBytes, bytes);
    if (isBig) swapBytes(bytes, size);
  }

  /**
   * Of a list that is stored as it is only what is asked for is read; false
   * where it is not.
   */
  #readParts(chunks: Hdf5Chunks, start: number, rows: Hdf5Numbers): boolean {
    const { shape, size, source } = this.#parts;
    if (shape.length !== 1 || !chunks.arePlain) return false;
    if (!chunks.readPlain(start * size, bytesOf(rows))) return false;
    source.checkUnchanged();
    return true;
  }

  #readChunks(
    chunks: Hdf5Chunks,
    start: number,
    end: number,
    rows: Hdf5Numbers,
  ): void {
    if (rows.length === 0) return;
    const { extents, shape } = this.#parts;
    const from = shape.map((_, axis) => axis === 0 ? start : 0);
    const to = shape.map((extent, axis) => axis === 0 ? end : extent);
    const first = from.map((at, axis) => Math.floor(at / extents[axis]!));
    const last = to.map((at, axis) => Math.ceil(at / extents[axis]!) - 1);
    const coordinates = [...first];
    do {
      const values = this.#chunk(chunks, coordinates, start, end);
      this.#copy(values, coordinates, { rows, from, to });
    } while (advance(coordinates, first, last));
  }

  #chunk(
    chunks: Hdf5Chunks,
    coordinates: readonly number[],
    start: number,
    end: number,
  ): Hdf5Numbers {
    const { cache, extents, path, shape } = this.#parts;
    const key = `${path}\0${coordinates}`;
    const kept = cache.find<Hdf5Numbers>(key);
    if (kept !== undefined) return kept.value;
    const bytes = chunks.read(coordinates);
    const values = bytes
      ? this.#parts.numbersOf(alignedBuffer(bytes))
      : this.#unwritten(coordinates);
    const first = coordinates[0]! * extents[0]!;
    const last = Math.min(first + extents[0]!, shape[0]!);
    // What is read as a whole will hardly be asked for again.
    const isPart = first < start || last > end;
    if (isPart) cache.keep(key, values, values.byteLength);
    return values;
  }

  /** The library knows what stands for values that were never written. */
  #unwritten(coordinates: readonly number[]): Hdf5Numbers {
    const { extents, shape } = this.#parts;
    const start = coordinates[0]! * extents[0]!;
    const end = Math.min(start + extents[0]!, shape[0]!);
    const read = this.#parts.readByLibrary(start, end);
    const values = this.#parts.numbersOf(
      new ArrayBuffer(product(extents) * this.#parts.size),
    );
    const counts = extents.map((extent, axis) =>
      Math.min(extent, shape[axis]! - coordinates[axis]! * extent)
    );
    const strides = stridesOf(shape);
    const offset = coordinates.reduce(
      (all, one, axis) =>
        axis === 0 ? 0 : all + one * extents[axis]! * strides[axis]!,
      0,
    );
    copyStrided(
      counts,
      { values: read as unknown as Values, offset, strides },
      {
        values: values as unknown as Values,
        offset: 0,
        strides: stridesOf(extents),
      },
    );
    return values;
  }

  #copy(
    chunk: Hdf5Numbers,
    coordinates: readonly number[],
    { rows, from, to }: {
      readonly rows: Hdf5Numbers;
      readonly from: readonly number[];
      readonly to: readonly number[];
    },
  ): void {
    const { extents } = this.#parts;
    const starts = extents.map((extent, axis) => coordinates[axis]! * extent);
    const least = starts.map((at, axis) => Math.max(at, from[axis]!));
    const counts = starts.map((at, axis) =>
      Math.min(at + extents[axis]!, to[axis]!) - least[axis]!
    );
    const strides = stridesOf(extents);
    const rowStrides = stridesOf(to.map((at, axis) => at - from[axis]!));
    const offsetOf = (steps: readonly number[], base: readonly number[]) =>
      steps.reduce(
        (all, step, axis) => all + step * (least[axis]! - base[axis]!),
        0,
      );
    copyStrided(
      counts,
      {
        values: chunk as unknown as Values,
        offset: offsetOf(strides, starts),
        strides,
      },
      {
        values: rows as unknown as Values,
        offset: offsetOf(rowStrides, from),
        strides: rowStrides,
      },
    );
  }

  /** Keeps the blocks that are read in parts; others are read at once. */
  #readBlocks(start: number, end: number): Hdf5Numbers {
    const { extents, isChunked, readByLibrary, shape, size } = this.#parts;
    const step = extents[0] ?? 1;
    const isKept = isChunked && shape.length > 0 &&
      step * this.#rowLength * size <= MOST_BLOCK_BYTES;
    const isWhole = start % step === 0 &&
      (end % step === 0 || end === shape[0]);
    if (!isKept || isWhole) return readByLibrary(start, end);
    const rows = this.#take(end - start);
    for (let at = start; at < end;) {
      const block = Math.floor(at / step) * step;
      const stop = Math.min(block + step, end);
      const values = this.#block(block);
      const part = values.subarray(
        (at - block) * this.#rowLength,
        (stop - block) * this.#rowLength,
      );
      // Both are of the same type, whichever it is.
      (rows as Float64Array).set(
        part as Float64Array,
        (at - start) * this.#rowLength,
      );
      at = stop;
    }
    return rows;
  }

  #block(start: number): Hdf5Numbers {
    const { cache, extents, path, readByLibrary, shape } = this.#parts;
    const key = `${path}\0rows ${start}`;
    const kept = cache.find<Hdf5Numbers>(key);
    if (kept !== undefined) return kept.value;
    const end = Math.min(start + extents[0]!, shape[0]!);
    const values = readByLibrary(start, end);
    cache.keep(key, values, values.byteLength);
    return values;
  }

  /** What was given where it does, else new memory. */
  #take(rows: number, into?: Hdf5Numbers): Hdf5Numbers {
    const length = rows * this.#rowLength;
    this.#none ??= this.#parts.numbersOf(new ArrayBuffer(0));
    const isFit = into?.constructor === this.#none.constructor &&
      into.length === length;
    if (isFit) return into;
    return this.#parts.numbersOf(new ArrayBuffer(length * this.#parts.size));
  }
}

function bytesOf({ buffer, byteLength, byteOffset }: Hdf5Numbers): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function alignedBuffer(bytes: Uint8Array): ArrayBufferLike {
  const isWhole = bytes.byteLength === bytes.buffer.byteLength;
  return isWhole ? bytes.buffer : bytes.slice().buffer;
}

/** Goes on to the next chunk; false behind the last. */
function advance(
  coordinates: number[],
  first: readonly number[],
  last: readonly number[],
): boolean {
  for (let axis = coordinates.length - 1; axis >= 0; axis--) {
    if (coordinates[axis]! < last[axis]!) {
      coordinates[axis]!++;
      return true;
    }
    coordinates[axis] = first[axis]!;
  }
  return false;
}

function product(extents: readonly number[]): number {
  return extents.reduce((all, extent) => all * extent, 1);
}
