/** The workers of the CPU engine. */
import pairsRunnerSource from "./pairs_runner.js" with { type: "text" };
import runnerSource from "./runner.js" with { type: "text" };
import workerSource from "./worker.js" with { type: "text" };
import type { FileState } from "../../io/file_source.ts";
import { WorkerThread } from "../../io/worker_thread.ts";
import type { Piece } from "./parts.ts";

/** The words that threads share: the next piece. */
export const NEXT = 0;
/** The piece behind which all threads stop. */
export const STOP = 1;
/** From here on, for each thread whether it began. */
export const BEGAN = 2;

/** What a thread runs: one module, whose parts see each other. */
const PROGRAM = [
  runnerSource,
  pairsRunnerSource.replace(/^import [^;]*;$/m, ""),
  workerSource,
].join("");

/** What a thread is told of a file. */
export interface ThreadFile {
  /** Its path. */
  readonly path: string;
  /** The state that it must be in. */
  readonly state: FileState;
}

/** What a thread does. */
export interface ThreadJob {
  /** What is computed, by which runner, and over what: the parts. */
  readonly job: {
    readonly kernel: string;
    readonly parts: readonly unknown[];
    readonly pieces: readonly Piece[];
  };
  /** The files, by the `file` of a part. */
  readonly files: readonly ThreadFile[];
  /** The words that are shared. */
  readonly control: Int32Array;
}

/** What went wrong, and in which piece. */
export interface Failure {
  /** The piece. */
  readonly piece: number;
  /** The profile of the part whose pairs are not valid. */
  readonly profile?: number;
  /** What went wrong else. */
  readonly message?: string;
  /** The same, where it was thrown on this thread. */
  readonly error?: unknown;
}

interface Reply {
  readonly advance?: number;
  readonly isFinished?: boolean;
  readonly failure?: Failure;
}

interface Pending {
  readonly advance: (profilesCount: number) => void;
  readonly resolve: (failure: Failure | undefined) => void;
}

/** A thread that computes; jobs of it are done in the order they come in. */
export class Thread {
  readonly #pending: Pending[] = [];
  #worker: WorkerThread | undefined;
  #problem = "it did not start";

  /**
   * Starts a thread.
   *
   * @param module The kernels.
   */
  constructor(module: WebAssembly.Module) {
    this.#worker = WorkerThread.start(PROGRAM, {
      onMessage: (reply) => this.#take(reply as Reply),
      onFailure: (message) => this.#fail(message),
    });
    this.#worker?.post({ module });
  }

  /** Whether the thread can be given jobs. */
  get isRunning(): boolean {
    return this.#worker !== undefined;
  }

  /**
   * Lets the thread take pieces of a job.
   *
   * @param job The job.
   * @param thread Which of the threads of the job it is.
   * @param advance Told of profiles that were done.
   * @returns What went wrong, if something did.
   */
  run(
    job: ThreadJob,
    thread: number,
    advance: (profilesCount: number) => void,
  ): Promise<Failure | undefined> {
    return new Promise((resolve) => {
      this.#pending.push({ advance, resolve });
      if (!this.#worker) return this.#fail(this.#problem);
      this.#worker.isWorking = true;
      this.#worker.post(pack({ ...job, thread }));
    });
  }

  /**
   * Ends the thread.
   *
   * @returns A promise that ends when it did.
   */
  async close(): Promise<void> {
    await this.#worker?.close();
    this.#fail("it was ended");
  }

  #take({ advance, isFinished, failure }: Reply): void {
    if (advance !== undefined) this.#pending[0]?.advance(advance);
    if (isFinished) this.#pending.shift()?.resolve(failure);
    if (this.#pending.length === 0) this.#worker!.isWorking = false;
  }

  #fail(message: string): void {
    this.#worker = undefined;
    this.#problem = message;
    for (const { resolve } of this.#pending.splice(0)) {
      resolve({ piece: -1, message: `a thread failed: ${message}` });
    }
  }
}

/**
 * Takes views of shared memory apart; the worker puts them together. A view
 * that is posted as it is costs as much as a list of its numbers.
 */
function pack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pack);
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, length } = value as Uint8Array;
    return { view: value.constructor.name, buffer, byteOffset, length };
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, pack(field)]),
  );
}
