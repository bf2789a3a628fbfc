import { openByteStream } from "../../io/byte_stream.ts";
import { lineError } from "../import_error.ts";
import type { MtxHeader } from "./mtx_header.ts";
import { MtxParser } from "./mtx_parser.ts";

/**
 * One pass over a matrix file. It begins to read when it is made, so that the
 * text is inflated while the tables of genes and barcodes are read.
 */
export class MtxReader {
  readonly #path: string;
  readonly #parser: MtxParser;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #next: Promise<IteratorResult<Uint8Array>>;
  #unread = 0;

  /** @param path The path of the file. */
  constructor(path: string) {
    this.#path = path;
    this.#parser = new MtxParser(path);
    this.#chunks = openByteStream(path)[Symbol.asyncIterator]();
    this.#next = this.#chunks.next();
    this.#next.catch(() => {}); // it is thrown to who reads
  }

  /** What parsed the entries: it has them until the next are read. */
  get parser(): MtxParser {
    return this.#parser;
  }

  /**
   * Reads as far as the line of the sizes.
   *
   * @returns The sizes, which nothing bears out yet.
   * @throws {SyntaxError} If the lines are wrong.
   */
  async readHeader(): Promise<MtxHeader> {
    while (!this.#parser.header) this.#unread = await this.#parseNext() ?? 0;
    return this.#parser.header;
  }

  /**
   * Reads entries.
   *
   * @returns How many the parser has now, none only where a chunk has none;
   * undefined behind the last.
   * @throws {SyntaxError} If a line is wrong; with its number.
   */
  async readEntries(): Promise<number | undefined> {
    const length = this.#unread;
    this.#unread = 0;
    return length > 0 ? length : await this.#parseNext();
  }

  /** Closes the file. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #parseNext(): Promise<number | undefined> {
    const { done, value } = await this.#takeChunk();
    if (done) return this.#parser.finish() || undefined;
    const length = this.#parser.parse(value);
    // The chunk may be reused from here on.
    this.#next = this.#chunks.next();
    this.#next.catch(() => {});
    return length;
  }

  /** The bytes; where they end in an error, it gets the line. */
  async #takeChunk(): Promise<IteratorResult<Uint8Array>> {
    try {
      return await this.#next;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const why = message.replace(`Cannot read ${this.#path}: `, "");
      const line = this.#parser.line + 1;
      const located = lineError(this.#path, line, why).message;
      throw new Error(located, { cause: error });
    }
  }
}
