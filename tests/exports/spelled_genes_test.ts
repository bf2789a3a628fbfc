import { assertEquals } from "@std/assert";
import { exportProfiles } from "../../src/exports/export_profiles.ts";
import { spelledGenes } from "../../src/exports/spelled_genes.ts";
import { createGenesSet } from "../../src/imports/create_genes.ts";
import { importBatch } from "../../src/imports/import_batch.ts";
import { GenesSet } from "../../src/genes/genes_set.ts";
import { createCollection } from "../../src/profiles/create_collection.ts";
import { createView } from "../../src/profiles/create_view.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import { sumGroups } from "../../src/profiles/sum_groups.ts";
import "../../src/profiles/load.ts";
import { withTempFolder } from "../helpers.ts";

async function spelled(path: string): Promise<string[]> {
  using profiles = await Profiles.load(path);
  return await spelledGenes(profiles);
}

Deno.test("spelledGenes() takes the spelling of the first batch that knows", () =>
  withTempFolder(async (folder) => {
    const write = (name: string, text: string) => {
      Deno.writeTextFileSync(`${folder}/${name}.csv`, text);
      return `${folder}/${name}.csv`;
    };
    const tables = [
      write("a", "gene,x1,x2\nCd3d,1,0\nLyz2,0,4\n"),
      write("b", "gene,y1\nCD3D,1\nActB,5\n"),
    ];
    await createGenesSet(tables, `${folder}/genes`, {
      genesIn: "rows",
      organism: "mouse",
    });
    const genesSet = await GenesSet.load(`${folder}/genes`) as GenesSet;
    for (const name of ["a", "b"]) {
      const options = { genesSet, genesIn: "rows", organism: "mouse" } as const;
      await importBatch(`${folder}/${name}.csv`, `${folder}/${name}`, options);
    }
    await createCollection(
      `${folder}/all`,
      ["a", "b"].map((name) => ({ name, path: `${folder}/${name}` })),
    );
    assertEquals(await spelled(`${folder}/a`), ["ACTB", "Cd3d", "Lyz2"]);
    assertEquals(await spelled(`${folder}/b`), ["ActB", "CD3D", "LYZ2"]);
    assertEquals(await spelled(`${folder}/all`), ["ActB", "Cd3d", "Lyz2"]);

    using all = await Profiles.load(`${folder}/all`);
    await createView(`${folder}/view`, all, { geneIndices: [0, 2] });
    assertEquals(await spelled(`${folder}/view`), ["ActB", "Lyz2"]);
    await sumGroups(all, `${folder}/sums`, {
      groupIndices: Int32Array.of(0, 1, 0),
      names: ["s", "t"],
    });
    assertEquals(await spelled(`${folder}/sums`), ["ActB", "Cd3d", "Lyz2"]);
    Deno.removeSync(`${folder}/all`, { recursive: true });
    assertEquals(await spelled(`${folder}/sums`), ["ACTB", "CD3D", "LYZ2"]);
  }));

Deno.test("spelledGenes() keeps the suffix of a gene whose name repeats", () =>
  withTempFolder(async (folder) => {
    const source = `${folder}/source`;
    Deno.mkdirSync(source);
    const write = (name: string, text: string) =>
      Deno.writeTextFileSync(`${source}/${name}`, text);
    write(
      "features.tsv",
      ["E2\tPde4d", "E1\tPde4d", "E3\tTbce-1", "E4\tTbce"]
        .map((line) => `${line}\tGene Expression\n`).join(""),
    );
    write("barcodes.tsv", "AAAC-1\nAAAG-1\n");
    write(
      "matrix.mtx",
      "%%MatrixMarket matrix coordinate integer general\n4 2 3\n" +
        "1 1 5\n2 2 7\n4 1 300\n",
    );
    await importBatch(source, `${folder}/cells`);
    using cells = await Profiles.load(`${folder}/cells`);
    assertEquals(
      await spelledGenes(cells),
      ["Pde4d", "Pde4d-1", "Tbce", "Tbce-1"],
    );
    await exportProfiles(cells, `${folder}/out`);
    await importBatch(`${folder}/out`, `${folder}/again`);
    using again = await Profiles.load(`${folder}/again`);
    assertEquals(again.metadata.uuid, cells.metadata.uuid);
    const ids = await again.genes.array("id", "string");
    assertEquals(ids, await cells.genes.array("id", "string"));
  }));
