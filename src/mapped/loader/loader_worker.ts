/**
 * A worker of a loader: opens the source by itself, then reads batches in the
 * order in which they are asked for. See {@linkcode LaneReply} for what it
 * says.
 */
import type { SpareMemory } from "./memory_pool.ts";
import { areSparse } from "./spread_rows.ts";
import { packMessage, unpackMessage } from "./messages.ts";
import {
  type BatchRequest,
  type LaneReply,
  type LaneRequest,
  type LaneSetup,
  LocalLane,
} from "./lanes.ts";
import {
  MappedCollection,
  type SharedCollection,
} from "../mapped_collection.ts";
import type { RowsBatch, RowSource } from "../rows.ts";

/** What a worker hears and speaks through. */
export interface LanePort {
  /**
   * Sends a message.
   *
   * @param message What can be cloned.
   * @param transfer The buffers in it that move.
   */
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
  /**
   * Listens.
   *
   * @param event What for.
   * @param listener What is called.
   */
  on(event: "message", listener: (message: unknown) => void): void;
}

/** What a module of a user has that opens a source. */
interface OpenerModule {
  openRows(data: unknown): RowSource | Promise<RowSource>;
}

/**
 * Serves the batches of a source.
 *
 * @param port Where they are asked for.
 */
export function serve(port: LanePort): void {
  const reply = (what: LaneReply) => {
    const { message, transfer } = packMessage(what);
    port.postMessage(message, transfer);
  };
  let rows: Promise<WorkerRows> | undefined;
  port.on("message", (message) => {
    if (rows === undefined) {
      rows = startRows(message as LaneSetup, reply);
      rows.catch((error) => reply({ error: withoutCause(error) }));
      return;
    }
    answer(rows, unpackMessage(message) as LaneRequest, reply);
  });
  reply({ started: true });
}

type ReplyFunction = (what: LaneReply) => void;

/** Reads for another thread. */
class WorkerRows {
  readonly #lane: LocalLane;
  /** Dense rows are sent as sparse ones, which are a small part of the bytes. */
  #isSpread: boolean;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    source: RowSource,
    { dtype, format, isSpread, sparesCount }: LaneSetup,
  ) {
    this.#lane = new LocalLane(source, { dtype, format }, sparesCount);
    this.#isSpread = isSpread && format !== "csr";
  }

  /** Batches are answered in the order in which they were asked for. */
  read(request: BatchRequest): Promise<RowsBatch> {
    const batch = this.#last.then(() => this.#read(request));
    this.#last = batch.catch(() => {});
    return batch;
  }

  async #read(request: BatchRequest): Promise<RowsBatch> {
    if (!this.#isSpread || request.format) {
      return await this.#lane.read(request);
    }
    const batch = await this.#lane.read({
      ...request,
      format: "csr",
      keepZeros: true,
    });
    this.#isSpread = areSparse(batch);
    return batch;
  }

  reuse(spare: SpareMemory): void {
    this.#lane.reuse(spare);
  }
}

async function startRows(
  setup: LaneSetup,
  reply: ReplyFunction,
): Promise<WorkerRows> {
  const { data, module } = setup.opener;
  const source = module === ""
    ? await MappedCollection.openInWorker(data as SharedCollection)
    : await (await import(module) as OpenerModule).openRows(data);
  reply({ length: source.length });
  return new WorkerRows(source, setup);
}

async function answer(
  starting: Promise<WorkerRows>,
  request: LaneRequest,
  reply: ReplyFunction,
): Promise<void> {
  try {
    const rows = await starting;
    if ("released" in request) return rows.reuse(request.released);
    reply({ batch: await rows.read(request) });
  } catch (error) {
    reply({ error: withoutCause(error) });
  }
}

/** Errors are cloned; what they were caused by may be anything. */
function withoutCause(error: unknown): unknown {
  if (!(error instanceof Error)) return new Error(String(error));
  const { message, name } = error;
  const Kind = [TypeError, RangeError, SyntaxError]
    .find((one) => one.name === name) ?? Error;
  return new Kind(message);
}
