import { File, ready } from "h5wasm/node";
import {
  importBatch,
  type ImportOptions,
} from "../../src/imports/import_batch.ts";
import "../../src/profiles/load.ts";
import { withTempFolder } from "../helpers.ts";
import { type Hdf5Tree, writeHdf5 } from "../io/_hdf5.ts";
import { type Imported, readBatch } from "./tenx_folder.ts";

/** Attributes of one node; numbers are written as a list of integers. */
export type H5adAttributes = Readonly<
  Record<string, string | readonly string[] | readonly number[] | boolean>
>;

/** What an h5ad file holds. */
export interface H5ad {
  /** The datasets by their paths. */
  readonly tree: Hdf5Tree;
  /** The attributes by the paths of their nodes. */
  readonly attributes?: Readonly<Record<string, H5adAttributes>>;
}

/** The tables of three cells and four genes. */
export const FRAMES: Hdf5Tree = {
  "obs/_index": ["AC-1", "AG-1", "AT-1"],
  "var/_index": ["b", "A", "d", "c"],
};

/** The counts, by source. */
export const COUNTS = [[0, 300, 0, 2], [0, 0, 0, 0], [7, 0, 1, 0]];
/** The counts as the container has them, genes in the order A, B, C, D. */
export const SORTED_COUNTS = [[300, 0, 2, 0], [0, 0, 0, 0], [0, 7, 0, 1]];

/** That matrix as CSR. */
export const CSR: H5ad = {
  tree: {
    ...FRAMES,
    "X/data": new Float32Array([300, 2, 1, 7]),
    "X/indices": new Int32Array([1, 3, 2, 0]),
    "X/indptr": new Int32Array([0, 2, 2, 4]),
  },
  attributes: { X: { "encoding-type": "csr_matrix", shape: [3, 4] } },
};

/**
 * Adds to what a file holds.
 *
 * @param file The file.
 * @param more What is added, or takes the place of what was there.
 * @returns Both.
 */
export function withMore(file: H5ad, more: H5ad): H5ad {
  return {
    tree: { ...file.tree, ...more.tree },
    attributes: { ...file.attributes, ...more.attributes },
  };
}

/**
 * A dense matrix.
 *
 * @param rows Its rows.
 * @param make Makes the array of its values.
 * @returns A dataset.
 */
export function dense(
  rows: readonly (readonly number[])[],
  make: (values: number[]) => Float32Array | Int32Array = (values) =>
    Float32Array.from(values),
): Hdf5Tree[string] {
  const shape = [rows.length, rows[0]?.length ?? 0];
  return { data: make(rows.flat()), shape };
}

/**
 * Writes an h5ad file.
 *
 * @param path Where to.
 * @param file What it holds.
 */
export async function writeH5ad(path: string, file: H5ad): Promise<void> {
  await writeHdf5(path, file.tree);
  await ready;
  const written = new File(path, "a");
  for (const [place, attributes] of Object.entries(file.attributes ?? {})) {
    if (written.get(place) === null) written.create_group(place);
    for (const [name, value] of Object.entries(attributes)) {
      const node = written.get(place) as typeof written;
      if (typeof value === "boolean") {
        node.create_attribute(name, value ? 1 : 0, [], "<b");
      } else if (Array.isArray(value) && typeof value[0] === "number") {
        node.create_attribute(name, Int32Array.from(value));
      } else node.create_attribute(name, value as string | string[]);
    }
  }
  written.close();
}

/**
 * Writes a file, imports it and reads back what came of it.
 *
 * @param file What the file holds.
 * @param options How to import.
 * @param look Looks at the container before it is gone.
 * @returns All that the container has.
 */
export function importH5ad(
  file: H5ad,
  options: ImportOptions = {},
  look: (path: string) => void | Promise<void> = () => {},
): Promise<Imported> {
  return withTempFolder(async (folder) => {
    await writeH5ad(`${folder}/source.h5ad`, file);
    const path = `${folder}/batch`;
    const summary = await importBatch(`${folder}/source.h5ad`, path, options);
    await look(path);
    const left = [...Deno.readDirSync(path)].map(({ name }) => name);
    if (left.includes("entries.tmp")) throw new Error(`there is ${left}`);
    return { summary, ...await readBatch(path) };
  });
}

/**
 * Writes a file that can't be imported, and checks that nothing is left.
 *
 * @param file What the file holds.
 * @param options How to import.
 * @returns The message, with `FILE` for the path of the file.
 */
export function h5adError(
  file: H5ad,
  options: ImportOptions = {},
): Promise<string> {
  return withTempFolder(async (folder) => {
    await writeH5ad(`${folder}/source.h5ad`, file);
    return await importError(folder, "source.h5ad", options);
  });
}

/**
 * Imports the source of a folder, which can't be done.
 *
 * @param folder The folder, which holds nothing else.
 * @param name The name of the source.
 * @param options How to import.
 * @returns The message, with `FILE` for the path of the source.
 */
export async function importError(
  folder: string,
  name: string,
  options: ImportOptions = {},
): Promise<string> {
  const source = `${folder}/${name}`;
  try {
    await importBatch(source, `${folder}/batch`, options);
  } catch (error) {
    const left = [...Deno.readDirSync(folder)].map(({ name }) => name);
    if (left.join() !== name) throw new Error(`there is ${left}`);
    const { message } = error as Error;
    if (message.includes("\n")) throw new Error(`${message} is not a line`);
    return message.replaceAll(source, "FILE");
  }
  throw new Error("it was imported");
}
