/** How a table of triplets is laid out, by its first lines. */
import { openByteStream } from "../../io/byte_stream.ts";
import { countOf } from "../../io/plural.ts";
import { countFields, NameReader } from "./dense_table_fields.ts";
import {
  NO_SEPARATOR,
  separatorCode,
  strictWidth,
} from "./dense_table_separator.ts";
import { lineError } from "../import_error.ts";
import {
  areTriplets,
  findMeaning,
  type TripletColumns,
  type TripletSample,
} from "./triplet_columns.ts";
import { readWholeLines, textEnd } from "../whole_lines.ts";

/** How the lines of a table of triplets are read. */
export interface TripletLayout {
  /** The code of what separates fields. */
  readonly separator: number;
  /** How many fields a line has. */
  readonly width: number;
  /** The names of all columns, where there is a header. */
  readonly header: readonly string[] | undefined;
  /** The line of the first triplet, from 1. */
  readonly firstLine: number;
  /** The places of the three columns. */
  readonly columns: TripletColumns;
}

/** What the caller knows of a table. */
export interface TripletOptions {
  /** What separates fields, or a name as `tab`; found if unset. */
  readonly separator?: string | undefined;
  /** The columns of gene, cell and count; found if unset. */
  readonly columns?: readonly string[] | undefined;
}

/** So many lines are looked at. */
const SAMPLE_LINES = 64;
/** Three names are shorter, and the header of a dense table may be longer. */
const LONGEST_LINE = 1 << 20;
const NEWLINE = 10;
const HASH = 35;

/** Each in turn, if it cuts all lines into as many fields. */
const SEPARATORS: readonly number[] = ["\t", ",", ";", "|", " "]
  .map((text) => text.charCodeAt(0));

/**
 * Whether the first lines of a file are those of triplets.
 *
 * @param path The path of the file, plain or gzip.
 * @returns True where they are; false also where they can't be read.
 */
export async function looksLikeTriplets(path: string): Promise<boolean> {
  try {
    const { sample } = cutSample(path, await readSample(path), undefined);
    return areTriplets(sample);
  } catch {
    return false; // who reads it says what is wrong with it
  }
}

/**
 * Finds out how a table of triplets is laid out.
 *
 * @param path The path of the table, plain or gzip.
 * @param options What the caller knows.
 * @returns The layout.
 * @throws {SyntaxError} If it is no such table, or is not clear; with the line.
 */
export async function readTripletLayout(
  path: string,
  options: TripletOptions,
): Promise<TripletLayout> {
  const code = separatorCode(options.separator);
  const lines = await readSample(path);
  const { sample, separator, first, second } = cutSample(path, lines, code);
  const meaning = findMeaning(sample, options.columns);
  if (typeof meaning === "string") throw lineError(path, first, meaning);
  const { columns, hasHeader } = meaning;
  const width = sample.rows[0]!.length;
  const isShort = sample.first.length < width;
  const header = isShort ? ["", ...sample.first] : sample.first;
  return {
    separator,
    width,
    columns,
    header: hasHeader ? header : undefined,
    firstLine: hasHeader ? second : first,
  };
}

/** A line, without its end. */
interface SampleLine {
  readonly line: number;
  readonly bytes: Uint8Array;
}

/** The first lines that have text. */
async function readSample(path: string): Promise<SampleLine[]> {
  const sample: SampleLine[] = [];
  let line = 0;
  const blocks = readWholeLines(openByteStream(path), path, {
    longestLine: LONGEST_LINE,
  });
  for await (const bytes of blocks) {
    for (let at = 0; at < bytes.length && sample.length < SAMPLE_LINES;) {
      line++;
      const start = line === 1 ? skipMark(bytes, path) : at;
      const newline = bytes.indexOf(NEWLINE, start);
      const end = textEnd(bytes, start, newline);
      if (end > start) sample.push({ line, bytes: bytes.slice(start, end) });
      at = newline + 1;
    }
    if (sample.length === SAMPLE_LINES) break;
  }
  return sample;
}

/** The first lines, cut into fields. */
interface CutSample {
  readonly sample: TripletSample;
  readonly separator: number;
  /** The number of the first of them. */
  readonly first: number;
  /** The number of the second. */
  readonly second: number;
}

function cutSample(
  path: string,
  lines: readonly SampleLine[],
  named: number | undefined,
): CutSample {
  const start = countComments(lines);
  const [top, ...others] = lines.slice(start);
  if (top === undefined) {
    throw new SyntaxError(`Cannot import ${path}: it is empty`);
  }
  const separator = named ?? findSeparator(others.length > 0 ? others : [top]);
  if (separator === undefined) throw lineError(path, top.line, NO_SEPARATOR);
  // A line that starts as comments do, and has the fields of the others, is
  // the header.
  const above = lines[start - 1];
  const width = widthOf(others[0] ?? top, separator);
  const isHeader = above !== undefined && widthOf(above, separator) === width;
  const [first, rows] = isHeader ? [above, [top, ...others]] : [top, others];
  checkRows(path, rows, separator);
  const cut = ({ bytes, line }: SampleLine) =>
    new NameReader(path, separator).readAll(bytes, 0, bytes.length, line);
  const sample = { first: cut(first), rows: rows.map(cut) };
  if (!isHeaderOf(sample)) {
    const fields = sample.first.length;
    const why = "it has " +
      `${countOf(fields, "field")}, and the line after it ${width}`;
    throw lineError(path, first.line, why);
  }
  return { sample, separator, first: first.line, second: rows[0]!.line };
}

function countComments(lines: readonly SampleLine[]): number {
  const at = lines.findIndex(({ bytes }) => bytes[0] !== HASH);
  return at < 0 ? lines.length : at;
}

function checkRows(
  path: string,
  rows: readonly SampleLine[],
  separator: number,
): void {
  if (rows.length === 0) {
    const why = "it has no line but that of its header";
    throw new SyntaxError(`Cannot import ${path}: ${why}`);
  }
  const width = widthOf(rows[0]!, separator);
  const odd = rows.find((row) => widthOf(row, separator) !== width);
  if (odd === undefined) return;
  const fields = widthOf(odd, separator);
  const why = "it has " +
    `${countOf(fields, "field")}, and the line before it ${width}`;
  throw lineError(path, odd.line, why);
}

/** R numbers the rows, and has no field above the numbers. */
function isHeaderOf({ first, rows }: TripletSample): boolean {
  const { length } = rows[0]!;
  return first.length === length ||
    first.length === length - 1 && rows.every(([name]) => /^\d+$/.test(name!));
}

function widthOf({ bytes }: SampleLine, separator: number): number {
  return countFields(bytes, 0, bytes.length, separator);
}

/** Three fields or more in each line, and in each as many. */
function findSeparator(lines: readonly SampleLine[]): number | undefined {
  return SEPARATORS.find((separator) => {
    const width = strictWidth(lines[0]!.bytes, separator);
    return width >= 3 &&
      lines.every(({ bytes }) => strictWidth(bytes, separator) === width);
  });
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
