/** AnnData of many versions, against figures from scipy, h5py and zarr. */
import { assert, assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { importBatch } from "../../../src/imports/import_batch.ts";
import "../../../src/profiles/load.ts";
import { readDataArray } from "../../../src/arrays/data_array_files.ts";
import { readNpy } from "../../../src/arrays/npy.ts";
import { Profiles } from "../../../src/profiles/profiles.ts";
import { dataTest } from "../../data.ts";
import { withTempFolder } from "../../helpers.ts";

/** What the manifest of the data says of a file. */
interface Stats {
  readonly cells: number;
  readonly genes: number;
  readonly nnz: number;
  readonly total: number;
  readonly cell_totals_md5_float64le: string;
  readonly gene_totals_md5_int64le: string;
  readonly gene_totals: Readonly<Record<string, number>>;
}

const FILES: Readonly<Record<string, string>> = {
  "pbmc3k/pbmc3k.h5ad": "X",
  "pbmc3k/pbmc3k_v2.zarr": "X",
  "pbmc3k/pbmc3k_v3.zarr": "X",
  "pbmc68k_reduced/pbmc68k_v3_sharded.zarr.zip": "layers/counts",
  "pbmc3k_100_h5sparse/pbmc3k_100cells_h5sparse.h5ad": "X",
  "anndata_archives/v0.7.0/adata.h5ad": "X",
  "anndata_archives/v0.7.0/adata.zarr.zip": "X",
  "anndata_archives/v0.7.8/adata.h5ad": "X",
  "anndata_archives/v0.7.8/adata.zarr.zip": "X",
  "czi_small_perturbations/small_perturbations.h5ad": "X",
};

for (const [name, matrix] of Object.entries(FILES)) {
  dataTest(
    `importBatch() reads ${name} (real data)`,
    (data) =>
      withTempFolder(async (folder) => {
        const path = `${folder}/batch`;
        const text = Deno.readTextFileSync(`${data}/expected.json`);
        const stats: Stats = JSON.parse(text)[name].stats;
        const summary = await importBatch(`${data}/${name}`, path);
        assertEquals(
          [summary.profilesCount, summary.genesCount, summary.entriesCount],
          [stats.cells, stats.genes, stats.nnz],
        );
        assertEquals(summary.totalUmis, stats.total);
        assert(summary.notes[0]?.startsWith(`Counts are taken from ${matrix}`));
        await checkTotals(path, stats);
      }),
  );
}

const REFUSED: Readonly<Record<string, string>> = {
  "pbmc68k_reduced/anndata_0.5_compound.h5ad":
    "it holds no counts: X holds negative values, such as -0.326 at row 0, " +
    "column 0; raw.X holds fractions, such as 2.177 at row 0, column 764",
  "anndata_archives/v0.11.4/adata.h5ad":
    "it has no matrix: no X, no raw.X and no layers",
  "anndata_archives/v0.11.4/adata.zarr.zip":
    "it has no matrix: no X, no raw.X and no layers",
};

for (const [name, why] of Object.entries(REFUSED)) {
  dataTest(
    `importBatch() refuses ${name} (real data)`,
    (data) =>
      withTempFolder(async (folder) => {
        const source = `${data}/${name}`;
        const message = await importBatch(source, `${folder}/batch`)
          .then(() => "", (error: Error) => error.message);
        assertEquals(message, `Cannot import ${source}: ${why}`);
        assertEquals([...Deno.readDirSync(folder)], []);
      }),
  );
}

dataTest(
  "importBatch() takes raw.X and layers by name (real data)",
  (data) =>
    withTempFolder(async (folder) => {
      const source = `${data}/anndata_archives/v0.7.0/adata`;
      const totals: number[] = [];
      for (const end of [".h5ad", ".zarr.zip"]) {
        const path = `${folder}/${end}`;
        const raw = await importBatch(source + end, path, { layer: "raw.X" });
        assertEquals([raw.profilesCount, raw.genesCount], [30, 40]);
        totals.push(raw.totalUmis);
      }
      assertEquals(totals[0], totals[1]);
    }),
);

dataTest(
  "importBatch() keeps labels of every version (real data)",
  (data) =>
    withTempFolder(async (folder) => {
      const sources = ["pbmc3k.h5ad", "pbmc3k_v2.zarr", "pbmc3k_v3.zarr"];
      for (const name of sources) {
        const path = `${folder}/${name}`;
        await importBatch(`${data}/pbmc3k/${name}`, path);
        const labels = readDataArray(path, "p.classified");
        assert(labels.kind === "categorical");
        const counts = new Map<string, number>();
        for (const code of labels.codes) {
          const label = labels.categories[code] ?? "unlabelled";
          counts.set(label, (counts.get(label) ?? 0) + 1);
        }
        const text = Deno.readTextFileSync(`${data}/expected.json`);
        const { extra } = JSON.parse(text)["pbmc3k/labels.csv"];
        const expected = Object.entries<{ cells: number }>(
          extra.groups_by_classified,
        ).map(([label, { cells }]) => [label, cells]);
        assertEquals([...counts].toSorted(), expected.toSorted());
      }
    }),
);

/** Totals of cells and genes in the order of the source. */
async function checkTotals(path: string, stats: Stats): Promise<void> {
  using batch = await Profiles.load(path);
  const cells = await batch.totalUmis("p");
  assertEquals(md5(cells), stats.cell_totals_md5_float64le);
  const genes = await batch.totalUmis("g");
  const index = readNpy(`${path}/genes.source_index.npy`).data as Int32Array;
  const inOrder = BigInt64Array.from(index, (gene) => BigInt(genes[gene]!));
  assertEquals(md5(inOrder), stats.gene_totals_md5_int64le);
  const names = await batch.genes.names();
  const hasIds = await batch.genes.hasArray("id");
  const ids = hasIds ? await batch.genes.anyArray("id") : undefined;
  for (const [name, total] of Object.entries(stats.gene_totals ?? {})) {
    const byId = ids?.kind === "text" ? ids.values.indexOf(name) : -1;
    const gene = byId < 0 ? names.indexOf(name.toUpperCase()) : byId;
    assertEquals(genes[gene], total, name);
  }
}

function md5({ buffer, byteLength, byteOffset }: ArrayBufferView): string {
  const bytes = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
  return createHash("md5").update(bytes).digest("hex");
}
