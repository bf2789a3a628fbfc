import type { DataArray } from "../arrays/data_array.ts";

/** What a source says of its genes, by source row. */
export interface SourceGenes {
  /** The names as the source spells them, none of them empty. */
  readonly names: readonly string[];
  /** The ids, where the source has them; some may be empty. */
  readonly ids?: readonly string[];
  /** Other data, a value a row, as `feature_type`. */
  readonly columns: Readonly<Record<string, DataArray>>;
  /** 0 for a row that a choice of feature types leaves out; none without it. */
  readonly included?: Uint8Array;
}

/** What a source says of its profiles. */
export interface SourceProfiles {
  /** How many there are. */
  readonly count: number;
  /** Their barcodes, where the source has them. */
  readonly barcodes?: readonly string[];
  /** Other data, a value a profile. */
  readonly columns: Readonly<Record<string, DataArray>>;
}

/**
 * Counts of consecutive profiles. A block starts with the profile after the
 * last of the block before, or, where that one was open, with its last one.
 * The buffers are reused when the next block is asked for.
 */
export interface CountsBlock {
  /** The index of the first profile. */
  readonly firstProfile: number;
  /** Where the entries of each profile start, and where the last ones end. */
  readonly offsets: Uint32Array;
  /** The source row of each entry, in any order; repeats add up. */
  readonly rows: Uint32Array;
  /** The count of each entry; zeros may be. */
  readonly counts: Uint32Array;
  /** Whether the last profile may go on in the next block. */
  readonly isOpen: boolean;
  /**
   * Whether all blocks before are void: the source starts again with profile
   * 0, as one does that finds out late that its cells are not in order.
   */
  readonly isRestart: boolean;
}

/** What the blocks of a source are read with. */
export interface BlocksOptions {
  /** Stops the reading. */
  readonly signal?: AbortSignal;
  /**
   * Told of the progress.
   *
   * @param done How much is done.
   * @param total How much there is; it can grow.
   */
  progress?(done: number, total: number): void;
  /** A folder for temporary files, which the source removes again. */
  readonly scratch: string;
}

/** A source that was opened: all that it says but the counts is known. */
export interface ImportSource {
  /** What kind of source it is, for people. */
  readonly format: string;
  /** The path of the source. */
  readonly path: string;
  /** Its genes. */
  readonly genes: SourceGenes;
  /** Its profiles. */
  readonly profiles: SourceProfiles;
  /** What a user should know of how it was read. */
  readonly notes: readonly string[];
  /**
   * Reads the counts.
   *
   * @param options Where temporary files go, and who is told.
   * @returns Blocks of all profiles, in order.
   */
  blocks(options: BlocksOptions): AsyncIterable<CountsBlock>;
  /**
   * Closes what the source has open, where it keeps something open. Who opens
   * a source calls it, or a thread that reads ahead goes on.
   */
  close?(): Promise<void>;
}

/** What a source can be asked for. */
export interface SourceOptions {
  /** `"all"`, or the type of features to keep; `"Gene Expression"` if unset. */
  readonly features?: string;
  /** The genome to keep, where a source has several. */
  readonly genome?: string;
  /**
   * What genes are called by: `"name"`, which is the default, `"id"`, or
   * another column that the source has of them. Where it is empty, the name.
   */
  readonly geneNames?: string;
  /**
   * Whether the rows or the columns of a matrix are genes. If unset: rows of a
   * MatrixMarket file, and what the names tell of a dense table.
   */
  readonly genesIn?: "rows" | "columns";
  /** The character between the fields of a table; found out if unset. */
  readonly separator?: string;
  /**
   * The columns of gene, cell and count of a table of triplets, by the names
   * in its header or by their numbers from 1; found out if unset.
   */
  readonly columns?: readonly string[];
  /** The matrix to take of a source that has several, as AnnData has. */
  readonly layer?: string;
  /** The most entries that are sorted in memory at once. */
  readonly bucketEntries?: number;
}

/** Reads sources of one format. */
export interface Importer {
  /** What the option `from` calls the format. */
  readonly name: string;
  /** What the format looks like, for people. */
  readonly summary: string;
  /**
   * What sources of this format can be asked for, beside what all can be: to
   * ask for another thing is an error, since it would do nothing.
   */
  readonly takes: readonly (keyof SourceOptions)[];
  /**
   * Whether something is a source of this format, going by the names of files.
   *
   * @param path The path of a file or folder that exists.
   */
  probe(path: string): boolean | Promise<boolean>;
  /**
   * Opens a source.
   *
   * @param path The path of the source.
   * @param options What to read of it.
   */
  open(path: string, options: SourceOptions): Promise<ImportSource>;
}
