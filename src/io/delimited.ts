import { countOf } from "./plural.ts";
/**
 * Tables of text: CSV as RFC 4180 has it, and the same with tabs. Records come
 * in batches while the bytes stream in, so that a table of any size is read in
 * bounded memory.
 */

/** One record, with the line that it begins on. */
export interface DelimitedRecord {
  /** Counted from 1. */
  readonly line: number;
  /** The values, without the quotes around them. */
  readonly fields: readonly string[];
}

/** How to read a table. */
export interface DelimitedOptions {
  /** What separates the values; else the first line decides. */
  readonly separator?: Separator;
  /** What messages call the table: its path. */
  readonly name?: string;
  /**
   * Whether the header may have one value fewer than the rows, as R writes
   * tables whose rows have names: their first column has none.
   */
  readonly isShortHeaderFine?: boolean;
}

/** What can separate the values of a table. */
export type Separator = "," | "\t" | ";" | "|";

const QUOTE = 34;
const NEWLINE = 10;
const BYTE_ORDER_MARK = "\ufeff";

/**
 * Reads a table from bytes, as they come.
 *
 * A first byte order mark is skipped, and so are empty lines, unless the table
 * has a single column. Quotes inside a value that does not begin with one stand
 * for themselves.
 *
 * @param chunks The bytes, in order.
 * @param options How to read them.
 * @returns Batches of records, the header first.
 * @throws {SyntaxError} If the text is not UTF-8, a record has another number of
 * values than the header, a quote is not closed, or text follows a closing
 * quote; the message names the line.
 */
export async function* readDelimited(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: DelimitedOptions = {},
): AsyncGenerator<DelimitedRecord[], void> {
  const parser = new DelimitedParser(options);
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  for await (const chunk of chunks) {
    const records = parser.push(parser.decode(decoder, chunk));
    if (records.length > 0) yield records;
  }
  const records = [
    ...parser.push(parser.decode(decoder)),
    ...parser.finish(),
  ];
  if (records.length > 0) yield records;
}

/**
 * Reads a table from text.
 *
 * @param text The whole table.
 * @param options How to read it.
 * @returns The records, the header first.
 * @throws {SyntaxError} As {@linkcode readDelimited} does.
 */
export function parseDelimited(
  text: string,
  options: DelimitedOptions = {},
): DelimitedRecord[] {
  const parser = new DelimitedParser(options);
  return [...parser.push(text), ...parser.finish()];
}

/** Where in a value the parser is; `quote` is behind a second quote. */
type State = "start" | "plain" | "quoted" | "quote";

/** Takes text in pieces that may end anywhere. */
class DelimitedParser {
  readonly #name: string;
  readonly #isShortHeaderFine: boolean;
  #isHeaderLast = false;
  #separator: Separator | undefined;
  #head: string | undefined = "";
  #state: State = "start";
  #line = 1;
  #firstLine = 1;
  #quoteLine = 1;
  #isReturned = false;
  #field = "";
  #fields: string[] = [];
  #width: number | undefined;
  #records: DelimitedRecord[] = [];

  constructor(options: DelimitedOptions) {
    this.#name = options.name ?? "table";
    this.#separator = options.separator;
    this.#isShortHeaderFine = options.isShortHeaderFine ?? false;
  }

  /** The records that end in this text. */
  push(text: string): DelimitedRecord[] {
    this.#parse(this.#head === undefined ? text : this.#takeHead(text));
    return this.#takeRecords();
  }

  /** The last record, where no newline ends it. */
  finish(): DelimitedRecord[] {
    const rest = this.#head ?? "";
    this.#head = undefined;
    this.#separator ??= findSeparator(rest);
    this.#parse(rest);
    if (this.#state === "quoted") {
      throw this.#problem(this.#quoteLine, "a quote is not closed");
    }
    if (this.#state !== "start" || this.#fields.length > 0) this.#endRecord();
    return this.#takeRecords();
  }

  /** Names table and line where bytes are not text. */
  decode(decoder: TextDecoder, bytes?: Uint8Array): string {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      throw this.#problem(this.#line, "what follows is not UTF-8 text");
    }
  }

