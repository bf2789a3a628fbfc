import { type ByteSource, checkRange } from "./byte_source.ts";

/**
 * Bytes that are in memory already, as a {@linkcode ByteSource}.
 *
 * @example Read a file that was fetched
 * ```ts
 * import { MemorySource } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * using source = new MemorySource(new Uint8Array([1, 2, 3]), "three bytes");
 * const target = new Uint8Array(2);
 * source.read(1, target);
 * assertEquals(target, new Uint8Array([2, 3]));
 * ```
 */
export class MemorySource implements ByteSource {
  /** What messages call the source. */
  readonly name: string;
  #bytes: Uint8Array | undefined;

  /**
   * Makes a source of bytes.
   *
   * @param bytes The bytes; they are not copied.
   * @param name What messages call them.
   */
  constructor(bytes: Uint8Array, name = "memory") {
    this.#bytes = bytes;
    this.name = name;
  }

  /** How many bytes there are. */
  get byteLength(): number {
    return this.#bytes?.byteLength ?? 0;
  }

  /**
   * Fills all of `target` with the bytes from `offset`.
   *
   * @param offset The first byte, from 0.
   * @param target Receives the bytes.
   * @throws {RangeError} If the range passes the end.
   */
  read(offset: number, target: Uint8Array): void {
    const bytes = this.#open();
    checkRange(this, offset, target.byteLength);
    target.set(bytes.subarray(offset, offset + target.byteLength));
  }

  /**
   * The bytes of a range, without a copy.
   *
   * @param offset The first byte, from 0.
   * @param length How many bytes.
   * @returns A view, which must not be written to.
   * @throws {RangeError} If the range passes the end.
   */
  view(offset: number, length: number): Uint8Array {
    const bytes = this.#open();
    checkRange(this, offset, length);
    return bytes.subarray(offset, offset + length);
  }

  /** Lets go of the bytes. */
  close(): void {
    this.#bytes = undefined;
  }

  /** Closes the source at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }

  #open(): Uint8Array {
    if (this.#bytes) return this.#bytes;
    throw new Error(`Cannot read ${this.name}: it is closed`);
  }
}
