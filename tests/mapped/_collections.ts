/** The files that tests of collections read, and how they are opened. */
import { GenesSet } from "../../src/genes/genes_set.ts";
import type { MappedCollectionOptions } from "../../src/mapped/collection_options.ts";
import {
  MappedCollection,
  type Sample,
} from "../../src/mapped/mapped_collection.ts";
import type { MatrixRows, RowNumbers } from "../../src/mapped/rows.ts";
import { MemoryMappedMatrix } from "../../src/matrix/memory_mapped_matrix.ts";
import { ProfilesBatch } from "../../src/profiles/profiles_batch.ts";
import type { H5ad } from "../imports/_h5ad.ts";

/** The files that Debian's anndata wrote, by make_fixtures.py beside them. */
export const FIXTURES: string = decodeURI(
  new URL("./fixtures", import.meta.url).pathname,
);

/**
 * Opens a collection for the time of a function.
 *
 * @param folder The folder of the stores.
 * @param names Their names.
 * @param options How they are opened.
 * @param use Uses the collection.
 * @returns What that returns.
 */
export async function withCollection<T>(
  folder: string,
  names: readonly string[],
  options: MappedCollectionOptions,
  use: (collection: MappedCollection) => T | Promise<T>,
): Promise<T> {
  const paths = names.map((name) => `${folder}/${name}`);
  using collection = await MappedCollection.open(paths, options);
  return await use(collection);
}

/**
 * The values of a matrix of a sample.
 *
 * @param sample The sample.
 * @param key The key of the matrix.
 * @returns Its values as a list.
 */
export function valuesOf(sample: Sample, key = "X"): number[] {
  return Array.from(sample[key] as RowNumbers as Float64Array);
}

/**
 * Goes through a collection.
 *
 * @param collection The collection.
 * @returns All samples.
 */
export async function samplesOf(
  collection: MappedCollection,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for await (const sample of collection) samples.push(sample);
  return samples;
}

/**
 * Makes a batch with its genes inside.
 *
 * @param path The path of the folder, which must not be there.
 * @param names The names of the genes, in upper case and sorted.
 * @param counts The counts of each profile.
 * @param data Texts of profiles, by name.
 */
export async function makeCounts(
  path: string,
  names: readonly string[],
  counts: readonly (readonly number[])[],
  data: Readonly<Record<string, readonly string[]>> = {},
): Promise<void> {
  Deno.mkdirSync(`${path}/genes`, { recursive: true });
  Deno.writeTextFileSync(`${path}/genes/g.name.txt`, linesOf(names));
  const genes = await GenesSet.created(`${path}/genes`, "human");
  for (const [name, values] of Object.entries(data)) {
    Deno.writeTextFileSync(`${path}/p.${name}.txt`, linesOf(values));
  }
  MemoryMappedMatrix.write(
    `${path}/gp.umis.mmm`,
    names.length,
    counts.map((row) => row.map((count, gene) => [gene, count] as const)),
  );
  await ProfilesBatch.created(path, genes, "cells");
}

/**
 * Copies a file or folder.
 *
 * @param from Where it is.
 * @param to Where it goes.
 */
export function copyStore(from: string, to: string): void {
  if (!Deno.statSync(from).isDirectory) {
    Deno.copyFileSync(from, to);
    return;
  }
  Deno.mkdirSync(to);
  for (const { name } of Deno.readDirSync(from)) {
    copyStore(`${from}/${name}`, `${to}/${name}`);
  }
}

function linesOf(values: readonly string[]): string {
  return values.map((value) => `${value}\n`).join("");
}

/**
 * Rows as lists of numbers, however they are laid out.
 *
 * @param matrix The rows.
 * @returns The values of each row.
 * @throws {Error} If columns of sparse rows do not ascend.
 */
export function rowsOf(matrix: MatrixRows): number[][] {
  const [rows, columns] = matrix.shape;
  const dense = Array.from({ length: rows }, () => Array(columns).fill(0));
  for (let row = 0; row < rows; row++) {
    if (matrix.format === "dense") {
      for (let at = 0; at < columns; at++) {
        dense[row]![at] = Number(matrix.data[row * columns + at]);
      }
      continue;
    }
    let last = -1;
    for (let at = matrix.indptr[row]!; at < matrix.indptr[row + 1]!; at++) {
      const column = matrix.indices[at]!;
      if (column <= last) throw new Error(`column ${column} after ${last}`);
      dense[row]![column] = Number(matrix.data[at]);
      last = column;
    }
  }
  return dense;
}

/**
 * A sparse matrix, with its entries as they come.
 *
 * @param kind By rows or by columns.
 * @param shape Rows and columns.
 * @param parts Its entries.
 * @returns A file of it.
 */
export function sparse(
  kind: "csr" | "csc",
  shape: readonly [number, number],
  parts: { indptr: number[]; indices: number[]; data: number[] },
): H5ad {
  const [rows, columns] = shape;
  const names = (length: number, start: string) =>
    Array.from({ length }, (_, at) => `${start}${at}`);
  return {
    tree: {
      "obs/_index": names(rows, "c"),
      "var/_index": names(columns, "g"),
      "X/data": Float32Array.from(parts.data),
      "X/indices": Int32Array.from(parts.indices),
      "X/indptr": Int32Array.from(parts.indptr),
    },
    attributes: { X: { "encoding-type": `${kind}_matrix`, shape } },
  };
}
