import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { describeSystemError } from "./system_errors.ts";

/**
 * A temporary file that is written and read anywhere. It is not synced: what
 * is in it is of no use after a crash.
 */
export class ScratchFile implements Disposable {
  /** The path of the file. */
  readonly name: string;
  readonly #descriptor: number;
  #isOpen = true;

  /**
   * Creates the file. Needs `--allow-read` and `--allow-write` for the path.
   *
   * @param path The path, where nothing may be yet.
   */
  constructor(path: string) {
    this.name = path;
    try {
      this.#descriptor = openSync(path, "wx+");
    } catch (error) {
      throw describeSystemError(`create ${path}`, error);
    }
  }

  /**
   * Writes bytes.
   *
   * @param offset Where the first of them goes.
   * @param bytes The bytes.
   */
  write(offset: number, bytes: Uint8Array): void {
    try {
      for (let done = 0; done < bytes.length;) {
        const left = bytes.length - done;
        done += writeSync(this.#descriptor, bytes, done, left, offset + done);
      }
    } catch (error) {
      throw describeSystemError(`write ${this.name}`, error);
    }
  }

  /**
   * Reads bytes.
   *
   * @param offset Where the first of them is.
   * @param target What to fill.
   * @throws {RangeError} If the file ends before the target is full.
   */
  read(offset: number, target: Uint8Array): void {
    for (let done = 0; done < target.length;) {
      const left = target.length - done;
      const read = this.#readSome(offset + done, target, done, left);
      if (read === 0) {
        throw new RangeError(
          `Cannot read ${this.name}: it ends at byte ${offset + done}`,
        );
      }
      done += read;
    }
  }

  /** Closes the file and removes it. */
  [Symbol.dispose](): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.#descriptor);
    rmSync(this.name, { force: true });
  }

  #readSome(
    offset: number,
    target: Uint8Array,
    start: number,
    length: number,
  ): number {
    try {
      return readSync(this.#descriptor, target, start, length, offset);
    } catch (error) {
      throw describeSystemError(`read ${this.name}`, error);
    }
  }
}
