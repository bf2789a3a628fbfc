/** Does a job on the calling thread and on others, piece by piece. */
import type { ByteSource } from "../../io/byte_source.ts";
import { FileSource } from "../../io/file_source.ts";
import { MappedSource } from "../../io/mapped_source.ts";
import { decodePairs } from "../../matrix/pairs.ts";
import type { KernelOptions } from "../engine.ts";
import type { PairsRelay } from "./pairs_relay.ts";
import type { Piece } from "./parts.ts";
import type { ReadFunction } from "./runner.js";
import {
  BEGAN,
  type Failure,
  NEXT,
  STOP,
  type Thread,
  type ThreadFile,
  type ThreadJob,
} from "./threads.ts";

/** How long the calling thread computes before it lets events come in, in ms. */
const TURN = 50;

/** How long it computes before it says how long all will take, in ms. */
const TRIAL = 15;

/** Behind all pieces. */
const NO_STOP = 2 ** 31 - 1;

/** What a job is: what is computed of what, on this thread and on others. */
export interface Work {
  /** What other threads are told; what they write to is shared. */
  readonly message: ThreadJob["job"];
  /** Where the pairs are. */
  readonly sources: readonly ByteSource[];
  /** Takes what this thread and others computed, where that has an order. */
  readonly relay?: PairsRelay | undefined;
  /** Starts the job on this thread. */
  begin(): void;
  /**
   * Computes a piece on this thread.
   *
   * @param piece The piece.
   * @param read Reads pairs.
   * @param isStopped Whether it is to be given up.
   * @returns The first profile whose pairs are not valid, or -1.
   */
  run(
    piece: Piece,
    read: ReadFunction,
    isStopped: () => boolean,
  ): Promise<number>;
  /**
   * Hands over what was computed of a piece, for the relay.
   *
   * @param piece Its number.
   */
  put?(piece: number): void;
  /** Ends the job on this thread. */
  end(): void;
  /** Gives up the job on this thread. */
  abandon(): void;
  /**
   * The sources that a piece was read from.
   *
   * @param piece The piece.
   * @returns Their places among the sources.
   */
  filesOf(piece: Piece): readonly number[];
  /**
   * Where the pairs of a profile are.
   *
   * @param piece The piece that it is in.
   * @param profile The profile, as `run` says it.
   * @returns The place.
   */
  placeOf(piece: Piece, profile: number): PairsPlace;
}

/** Where the pairs of a profile are. */
export interface PairsPlace {
  /** The place of the source among the sources. */
  readonly file: number;
  /** What messages call the matrix. */
  readonly name: string;
  /** The number of genes of the matrix. */
  readonly genesCount: number;
  /** The first byte. */
  readonly start: number;
  /** The one after the last. */
  readonly end: number;
}

