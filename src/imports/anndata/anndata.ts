/**
 * The importers for AnnData: h5ad files, and zarr folders and zips of them, of
 * every generation.
 */
import { type AnnDataFile, openAnnData } from "../../anndata/anndata_file.ts";
import type { StoredMatrix } from "../../anndata/matrix.ts";
import { pathKind } from "../../io/files.ts";
import { joinPath } from "../../io/paths.ts";
import { readMatrixBlocks } from "./anndata_blocks.ts";
import { readSourceColumns } from "./anndata_columns.ts";
import { chooseCounts } from "./anndata_counts.ts";
import { readAnnDataGenes } from "./anndata_genes.ts";
import type {
  BlocksOptions,
  CountsBlock,
  Importer,
  ImportSource,
  SourceGenes,
  SourceOptions,
  SourceProfiles,
} from "../importer.ts";

const H5AD_NAME = /\.h5ad$/i;
const ZARR_FILE_NAME = /\.zarr\.zip$/i;
/** What is at the root of a zarr store, of version 2 and 3. */
const ZARR_FILES = [".zgroup", "zarr.json"];

/** Reads AnnData from HDF5 files. */
export const H5AD: Importer = {
  name: "h5ad",
  summary: "an AnnData file, .h5ad",
  takes: ["features", "layer"],
  probe: (path) => H5AD_NAME.test(path) && pathKind(path) === "file",
  open: openAnnDataSource,
};

/** Reads AnnData from zarr stores. */
export const ZARR: Importer = {
  name: "zarr",
  summary: "an AnnData zarr folder, or .zarr.zip",
  takes: ["features", "layer"],
  probe: isZarr,
  open: openAnnDataSource,
};

function isZarr(path: string): boolean {
  switch (pathKind(path)) {
    case "file":
      return ZARR_FILE_NAME.test(path);
    case "folder":
      return ZARR_FILES.some((name) =>
        pathKind(joinPath(path, name)) === "file"
      );
    default:
      return false;
  }
}

/** AnnData that was opened, and the matrix of it that holds the counts. */
class AnnDataSource implements ImportSource {
  readonly format: string;
  readonly path: string;
  readonly genes: SourceGenes;
  readonly profiles: SourceProfiles;
  readonly notes: readonly string[];
  readonly #file: AnnDataFile;
  readonly #matrix: StoredMatrix;
  readonly #bucketEntries: number | undefined;

  constructor(
    file: AnnDataFile,
    matrix: StoredMatrix,
    said:
      & Pick<ImportSource, "genes" | "notes" | "profiles">
      & Pick<SourceOptions, "bucketEntries">,
  ) {
    this.format = `AnnData in ${file.format}`;
    this.path = file.name;
    this.genes = said.genes;
    this.profiles = said.profiles;
    this.notes = said.notes;
    this.#file = file;
    this.#matrix = matrix;
    this.#bucketEntries = said.bucketEntries;
  }

  async *blocks(options: BlocksOptions): AsyncGenerator<CountsBlock> {
    const bucketEntries = this.#bucketEntries;
    const withBuckets = { ...options, bucketEntries };
    yield* readMatrixBlocks(this.#file, this.#matrix, withBuckets);
    this.#file.checkUnchanged();
  }

  close(): Promise<void> {
    this.#file.close();
    return Promise.resolve();
  }
}

async function openAnnDataSource(
  path: string,
  options: SourceOptions,
): Promise<ImportSource> {
  const file = await openAnnData(path);
  try {
    return await readSource(file, options);
  } catch (error) {
    file.close();
    throw error;
  }
}

async function readSource(
  file: AnnDataFile,
  options: SourceOptions,
): Promise<ImportSource> {
  const { key, matrix, note } = await chooseCounts(file, options.layer);
  const genes = await readAnnDataGenes(file, key, options);
  const { obs } = file;
  const barcodes = await obs.names();
  const empty = barcodes.indexOf("");
  if (empty >= 0) {
    throw file.error(obs.pathOf(obs.indexName), `element ${empty} is empty`);
  }
  const { columns, notes } = await readSourceColumns(obs, "p");
  const profiles = { count: obs.length, barcodes, columns };
  return new AnnDataSource(file, matrix, {
    genes: genes.genes,
    profiles,
    notes: [note, ...genes.notes, ...notes],
    ...options.bucketEntries !== undefined &&
      { bucketEntries: options.bucketEntries },
  });
}
