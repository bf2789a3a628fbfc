/** The parts of an HDF5 file in the making: little-endian, in memory. */
export class Hdf5Bytes {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** How many bytes there are. */
  get length(): number {
    return this.#length;
  }

  /**
   * Adds numbers of 8 bits.
   *
   * @param values The numbers.
   * @returns This.
   */
  u8(...values: readonly number[]): this {
    for (const value of values) this.#view.setUint8(this.#grow(1), value);
    return this;
  }

  /**
   * Adds numbers of 16 bits.
   *
   * @param values The numbers.
   * @returns This.
   */
  u16(...values: readonly number[]): this {
    for (const value of values) {
      const at = this.#grow(2);
      this.#view.setUint16(at, value, true);
    }
    return this;
  }

  /**
   * Adds numbers of 32 bits.
   *
   * @param values The numbers.
   * @returns This.
   */
  u32(...values: readonly number[]): this {
    for (const value of values) {
      const at = this.#grow(4);
      this.#view.setUint32(at, value, true);
    }
    return this;
  }

  /**
   * Adds numbers of 64 bits: sizes, and addresses in the file.
   *
   * @param values The numbers; one that is undefined is the address of nothing.
   * @returns This.
   */
  u64(...values: readonly (number | undefined)[]): this {
    for (const value of values) {
      const at = this.#grow(8);
      const bits = value === undefined ? -1n : BigInt(value);
      this.#view.setBigInt64(at, bits, true);
    }
    return this;
  }

  /**
   * Adds bytes as they are.
   *
   * @param bytes The bytes.
   * @returns This.
   */
  add(bytes: Uint8Array): this {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  /**
   * Adds a text that ends at a zero.
   *
   * @param text The text.
   * @returns This.
   */
  text(text: string): this {
    return this.add(new TextEncoder().encode(text)).u8(0);
  }

  /**
   * Adds zeros up to a length.
   *
   * @param length The length.
   * @returns This.
   */
  fillTo(length: number): this {
    if (length > this.#length) this.#grow(length - this.#length);
    return this;
  }

  /**
   * Adds zeros up to a multiple of 8, as much of the format is laid out.
   *
   * @returns This.
   */
  align(): this {
    return this.fillTo(alignUp(this.#length));
  }

  /**
   * Takes what was added.
   *
   * @returns The bytes.
   */
  take(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** What is added is zero before it is set. */
  #grow(count: number): number {
    const start = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(2 * this.#length);
      grown.set(this.#bytes.subarray(0, start));
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return start;
  }
}

/**
 * The next multiple of 8.
 *
 * @param length A length.
 * @returns It, or what follows it.
 */
export function alignUp(length: number): number {
  return Math.ceil(length / 8) * 8;
}
