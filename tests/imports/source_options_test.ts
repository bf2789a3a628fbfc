import { assertEquals, assertRejects } from "@std/assert";
import { createGenesSet } from "../../src/imports/create_genes.ts";
import {
  importBatch,
  type ImportOptions,
} from "../../src/imports/import_batch.ts";
import { importCollection } from "../../src/imports/import_collection.ts";
import { IMPORTERS } from "../../src/imports/registry.ts";
import { withTempFolder } from "../helpers.ts";
import { writeHdf5 } from "../io/_hdf5.ts";
import { CSR, writeH5ad } from "./_h5ad.ts";
import { SMALL, writeFiles } from "./tenx_folder.ts";
import { SMALL_V3 } from "./tenx_hdf5/_tenx_hdf5.ts";

/** Options with a value that each could have, and who takes them. */
const OPTIONS: readonly [ImportOptions, string, readonly string[]][] = [
  [{ layer: "X" }, "`layer`", ["h5ad"]],
  [{ features: "CRISPR" }, "`features`", ["10x-h5", "h5ad", "mtx", "standard"]],
  [{ genome: "hg38" }, "`genome`", ["10x-h5"]],
  [{ genesIn: "rows" }, "`genesIn`", ["mtx", "table"]],
  [{ separator: "," }, "`separator`", ["table", "triplets"]],
  [{ columns: ["gene", "cell", "count"] }, "`columns`", ["triplets"]],
];

Deno.test("importBatch() refuses options that do nothing", () =>
  withTempFolder(async (folder) => {
    const sources = await writeSources(folder);
    for (const [options, word, takers] of OPTIONS) {
      for (const [format, path] of Object.entries(sources)) {
        const said = await outcome(path, `${folder}/batch`, options);
        const all = IMPORTERS.filter(({ name }) =>
          takers.includes(name) || name === "zarr" && takers.includes("h5ad")
        );
        const names = all.map(({ name }) => name).join(", ");
        const refusal = `Cannot import ${path}: ${word} is for ${names}, ` +
          `and not for ${format}; \`from\` names another format`;
        const isRefused = said === refusal;
        assertEquals(isRefused, !takers.includes(format), `${word} ${said}`);
      }
    }
  }));

Deno.test("importBatch() takes all features of what has no types", () =>
  withTempFolder(async (folder) => {
    const { table, triplets } = await writeSources(folder);
    for (const source of [table!, triplets!]) {
      for (const features of ["all", "Gene expression"]) {
        const options = { features, force: true };
        await importBatch(source, `${folder}/batch`, options);
      }
    }
  }));

Deno.test("importCollection() and createGenesSet() take options for some", () =>
  withTempFolder(async (folder) => {
    const { table, h5ad } = await writeSources(folder);
    const two = [{ path: table! }, { path: h5ad! }];
    const paths = [table!, h5ad!];
    const genesIn = "rows";
    await importCollection(two, `${folder}/study`, { genesIn, layer: "X" });
    await createGenesSet(paths, `${folder}/genes`, { genesIn, layer: "X" });
    const why = "`genome` is for 10x-h5, and not for table, h5ad";
    await assertRejects(
      () => importCollection(two, `${folder}/other`, { genome: "hg38" }),
      TypeError,
      why,
    );
    await assertRejects(
      () => createGenesSet(paths, `${folder}/other`, { genome: "hg38" }),
      TypeError,
      why,
    );
    await assertRejects(
      () =>
        importCollection(
          [{ path: table! }, { path: h5ad!, options: { genesIn } }],
          `${folder}/other`,
        ),
      TypeError,
      `${h5ad}: \`genesIn\` is for mtx, table, and not for h5ad`,
    );
  }));

Deno.test("importBatch() lets no genes be missing without a genes set", () =>
  withTempFolder(async (folder) => {
    const { table } = await writeSources(folder);
    const options = { allowMissingGenes: true };
    await assertRejects(
      () => importBatch(table!, `${folder}/batch`, options),
      TypeError,
      "`allowMissingGenes` is for a genes set, and none is given",
    );
  }));

/** A source of each format but zarr, which shares what it takes with h5ad. */
async function writeSources(
  folder: string,
): Promise<Readonly<Record<string, string>>> {
  writeFiles(`${folder}/mtx`, SMALL);
  writeFiles(folder, {
    "standard/format.yaml": "{}\n",
    "standard/genes.csv": "name\nA\n",
    "standard/profiles.csv": "name\nx\n",
    "standard/umis.mtx":
      "%%MatrixMarket matrix coordinate integer general\n1 1 0\n",
    "table.csv": "gene,AAACCTGAGCATCATC,AAACCTGAGCATCATG\nCD3D,1,2\n",
    "triplets.csv": "gene,cell,count\nCD3D,AAAC-1,2\nLYZ,AAAC-1,2\n",
  });
  await writeHdf5(`${folder}/tenx.h5`, SMALL_V3);
  await writeH5ad(`${folder}/a.h5ad`, CSR);
  return {
    mtx: `${folder}/mtx`,
    standard: `${folder}/standard`,
    table: `${folder}/table.csv`,
    triplets: `${folder}/triplets.csv`,
    "10x-h5": `${folder}/tenx.h5`,
    h5ad: `${folder}/a.h5ad`,
  };
}

async function outcome(
  source: string,
  destination: string,
  options: ImportOptions,
): Promise<string> {
  try {
    await importBatch(source, destination, { ...options, force: true });
    return "imported";
  } catch (error) {
    return (error as Error).message;
  }
}
