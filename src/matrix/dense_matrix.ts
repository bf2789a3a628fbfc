import type { NpyArray } from "../arrays/npy.ts";
import { MAX_COUNT } from "./layout.ts";
import { encodePairs, PairBuffer, type ProfileEntries } from "./pairs.ts";
import type { RawMatrix } from "./raw_matrix.ts";
import type { PairsWindow } from "./windows.ts";

/** The pairs that a window gathers before it is given out, in bytes. */
const WINDOW_BYTES = 1 << 20;

/**
 * A dense matrix of counts (genes, profiles), as `gp.umis.npy` has it, read
 * the way a matrix file is: its profiles are turned into pairs on the way.
 */
export class DenseMatrix implements RawMatrix {
  /** What messages call the matrix. */
  readonly name: string;
  /** The number of profiles. */
  readonly profilesCount: number;
  /** The number of genes. */
  readonly genesCount: number;
  readonly #array: NpyArray;

  /**
   * Takes a dense array as a matrix of counts.
   *
   * @param array Counts of shape (genes, profiles), of any numeric type.
   * @param name What messages call the matrix.
   * @throws {TypeError} If it is not a matrix of real numbers.
   */
  constructor(array: NpyArray, name: string) {
    const [genesCount, profilesCount] = array.shape;
    const isComplex = array.dtype.startsWith("complex");
    if (array.shape.length !== 2 || isComplex) {
      throw new TypeError(
        `Cannot read ${name} as counts: it is ${array.dtype} of shape ` +
          `(${array.shape.join(", ")})`,
      );
    }
    this.name = name;
    this.genesCount = genesCount!;
    this.profilesCount = profilesCount!;
    this.#array = array;
  }

  /**
   * The counts of one profile.
   *
   * @param profileIndex The profile, from 0.
   * @returns Its entries that are not zero, by ascending gene.
   * @throws {RangeError} If there is no such profile, or a value of it is no
   * count.
   */
  // deno-lint-ignore require-await
  async readProfile(profileIndex: number): Promise<ProfileEntries> {
    return this.#entries(profileIndex);
  }

  /**
   * Adds the counts of one profile to an array.
   *
   * @param profileIndex The profile, from 0.
   * @param array A value for each gene.
   */
  // deno-lint-ignore require-await
  async addProfileData(
    profileIndex: number,
    array: Float32Array | Float64Array,
  ): Promise<void> {
    const { genes, counts } = this.#entries(profileIndex);
    for (let at = 0; at < genes.length; at++) array[genes[at]!]! += counts[at]!;
  }

  /**
   * Counts the entries.
   *
   * @returns The number of counts that are not zero.
   */
  // deno-lint-ignore require-await
  async entriesCount(): Promise<number> {
    let entries = 0;
    for (let profile = 0; profile < this.profilesCount; profile++) {
      entries += this.#entries(profile).genes.length;
    }
    return entries;
  }

  /**
   * The profiles as byte pairs, in windows.
   *
   * @param start The first profile.
   * @param end The profile after the last.
   */
  async *windows(
    start = 0,
    end: number = this.profilesCount,
  ): AsyncGenerator<PairsWindow, void> {
    for (let first = start; first < end;) {
      const window = this.#window(first, end);
      yield window;
      first += window.profilesCount;
    }
  }

  /** Does nothing: the matrix is in memory. */
  close(): void {}

  /** Does nothing: the matrix is in memory. */
  [Symbol.dispose](): void {}

  #window(firstProfile: number, end: number): PairsWindow {
    const buffer = new PairBuffer();
    const starts = [0];
    let profile = firstProfile;
    while (profile < end && buffer.length < WINDOW_BYTES) {
      const { genes, counts } = this.#entries(profile++);
      encodePairs(genes, counts, this.genesCount, buffer);
      starts.push(buffer.length);
    }
    return {
      pairs: buffer.used(),
      offset: 0,
      firstProfile,
      profilesCount: profile - firstProfile,
      starts: Uint32Array.from(starts),
    };
  }

  #entries(profileIndex: number): ProfileEntries {
    if (!(profileIndex >= 0 && profileIndex < this.profilesCount)) {
      throw new RangeError(
        `Cannot read profile ${profileIndex} of ${this.name}: ` +
          `it has ${this.profilesCount}`,
      );
    }
    const { data, fortranOrder } = this.#array;
    const step = fortranOrder ? 1 : this.profilesCount;
    const first = fortranOrder ? profileIndex * this.genesCount : profileIndex;
    const genes: number[] = [];
    const counts: number[] = [];
    for (let gene = 0; gene < this.genesCount; gene++) {
      const count = Number(data[first + gene * step]!);
      if (count === 0) continue;
      this.#checkCount(count, gene, profileIndex);
      genes.push(gene);
      counts.push(count);
    }
    return { genes: Uint32Array.from(genes), counts: Uint32Array.from(counts) };
  }

  #checkCount(count: number, gene: number, profile: number): void {
    if (Number.isInteger(count) && count > 0 && count <= MAX_COUNT) return;
    throw new RangeError(
      `Cannot read ${this.name}: the value of gene ${gene} of profile ` +
        `${profile} is ${count}, which is no count`,
    );
  }
}
