/**
 * The importer for 10x MatrixMarket folders: matrix.mtx, genes.tsv or
 * features.tsv, and barcodes.tsv, each plain or gzip.
 */
import { countOf } from "../../io/plural.ts";
import { readFeatureTable } from "../feature_table.ts";
import type {
  BlocksOptions,
  CountsBlock,
  Importer,
  ImportSource,
  SourceGenes,
  SourceOptions,
  SourceProfiles,
} from "../importer.ts";
import { lineError } from "../import_error.ts";
import {
  findMatrixMarketFiles,
  hasMatrixMarketFiles,
  type MatrixMarketFiles,
} from "./matrix_market_folder.ts";
import type { MtxHeader } from "./mtx_header.ts";
import { MtxReader } from "./mtx_reader.ts";
import { MtxSource } from "./mtx_source.ts";
import { readTableLines } from "../table_lines.ts";

/** Reads 10x MatrixMarket folders. */
export const MATRIX_MARKET: Importer = {
  name: "mtx",
  summary: "a 10x MatrixMarket folder: matrix.mtx, genes.tsv or " +
    "features.tsv, and barcodes.tsv, plain or gzip",
  takes: ["features", "genesIn"],
  probe: hasMatrixMarketFiles,
  open: openFolder,
};

/** A 10x MatrixMarket folder that was opened. */
class MatrixMarketSource implements ImportSource {
  readonly format = "10x MatrixMarket folder";
  readonly path: string;
  readonly genes: SourceGenes;
  readonly profiles: SourceProfiles;
  readonly notes: readonly string[];
  readonly #matrix: MtxSource;

  constructor(
    path: string,
    matrix: MtxSource,
    said: Pick<ImportSource, "genes" | "profiles" | "notes">,
  ) {
    this.path = path;
    this.genes = said.genes;
    this.profiles = said.profiles;
    this.notes = said.notes;
    this.#matrix = matrix;
  }

  blocks(options: BlocksOptions): AsyncIterable<CountsBlock> {
    return this.#matrix.blocks(options);
  }

  close(): Promise<void> {
    return this.#matrix.close();
  }
}

async function openFolder(
  path: string,
  options: SourceOptions,
): Promise<ImportSource> {
  const files = findMatrixMarketFiles(path);
  const reader = new MtxReader(files.matrix);
  try {
    return await openFiles(path, { files, reader, options });
  } catch (error) {
    await reader.close();
    throw error;
  }
}

async function openFiles(
  path: string,
  opened: {
    readonly files: MatrixMarketFiles;
    readonly reader: MtxReader;
    readonly options: SourceOptions;
  },
): Promise<ImportSource> {
  const { files, reader, options } = opened;
  const { genesIn = "rows", features, bucketEntries } = options;
  const { genes, notes } = await readFeatureTable(files.genes, features);
  const barcodes = await readBarcodes(files.barcodes);
  const sizes: TableSizes = {
    genesIn,
    genesCount: genes.names.length,
    profilesCount: barcodes.length,
  };
  checkSizes(files, await reader.readHeader(), sizes);
  const matrix = new MtxSource(files.matrix, reader, {
    ...sizes,
    bucketEntries,
  });
  const profiles = { count: barcodes.length, barcodes, columns: {} };
  return new MatrixMarketSource(path, matrix, { genes, profiles, notes });
}

/** The first column of the table of barcodes. */
async function readBarcodes(path: string): Promise<string[]> {
  const barcodes: string[] = [];
  await readTableLines(path, (line, number) => {
    const end = line.indexOf("\t");
    const barcode = end < 0 ? line : line.slice(0, end);
    if (barcode === "") throw lineError(path, number, "the barcode is empty");
    barcodes.push(barcode);
  });
  return barcodes;
}

interface TableSizes {
  readonly genesIn: "rows" | "columns";
  readonly genesCount: number;
  readonly profilesCount: number;
}

/** The lines of the two tables bear out the sizes that the header claims. */
function checkSizes(
  files: MatrixMarketFiles,
  header: MtxHeader,
  sizes: TableSizes,
): void {
  const { rowsCount, columnsCount, line } = header;
  const { genesIn, genesCount, profilesCount } = sizes;
  const isTurned = genesIn === "columns";
  const [rows, columns] = isTurned
    ? [profilesCount, genesCount]
    : [genesCount, profilesCount];
  if (rows === rowsCount && columns === columnsCount) return;
  const [rowsFile, columnsFile] = isTurned
    ? [files.barcodes, files.genes]
    : [files.genes, files.barcodes];
  const hint = rows === columnsCount && columns === rowsCount
    ? `; turned around it would fit: \`genesIn\` ${
      isTurned ? "rows" : "columns"
    }`
    : rows === rowsCount + 1 || columns === columnsCount + 1
    ? "; is the first line of a table a header"
    : "";
  const why = `the matrix has ${countOf(rowsCount, "row")} and ` +
    `${countOf(columnsCount, "column")}, ` +
    `but ${rowsFile} has ` +
    `${countOf(rows, "line")} and ${columnsFile} has ${columns}`;
  throw lineError(files.matrix, line, why + hint);
}
