/** What a collection is made of: stores of cells. */
import type { ChunkCache } from "../../io/chunk_cache.ts";
import type { LabelColumn } from "../labels.ts";
import type { WatchedFile } from "./watch.ts";
import type { StoreMatrix } from "../matrices/store_matrix.ts";

/** Cells with a matrix X: an AnnData file, or a container. */
export interface MappedStore {
  /** The path. */
  readonly path: string;
  /** The files that it was opened on, as they were. */
  readonly files: readonly WatchedFile[];
  /** The number of cells. */
  readonly rows: number;
  /** The number of genes. */
  readonly columns: number;
  /** Reads the names of the genes. */
  genes(): Promise<readonly string[]>;
  /**
   * Reads a column of obs.
   *
   * @param key Its name.
   * @returns The labels, or undefined where there is no such column.
   */
  column(key: string): Promise<LabelColumn | undefined>;
  /**
   * Finds a matrix of cells and genes.
   *
   * @param key `X`, `raw.X` or the name of a layer.
   * @returns The matrix, or undefined where there is none.
   */
  layer(key: string): Promise<StoreMatrix | undefined>;
  /**
   * Finds a matrix of obsm.
   *
   * @param key Its name.
   * @returns The matrix, or undefined where there is none.
   */
  obsm(key: string): Promise<StoreMatrix | undefined>;
  /** Throws where what it was opened on has changed since. */
  checkUnchanged(): void;
  /** Throws where what columns and genes are read from has changed since. */
  checkTables(): void;
  /** Releases what the store holds open; closing twice is fine. */
  close(): void;
}

/** How stores are opened. */
export interface StoreOptions {
  /** What decoded chunks may take in memory, of all stores together. */
  readonly cache: ChunkCache;
  /** Whether files of containers are kept in memory, where there is room. */
  readonly keepsFiles: boolean;
  /** What a matrix that is stored by columns may take in memory. */
  readonly transposeBytes: number;
  /** The paths of matrices that are read, in stores that are folders. */
  readonly matrices: readonly string[];
}
