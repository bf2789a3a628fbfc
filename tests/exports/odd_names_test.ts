import { assertEquals, assertRejects } from "@std/assert";
import {
  type ExportOptions,
  exportProfiles,
} from "../../src/exports/export_profiles.ts";
import { importBatch } from "../../src/imports/import_batch.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import { withTempFolder } from "../helpers.ts";
import { dense, writeH5ad } from "../imports/_h5ad.ts";
import { reimport, type Table, tableOf } from "./_containers.ts";

/** Names that a format could take for something else. */
const ODD = [
  "a,b",
  '"q"',
  'a"b',
  " before",
  "behind ",
  "#hash",
  "µé漢字🙂",
  "'",
  "x;y|z",
  "-1",
  "NA",
  "null",
  "1e5",
  "a b",
  "%41",
  "\\n",
  "a\\",
  "=1+1",
  "ß",
  "e\u0301",
  "\u2028",
  ".",
  "a/b",
  "c\rr",
  "t\tt",
  "twice",
  "twice",
  "Twice",
];

const FORMATS: Readonly<Record<string, ExportOptions>> = {
  "tenx": {},
  "a.h5": {},
  "a.h5ad": {},
  "rows.csv": { genesIn: "rows" },
  "columns.csv": { genesIn: "columns" },
};

for (const axis of ["obs", "var"] as const) {
  Deno.test(`exportProfiles() and importBatch() keep odd names of ${axis}`, () =>
    withTempFolder(async (folder) => {
      for (const [name, options] of Object.entries(FORMATS)) {
        // There are no quotes in a folder of 10x.
        const names = name === "tenx"
          ? ODD.filter((text) => !/[\t\r]/.test(text))
          : ODD;
        const cells = `${folder}/${name}.cells`;
        await importNamed(cells, { axis, names });
        const path = `${folder}/${name}`;
        const expected = await exportFrom(cells, path, options);
        const again = await reimport(path, `${path}.again`, options);
        assertEquals(again, expected, name);
      }
    }));
}

Deno.test("exportProfiles() writes line ends in names for others", () =>
  withTempFolder(async (folder) => {
    const cells = `${folder}/cells`;
    await importNamed(cells, { axis: "obs", names: ["a\nb", "c"] });
    const path = `${folder}/a.csv`;
    await exportFrom(cells, path, {});
    assertEquals(
      Deno.readTextFileSync(path),
      'gene,"a\nb",c\nG1,0,2\nG2,1,0\n',
    );
    await assertRejects(
      () => importBatch(path, `${folder}/again`, { genesIn: "rows" }),
      SyntaxError,
      `Cannot import ${path}: line 1: column 2: a quote is not closed`,
    );
  }));

/** Makes a batch whose cells or genes have some names. */
async function importNamed(
  path: string,
  { axis, names }: {
    readonly axis: "obs" | "var";
    readonly names: readonly string[];
  },
): Promise<void> {
  const obs = axis === "obs" ? [...names] : ["AC", "AG"];
  const genes = axis === "var" ? [...names] : ["G1", "G2"];
  const counts = obs.map((_, cell) =>
    genes.map((_, gene) => (2 * cell + gene) % 3)
  );
  const source = `${path}.h5ad`;
  await writeH5ad(source, {
    tree: { "obs/_index": obs, "var/_index": genes, X: dense(counts) },
  });
  await importBatch(source, path);
}

async function exportFrom(
  cells: string,
  path: string,
  options: ExportOptions,
): Promise<Table> {
  using profiles = await Profiles.load(cells);
  await exportProfiles(profiles, path, options);
  return await tableOf(profiles);
}
