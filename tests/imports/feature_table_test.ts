import { assertEquals, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import { textAt } from "../../src/arrays/data_array.ts";
import {
  type FeatureTable,
  readFeatureTable,
} from "../../src/imports/feature_table.ts";
import { withTempFolder } from "../helpers.ts";

function read(
  content: string | Uint8Array,
  features?: string,
): Promise<FeatureTable> {
  return withTempFolder(async (folder) => {
    const path = `${folder}/features.tsv`;
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : content;
    Deno.writeFileSync(path, bytes);
    try {
      return await readFeatureTable(path, features);
    } catch (error) {
      throw new Error((error as Error).message.replace(folder, "FOLDER"));
    }
  });
}

Deno.test("readFeatureTable() reads ids and names", async () => {
  for (const text of ["i1\tA\ni2\tb\n", "i1\tA\r\ni2\tb\r\n", "i1\tA\ni2\tb"]) {
    for (const content of [text, gzipSync(text)]) {
      const { genes, notes } = await read(content);
      assertEquals(genes, {
        names: ["A", "b"],
        ids: ["i1", "i2"],
        columns: {},
      });
      assertEquals(notes, []);
    }
  }
});

Deno.test("readFeatureTable() ignores empty lines at the end", async () => {
  const { genes } = await read("i1\tA\n\n\r\n\n");
  assertEquals(genes.names, ["A"]);
  assertEquals((await read("")).genes.names, []);
});

Deno.test("readFeatureTable() takes one column for both ids and names", async () => {
  const { genes } = await read("CD3D\nLYZ\n");
  assertEquals(genes.names, ["CD3D", "LYZ"]);
  assertEquals(genes.ids, ["CD3D", "LYZ"]);
});

Deno.test("readFeatureTable() takes the id for a name that is empty", async () => {
  const { genes } = await read("i1\t\n\tB\ni3\t\tGene Expression\n", "all");
  assertEquals(genes.names, ["i1", "B", "i3"]);
  assertEquals(genes.ids, ["i1", "", "i3"]);
});

Deno.test("readFeatureTable() refuses a line without id and name", async () => {
  const why = "it has neither an id nor a name";
  for (const line of ["", "\t", "\t\tGene Expression"]) {
    await assertRejects(
      () => read(`i1\tA\n${line}\ni2\tB\n`),
      Error,
      `Cannot import FOLDER/features.tsv: line 2: ${why}`,
    );
  }
});

Deno.test("readFeatureTable() refuses what is not UTF-8", async () => {
  const bytes = new TextEncoder().encode("i1\tA\ni2\tB\n");
  bytes[5] = 0xff;
  await assertRejects(
    () => read(bytes),
    Error,
    "Cannot import FOLDER/features.tsv: line 1: " +
      "here or soon after it is not UTF-8 text",
  );
});

Deno.test("readFeatureTable() ignores more columns", async () => {
  const { genes, notes } = await read(
    "i1\tA\tGene Expression\tchr1\t1\t2\ni2\tB\tGene Expression\tchr2\t3\t4\n",
  );
  assertEquals(genes, { names: ["A", "B"], ids: ["i1", "i2"], columns: {} });
  assertEquals(notes, []);
});

const MIXED = "i1\tA\tGene Expression\ni2\tB\tAntibody Capture\n" +
  "i3\tC\tGene Expression\ni4\tD\tAntibody Capture\ni5\tE\tCustom\n";

Deno.test("readFeatureTable() leaves other types than genes out", async () => {
  for (const features of [undefined, "Gene Expression", "gene expression"]) {
    const { genes, notes } = await read(MIXED, features);
    assertEquals([...genes.included!], [1, 0, 1, 0, 0]);
    assertEquals(genes.names.length, 5);
    assertEquals(notes, [
      "Rows of other types than Gene Expression are left out: " +
      "Antibody Capture (2), Custom (1)",
    ]);
  }
});

Deno.test("readFeatureTable() keeps the type that is asked for", async () => {
  const { genes, notes } = await read(MIXED, "antibody capture");
  assertEquals([...genes.included!], [0, 1, 0, 1, 0]);
  assertEquals(notes, [
    "Rows of other types than Antibody Capture are left out: " +
    "Custom (1), Gene Expression (2)",
  ]);
});

Deno.test("readFeatureTable() keeps all types, with a column of them", async () => {
  const { genes, notes } = await read(MIXED, "all");
  assertEquals(genes.included, undefined);
  assertEquals(notes, []);
  const types = genes.columns["feature_type"]!;
  assertEquals(types.dtype, "categorical");
  assertEquals([0, 1, 4].map((row) => textAt(types, row)), [
    "Gene Expression",
    "Antibody Capture",
    "Custom",
  ]);
});

Deno.test("readFeatureTable() lists the types, if none is the one", async () => {
  await assertRejects(
    () => read(MIXED, "Peaks"),
    Error,
    "Cannot import FOLDER/features.tsv: it has no features of type Peaks, " +
      "its types are Antibody Capture (2), Custom (1), Gene Expression (2); " +
      "`features` names one, or all",
  );
  await assertRejects(
    () => read("i1\tchr1:1-2\tPeaks\n"),
    Error,
    "it has no features of type Gene Expression, its types are Peaks (1)",
  );
  await assertRejects(
    () => read("i1\tA\n", "Peaks"),
    Error,
    "it has no features of type Peaks, it has no types of features",
  );
});
