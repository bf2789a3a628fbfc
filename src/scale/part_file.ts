/**
 * Parts as files. A magic, then the numbers, little-endian and aligned to 8
 * bytes, then a line of JSON that says what they are and of what, then a line
 * with the offset of the JSON and the md5 of all before.
 */
import { createFileSink, moveFileIntoPlace } from "../io/atomic.ts";
import { Md5 } from "../io/digest.ts";
import type { FileSink } from "../io/file_sink.ts";
import { FileSource, type FileState } from "../io/file_source.ts";
import type { ProfileEntries } from "../matrix/pairs.ts";

const MAGIC = "METACELL PART VERSION 0\n";
/** A newline, 16 digits, a space, a uuid, a newline. */
const END_BYTES = 1 + 16 + 1 + 36 + 1;
/** Bytes that are read at once. */
const WINDOW_BYTES = 1 << 20;

/** What a part is of. */
export interface PartProvenance {
  /** The version of the software that computed it. */
  readonly version: string;
  /** The digest of the plan that it was computed for. */
  readonly plan: string;
  /** The index of the shard in that plan. */
  readonly shard: number;
  /** The key of the shard. */
  readonly key: string;
  /** The identifier of the container, as it was. */
  readonly container: string;
  /** The batch that the profiles are of. */
  readonly batch: string;
  /** The first of the profiles that its span takes. */
  readonly first: number;
  /** The one after the last of them. */
  readonly end: number;
}

/** The sums of a group, which a part has among others. */
export interface PartRow {
  /** The name of the group. */
  readonly name: string;
  /** Where its genes start in the file; its sums follow them. */
  readonly offset: number;
  /** The number of its genes. */
  readonly count: number;
}

/** What the numbers of a part are. */
export interface PartContent {
  /** The number of totals; 0 for sums. */
  readonly totals: number;
  /** The groups that the part has sums of; none for totals. */
  readonly rows: readonly PartRow[];
}

/** Writes a part, as it is computed. */
export class PartWriter {
  readonly #sink: FileSink;
  readonly #path: string;
  readonly #digest = new Md5();
  readonly #rows: PartRow[] = [];
  #position = 0;
  #totals = 0;

  /**
   * @param path The path that the part is to have.
   */
  constructor(path: string) {
    this.#path = path;
    this.#sink = createFileSink(path);
    this.#write(new TextEncoder().encode(MAGIC));
  }

  /**
   * Adds totals.
   *
   * @param totals The totals.
   */
  addTotals(totals: Float64Array): void {
    this.#totals += totals.length;
    this.#write(bytesOf(totals));
  }

  /**
   * Adds the sums of a group.
   *
   * @param name The name of the group.
   * @param sums The genes that have one, and the sum of each.
   */
  addRow(name: string, { genes, counts }: ProfileEntries): void {
    const count = genes.length;
    const even = new Uint32Array(count + (count & 1));
    even.set(genes);
    this.#rows.push({ name, offset: this.#position, count });
    this.#write(bytesOf(even));
    this.#write(bytesOf(Float64Array.from(counts)));
  }

  /**
   * Ends the part and moves it into place.
   *
   * @param provenance What it is of.
   */
  finish(provenance: PartProvenance): void {
    const offset = this.#position;
    const json = { ...provenance, totals: this.#totals, rows: this.#rows };
    this.#write(new TextEncoder().encode(JSON.stringify(json)));
    const at = `${offset}`.padStart(16, "0");
    this.#write(new TextEncoder().encode(`\n${at} `));
    const end = `${this.#digest.uuid()}\n`;
    this.#sink.write(new TextEncoder().encode(end));
    this.#sink.finish();
    moveFileIntoPlace(this.#sink, this.#path);
  }

  /** Removes what was written. */
  abort(): void {
    this.#sink.abort();
  }

  #write(bytes: Uint8Array): void {
    this.#sink.write(bytes);
    this.#digest.update(bytes);
    this.#position += bytes.byteLength;
  }
}

/** An open part, whose bytes are those that were written. */
export class PartFile implements Disposable {
  /** The path of the file. */
  readonly name: string;
  /** What the part is of. */
  readonly provenance: PartProvenance;
  /** What its numbers are. */
  readonly content: PartContent;
  readonly #source: FileSource;

