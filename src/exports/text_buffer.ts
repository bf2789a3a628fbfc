import { writeDigits } from "../io/decimal_digits.ts";

/** Bytes that are gathered before they are written. */
const FLUSH_BYTES = 1 << 18;
/** No number has more characters. */
const NUMBER_BYTES = 16;

/** Text in the making, as bytes: millions of numbers go through it. */
export class TextBuffer {
  #bytes = new Uint8Array(2 * FLUSH_BYTES);
  #length = 0;
  readonly #encoder = new TextEncoder();

  /** Whether there is enough to be written. */
  get isFull(): boolean {
    return this.#length >= FLUSH_BYTES;
  }

  /**
   * Takes what was added, so that the next starts anew.
   *
   * @returns The bytes, valid until more is added.
   */
  take(): Uint8Array {
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return bytes;
  }

  /**
   * Adds a text.
   *
   * @param text The text.
   */
  addText(text: string): void {
    this.#reserve(3 * text.length);
    const free = this.#bytes.subarray(this.#length);
    this.#length += this.#encoder.encodeInto(text, free).written;
  }

  /**
   * Adds a whole number and a byte after it.
   *
   * @param value The number, from 0.
   * @param after The code of a character of ASCII.
   */
  addNumber(value: number, after: number): void {
    if (this.#length + NUMBER_BYTES > this.#bytes.length) {
      this.#reserve(NUMBER_BYTES);
    }
    const bytes = this.#bytes;
    const end = writeDigits(bytes, this.#length, value);
    bytes[end] = after;
    this.#length = end + 1;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
