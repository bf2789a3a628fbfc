/** Several sources at once, and one in parts, against the manifests. */
import { assert, assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { importBatch } from "../../src/imports/import_batch.ts";
import { importCollection } from "../../src/imports/import_collection.ts";
import "../../src/profiles/load.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import { verifyContainer } from "../../src/profiles/verify.ts";
import { dataTest } from "../data.ts";
import { withTempFolder } from "../helpers.ts";

interface Facts {
  readonly stats: { readonly cell_totals_md5_float64le: string };
  readonly extra: { readonly virtual_join: Readonly<Record<string, number>> };
}

function factsOf(data: string, name: string): Facts {
  return JSON.parse(Deno.readTextFileSync(`${data}/expected.json`))[name];
}

for (const join of ["union", "intersection"] as const) {
  dataTest(
    `importCollection() has the ${join} of genes of sc_mixology (real data)`,
    (data) =>
      withTempFolder(async (folder) => {
        const [first, second] = ["sc_celseq2", "sc_dropseq"]
          .map((name) => `sc_mixology/${name}.count.csv.gz`) as [
            string,
            string,
          ];
        const { virtual_join: facts } = factsOf(data, first).extra;
        const sources = [
          { path: `${data}/${first}`, name: "celseq2" },
          { path: `${data}/${second}` },
        ];
        const path = `${folder}/study`;
        const summary = await importCollection(sources, path, { join });
        assertEquals(
          [
            summary.profilesCount,
            summary.genesCount,
            summary.commonCount,
            summary.entriesCount,
            summary.totalUmis,
          ],
          [
            facts["cells"],
            facts[`genes_${join}`],
            facts["genes_intersection"],
            facts[`nnz_${join}`],
            facts[`total_umis_${join}`],
          ],
        );
        const { problems } = await verifyContainer(path, { deep: true });
        assertEquals(problems, []);
      }),
  );
}

dataTest(
  "importBatch() of pbmc3k in parts has the totals of the whole (real data)",
  (data) =>
    withTempFolder(async (folder) => {
      const name = "pbmc3k/pbmc3k_v3.h5";
      const path = `${folder}/cells`;
      const matrixBytes = 1_000_000;
      const options = { matrixBytes };
      const summary = await importBatch(`${data}/${name}`, path, options);
      assertEquals(summary.members.length, 5);
      assert(
        summary.members.every(({ byteLength }) => byteLength <= 1_000_000),
      );
      using cells = await Profiles.load(path);
      const totals = await cells.totalUmis("p");
      const { stats } = factsOf(data, name);
      assertEquals(md5(totals), stats.cell_totals_md5_float64le);
      assertEquals((await cells.profileNames())[0], "AAACATACAACCAC-1");
    }),
);

function md5({ buffer, byteLength, byteOffset }: ArrayBufferView): string {
  const bytes = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
  return createHash("md5").update(bytes).digest("hex");
}
