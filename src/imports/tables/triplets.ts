/** The importer for triplets: a table with a line a gene, cell and count. */
import { joinPath } from "../../io/paths.ts";
import { CellBuckets } from "../cell_buckets.ts";
import { CellRuns } from "../cell_runs.ts";
import { areGeneIds } from "./dense_table_axes.ts";
import { isTableFile } from "./dense_table_file.ts";
import { quote } from "../import_error.ts";
import type {
  BlocksOptions,
  CountsBlock,
  Importer,
  ImportSource,
  SourceOptions,
} from "../importer.ts";
import {
  looksLikeTriplets,
  readTripletLayout,
  type TripletLayout,
} from "./triplet_layout.ts";
import { TripletNames } from "./triplet_names.ts";
import { type TripletAxes, TripletReader } from "./triplet_reader.ts";

/**
 * Reads triplets from a CSV or TSV, plain or gzip, as `umi_tools count` writes
 * them. Genes and cells are names, numbered in the order in which they come; a
 * name may come back anywhere. The columns are found by the names in the
 * header, else by what is in them, or named by the option.
 */
export const TRIPLETS: Importer = {
  name: "triplets",
  summary: "a CSV or TSV with a line a gene, cell and count, plain or gzip",
  takes: ["columns", "separator"],
  probe: async (path) => isTableFile(path) && await looksLikeTriplets(path),
  open: openTriplets,
};

/** What the first pass found. */
interface TripletTable {
  readonly path: string;
  readonly layout: TripletLayout;
  readonly axes: TripletAxes;
  readonly entriesCount: number;
  readonly entriesPerCell: Float64Array;
  /** Whether the entries of each cell are together. */
  readonly isOrdered: boolean;
}

async function openTriplets(
  path: string,
  options: SourceOptions,
): Promise<ImportSource> {
  const { bucketEntries, columns, separator } = options;
  const layout = await readTripletLayout(path, { columns, separator });
  const table = await readNames(path, layout);
  const { names } = table.axes.genes;
  const barcodes = table.axes.cells.names;
  return {
    format: "table of triplets",
    path,
    genes: { names, columns: {}, ...areGeneIds(names) && { ids: names } },
    profiles: { count: barcodes.length, barcodes, columns: {} },
    notes: [describeColumns(layout)],
    blocks: (blocks) =>
      table.isOrdered
        ? readOrdered(table, blocks)
        : readSorted(table, blocks, bucketEntries),
  };
}

function describeColumns({ columns, header }: TripletLayout): string {
  const nameOf = (at: number) => {
    const name = header?.[at];
    return name ? quote(name) : `column ${at + 1}`;
  };
  const places = Object.values(columns);
  const others = (header ?? []).filter((name, at) =>
    name !== "" && !places.includes(at)
  );
  const what =
    `It is read as triplets: genes are in ${nameOf(columns.gene)}, ` +
    `cells in ${nameOf(columns.cell)}, counts in ${nameOf(columns.count)}`;
  const rest = others.map((name) => quote(name)).join(", ");
  return others.length > 0 ? `${what}; left out: ${rest}` : what;
}

/** The first pass: names, and the entries of each cell. */
async function readNames(
  path: string,
  layout: TripletLayout,
): Promise<TripletTable> {
  const axes = { genes: new TripletNames(), cells: new TripletNames() };
  const reader = new TripletReader(path, layout, axes, true);
  const entriesPerCell: number[] = [];
  let current = 0;
  let isOrdered = true;
  for await (const length of reader.read()) {
    const { cells } = reader;
    for (let at = 0; at < length; at++) {
      const cell = cells[at]!;
      if (cell === entriesPerCell.length) entriesPerCell.push(0);
      entriesPerCell[cell]!++;
      if (cell < current) isOrdered = false;
      current = cell;
    }
  }
  return {
    path,
    layout,
    axes,
    entriesCount: reader.entriesRead,
    entriesPerCell: Float64Array.from(entriesPerCell),
    isOrdered,
  };
}

/** Entries of a cell that are together stream straight from the text. */
async function* readOrdered(
  table: TripletTable,
  options: BlocksOptions,
): AsyncGenerator<CountsBlock> {
  const reader = new TripletReader(table.path, table.layout, table.axes, false);
  const runs = new CellRuns(table.entriesPerCell.length);
  for await (const length of reader.read(options.signal)) {
    const firstProfile = runs.current;
    const offsets = runs.add(reader.cells, length);
    if (offsets === undefined) throw reader.changed();
    const { genes: rows, counts } = reader;
    options.progress?.(reader.entriesRead, table.entriesCount);
    yield {
      firstProfile,
      offsets,
      rows,
      counts,
      isOpen: true,
      isRestart: false,
    };
  }
  if (reader.entriesRead !== table.entriesCount) throw reader.changed();
  const none = new Uint32Array(0);
  yield {
    firstProfile: runs.current,
    offsets: runs.finish(),
    rows: none,
    counts: none,
    isOpen: false,
    isRestart: false,
  };
}

/** Others are sorted, bucket by bucket. */
async function* readSorted(
  table: TripletTable,
  options: BlocksOptions,
  bucketEntries: number | undefined,
): AsyncGenerator<CountsBlock> {
  const reader = new TripletReader(table.path, table.layout, table.axes, false);
  using buckets = new CellBuckets({
    path: joinPath(options.scratch, "entries.tmp"),
    entriesPerCell: table.entriesPerCell,
    genesCount: table.axes.genes.names.length,
    bucketEntries,
  });
  for await (const length of reader.read(options.signal)) {
    buckets.add(reader.cells, reader.genes, reader.counts, length);
    options.progress?.(reader.entriesRead, table.entriesCount);
  }
  if (reader.entriesRead !== table.entriesCount) throw reader.changed();
  for (const block of buckets.blocks()) {
    options.signal?.throwIfAborted();
    yield block;
  }
}
