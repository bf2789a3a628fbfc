import { assertEquals, assertInstanceOf } from "@std/assert";
import { createHash } from "node:crypto";
import {
  createGenesSet,
  Genes,
  GenesSet,
  importBatch,
  type JoinKind,
  Profiles,
  readNpy,
} from "../../mod.ts";
import { dataTest } from "../data.ts";
import { withTempFolder } from "../helpers.ts";

const NAMES = ["sc_celseq2.count.csv.gz", "sc_dropseq.count.csv.gz"];

/** What the manifest of the data says of a table. */
interface Stats {
  readonly cells: number;
  readonly genes: number;
  readonly nnz: number;
  readonly total: number;
  readonly cell_totals_md5_float64le: string;
  readonly gene_totals_md5_int64le: string;
}

for (const name of NAMES) {
  dataTest(`importBatch() reads ${name} of R (real data)`, async (data) => {
    await withTempFolder(async (folder) => {
      const { stats } = readExpected(data)[`sc_mixology/${name}`]!;
      const path = `${folder}/batch`;
      const summary = await importBatch(`${data}/sc_mixology/${name}`, path);
      assertEquals(summary.profilesCount, stats.cells);
      assertEquals(summary.genesCount, stats.genes);
      assertEquals(summary.entriesCount, stats.nnz);
      assertEquals(summary.totalUmis, stats.total);
      assertEquals(summary.organism, "human");
      using batch = await Profiles.load(path);
      const cells = await batch.totalUmis("p");
      assertEquals(md5(cells), stats.cell_totals_md5_float64le);
      const genes = await genesInSourceOrder(batch, path);
      const asInt64 = BigInt64Array.from(genes, BigInt);
      assertEquals(md5(asInt64), stats.gene_totals_md5_int64le);
    });
  });
}

const JOINS: readonly [JoinKind, number, number][] = [
  ["union", 28258, 16152414],
  ["intersection", 15073, 15932954],
];

for (const [join, genesCount, totalUmis] of JOINS) {
  dataTest(
    `createGenesSet() makes the ${join} of sc_mixology (real data)`,
    async (data) => {
      await withTempFolder(async (folder) => {
        const sources = NAMES.map((name) => `${data}/sc_mixology/${name}`);
        const summary = await createGenesSet(sources, `${folder}/genes`, {
          join,
        });
        assertEquals(summary.genesCount, genesCount);
        assertEquals(summary.commonCount, 15073);
        const genesSet = await Genes.load(`${folder}/genes`);
        assertInstanceOf(genesSet, GenesSet);
        let total = 0;
        let missing = 0;
        for (const [at, source] of sources.entries()) {
          const batch = await importBatch(source, `${folder}/batch${at}`, {
            genesSet,
            allowMissingGenes: join === "intersection",
          });
          total += batch.totalUmis;
          missing += batch.missingUmis;
        }
        assertEquals(total, totalUmis);
        assertEquals(total + missing, 16152414);
      });
    },
  );
}

function readExpected(data: string): Record<string, { stats: Stats }> {
  return JSON.parse(Deno.readTextFileSync(`${data}/expected.json`));
}

/** Totals of genes, a source row each. */
async function genesInSourceOrder(
  batch: Profiles,
  path: string,
): Promise<Float64Array> {
  const totals = await batch.totalUmis("g");
  const index = readNpy(`${path}/genes.source_index.npy`).data as Int32Array;
  return Float64Array.from(index, (gene) => totals[gene]!);
}

function md5(values: ArrayBufferView): string {
  const { buffer, byteLength, byteOffset } = values;
  return createHash("md5").update(
    new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength),
  ).digest("hex");
}
