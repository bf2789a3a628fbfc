/**
 * Rows of samples as loaders get them: what a collection gives for a list of
 * indices, in one call.
 */
import type { DType, DTypeArrays } from "../arrays/dtypes.ts";

/** How the counts of rows are laid out. */
export type RowFormat = "dense" | "csr";

/** The types that rows can have. */
export type RowType = Exclude<DType, "bool" | "complex64" | "complex128">;

/** Numbers of rows. */
export type RowNumbers = DTypeArrays[RowType];

/** Rows with a value for each column. */
export interface DenseMatrixRows {
  /** Tells it from sparse rows. */
  readonly format: "dense";
  /** Rows and columns. */
  readonly shape: readonly [rows: number, columns: number];
  /** The type of the values. */
  readonly dtype: RowType;
  /** The values, row by row: that of a column is at `column + columns * row`. */
  readonly data: RowNumbers;
}

/** Rows in compressed sparse form. */
export interface SparseMatrixRows {
  /** Tells it from dense rows. */
  readonly format: "csr";
  /** Rows and columns. */
  readonly shape: readonly [rows: number, columns: number];
  /** The type of the values. */
  readonly dtype: RowType;
  /** Where the entries of each row start, then where the last ones end. */
  readonly indptr: Int32Array;
  /** The column of each entry, ascending in a row, each once. */
  readonly indices: Int32Array;
  /** The value of each entry. */
  readonly data: RowNumbers;
}

/** Rows of a matrix. */
export type MatrixRows = DenseMatrixRows | SparseMatrixRows;

/** A label as it is, or null where it is missing. */
export type Label = string | number | boolean | null;

/** Labels of rows, as codes. */
export interface EncodedLabels {
  /** Tells them from labels as they are. */
  readonly isEncoded: true;
  /** The code of each row; -1 stands for the unknown label. */
  readonly codes: Int32Array;
  /** 1 for each row whose label is missing; its code is meaningless. */
  readonly missing: Uint8Array | undefined;
}

/** Labels of rows, as they are. */
export interface PlainLabels {
  /** Tells them from codes. */
  readonly isEncoded: false;
  /** The label of each row. */
  readonly values: readonly Label[];
}

/** Labels of rows. */
export type RowLabels = EncodedLabels | PlainLabels;

/** Some rows of a collection, in the order in which they were asked for. */
export interface RowsBatch {
  /** The index of each row in the collection. */
  readonly indices: Int32Array;
  /** The store that each row is of. */
  readonly storeIndices: Int32Array;
  /** The matrices by their keys, `X` and the names of layers. */
  readonly layers: Readonly<Record<string, MatrixRows>>;
  /** The matrices of obsm, by their names. */
  readonly obsm: Readonly<Record<string, DenseMatrixRows>>;
  /** The labels, by the names of the columns of obs. */
  readonly obs: Readonly<Record<string, RowLabels>>;
}

/** Memory for entries of sparse rows. */
export interface EntriesMemory {
  /** Receives their columns. */
  readonly indices: Int32Array;
  /** Receives their values. */
  readonly data: RowNumbers;
}

/** By the key of a layer memory for dense rows. */
export type DenseMemory = Readonly<Record<string, RowNumbers>>;

/** By the key of a layer memory for sparse rows. */
export type SparseMemory = Readonly<Record<string, EntriesMemory>>;

/** How rows are given. */
export interface GetRowsOptions {
  /** Dense by default. */
  readonly format?: RowFormat | undefined;
  /** The type of the values, by default that of the collection. */
  readonly dtype?: RowType | undefined;
  /**
   * Whether zeros that a store has written out may stay among the values of
   * sparse rows, for nobody looks for them then; false by default.
   */
  readonly keepZeros?: boolean | undefined;
  /** Stops the reading. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Memory that dense values are put into, of the type that they have and at
   * least as long; what was in it is overwritten.
   */
  readonly into?: DenseMemory | undefined;
  /**
   * Memory that entries of sparse rows are put into, of the type that they
   * have; what was in it is overwritten. How many there are is not known
   * before: where there is no room for them, or they are not read in the order
   * of the rows, they are put elsewhere.
   */
  readonly intoSparse?: SparseMemory | undefined;
}

/** What loaders read: a collection, or anything that gives rows as one does. */
export interface RowSource {
  /** The number of rows. */
  readonly length: number;
  /**
   * Reads rows.
   *
   * @param indices The rows, from 0, in any order; repeats may be.
   * @param options How they are given.
   */
  getRows(
    indices: ArrayLike<number>,
    options?: GetRowsOptions,
  ): Promise<RowsBatch>;
}
