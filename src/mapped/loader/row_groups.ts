/**
 * Rows that are read once for many batches: those of the blocks of a buffer.
 * Read by batches, each would read a part of each block. A group is read as
 * sparse rows, which are a small part of the bytes of dense ones, by a worker
 * or by this thread; its batches are taken out of it when they are delivered.
 */
import { isProfilesFolder } from "../../profiles/profiles.ts";
import { MemoryPool, shareMemory, spareOf } from "./memory_pool.ts";
import { areSparse } from "./spread_rows.ts";
import { hasFixedColumns, type Lane } from "./lanes.ts";
import { pickRows } from "./pick_rows.ts";
import { MappedCollection } from "../mapped_collection.ts";
import type {
  RowFormat,
  RowsBatch,
  RowSource,
  RowType,
  SparseMemory,
} from "../rows.ts";
import { invertOrder, orderRows } from "../matrices/store_matrix.ts";

/** Rows that show what others are like. */
const SAMPLE = 16;

/** How groups are read. */
export interface GroupOptions {
  /** How the rows of batches are laid out. */
  readonly format: RowFormat;
  /** How many batches the memory is kept of. */
  readonly sparesCount: number;
  /** How many groups are in use at a time. */
  readonly groupsCount: number;
  /** How many are read ahead of those. */
  readonly aheadCount: number;
  /** How many batches are known ahead, whose groups are read too. */
  readonly prefetch: number;
  /** What rows are like. */
  readonly sample: RowsBatch;
}

/** A group that was read. */
interface ReadGroup {
  /** The rows, in the order of the store. */
  readonly batch: RowsBatch;
  /** For each of the rows as they were asked for which one of those it is. */
  readonly places: Int32Array;
}

/** Who reads a group. */
export interface GroupLane {
  /** Who. */
  readonly lane: Lane;
  /** Whether it is this thread in place of workers. */
  readonly isHere: boolean;
}

/** A group that is read. */
interface AskedGroup {
  readonly isHere: boolean;
  /** How many of its rows are not in a batch yet. */
  leftCount: number;
  /** Reads it, once. */
  read(): Promise<ReadGroup>;
  /** Who reads it. */
  readonly lane: Lane;
  /** Gives its memory back. */
  release(batch: RowsBatch): void;
}

/** A batch of a group. */
export interface GroupedBatch {
  /** Its rows. */
  readonly indices: Int32Array;
  /** Its group. */
  readonly group: AskedGroup;
}

/** Reads groups ahead, and takes batches out of them. */
export class LoaderGroups {
  readonly #choose: (rowsCount: number) => GroupLane;
  readonly #options: GroupOptions;
  readonly #pool: MemoryPool;
  /** The memory of groups. */
  readonly #memory: MemoryPool;
  /** The groups by the memory that their rows are told in. */
  readonly #groups = new Map<ArrayBufferLike, AskedGroup>();
  #areSparse = true;

  /**
   * Starts without groups.
   *
   * @param choose Says who reads a group of so many rows.
   * @param options How.
   */
  constructor(
    choose: (rowsCount: number) => GroupLane,
    options: GroupOptions,
  ) {
    this.#choose = choose;
    this.#options = options;
    this.#pool = new MemoryPool(options.sparesCount);
    this.#memory = new MemoryPool(options.groupsCount + options.aheadCount);
  }

  /** Whether groups are sparse so far; others would be too large. */
  get areSparse(): boolean {
    return this.#areSparse;
  }

