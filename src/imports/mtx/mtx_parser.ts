import { countOf } from "../../io/plural.ts";
import { lineError, quote } from "../import_error.ts";
import { checkBanner, type MtxHeader, parseSizes } from "./mtx_header.ts";
import { COUNT_PROBLEMS, NOT_A_NUMBER, parseCount } from "./mtx_number.ts";

/** The shortest line with an entry, `1 1 1` and its end. */
const SHORTEST_LINE = 6;
/** The longest line; those of comments can be long. */
const LONGEST_LINE = 1 << 20;
/** As many digits as fit 31 bits whatever they are. */
const FAST_DIGITS = 9;

const PERCENT = 37;
const RETURN = 13;
const NEWLINE = 10;
const ZERO = 48;
// These as they are when the code of "0" is subtracted.
const SPACE_DIGIT = 32 - ZERO;
const TAB_DIGIT = 9 - ZERO;
const RETURN_DIGIT = RETURN - ZERO;
const NEWLINE_DIGIT = NEWLINE - ZERO;

/**
 * Parses the bytes of a MatrixMarket file, which come in chunks that end
 * anywhere. The entries of each chunk are in {@linkcode MtxParser.rows},
 * `columns` and `counts` until the next one is parsed.
 *
 * Lines of digits and single blanks, as nearly all are, take the short way;
 * whatever is out of the ordinary is parsed again, from the start of the line,
 * by code that takes its time and knows what is wrong.
 */
export class MtxParser {
  readonly #path: string;
  /** The row of each entry of the last chunk, from 0. */
  rows: Uint32Array = new Uint32Array(0);
  /** The column of each entry of the last chunk, from 0. */
  columns: Uint32Array = new Uint32Array(0);
  /** The count of each entry of the last chunk. */
  counts: Uint32Array = new Uint32Array(0);
  #length = 0;
  #carry = new Uint8Array(1 << 10);
  #carried = 0;
  #line = 0;
  #entriesRead = 0;
  #header: MtxHeader | undefined;

  /** @param path What messages call the file. */
  constructor(path: string) {
    this.#path = path;
  }

  /** What the first lines said, once they were parsed. */
  get header(): MtxHeader | undefined {
    return this.#header;
  }

  /** How many lines were parsed. */
  get line(): number {
    return this.#line;
  }

  /** How many entries were parsed, those of the last chunk among them. */
  get entriesRead(): number {
    return this.#entriesRead;
  }

