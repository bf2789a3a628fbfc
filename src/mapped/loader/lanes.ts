/** What reads batches for a loader: this thread, or a worker. */
import { countOf } from "../../io/plural.ts";
import { WorkerThread } from "../../io/worker_thread.ts";
import { MemoryPool, type SpareMemory, spareOf } from "./memory_pool.ts";
import { spreadLayers } from "./spread_rows.ts";
import { packMessage, unpackMessage } from "./messages.ts";
import type {
  RowFormat,
  RowsBatch,
  RowSource,
  RowType,
  SparseMemory,
} from "../rows.ts";

/** How batches are read. */
export interface BatchFormat {
  /** How rows are laid out. */
  readonly format?: RowFormat | undefined;
  /** The type of the values. */
  readonly dtype?: RowType | undefined;
}

/** The rows of a batch. */
export interface BatchRequest {
  /** The rows. */
  readonly indices: Int32Array;
  /** How they are laid out, where not as all others. */
  readonly format?: RowFormat | undefined;
  /** Whether sparse rows may have zeros. */
  readonly keepZeros?: boolean | undefined;
  /** Memory for them, which other threads may share. */
  readonly intoSparse?: SparseMemory | undefined;
}

/** Reads batches, one after the other. */
export interface Lane {
  /** How many batches were asked for that are not there yet. */
  readonly waitingCount: number;
  /** Whether another thread reads. */
  readonly isElsewhere: boolean;
  /**
   * Reads a batch.
   *
   * @param request The rows.
   */
  read(request: BatchRequest): Promise<RowsBatch>;
  /**
   * Finishes a batch that it read, when it is delivered.
   *
   * @param batch The batch.
   */
  finish(batch: RowsBatch): RowsBatch;
  /**
   * Takes back a batch that it read, whose memory it uses again.
   *
   * @param batch The batch.
   */
  release(batch: RowsBatch): void;
  /** Gives up what was asked for. */
  close(): Promise<void>;
}

/** How a thread opens a source. */
export interface SourceOpener {
  /** The module that does, whose `openRows` is given the data. */
  readonly module: string;
  /** What can be cloned. */
  readonly data: unknown;
}

/** What a thread is sent first. */
export interface LaneSetup extends BatchFormat {
  /** How it opens the source. */
  readonly opener: SourceOpener;
  /** How many batches it keeps the memory of. */
  readonly sparesCount: number;
  /** Whether it may send sparse rows, which are made dense where they arrive. */
  readonly isSpread: boolean;
}

/** What a thread is sent then. */
export type LaneRequest =
  | BatchRequest
  | { readonly released: SpareMemory };

/** What a thread answers: first once it opened the source, then for each batch. */
export type LaneReply =
  | { readonly started: true }
  | { readonly length: number }
  | { readonly batch: RowsBatch }
  | { readonly error: unknown };

/** Reads on this thread. */
export class LocalLane implements Lane {
  readonly isElsewhere = false;
  readonly #source: RowSource;
  readonly #format: BatchFormat;
  readonly #pool: MemoryPool;
  readonly #controller = new AbortController();
  #last: Promise<unknown> = Promise.resolve();
  #waitingCount = 0;

  /**
   * Reads from a source.
   *
   * @param source The source.
   * @param format How.
   * @param sparesCount How many batches the memory is kept of.
   */
  constructor(source: RowSource, format: BatchFormat, sparesCount: number) {
    this.#source = source;
    this.#format = format;
    this.#pool = new MemoryPool(hasFixedColumns(source) ? sparesCount : 0);
  }

  get waitingCount(): number {
    return this.#waitingCount;
  }

  read(request: BatchRequest): Promise<RowsBatch> {
    this.#waitingCount++;
    const batch = this.#last.then(() => this.#read(request));
    this.#last = batch.catch(() => {}).then(() => this.#waitingCount--);
    return batch;
  }

  finish(batch: RowsBatch): RowsBatch {
    return batch;
  }

  release(batch: RowsBatch): void {
    const spare = spareOf(batch);
    if (spare) this.reuse(spare);
  }

  /**
   * Takes memory to use again.
   *
   * @param spare The memory.
   */
  reuse(spare: SpareMemory): void {
    this.#pool.put(spare);
  }

  // deno-lint-ignore require-await
  async close(): Promise<void> {
    this.#controller.abort(closedError());
  }

