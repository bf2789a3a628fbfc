import { createReadStream, type ReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import workerSource from "./inflate_worker.js" with { type: "text" };
import { describeSystemError } from "./system_errors.ts";

/** Large, for the thread idles while it waits for what is read. */
const READ_BYTES = 1 << 20;

/** What the worker posts. */
type Message =
  | { readonly buffer: ArrayBuffer; readonly length: number }
  | { readonly done: true }
  | Problem;

/** What went wrong with the data, and behind which byte of the file. */
interface Problem {
  readonly code: string | undefined;
  readonly message: string;
  readonly offset: number;
}

/**
 * Inflates a gzip file, all members of it, on this thread.
 *
 * @param path The path of the file.
 * @param chunkSize The most bytes of a chunk.
 * @returns The content in chunks.
 * @throws {Error} If the data are cut off or damaged; with the offset.
 */
export async function* inflateHere(
  path: string,
  chunkSize: number,
): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize });
  const file = createReadStream(path, { highWaterMark: READ_BYTES });
  // An error of either stream destroys both, and comes out of the loop.
  pipeline(file, gunzip, () => {});
  try {
    // Plain arrays and not Buffers: a hot loop is faster with one class.
    for await (const { buffer, byteOffset, length } of gunzip) {
      yield new Uint8Array(buffer, byteOffset, length);
    }
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const offset = gunzip.bytesWritten;
    throw describeProblem(path, { code, message, offset }, error);
  } finally {
    await closeStream(file);
  }
}

/** Waits for the file to be closed, which a stream does some time after. */
async function closeStream(file: ReadStream): Promise<void> {
  file.destroy();
  if (file.closed) return;
  await new Promise<void>((resolve) => file.once("close", () => resolve()));
}

/**
 * Inflates a gzip file, all members of it, on a thread of its own, a few
 * chunks ahead. Where no worker can be started, this thread does it.
 *
 * @param path The path of the file.
 * @param chunkSize The most bytes of a chunk.
 * @returns The content in chunks; each is void when the next is asked for.
 * @throws {Error} If the data are cut off or damaged; with the offset.
 */
export async function* inflateAside(
  path: string,
  chunkSize: number,
): AsyncGenerator<Uint8Array> {
  const inbox = new Inbox();
  const worker = startWorker(inbox);
  try {
    worker?.postMessage({ path, chunkSize });
    let message = worker ? await inbox.take() : undefined;
    if (message === undefined) {
      yield* inflateHere(path, chunkSize);
      return;
    }
    while (message && "buffer" in message) {
      const { buffer, length } = message;
      yield new Uint8Array(buffer, 0, length);
      worker!.postMessage({ buffer }, [buffer]);
      message = await inbox.take();
    }
    if (message && "done" in message) return;
    throw describeProblem(path, message ?? WORKER_PROBLEM);
  } finally {
    worker?.terminate();
  }
}

const WORKER_PROBLEM: Problem = {
  code: undefined,
  message: "its worker failed",
  offset: 0,
};

/** A worker that runs from its text, or nothing where that is not possible. */
function startWorker(inbox: Inbox): Worker | undefined {
  const url = URL.createObjectURL(
    new Blob([workerSource], { type: "text/javascript" }),
  );
  try {
    const worker = new Worker(url, { type: "module" });
    worker.onmessage = ({ data }) => inbox.put(data);
    worker.onerror = (event) => {
      event.preventDefault();
      inbox.put(undefined);
    };
    return worker;
  } catch {
    return undefined;
  }
}

/** Messages in the order in which they came; undefined for a failed worker. */
class Inbox {
  readonly #messages: (Message | undefined)[] = [];
  #wake: (() => void) | undefined;

  put(message: Message | undefined): void {
    this.#messages.push(message);
    this.#wake?.();
  }

  async take(): Promise<Message | undefined> {
    while (this.#messages.length === 0) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    return this.#messages.shift();
  }
}

function describeProblem(
  path: string,
  { code, message, offset }: Problem,
  cause?: unknown,
): Error {
  if (code === "Z_BUF_ERROR") {
    return new Error(
      `Cannot read ${path}: the file is cut off: ` +
        `its gzip data go on after byte ${offset}, where it ends`,
      { cause },
    );
  }
  if (code !== "Z_DATA_ERROR" && code !== "Z_NEED_DICT") {
    const error = cause ?? Object.assign(new Error(message), { code });
    return describeSystemError(`read ${path}`, error);
  }
  return new Error(
    `Cannot read ${path}: its gzip data are damaged, which shows ` +
      `after byte ${offset}: ${message}`,
    { cause },
  );
}
