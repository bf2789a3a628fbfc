import {
  importBatch,
  type ImportOptions,
} from "../../../src/imports/import_batch.ts";
import "../../../src/profiles/load.ts";
import { withTempFolder } from "../../helpers.ts";
import { type Hdf5Tree, writeHdf5 } from "../../io/_hdf5.ts";
import { type Imported, readBatch } from "../tenx_folder.ts";

/** Three genes and four cells of version 3; the third has no counts. */
export const SMALL_V3: Hdf5Tree = {
  "matrix/barcodes": { data: ["AC-1", "AG-1", "AT-1", "CA-1"], dtype: "A4" },
  "matrix/data": new Int32Array([5, 2, 300, 1]),
  "matrix/indices": new BigInt64Array([2n, 0n, 1n, 2n]),
  "matrix/indptr": new BigInt64Array([0n, 2n, 3n, 3n, 4n]),
  "matrix/shape": new Int32Array([3, 4]),
  "matrix/features/id": { data: ["ENSG2", "ENSG1", "AB3"], dtype: "A5" },
  "matrix/features/name": { data: ["b", "A", "c"], dtype: "A1" },
  "matrix/features/feature_type": {
    data: Array(3).fill("Gene Expression"),
    dtype: "A15",
  },
  "matrix/features/genome": { data: Array(3).fill("hg38"), dtype: "A4" },
  "matrix/features/_all_tag_keys": { data: ["genome"], dtype: "A6" },
};

/** The counts of that file, genes in the order A, B, C. */
export const SMALL_COUNTS = [[0, 2, 5], [300, 0, 0], [0, 0, 0], [0, 0, 1]];

/**
 * The same matrix in version 2.
 *
 * @param genome The genome, which names the group.
 * @returns The datasets.
 */
export function smallV2(genome: string): Hdf5Tree {
  const names = ["barcodes", "data", "indices", "indptr", "shape"];
  return {
    ...Object.fromEntries(
      names.map((name) => [`${genome}/${name}`, SMALL_V3[`matrix/${name}`]]),
    ),
    [`${genome}/genes`]: SMALL_V3["matrix/features/id"],
    [`${genome}/gene_names`]: SMALL_V3["matrix/features/name"],
  };
}

/**
 * Writes a file, imports it and reads back what came of it.
 *
 * @param tree What the file holds.
 * @param options How to import.
 * @returns All that the container has.
 */
export function importHdf5(
  tree: Hdf5Tree,
  options: ImportOptions = {},
): Promise<Imported> {
  return withTempFolder(async (folder) => {
    await writeHdf5(`${folder}/source.h5`, tree);
    const path = `${folder}/batch`;
    const summary = await importBatch(`${folder}/source.h5`, path, options);
    return { summary, ...await readBatch(path) };
  });
}

/**
 * Writes a file that can't be imported, and checks that nothing is left.
 *
 * @param tree What the file holds.
 * @param options How to import.
 * @returns The message, with `FILE` for the path of the file.
 */
export function hdf5Error(
  tree: Hdf5Tree,
  options: ImportOptions = {},
): Promise<string> {
  return withTempFolder(async (folder) => {
    await writeHdf5(`${folder}/source.h5`, tree);
    return await importError(folder, options);
  });
}

/**
 * Imports `source.h5` of a folder, which can't be done.
 *
 * @param folder The folder, which holds nothing else.
 * @param options How to import.
 * @returns The message, with `FILE` for the path of the file.
 */
export async function importError(
  folder: string,
  options: ImportOptions = {},
): Promise<string> {
  const source = `${folder}/source.h5`;
  try {
    await importBatch(source, `${folder}/batch`, options);
  } catch (error) {
    const left = [...Deno.readDirSync(folder)].map(({ name }) => name);
    if (left.join() !== "source.h5") throw new Error(`there is ${left}`);
    const { message } = error as Error;
    if (message.includes("\n")) throw new Error(`${message} is not a line`);
    return message.replaceAll(source, "FILE");
  }
  throw new Error("it was imported");
}
