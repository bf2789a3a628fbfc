import { countOf } from "../../io/plural.ts";
import {
  type AskedBatch,
  type BatchOwner,
  BatchRequests,
} from "./batch_requests.ts";
import { LocalLane, type WorkerLane } from "./lanes.ts";
import type { LoaderOptions } from "./loader_options.ts";
import { type LoaderState, readState, writeState } from "./loader_state.ts";
import type { RowsBatch, RowSource } from "../rows.ts";
import type { Sampler } from "../samplers/sampler.ts";
import { startWorkers } from "./start_workers.ts";

/** A batch that was delivered, and one that is given back. */
const MORE_SPARES = 2;

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
  readonly #ownerOf = new WeakMap<RowsBatch, BatchOwner>();
  readonly #prefetch: number;
  readonly #here: LocalLane;
  #lanes: Promise<readonly WorkerLane[]> | undefined;
  #requests: BatchRequests | undefined;
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
   * @throws {TypeError} If there is no source or no sampler.
   * @throws {RangeError} If the sampler is for another number of rows, or a
   * number is not whole.
   */
  constructor(
    source: RowSource,
    sampler: Sampler,
    options: LoaderOptions = {},
  ) {
    const { workers = 0, prefetch = 2 * workers, signal } = options;
    if (typeof source?.getRows !== "function") {
      throw new TypeError(
        "Cannot load rows: the source is neither a collection nor a RowSource",
      );
    }
    if (typeof sampler?.batches !== "function") {
      throw new TypeError("Cannot load rows: there is no sampler");
    }
    checkCount(workers, "workers");
    checkCount(prefetch, "batches ahead");
    if (source.length !== sampler.sourceLength) {
      throw new RangeError(
        `Cannot load ${countOf(source.length, "row")}: the sampler is for ` +
          `${sampler.sourceLength}`,
      );
    }
    this.#source = source;
    this.#sampler = sampler;
    this.#options = options;
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
    const queue: AskedBatch[] = [];
    let batch: LoadedBatch | undefined;
    let asked: Generator<AskedBatch, void> | undefined;
    try {
      const requests = await this.#startReading();
      // At the end of an epoch there are no rows to ask for.
      if (this.#batch === this.#sampler.batchesCount) return this.#startEpoch();
      asked = await this.#wait(requests.start(this.#epoch, this.#batch));
      for (;;) {
        const start = performance.now();
        if (batch && this.#options.reuse) this.release(batch);
        // The one that is waited for, and those ahead.
        fill(queue, asked, Math.max(this.#prefetch, 1));
        const next = queue.shift();
        if (next === undefined) break;
        batch = await this.#deliver(next);
        fill(queue, asked, this.#prefetch);
        requests.note(next, performance.now() - start, batch.indices.length);
        yield batch;
      }
    } catch (error) {
      this.#end(error);
      throw error;
    } finally {
      this.#isRunning = false;
      for (const one of queue) drop(one);
      asked?.return();
    }
  }

  /**
   * Gives the batches of several epochs, one after the other.
   *
   * @param count How many epochs there are in all: after `resume` those that
   * were to come of them.
   * @returns The batches.
   * @throws {RangeError} If that is no whole number.
   * @throws {Error} As for one epoch.
   */
  async *epochs(count: number): AsyncGenerator<LoadedBatch, void> {
    checkCount(count, "epochs");
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

  /** Starts the workers, once. */
  async #startReading(): Promise<BatchRequests> {
    const { dtype, format = "dense", readHere = true } = this.#options;
    const sparesCount = this.#sparesCount;
    this.#lanes ??= startWorkers(this.#source, this.#options, sparesCount);
    const workers = await this.#wait(this.#lanes);
    this.#workersCount = workers.length;
    return this.#requests ??= new BatchRequests({
      source: this.#source,
      sampler: this.#sampler,
      workers,
      here: this.#here,
      readHere,
      format,
      dtype,
      prefetch: this.#prefetch,
      sparesCount,
    });
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

  async #deliver({ batch, owner, read }: AskedBatch): Promise<LoadedBatch> {
    const rows = owner.finish(await this.#wait(batch ?? read()));
    const loaded = { ...rows, epoch: this.#epoch, number: this.#batch };
    this.#ownerOf.set(loaded, owner);
    this.#batch++;
    if (this.#batch === this.#sampler.batchesCount) this.#startEpoch();
    return loaded;
  }
}

function fill(
  queue: AskedBatch[],
  asked: Iterator<AskedBatch, void>,
  most: number,
): void {
  while (queue.length < most) {
    const { done, value } = asked.next();
    if (done) return;
    queue.push(value);
  }
}

function drop({ batch, owner }: AskedBatch): void {
  batch?.then((rows) => owner.release(rows), () => {});
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
