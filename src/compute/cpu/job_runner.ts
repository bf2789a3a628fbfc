/** Does a job on the calling thread and on others, piece by piece. */
import type { ByteSource } from "../../io/byte_source.ts";
import { FileSource } from "../../io/file_source.ts";
import { MappedSource } from "../../io/mapped_source.ts";
import { decodePairs } from "../../matrix/pairs.ts";
import type { KernelOptions } from "../engine.ts";
import { cutPieces, type Piece, type Plan } from "./parts.ts";
import type { Part, ReadFunction, Runner, RunnerJob } from "./runner.js";
import {
  BEGAN,
  type Failure,
  LOCK,
  NEXT,
  STOP,
  type Thread,
  type ThreadFile,
} from "./threads.ts";

/** How long the calling thread computes before it lets events come in, in ms. */
const TURN = 50;

/** How long it computes before it says how long all will take, in ms. */
const TRIAL = 15;

/** Behind all pieces. */
const NO_STOP = 2 ** 31 - 1;

/** What a job needs beside what it is. */
export interface JobContext extends KernelOptions {
  /** Computes on this thread. */
  readonly runner: Runner;
  /** Others that compute; none where results are not shared. */
  readonly team?: Team | undefined;
}

/** The threads beside the calling one. */
export interface Team {
  /** Those that run. */
  readonly threads: readonly Thread[];
  /** How many there may be. */
  readonly most: number;
  /** How long a thread takes to start, in ms. */
  readonly startTime: number;
  /** How long earlier jobs took that they could have been of use to, in ms. */
  readonly spent: number;
  /** Starts those that do not run yet. */
  start(): void;
}

/**
 * Does a job over the parts of a plan.
 *
 * @param job What is computed. With threads, its results are shared.
 * @param plan The parts.
 * @param context What computes; who is told; what stops it.
 * @throws {SyntaxError} If pairs are not valid: the first that are not.
 * @throws {Error} If a file can't be read, or changed.
 */
export async function runJob(
  job: RunnerJob,
  plan: Plan,
  context: JobContext,
): Promise<void> {
  await new JobRun(job, plan, context).run();
}

/**
 * Whether threads can read a source by themselves.
 *
 * @param source The source.
 * @returns Its file, or undefined.
 */
export function fileOf(source: ByteSource): ThreadFile | undefined {
  const file = source instanceof MappedSource ? source.file : source;
  if (!(file instanceof FileSource)) return undefined;
  return { path: file.name, state: file.state };
}

class JobRun {
  readonly #job: RunnerJob;
  readonly #plan: Plan;
  readonly #context: JobContext;
  readonly #pieces: readonly Piece[];
  readonly #control: Int32Array;
  readonly #others: Promise<Failure | undefined>[] = [];
  readonly #began = performance.now();
  #piece = -1;

