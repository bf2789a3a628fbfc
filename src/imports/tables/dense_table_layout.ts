/**
 * The first pass over a dense table: what it calls its rows and columns. It
 * keeps the names and one line, and parses no counts.
 */
import { openByteStream } from "../../io/byte_stream.ts";
import { countOf } from "../../io/plural.ts";
import { countFields, NameReader } from "./dense_table_fields.ts";
import {
  findTableSeparator,
  NO_SEPARATOR,
  separatorCode,
} from "./dense_table_separator.ts";
import { lineError } from "../import_error.ts";
import { readWholeLines, textEnd } from "../whole_lines.ts";

/** What a dense table says beside its counts. */
export interface TableLayout {
  /** The code of what separates fields. */
  readonly separator: number;
  /** The line of the header, from 1. */
  readonly headerLine: number;
  /** The fields of the header that are no names of columns: 0 or 1. */
  readonly cornerCount: 0 | 1;
  /** Whether each row ends in a separator that no field follows. */
  readonly hasTrailing: boolean;
  /** Whether the header is one that R makes. */
  readonly isRMade: boolean;
  /** The names of the columns of counts. */
  readonly columnNames: readonly string[];
  /** The names of the rows, their first fields. */
  readonly rowNames: readonly string[];
  /** The line of each row, from 1. */
  readonly rowLines: readonly number[];
}

const NEWLINE = 10;
const QUOTE = 34;
const HASH = 35;

/**
 * Reads the names of the rows and columns of a dense table, plain or gzip.
 *
 * @param path The path of the table.
 * @param separator What separates fields, or a name as `tab`; found if unset.
 * @returns The names, and how the table is laid out.
 * @throws {SyntaxError} If it is no such table; with the line.
 */
export async function readTableLayout(
  path: string,
  separator?: string,
): Promise<TableLayout> {
  const reader = new LayoutReader(path, separatorCode(separator));
  for await (const lines of readWholeLines(openByteStream(path), path)) {
    reader.read(lines);
  }
  return reader.finish();
}

/** Takes whole lines, and remembers names. */
class LayoutReader {
  readonly #path: string;
  #separator: number | undefined;
  #names: NameReader | undefined;
  #line = 0;
  #headerLine = 0;
  #commentLine = 0;
  #headerBytes = new Uint8Array(0);
  #header: readonly string[] = [];
  #cornerCount: 0 | 1 = 1;
  #hasTrailing = false;
  #hasEmptyQuotes = false;
  readonly #rowNames: string[] = [];
  readonly #rowLines: number[] = [];

  constructor(path: string, separator: number | undefined) {
    this.#path = path;
    this.#separator = separator;
  }

