import type { ByteSink } from "../io/byte_sink.ts";
import { Md5 } from "../io/digest.ts";
import { countOf } from "../io/plural.ts";
import {
  encodeHeader,
  HEADER_SIZE,
  INDEX_ENTRY_SIZE,
  MATRIX_BYTE_LIMIT,
  MAX_COUNT,
} from "./layout.ts";
import { type EncodedProfile, encodePairs, PairBuffer } from "./pairs.ts";

/** How a matrix is to be written. */
export interface MatrixWriterOptions {
  /** The number of genes. */
  readonly genesCount: number;
  /**
   * The number of profiles, where it is known: the digest is then made while
   * the matrix is written.
   */
  readonly profilesCount?: number;
  /** The most bytes of the file; 4 GiB unless it is set lower. */
  readonly byteLimit?: number;
}

/**
 * A profile does not fit a matrix file any more. The file can be finished
 * without it, and the profile go to the next one.
 */
export class MatrixFullError extends RangeError {}

/** How a matrix file is ended. */
export interface FinishMatrixOptions {
  /**
   * Whether it may have fewer profiles than were announced; its digest is then
   * not known.
   */
  readonly isShort?: boolean;
}

/** What was written. */
export interface MatrixSummary {
  /** The UUID of the file's md5, where the count of profiles was known. */
  readonly uuid: string | undefined;
  /** The number of profiles. */
  readonly profilesCount: number;
  /** The number of counts that are not zero. */
  readonly entriesCount: number;
  /** The sum of all counts. */
  readonly totalUmis: number;
  /** The size of the file, in bytes. */
  readonly byteLength: number;
}

/**
 * Writes a matrix file profile by profile. Of what it writes it keeps in
 * memory one profile and the offsets, 4 bytes a profile. The result is
 * canonical: the same counts give the same bytes.
 *
 * @example Write two profiles and read one
 * ```ts
 * import { MatrixWriter, MemoryMappedMatrix, MemorySink } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const sink = new MemorySink();
 * const writer = new MatrixWriter(sink, { genesCount: 1000 });
 * writer.writeProfile([3, 700], [1, 300]);
 * writer.writeProfile([], []);
 * assertEquals(writer.finish().entriesCount, 2);
 *
 * using matrix = await MemoryMappedMatrix.open(sink.bytes());
 * const { genes, counts } = await matrix.readProfile(0);
 * assertEquals([...genes], [3, 700]);
 * assertEquals([...counts], [1, 300]);
 * ```
 */
export class MatrixWriter {
  readonly #sink: ByteSink;
  readonly #options: MatrixWriterOptions;
  readonly #byteLimit: number;
  readonly #digest: Md5 | undefined;
  readonly #pairs = new PairBuffer();
  #offsets = new Uint32Array(1024);
  #profilesCount = 0;
  #entriesCount = 0;
  #totalUmis = 0;

