import { type LoaderState, readState, writeState } from "./loader_state.ts";
import { ReaderChoice } from "./reader_choice.ts";
import { areGroupsBetter, type GroupLane, LoaderGroups } from "./row_groups.ts";
import {
  hasFixedColumns,
  type Lane,
  LocalLane,
  type SourceOpener,
  WorkerLane,
} from "./lanes.ts";
import { MappedCollection } from "../mapped_collection.ts";
import type { RowFormat, RowsBatch, RowSource, RowType } from "../rows.ts";
import type { Sampler } from "../samplers/sampler.ts";

/** How a {@linkcode Loader} reads. */
export interface LoaderOptions {
  /** How rows are laid out, dense by default. */
  readonly format?: RowFormat | undefined;
  /** The type of the values, by default that of the source. */
  readonly dtype?: RowType | undefined;
  /** How many workers read, 0 by default: then this thread does. */
  readonly workers?: number | undefined;
  /**
   * How many batches are read ahead, of all workers together: that is what
   * bounds the memory. By default 2 a worker, and none without workers.
   */
  readonly prefetch?: number | undefined;
  /**
   * Whether a batch is void when the next is asked for, so that its memory is
   * used again; false by default. It is faster by far for dense rows.
   */
  readonly reuse?: boolean | undefined;
  /** Stops the loader: the batch that is waited for rejects. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether this thread reads batches itself where that costs it less time
   * than to take them from workers, which is tried; true by default.
   */
  readonly readHere?: boolean | undefined;
  /**
   * How workers open a source that is no {@linkcode MappedCollection}: the URL
   * of a module that exports `openRows`, and what that is given.
   */
  readonly opener?:
    | { readonly module: string | URL; readonly data?: unknown }
    | undefined;
  /**
   * Is told where workers can't be started and this thread reads instead;
   * `console.warn` by default.
   */
  readonly warn?: ((message: string) => void) | undefined;
}

/** A batch, and which one it is. */
export interface LoadedBatch extends RowsBatch {
  /** The epoch, from 0. */
  readonly epoch: number;
  /** Which batch of the epoch, from 0. */
  readonly number: number;
}

/**
 * Gives the batches of an epoch, in the order of a sampler whatever the number
 * of workers, and the next epoch when it is gone through again. It can be
 * stopped anywhere, and go on exactly there.
 *
 * @example Three epochs of a collection, with two workers
 * ```ts ignore
 * import {
 *   BlockShuffleSampler,
 *   Loader,
 *   MappedCollection,
 * } from "@metacell/storage";
 *
 * using cells = await MappedCollection.open(["a.h5ad", "b.h5ad"]);
 * const sampler = new BlockShuffleSampler(cells.length, { batchSize: 256 });
 * await using loader = new Loader(cells, sampler, { workers: 2, reuse: true });
 * for await (const { layers } of loader.epochs(3)) train(layers["X"]);
 *
 * declare function train(rows: unknown): void;
 * ```
 *
 * @example Go on in the middle of an epoch
 * ```ts
 * import { Loader, RandomSampler, type RowSource } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const source: RowSource = {
 *   length: 10,
 *   getRows: (rows) => {
 *     const indices = Int32Array.from(rows);
 *     const storeIndices = new Int32Array(indices.length);
 *     const parts = { layers: {}, obsm: {}, obs: {} };
 *     return Promise.resolve({ indices, storeIndices, ...parts });
 *   },
 * };
 * const sampler = new RandomSampler(10, { batchSize: 2, seed: 1 });
 * await using first = new Loader(source, sampler);
 * const seen: number[] = [];
 * for await (const { indices, number } of first) {
 *   seen.push(...indices);
 *   if (number === 1) break;
 * }
 * const text = JSON.stringify(first.state());
 *
 * await using second = new Loader(source, sampler);
 * second.resume(JSON.parse(text));
 * for await (const { indices } of second) seen.push(...indices);
 * assertEquals(seen.sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
 * ```
 */
