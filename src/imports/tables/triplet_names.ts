/** So many names have room at first. */
const FIRST_NAMES = 1 << 10;

/**
 * Numbers names by when they first came. Names are looked up by their bytes,
 * because to make a text of each of millions of fields costs more than all
 * else; a text is made once a name. Memory: the texts, their bytes, and about
 * 20 bytes a name.
 */
export class TripletNames {
  readonly #names: string[] = [];
  readonly #decoder = new TextDecoder("utf-8", {
    fatal: true,
    ignoreBOM: true,
  });
  /** The bytes of all names, one after the other. */
  #bytes = new Uint8Array(16 * FIRST_NAMES);
  /** Where each name starts in them, and where the last one ends. */
  #starts = new Float64Array(FIRST_NAMES + 1);
  #hashes = new Uint32Array(FIRST_NAMES);
  /** For each hash, in slots that follow it, the index of a name and 1. */
  #slots = new Uint32Array(4 * FIRST_NAMES);
  #last = 0;

  /** The names in the order of their indices. */
  get names(): readonly string[] {
    return this.#names;
  }

  /**
   * Finds a name.
   *
   * @param bytes The bytes that have it.
   * @param start Where it starts.
   * @param end Where it ends.
   * @returns Its index, or -1 where it is new.
   */
  find(bytes: Uint8Array, start: number, end: number): number {
    // Tables that are sorted have the same name many times in a row.
    if (this.#isAt(this.#last, bytes, start, end)) return this.#last;
    const hash = hashBytes(bytes, start, end);
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask;; slot = (slot + 1) & mask) {
      const index = this.#slots[slot]! - 1;
      if (index < 0) return -1;
      if (this.#hashes[index] !== hash) continue;
      if (!this.#isAt(index, bytes, start, end)) continue;
      return this.#last = index;
    }
  }

  /**
   * Adds a name that is not there.
   *
   * @param bytes The bytes that have it.
   * @param start Where it starts.
   * @param end Where it ends.
   * @returns Its index.
   * @throws {TypeError} If it is not UTF-8 text.
   */
  add(bytes: Uint8Array, start: number, end: number): number {
    const index = this.#names.length;
    this.#names.push(this.#decoder.decode(bytes.subarray(start, end)));
    this.#reserve(end - start);
    const from = this.#starts[index]!;
    this.#bytes.set(bytes.subarray(start, end), from);
    this.#starts[index + 1] = from + end - start;
    this.#hashes[index] = hashBytes(bytes, start, end);
    this.#place(index);
    return index;
  }

  #isAt(
    index: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): boolean {
    if (index >= this.#names.length) return false;
    const from = this.#starts[index]!;
    const length = end - start;
    if (this.#starts[index + 1]! - from !== length) return false;
    const own = this.#bytes;
    for (let at = length - 1; at >= 0; at--) {
      if (own[from + at] !== bytes[start + at]) return false;
    }
    return true;
  }

  #place(index: number): void {
    const mask = this.#slots.length - 1;
    let slot = this.#hashes[index]! & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = index + 1;
  }

  /** Makes room for the name that was added to the texts last. */
  #reserve(byteLength: number): void {
    const count = this.#names.length;
    if (count > this.#hashes.length) {
      this.#hashes = grown(this.#hashes, 2 * count);
      this.#starts = grown(this.#starts, 2 * count + 1);
    }
    if (4 * count > 2 * this.#slots.length) {
      this.#slots = new Uint32Array(2 * this.#slots.length);
      for (let index = 0; index < count - 1; index++) this.#place(index);
    }
    const needed = this.#starts[count - 1]! + byteLength;
    if (needed > this.#bytes.length) {
      this.#bytes = grown(this.#bytes, 2 * needed);
    }
  }
}

function grown<A extends Uint8Array | Uint32Array | Float64Array>(
  array: A,
  length: number,
): A {
  const make = array.constructor as new (length: number) => A;
  const copy = new make(length);
  copy.set(array);
  return copy;
}

/** FNV-1a, with its bits mixed so that the low ones depend on all. */
function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) {
    hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  }
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 0;
}
