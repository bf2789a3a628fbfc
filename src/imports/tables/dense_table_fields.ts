/**
 * The fields of a line of a dense table, as bytes: names, perhaps in quotes as
 * R writes them, of which two stand for one inside. A name holds no line break.
 */
import { lineError } from "../import_error.ts";

const QUOTE = 34;
const TAB = 9;
const COMMA = 44;
const SEMICOLON = 59;

/**
 * Makes the error for a field of a table.
 *
 * @param path The path of the table.
 * @param line The line, from 1.
 * @param column The field of the line, from 1.
 * @param why What is wrong there.
 * @returns The error, to be thrown.
 */
export function fieldError(
  path: string,
  line: number,
  column: number,
  why: string,
): SyntaxError {
  return lineError(path, line, `column ${column}: ${why}`);
}

/**
 * Where a field ends: at the separator, or at the end of the line. Of a quoted
 * field it is what follows the closing quote, whatever that is.
 *
 * @param bytes Whole lines.
 * @param start Where the field starts.
 * @param end Where the text of the line ends.
 * @param separator The code of what separates fields.
 * @returns The place, or -1 if a quote is not closed.
 */
export function fieldEnd(
  bytes: Uint8Array,
  start: number,
  end: number,
  separator: number,
): number {
  let at = start;
  if (at >= end || bytes[at] !== QUOTE) {
    while (at < end && bytes[at] !== separator) at++;
    return at;
  }
  for (at++; at < end; at++) {
    if (bytes[at] !== QUOTE) continue;
    if (at + 1 < end && bytes[at + 1] === QUOTE) at++;
    else return at + 1;
  }
  return -1;
}

/**
 * Counts the fields of a line.
 *
 * @param bytes Whole lines.
 * @param start Where the line starts.
 * @param end Where its text ends.
 * @param separator The code of what separates fields.
 * @returns The count, 1 of an empty line.
 */
export function countFields(
  bytes: Uint8Array,
  start: number,
  end: number,
  separator: number,
): number {
  let count = 0;
  for (let at = start; at <= end; at++) {
    const next = fieldEnd(bytes, at, end, separator);
    count++;
    if (next < 0) break;
    at = next;
  }
  return count;
}

/**
 * Finds what separates the fields of a header: the tab, the comma or the
 * semicolon that it has most of, outside quotes.
 *
 * @param bytes Whole lines.
 * @param start Where the header starts.
 * @param end Where its text ends.
 * @returns The code of the separator, or undefined where it has none of them.
 */
export function findSeparator(
  bytes: Uint8Array,
  start: number,
  end: number,
): number | undefined {
  const counts = new Map([[TAB, 0], [COMMA, 0], [SEMICOLON, 0]]);
  let isQuoted = false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) isQuoted = !isQuoted;
    const count = isQuoted ? undefined : counts.get(byte);
    if (count !== undefined) counts.set(byte, count + 1);
  }
  const [separator, most] = [...counts].reduce((best, other) =>
    other[1] > best[1] ? other : best
  );
  return most > 0 ? separator : undefined;
}

/** Reads the names that stand in a table. */
export class NameReader {
  readonly #path: string;
  readonly #separator: number;
  readonly #decoder = new TextDecoder("utf-8", {
    fatal: true,
    ignoreBOM: true,
  });
  #text = "";

  /**
   * @param path What messages call the table.
   * @param separator The code of what separates fields.
   */
  constructor(path: string, separator: number) {
    this.#path = path;
    this.#separator = separator;
  }

  /** The name that was read last, without quotes around it. */
  get text(): string {
    return this.#text;
  }

  /**
   * Reads all names of a line.
   *
   * @param bytes Whole lines.
   * @param start Where the line starts.
   * @param end Where its text ends.
   * @param line The number of the line, for messages.
   * @returns The names.
   * @throws {SyntaxError} As {@linkcode NameReader.read} does.
   */
  readAll(
    bytes: Uint8Array,
    start: number,
    end: number,
    line: number,
  ): string[] {
    const names: string[] = [];
    for (let at = start; at <= end;) {
      at = this.read(bytes, at, end, line, names.length + 1);
      names.push(this.#text);
    }
    return names;
  }

  /**
   * Reads the name that starts at a place.
   *
   * @param bytes Whole lines.
   * @param start Where the name starts.
   * @param end Where the text of the line ends.
   * @param line The number of the line, for messages.
   * @param column The number of the field, for messages.
   * @returns Where the next field starts, which is past the end after the last.
   * @throws {SyntaxError} If a quote is not closed, text follows a closing
   * quote, or the bytes are not UTF-8.
   */
  read(
    bytes: Uint8Array,
    start: number,
    end: number,
    line: number,
    column: number,
  ): number {
    const next = fieldEnd(bytes, start, end, this.#separator);
    const isWhole = next === end || bytes[next] === this.#separator;
    if (!isWhole) {
      const why = next < 0
        ? "a quote is not closed on its line"
        : "text follows a closing quote";
      throw fieldError(this.#path, line, column, why);
    }
    const isQuoted = start < end && bytes[start] === QUOTE;
    try {
      this.#text = isQuoted
        ? this.#decode(bytes, start + 1, next - 1).replaceAll('""', '"')
        : this.#decode(bytes, start, next);
    } catch {
      throw fieldError(this.#path, line, column, "it is not UTF-8 text");
    }
    return next + 1;
  }

  #decode(bytes: Uint8Array, start: number, end: number): string {
    return this.#decoder.decode(bytes.subarray(start, end));
  }
}
