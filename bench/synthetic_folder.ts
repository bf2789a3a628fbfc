/**
 * Folders with a synthetic matrix: a container, and beside it which profiles
 * and groups the benchmarks take, as plain 32-bit numbers for all programs.
 */
import {
  GenesSet,
  MATRIX_FILE,
  MatrixWriter,
  ProfilesBatch,
  writeDataArray,
} from "../mod.ts";
import { toDataArray } from "../src/arrays/to_data_array.ts";
import { FileSink } from "../src/io/file_sink.ts";
import {
  seededDraw,
  SYNTHETIC_GENES,
  SYNTHETIC_VERSION,
  SyntheticCells,
  type SyntheticOptions,
} from "./synthetic.ts";

/** How many groups the benchmarks sum. */
export const GROUPS: readonly number[] = [50, 2_000];

/** How many random profiles the benchmarks decode. */
export const ROWS = 1_000;

/** From so many cells on it takes seconds, and says so. */
const MANY_CELLS = 10_000;

/** How a folder with a synthetic matrix is made. */
export interface SyntheticFolderOptions
  extends Omit<SyntheticOptions, "density"> {
  /** The number of cells. */
  readonly cellsCount: number;
  /** The folder that it is in, by default that for temporary files. */
  readonly parent?: string | undefined;
  /** Whether it stays there for the next run. */
  readonly keep?: boolean | undefined;
}

/** A folder with a synthetic matrix. */
export interface SyntheticFolder extends AsyncDisposable {
  /** The path of the folder. */
  readonly path: string;
  /** The path of the container. */
  readonly container: string;
  /** The path of the matrix file. */
  readonly matrix: string;
}

/**
 * Makes a folder with a synthetic matrix, or takes one that a run before has
 * kept.
 *
 * @param options How many cells, where, whether it is kept.
 * @returns The folder; what was made and is not kept goes when it is disposed.
 */
export async function openSynthetic(
  options: SyntheticFolderOptions,
): Promise<SyntheticFolder> {
  const { seed = 1, cellsCount, keep = false } = options;
  const parent = options.parent ?? temporaryFolder();
  const path = `${parent}/metacell-synthetic-v${SYNTHETIC_VERSION}-s${seed}-` +
    `${cellsCount}x${options.genesCount ?? SYNTHETIC_GENES}`;
  const isThere = await exists(path);
  if (!isThere) await makeWhole(path, options);
  return {
    path,
    container: `${path}/cells`,
    matrix: `${path}/cells/${MATRIX_FILE}`,
    async [Symbol.asyncDispose]() {
      if (!isThere && !keep) await Deno.remove(path, { recursive: true });
    },
  };
}

/**
 * Reads a number of cells.
 *
 * @param text The number, as `20000` or `20k`.
 * @returns The number.
 * @throws {RangeError} If it is none.
 */
export function parseCells(text: string): number {
  const [, digits, thousands] = text.match(/^(\d+)(k?)$/) ?? [];
  const count = Number(digits) * (thousands ? 1000 : 1);
  if (count > 0) return count;
  throw new RangeError(`Cannot make ${text} cells: it is no number as 20k`);
}

async function makeWhole(
  path: string,
  options: SyntheticFolderOptions,
): Promise<void> {
  const partial = `${path}.${crypto.randomUUID()}.partial`;
  if (options.cellsCount >= MANY_CELLS) console.error(`making ${path}`);
  try {
    await Deno.mkdir(partial, { recursive: true });
    await makeFolder(partial, options);
    await Deno.rename(partial, path);
  } catch (error) {
    await Deno.remove(partial, { recursive: true });
    throw error;
  }
}

async function makeFolder(
  path: string,
  options: SyntheticFolderOptions,
): Promise<void> {
  const { seed = 1, cellsCount } = options;
  const cells = new SyntheticCells(options);
  for (const folder of ["cells", "cells/genes"]) {
    await Deno.mkdir(`${path}/${folder}`);
  }
  const container = `${path}/cells`;
  const genes = await makeGenes(`${container}/genes`, cells.genesCount);
  const barcodes = Array.from({ length: cellsCount }, (_, at) => barcode(at));
  writeDataArray(container, "p.barcode", toDataArray(barcodes));
  const { uuid, entriesCount } = writeCells(
    `${container}/${MATRIX_FILE}`,
    cells,
    cellsCount,
  );
  await ProfilesBatch.created(container, genes, "cells", {
    matrixUuid: uuid!,
    entriesCount,
  });
  const draw = seededDraw(seed, -2);
  await writeInt32(`${path}/rows.i32`, drawDistinct(cellsCount, draw));
  for (const count of GROUPS) {
    const groups = Int32Array.from(
      { length: cellsCount },
      () => draw() % count,
    );
    await writeInt32(`${path}/groups${count}.i32`, groups);
  }
}

function writeCells(path: string, cells: SyntheticCells, cellsCount: number) {
  const { genesCount, genes, counts } = cells;
  const options = { genesCount, profilesCount: cellsCount };
  const writer = new MatrixWriter(FileSink.create(path), options);
  for (let cell = 0; cell < cellsCount; cell++) {
    const length = cells.make(cell);
    writer.writeProfile(genes.subarray(0, length), counts.subarray(0, length));
  }
  return writer.finish();
}

async function makeGenes(folder: string, count: number): Promise<GenesSet> {
  const width = `${count - 1}`.length;
  const names = Array.from(
    { length: count },
    (_, gene) => `GENE${`${gene}`.padStart(width, "0")}`,
  );
  writeDataArray(folder, "g.name", toDataArray(names));
  return await GenesSet.created(folder, "human");
}

/** As those of 10x: 16 bases, different for each cell. */
function barcode(cell: number): string {
  let bases = "";
  let left = Math.imul(cell, 0x9e3779b1) >>> 0;
  for (let base = 0; base < 16; base++) {
    bases += "ACGT"[left & 3];
    left >>>= 2;
  }
  return `${bases}-1`;
}

function drawDistinct(cellsCount: number, draw: () => number): Int32Array {
  const rows = new Set<number>();
  const length = Math.min(ROWS, cellsCount);
  while (rows.size < length) rows.add(draw() % cellsCount);
  return Int32Array.from(rows);
}

async function writeInt32(path: string, values: Int32Array): Promise<void> {
  await Deno.writeFile(path, new Uint8Array(values.slice().buffer));
}

function temporaryFolder(): string {
  return Deno.env.get("TMPDIR")?.replace(/\/+$/, "") || "/tmp";
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false;
  }
}
