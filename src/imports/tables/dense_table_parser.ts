import { countOf } from "../../io/plural.ts";
import { countFields, fieldEnd, fieldError } from "./dense_table_fields.ts";
import { lineError, quote } from "../import_error.ts";
import { COUNT_PROBLEMS, parseCount } from "../mtx/mtx_number.ts";
import { textEnd } from "../whole_lines.ts";

/** As many digits as fit 31 bits whatever they are. */
const FAST_DIGITS = 9;

const SPACE = 32;
const QUOTE = 34;
const ZERO = 48;
const NEWLINE = 10;
// As it is when the code of "0" is subtracted.
const POINT_DIGIT = 46 - ZERO;

/** What the rows of a table have in common. */
export interface TableShape {
  /** The code of what separates fields. */
  readonly separator: number;
  /** How many counts a row has. */
  readonly columnsCount: number;
  /** Whether each row ends in a separator that no field follows. */
  readonly hasTrailing?: boolean;
}

/**
 * Parses the counts of the rows of a dense table from their bytes. Digits
 * alone, as nearly all counts are, take the short way; quoted counts, other
 * notations and all that is wrong are parsed again by code that takes its time.
 */
export class TableParser {
  readonly #path: string;
  readonly #separator: number;
  readonly #hasTrailing: boolean;
  /** The columns of the counts over zero of the last row, from 0. */
  readonly columns: Uint32Array;
  /** These counts. */
  readonly counts: Uint32Array;
  #length = 0;
  #line = 0;
  #rowStart = 0;
  #rowEnd = 0;

  /**
   * @param path What messages call the table.
   * @param shape What its rows have in common.
   */
  constructor(path: string, shape: TableShape) {
    this.#path = path;
    this.#separator = shape.separator;
    this.#hasTrailing = shape.hasTrailing ?? false;
    this.columns = new Uint32Array(shape.columnsCount);
    this.counts = new Uint32Array(shape.columnsCount);
  }

  /** How many counts of the last row are over zero. */
  get length(): number {
    return this.#length;
  }

  /**
   * Parses a row. The loop needs no check for the end of the bytes, because a
   * newline is no digit; and its numbers stay below 2^31, because nine digits
   * do: longer ones go the slow way.
   *
   * @param bytes Whole lines.
   * @param start Where the row starts.
   * @param line Its line, for messages.
   * @returns Where the next line starts.
   * @throws {SyntaxError} If something is wrong; with line and column.
   */
  parseRow(bytes: Uint8Array, start: number, line: number): number {
    const { columns, counts } = this;
    const last = columns.length - 1;
    const separatorDigit = this.#separator - ZERO;
    const newline = bytes.indexOf(NEWLINE, start);
    this.#line = line;
    this.#rowStart = start;
    this.#rowEnd = textEnd(bytes, start, newline);
    if (this.#hasTrailing) this.#dropTrailing(bytes);
    const endDigit = bytes[this.#rowEnd]! - ZERO;
    let length = 0;
    let at = this.#fieldEnd(bytes, start, 0) + 1;
    for (let column = 0; column <= last; column++) {
      const fieldStart = at;
      let count = 0;
      let digit = bytes[at++]! - ZERO;
      while (digit >= 0 && digit <= 9) {
        count = (count * 10 + digit) | 0;
        digit = bytes[at++]! - ZERO;
      }
      const digits = at - fieldStart - 1;
      if (digit === POINT_DIGIT && bytes[at] === ZERO) {
        digit = bytes[at + 1]! - ZERO;
        at += 2;
      }
      const isPlain = digits > 0 && digits <= FAST_DIGITS &&
        (column < last ? digit === separatorDigit : digit === endDigit);
      if (!isPlain) {
        at = this.#fieldEnd(bytes, fieldStart, column + 1) + 1;
        count = this.#parseSlowly(bytes, fieldStart, at - 1, column + 1);
      }
      columns[length] = column;
      counts[length] = count;
      if (count !== 0) length++;
    }
    if (at !== this.#rowEnd + 1) throw this.#widthError(bytes);
    this.#length = length;
    return newline + 1;
  }

  /** What the row is to be without the separator at its end. */
  #dropTrailing(bytes: Uint8Array): void {
    if (bytes[this.#rowEnd - 1] !== this.#separator) {
      throw this.#widthError(bytes);
    }
    this.#rowEnd--;
  }

  /** Where a field of the row ends, which has to be where a field ends. */
  #fieldEnd(bytes: Uint8Array, start: number, field: number): number {
    const end = this.#rowEnd;
    const at = fieldEnd(bytes, start, end, this.#separator);
    const isEnded = at === end || bytes[at] === this.#separator;
    if (!isEnded) {
      const why = at < 0
        ? "a quote is not closed on its line"
        : "text follows a closing quote";
      throw fieldError(this.#path, this.#line, field + 1, why);
    }
    const isLast = field === this.columns.length;
    if (isLast === (at === end)) return at;
    throw this.#widthError(bytes);
  }

  #parseSlowly(
    bytes: Uint8Array,
    fieldStart: number,
    fieldEnd: number,
    field: number,
  ): number {
    const isQuoted = fieldStart < fieldEnd && bytes[fieldStart] === QUOTE;
    let start = isQuoted ? fieldStart + 1 : fieldStart;
    let end = isQuoted ? fieldEnd - 1 : fieldEnd;
    while (start < end && bytes[start] === SPACE) start++;
    while (start < end && bytes[end - 1] === SPACE) end--;
    const count = parseCount(bytes, start, end);
    if (count >= 0) return count;
    const why = start === end
      ? "the count is empty"
      : `the count ${asText(bytes.subarray(start, end))} ${
        COUNT_PROBLEMS[count]
      }`;
    throw fieldError(this.#path, this.#line, field + 1, why);
  }

  #widthError(bytes: Uint8Array): SyntaxError {
    const separator = this.#separator;
    const newline = bytes.indexOf(NEWLINE, this.#rowStart);
    const end = textEnd(bytes, this.#rowStart, newline);
    const width = countFields(bytes, this.#rowStart, end, separator);
    const fields = countOf(width, "field");
    const expected = this.columns.length + (this.#hasTrailing ? 2 : 1);
    const why = `it has ${fields}, and the rows before it ${expected}`;
    return lineError(this.#path, this.#line, why);
  }
}

/** A number as it stands, and anything else in quotes. */
function asText(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, 24));
  return /^[-+]?\.?\d[-+.\dEe]{0,20}$/.test(text) ? text : quote(bytes);
}
