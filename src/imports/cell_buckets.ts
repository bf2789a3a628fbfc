import { ScratchFile } from "../io/scratch_file.ts";
import type { CountsBlock } from "./importer.ts";

/** The most entries of a bucket, unless a single cell has more. */
const BUCKET_ENTRIES = 1 << 21;
/** What the write buffers of all buckets take together. */
const BUFFER_BYTES = 1 << 25;
/** The least and the most entries that are buffered for one bucket. */
const LEAST_BUFFERED = 1 << 7;
const MOST_BUFFERED = 1 << 14;
/** An entry is a key, cell in the bucket * genes + gene, and a count. */
const ENTRY_BYTES = 8;
const KEYS = 2 ** 32;

/** What the entries that come to the buckets are of. */
export interface CellBucketsOptions {
  /** Where the scratch file goes; nothing may be there. */
  readonly path: string;
  /** How many entries each cell has. */
  readonly entriesPerCell: Float64Array;
  /** The number of genes. */
  readonly genesCount: number;
  /** The most entries of a bucket. */
  readonly bucketEntries?: number | undefined;
}

/**
 * Sorts entries by cell in bounded memory, whatever their number and order.
 *
 * Consecutive cells share a bucket of at most 2 million entries, which is a
 * region of a scratch file that is written through a small buffer. Once all
 * entries are added, each bucket in turn is read and sorted by counting. At
 * 8 bytes an entry that takes 32 MiB for the buffers (more only from about 70
 * thousand million entries on), 32 MiB for a bucket, and 12 bytes a cell. A
 * cell that is more than a bucket is alone in its own and comes back piece by
 * piece, unsorted, as an open profile.
 */
export class CellBuckets implements Disposable {
  readonly #file: ScratchFile;
  readonly #genesCount: number;
  readonly #entriesPerCell: Float64Array;
  readonly #bucketEntries: number;
  readonly #bucketOfCell: Uint32Array;
  /** The first cell of each bucket, and the end of the last. */
  readonly #firstCells: Float64Array;
  /** The first entry of each bucket in the file, and the end of the last. */
  readonly #firstEntries: Float64Array;
  readonly #written: Float64Array;
  readonly #buffered: Uint32Array;
  readonly #bufferEntries: number;
  readonly #buffer: Uint32Array;

  /** @param options What the entries are of. */
  constructor(options: CellBucketsOptions) {
    const { entriesPerCell, genesCount } = options;
    this.#genesCount = genesCount;
    this.#entriesPerCell = entriesPerCell;
    this.#bucketEntries = options.bucketEntries ?? BUCKET_ENTRIES;
    const mostCells = Math.floor(KEYS / Math.max(genesCount, 1));
    const plan = planBuckets(entriesPerCell, this.#bucketEntries, mostCells);
    this.#bucketOfCell = plan.bucketOfCell;
    this.#firstCells = Float64Array.from(plan.firstCells);
    this.#firstEntries = Float64Array.from(plan.firstEntries);
    const { bucketsCount } = this;
    this.#written = new Float64Array(bucketsCount);
    this.#buffered = new Uint32Array(bucketsCount);
    this.#bufferEntries = Math.max(
      LEAST_BUFFERED,
      Math.min(
        MOST_BUFFERED,
        Math.floor(BUFFER_BYTES / ENTRY_BYTES / Math.max(bucketsCount, 1)),
      ),
    );
    this.#buffer = new Uint32Array(2 * bucketsCount * this.#bufferEntries);
    this.#file = new ScratchFile(options.path);
  }

  /** How many buckets there are. */
  get bucketsCount(): number {
    return this.#firstCells.length - 1;
  }

  /**
   * Adds entries.
   *
   * @param cells The cell of each.
   * @param genes The gene of each.
   * @param counts The count of each.
   * @param length How many there are.
   * @throws {Error} If a bucket gets more than its cells were to have.
   */
  add(
    cells: Uint32Array,
    genes: Uint32Array,
    counts: Uint32Array,
    length: number,
  ): void {
    const bucketOfCell = this.#bucketOfCell;
    const firstCells = this.#firstCells;
    const buffer = this.#buffer;
    const buffered = this.#buffered;
    const bufferEntries = this.#bufferEntries;
    const genesCount = this.#genesCount;
    for (let at = 0; at < length; at++) {
      const cell = cells[at]!;
      const bucket = bucketOfCell[cell]!;
      const filled = buffered[bucket]!;
      const slot = 2 * (bucket * bufferEntries + filled);
      buffer[slot] = (cell - firstCells[bucket]!) * genesCount + genes[at]!;
      buffer[slot + 1] = counts[at]!;
      buffered[bucket] = filled + 1;
      if (filled + 1 === bufferEntries) this.#flush(bucket);
    }
  }

  /**
   * Gives the cells back in order, those without entries among them.
   *
   * @returns Blocks, a bucket each but for a cell that is more than one.
   * @throws {Error} If a bucket has less than its cells were to have.
   */
  *blocks(): Generator<CountsBlock> {
    const buffers = new SortBuffers();
    for (let bucket = 0; bucket < this.bucketsCount; bucket++) {
      this.#flush(bucket);
      const entries = this.#entriesOf(bucket);
      if (this.#written[bucket] !== entries) throw changedError();
      if (entries > this.#bucketEntries) yield* this.#pieces(bucket, buffers);
      else yield this.#sorted(bucket, buffers);
    }
  }

  /** Removes the scratch file. */
  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }

  #entriesOf(bucket: number): number {
    return this.#firstEntries[bucket + 1]! - this.#firstEntries[bucket]!;
  }

