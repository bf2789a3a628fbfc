import type { ByteSink } from "./byte_sink.ts";

/**
 * Collects bytes in memory.
 *
 * @example Collect bytes
 * ```ts
 * import { MemorySink } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const sink = new MemorySink();
 * sink.write(new Uint8Array([1, 2]));
 * sink.write(new Uint8Array([3]));
 * sink.finish();
 * assertEquals(sink.bytes(), new Uint8Array([1, 2, 3]));
 * ```
 */
export class MemorySink implements ByteSink {
  /** What messages call the sink. */
  readonly name: string;
  #buffer = new Uint8Array(1024);
  #position = 0;

  /**
   * Makes an empty sink.
   *
   * @param name What messages call the sink.
   */
  constructor(name = "memory") {
    this.name = name;
  }

  /** How many bytes were written. */
  get position(): number {
    return this.#position;
  }

  /**
   * Adds bytes at the end.
   *
   * @param bytes The bytes, which are copied.
   */
  write(bytes: Uint8Array): void {
    const end = this.#position + bytes.byteLength;
    if (end > this.#buffer.byteLength) this.#grow(end);
    this.#buffer.set(bytes, this.#position);
    this.#position = end;
  }

  /**
   * Replaces bytes that were written before.
   *
   * @param offset Where the first of them is.
   * @param bytes The new bytes.
   */
  writeAt(offset: number, bytes: Uint8Array): void {
    this.#buffer.set(bytes, offset);
  }

  /** Does nothing: memory is as durable as it gets. */
  finish(): void {}

  /** Throws the bytes away. */
  abort(): void {
    this.#buffer = new Uint8Array(0);
    this.#position = 0;
  }

  /**
   * What was written.
   *
   * @returns A view of the bytes.
   */
  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#position);
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, 2 * this.#buffer.byteLength));
    grown.set(this.#buffer.subarray(0, this.#position));
    this.#buffer = grown;
  }
}
