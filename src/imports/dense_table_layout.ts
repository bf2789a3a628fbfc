/**
 * The first pass over a dense table: what it calls its rows and columns. It
 * keeps the names and one line, and parses no counts.
 */
import { openByteStream } from "../io/byte_stream.ts";
import {
  countFields,
  findSeparator,
  NameReader,
} from "./dense_table_fields.ts";
import { lineError } from "./import_error.ts";
import { readWholeLines, textEnd } from "./whole_lines.ts";

/** What a dense table says beside its counts. */
export interface TableLayout {
  /** The code of what separates fields. */
  readonly separator: number;
  /** The line of the header, from 1. */
  readonly headerLine: number;
  /** The fields of the header that are no names of columns: 0 or 1. */
  readonly cornerCount: 0 | 1;
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

/**
 * Reads the names of the rows and columns of a dense table, plain or gzip.
 *
 * @param path The path of the table.
 * @param separator What separates fields, one character; found if unset.
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

/** The code of a separator that was named. */
function separatorCode(separator: string | undefined): number | undefined {
  if (separator === undefined) return undefined;
  const code = separator.charCodeAt(0);
  const isGood = separator.length === 1 && code < 128 &&
    !/["\w\r\n.+-]/.test(separator);
  if (isGood) return code;
  throw new TypeError(
    `Cannot separate fields by ${JSON.stringify(separator)}: ` +
      "it is not one character that no number or quote has",
  );
}

/** Takes whole lines, and remembers names. */
class LayoutReader {
  readonly #path: string;
  #separator: number | undefined;
  #names: NameReader | undefined;
  #line = 0;
  #headerLine = 0;
  #headerBytes = new Uint8Array(0);
  #header: readonly string[] = [];
  #cornerCount: 0 | 1 = 1;
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
      isRMade: this.#cornerCount === 0 || this.#hasEmptyQuotes,
      columnNames: this.#header.slice(this.#cornerCount),
      rowNames: this.#rowNames,
      rowLines: this.#rowLines,
    };
  }

  #readLine(bytes: Uint8Array, start: number, end: number): void {
    if (this.#headerLine === 0) return this.#keepHeader(bytes, start, end);
    const names = this.#names ?? this.#readHeader(bytes, start, end);
    if (this.#rowNames.length === 0) this.#checkWidth(bytes, start, end);
    names.read(bytes, start, end, this.#line, 1);
    this.#rowNames.push(names.text);
    this.#rowLines.push(this.#line);
  }

  #keepHeader(bytes: Uint8Array, start: number, end: number): void {
    this.#headerLine = this.#line;
    this.#headerBytes = bytes.slice(start, end);
  }

  /**
   * Reads the header once the first row is there: the header of a table of one
   * profile may have no separator in it.
   */
  #readHeader(bytes: Uint8Array, start: number, end: number): NameReader {
    const header = this.#headerBytes;
    const line = this.#headerLine;
    this.#separator ??= findSeparator(header, 0, header.length) ??
      findSeparator(bytes, start, end);
    if (this.#separator === undefined) {
      const why = "no comma, tab or semicolon separates its fields";
      throw lineError(this.#path, line, why);
    }
    const names = new NameReader(this.#path, this.#separator);
    this.#header = names.readAll(header, 0, header.length, line);
    this.#hasEmptyQuotes = this.#header[0] === "" && header[0] === QUOTE;
    this.#headerBytes = new Uint8Array(0);
    return this.#names = names;
  }

  /** The first row says whether the header has a field for the names. */
  #checkWidth(bytes: Uint8Array, start: number, end: number): void {
    const width = countFields(bytes, start, end, this.#separator!);
    const headerWidth = this.#header.length;
    if (width < 2) {
      const why = "it has a name and no counts";
      throw lineError(this.#path, this.#line, why);
    }
    if (width !== headerWidth && width !== headerWidth + 1) {
      const why = `it has ${width} fields, and the header ${headerWidth}`;
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
