import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { type ByteSource, checkRange } from "./byte_source.ts";
import {
  closeDescriptor,
  keepDescriptor,
  keptDescriptor,
} from "./open_descriptors.ts";
import { describeSystemError } from "./system_errors.ts";

/** The most bytes of one call: the system takes less than 2 GiB. */
const MOST_AT_ONCE = 2 ** 30;

/** What tells one state of a file from another. */
export interface FileState {
  /** The size in bytes. */
  readonly size: number;
  /** When the content was changed last, in milliseconds since 1970. */
  readonly modified: number;
  /** The number of the file in its file system. */
  readonly inode: number;
}

/**
 * The state that a file is in.
 *
 * @param path The path of the file.
 * @returns The state, or undefined where there is no such file.
 */
export function fileState(path: string): FileState | undefined {
  try {
    // That of `node:fs` takes three times as long.
    const { ino, mtime, size } = Deno.statSync(path);
    return { size, modified: mtime?.getTime() ?? 0, inode: ino ?? 0 };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw describeSystemError(`read ${path}`, error);
  }
}

/**
 * A file on disk as a {@linkcode ByteSource}, read by position: nothing is
 * loaded before it is asked for. `Deno.FsFile` has no positional read, which
 * is why this goes through `node:fs`.
 *
 * The file is looked at again before each read; one that was truncated,
 * changed or replaced since it was opened is an error, never wrong data. Any
 * number of sources can be open: only some of them keep a descriptor.
 *
 * @example Read four bytes of a file
 * ```ts ignore
 * import { FileSource } from "@metacell/storage";
 *
 * using source = FileSource.open("gp.umis.mmm");
 * const head = new Uint8Array(4);
 * source.read(0, head);
 * ```
 */
export class FileSource implements ByteSource {
  /** The path of the file. */
  readonly name: string;
  readonly #state: FileState;
  #isClosed = false;

  private constructor(path: string, descriptor: number, state: FileState) {
    this.name = path;
    this.#state = state;
    keepDescriptor(this, descriptor);
  }

  /**
   * Opens a file for reading. Needs `--allow-read` for the path.
   *
   * @param path The path of the file.
   * @param state The state that it must be in still, where it was looked at
   * before.
   * @returns The open source.
   * @throws {Error} If there is no such file, or it can't be read.
   */
  static open(path: string, state?: FileState): FileSource {
    try {
      const descriptor = openSync(path, "r");
      const stats = fstatSync(descriptor);
      if (!stats.isDirectory()) {
        const { ino, mtimeMs, size } = stats;
        const found = { size, modified: mtimeMs, inode: ino };
        return new FileSource(path, descriptor, state ?? found);
      }
      closeSync(descriptor);
    } catch (error) {
      throw describeSystemError(`open ${path}`, error);
    }
    throw new Error(`Cannot open ${path}: it is a folder`);
  }

  /** The size of the file when it was opened, in bytes. */
  get byteLength(): number {
    return this.#state.size;
  }

  /** The state of the file when it was opened. */
  get state(): FileState {
    return this.#state;
  }

  /**
   * Fills all of `target` with the bytes from `offset`.
   *
   * @param offset The first byte, from 0.
   * @param target Receives the bytes.
   * @throws {RangeError} If the range passes the end.
   * @throws {Error} If the file changed since it was opened.
   */
  read(offset: number, target: Uint8Array): void {
    if (!this.#isClosed) this.checkUnchanged();
    this.readUnchecked(offset, target, 0, target.byteLength);
  }

  /**
   * Reads bytes into a part of an array without a look at the file, which takes
   * as long as to read 100 kB: for those who read much, and call
   * `checkUnchanged` before they use what they got.
   *
   * @param offset The first byte, from 0.
   * @param target Receives the bytes.
   * @param start Where in `target` the first one goes.
   * @param length How many bytes.
   * @throws {RangeError} If the range passes the end.
   * @throws {Error} If the file ends before.
   */
  readUnchecked(
    offset: number,
    target: Uint8Array,
    start: number,
    length: number,
  ): void {
    if (this.#isClosed) {
      throw new Error(`Cannot read ${this.name}: it is closed`);
    }
    checkRange(this, offset, length);
    const descriptor = this.#descriptor();
    let done = 0;
    while (done < length) {
      const count = readSync(
        descriptor,
        target,
        start + done,
        Math.min(length - done, MOST_AT_ONCE),
        offset + done,
      );
      if (count === 0) throw this.#changed(`it ends at ${offset + done}`);
      done += count;
    }
  }

  /**
   * Checks that the path still leads to the file that was opened, with its
   * size and modification time.
   *
   * @throws {Error} If it does not.
   */
  checkUnchanged(): void {
    const now = fileState(this.name);
    if (now === undefined) throw this.#changed("it was removed");
    const { size, modified, inode } = this.#state;
    if (now.size !== size) {
      throw this.#changed(`its size was ${size} and is ${now.size}`);
    }
    if (now.modified !== modified || now.inode !== inode) {
      throw this.#changed("it was written to");
    }
  }

  /** Closes the file; closing twice is fine. */
  close(): void {
    this.#isClosed = true;
    closeDescriptor(this);
  }

  /** Closes the file at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** The descriptor; the file is opened again where it was not kept. */
  #descriptor(): number {
    const kept = keptDescriptor(this);
    if (kept !== undefined) return kept;
    try {
      const descriptor = openSync(this.name, "r");
      keepDescriptor(this, descriptor);
      return descriptor;
    } catch (error) {
      throw describeSystemError(`read ${this.name}`, error);
    }
  }

  #changed(how: string): Error {
    return new Error(
      `Cannot read ${this.name}: it changed since it was opened: ${how}`,
    );
  }
}
