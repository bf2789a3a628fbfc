import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { readDataArray } from "../../src/arrays/data_array_files.ts";
import { textAt } from "../../src/arrays/data_array.ts";
import { importBatch } from "../../src/imports/import_batch.ts";
import type { ImportSummary } from "../../src/imports/import_summary.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import "../../src/profiles/load.ts";
import { dataTest } from "../data.ts";
import { withTempFolder } from "../helpers.ts";

/** What `expected.json` says of a folder. */
interface Stats {
  readonly cells: number;
  readonly genes: number;
  readonly nnz: number;
  readonly total: number;
  readonly cell_totals_md5_int64le: string;
  readonly cell_totals_md5_float64le: string;
  readonly gene_totals_md5_int64le: string;
  readonly gene_totals: Readonly<Record<string, number>>;
}

function readStats(data: string, name: string): Stats {
  const text = Deno.readTextFileSync(`${data}/expected.json`);
  return JSON.parse(text)[name].stats;
}

function md5(values: Float64Array | BigInt64Array): string {
  const bytes = new Uint8Array(values.buffer);
  return createHash("md5").update(bytes).digest("hex");
}

function md5OfIntegers(totals: Float64Array): string {
  return md5(BigInt64Array.from(totals, BigInt));
}

async function withImport(
  source: string,
  run: (path: string, summary: ImportSummary) => Promise<void>,
): Promise<void> {
  await withTempFolder(async (folder) => {
    const path = `${folder}/batch`;
    await run(path, await importBatch(source, path));
  });
}

/** The gene of each source row, and the totals of the rows. */
async function readRows(
  path: string,
): Promise<{ names: string[]; index: Int32Array; totals: Float64Array }> {
  using batch = await Profiles.load(path);
  const totals = await batch.totalUmis("g");
  const index = readDataArray(path, "genes.source_index").kind === "number"
    ? readDataArray(path, "genes.source_index")
    : undefined;
  const genes = (index as { values: Int32Array }).values;
  const texts = readDataArray(path, "genes.source_name");
  return {
    names: Array.from(genes, (_, row) => textAt(texts, row)),
    index: genes,
    totals: Float64Array.from(genes, (gene) => totals[gene]!),
  };
}

const FOLDERS = [
  "pbmc3k/filtered_gene_bc_matrices/hg19",
  "tenx_small/1.2.0/filtered_gene_bc_matrices/hg19_chr21",
  "tenx_small/3.0.0/filtered_feature_bc_matrix",
  "tenx_small/int-ids",
];

for (const name of FOLDERS) {
  dataTest(
    `importBatch() gives the figures of ${name} (real data)`,
    async (data) => {
      const stats = readStats(data, name);
      await withImport(`${data}/${name}`, async (path, summary) => {
        assertEquals(summary.profilesCount, stats.cells);
        assertEquals(summary.genesCount, stats.genes);
        assertEquals(summary.entriesCount, stats.nnz);
        assertEquals(summary.totalUmis, stats.total);
        assertEquals(summary.zerosCount, 0);
        assertEquals(summary.repeatsCount, 0);
        using batch = await Profiles.load(path);
        const totals = await batch.totalUmis("p");
        assertEquals(md5(totals), stats.cell_totals_md5_float64le);
        assertEquals(md5OfIntegers(totals), stats.cell_totals_md5_int64le);
        const rows = await readRows(path);
        assertEquals(md5OfIntegers(rows.totals), stats.gene_totals_md5_int64le);
        for (const [gene, total] of Object.entries(stats.gene_totals)) {
          assertEquals(rows.totals[rows.names.indexOf(gene)], total, gene);
        }
      });
    },
  );
}

dataTest(
  "importBatch() names repeats of pbmc3k by id (real data)",
  async (data) => {
    const source = `${data}/${FOLDERS[0]}`;
    const table = Deno.readTextFileSync(`${source}/genes.tsv`).trimEnd()
      .split("\n").map((line) => line.split("\t"));
    await withImport(source, async (path, summary) => {
      assertEquals(summary.organism, "human");
      using batch = await Profiles.load(path);
      const names = await batch.genes.names();
      const { index } = await readRows(path);
      const ids = readDataArray(`${path}/genes`, "g.id");
      index.forEach((gene, row) =>
        assertEquals(textAt(ids, gene), table[row]![0])
      );
      const rowsOf = Map.groupBy(
        table.keys(),
        (row) => table[row]![1]!.toUpperCase(),
      );
      const repeated = [...rowsOf].filter(([, rows]) => rows.length > 1);
      // 95 names repeat once they are upper-case, and 99 rows come after a first.
      assertEquals(repeated.length, 95);
      assertEquals(summary.repeatedGenes, 99);
      for (const [name, rows] of repeated) {
        rows.sort((left, right) =>
          table[left]![0]! < table[right]![0]! ? -1 : 1
        );
        const given = rows.map((row) => names[index[row]!]!);
        assertEquals(given[0], name);
        given.slice(1).forEach((text, at) =>
          assertEquals(text, `${name}-${at + 1}`)
        );
      }
    });
  },
);

dataTest(
  "importBatch() gives a container for any order of lines (real data)",
  async (data) => {
    const source = `${data}/tenx_small/3.0.0/filtered_feature_bc_matrix`;
    const packed = Deno.openSync(`${source}/matrix.mtx.gz`).readable;
    const text = await new Response(
      packed.pipeThrough(new DecompressionStream("gzip")),
    ).text();
    const [banner, comment, sizes, ...entries] = text.trimEnd().split("\n");
    const turned = [banner, comment, sizes, ...entries.reverse()].join("\n");
    await withImport(source, (_, inOrder) =>
      withTempFolder(async (folder) => {
        Deno.mkdirSync(`${folder}/source`);
        for (const name of ["features.tsv.gz", "barcodes.tsv.gz"]) {
          Deno.copyFileSync(`${source}/${name}`, `${folder}/source/${name}`);
        }
        Deno.writeTextFileSync(`${folder}/source/matrix.mtx`, turned);
        const summary = await importBatch(
          `${folder}/source`,
          `${folder}/batch`,
          { bucketEntries: 3000 },
        );
        assertEquals(summary.uuid, inOrder.uuid);
      }));
  },
);
