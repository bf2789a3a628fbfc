/** AnnData as Python writes it today. */
import { assert, assertEquals } from "@std/assert";
import { readDataArray } from "../../../src/arrays/data_array_files.ts";
import { isMissing, textAt } from "../../../src/arrays/data_array.ts";
import {
  importBatch,
  type ImportOptions,
} from "../../../src/imports/import_batch.ts";
import { Profiles } from "../../../src/profiles/profiles.ts";
import "../../../src/profiles/load.ts";
import { pythonTest, runPython } from "../../exports/_python.ts";
import { withTempFolder } from "../../helpers.ts";
import { readBatch } from "../tenx_folder.ts";

const SCRIPT = `
import json, sys, warnings
warnings.simplefilter("ignore")
import anndata, numpy as np, pandas as pd, scipy.sparse as sp
folder = sys.argv[1]
rng = np.random.default_rng(7)
cells, genes = 300, 90
X = rng.poisson(0.3, (cells, genes)) * rng.integers(1, 400, (cells, genes))
X[5] = 0
X[:, 7] = 0
label = pd.Categorical(["T", None, "B"] * 100, categories=["T", "B", "none"], ordered=True)
obs = pd.DataFrame({
    "label": label,
    "cluster": pd.Categorical(rng.integers(0, 12, cells)),
    "score": np.where(np.arange(cells) % 5 == 0, np.nan, np.arange(cells) / 4),
    "nullable": pd.array([1, None, 3] * 100, dtype="Int64"),
    "flag": pd.array([True, None, False] * 100, dtype="boolean"),
    "is_it": rng.random(cells) < 0.5,
    "text": ["a%d" % at for at in range(cells)],
    "small": np.arange(cells).astype("int8"),
}, index=["CELL-%d" % at for at in range(cells)])
var = pd.DataFrame({
    "gene_ids": ["ENSG%011d" % at for at in range(genes)],
    "highly variable": np.arange(genes) % 3 == 0,
    "level": pd.Categorical(["low", "high", None] * 30, categories=["low", "mid", "high"], ordered=True),
}, index=["Gene%02d" % at for at in range(genes)])
def make(X, dtype=np.float32):
    return anndata.AnnData(X, obs=obs.copy(), var=var.copy(), dtype=dtype)
def save(name, data, **options):
    data.write_h5ad(folder + "/" + name + ".h5ad", **options)
save("csr", make(sp.csr_matrix(X)), compression="gzip")
save("csc", make(sp.csc_matrix(X)), compression="lzf")
save("dense", make(X, np.float64), compression="gzip")
save("int64", make(sp.csr_matrix(X), np.int64))
save("uint16", make(X, np.uint16))
data = make(sp.csr_matrix(X)); data.raw = data
data = data[:, 10:].copy(); data.X = sp.csr_matrix(np.log1p(X[:, 10:])).astype(np.float32)
save("raw", data)
data = make(np.log1p(X)); data.layers["spliced"] = sp.csr_matrix(X); data.layers["logs"] = np.log1p(X)
save("layers", data)
data = make(sp.csr_matrix(X)); data.obs_names = pd.RangeIndex(cells).astype(str)
save("again", data)
def text(value, name):
    return None if pd.isna(value) and name != "score" else str(value)
print(json.dumps({
    "counts": X.tolist(),
    "obs": {name: [text(value, name) for value in obs[name]] for name in obs},
    "cells": list(obs.index),
    "genes": list(var.index),
}))
`;

interface Written {
  readonly counts: readonly (readonly number[])[];
  readonly obs: Readonly<Record<string, readonly (string | null)[]>>;
  readonly cells: readonly string[];
  readonly genes: readonly string[];
}

const CASES: Readonly<Record<string, string>> = {
  csr: "X",
  csc: "X",
  dense: "X",
  int64: "X",
  uint16: "X",
  raw: "raw/X",
  layers: "layers/spliced",
};

pythonTest(
  "importBatch() reads what anndata writes (anndata)",
  () =>
    withTempFolder(async (folder) => {
      const written = await runPython(SCRIPT, folder) as Written;
      for (const [name, matrix] of Object.entries(CASES)) {
        const path = `${folder}/${name}`;
        const { notes } = await importBatch(`${path}.h5ad`, path);
        assert(notes[0]?.startsWith(`Counts are taken from ${matrix}`), name);
        await checkBatch(path, written, name);
      }
      await checkBuckets(folder, written);
    }),
);

/** Every cell of a matrix by columns alone in a bucket, or none. */
async function checkBuckets(folder: string, written: Written): Promise<void> {
  for (const bucketEntries of [1, 100, 1e6]) {
    const path = `${folder}/buckets${bucketEntries}`;
    const options: ImportOptions = { bucketEntries };
    await importBatch(`${folder}/csc.h5ad`, path, options);
    await checkBatch(path, written, `buckets of ${bucketEntries}`);
  }
}

async function checkBatch(
  path: string,
  written: Written,
  what: string,
): Promise<void> {
  const { counts, genes, profiles } = await readBatch(path);
  assertEquals(genes, written.genes.map((name) => name.toUpperCase()), what);
  assertEquals(profiles, written.cells, what);
  assertEquals(counts, written.counts, what);
  for (const [name, values] of Object.entries(written.obs)) {
    const column = readDataArray(path, `p.${name}`);
    const texts = values.map((_, at) =>
      isMissing(column, at) ? null : textAt(column, at)
    );
    assertEquals(texts, values.map(asText), `${what}: ${name}`);
  }
  using cells = await Profiles.load(path);
  const label = await cells.anyArray("p", "label");
  assert(label.kind === "categorical" && label.ordered);
  // anndata itself drops categories that are not used when it slices.
  const unused = what === "raw" ? [] : ["none"];
  assertEquals(label.categories, ["T", "B", ...unused]);
  const cluster = await cells.anyArray("p", "cluster");
  assert(cluster.kind === "categorical" && !cluster.ordered);
  const level = await cells.anyArray("g", "level");
  assert(level.kind === "categorical" && level.ordered);
  assertEquals(level.categories, ["low", "mid", "high"]);
  const ids = readDataArray(`${path}/genes`, "g.id");
  assert(ids.kind === "text");
  assertEquals(ids.values[2], "ENSG00000000002");
  const flags = readDataArray(`${path}/genes`, "g.highly%20variable");
  assertEquals(flags.dtype, "bool");
}

/** Python's texts of values as those of JavaScript. */
function asText(value: string | null): string | null {
  if (value === null) return null;
  if (value === "nan") return "NaN";
  if (value === "True" || value === "False") return value.toLowerCase();
  return value.replace(/^(\d+)\.0$/, "$1");
}
