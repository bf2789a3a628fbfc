import { closeSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import type { ByteSink } from "./byte_sink.ts";
import { isSyncDeferred } from "./deferred_sync.ts";
import { describeSystemError } from "./system_errors.ts";

/**
 * Bytes that are gathered before they go to the system, in blocks that start
 * at multiples of it: systems keep a file in memory in the pieces in which it
 * was written, and small or crooked ones take three times as long to read.
 */
const BUFFER_BYTES = 1 << 18;

/** The most bytes of one call: the system takes less than 2 GiB. */
const MOST_AT_ONCE = 2 ** 30;

/**
 * Writes a new file through a buffer. The file must not exist; it is the
 * caller who builds it aside and moves it into place when it is whole.
 */
export class FileSink implements ByteSink {
  /** The path of the file. */
  readonly name: string;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #descriptor: number | undefined;
  #buffered = 0;
  #written = 0;

  private constructor(path: string, descriptor: number) {
    this.name = path;
    this.#descriptor = descriptor;
  }

  /**
   * Creates a file. Needs `--allow-write` for the path.
   *
   * @param path The path, where nothing may be yet.
   * @returns The open sink.
   */
  static create(path: string): FileSink {
    try {
      return new FileSink(path, openSync(path, "wx"));
    } catch (error) {
      throw describeSystemError(`create ${path}`, error);
    }
  }

  /** How many bytes were written. */
  get position(): number {
    return this.#written + this.#buffered;
  }

  /**
   * Adds bytes at the end.
   *
   * @param bytes The bytes; the array may be reused.
   */
  write(bytes: Uint8Array): void {
    for (let start = 0; start < bytes.byteLength;) {
      const left = bytes.byteLength - start;
      const room = BUFFER_BYTES - this.position % BUFFER_BYTES;
      // Whole blocks need not go through the buffer.
      const direct = this.#buffered === 0 && room === BUFFER_BYTES
        ? left - left % BUFFER_BYTES
        : 0;
      const length = direct > 0 ? direct : Math.min(left, room);
      const part = bytes.subarray(start, start + length);
      start += length;
      if (direct > 0) {
        this.#put(part, this.#written);
        this.#written += length;
        continue;
      }
      this.#buffer.set(part, this.#buffered);
      this.#buffered += length;
      if (length === room) this.#flush();
    }
  }

  /**
   * Replaces bytes that were written before.
   *
   * @param offset Where the first of them is.
   * @param bytes The new bytes.
   */
  writeAt(offset: number, bytes: Uint8Array): void {
    this.#flush();
    this.#put(bytes, offset);
  }

  /**
   * Makes all bytes durable and closes the file. In a folder that is being
   * built they become durable when it is moved into place.
   */
  finish(): void {
    this.#flush();
    try {
      if (!isSyncDeferred(this.name)) fsyncSync(this.#open());
    } catch (error) {
      throw describeSystemError(`write ${this.name}`, error);
    }
    this.#close();
  }

  /** Closes the file and removes it. */
  abort(): void {
    this.#close();
    rmSync(this.name, { force: true });
  }

  #flush(): void {
    if (this.#buffered === 0) return;
    this.#put(this.#buffer.subarray(0, this.#buffered), this.#written);
    this.#written += this.#buffered;
    this.#buffered = 0;
  }

  #put(bytes: Uint8Array, offset: number): void {
    const descriptor = this.#open();
    let done = 0;
    try {
      while (done < bytes.byteLength) {
        const left = Math.min(bytes.byteLength - done, MOST_AT_ONCE);
        done += writeSync(descriptor, bytes, done, left, offset + done);
      }
    } catch (error) {
      throw describeSystemError(`write ${this.name}`, error);
    }
  }

  #open(): number {
    if (this.#descriptor !== undefined) return this.#descriptor;
    throw new Error(`Cannot write ${this.name}: it is closed`);
  }

  #close(): void {
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}
