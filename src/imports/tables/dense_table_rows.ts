import { openByteStream } from "../../io/byte_stream.ts";
import type { TableLayout } from "./dense_table_layout.ts";
import { TableParser } from "./dense_table_parser.ts";
import { readWholeLines, textEnd } from "../whole_lines.ts";

const NEWLINE = 10;

/** Reads the counts of a dense table whose names are known, row by row. */
export class TableRows {
  readonly #path: string;
  readonly #layout: TableLayout;
  /** Has the counts of the row that was read last. */
  readonly parser: TableParser;
  #line = 0;
  #row = 0;

  /**
   * @param path The path of the table.
   * @param layout Its names.
   */
  constructor(path: string, layout: TableLayout) {
    this.#path = path;
    this.#layout = layout;
    this.parser = new TableParser(path, {
      separator: layout.separator,
      columnsCount: layout.columnNames.length,
      hasTrailing: layout.hasTrailing,
    });
  }

  /** How many rows were read. */
  get rowsRead(): number {
    return this.#row;
  }

  /**
   * Reads the bytes of the table.
   *
   * @param signal Stops the reading.
   * @returns Blocks of whole lines, for {@linkcode TableRows.rows}.
   * @throws {Error} If the table has not the rows that it had.
   */
  async *blocks(signal?: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const chunks = openByteStream(this.#path);
    for await (const lines of readWholeLines(chunks, this.#path)) {
      signal?.throwIfAborted();
      yield lines;
    }
    if (this.#row !== this.#layout.rowLines.length) throw this.#changed();
  }

  /**
   * Parses the rows of a block, one after the other.
   *
   * @param lines The block.
   * @returns The index of each row, whose counts the parser has until the next
   * one is asked for.
   * @throws {SyntaxError} If a row is wrong; with line and column.
   */
  *rows(lines: Uint8Array): Generator<number, void> {
    const { headerLine, rowLines } = this.#layout;
    for (let at = 0; at < lines.length;) {
      this.#line++;
      if (this.#line <= headerLine || isBlank(lines, at)) {
        at = lines.indexOf(NEWLINE, at) + 1;
        continue;
      }
      if (rowLines[this.#row] !== this.#line) throw this.#changed();
      at = this.parser.parseRow(lines, at, this.#line);
      yield this.#row++;
    }
  }

  #changed(): Error {
    return new Error(
      `Cannot import ${this.#path}: it changed while it was read`,
    );
  }
}

/** Whether the line that starts at a place has no text. */
function isBlank(lines: Uint8Array, start: number): boolean {
  return textEnd(lines, start, lines.indexOf(NEWLINE, start)) === start;
}