  /** Reads whole lines; those without text are none. */
  read(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      this.#line++;
      const start = this.#line === 1 ? skipMark(bytes, this.#path) : at;
      const newline = bytes.indexOf(NEWLINE, start);
      const end = textEnd(bytes, start, newline);
      if (end > start) this.#readLine(bytes, start, end);
      at = newline + 1;
    }
  }

  finish(): TableLayout {
    if (this.#rowNames.length === 0) {
      const why = this.#headerLine === 0
        ? "it is empty"
        : "it has no line but that of its header";
      throw new SyntaxError(`Cannot import ${this.#path}: ${why}`);
    }
    return {
      separator: this.#separator!,
      headerLine: this.#headerLine,
      cornerCount: this.#cornerCount,
      hasTrailing: this.#hasTrailing,
      isRMade: this.#cornerCount === 0 || this.#hasEmptyQuotes,
      columnNames: this.#header.slice(this.#cornerCount),
      rowNames: this.#rowNames,
      rowLines: this.#rowLines,
    };
  }

  #readLine(bytes: Uint8Array, start: number, end: number): void {
    if (this.#headerLine === 0) return this.#keepHeader(bytes, start, end);
    const isFirst = this.#names === undefined;
    if (isFirst && this.#isComment(bytes.subarray(start, end))) {
      this.#commentLine = this.#headerLine;
      return this.#keepHeader(bytes, start, end);
    }
    const names = this.#names ?? this.#readHeader(bytes.subarray(start, end));
    if (isFirst) this.#checkWidth(bytes, start, end);
    names.read(bytes, start, end, this.#line, 1);
    this.#rowNames.push(names.text);
    this.#rowLines.push(this.#line);
  }

  #keepHeader(bytes: Uint8Array, start: number, end: number): void {
    this.#headerLine = this.#line;
    this.#headerBytes = bytes.slice(start, end);
  }

  /**
   * Whether what was taken for the header is a comment, as programs write at
   * the top: it starts with `#`, and has not the fields of the line after it.
   */
  #isComment(next: Uint8Array): boolean {
    const header = this.#headerBytes;
    if (header[0] !== HASH) return false;
    if (next[0] === HASH) return true;
    const separator = this.#separator ?? findTableSeparator(next, next);
    // A row of counts has two fields, so that this one is the header.
    if (separator === undefined) return true;
    const width = countFields(next, 0, next.length, separator);
    const headerWidth = countFields(header, 0, header.length, separator);
    const isHeader = width === headerWidth || width === headerWidth + 1;
    return headerWidth === 1 || !isHeader;
  }

  /**
   * Reads the header once the first row is there: the header of a table of one
   * profile may have no separator in it.
   */
  #readHeader(row: Uint8Array): NameReader {
    const header = this.#headerBytes;
    const line = this.#headerLine;
    this.#separator ??= findTableSeparator(header, row);
    if (this.#separator === undefined) {
      throw lineError(this.#path, line, NO_SEPARATOR);
    }
    const names = new NameReader(this.#path, this.#separator);
    this.#header = names.readAll(header, 0, header.length, line);
    this.#hasEmptyQuotes = this.#header[0] === "" && header[0] === QUOTE;
    this.#headerBytes = new Uint8Array(0);
    this.#checkComment();
    return this.#names = names;
  }

  /** A header that starts with `#` and does not fit is not left out. */
  #checkComment(): void {
    const names = this.#header.slice(1);
    if (this.#commentLine === 0 || names.length === 0) return;
    if (!names.every((name) => /^[\d.]+$/.test(name))) return;
    const why = `it is no header of line ${this.#headerLine}, which has ` +
      "another number of fields";
    throw lineError(this.#path, this.#commentLine, why);
  }

  /** The first row says whether the header has a field for the names. */
  #checkWidth(bytes: Uint8Array, start: number, end: number): void {
    const all = countFields(bytes, start, end, this.#separator!);
    // In a row alone it may also be a count that is missing.
    this.#hasTrailing = all > 2 && bytes[end - 1] === this.#separator &&
      this.#header.length > 1 && this.#header.at(-1) === "";
    if (this.#hasTrailing) this.#header = this.#header.slice(0, -1);
    const width = this.#hasTrailing ? all - 1 : all;
    const headerWidth = this.#header.length;
    if (width < 2) {
      const why = "it has a name and no counts";
      throw lineError(this.#path, this.#line, why);
    }
    if (width !== headerWidth && width !== headerWidth + 1) {
      const why = "it has " +
        `${countOf(width, "field")}, and the header ${headerWidth}`;
      throw lineError(this.#path, this.#line, why);
    }
    this.#cornerCount = width === headerWidth ? 1 : 0;
  }
}

/** Where the text starts behind a byte order mark. */
function skipMark(bytes: Uint8Array, path: string): number {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 3;
  const isWide = first === 0xff && second === 0xfe ||
    first === 0xfe && second === 0xff;
  if (!isWide) return 0;
  throw new SyntaxError(
    `Cannot import ${path}: it is UTF-16 text: save it as UTF-8`,
  );
}
