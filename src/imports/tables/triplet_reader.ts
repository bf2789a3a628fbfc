import { openByteStream } from "../../io/byte_stream.ts";
import { countOf } from "../../io/plural.ts";
import { countFields, fieldEnd, fieldError } from "./dense_table_fields.ts";
import { lineError, quote } from "../import_error.ts";
import { COUNT_PROBLEMS, parseCount } from "../mtx/mtx_number.ts";
import type { TripletLayout } from "./triplet_layout.ts";
import type { TripletNames } from "./triplet_names.ts";
import { readWholeLines, textEnd } from "../whole_lines.ts";

/** No line has less than `a,b,1` and its end. */
const SHORTEST_LINE = 6;
/** Names are shorter by far. */
const LONGEST_LINE = 1 << 20;
/** As many digits as fit 31 bits whatever they are. */
const FAST_DIGITS = 9;

const NEWLINE = 10;
const SPACE = 32;
const QUOTE = 34;
const ZERO = 48;

/** What a table of triplets calls its genes and cells. */
export interface TripletAxes {
  /** The genes. */
  readonly genes: TripletNames;
  /** The cells. */
  readonly cells: TripletNames;
}

/**
 * One pass over a table of triplets. The first pass adds the names that it
 * meets; later ones may meet no others.
 */
export class TripletReader {
  readonly #path: string;
  readonly #layout: TripletLayout;
  readonly #axes: TripletAxes;
  readonly #isFirst: boolean;
  /** Where each field of the line starts, and one behind its end. */
  readonly #starts: Uint32Array;
  #line = 0;
  #linesRead = 0;
  #unquoted = new Uint8Array(0);
  #length = 0;
  /** The gene of each triplet of the last block. */
  genes: Uint32Array = new Uint32Array(0);
  /** The cell of each triplet of the last block. */
  cells: Uint32Array = new Uint32Array(0);
  /** The count of each triplet of the last block. */
  counts: Uint32Array = new Uint32Array(0);

  /**
   * @param path The path of the table.
   * @param layout How it is laid out.
   * @param axes Its names; in the first pass they are gathered.
   * @param isFirst Whether this is the first pass.
   */
  constructor(
    path: string,
    layout: TripletLayout,
    axes: TripletAxes,
    isFirst: boolean,
  ) {
    this.#path = path;
    this.#layout = layout;
    this.#axes = axes;
    this.#isFirst = isFirst;
    this.#starts = new Uint32Array(layout.width + 1);
  }

  /** How many triplets were read. */
  get entriesRead(): number {
    return this.#linesRead;
  }

  /**
   * Reads the table, block by block.
   *
   * @param signal Stops the reading.
   * @returns The number of triplets of each block, which are in `genes`,
   * `cells` and `counts` until the next one is asked for.
   * @throws {SyntaxError} If a line is wrong; with its number.
   * @throws {Error} If a later pass meets a name that the first did not.
   */
  async *read(signal?: AbortSignal): AsyncGenerator<number, void> {
    const blocks = readWholeLines(openByteStream(this.#path), this.#path, {
      longestLine: LONGEST_LINE,
    });
    for await (const lines of blocks) {
      signal?.throwIfAborted();
      this.#reset(lines.length);
      this.#parseBlock(lines);
      this.#linesRead += this.#length;
      if (this.#length > 0) yield this.#length;
    }
  }

  /** The error for a table that is not what it was. */
  changed(): Error {
    return new Error(
      `Cannot import ${this.#path}: it changed while it was read`,
    );
  }

  #reset(byteLength: number): void {
    this.#length = 0;
    const most = Math.floor(byteLength / SHORTEST_LINE) + 1;
    if (most <= this.genes.length) return;
    this.genes = new Uint32Array(most);
    this.cells = new Uint32Array(most);
    this.counts = new Uint32Array(most);
  }

