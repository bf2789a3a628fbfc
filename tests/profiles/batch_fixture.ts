/** A small batch that tests of containers make. */
import { writeDataArray } from "../../src/arrays/data_array_files.ts";
import { toDataArray } from "../../src/arrays/to_data_array.ts";
import { GenesSet } from "../../src/genes/genes_set.ts";
import { MemoryMappedMatrix } from "../../src/matrix/memory_mapped_matrix.ts";
import { ProfilesBatch } from "../../src/profiles/profiles_batch.ts";

/** Counts of shape (profiles, genes) of the batch. */
export const COUNTS: readonly (readonly number[])[] = [
  [5, 0, 2, 0],
  [0, 300, 0, 1],
  [0, 0, 0, 0],
];

/** The barcodes of the batch. */
export const BARCODES: readonly string[] = ["AAAC-1", "AAAG-1", "AAAT-1"];

/** The names of the genes of the batch. */
export const NAMES: readonly string[] = ["ACTB", "CD3D", "LYZ", "MS4A1"];

/**
 * Makes a batch with its genes inside.
 *
 * @param path The path of the folder, which must not be there.
 * @returns The genes.
 */
export async function makeBatch(path: string): Promise<GenesSet> {
  Deno.mkdirSync(`${path}/genes`, { recursive: true });
  writeDataArray(`${path}/genes`, "g.name", toDataArray(NAMES));
  const genes = await GenesSet.created(`${path}/genes`, "human");
  writeDataArray(path, "p.barcode", toDataArray(BARCODES));
  const data = COUNTS.map((row) =>
    row.map((count, gene): [number, number] => [gene, count])
  );
  MemoryMappedMatrix.write(`${path}/gp.umis.mmm`, NAMES.length, data);
  await ProfilesBatch.created(path, genes, "cells");
  return genes;
}