  /** Holds text back until the line that names the separator is whole. */
  #takeHead(text: string): string {
    const joined = this.#head! + text;
    const head = joined.startsWith(BYTE_ORDER_MARK) ? joined.slice(1) : joined;
    if (head !== "" && this.#separator === undefined) {
      if (endOfHeader(head) < 0) {
        this.#head = head;
        return "";
      }
      this.#separator = findSeparator(head);
    }
    if (head !== "") this.#head = undefined;
    return head;
  }

  #parse(text: string): void {
    let at = 0;
    while (at < text.length) {
      if (this.#state === "start") at = this.#begin(text, at);
      if (this.#state === "plain") at = this.#takePlain(text, at);
      else if (this.#state === "quoted") at = this.#takeQuoted(text, at);
      else if (this.#state === "quote") at = this.#takeQuote(text, at);
    }
  }

  #begin(text: string, at: number): number {
    if (text.charCodeAt(at) !== QUOTE) {
      this.#state = "plain";
      return at;
    }
    this.#state = "quoted";
    this.#quoteLine = this.#line;
    return at + 1;
  }

  #takePlain(text: string, start: number): number {
    const separator = this.#separator!.charCodeAt(0);
    for (let at = start; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code !== separator && code !== NEWLINE) continue;
      this.#field += text.slice(start, at);
      if (code === separator) this.#endField();
      else this.#endRecord();
      return at + 1;
    }
    this.#field += text.slice(start);
    return text.length;
  }

  #takeQuoted(text: string, start: number): number {
    for (let at = start; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === NEWLINE) this.#line++;
      if (code !== QUOTE) continue;
      this.#field += text.slice(start, at);
      this.#state = "quote";
      return at + 1;
    }
    this.#field += text.slice(start);
    return text.length;
  }

  /** What follows a quote says whether it ended the value. */
  #takeQuote(text: string, at: number): number {
    const next = text[at]!;
    if (next === '"' && !this.#isReturned) {
      this.#field += next;
      this.#state = "quoted";
    } else if (next === "\r" && !this.#isReturned) {
      this.#isReturned = true;
    } else if (next === "\n") {
      this.#endRecord();
    } else if (next === this.#separator && !this.#isReturned) {
      this.#endField();
    } else {
      throw this.#problem(this.#line, "text follows a closing quote");
    }
    return at + 1;
  }

  #endField(): void {
    this.#fields.push(this.#field);
    this.#field = "";
    this.#state = "start";
    this.#isReturned = false;
  }

  #endRecord(): void {
    if (this.#state === "plain" && this.#field.endsWith("\r")) {
      this.#field = this.#field.slice(0, -1);
    }
    this.#endField();
    const record = { line: this.#firstLine, fields: this.#fields };
    this.#fields = [];
    this.#firstLine = ++this.#line;
    const { length } = record.fields;
    const isBlank = length === 1 && record.fields[0] === "";
    if (isBlank && this.#width !== 1) return;
    const isShort = this.#isHeaderLast && length - 1 === this.#width;
    if (this.#isShortHeaderFine && isShort) this.#width = length;
    this.#isHeaderLast = this.#width === undefined;
    this.#width ??= length;
    if (length !== this.#width) {
      const why = "it has " +
        `${countOf(length, "value")}, and the header ${this.#width}`;
      throw this.#problem(record.line, why);
    }
    this.#records.push(record);
  }

  #takeRecords(): DelimitedRecord[] {
    const records = this.#records;
    this.#records = [];
    return records;
  }

  #problem(line: number, why: string): SyntaxError {
    return new SyntaxError(`Cannot parse ${this.#name}: line ${line}: ${why}`);
  }
}

/** The separator that the header has more of, outside quotes. */
function findSeparator(text: string): Separator {
  const end = endOfHeader(text);
  const header = (end < 0 ? text : text.slice(0, end))
    .replace(/"[^"]*"/g, "");
  const count = (separator: Separator) => header.split(separator).length;
  return count("\t") > count(",") ? "\t" : ",";
}

/** Where the first line that is not empty ends, quoted newlines aside. */
function endOfHeader(text: string): number {
  let isQuoted = false;
  let isEmpty = true;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) isQuoted = !isQuoted;
    if (code === NEWLINE && !isQuoted && !isEmpty) return at;
    if (code > 32) isEmpty = false;
  }
  return -1;
}
