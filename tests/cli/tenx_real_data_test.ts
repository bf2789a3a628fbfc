/** The main job on real folders of 10x, against figures from scipy and numpy. */
import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { Profiles } from "../../src/profiles/profiles.ts";
import type { ProfilesBatch } from "../../src/profiles/profiles_batch.ts";
import { dataTest } from "../data.ts";
import { withTempFolder } from "../helpers.ts";
import { runCli } from "./_cli.ts";

interface Expected {
  readonly cells: number;
  readonly genes: number;
  readonly nnz: number;
  readonly total: number;
  readonly cell_totals_md5_float64le: string;
  readonly gene_totals_md5_int64le: string;
  readonly gene_totals: Readonly<Record<string, number>>;
}

const FOLDERS = [
  "pbmc3k/filtered_gene_bc_matrices/hg19",
  "tenx_small/1.2.0/filtered_gene_bc_matrices/hg19_chr21",
  "tenx_small/3.0.0/filtered_feature_bc_matrix",
  "tenx_small/int-ids",
];

function md5(values: Float64Array | BigInt64Array): string {
  return createHash("md5").update(new Uint8Array(values.buffer)).digest("hex");
}

async function runWell(words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli(words);
  assertEquals(code, 0, stderr);
  return stdout;
}

/** The float64 values at the end of an npy file. */
function npyValues(path: string, count: number): Float64Array {
  const bytes = Deno.readFileSync(path);
  return new Float64Array(bytes.slice(bytes.length - 8 * count).buffer);
}

for (const folder of FOLDERS) {
  dataTest(
    `metacell gives the figures of ${folder} (real data)`,
    (data) =>
      withTempFolder(async (temp) => {
        const text = Deno.readTextFileSync(`${data}/expected.json`);
        const expected: Expected = JSON.parse(text)[folder].stats;
        const batch = `${temp}/batch`;
        await runWell(["import", `${data}/${folder}`, batch]);

        const info = JSON.parse(await runWell(["info", batch, "--json"]));
        assertEquals(
          [info.profiles_count, info.genes_count, info.entries_count],
          [expected.cells, expected.genes, expected.nnz],
        );
        await checkCells(batch, temp, expected);
        await checkGenes(batch, temp, expected);
        await runWell(["verify", batch, "--deep"]);
      }),
  );
}

async function checkCells(
  batch: string,
  temp: string,
  expected: Expected,
): Promise<void> {
  const output = `${temp}/cells.npy`;
  const words = ["--per", "profile", "--to", "npy", "--output", output];
  await runWell(["totals", batch, ...words]);
  const totals = npyValues(output, expected.cells);
  assertEquals(md5(totals), expected.cell_totals_md5_float64le);
  assertEquals(totals.reduce((sum, value) => sum + value), expected.total);
}

/** Totals of genes, put back into the order of the source. */
async function checkGenes(
  batch: string,
  temp: string,
  expected: Expected,
): Promise<void> {
  const output = `${temp}/genes.npy`;
  const words = ["--per", "gene", "--to", "npy", "--output", output];
  await runWell(["totals", batch, ...words]);
  const totals = npyValues(output, expected.genes);
  using profiles = await Profiles.load(batch);
  const source = await (profiles as ProfilesBatch).sourceGenes();
  const indices = source!.geneIndices;
  const inOrder = BigInt64Array.from(indices, (gene) => BigInt(totals[gene]!));
  assertEquals(md5(inOrder), expected.gene_totals_md5_int64le);

  const tsv = await runWell(["totals", batch, "--per", "gene"]);
  const byName = new Map(
    tsv.trim().split("\n").map((line) => {
      const [name, total] = line.split("\t");
      return [name!, Number(total)];
    }),
  );
  for (const [name, total] of Object.entries(expected.gene_totals)) {
    assertEquals(byName.get(name.toUpperCase()), total, name);
  }
}

dataTest(
  "metacell import keeps repeated names apart by id (real data)",
  (data) =>
    withTempFolder(async (temp) => {
      const folder = `${data}/pbmc3k/filtered_gene_bc_matrices/hg19`;
      await runWell(["import", folder, `${temp}/batch`]);
      const lines = Deno.readTextFileSync(`${folder}/genes.tsv`).trim();
      const rows = lines.split("\n").map((line) => line.split("\t"));
      using profiles = await Profiles.load(`${temp}/batch`);
      const names = await profiles.genes.names();
      const ids = await profiles.genes.array("id", "string");
      const source = await (profiles as ProfilesBatch).sourceGenes();

      const byName = Map.groupBy(rows, ([, name]) => name!.toUpperCase());
      const repeats = [...byName].filter(([, group]) => group.length > 1);
      const repeated = rows.length - new Set(rows.map(([, name]) => name)).size;
      assertEquals(repeated, 95);
      rows.forEach(([id, name], row) => {
        const gene = source!.geneIndices[row]!;
        assertEquals([ids[gene], source!.names[row]], [id, name]);
      });
      for (const [name, group] of repeats) {
        const first = group.map(([id]) => id!).sort()[0]!;
        assertEquals(ids[names.indexOf(name)], first, name);
      }
    }),
);
