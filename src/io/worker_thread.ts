import { Worker } from "node:worker_threads";

/** What a thread is heard by. */
export interface WorkerThreadEvents {
  /** Is given each message of the thread. */
  readonly onMessage: (message: unknown) => void;
  /** Is told why the thread ended, where it failed. */
  readonly onFailure: (message: string) => void;
}

/**
 * A thread that runs a program given as text, for which no permission is
 * needed, so that it also runs in a compiled binary. The thread hears through
 * `parentPort` of `node:worker_threads`. It keeps the process alive only while
 * it is at work: workers of the web do so for as long as they exist.
 */
export class WorkerThread {
  readonly #worker: Worker;
  #isWorking = false;

  private constructor(worker: Worker, events: WorkerThreadEvents) {
    this.#worker = worker;
    worker.on("message", events.onMessage);
    worker.on("error", ({ message }) => events.onFailure(message));
    worker.unref();
  }

  /**
   * Starts a thread.
   *
   * @param program The text of a module.
   * @param events What hears it.
   * @returns The thread, or undefined where none can be started.
   */
  static start(
    program: string,
    events: WorkerThreadEvents,
  ): WorkerThread | undefined {
    const url = `data:text/javascript,${encodeURIComponent(program)}`;
    try {
      return new WorkerThread(new Worker(new URL(url)), events);
    } catch {
      return undefined;
    }
  }

  /**
   * Starts a thread that runs a module, wherever it is from. A local one has to
   * be read, for which there must be permission; where there is none the
   * thread fails.
   *
   * @param module The URL of the module, whose `serve` is given the port that
   * the thread hears and speaks through.
   * @param events What hears it.
   * @returns The thread, or undefined where none can be started.
   */
  static startModule(
    module: string,
    events: WorkerThreadEvents,
  ): WorkerThread | undefined {
    const program = [
      'import { parentPort } from "node:worker_threads";',
      `const { serve } = await import(${JSON.stringify(module)});`,
      "serve(parentPort);",
    ];
    return WorkerThread.start(program.join("\n"), events);
  }

  /** Whether the thread is at work, and keeps the process alive. */
  get isWorking(): boolean {
    return this.#isWorking;
  }

  set isWorking(isWorking: boolean) {
    if (isWorking === this.#isWorking) return;
    this.#isWorking = isWorking;
    if (isWorking) this.#worker.ref();
    else this.#worker.unref();
  }

  /**
   * Sends a message.
   *
   * @param message What can be cloned.
   * @param transfer The buffers in it that move to the thread.
   */
  post(message: unknown, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  /**
   * Ends the thread.
   *
   * @returns A promise that ends when it did.
   */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
