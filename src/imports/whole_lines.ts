/** The header of a table of ten million cells is shorter. */
const LONGEST_LINE = 1 << 28;
const NEWLINE = 10;

/**
 * Cuts bytes, which come in chunks that end anywhere, into blocks of whole
 * lines. A line that a chunk does not end is kept until it is whole, so that
 * memory is bounded by the longest line.
 *
 * @param chunks The bytes, in order.
 * @param path What messages call them.
 * @param options The most bytes of a line, 256 MiB if unset.
 * @returns Blocks whose last byte is a newline, which is added where the last
 * line has none. A block may be reused when the next one is asked for.
 * @throws {SyntaxError} If a line is longer.
 */
export async function* readWholeLines(
  chunks: AsyncIterable<Uint8Array>,
  path: string,
  options: { readonly longestLine?: number } = {},
): AsyncGenerator<Uint8Array, void> {
  const carry = new Carry(path, options.longestLine ?? LONGEST_LINE);
  for await (const chunk of chunks) {
    const first = chunk.indexOf(NEWLINE) + 1;
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    const start = carry.length > 0 ? first : 0;
    if (start > 0) {
      carry.keep(chunk.subarray(0, start));
      yield carry.take();
    }
    if (end > start) yield chunk.subarray(start, end);
    carry.keep(chunk.subarray(end));
  }
  if (carry.length === 0) return;
  carry.keep(Uint8Array.of(NEWLINE));
  yield carry.take();
}

/** The start of a line whose end has not come yet. */
class Carry {
  readonly #path: string;
  readonly #most: number;
  #bytes = new Uint8Array(1 << 12);
  #length = 0;

  constructor(path: string, most: number) {
    this.#path = path;
    this.#most = most;
  }

  get length(): number {
    return this.#length;
  }

  keep(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#most) {
      const why = `it has a line of more than ${this.#most} bytes`;
      throw new SyntaxError(`Cannot import ${this.#path}: ${why}`);
    }
    if (length > this.#bytes.length) {
      const grown = new Uint8Array(2 * length);
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = length;
  }

  take(): Uint8Array {
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return bytes;
  }
}

/**
 * Where the text of a line ends.
 *
 * @param bytes Whole lines.
 * @param start Where the line starts.
 * @param newline Where its newline is.
 * @returns The place of the newline, or of a carriage return before it.
 */
export function textEnd(
  bytes: Uint8Array,
  start: number,
  newline: number,
): number {
  const hasReturn = newline > start && bytes[newline - 1] === 13;
  return hasReturn ? newline - 1 : newline;
}