  async #read(request: BatchRequest): Promise<RowsBatch> {
    const { signal } = this.#controller;
    signal.throwIfAborted();
    const { dtype } = this.#format;
    const { format = this.#format.format ?? "dense", indices } = request;
    const memory = format === "dense"
      ? { into: this.#pool.takeDense(indices.length) }
      : { intoSparse: request.intoSparse ?? this.#pool.takeSparse() };
    const { keepZeros } = request;
    const options = { dtype, format, keepZeros, signal, ...memory };
    return await this.#source.getRows(indices, options);
  }
}

/**
 * Whether all rows are of one length. Where they are not, memory of one batch
 * may not do for another.
 *
 * @param source The rows.
 * @returns Whether they are.
 */
export function hasFixedColumns(source: RowSource): boolean {
  const { shape } = source as { shape?: readonly (number | null)[] };
  return shape?.[1] !== null;
}

interface Waiting {
  readonly resolve: (batch: RowsBatch) => void;
  readonly reject: (error: unknown) => void;
}

/** Reads in a worker, which opens the source by itself. */
export class WorkerLane implements Lane {
  readonly isElsewhere = true;
  readonly #waiting: Waiting[] = [];
  readonly #opened = Promise.withResolvers<number | undefined>();
  #thread: WorkerThread | undefined;
  #setup: LaneSetup | undefined;
  #problem: unknown;
  #closing: Promise<void> | undefined;
  /** The layers whose memory is of this thread. */
  readonly #spread = new WeakSet<RowsBatch["layers"]>();
  readonly #pool: MemoryPool;
  readonly #isDense: boolean;

  private constructor(setup: LaneSetup) {
    this.#setup = setup;
    this.#pool = new MemoryPool(setup.sparesCount);
    this.#isDense = setup.format !== "csr";
    this.#thread = WorkerThread.startModule(MODULE.href, {
      onMessage: (reply) => this.#take(unpackMessage(reply) as LaneReply),
      onFailure: (message) => this.#fail(message),
    });
    if (this.#thread) this.#thread.isWorking = true;
    else this.#fail("no thread can be started");
  }

  /**
   * Starts a worker.
   *
   * @param setup What it is told.
   * @param length The number of rows that it has to find.
   * @returns The lane, or why the worker did not start.
   * @throws {Error} If the worker started and could not open the source.
   */
  static async start(
    setup: LaneSetup,
    length: number,
  ): Promise<WorkerLane | string> {
    const lane = new WorkerLane(setup);
    try {
      const found = await lane.#opened.promise;
      if (found === length) return lane;
      if (found === undefined) return (lane.#problem as Error).message;
      throw new Error(
        `Cannot read batches: a worker found ${countOf(found, "row")}, ` +
          `and there are ${length}`,
      );
    } catch (error) {
      await lane.close();
      throw error;
    }
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  async read(request: BatchRequest): Promise<RowsBatch> {
    return await new Promise((resolve, reject) => {
      if (!this.#thread) return reject(this.#problem);
      this.#waiting.push({ resolve, reject });
      this.#thread.isWorking = true;
      // What is sent is gone, and others are to be sent views of the same.
      this.#post({ ...request, indices: request.indices.slice() });
    });
  }

  /**
   * Dense rows are many times the bytes of sparse ones. Made here, when they
   * are used, they come out of the cache and not out of memory, and those that
   * were read ahead take less of it.
   */
  finish(batch: RowsBatch): RowsBatch {
    const isDone = !this.#isDense ||
      Object.values(batch.layers).every(({ format }) => format === "dense");
    if (isDone) return batch;
    const into = this.#pool.takeDense(batch.indices.length);
    const layers = spreadLayers(batch.layers, into);
    this.#spread.add(layers);
    const released = spareOf(batch);
    if (released) this.#post({ released });
    return { ...batch, layers };
  }

  release(batch: RowsBatch): void {
    const released = spareOf(batch);
    if (released === undefined) return;
    if (this.#spread.has(batch.layers)) this.#pool.put(released);
    else this.#post({ released });
  }

  async close(): Promise<void> {
    this.#closing ??= this.#thread?.close();
    this.#end(closedError());
    await this.#closing;
  }

  #post(request: LaneRequest): void {
    const { message, transfer } = packMessage(request);
    this.#thread?.post(message, transfer);
  }

  #take(reply: LaneReply): void {
    const thread = this.#thread;
    if (!thread) return;
    if ("started" in reply) {
      thread.post(this.#setup);
      this.#setup = undefined;
      return;
    }
    if ("length" in reply) this.#opened.resolve(reply.length);
    else if ("batch" in reply) this.#waiting.shift()?.resolve(reply.batch);
    else if (this.#waiting.length > 0) {
      this.#waiting.shift()!.reject(reply.error);
    } else this.#opened.reject(reply.error);
    if (this.#waiting.length === 0) thread.isWorking = false;
  }

  #fail(message: string): void {
    this.#end(new Error(`Cannot read batches: a worker failed: ${message}`));
  }

  #end(problem: unknown): void {
    this.#thread = undefined;
    this.#problem ??= problem;
    // A worker that got no setup did not start; one that did, failed.
    if (this.#setup) this.#opened.resolve(undefined);
    else this.#opened.reject(this.#problem);
    this.#opened.promise.catch(() => {});
    for (const { reject } of this.#waiting.splice(0)) reject(this.#problem);
  }
}

const MODULE = new URL("./loader_worker.ts", import.meta.url);

function closedError(): Error {
  return new Error("Cannot read batches: the loader was closed");
}
