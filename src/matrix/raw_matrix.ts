import type { ByteSource } from "../io/byte_source.ts";
import type { OffsetsIndex } from "./offsets_index.ts";
import type { ProfileEntries } from "./pairs.ts";
import type { PairsWindow } from "./windows.ts";

/** Byte pairs that are stored as they are, for engines that read by themselves. */
export interface StoredPairs {
  /** Where the pairs are. */
  readonly source: ByteSource;
  /** Where those of each profile are. */
  readonly index: OffsetsIndex;
}

/**
 * The counts of profiles by genes, however they are stored: as byte pairs in a
 * file, or dense and turned into pairs as they are read.
 */
export interface RawMatrix extends Disposable {
  /** What messages call the matrix. */
  readonly name: string;
  /** The number of profiles. */
  readonly profilesCount: number;
  /** The number of genes. */
  readonly genesCount: number;
  /**
   * The counts of one profile.
   *
   * @param profileIndex The profile, from 0.
   */
  readProfile(profileIndex: number): Promise<ProfileEntries>;
  /**
   * Adds the counts of one profile to an array of a value a gene.
   *
   * @param profileIndex The profile, from 0.
   * @param array A value for each gene.
   */
  addProfileData(
    profileIndex: number,
    array: Float32Array | Float64Array,
  ): Promise<void>;
  /** Counts the entries that are not zero. */
  entriesCount(): Promise<number>;
  /**
   * The pairs of consecutive profiles, in windows.
   *
   * @param start The first profile.
   * @param end The profile after the last.
   */
  windows(start?: number, end?: number): AsyncGenerator<PairsWindow, void>;
  /** The stored pairs, where the matrix has them so. */
  stored?(): Promise<StoredPairs>;
  /** Releases what the matrix holds. */
  close(): void;
}
