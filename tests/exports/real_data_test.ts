import { assertEquals } from "@std/assert";
import { exportProfiles } from "../../src/exports/export_profiles.ts";
import { importBatch } from "../../src/imports/import_batch.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import "../../src/profiles/load.ts";
import { dataTest } from "../data.ts";
import { withTempFolder } from "../helpers.ts";

dataTest(
  "exportProfiles() and importBatch() give the same uuids (real data)",
  (data) =>
    withTempFolder(async (folder) => {
      const source = `${data}/pbmc3k/filtered_gene_bc_matrices/hg19`;
      const { uuid } = await importBatch(source, `${folder}/cells`);
      using cells = await Profiles.load(`${folder}/cells`);
      await exportProfiles(cells, `${folder}/out`);
      const again = await importBatch(`${folder}/out`, `${folder}/again`);
      assertEquals(again.uuid, uuid);
      assertEquals(again.repeatedGenes, 0);
    }),
);
