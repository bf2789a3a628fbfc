/** Little and large content, as other programs and `import` read it. */
import { assertEquals } from "@std/assert";
import { exportProfiles } from "../../src/exports/export_profiles.ts";
import { importBatch } from "../../src/imports/import_batch.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import { withTempFolder } from "../helpers.ts";
import { mtx, writeFiles } from "../imports/tenx_folder.ts";
import {
  type Counts,
  npzTable,
  reimport,
  type Table,
  tableOf,
} from "./_containers.ts";
import { pythonTest, runPython } from "./_python.ts";

/** The genes and cells that there are, and the counts of the cells. */
const CONTENTS: Readonly<Record<string, readonly [number, Counts]>> = {
  "one of each": [1, [[1]]],
  "rows of zeros": [3, [[0, 0, 0], [1, 0, 2], [0, 0, 0]]],
  "int32": [2, [[2 ** 31 - 1, 0], [0, 2 ** 31 - 1]]],
  "uint32": [3, [[2 ** 32 - 1, 0, 1], [0, 2 ** 31, 5]]],
  "no cells": [3, []],
  "no genes": [0, [[], [], []]],
};

async function importContent(
  folder: string,
  [genesCount, counts]: readonly [number, Counts],
): Promise<void> {
  const lines = (count: number, name: string) =>
    Array.from({ length: count }, (_, at) => `${name}${at}\n`).join("");
  const entries = counts.flatMap((row, cell) =>
    row.flatMap((count, gene) =>
      count > 0 ? [`${gene + 1} ${cell + 1} ${count}`] : []
    )
  );
  writeFiles(`${folder}/source`, {
    "genes.tsv": lines(genesCount, "G"),
    "barcodes.tsv": lines(counts.length, "c"),
    "matrix.mtx": mtx(genesCount, counts.length, entries),
  });
  await importBatch(`${folder}/source`, `${folder}/cells`);
}

const NAMES = ["tenx", "a.h5", "a.h5ad", "a.npz"];

async function exportContent(
  folder: string,
  content: readonly [number, Counts],
): Promise<Table> {
  Deno.mkdirSync(folder);
  await importContent(folder, content);
  using cells = await Profiles.load(`${folder}/cells`);
  for (const name of NAMES) await exportProfiles(cells, `${folder}/${name}`);
  const table = await tableOf(cells);
  assertEquals(table.counts, content[1]);
  return table;
}

Deno.test("exportProfiles() and importBatch() keep little and large content", () =>
  withTempFolder(async (folder) => {
    for (const [what, content] of Object.entries(CONTENTS)) {
      const place = `${folder}/${what}`;
      const expected = await exportContent(place, content);
      for (const name of NAMES) {
        const path = `${place}/${name}`;
        const found = name === "a.npz"
          ? npzTable(path)
          : await reimport(path, `${path}.again`);
        assertEquals(found, expected, `${what} in ${name}`);
      }
    }
  }));

const SCRIPT = `
import anndata, gzip, h5py, json, scipy.io, scipy.sparse, sys
def lines(path, field):
    with gzip.open(path, "rt") as file:
        return [line.rstrip("\\n").split("\\t")[field] for line in file]
def tenx(path):
    with gzip.open(path + "/matrix.mtx.gz") as file:
        counts = scipy.io.mmread(file).T.toarray()
    return lines(path + "/barcodes.tsv.gz", 0), lines(path + "/features.tsv.gz", 1), counts
def hdf5(path):
    with h5py.File(path) as file:
        matrix = file["matrix"]
        parts = [matrix[name][:] for name in ["data", "indices", "indptr"]]
        counts = scipy.sparse.csc_matrix(tuple(parts), shape=tuple(matrix["shape"][:]))
        names = [[name.decode() for name in matrix[key][:]] for key in ["barcodes", "features/name"]]
        return *names, counts.T.toarray()
def h5ad(path):
    data = anndata.read_h5ad(path)
    return data.obs_names.tolist(), data.var_names.tolist(), data.X.toarray()
found = {}
for folder in sys.argv[1:]:
    found[folder] = [
        dict(profiles=profiles, genes=genes, counts=counts.tolist())
        for profiles, genes, counts in
        [tenx(folder + "/tenx"), hdf5(folder + "/a.h5"), h5ad(folder + "/a.h5ad")]]
print(json.dumps(found))
`;

pythonTest(
  "exportProfiles() writes little and large content for others (anndata)",
  () =>
    withTempFolder(async (folder) => {
      const expected: Record<string, Table[]> = {};
      for (const [what, content] of Object.entries(CONTENTS)) {
        const place = `${folder}/${what}`;
        const table = await exportContent(place, content);
        expected[place] = [table, table, table];
      }
      const found = await runPython(SCRIPT, ...Object.keys(expected));
      assertEquals(found, expected);
    }),
);
