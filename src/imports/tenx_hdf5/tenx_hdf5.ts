/**
 * The importer for the HDF5 files of 10x: version 2 with a group a genome, and
 * version 3 with the group `matrix`; also what other programs write like them.
 */
import type { Hdf5Dataset } from "../../io/hdf5_dataset.ts";
import { Hdf5File } from "../../io/hdf5_file.ts";
import { pathKind } from "../../io/files.ts";
import { countOf, thereAre } from "../../io/plural.ts";
import type {
  BlocksOptions,
  CountsBlock,
  Importer,
  ImportSource,
  SourceGenes,
  SourceOptions,
  SourceProfiles,
} from "../importer.ts";
import {
  readSparseBlocks,
  readStarts,
  type SparseEntries,
} from "./tenx_hdf5_entries.ts";
import { readTenxFeatures } from "./tenx_hdf5_features.ts";
import { findDataset, findTenxMatrix, tenxError } from "./tenx_hdf5_layout.ts";

const FILE_NAME = /\.(?:h5|hdf5)$/i;

/** Reads 10x HDF5 files. */
export const TENX_HDF5: Importer = {
  name: "10x-h5",
  summary: "a 10x HDF5 file, .h5",
  takes: ["features", "genome"],
  probe: (path) => FILE_NAME.test(path) && pathKind(path) === "file",
  open: openTenxHdf5,
};

/** A 10x HDF5 file that was opened. */
class TenxHdf5Source implements ImportSource {
  readonly format: string;
  readonly path: string;
  readonly genes: SourceGenes;
  readonly profiles: SourceProfiles;
  readonly notes: readonly string[];
  readonly #file: Hdf5File;
  readonly #entries: SparseEntries;

  constructor(
    file: Hdf5File,
    entries: SparseEntries,
    said: Pick<ImportSource, "format" | "genes" | "notes" | "profiles">,
  ) {
    this.format = said.format;
    this.path = file.name;
    this.genes = said.genes;
    this.profiles = said.profiles;
    this.notes = said.notes;
    this.#file = file;
    this.#entries = entries;
  }

  async *blocks(options: BlocksOptions): AsyncGenerator<CountsBlock> {
    for (const block of readSparseBlocks(this.#entries, options)) {
      yield block;
      // All reading is synchronous: a signal would never get its turn.
      await new Promise<void>((resolve) => setTimeout(resolve));
    }
  }

  close(): Promise<void> {
    this.#file.close();
    return Promise.resolve();
  }
}

async function openTenxHdf5(
  path: string,
  options: SourceOptions,
): Promise<ImportSource> {
  const file = await Hdf5File.open(path);
  try {
    return readTenxHdf5(file, options);
  } catch (error) {
    file.close();
    throw error;
  }
}

function readTenxHdf5(file: Hdf5File, options: SourceOptions): ImportSource {
  const layout = findTenxMatrix(file, options.genome);
  const { group, isV3 } = layout;
  const data = file.dataset(`${group}/data`);
  const indices = file.dataset(`${group}/indices`);
  const indptr = file.dataset(`${group}/indptr`);
  checkLengths(file.name, [data, indices, indptr]);
  const starts = readStarts(file.name, indptr, data.length);
  const count = starts.length - 1;
  const { genes, notes } = readTenxFeatures(file, layout, options);
  const genesCount = genes.names.length;
  checkShape(file, group, [genesCount, count]);
  const barcodes = readBarcodes(file, group, count);
  const profiles = { count, ...(barcodes && { barcodes }), columns: {} };
  const format = `10x HDF5 of version ${isV3 ? 3 : 2}`;
  const entries = { name: file.name, data, indices, starts, genesCount };
  return new TenxHdf5Source(file, entries, { format, genes, notes, profiles });
}

function checkLengths(name: string, datasets: readonly Hdf5Dataset[]): void {
  for (const { path, shape } of datasets) {
    if (shape.length === 1) continue;
    const why = `it has ${countOf(shape.length, "dimension")} instead of one`;
    throw tenxError(name, `${path}: ${why}`);
  }
  const [data, indices] = datasets;
  if (data!.length === indices!.length) return;
  throw tenxError(
    name,
    `${indices!.path}: it has ${countOf(indices!.length, "element")}, ` +
      `and ${data!.path} has ${data!.length}`,
  );
}

/** The shape of the matrix is what its parts bear out, where it is stated. */
function checkShape(
  file: Hdf5File,
  group: string,
  found: readonly [number, number],
): void {
  const shape = findDataset(file, `${group}/shape`);
  if (shape === undefined) return;
  const claimed = shape.length === 2
    ? Array.from(shape.readNumbers(0, 2), Number)
    : [];
  if (claimed[0] === found[0] && claimed[1] === found[1]) return;
  throw tenxError(
    file.name,
    `${shape.path}: it says ${claimed.join(" x ") || "nothing"}, ` +
      `but ${thereAre(found[0], "gene")} and ${countOf(found[1], "profile")}`,
  );
}

function readBarcodes(
  file: Hdf5File,
  group: string,
  count: number,
): string[] | undefined {
  const dataset = findDataset(file, `${group}/barcodes`);
  if (dataset === undefined) return undefined;
  if (dataset.length !== count) {
    throw tenxError(
      file.name,
      `${dataset.path}: it has ${countOf(dataset.length, "element")}, ` +
        `and ${thereAre(count, "profile")}`,
    );
  }
  const barcodes = dataset.readTexts();
  const empty = barcodes.indexOf("");
  if (empty < 0) return barcodes;
  throw tenxError(file.name, `${dataset.path}: element ${empty} is empty`);
}