  #flush(bucket: number): void {
    const length = this.#buffered[bucket]!;
    const written = this.#written[bucket]!;
    if (written + length > this.#entriesOf(bucket)) throw changedError();
    const start = bucket * this.#bufferEntries * ENTRY_BYTES;
    const bytes = new Uint8Array(
      this.#buffer.buffer,
      start,
      length * ENTRY_BYTES,
    );
    const offset = (this.#firstEntries[bucket]! + written) * ENTRY_BYTES;
    if (length > 0) this.#file.write(offset, bytes);
    this.#written[bucket] = written + length;
    this.#buffered[bucket] = 0;
  }

  #sorted(bucket: number, buffers: SortBuffers): CountsBlock {
    const entries = this.#entriesOf(bucket);
    const raw = this.#read(bucket, 0, entries, buffers);
    const firstProfile = this.#firstCells[bucket]!;
    const cells = this.#firstCells[bucket + 1]! - firstProfile;
    const offsets = new Uint32Array(cells + 1);
    for (let cell = 0; cell < cells; cell++) {
      offsets[cell + 1] = offsets[cell]! +
        this.#entriesPerCell[firstProfile + cell]!;
    }
    const { rows, counts } = buffers;
    const ends = offsets.slice(0, cells);
    scatter(raw, { ends, rows, counts }, this.#genesCount);
    if (ends.some((end, cell) => end !== offsets[cell + 1])) {
      throw changedError();
    }
    return {
      firstProfile,
      offsets,
      rows,
      counts,
      isOpen: false,
      isRestart: false,
    };
  }

  /** A single cell, whose keys are just its genes. */
  *#pieces(bucket: number, buffers: SortBuffers): Generator<CountsBlock> {
    const entries = this.#entriesOf(bucket);
    const firstProfile = this.#firstCells[bucket]!;
    for (let start = 0; start < entries; start += this.#bucketEntries) {
      const length = Math.min(this.#bucketEntries, entries - start);
      const raw = this.#read(bucket, start, length, buffers);
      const { rows, counts } = buffers;
      for (let at = 0; at < length; at++) {
        rows[at] = raw[2 * at]!;
        counts[at] = raw[2 * at + 1]!;
      }
      yield {
        firstProfile,
        offsets: Uint32Array.of(0, length),
        rows,
        counts,
        isOpen: start + length < entries,
        isRestart: false,
      };
    }
  }

  #read(
    bucket: number,
    start: number,
    length: number,
    buffers: SortBuffers,
  ): Uint32Array {
    const raw = buffers.reserve(length);
    const offset = (this.#firstEntries[bucket]! + start) * ENTRY_BYTES;
    this.#file.read(offset, new Uint8Array(raw.buffer, 0, raw.byteLength));
    return raw;
  }
}

/** What a bucket is read into and sorted into, which all buckets share. */
class SortBuffers {
  #raw = new Uint32Array(0);
  rows = new Uint32Array(0);
  counts = new Uint32Array(0);

  reserve(entries: number): Uint32Array {
    if (entries > this.rows.length) {
      this.#raw = new Uint32Array(2 * entries);
      this.rows = new Uint32Array(entries);
      this.counts = new Uint32Array(entries);
    }
    return this.#raw.subarray(0, 2 * entries);
  }
}

/** Puts each entry where its cell's come; `ends` starts as their starts. */
function scatter(
  raw: Uint32Array,
  target: { ends: Uint32Array; rows: Uint32Array; counts: Uint32Array },
  genesCount: number,
): void {
  const { ends, rows, counts } = target;
  for (let at = 0; at < raw.length; at += 2) {
    const key = raw[at]!;
    const cell = Math.floor(key / genesCount);
    const slot = ends[cell]!;
    ends[cell] = slot + 1;
    rows[slot] = key - cell * genesCount;
    counts[slot] = raw[at + 1]!;
  }
}

/** Cuts the cells into runs that have few enough entries, and cells. */
function planBuckets(
  entriesPerCell: Float64Array,
  mostEntries: number,
  mostCells: number,
): { bucketOfCell: Uint32Array; firstCells: number[]; firstEntries: number[] } {
  const bucketOfCell = new Uint32Array(entriesPerCell.length);
  const firstCells: number[] = [];
  const firstEntries: number[] = [];
  let total = 0;
  for (let cell = 0; cell < entriesPerCell.length; cell++) {
    const entries = entriesPerCell[cell]!;
    const isFull = firstCells.length === 0 ||
      cell - firstCells.at(-1)! >= mostCells ||
      total + entries - firstEntries.at(-1)! > mostEntries;
    if (isFull) {
      firstCells.push(cell);
      firstEntries.push(total);
    }
    bucketOfCell[cell] = firstCells.length - 1;
    total += entries;
  }
  firstCells.push(entriesPerCell.length);
  firstEntries.push(total);
  return { bucketOfCell, firstCells, firstEntries };
}

function changedError(): Error {
  return new Error(
    "Cannot sort the entries by cell: the source changed while it was read",
  );
}