  /**
   * Parses the next bytes. A line that they do not end is kept for later.
   *
   * @param chunk The bytes.
   * @returns The number of entries.
   * @throws {SyntaxError} If something is wrong; with the line.
   */
  parse(chunk: Uint8Array): number {
    this.#reset(this.#carried + chunk.length);
    const start = this.#carried > 0 ? this.#endCarried(chunk) : 0;
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > start) this.#parseLines(chunk, start, end);
    this.#keep(chunk.subarray(Math.max(start, end)));
    return this.#finishChunk();
  }

  /**
   * Parses a last line that has no end, and checks that nothing is missing.
   *
   * @returns The number of entries of the last line, 0 or 1.
   * @throws {SyntaxError} If the line is wrong, or entries are missing.
   */
  finish(): number {
    this.#reset(this.#carried + 1);
    if (this.#carried > 0) {
      this.#keep(new Uint8Array([NEWLINE]));
      this.#parseCarried();
    }
    const length = this.#finishChunk();
    if (!this.#header) {
      const why = this.#line === 0
        ? "it is empty"
        : `line ${this.#line}: it ends before the line of the sizes`;
      throw new SyntaxError(`Cannot import ${this.#path}: ${why}`);
    }
    if (this.#entriesRead < this.#header.entriesCount) {
      const why = "the file ends here after " +
        `${countOf(this.#entriesRead, "entry", "entries")}, ` +
        `and its header says ${this.#header.entriesCount}`;
      throw lineError(this.#path, this.#line, why);
    }
    return length;
  }

  /** Makes room for as many entries as so many bytes can have. */
  #reset(byteLength: number): void {
    this.#length = 0;
    const most = Math.floor(byteLength / SHORTEST_LINE) + 1;
    if (most <= this.rows.length) return;
    this.rows = new Uint32Array(most);
    this.columns = new Uint32Array(most);
    this.counts = new Uint32Array(most);
  }

  #finishChunk(): number {
    this.#entriesRead += this.#length;
    return this.#length;
  }

  /** Completes and parses the line that the last chunk did not end. */
  #endCarried(chunk: Uint8Array): number {
    const end = chunk.indexOf(NEWLINE) + 1;
    if (end === 0) return 0;
    this.#keep(chunk.subarray(0, end));
    this.#parseCarried();
    return end;
  }

  #parseCarried(): void {
    const length = this.#carried;
    this.#carried = 0;
    this.#parseLines(this.#carry, 0, length);
  }

  #keep(bytes: Uint8Array): void {
    const length = this.#carried + bytes.length;
    if (length > LONGEST_LINE) {
      const why = `it is longer than ${LONGEST_LINE} bytes`;
      throw lineError(this.#path, this.#line + 1, why);
    }
    if (length > this.#carry.length) {
      const grown = new Uint8Array(2 * length);
      grown.set(this.#carry.subarray(0, this.#carried));
      this.#carry = grown;
    }
    this.#carry.set(bytes, this.#carried);
    this.#carried = length;
  }

  /** Parses whole lines; the last byte ends the last of them. */
  #parseLines(bytes: Uint8Array, start: number, end: number): void {
    let at = start;
    while (!this.#header && at < end) {
      const next = bytes.indexOf(NEWLINE, at) + 1;
      this.#parseHeaderLine(bytes.subarray(at, next - 1));
      at = next;
    }
    if (this.#header) this.#parseEntries(bytes, at, end, this.#header);
  }

  #parseHeaderLine(bytes: Uint8Array): void {
    const line = ++this.#line;
    const text = new TextDecoder().decode(bytes);
    if (line === 1) return checkBanner(text, this.#path);
    if (text.startsWith("%") || text.trim() === "") return;
    this.#header = parseSizes(text, this.#path, line);
  }

  /**
   * The hot loop. It needs no check for the end of the bytes inside a line,
   * because their last one is the end of a line; and its numbers stay below
   * 2^31, because nine digits do: longer ones go the slow way, and so does
   * all that is wrong.
   */
  #parseEntries(
    bytes: Uint8Array,
    start: number,
    end: number,
    header: MtxHeader,
  ): void {
    const { rows, columns, counts } = this;
    const { rowsCount, columnsCount } = header;
    const most = header.entriesCount - this.#entriesRead;
    let length = this.#length;
    let line = this.#line;
    let at = start;
    while (at < end) {
      const lineStart = at;
      line++;
      let digit = bytes[at++]! - ZERO;
      let row = 0;
      while (digit >= 0 && digit <= 9) {
        row = (row * 10 + digit) | 0;
        digit = bytes[at++]! - ZERO;
      }
      let isPlain = at - lineStart <= FAST_DIGITS + 1 &&
        (digit === SPACE_DIGIT || digit === TAB_DIGIT);
      if (isPlain) {
        const columnStart = at;
        let column = 0;
        digit = bytes[at++]! - ZERO;
        while (digit >= 0 && digit <= 9) {
          column = (column * 10 + digit) | 0;
          digit = bytes[at++]! - ZERO;
        }
        isPlain = at - columnStart <= FAST_DIGITS + 1 &&
          (digit === SPACE_DIGIT || digit === TAB_DIGIT);
        if (isPlain) {
          const countStart = at;
          let count = 0;
          digit = bytes[at++]! - ZERO;
          while (digit >= 0 && digit <= 9) {
            count = (count * 10 + digit) | 0;
            digit = bytes[at++]! - ZERO;
          }
          const digits = at - countStart - 1;
          if (digit === RETURN_DIGIT) digit = bytes[at++]! - ZERO;
          if (
            digit === NEWLINE_DIGIT && digits > 0 && digits <= FAST_DIGITS &&
            row > 0 && row <= rowsCount && column > 0 &&
            column <= columnsCount && length < most
          ) {
            rows[length] = row - 1;
            columns[length] = column - 1;
            counts[length] = count;
            length++;
            continue;
          }
        }
      }
      const lineEnd = bytes.indexOf(NEWLINE, lineStart);
      this.#length = length;
      this.#line = line;
      this.#parseSlowly(bytes.subarray(lineStart, lineEnd), most);
      length = this.#length;
      at = lineEnd + 1;
    }
    this.#length = length;
    this.#line = line;
  }

  /** Parses a line that is not as plain as most. */
  #parseSlowly(bytes: Uint8Array, most: number): void {
    const fields = splitFields(bytes);
    if (fields.length === 0 || fields[0]![0] === PERCENT) return;
    const { rowsCount, columnsCount, entriesCount } = this.#header!;
    if (this.#length >= most) {
      const why = `an entry more than the ${entriesCount} of the header`;
      throw lineError(this.#path, this.#line, why);
    }
    const [row, column, count, ...rest] = fields;
    if (!row || !column || !count || rest.length > 0) {
      const why = `${quote(bytes)} is not a row, a column and a count`;
      throw lineError(this.#path, this.#line, why);
    }
    this.rows[this.#length] = this.#parseIndex(row, "row", rowsCount);
    this.columns[this.#length] = this.#parseIndex(
      column,
      "column",
      columnsCount,
    );
    this.counts[this.#length] = this.#parseCount(count);
    this.#length++;
  }

  #parseIndex(bytes: Uint8Array, what: string, most: number): number {
    const isPlain = bytes.every((byte) => byte >= ZERO && byte <= ZERO + 9);
    const index = isPlain ? parseCount(bytes, 0, bytes.length) : NOT_A_NUMBER;
    if (index >= 1 && index <= most) return index - 1;
    const why = isPlain
      ? `is out of range: the header says ${most}`
      : "is not a whole number";
    throw lineError(this.#path, this.#line, `${what} ${asText(bytes)} ${why}`);
  }

  #parseCount(bytes: Uint8Array): number {
    const count = parseCount(bytes, 0, bytes.length);
    if (count >= 0) return count;
    const why = `the count ${asText(bytes)} ${COUNT_PROBLEMS[count]}`;
    throw lineError(this.#path, this.#line, why);
  }
}

/** A number as it stands, and anything else in quotes. */
function asText(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, 24));
  return /^[-+.\dEe]{1,20}$/.test(text) ? text : quote(bytes);
}

/** The parts of a line between blanks; a carriage return is one. */
function splitFields(bytes: Uint8Array): Uint8Array[] {
  const fields: Uint8Array[] = [];
  let start = -1;
  for (let at = 0; at <= bytes.length; at++) {
    const byte = bytes[at];
    const isBlank = byte === undefined || byte === 32 || byte === 9 ||
      byte === RETURN;
    if (!isBlank && start < 0) start = at;
    if (!isBlank || start < 0) continue;
    fields.push(bytes.subarray(start, at));
    start = -1;
  }
  return fields;
}
