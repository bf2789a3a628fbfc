import { assertEquals, assertRejects } from "@std/assert";
import { GenesSet } from "../../src/genes/genes_set.ts";
import { readDataArray } from "../../src/arrays/data_array_files.ts";
import { textAt } from "../../src/arrays/data_array.ts";
import {
  importBatch,
  type ImportOptions,
} from "../../src/imports/import_batch.ts";
import type { ImportSummary } from "../../src/imports/import_summary.ts";
import { withTempFolder } from "../helpers.ts";
import { readBatch, SMALL, writeFiles } from "./tenx_folder.ts";

interface Result {
  readonly summary: ImportSummary;
  readonly totals: Readonly<Record<string, number>>;
  readonly measured: string[] | undefined;
}

/** Imports the small source with a genes set of these files. */
function importWith(
  set: Readonly<Record<string, string>>,
  options: ImportOptions & { genes?: string; setOrganism?: string } = {},
): Promise<Result> {
  return withTempFolder(async (folder) => {
    const { genes = SMALL["genes.tsv"]!, setOrganism = "human" } = options;
    writeFiles(`${folder}/source`, { ...SMALL, "genes.tsv": genes });
    writeFiles(`${folder}/set`, set);
    const genesSet = await GenesSet.created(`${folder}/set`, setOrganism);
    const path = `${folder}/batch`;
    try {
      const summary = await importBatch(`${folder}/source`, path, {
        ...options,
        genesSet,
      });
      const { totals } = await readBatch(path);
      return { summary, totals, measured: readMeasured(path, genesSet.count) };
    } catch (error) {
      assertEquals([...Deno.readDirSync(folder)].length, 2);
      const { message } = error as Error;
      throw new Error(message.replaceAll(folder, "FOLDER"));
    }
  });
}

function readMeasured(path: string, count: number): string[] | undefined {
  const names = [...Deno.readDirSync(path)].map(({ name }) => name);
  if (!names.includes("genes.measured.npy")) return undefined;
  const flags = readDataArray(path, "genes.measured");
  assertEquals(flags.dtype, "bool");
  return Array.from({ length: count }, (_, at) => textAt(flags, at));
}

Deno.test("importBatch() finds genes of a set by name in any case", async () => {
  const { summary, totals, measured } = await importWith({
    "g.name.txt": "A\nB\nC\n",
  });
  assertEquals(totals, { A: 2, B: 5, C: 300 });
  assertEquals(measured, undefined);
  assertEquals(summary.notes, ["Genes are matched by their names"]);
  assertEquals(summary.missingRows, 0);
});

Deno.test("importBatch() finds genes of a set by id where all have one", async () => {
  const { summary, totals } = await importWith({
    "g.name.txt": "NEW\nOTHER\nX\n",
    "g.id.txt": "ENSG00000000002\nENSG00000000003\nENSG00000000001\n",
  });
  assertEquals(totals, { NEW: 300, OTHER: 5, X: 2 });
  assertEquals(summary.notes, ["Genes are matched by their ids"]);
});

Deno.test("importBatch() finds genes by name where some have no id", async () => {
  const { totals } = await importWith({
    "g.name.txt": "A\nB\nC\n",
    "g.id.txt": "ENSG00000000002\n\nENSG00000000003\n",
  });
  assertEquals(totals, { A: 2, B: 5, C: 300 });
});

Deno.test("importBatch() finds repeats by their numbered names", async () => {
  const genes = "i2\tx\ni1\tX\ni3\tC\n";
  const set = { "g.name.txt": "C\nX\nX-1\n" };
  const { totals } = await importWith(set, { genes });
  assertEquals(totals, { "C": 300, "X": 2, "X-1": 5 });
  const options = { genes, duplicateGenes: "sum" } as const;
  const summed = await importWith(set, options);
  assertEquals(summed.totals, { "C": 300, "X": 7, "X-1": 0 });
});

Deno.test("importBatch() says which genes of a set were not measured", async () => {
  const { summary, totals, measured } = await importWith({
    "g.name.txt": "A\nAA\nB\nC\nD\n",
  });
  assertEquals(totals, { A: 2, AA: 0, B: 5, C: 300, D: 0 });
  assertEquals(measured, ["true", "false", "true", "true", "false"]);
  assertEquals(
    summary.notes.at(-1),
    "2 genes of the genes set are not measured here",
  );
});

Deno.test("importBatch() refuses genes that a set has no place for", async () => {
  await assertRejects(
    () => importWith({ "g.name.txt": "A\n" }),
    Error,
    "Cannot import FOLDER/source: the genes set FOLDER/set has no place for " +
      "2 genes with 305 UMIs (`allowMissingGenes` leaves them out): b, c",
  );
});

Deno.test("importBatch() leaves them out where it is told", async () => {
  const { summary, totals } = await importWith(
    { "g.name.txt": "A\nD\n" },
    { allowMissingGenes: true },
  );
  assertEquals(totals, { A: 2, D: 0 });
  assertEquals(summary.missingRows, 2);
  assertEquals(summary.missingUmis, 305);
  assertEquals(summary.leftOutRows, 0);
  assertEquals(summary.notes.slice(1), [
    "2 genes with 305 UMIs are left out, " +
    "for the genes set has no place for them",
    "1 gene of the genes set is not measured here",
  ]);
});

Deno.test("importBatch() says what a set does not keep of genes", async () => {
  const genes = "i1\tb\tCustom\ni2\tA\tGene Expression\ni3\tc\tCustom\n";
  const { summary } = await importWith(
    { "g.name.txt": "A\nB\nC\n" },
    { genes, features: "all" },
  );
  assertEquals(summary.notes, [
    "Genes are matched by their names",
    "Data of genes that the genes set lacks are left out: feature_type",
  ]);
});

Deno.test("importBatch() refuses a set of another organism", async () => {
  await assertRejects(
    () => importWith({ "g.name.txt": "A\nB\nC\n" }, { setOrganism: "mouse" }),
    Error,
    "Cannot import FOLDER/source: it is of human, " +
      "and the genes set FOLDER/set of mouse",
  );
  const options = { setOrganism: "unknown" };
  const { totals } = await importWith({ "g.name.txt": "A\nB\nC\n" }, options);
  assertEquals(totals, { A: 2, B: 5, C: 300 });
});

Deno.test("importBatch() refuses to replace what has its genes set", async () => {
  await withTempFolder(async (folder) => {
    const source = `${folder}/source`;
    const path = `${folder}/batch`;
    writeFiles(source, SMALL);
    await importBatch(source, path);
    const genesSet = await GenesSet.load(`${path}/genes`) as GenesSet;
    await assertRejects(
      () => importBatch(source, path, { force: true, genesSet }),
      Error,
      `its genes set ${path}/genes is inside it`,
    );
    assertEquals((await readBatch(path)).totals, { A: 2, B: 5, C: 300 });
    const other = `${folder}/other`;
    await importBatch(source, other, { genesSet });
    assertEquals((await readBatch(other)).totals, { A: 2, B: 5, C: 300 });
  });
});
