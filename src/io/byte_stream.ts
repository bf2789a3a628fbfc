import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { inflateAside, inflateHere } from "./inflate.ts";
import { describeSystemError } from "./system_errors.ts";

/** Large enough that what a chunk costs is nothing beside its bytes. */
const CHUNK_BYTES = 1 << 18;
/**
 * From this size of a gzip file on, a thread of its own pays. At 78 MB it takes
 * a third off an import; at 7 MB its start costs what it saves, and more where
 * the machine is busy.
 */
const WORKER_BYTES = 1 << 22;

/** How a file is to be read. */
export interface ByteStreamOptions {
  /** The most bytes of a chunk; 256 KiB unless it is set. */
  readonly chunkSize?: number;
}

/**
 * Reads a file in order. A gzip file, known by its first two bytes whatever
 * its name, is inflated, all members of it. Needs `--allow-read` for the path.
 *
 * @param path The path of the file.
 * @param options How to read.
 * @returns The content in chunks, none of them empty. A chunk may be reused
 * when the next one is asked for.
 * @throws {Error} While it is iterated: if the file can't be read, or its gzip
 * data are cut off or damaged; the message has the file and the offset in it.
 */
export function openByteStream(
  path: string,
  options: ByteStreamOptions = {},
): AsyncIterable<Uint8Array> {
  const { chunkSize = CHUNK_BYTES } = options;
  return { [Symbol.asyncIterator]: () => iterateBytes(path, chunkSize) };
}

async function* iterateBytes(
  path: string,
  chunkSize: number,
): AsyncGenerator<Uint8Array> {
  const { isGzip, byteLength } = lookAt(path);
  const read = !isGzip
    ? readPlain
    : byteLength < WORKER_BYTES
    ? inflateHere
    : inflateAside;
  yield* read(path, chunkSize);
}

/** Whether a file starts with the two magic bytes of gzip, and its size. */
function lookAt(path: string): { isGzip: boolean; byteLength: number } {
  const magic = new Uint8Array(2);
  try {
    const descriptor = openSync(path, "r");
    try {
      readSync(descriptor, magic, 0, magic.length, 0);
      const isGzip = magic[0] === 0x1f && magic[1] === 0x8b;
      return { isGzip, byteLength: fstatSync(descriptor).size };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw describeSystemError(`read ${path}`, error);
  }
}

/**
 * The next chunk is read while the last one is used: on a network disk that
 * is half of the time.
 */
async function* readPlain(
  path: string,
  chunkSize: number,
): AsyncGenerator<Uint8Array> {
  let file: FileHandle | undefined;
  let pending: Promise<number> | undefined;
  try {
    file = await open(path, "r");
    let filling = new Uint8Array(chunkSize);
    let used = new Uint8Array(chunkSize);
    pending = readChunk(file, filling);
    for (let length = await pending; length > 0; length = await pending) {
      [used, filling] = [filling, used];
      pending = readChunk(file, filling);
      yield used.subarray(0, length);
    }
  } catch (error) {
    throw describeSystemError(`read ${path}`, error);
  } finally {
    await pending?.catch(() => 0);
    await file?.close();
  }
}

async function readChunk(
  file: FileHandle,
  target: Uint8Array,
): Promise<number> {
  const { bytesRead } = await file.read(target, 0, target.length, null);
  return bytesRead;
}