  private constructor(
    source: FileSource,
    json: PartProvenance & PartContent,
  ) {
    this.#source = source;
    this.name = source.name;
    this.provenance = json;
    this.content = json;
  }

  /**
   * Opens a part and reads all of it once, to check it.
   *
   * @param path The path of the file.
   * @param state The state that it was checked in before, which it must be in
   * still, and is not read again.
   * @returns The part.
   * @throws {SyntaxError} If it is no part, is cut off or damaged.
   */
  static open(path: string, state?: FileState): PartFile {
    const source = FileSource.open(path, state);
    try {
      return new PartFile(source, readJson(source, state !== undefined));
    } catch (error) {
      source.close();
      throw error;
    }
  }

  /** The state that the file was checked in. */
  get state(): FileState {
    return this.#source.state;
  }

  /**
   * Reads all totals.
   *
   * @returns The totals.
   */
  readTotals(): Float64Array {
    const totals = new Float64Array(this.content.totals);
    this.#source.read(MAGIC.length, bytesOf(totals));
    return totals;
  }

  /**
   * Adds the sums of a group.
   *
   * @param row The group.
   * @param sums Receives them, a sum a gene.
   * @throws {RangeError} If there is no such gene.
   */
  addRow(row: PartRow, sums: Float64Array): void {
    const genes = new Uint32Array(row.count + (row.count & 1));
    const values = new Float64Array(row.count);
    this.#source.read(row.offset, bytesOf(genes));
    this.#source.read(row.offset + genes.byteLength, bytesOf(values));
    for (let at = 0; at < row.count; at++) {
      const gene = genes[at]!;
      if (gene >= sums.length) {
        throw new RangeError(
          `Cannot use the part ${this.name}: it has a sum of gene ${gene}, ` +
            `and there are ${sums.length}`,
        );
      }
      sums[gene]! += values[at]!;
    }
  }

  /** Closes the file; closing twice is fine. */
  close(): void {
    this.#source.close();
  }

  /** Closes the file at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }
}

function readJson(
  source: FileSource,
  isChecked: boolean,
): PartProvenance & PartContent {
  const { byteLength } = source;
  const least = MAGIC.length + END_BYTES;
  const end = new Uint8Array(END_BYTES);
  if (byteLength >= least) source.read(byteLength - END_BYTES, end);
  const match = /^\n(\d{16}) ([0-9a-f-]{36})\n$/.exec(decode(end));
  if (match === null) throw damaged(source, "its end is missing");
  const offset = Number(match[1]);
  const length = byteLength - END_BYTES - offset;
  if (offset < MAGIC.length || length < 0) {
    throw damaged(source, "its end does not fit it");
  }
  if (!isChecked && digestOfStart(source, byteLength - 37) !== match[2]) {
    throw damaged(source, "its bytes are not those that were written");
  }
  const bytes = new Uint8Array(length);
  source.read(offset, bytes);
  return JSON.parse(decode(bytes));
}

function digestOfStart(source: FileSource, length: number): string {
  const digest = new Md5();
  const window = new Uint8Array(Math.min(WINDOW_BYTES, length));
  for (let at = 0; at < length; at += window.length) {
    const bytes = window.subarray(0, length - at);
    source.read(at, bytes);
    if (at === 0 && decode(bytes.subarray(0, MAGIC.length)) !== MAGIC) {
      throw damaged(source, "it does not start as one");
    }
    digest.update(bytes);
  }
  return digest.uuid();
}

function damaged({ name }: FileSource, why: string): SyntaxError {
  return new SyntaxError(`Cannot use the part ${name}: ${why}`);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function bytesOf(values: Float64Array | Uint32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