  /**
   * Looks ahead, and lets the groups be read that are to come.
   *
   * @param batches The rows of each batch: batches of the same group are views
   * of the same memory, which has the rows of the group and no more.
   * @returns The batches.
   */
  *lookAhead(
    batches: Iterable<Int32Array>,
  ): Generator<GroupedBatch, void> {
    const rows = batches[Symbol.iterator]();
    const ahead: GroupedBatch[] = [];
    const unused = new Set<AskedGroup>();
    try {
      for (let isDone = false;;) {
        while (!isDone && this.#isShort(ahead.length, unused.size)) {
          const { done, value } = rows.next();
          if (done) isDone = true;
          else ahead.push({ indices: value, group: this.#find(value, unused) });
        }
        const batch = ahead.shift();
        if (batch === undefined) return;
        unused.delete(batch.group);
        yield batch;
      }
    } finally {
      this.#groups.clear();
    }
  }

  /**
   * Takes a batch out of its group.
   *
   * @param batch The batch.
   * @returns The rows.
   */
  async take({ group, indices }: GroupedBatch): Promise<RowsBatch> {
    const found = await group.read().catch(() => undefined);
    if (found === undefined) {
      // What is wrong may be wrong with rows of other batches alone.
      const { lane } = group;
      return lane.finish(await lane.read({ indices: indices.slice() }));
    }
    const { batch, places } = found;
    const { format } = this.#options;
    const start = indices.byteOffset / indices.BYTES_PER_ELEMENT;
    const end = start + indices.length;
    const picked = pickRows(batch, places.subarray(start, end), {
      format,
      into: format === "dense"
        ? this.#pool.takeDense(indices.length)
        : undefined,
    });
    group.leftCount -= indices.length;
    if (group.leftCount === 0) group.release(batch);
    return picked;
  }

  /**
   * Finishes a batch: nothing is left to do.
   *
   * @param batch The batch.
   * @returns The batch.
   */
  finish(batch: RowsBatch): RowsBatch {
    return batch;
  }

  /**
   * Takes back a batch, whose memory is used again.
   *
   * @param batch The batch.
   */
  release(batch: RowsBatch): void {
    const spare = spareOf(batch);
    if (spare) this.#pool.put(spare);
  }

  /** Whether more batches are to be known. */
  #isShort(batchesCount: number, unusedCount: number): boolean {
    if (batchesCount === 0) return true;
    const { aheadCount, prefetch } = this.#options;
    return this.#areSparse &&
      (batchesCount < prefetch || unusedCount < aheadCount);
  }

  #find(
    { buffer }: Int32Array,
    unused: Set<AskedGroup>,
  ): AskedGroup {
    const known = this.#groups.get(buffer);
    if (known) return known;
    const rows = new Int32Array(buffer);
    const { isHere, lane } = this.#choose(rows.length);
    let reading: Promise<ReadGroup> | undefined;
    const read = () => reading ??= this.#read(rows, lane);
    // What this thread reads is read when it is needed. Whoever waits for it is
    // told; it may be later than it fails.
    if (!isHere) read().catch(() => {});
    const group = {
      isHere,
      lane,
      leftCount: rows.length,
      read,
      release: (batch: RowsBatch) => this.#keep(batch, lane),
    };
    unused.add(group);
    this.#groups.set(buffer, group);
    const { aheadCount, groupsCount, prefetch } = this.#options;
    const [oldest] = this.#groups.keys();
    const most = groupsCount + Math.max(aheadCount, prefetch);
    if (this.#groups.size > most) this.#groups.delete(oldest!);
    return group;
  }

  /** The memory of a group is used for another one. */
  #keep(batch: RowsBatch, { isElsewhere }: Lane): void {
    const spare = spareOf(batch);
    if (spare === undefined || !("sparse" in spare)) return;
    const { sparse } = spare;
    this.#memory.put({ sparse: isElsewhere ? shareMemory(sparse) : sparse });
  }

  /** Memory for as many rows like those of the sample. */
  #makeMemory(rowsCount: number): SparseMemory | undefined {
    const { sample } = this.#options;
    const spare = spareOf(sample);
    if (spare === undefined || !("sparse" in spare)) return undefined;
    return shareMemory(spare.sparse, rowsCount / sample.indices.length);
  }

  /** In the order of the store: no rows are put into another order as a whole. */
  async #read(rows: Int32Array, lane: Lane): Promise<ReadGroup> {
    const order = orderRows(rows);
    const indices = order.map((at) => rows[at]!);
    const intoSparse = this.#memory.takeSparse() ??
      (lane.isElsewhere ? this.#makeMemory(rows.length) : undefined);
    const keepZeros = this.#options.format === "dense";
    const batch = await lane.read({
      indices,
      format: "csr",
      keepZeros,
      intoSparse,
    });
    this.#areSparse &&= areSparse(batch);
    return { batch, places: invertOrder(order) };
  }
}

/**
 * Reads some rows to see whether those of the same blocks are better read at
 * once: they are few bytes, and take longer one by one, as all do that are not
 * of containers.
 *
 * @param source The rows.
 * @param indices Some of them.
 * @param dtype The type that they are to have.
 * @returns A few of those, if they are.
 */
export async function readSample(
  source: RowSource,
  indices: Int32Array,
  dtype: RowType | undefined,
): Promise<RowsBatch | undefined> {
  const areQuick = source instanceof MappedCollection &&
    source.pathList.every(isProfilesFolder);
  if (areQuick || !hasFixedColumns(source)) return undefined;
  const few = indices.subarray(0, SAMPLE);
  const batch = await source.getRows(few, { format: "csr", dtype });
  return areSparse(batch) ? batch : undefined;
}
