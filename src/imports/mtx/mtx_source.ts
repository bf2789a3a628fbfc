import { joinPath } from "../../io/paths.ts";
import { CellBuckets } from "../cell_buckets.ts";
import { CellRuns } from "../cell_runs.ts";
import type { BlocksOptions, CountsBlock } from "../importer.ts";
import type { MtxHeader } from "./mtx_header.ts";
import type { MtxParser } from "./mtx_parser.ts";
import { MtxReader } from "./mtx_reader.ts";

/** What a matrix file is read with. */
export interface MtxSourceOptions {
  /** Whether its rows or its columns are genes. */
  readonly genesIn: "rows" | "columns";
  /** The number of genes, that the header was checked against. */
  readonly genesCount: number;
  /** The number of profiles, that the header was checked against. */
  readonly profilesCount: number;
  /** The most entries that are sorted in memory at once. */
  readonly bucketEntries?: number | undefined;
}

/** The entries of a chunk of the file. */
interface Entries {
  readonly genes: Uint32Array;
  readonly cells: Uint32Array;
  readonly counts: Uint32Array;
  readonly length: number;
}

/**
 * Reads the counts of a matrix file as blocks of profiles. While the cells
 * come in order, the blocks stream straight from the text. At the first cell
 * that goes back, the rest of the file is only counted; then it is read a
 * second time, into buckets that are sorted one by one: see
 * {@linkcode CellBuckets} for what that takes. Apart from those, memory holds
 * one chunk of the file and 8 bytes a cell.
 */
export class MtxSource {
  readonly #path: string;
  readonly #options: MtxSourceOptions;
  #reader: MtxReader | undefined;

  /**
   * @param path The path of the file.
   * @param reader Its first pass, of which at most the header was read.
   * @param options How it is read.
   */
  constructor(path: string, reader: MtxReader, options: MtxSourceOptions) {
    this.#path = path;
    this.#reader = reader;
    this.#options = options;
  }

  /** Closes the file, where nobody read it to its end. */
  async close(): Promise<void> {
    await this.#reader?.close();
    this.#reader = undefined;
  }

  /**
   * Reads the counts.
   *
   * @param options Where temporary files go, and who is told.
   * @returns Blocks of all profiles, in order.
   * @throws {SyntaxError} If the file is wrong; with the line.
   */
  async *blocks(options: BlocksOptions): AsyncGenerator<CountsBlock> {
    const runs = new CellRuns(this.#options.profilesCount);
    for await (const entries of this.#read(options, 0)) {
      const firstProfile = runs.current;
      const offsets = runs.add(entries.cells, entries.length);
      if (offsets) yield openBlock(firstProfile, offsets, entries);
    }
    if (!runs.isOrdered) return yield* this.#sort(runs, options);
    yield {
      ...openBlock(runs.current, runs.finish()),
      isOpen: false,
    };
  }

  async *#sort(
    runs: CellRuns,
    options: BlocksOptions,
  ): AsyncGenerator<CountsBlock> {
    using buckets = new CellBuckets({
      path: joinPath(options.scratch, "entries.tmp"),
      entriesPerCell: runs.entriesPerCell,
      genesCount: this.#options.genesCount,
      bucketEntries: this.#options.bucketEntries,
    });
    for await (const entries of this.#read(options, 1)) {
      const { cells, genes, counts, length } = entries;
      buckets.add(cells, genes, counts, length);
    }
    let isRestart = true;
    for (const block of buckets.blocks()) {
      options.signal?.throwIfAborted();
      yield { ...block, isRestart };
      isRestart = false;
    }
  }

  /** Reads the whole file, for the first or the second time. */
  async *#read(
    options: BlocksOptions,
    passesBefore: number,
  ): AsyncGenerator<Entries> {
    const reader = this.#reader ?? new MtxReader(this.#path);
    this.#reader = undefined;
    try {
      const { entriesCount } = this.#checked(await reader.readHeader());
      const { parser } = reader;
      for (;;) {
        const length = await reader.readEntries();
        if (length === undefined) return;
        options.signal?.throwIfAborted();
        options.progress?.(
          passesBefore * entriesCount + parser.entriesRead,
          (passesBefore + 1) * entriesCount,
        );
        if (length > 0) yield this.#orient(parser, length);
      }
    } finally {
      await reader.close();
    }
  }

  #orient(parser: MtxParser, length: number): Entries {
    const { rows, columns, counts } = parser;
    return this.#options.genesIn === "rows"
      ? { genes: rows, cells: columns, counts, length }
      : { genes: columns, cells: rows, counts, length };
  }

  #checked(header: MtxHeader): MtxHeader {
    const { genesIn, genesCount, profilesCount } = this.#options;
    const { rowsCount, columnsCount } = header;
    const [genes, cells] = genesIn === "rows"
      ? [rowsCount, columnsCount]
      : [columnsCount, rowsCount];
    if (genes === genesCount && cells === profilesCount) return header;
    throw new Error(
      `Cannot import ${this.#path}: it changed while it was read`,
    );
  }
}

/** A block whose last profile may go on. */
function openBlock(
  firstProfile: number,
  offsets: Uint32Array,
  entries?: Entries,
): CountsBlock {
  return {
    firstProfile,
    offsets,
    rows: entries?.genes ?? new Uint32Array(0),
    counts: entries?.counts ?? new Uint32Array(0),
    isOpen: true,
    isRestart: false,
  };
}