  /**
   * Starts a matrix file.
   *
   * @param sink Where the file goes; it must be empty.
   * @param options The counts, and the most bytes.
   */
  constructor(sink: ByteSink, options: MatrixWriterOptions) {
    checkCount("genes", options.genesCount);
    checkCount("profiles", options.profilesCount ?? 0);
    this.#sink = sink;
    this.#options = options;
    this.#byteLimit = Math.min(
      options.byteLimit ?? MATRIX_BYTE_LIMIT,
      MATRIX_BYTE_LIMIT,
    );
    if (options.profilesCount !== undefined) this.#digest = new Md5();
    this.#put(encodeHeader(options.profilesCount ?? 0, options.genesCount));
    this.#offsets[0] = HEADER_SIZE;
  }

  /** How many profiles were written so far. */
  get profilesCount(): number {
    return this.#profilesCount;
  }

  /**
   * Adds one profile.
   *
   * @param genes The indices of the genes, ascending; repeats are summed.
   * @param counts The count of each of them; zeros are dropped.
   * @returns How many entries that were.
   * @throws {RangeError} If an index or a count is out of range.
   * @throws {MatrixFullError} If the file would pass its limit; it can be
   * finished without the profile then.
   */
  writeProfile(
    genes: ArrayLike<number>,
    counts: ArrayLike<number>,
  ): number {
    const pairs = this.#pairs;
    pairs.length = 0;
    const { genesCount } = this.#options;
    const encoded = encodePairs(genes, counts, genesCount, pairs);
    this.#checkRoom(pairs.length);
    this.#put(pairs.used());
    this.#entriesCount += encoded.entriesCount;
    this.#totalUmis += encoded.totalUmis;
    this.#addOffset();
    return encoded.entriesCount;
  }

  /**
   * Adds profiles whose pairs are encoded already, as `encodePairs` does it.
   *
   * @param pairs The pairs, one profile after the other.
   * @param ends For each profile where its pairs end.
   * @param encoded The entries of all of them, and their sum.
   * @throws {MatrixFullError} If the file would pass its limit; the profiles
   * that fit are written.
   */
  writePairs(
    pairs: Uint8Array,
    ends: Uint32Array,
    { entriesCount, totalUmis }: EncodedProfile,
  ): void {
    let start = 0;
    for (const end of ends) {
      this.#checkRoom(end - start);
      this.#put(pairs.subarray(start, end));
      this.#addOffset();
      start = end;
    }
    this.#entriesCount += entriesCount;
    this.#totalUmis += totalUmis;
  }

  /**
   * Writes the padding and the index, makes the file durable and closes it.
   *
   * @param options Whether there may be fewer profiles than were announced.
   * @returns What was written.
   * @throws {Error} If the count of profiles is not the one that was given.
   */
  finish(options: FinishMatrixOptions = {}): MatrixSummary {
    const isShort = options.isShort === true && !this.#isComplete();
    if (!isShort) this.#checkComplete();
    const padding = -this.#sink.position & (INDEX_ENTRY_SIZE - 1);
    this.#put(new Uint8Array(padding));
    const index = this.#offsets.subarray(0, this.#profilesCount + 1);
    this.#put(new Uint8Array(index.buffer, 0, index.byteLength));
    if (isShort || this.#options.profilesCount === undefined) {
      const { genesCount } = this.#options;
      this.#sink.writeAt(0, encodeHeader(this.#profilesCount, genesCount));
    }
    const byteLength = this.#sink.position;
    this.#sink.finish();
    return {
      uuid: isShort ? undefined : this.#digest?.uuid(),
      profilesCount: this.#profilesCount,
      entriesCount: this.#entriesCount,
      totalUmis: this.#totalUmis,
      byteLength,
    };
  }

  /** Gives up: what was written is thrown away. */
  abort(): void {
    this.#sink.abort();
  }

  #put(bytes: Uint8Array): void {
    this.#digest?.update(bytes);
    this.#sink.write(bytes);
  }

  #addOffset(): void {
    const next = ++this.#profilesCount;
    if (next === this.#offsets.length) {
      const grown = new Uint32Array(2 * next);
      grown.set(this.#offsets);
      this.#offsets = grown;
    }
    this.#offsets[next] = this.#sink.position;
  }

  #checkRoom(byteLength: number): void {
    const data = this.#sink.position + byteLength;
    const padding = -data & (INDEX_ENTRY_SIZE - 1);
    const index = (this.#profilesCount + 2) * INDEX_ENTRY_SIZE;
    if (data + padding + index <= this.#byteLimit) return;
    throw new MatrixFullError(
      `Cannot write profile ${this.#profilesCount} to ${this.#sink.name}: ` +
        `the file would pass its limit of ${this.#byteLimit} bytes; ` +
        "split the profiles into several batches and combine them in a " +
        "collection",
    );
  }

  #isComplete(): boolean {
    const expected = this.#options.profilesCount;
    return expected === undefined || expected === this.#profilesCount;
  }

  #checkComplete(): void {
    if (this.#isComplete()) return;
    const expected = this.#options.profilesCount;
    throw new Error(
      `Cannot finish ${this.#sink.name}: it was to have ` +
        `${countOf(expected!, "profile")} and has ${this.#profilesCount}`,
    );
  }
}

function checkCount(what: string, count: number): void {
  if (Number.isInteger(count) && count >= 0 && count <= MAX_COUNT) return;
  throw new RangeError(
    `Cannot write a matrix of ${count} ${what}: ` +
      `the count is a whole number up to ${MAX_COUNT}`,
  );
}
