/**
 * What an engine computes: the kernel specs. An engine gets spans of stored
 * matrices and knows nothing of containers; the reference says what each
 * result is, and every other engine gives the same bits.
 */
import type { LeafSpan } from "./leaf_spans.ts";
import type { PairRows, UseRowPairs } from "./row_pairs.ts";

/** The operations over spans of byte pairs, one kernel a name. */
export const KERNELS = [
  "profileTotals",
  "profileEntries",
  "geneTotals",
  "groupSums",
  "decodeDense",
  "decodeSparse",
] as const;

/** The name of a kernel. */
export type Kernel = typeof KERNELS[number];

/** Called with how many profiles were done since the last call. */
export type AdvanceFunction = (profilesCount: number) => void;

/** How a kernel goes over profiles. */
export interface KernelOptions {
  /** Told of the profiles that were read since the last call. */
  readonly advance?: AdvanceFunction | undefined;
  /** Stops the work: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Rows that profiles are summed into. */
export interface SumRows {
  /** For each target its row, or -1 where it is in none. */
  readonly rows: Int32Array;
  /** The number of rows. */
  readonly rowsCount: number;
  /** The number of genes, after the maps of the spans. */
  readonly genesCount: number;
}

/** The arrays that counts are decoded into: exact, or rounded once. */
export interface DenseArrays {
  /** Each count rounded once to the nearest. */
  readonly float32: Float32Array;
  /** Exact. */
  readonly uint32: Uint32Array;
}

/** The types of values that counts are decoded into. */
export type DenseType = keyof DenseArrays;

/** Dense rows that counts are decoded into. */
export interface DenseShape<T extends DenseType = DenseType> {
  /** The number of targets of the spans. */
  readonly profilesCount: number;
  /** The number of genes, after the maps of the spans. */
  readonly genesCount: number;
  /** The type of the values. */
  readonly dtype: T;
  /**
   * Zeros that receive the counts, that of a gene in a target at
   * `gene + genesCount * target`; by default a new array.
   */
  readonly into?: DenseArrays[T] | undefined;
}

/** Sparse rows that counts are decoded into. */
export interface SparseShape {
  /** The number of targets of the spans. */
  readonly profilesCount: number;
  /** The number of genes, after the maps of the spans. */
  readonly genesCount: number;
}

/** Compressed sparse rows, a row a target. */
export interface SparseRows {
  /** Where the entries of each row start, then where the last ones end. */
  readonly offsets: Float64Array;
  /** The gene of each entry, ascending in a row. */
  readonly genes: Uint32Array;
  /** The count of each entry, never zero. */
  readonly counts: Uint32Array;
}

/**
 * Computes over spans of stored matrices. Each target of the spans is that of
 * one profile, and a gene map takes no two genes to one. All results are
 * exact. Bytes that are no valid pairs are a `SyntaxError` that names the file
 * and the offset, as `decodePairs` words it.
 */
export interface Engine extends AsyncDisposable {
  /** What the engine is called. */
  readonly name: "reference" | "cpu" | "gpu";

  /**
   * Sums the counts of each profile.
   *
   * @param spans The profiles.
   * @param profilesCount The number of targets of the spans.
   * @param options Told of the progress, and stopped.
   * @returns A total for each target.
   */
  profileTotals(
    spans: readonly LeafSpan[],
    profilesCount: number,
    options?: KernelOptions,
  ): Promise<Float64Array>;

  /**
   * Counts the entries of each profile: its genes with a count.
   *
   * @param spans The profiles.
   * @param profilesCount The number of targets of the spans.
   * @param options Told of the progress, and stopped.
   * @returns A number of entries for each target.
   */
  profileEntries(
    spans: readonly LeafSpan[],
    profilesCount: number,
    options?: KernelOptions,
  ): Promise<Float64Array>;

  /**
   * Sums the counts of each gene over profiles.
   *
   * @param spans The profiles; one that is there twice counts twice.
   * @param genesCount The number of genes, after the maps of the spans.
   * @param options Told of the progress, and stopped.
   * @returns A total for each gene.
   */
  geneTotals(
    spans: readonly LeafSpan[],
    genesCount: number,
    options?: KernelOptions,
  ): Promise<Float64Array>;

  /**
   * Sums the counts of each gene over groups of profiles.
   *
   * @param spans The profiles.
   * @param shape The row that each goes to, and how many rows and genes.
   * @param options Told of the progress, and stopped.
   * @returns The sums, row by row: that of a gene in a row is at
   * `gene + genesCount * row`.
   */
  groupSums(
    spans: readonly LeafSpan[],
    shape: SumRows,
    options?: KernelOptions,
  ): Promise<Float64Array>;

  /**
   * Sums the counts of each gene over groups of profiles, into pairs: for sums
   * that are too many to be had as numbers.
   *
   * @param spans The profiles.
   * @param shape The row that each goes to, and how many rows and genes.
   * @param use Is given the rows, in their order.
   * @param options Told of the progress, and stopped.
   * @throws {LargeSumError} If a sum passes 2^32-1.
   */
  groupPairs(
    spans: readonly LeafSpan[],
    shape: PairRows,
    use: UseRowPairs,
    options?: KernelOptions,
  ): Promise<void>;

  /**
   * Decodes counts into dense rows. A count over 2^32-1 is a `SyntaxError`.
   *
   * @param spans The profiles.
   * @param shape How many rows and genes, and of what type.
   * @param options Told of the progress, and stopped.
   * @returns The rows, one after the other.
   */
  decodeDense<T extends DenseType>(
    spans: readonly LeafSpan[],
    shape: DenseShape<T>,
    options?: KernelOptions,
  ): Promise<DenseArrays[T]>;

  /**
   * Decodes counts into compressed sparse rows.
   *
   * @param spans The profiles.
   * @param shape How many rows and genes.
   * @param options Told of the progress, and stopped.
   * @returns The rows; genes without a count in a row are not in it.
   */
  decodeSparse(
    spans: readonly LeafSpan[],
    shape: SparseShape,
    options?: KernelOptions,
  ): Promise<SparseRows>;
}