export class Loader implements AsyncDisposable {
  readonly #source: RowSource;
  readonly #sampler: Sampler;
  readonly #options: LoaderOptions;
  readonly #wantedWorkers: number;
  readonly #ownerOf = new WeakMap<RowsBatch, BatchOwner>();
  readonly #prefetch: number;
  readonly #choice = new ReaderChoice();
  readonly #here: LocalLane;
  #lanes: Promise<readonly WorkerLane[]> | undefined;
  #groups: Promise<LoaderGroups | undefined> | undefined;
  #workersCount = 0;
  #epoch = 0;
  #batch = 0;
  #isRunning = false;
  #problem: { readonly error: unknown } | undefined;
  #interrupt: ((error: unknown) => void) | undefined;

  /**
   * Makes a loader. Workers start when the first batch is asked for.
   *
   * @param source What is read, and stays the caller's to close.
   * @param sampler Which rows make which batch.
   * @param options How it is read.
   * @throws {RangeError} If the sampler is for another number of rows, or a
   * number is not whole.
   */
  constructor(
    source: RowSource,
    sampler: Sampler,
    options: LoaderOptions = {},
  ) {
    const { workers = 0, prefetch = 2 * workers, signal } = options;
    checkCount(workers, "workers");
    checkCount(prefetch, "batches ahead");
    if (source.length !== sampler.sourceLength) {
      throw new RangeError(
        `Cannot load ${source.length} rows: the sampler is for ` +
          `${sampler.sourceLength}`,
      );
    }
    this.#source = source;
    this.#sampler = sampler;
    this.#options = options;
    this.#wantedWorkers = workers;
    this.#prefetch = Math.max(prefetch, workers);
    this.#here = new LocalLane(source, options, this.#sparesCount);
    if (signal?.aborted) this.#end(signal.reason);
    signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** How many workers read: none before the first batch, or if none started. */
  get workersCount(): number {
    return this.#workersCount;
  }

  /** The epoch that the next batch is of. */
  get epoch(): number {
    return this.#epoch;
  }

  /**
   * Tells where the loader is: behind the batch that was delivered last,
   * whatever was read ahead.
   *
   * @returns What {@linkcode resume} takes, ready for `JSON.stringify`.
   */
  state(): LoaderState {
    const position = { epoch: this.#epoch, batch: this.#batch };
    return writeState(this.#sampler, position);
  }

  /**
   * Goes to where a loader was: the batches that follow are those that were to
   * come then. The number of workers, the format and the type may be others.
   *
   * @param state What {@linkcode state} gave, also after `JSON.parse`.
   * @throws {TypeError} If it is no state.
   * @throws {Error} If it is of another sampler or number of rows, or batches
   * are being read.
   */
  resume(state: LoaderState): void {
    if (this.#isRunning) throw busyError("resume");
    ({ batch: this.#batch, epoch: this.#epoch } = readState(
      state,
      this.#sampler,
    ));
  }

  /**
   * Takes back a batch that is done with, whose memory is used again for
   * another one. Its arrays must not be used any more; those of a worker are
   * empty from then on.
   *
   * @param batch A batch of this loader; others, and those that were given
   * back already, are left alone.
   */
  release(batch: RowsBatch): void {
    const owner = this.#ownerOf.get(batch);
    this.#ownerOf.delete(batch);
    owner?.release(batch);
  }

  /**
   * Gives the batches of an epoch, or the rest of it.
   *
   * @returns The batches.
   * @throws {Error} If rows can't be read, with the name of the file: the
   * loader ends then. If it ended, or batches are being read already.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<LoadedBatch, void> {
    if (this.#isRunning) throw busyError("read");
    this.#isRunning = true;
    const queue: Pending[] = [];
    let batch: LoadedBatch | undefined;
    let requests: Generator<Pending, void> | undefined;
    try {
      const lanes = await this.#wait(this.#lanes ??= this.#startWorkers());
      // At the end of an epoch there are no rows to look at.
      if (this.#batch === this.#sampler.batchesCount) return this.#startEpoch();
      const groups = await this.#wait(this.#groups ??= this.#findGroups(lanes));
      requests = this.#request(lanes, groups);
      for (;;) {
        const start = performance.now();
        if (batch && this.#options.reuse) this.release(batch);
        // The one that is waited for, and those ahead.
        fill(queue, requests, Math.max(this.#prefetch, 1));
        const pending = queue.shift();
        if (pending === undefined) break;
        batch = await this.#deliver(pending);
        fill(queue, requests, this.#prefetch);
        const spent = performance.now() - start;
        this.#choice.note(pending.isHere, spent, batch.indices.length);
        yield batch;
      }
    } catch (error) {
      this.#end(error);
      throw error;
    } finally {
      this.#isRunning = false;
      for (const pending of queue) dropPending(pending);
      requests?.return();
    }
  }

  /**
   * Gives the batches of several epochs, one after the other.
   *
   * @param count How many epochs there are in all: after `resume` those that
   * were to come of them.
   * @returns The batches.
   * @throws {Error} As for one epoch.
   */
  async *epochs(count: number): AsyncGenerator<LoadedBatch, void> {
    while (this.#epoch < count) yield* this;
  }

  /**
   * Ends the workers. A batch that is waited for rejects; closing twice is
   * fine.
   */
  async close(): Promise<void> {
    this.#end(new Error("Cannot read batches: the loader was closed"));
    await this.#closeLanes();
  }

  /** Ends the workers at the end of an `await using` block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  readonly #onAbort = (): void => this.#end(this.#options.signal!.reason);

  /** From here on no batch is given. */
  #end(error: unknown): void {
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    this.#problem ??= { error };
    this.#interrupt?.(error);
    this.#closeLanes();
  }

  async #closeLanes(): Promise<void> {
    await this.#here.close();
    const lanes = await this.#lanes?.catch(() => []);
    await Promise.all((lanes ?? []).map((lane) => lane.close()));
  }

  /** How many batches the memory is kept of. */
  get #sparesCount(): number {
    return this.#prefetch + MORE_SPARES;
  }

  #startEpoch(): void {
    this.#epoch++;
    this.#batch = 0;
  }

  /** Waits, but no longer than until the loader ends. */
  async #wait<T>(promise: Promise<T>): Promise<T> {
    promise.catch(() => {});
    if (this.#problem) throw this.#problem.error;
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#interrupt = reject;
        promise.then(resolve, reject);
      });
    } finally {
      this.#interrupt = undefined;
    }
  }

  async #deliver({ batch, owner, read }: Pending): Promise<LoadedBatch> {
    const rows = owner.finish(await this.#wait(batch ?? read()));
    const loaded = { ...rows, epoch: this.#epoch, number: this.#batch };
    this.#ownerOf.set(loaded, owner);
    this.#batch++;
    if (this.#batch === this.#sampler.batchesCount) this.#startEpoch();
    return loaded;
  }

  *#request(
    workers: readonly Lane[],
    groups: LoaderGroups | undefined,
  ): Generator<Pending, void> {
    const batches = this.#sampler.batches(this.#epoch, this.#batch);
    if (groups === undefined) {
      for (const indices of batches) yield this.#requestRows(workers, indices);
      return;
    }
    for (const grouped of groups.lookAhead(batches)) {
      if (!groups.areSparse) yield this.#requestRows(workers, grouped.indices);
      else {
        // Its group is read by then, the rest is done when it is needed.
        const read = () => groups.take(grouped);
        const { isHere } = grouped.group;
        yield { batch: undefined, isHere, owner: groups, read };
      }
    }
  }

  #requestRows(workers: readonly Lane[], indices: Int32Array): Pending {
    const { isHere, lane: owner } = this.#chooseLane(workers);
    const read = () => owner.read({ indices });
    // What this thread reads in place of workers is read when it is needed.
    const batch = isHere ? undefined : read();
    // Whoever waits for it is told; it may be later than it fails.
    batch?.catch(() => {});
    return { batch, isHere, owner, read };
  }

  #chooseLane(workers: readonly Lane[]): GroupLane {
    if (workers.length === 0) return { isHere: false, lane: this.#here };
    const { readHere = true } = this.#options;
    const isHere = readHere && this.#choice.next();
    return { isHere, lane: isHere ? this.#here : leastBusy(workers) };
  }

  async #findGroups(
    workers: readonly Lane[],
  ): Promise<LoaderGroups | undefined> {
    const { lanes: groupsCount } = this.#sampler;
    const [first] = this.#sampler.batches(this.#epoch, this.#batch);
    if (groupsCount === undefined || first === undefined) return undefined;
    if (!await areGroupsBetter(this.#source, first)) return undefined;
    const { format = "dense" } = this.#options;
    // To take many rows from a worker at once costs as good as nothing.
    const choose = (rowsCount: number) =>
      workers.length > 0 && rowsCount > MOST_CHOSEN
        ? { isHere: false, lane: leastBusy(workers) }
        : this.#chooseLane(workers);
    return new LoaderGroups(choose, {
      format,
      sparesCount: this.#sparesCount,
      groupsCount,
      aheadCount: workers.length > 0
        ? Math.max(groupsCount, workers.length)
        : 0,
      prefetch: workers.length > 0 ? this.#prefetch : 0,
    });
  }

  async #startWorkers(): Promise<readonly WorkerLane[]> {
    const { dtype, format, warn = console.warn } = this.#options;
    if (this.#wantedWorkers === 0) return [];
    const setup = {
      opener: openerOf(this.#source, this.#options),
      sparesCount: this.#sparesCount,
      isSpread: hasFixedColumns(this.#source),
      dtype,
      format,
    };
    const starting = Array.from(
      { length: this.#wantedWorkers },
      () => WorkerLane.start(setup, this.#source.length),
    );
    const settled = await Promise.allSettled(starting);
    const started = settled.filter((one) => one.status === "fulfilled")
      .map(({ value }) => value);
    const lanes = started.filter((one) => one instanceof WorkerLane);
    if (lanes.length === this.#wantedWorkers) {
      this.#workersCount = lanes.length;
      return lanes;
    }
    await Promise.all(lanes.map((lane) => lane.close()));
    const failed = settled.find((one) => one.status === "rejected");
    if (failed) throw failed.reason;
    const problem = started.find((one) => typeof one === "string");
    warn(`No workers can be started, this thread reads alone: ${problem}`);
    return [];
  }
}

/** Larger groups of rows are read by workers, if there are any. */
const MOST_CHOSEN = 1024;

/** A batch that was delivered, and one that is given back. */
const MORE_SPARES = 2;

/** A batch that was asked for, and who reads it. */
interface Pending {
  /** The batch, undefined where it is to be read yet. */
  readonly batch: Promise<RowsBatch> | undefined;
  readonly isHere: boolean;
  readonly owner: BatchOwner;
  /** Reads the batch. */
  read(): Promise<RowsBatch>;
}

/** What a batch is from, as {@linkcode Lane} has it. */
type BatchOwner = Pick<Lane, "finish" | "release">;

function fill(
  queue: Pending[],
  requests: Iterator<Pending, void>,
  most: number,
): void {
  while (queue.length < most) {
    const { done, value } = requests.next();
    if (done) return;
    queue.push(value);
  }
}

function dropPending({ batch, owner }: Pending): void {
  batch?.then((rows) => owner.release(rows), () => {});
}

function leastBusy(lanes: readonly Lane[]): Lane {
  return lanes.reduce((best, lane) =>
    lane.waitingCount < best.waitingCount ? lane : best
  );
}

function openerOf(
  source: RowSource,
  { opener }: LoaderOptions,
): SourceOpener {
  if (opener) return { module: String(opener.module), data: opener.data };
  if (source instanceof MappedCollection) {
    return { module: "", data: source.share() };
  }
  throw new TypeError(
    "Cannot start workers: the source is no MappedCollection, " +
      "and there is no opener of it",
  );
}

function busyError(action: string): Error {
  return new Error(`Cannot ${action} batches: they are being read already`);
}

function checkCount(count: number, what: string): void {
  if (Number.isSafeInteger(count) && count >= 0) return;
  throw new RangeError(
    `Cannot load rows: the number of ${what} is ${count}, ` +
      "and not a whole number of 0 or more",
  );
}
