import { writeDigits } from "../../io/decimal_digits.ts";
import { FileSink } from "../../io/file_sink.ts";

/** Text that is gathered before it goes to the file. */
const BUFFER_BYTES = 1 << 14;
/** Three numbers of ten digits and what is between them. */
const LINE_BYTES = 40;
/**
 * A comment of blanks keeps the place of the sizes, which are known when the
 * last entry is: two numbers of 10 digits, one of 16, and what is between.
 */
const SIZES_BYTES = 48;

const PERCENT = 37;
const SPACE = 32;
const NEWLINE = 10;

/** Writes a MatrixMarket file whose number of entries is known at its end. */
export class LaneMatrix {
  readonly #sink: FileSink;
  readonly #headerBytes: number;
  readonly #bytes = new Uint8Array(BUFFER_BYTES);
  #length = 0;

  /**
   * Begins a file. Needs `--allow-write` for the path.
   *
   * @param path The path, where nothing may be yet.
   * @param headerLine The first line of the file, without its end.
   */
  constructor(path: string, headerLine: string) {
    this.#sink = FileSink.create(path);
    const header = new TextEncoder().encode(`${headerLine}\n`);
    this.#headerBytes = header.length;
    const place = new Uint8Array(SIZES_BYTES).fill(SPACE);
    place[0] = PERCENT;
    place[SIZES_BYTES - 1] = NEWLINE;
    this.#sink.write(header);
    this.#sink.write(place);
  }

  /**
   * Adds a line of three numbers.
   *
   * @param row The row, from 1.
   * @param column The column, from 1.
   * @param count The count.
   */
  add(row: number, column: number, count: number): void {
    if (this.#length + LINE_BYTES > BUFFER_BYTES) this.#flush();
    this.#addNumber(row, SPACE);
    this.#addNumber(column, SPACE);
    this.#addNumber(count, NEWLINE);
  }

  /**
   * Writes the sizes behind what is left of the comment, and ends the file.
   *
   * @param rowsCount The number of rows.
   * @param columnsCount The number of columns.
   * @param entriesCount The number of entries.
   */
  finish(rowsCount: number, columnsCount: number, entriesCount: number): void {
    this.#flush();
    const line = new TextEncoder().encode(
      `\n${rowsCount} ${columnsCount} ${entriesCount}\n`,
    );
    const end = this.#headerBytes + SIZES_BYTES;
    this.#sink.writeAt(end - line.length, line);
    this.#sink.finish();
  }

  /** Closes the file and removes it. */
  abort(): void {
    this.#sink.abort();
  }

  #flush(): void {
    this.#sink.write(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
  }

  #addNumber(value: number, after: number): void {
    const bytes = this.#bytes;
    const end = writeDigits(bytes, this.#length, value);
    bytes[end] = after;
    this.#length = end + 1;
  }
}
