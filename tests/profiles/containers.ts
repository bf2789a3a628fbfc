/** A container of each kind, with what it must be. */
import type { Genes } from "../../src/genes/genes.ts";
import {
  makeModelBatch,
  makeModelCollection,
  makeModelGroups,
  makeModelView,
  type Model,
} from "./model.ts";

const COUNTS = [
  [5, 0, 2, 0, 70_000],
  [0, 300, 0, 1, 0],
  [0, 0, 0, 0, 0],
  [1, 2, 3, 4, 5],
];

/** Makes a container in a folder. */
export type Make = (folder: string, genes: Genes) => Promise<Model>;

async function makeBatch(folder: string, genes: Genes): Promise<Model> {
  return await makeModelBatch(`${folder}/batch`, genes, { counts: COUNTS });
}

async function makePair(folder: string, genes: Genes): Promise<Model> {
  const hasBarcodes = false;
  const other = { counts: COUNTS.slice(1), hasBarcodes, isDense: true };
  return await makeModelCollection(`${folder}/pair`, [
    await makeBatch(folder, genes),
    await makeModelBatch(`${folder}/other`, genes, other),
  ]);
}

async function makeCut(folder: string, genes: Genes): Promise<Model> {
  const parts = { profiles: [6, 1, 3], genes: [1, 3, 4] };
  return await makeModelView(
    `${folder}/cut`,
    await makePair(folder, genes),
    parts,
  );
}

/** A container of each kind, by what it is. */
export const CONTAINERS: Readonly<Record<string, Make>> = {
  "a batch": makeBatch,
  "a dense batch": async (folder, genes) =>
    await makeModelBatch(`${folder}/dense`, genes, {
      counts: COUNTS,
      isDense: true,
    }),
  "a batch without profiles": async (folder, genes) =>
    await makeModelBatch(`${folder}/empty`, genes, { counts: [] }),
  "a view that is just a link": async (folder, genes) =>
    await makeModelView(`${folder}/link`, await makeBatch(folder, genes), {}),
  "a view of profiles": async (folder, genes) =>
    await makeModelView(`${folder}/some`, await makeBatch(folder, genes), {
      profiles: [3, 0],
    }),
  "a view of genes": async (folder, genes) =>
    await makeModelView(`${folder}/some`, await makeBatch(folder, genes), {
      genes: [0, 4],
    }),
  "a view of a collection": makeCut,
  "a view of a view": async (folder, genes) =>
    await makeModelView(`${folder}/again`, await makeCut(folder, genes), {
      profiles: [2, 0],
      genes: [1, 2],
    }),
  "a collection": makePair,
  "a collection of a collection and a batch": async (folder, genes) =>
    await makeModelCollection(`${folder}/all`, [
      await makePair(folder, genes),
      await makeModelBatch(`${folder}/third`, genes, {
        counts: COUNTS,
        hasData: false,
      }),
    ]),
  "groups": async (folder, genes) =>
    await makeModelGroups(
      `${folder}/groups`,
      await makePair(folder, genes),
      [0, 2, -1, 2, 0, 2, 3],
      5,
    ),
  "groups of a view": async (folder, genes) =>
    await makeModelGroups(
      `${folder}/groups`,
      await makeCut(folder, genes),
      [1, 0, 1],
      2,
    ),
};
