import { joinPath } from "../../io/paths.ts";
import { CellBuckets } from "../cell_buckets.ts";
import type { TableLayout } from "./dense_table_layout.ts";
import { TableRows } from "./dense_table_rows.ts";
import type { BlocksOptions, CountsBlock } from "../importer.ts";

/** What the counts of a table are read with. */
export interface TableSourceOptions {
  /** Whether its rows or its columns are genes. */
  readonly genesIn: "rows" | "columns";
  /** The most entries that are sorted in memory at once. */
  readonly bucketEntries?: number | undefined;
}

/**
 * Reads the counts of a dense table as blocks of profiles.
 *
 * With genes in columns a row is a profile, and they stream straight from the
 * text. With genes in rows each profile is spread over the whole file, which is
 * read twice: once to count the entries of each profile, once into buckets that
 * are sorted one by one: see {@linkcode CellBuckets} for what that takes. Apart
 * from those, memory holds the names of both axes, a chunk of the file, the
 * longest line, and 16 bytes a column; never the counts of the table.
 *
 * @param path The path of the table.
 * @param layout Its names.
 * @param options How it is read.
 * @param blocks Where temporary files go, and who is told.
 * @returns Blocks of all profiles, in order.
 * @throws {SyntaxError} If the table is wrong; with line and column.
 */
export function readTableBlocks(
  path: string,
  layout: TableLayout,
  options: TableSourceOptions & { readonly blocks: BlocksOptions },
): AsyncGenerator<CountsBlock> {
  return options.genesIn === "columns"
    ? readProfileRows(path, layout, options.blocks)
    : readGeneRows(path, layout, options);
}

async function* readProfileRows(
  path: string,
  layout: TableLayout,
  options: BlocksOptions,
): AsyncGenerator<CountsBlock> {
  const table = new TableRows(path, layout);
  const builder = new BlockBuilder();
  for await (const lines of table.blocks(options.signal)) {
    const firstProfile = table.rowsRead;
    builder.reset(lines.length);
    for (const _ of table.rows(lines)) builder.add(table.parser);
    options.progress?.(table.rowsRead, layout.rowNames.length);
    if (table.rowsRead > firstProfile) yield builder.block(firstProfile);
  }
}

async function* readGeneRows(
  path: string,
  layout: TableLayout,
  options: TableSourceOptions & { readonly blocks: BlocksOptions },
): AsyncGenerator<CountsBlock> {
  const { scratch, signal } = options.blocks;
  const genesCount = layout.rowNames.length;
  const progress = (done: number) =>
    options.blocks.progress?.(done, 2 * genesCount);
  const entriesPerCell = await countEntries(path, layout, options.blocks);
  using buckets = new CellBuckets({
    path: joinPath(scratch, "entries.tmp"),
    entriesPerCell,
    genesCount,
    bucketEntries: options.bucketEntries,
  });
  const table = new TableRows(path, layout);
  const genes = new Uint32Array(layout.columnNames.length);
  for await (const lines of table.blocks(signal)) {
    for (const row of table.rows(lines)) {
      const { columns, counts, length } = table.parser;
      genes.fill(row, 0, length);
      buckets.add(columns, genes, counts, length);
    }
    progress(genesCount + table.rowsRead);
  }
  for (const block of buckets.blocks()) {
    signal?.throwIfAborted();
    yield block;
  }
}

/** The entries of each column. */
async function countEntries(
  path: string,
  layout: TableLayout,
  options: BlocksOptions,
): Promise<Float64Array> {
  const table = new TableRows(path, layout);
  const entries = new Float64Array(layout.columnNames.length);
  for await (const lines of table.blocks(options.signal)) {
    for (const _ of table.rows(lines)) {
      const { columns, length } = table.parser;
      for (let at = 0; at < length; at++) entries[columns[at]!]!++;
    }
    options.progress?.(table.rowsRead, 2 * layout.rowNames.length);
  }
  return entries;
}

/** Puts rows of a table together into a block, in buffers that it reuses. */
class BlockBuilder {
  #rows = new Uint32Array(0);
  #counts = new Uint32Array(0);
  #offsets: number[] = [0];

  /** Starts a block of so many bytes of text, which have half as many counts. */
  reset(byteLength: number): void {
    this.#offsets = [0];
    const most = Math.ceil(byteLength / 2);
    if (most <= this.#rows.length) return;
    this.#rows = new Uint32Array(most);
    this.#counts = new Uint32Array(most);
  }

  add(row: TableRows["parser"]): void {
    const start = this.#offsets.at(-1)!;
    const { columns, counts, length } = row;
    this.#rows.set(columns.subarray(0, length), start);
    this.#counts.set(counts.subarray(0, length), start);
    this.#offsets.push(start + length);
  }

  block(firstProfile: number): CountsBlock {
    return {
      firstProfile,
      offsets: Uint32Array.from(this.#offsets),
      rows: this.#rows,
      counts: this.#counts,
      isOpen: false,
      isRestart: false,
    };
  }
}
