/** The stores that the benchmark of loaders reads. */
import { zstdCompressSync } from "node:zlib";
import {
  GenesSet,
  MATRIX_FILE,
  MatrixWriter,
  MemoryMappedMatrix,
  ProfilesBatch,
} from "../mod.ts";
import { FileSink } from "../src/io/file_sink.ts";
import { benchPath, hasPython, PYTHON, runProgram } from "./processes.ts";
import { SyntheticCells } from "./synthetic.ts";

/** The number of genes. */
export const GENES = 20_000;
/** The share of genes that a cell has: 1,500 of them. */
const DENSITY = 0.075;
/** The values of a chunk of zarr. */
const CHUNK = 1 << 17;

/** A store that is read. */
export interface StoreInput {
  /** What tables call it. */
  readonly name: string;
  /** Its path. */
  readonly path: string;
}

/**
 * Makes the same cells in all kinds of stores.
 *
 * @param folder Where; those that are there already stay.
 * @param cellsCount How many cells.
 * @returns The stores; without Debian's anndata those that it does not write.
 */
export async function makeStores(
  folder: string,
  cellsCount: number,
): Promise<StoreInput[]> {
  const container = `${folder}/cells`;
  // It is made last: where it is there, so are the others.
  const last = `${folder}/v3.zarr`;
  if (!await isThere(last)) {
    await makeContainer(container, cellsCount);
    if (await hasPython("anndata", "scipy.sparse")) {
      const script = benchPath("loader_stores.py");
      await runProgram(PYTHON, [script, container, folder]);
    }
    await makeZarr(last, container, cellsCount);
  }
  const stores: StoreInput[] = [];
  for (const [name, file] of STORES) {
    const path = `${folder}/${file}`;
    if (await isThere(path)) stores.push({ name, path });
  }
  return stores;
}

/** The stores, and their files. */
const STORES = [
  ["container", "cells"],
  ["h5ad raw", "raw.h5ad"],
  ["h5ad gzip", "gzip.h5ad"],
  ["zarr v2 (lz4)", "v2.zarr"],
  ["zarr v3 (zstd)", "v3.zarr"],
] as const;

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

async function makeContainer(path: string, cellsCount: number): Promise<void> {
  const cells = new SyntheticCells({ genesCount: GENES, density: DENSITY });
  await Deno.mkdir(`${path}/genes`, { recursive: true });
  const lines = (count: number, letter: string) =>
    Array.from({ length: count }, (_, at) => `${letter}${1e7 + at}\n`).join("");
  await Deno.writeTextFile(`${path}/genes/g.name.txt`, lines(GENES, "G"));
  const genes = await GenesSet.created(`${path}/genes`, "human");
  await Deno.writeTextFile(`${path}/p.barcode.txt`, lines(cellsCount, "C"));
  const writer = new MatrixWriter(FileSink.create(`${path}/${MATRIX_FILE}`), {
    genesCount: GENES,
    profilesCount: cellsCount,
  });
  for (let cell = 0; cell < cellsCount; cell++) {
    const length = cells.make(cell);
    writer.writeProfile(
      cells.genes.subarray(0, length),
      cells.counts.subarray(0, length),
    );
  }
  const { entriesCount, uuid } = writer.finish();
  await ProfilesBatch.created(path, genes, "cells", {
    matrixUuid: uuid!,
    entriesCount,
  });
}

/** A zarr v3 of AnnData with zstd, which Debian's zarr can't write yet. */
async function makeZarr(
  path: string,
  container: string,
  cellsCount: number,
): Promise<void> {
  using matrix = await MemoryMappedMatrix.open(`${container}/${MATRIX_FILE}`);
  const indptr = new Int32Array(cellsCount + 1);
  const parts: { genes: ArrayLike<number>; counts: ArrayLike<number> }[] = [];
  for (let cell = 0; cell < cellsCount; cell++) {
    const { counts, genes } = await matrix.readProfile(cell);
    parts.push({ genes, counts });
    indptr[cell + 1] = indptr[cell]! + genes.length;
  }
  const indices = new Int32Array(indptr[cellsCount]!);
  const data = new Float32Array(indices.length);
  parts.forEach(({ counts, genes }, cell) => {
    indices.set(genes, indptr[cell]!);
    data.set(counts, indptr[cell]!);
  });
  const shape = [cellsCount, GENES];
  await writeGroup(path, {
    "encoding-type": "anndata",
    "encoding-version": "0.1.0",
  });
  const csr = {
    "encoding-type": "csr_matrix",
    "encoding-version": "0.1.0",
    shape,
  };
  await writeGroup(`${path}/X`, csr);
  await writeZarrArray(`${path}/X/data`, data, "float32");
  await writeZarrArray(`${path}/X/indices`, indices, "int32");
  await writeZarrArray(`${path}/X/indptr`, indptr, "int32");
  for (const [name, count] of [["obs", cellsCount], ["var", GENES]] as const) {
    await writeGroup(`${path}/${name}`, {
      "encoding-type": "dataframe",
      "encoding-version": "0.2.0",
      "_index": "_index",
      "column-order": [],
    });
    const numbers = new Int32Array(count).map((_, at) => at);
    await writeZarrArray(`${path}/${name}/_index`, numbers, "int32");
  }
}

async function writeGroup(
  path: string,
  attributes: Record<string, unknown>,
): Promise<void> {
  await Deno.mkdir(path, { recursive: true });
  await writeJson(path, { zarr_format: 3, node_type: "group", attributes });
}

async function writeZarrArray(
  path: string,
  values: Int32Array | Float32Array,
  type: string,
): Promise<void> {
  await Deno.mkdir(`${path}/c`, { recursive: true });
  await writeJson(path, {
    zarr_format: 3,
    node_type: "array",
    shape: [values.length],
    data_type: type,
    chunk_grid: { name: "regular", configuration: { chunk_shape: [CHUNK] } },
    chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
    fill_value: 0,
    codecs: [
      { name: "bytes", configuration: { endian: "little" } },
      { name: "zstd", configuration: { level: 0, checksum: false } },
    ],
    attributes: { "encoding-type": "array", "encoding-version": "0.2.0" },
  });
  for (let start = 0; start < values.length; start += CHUNK) {
    const chunk = values.constructor === Int32Array
      ? new Int32Array(CHUNK)
      : new Float32Array(CHUNK);
    chunk.set(values.subarray(start, start + CHUNK));
    const bytes = zstdCompressSync(new Uint8Array(chunk.buffer));
    await Deno.writeFile(`${path}/c/${start / CHUNK}`, bytes);
  }
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await Deno.writeTextFile(`${path}/zarr.json`, JSON.stringify(value));
}
