import { GenesSet } from "../../src/genes/genes_set.ts";
import { MemoryMappedMatrix } from "../../src/matrix/memory_mapped_matrix.ts";
import { ProfilesBatch } from "../../src/profiles/profiles_batch.ts";

/** The barcodes of the small batch, in its order. */
export const BARCODES = ["AAAC-1", "AAAG-1", "AACC-1", "AACG-1"];

/** Makes a batch of four cells and three genes. */
export async function makeBatch(
  path: string,
  barcodes: readonly string[] = BARCODES,
): Promise<void> {
  await Deno.mkdir(`${path}/genes`, { recursive: true });
  await Deno.writeTextFile(`${path}/genes/g.name.txt`, "ACTB\nCD3D\nLYZ\n");
  await Deno.writeTextFile(`${path}/genes/g.id.txt`, "ENSG1\nENSG2\nENSG3\n");
  const genes = await GenesSet.created(`${path}/genes`, "human");
  const data: [number, number][][] = [
    [[0, 5], [1, 2]],
    [[1, 300]],
    [],
    [[0, 1], [2, 7]],
  ];
  MemoryMappedMatrix.write(`${path}/gp.umis.mmm`, 3, data);
  const text = barcodes.map((barcode) => `${barcode}\n`).join("");
  await Deno.writeTextFile(`${path}/p.barcode.txt`, text);
  await ProfilesBatch.created(path, genes, "cells");
}
