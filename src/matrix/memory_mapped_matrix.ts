import type { NpyArray } from "../arrays/npy.ts";
import { createFileSink, moveFileIntoPlace } from "../io/atomic.ts";
import type { ByteSource } from "../io/byte_source.ts";
import { FileSource } from "../io/file_source.ts";
import { MappedSource } from "../io/mapped_source.ts";
import { MemorySource } from "../io/memory_source.ts";
import { countOf } from "../io/plural.ts";
import { Remembered } from "../io/remembered.ts";
import { decodeHeader, HEADER_SIZE, type MatrixHeader } from "./layout.ts";
import { type MatrixSummary, MatrixWriter } from "./matrix_writer.ts";
import { type OffsetsIndex, readOffsetsIndex } from "./offsets_index.ts";
import { countEntries, decodePairs, type ProfileEntries } from "./pairs.ts";
import type { RawMatrix, StoredPairs } from "./raw_matrix.ts";
import { type PairsWindow, readWindows } from "./windows.ts";

/** How a matrix file is opened. */
export interface MatrixOpenOptions {
  /**
   * Map the file into memory through the system, which needs `--allow-ffi`.
   * By default it is read by position.
   */
  readonly mmap?: boolean;
}

/**
 * A file of counts, by profile: a row of byte pairs for each. It gives the
 * counts of any profile at once; those of one gene take a pass over all.
 *
 * The format is that of `metacell.storage.matrices.MemoryMappedMatrix`, and
 * its source is docs/format.md. Opening reads the header; the index is read
 * when it is first needed; profiles are read as they are asked for.
 *
 * @example Write a matrix and read it
 * ```ts
 * import { MemoryMappedMatrix } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const path = `${folder}/gp.umis.mmm`;
 * MemoryMappedMatrix.write(path, 3, [[[0, 5], [2, 1]], [], [[1, 1000]]]);
 *
 * using matrix = await MemoryMappedMatrix.open(path);
 * assertEquals(matrix.profilesCount, 3);
 * assertEquals(matrix.genesCount, 3);
 * assertEquals(await matrix.entriesCount(), 3);
 *
 * const counts = new Float32Array(3);
 * await matrix.addProfileData(0, counts);
 * await matrix.addProfileData(2, counts);
 * assertEquals([...counts], [5, 1000, 1]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class MemoryMappedMatrix implements RawMatrix {
  /** The number of profiles. */
  readonly profilesCount: number;
  /** The number of genes. */
  readonly genesCount: number;
  readonly #source: ByteSource;
  readonly #header: MatrixHeader;
  readonly #index = new Remembered<OffsetsIndex>();

  private constructor(source: ByteSource, header: MatrixHeader) {
    this.#source = source;
    this.#header = header;
    this.profilesCount = header.profilesCount;
    this.genesCount = header.genesCount;
  }

  /**
   * Opens a matrix file and checks its header against its size.
   *
   * @param file A path, the bytes of a file, or any source of bytes.
   * @param options Whether a path is mapped into memory.
   * @returns The open matrix, which owns the source.
   * @throws {SyntaxError} If it is not a matrix file.
   */
  static async open(
    file: string | Uint8Array | ByteSource,
    options: MatrixOpenOptions = {},
  ): Promise<MemoryMappedMatrix> {
    const source = openSource(file, options);
    try {
      const head = new Uint8Array(Math.min(HEADER_SIZE, source.byteLength));
      await source.read(0, head);
      const header = decodeHeader(head, source.byteLength, source.name);
      return new MemoryMappedMatrix(source, header);
    } catch (error) {
      source.close();
      throw error;
    }
  }

  /**
   * Writes a matrix file; an old one is replaced when the new one is whole.
   *
   * @param path The path of the file.
   * @param genesCount The number of genes.
   * @param data For each profile its (gene index, count) pairs, ascending by
   * gene. Repeats of a gene are summed; zeros have no effect.
   * @returns What was written.
   * @throws {RangeError} If genes are out of order or range, or a count is not
   * a whole number from 0 to 2^32-1.
   */
  static write(
    path: string,
    genesCount: number,
    data: Iterable<Iterable<readonly [gene: number, count: number]>>,
  ): MatrixSummary {
    const sink = createFileSink(path);
    const writer = new MatrixWriter(sink, { genesCount });
    try {
      for (const profile of data) {
        const entries = [...profile];
        writer.writeProfile(
          entries.map(([gene]) => gene),
          entries.map(([, count]) => count),
        );
      }
      const summary = writer.finish();
      moveFileIntoPlace(sink, path);
      return summary;
    } catch (error) {
      writer.abort();
      throw error;
    }
  }

  /** What messages call the matrix: its path where it has one. */
  get name(): string {
    return this.#source.name;
  }

  /** The size of the file, in bytes. */
  get byteLength(): number {
    return this.#source.byteLength;
  }

  /** The mapped memory: the whole file where it is in memory, else undefined. */
  get mmap(): Uint8Array | undefined {
    const source = this.#source;
    if (source instanceof MappedSource) return source.bytes;
    if (source.view === undefined) return undefined;
    return source.view(0, source.byteLength);
  }

  /**
   * The counts of one profile.
   *
   * @param profileIndex The profile, from 0.
   * @returns Its entries that are not zero, by ascending gene.
   * @throws {RangeError} If there is no such profile.
   * @throws {SyntaxError} If its bytes are not valid.
   */
  async readProfile(profileIndex: number): Promise<ProfileEntries> {
    const { pairs, offset } = await this.readPairs(profileIndex);
    return decodePairs(pairs, this.genesCount, { name: this.name, offset });
  }

  /**
   * The byte pairs of one profile, as they are.
   *
   * @param profileIndex The profile, from 0.
   * @returns The pairs, and where they are in the file in bytes.
   * @throws {RangeError} If there is no such profile.
   */
  async readPairs(
    profileIndex: number,
  ): Promise<{ readonly pairs: Uint8Array; readonly offset: number }> {
    this.#checkProfile(profileIndex);
    const { offsets, base } = await this.index();
    const offset = base + offsets[profileIndex]!;
    const length = offsets[profileIndex + 1]! - offsets[profileIndex]!;
    const view = this.#source.view?.(offset, length);
    if (view) return { pairs: view, offset };
    const pairs = new Uint8Array(length);
    await this.#source.read(offset, pairs);
    return { pairs, offset };
  }

  /**
   * Adds the counts of one profile to an array. Each count is rounded once,
   * when it is added.
   *
   * @param profileIndex The profile, from 0.
   * @param array A value for each gene.
   * @returns A promise that ends when they were added.
   * @throws {RangeError} If there is no such profile, or the array has not the
   * length of the genes.
   */
  async addProfileData(
    profileIndex: number,
    array: Float32Array | Float64Array,
  ): Promise<void> {
    if (array.length !== this.genesCount) {
      throw new RangeError(
        "Cannot add a profile of " +
          `${countOf(this.genesCount, "gene")} to an array of ` +
          `${array.length}`,
      );
    }
    const { genes, counts } = await this.readProfile(profileIndex);
    for (let at = 0; at < genes.length; at++) array[genes[at]!]! += counts[at]!;
  }

  /**
   * Counts the entries, in one pass over the file.
   *
   * @returns The number of counts that are not zero.
   */
  async entriesCount(): Promise<number> {
    let entries = 0;
    for await (const window of this.windows()) {
      const { pairs, starts } = window;
      for (let at = 0; at < window.profilesCount; at++) {
        entries += countEntries(pairs.subarray(starts[at], starts[at + 1]));
      }
    }
    return entries;
  }

  /**
   * The whole matrix as a dense array, for matrices that are small enough.
   *
   * @returns Shape (genes, profiles) in Fortran order: the count of a gene in
   * a profile is at `gene + genesCount * profile`. `writeNpy` writes it.
   */
  async toNumpyMatrix(): Promise<NpyArray<"float32">> {
    const { genesCount, profilesCount } = this;
    const data = new Float32Array(genesCount * profilesCount);
    for (let profile = 0; profile < profilesCount; profile++) {
      const start = profile * genesCount;
      const column = data.subarray(start, start + genesCount);
      await this.addProfileData(profile, column);
    }
    const shape = [genesCount, profilesCount];
    return { dtype: "float32", shape, fortranOrder: true, data };
  }

  /**
   * The pairs of consecutive profiles, in windows of about 1 MiB.
   *
   * @param start The first profile.
   * @param end The profile after the last.
   * @returns The windows, each valid until the next is asked for.
   * @throws {RangeError} If the profiles are not those of the matrix.
   */
  async *windows(
    start = 0,
    end: number = this.profilesCount,
  ): AsyncGenerator<PairsWindow, void> {
    if (start < 0 || start > end || end > this.profilesCount) {
      throw new RangeError(
        `Cannot read profiles ${start} to ${end} of ${this.name}: ` +
          `it has ${this.profilesCount}`,
      );
    }
    yield* readWindows(this.#source, await this.index(), { start, end });
  }

  /**
   * The index of offsets, which is read once.
   *
   * @returns Where the pairs of each profile are.
   * @throws {SyntaxError} If the index is not valid.
   */
  index(): Promise<OffsetsIndex> {
    return this.#index.get(() => readOffsetsIndex(this.#source, this.#header));
  }

  /**
   * The file and its index, for engines that read the pairs by themselves.
   *
   * @returns The source, which the matrix owns, and the index.
   * @throws {SyntaxError} If the index is not valid.
   */
  async stored(): Promise<StoredPairs> {
    return { source: this.#source, index: await this.index() };
  }

  /** Releases the file; closing twice is fine, reading afterwards is an error. */
  close(): void {
    this.#source.close();
  }

  /** Closes the matrix at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }

  #checkProfile(profileIndex: number): void {
    const isValid = Number.isInteger(profileIndex) && profileIndex >= 0 &&
      profileIndex < this.profilesCount;
    if (isValid) return;
    throw new RangeError(
      `Cannot read profile ${profileIndex} of ${this.name}: ` +
        `it has ${this.profilesCount}`,
    );
  }
}

function openSource(
  file: string | Uint8Array | ByteSource,
  options: MatrixOpenOptions,
): ByteSource {
  if (file instanceof Uint8Array) return new MemorySource(file);
  if (typeof file !== "string") return file;
  return options.mmap ? MappedSource.open(file) : FileSource.open(file);
}
