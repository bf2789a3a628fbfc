/** 10x HDF5 files of several programs, against figures from scipy and h5py. */
import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { importBatch, Profiles, readNpy } from "../../../mod.ts";
import { dataTest } from "../../data.ts";
import { withTempFolder } from "../../helpers.ts";
import { importError } from "./_tenx_hdf5.ts";

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

const SEVERAL_GENOMES = "tenx_small/1.2.0/multiple_genomes.h5";

const FILES: readonly (readonly [string, string, number, string?])[] = [
  ["pbmc3k/pbmc3k_legacy_hg19.h5", "human", 2],
  ["pbmc3k/pbmc3k_v3.h5", "human", 3],
  ["tenx_small/1.2.0/filtered_gene_bc_matrices_h5.h5", "unknown", 2],
  [SEVERAL_GENOMES, "unknown", 2, "hg19_chr21"],
  ["tenx_small/3.0.0/filtered_feature_bc_matrix.h5", "human", 3],
];

for (const [name, organism, version, genome] of FILES) {
  dataTest(
    `importBatch() reads ${name} (real data)`,
    (data) =>
      withTempFolder(async (folder) => {
        const path = `${folder}/batch`;
        const text = Deno.readTextFileSync(`${data}/expected.json`);
        const stats: Stats = JSON.parse(text)[name].stats;
        const options = genome === undefined ? {} : { genome };
        const summary = await importBatch(`${data}/${name}`, path, options);
        assertEquals(
          [summary.profilesCount, summary.genesCount, summary.entriesCount],
          [stats.cells, stats.genes, stats.nnz],
        );
        assertEquals(summary.totalUmis, stats.total);
        assertEquals(summary.format, `10x HDF5 of version ${version}`);
        assertEquals(summary.organism, organism);
        await checkTotals(path, stats);
      }),
  );
}

dataTest(
  "importBatch() makes the batch of the folder (real data)",
  (data) =>
    withTempFolder(async (folder) => {
      const small = `${data}/tenx_small/3.0.0/filtered_feature_bc_matrix`;
      const sources = [small, `${small}.h5`];
      for (const [at, source] of sources.entries()) {
        await importBatch(source, `${folder}/batch${at}`);
      }
      const names = [...Deno.readDirSync(`${folder}/batch0`)]
        .filter(({ isFile }) => isFile).map(({ name }) => name);
      for (const name of [...names, "genes/g.name.txt", "genes/g.id.txt"]) {
        assertEquals(
          Deno.readFileSync(`${folder}/batch1/${name}`),
          Deno.readFileSync(`${folder}/batch0/${name}`),
          name,
        );
      }
    }),
);

dataTest(
  "importBatch() lists several genomes (real data)",
  (data) =>
    withTempFolder(async (folder) => {
      const path = `${folder}/source.h5`;
      await Deno.copyFile(`${data}/${SEVERAL_GENOMES}`, path);
      assertEquals(
        await importError(folder),
        "Cannot import FILE: it has 2 genomes, another_genome, hg19_chr21: " +
          "`genome` names the one to import",
      );
      const batch = `${folder}/batch`;
      const genome = "another_genome";
      const { totalUmis } = await importBatch(path, batch, { genome });
      assertEquals(totalUmis, 13);
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
  for (const [name, total] of Object.entries(stats.gene_totals)) {
    assertEquals(genes[names.indexOf(name.toUpperCase())], total, name);
  }
}

function md5({ buffer, byteLength, byteOffset }: ArrayBufferView): string {
  const bytes = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
  return createHash("md5").update(bytes).digest("hex");
}