  #parseBlock(lines: Uint8Array): void {
    for (let at = 0; at < lines.length;) {
      this.#line++;
      const newline = lines.indexOf(NEWLINE, at);
      const end = textEnd(lines, at, newline);
      const isTriplet = this.#line >= this.#layout.firstLine && end > at;
      if (isTriplet) this.#parseLine(lines, this.#startOf(lines, at), end);
      at = newline + 1;
    }
  }

  /** A byte order mark may be before the first of all names. */
  #startOf(lines: Uint8Array, start: number): number {
    return this.#line === 1 && lines[start] === 0xef ? start + 3 : start;
  }

  #parseLine(lines: Uint8Array, start: number, end: number): void {
    const { columns } = this.#layout;
    this.#cut(lines, start, end);
    const { genes, cells } = this.#axes;
    const length = this.#length++;
    this.genes[length] = this.#index(lines, genes, columns.gene, "gene");
    this.cells[length] = this.#index(lines, cells, columns.cell, "cell");
    this.counts[length] = this.#count(lines, columns.count);
  }

  /** Finds where the fields of a line start. */
  #cut(lines: Uint8Array, start: number, end: number): void {
    const { separator, width } = this.#layout;
    const starts = this.#starts;
    let at = start;
    for (let field = 0; field < width; field++) {
      starts[field] = at;
      const next = fieldEnd(lines, at, end, separator);
      if (next < 0 || next < end && lines[next] !== separator) {
        const why = next < 0
          ? "a quote is not closed on its line"
          : "text follows a closing quote";
        throw fieldError(this.#path, this.#line, field + 1, why);
      }
      if ((next === end) !== (field === width - 1)) {
        throw this.#widthError(lines.subarray(start, end));
      }
      at = next + 1;
    }
    starts[width] = at;
  }

  #widthError(text: Uint8Array): SyntaxError {
    const { separator, width } = this.#layout;
    const fields = countFields(text, 0, text.length, separator);
    const many = countOf(fields, "field");
    const why = `it has ${many}, and the lines before it ${width}`;
    return lineError(this.#path, this.#line, why);
  }

  #index(
    lines: Uint8Array,
    names: TripletNames,
    column: number,
    what: string,
  ): number {
    let bytes = lines;
    let start = this.#starts[column]!;
    let end = this.#starts[column + 1]! - 1;
    if (end > start && bytes[start] === QUOTE) {
      start++;
      end--;
      if (bytes.subarray(start, end).includes(QUOTE)) {
        bytes = this.#unquote(bytes.subarray(start, end));
        start = 0;
        end = bytes.length;
      }
    }
    if (end === start) {
      const why = `the name of the ${what} is empty`;
      throw fieldError(this.#path, this.#line, column + 1, why);
    }
    const index = names.find(bytes, start, end);
    if (index >= 0) return index;
    if (!this.#isFirst) throw this.changed();
    try {
      return names.add(bytes, start, end);
    } catch {
      const why = "it is not UTF-8 text";
      throw fieldError(this.#path, this.#line, column + 1, why);
    }
  }

  /** Two quotes stand for one. */
  #unquote(text: Uint8Array): Uint8Array {
    if (text.length > this.#unquoted.length) {
      this.#unquoted = new Uint8Array(2 * text.length);
    }
    let length = 0;
    for (let at = 0; at < text.length; at++) {
      if (text[at] === QUOTE) at++;
      this.#unquoted[length++] = text[at]!;
    }
    return this.#unquoted.subarray(0, length);
  }

  /** Digits alone, as nearly all counts are, take the short way. */
  #count(lines: Uint8Array, column: number): number {
    const start = this.#starts[column]!;
    const end = this.#starts[column + 1]! - 1;
    let count = 0;
    let at = start;
    for (; at < end; at++) {
      const digit = lines[at]! - ZERO;
      if (digit < 0 || digit > 9) break;
      count = (count * 10 + digit) | 0;
    }
    const isPlain = at === end && at > start && at - start <= FAST_DIGITS;
    return isPlain ? count : this.#countSlowly(lines, column);
  }

  #countSlowly(lines: Uint8Array, column: number): number {
    let start = this.#starts[column]!;
    let end = this.#starts[column + 1]! - 1;
    if (end > start && lines[start] === QUOTE) {
      start++;
      end--;
    }
    while (start < end && lines[start] === SPACE) start++;
    while (start < end && lines[end - 1] === SPACE) end--;
    const count = parseCount(lines, start, end);
    if (count >= 0) return count;
    const text = new TextDecoder().decode(lines.subarray(start, end));
    const shown = /^[-+]?\.?\d[-+.\dEe]{0,20}$/.test(text) ? text : quote(text);
    const why = start === end
      ? "the count is empty"
      : `the count ${shown} ${COUNT_PROBLEMS[count]}`;
    throw fieldError(this.#path, this.#line, column + 1, why);
  }
}
