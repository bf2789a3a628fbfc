/** Small containers for tests of loaders. */
import {
  GenesSet,
  MATRIX_FILE,
  MemoryMappedMatrix,
  ProfilesBatch,
} from "../../mod.ts";

/**
 * Makes a container whose cell `c` has the count `1 + (c + g) % 700` of each
 * gene `g` that `c + g` is a multiple of 3 of.
 *
 * @param folder Where; it is made.
 * @param cellsCount How many cells.
 * @param genesCount How many genes.
 */
export async function makeCells(
  folder: string,
  cellsCount: number,
  genesCount: number,
): Promise<void> {
  await Deno.mkdir(`${folder}/genes`, { recursive: true });
  const names = Array.from({ length: genesCount }, (_, gene) => 1e6 + gene);
  const text = names.map((name) => `G${name}\n`).join("");
  await Deno.writeTextFile(`${folder}/genes/g.name.txt`, text);
  const genes = await GenesSet.created(`${folder}/genes`, "human");
  const cells = Array.from({ length: cellsCount }, (_, cell) => {
    const pairs: [number, number][] = [];
    for (let gene = 0; gene < genesCount; gene++) {
      if ((cell + gene) % 3 === 0) pairs.push([gene, countOf(cell, gene)]);
    }
    return pairs;
  });
  MemoryMappedMatrix.write(`${folder}/${MATRIX_FILE}`, genesCount, cells);
  const types = cells.map((_, cell) => `type ${cell % 4}\n`).join("");
  await Deno.writeTextFile(`${folder}/p.type.txt`, types);
  await ProfilesBatch.created(folder, genes, "cells");
}

/**
 * The count of a gene of a cell.
 *
 * @param cell The cell.
 * @param gene The gene.
 * @returns The count.
 */
export function countOf(cell: number, gene: number): number {
  return (cell + gene) % 3 === 0 ? 1 + (cell + gene) % 700 : 0;
}