/** What a job needs beside what it is. */
export interface JobContext extends KernelOptions {
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
 * Does a job.
 *
 * @param work What is computed.
 * @param context What computes; who is told; what stops it.
 * @throws {SyntaxError} If pairs are not valid: the first that are not.
 * @throws {Error} If a file can't be read, or changed.
 */
export async function runJob(work: Work, context: JobContext): Promise<void> {
  await new JobRun(work, context).run();
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
  readonly #work: Work;
  readonly #context: JobContext;
  readonly #pieces: readonly Piece[];
  readonly #control: Int32Array;
  readonly #others: Promise<Failure | undefined>[] = [];
  readonly #began = performance.now();
  #piece = -1;

  constructor(work: Work, context: JobContext) {
    this.#work = work;
    this.#context = context;
    this.#pieces = work.message.pieces;
    const threads = 1 + (context.team?.most ?? 0);
    const words = 4 * (BEGAN + threads);
    this.#control = new Int32Array(
      threads > 1 ? new SharedArrayBuffer(words) : new ArrayBuffer(words),
    );
    this.#control[STOP] = NO_STOP;
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
      const failures = [await this.#compute()];
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
    const { message: job, sources } = this.#work;
    const { team, advance = () => {} } = this.#context;
    if (team === undefined) return;
    const files = sources.map((source) => fileOf(source)!);
    while (this.#others.length < team.threads.length) {
      const at = this.#others.length;
      const message = { job, files, control: this.#control };
      this.#others.push(this.#call(team.threads[at]!, message, at, advance));
    }
  }

  /** Where a thread fails, however it does, the others stop. */
  async #call(
    thread: Thread,
    message: ThreadJob,
    at: number,
    advance: (profilesCount: number) => void,
  ): Promise<Failure | undefined> {
    const failure = await thread.run(message, at, advance);
    if (failure) this.#stopBehind(failure.piece);
    return failure;
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
  async #compute(): Promise<Failure | undefined> {
    const work = this.#work;
    try {
      work.begin();
      const failure = await this.#takePieces();
      if (failure === undefined) {
        await work.relay?.finish(() => Atomics.load(this.#control, STOP));
      }
      work.end();
      return failure;
    } catch (error) {
      work.abandon();
      this.#stopBehind(-1);
      return { piece: -1, error };
    }
  }

  async #takePieces(): Promise<Failure | undefined> {
    const { advance } = this.#context;
    const work = this.#work;
    const read = readerOf(work.sources);
    const isStopped = () => Atomics.load(this.#control, STOP) < this.#piece;
    let turnEnd = performance.now() + TURN;
    while (
      (this.#piece = Atomics.add(this.#control, NEXT, 1)) < this.#pieces.length
    ) {
      const piece = this.#pieces[this.#piece]!;
      await work.relay?.waitForRoom(this.#piece, isStopped);
      if (isStopped()) return;
      const bad = await work.run(piece, read, isStopped);
      for (const file of work.filesOf(piece)) {
        work.sources[file]!.checkUnchanged?.();
      }
      if (bad >= 0) return this.#fail(bad);
      if (isStopped()) return;
      work.put?.(this.#piece);
      advance?.(piece.profilesCount);
      this.#reinforce();
      if (performance.now() < turnEnd) continue;
      await new Promise((resolve) => setTimeout(resolve, 0));
      turnEnd = performance.now() + TURN;
    }
  }

  #fail(profile: number): Failure {
    const piece = this.#piece;
    this.#stopBehind(piece);
    return { piece, profile };
  }

  /** Stops all threads behind a piece. */
  #stopBehind(piece: number): void {
    let stop = Atomics.load(this.#control, STOP);
    while (piece < stop) {
      stop = Atomics.compareExchange(this.#control, STOP, stop, piece);
    }
  }

  /** Throws for the first piece where something went wrong. */
  async #report(failures: readonly Failure[]): Promise<void> {
    const [first] = failures.toSorted((left, right) =>
      left.piece - right.piece
    );
    if (first === undefined) return;
    if (first.error !== undefined) throw first.error;
    const work = this.#work;
    const piece = this.#pieces[Math.max(first.piece, 0)]!;
    const files = work.filesOf(piece);
    for (const file of files) work.sources[file]!.checkUnchanged?.();
    const { profile, message: why = "its pairs are not valid" } = first;
    if (profile === undefined) {
      throw new Error(`Cannot read ${work.sources[files[0]!]!.name}: ${why}`);
    }
    const place = work.placeOf(piece, profile);
    await explain(place, work.sources[place.file]!);
    throw new Error(`Cannot read ${place.name}: ${why}`);
  }
}

/** Decodes a profile that is not valid, for the message with the offset. */
async function explain(
  { name, genesCount, start, end }: PairsPlace,
  source: ByteSource,
): Promise<void> {
  const pairs = new Uint8Array(end - start);
  await source.read(start, pairs);
  decodePairs(pairs, genesCount, { name, offset: start });
}

/**
 * Reads without a look at whether files changed, which is found afterwards.
 *
 * @param sources Where the bytes are.
 * @returns What reads bytes of one of them.
 */
export function readerOf(sources: readonly ByteSource[]): ReadFunction {
  return (target, place, length, offset, file) => {
    const source = sources[file]!;
    return source instanceof FileSource
      ? source.readUnchecked(offset, target, place, length)
      : source.read(offset, target.subarray(place, place + length));
  };
}