  constructor(job: RunnerJob, plan: Plan, context: JobContext) {
    const threads = 1 + (context.team?.most ?? 0);
    this.#plan = threads > 1 ? { ...plan, parts: shareParts(plan) } : plan;
    this.#context = context;
    this.#pieces = cutPieces(plan.parts, plan.byteLength, threads);
    const words = 4 * (BEGAN + threads);
    this.#control = new Int32Array(
      threads > 1 ? new SharedArrayBuffer(words) : new ArrayBuffer(words),
    );
    this.#control[STOP] = NO_STOP;
    const lock = this.#control.subarray(LOCK, LOCK + 1);
    this.#job = threads > 1 ? { ...job, lock } : job;
  }

  async run(): Promise<void> {
    const { signal } = this.#context;
    const stop = () => Atomics.store(this.#control, STOP, -1);
    signal?.throwIfAborted();
    signal?.addEventListener("abort", stop);
    try {
      const { team } = this.#context;
      // They pay once as much was done without them as they cost.
      if (team && team.spent >= 2 * team.startTime) team.start();
      this.#callThreads();
      const failures = [await this.#work()];
      for (const [thread, other] of this.#others.entries()) {
        // One that did not begin finds no piece when it does.
        if (this.#control[BEGAN + thread] === 1) failures.push(await other);
      }
      signal?.throwIfAborted();
      await this.#report(failures.filter((failure) => failure !== undefined));
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  /** Lets the threads that run take pieces, as far as they don't yet. */
  #callThreads(): void {
    const { parts, sources } = this.#plan;
    const { team, advance = () => {} } = this.#context;
    if (team === undefined) return;
    const job = { ...this.#job, parts, pieces: this.#pieces };
    const files = sources.map((source) => fileOf(source)!);
    while (this.#others.length < team.threads.length) {
      const at = this.#others.length;
      const message = { job, files, control: this.#control };
      this.#others.push(team.threads[at]!.run(message, at, advance));
    }
  }

  /** Starts threads if what is left takes longer than their start. */
  #reinforce(): void {
    const { team } = this.#context;
    if (team === undefined || this.#others.length >= team.most) return;
    const passed = performance.now() - this.#began;
    if (passed < TRIAL) return;
    const left = this.#pieces.length / (this.#piece + 1) - 1;
    if (passed * left + team.spent < 2 * team.startTime) return;
    team.start();
    this.#callThreads();
  }

  /** Takes pieces on this thread until there are no more. */
  async #work(): Promise<Failure | undefined> {
    const { runner } = this.#context;
    try {
      runner.begin(this.#job);
      const failure = await this.#takePieces();
      runner.end();
      return failure;
    } catch (error) {
      runner.abandon();
      return this.#fail({ error });
    }
  }

  async #takePieces(): Promise<Failure | undefined> {
    const { runner, advance } = this.#context;
    const { parts, sources } = this.#plan;
    const isStopped = () => Atomics.load(this.#control, STOP) < this.#piece;
    let turnEnd = performance.now() + TURN;
    while (
      (this.#piece = Atomics.add(this.#control, NEXT, 1)) < this.#pieces.length
    ) {
      if (isStopped()) return;
      const { part, first, end } = this.#pieces[this.#piece]!;
      const source = sources[parts[part]!.file]!;
      const read = readerOf(source);
      const bad = await runner.run(parts[part]!, first, end, read, isStopped);
      source.checkUnchanged?.();
      if (bad >= 0) return this.#fail({ profile: bad });
      advance?.(end - first);
      this.#reinforce();
      if (performance.now() < turnEnd) continue;
      await new Promise((resolve) => setTimeout(resolve, 0));
      turnEnd = performance.now() + TURN;
    }
  }

  /** Stops all threads behind the piece. */
  #fail(why: Omit<Failure, "piece">): Failure {
    const piece = this.#piece;
    let stop = Atomics.load(this.#control, STOP);
    while (piece < stop) {
      stop = Atomics.compareExchange(this.#control, STOP, stop, piece);
    }
    return { piece, ...why };
  }

  /** Throws for the first piece where something went wrong. */
  async #report(failures: readonly Failure[]): Promise<void> {
    const [first] = failures.toSorted((left, right) =>
      left.piece - right.piece
    );
    if (first === undefined) return;
    if (first.error !== undefined) throw first.error;
    const { parts, sources } = this.#plan;
    const part = parts[this.#pieces[Math.max(first.piece, 0)]!.part]!;
    const source = sources[part.file]!;
    source.checkUnchanged?.();
    if (first.profile !== undefined) {
      await explain(part, source, first.profile);
    }
    const why = first.message ?? "its pairs are not valid";
    throw new Error(`Cannot read ${part.name}: ${why}`);
  }
}

/** Decodes a profile that is not valid, for the message with the offset. */
async function explain(
  part: Part,
  source: ByteSource,
  profile: number,
): Promise<void> {
  const offset = part.starts[profile]!;
  const pairs = new Uint8Array(part.ends[profile]! - offset);
  await source.read(offset, pairs);
  decodePairs(pairs, part.genesCount, { name: part.name, offset });
}

function readerOf(source: ByteSource): ReadFunction {
  if (source instanceof FileSource) {
    return (target, place, length, offset) =>
      source.readUnchecked(offset, target, place, length);
  }
  return (target, place, length, offset) =>
    source.read(offset, target.subarray(place, place + length));
}

/** Copies the lists of parts to where all threads see them. */
function shareParts({ parts }: Plan): Part[] {
  const shared = new Map<ArrayBufferLike, SharedArrayBuffer>();
  const share = <T extends Int32Array | Uint32Array>(values: T): T => {
    const { buffer, byteOffset, length } = values;
    let copy = shared.get(buffer);
    if (copy === undefined) {
      copy = new SharedArrayBuffer(buffer.byteLength);
      new Uint8Array(copy).set(new Uint8Array(buffer));
      shared.set(buffer, copy);
    }
    const Type = values.constructor as new (
      buffer: SharedArrayBuffer,
      byteOffset: number,
      length: number,
    ) => T;
    return new Type(copy, byteOffset, length);
  };
  return parts.map((part) => ({
    ...part,
    starts: share(part.starts),
    ends: share(part.ends),
    targets: part.targets && share(part.targets),
    rows: part.rows && share(part.rows),
    geneMap: part.geneMap && share(part.geneMap),
  }));
}
