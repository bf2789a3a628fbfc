import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { findMatrixMarketFiles } from "../../../src/imports/mtx/matrix_market_folder.ts";
import { findImporter } from "../../../src/imports/registry.ts";
import { withTempFolder } from "../../helpers.ts";
import { writeFiles } from "../tenx_folder.ts";

/** Finds the files of a folder that has empty ones of these names. */
function find(names: readonly string[]): Promise<string[] | string> {
  return withTempFolder((folder) => {
    for (const name of names) Deno.writeTextFileSync(`${folder}/${name}`, "");
    try {
      const files = findMatrixMarketFiles(folder);
      return [files.matrix, files.genes, files.barcodes]
        .map((path) => path.slice(folder.length + 1));
    } catch (error) {
      return (error as Error).message.replaceAll(folder, "FOLDER");
    }
  });
}

const FOUND: readonly (readonly string[])[] = [
  ["matrix.mtx", "genes.tsv", "barcodes.tsv"],
  ["matrix.mtx.gz", "features.tsv.gz", "barcodes.tsv.gz"],
  ["matrix.mtx", "features.tsv.gz", "barcodes.tsv"],
  [
    "GSM123_sample_matrix.mtx.gz",
    "GSM123_sample_genes.tsv.gz",
    "GSM123_sample_barcodes.tsv.gz",
  ],
  ["a.matrix.mtx", "a.features.tsv", "a.barcodes.tsv"],
  ["a-matrix.mtx", "a-genes.tsv", "a-barcodes.tsv"],
];

for (const names of FOUND) {
  Deno.test(`findMatrixMarketFiles() finds ${names.join(", ")}`, async () => {
    assertEquals(await find(names), [...names]);
    const more = [
      "README",
      "._matrix.mtx",
      "xmatrix.mtx",
      "b_barcodes.tsv",
      "matrix.mtx.bak",
    ];
    assertEquals(await find([...names, ...more]), [...names]);
  });
}

const REFUSED: readonly [readonly string[], string][] = [
  [[], "Cannot import FOLDER: it has no matrix.mtx"],
  [
    ["matrix.mtx", "barcodes.tsv"],
    "Cannot import FOLDER: it has no genes.tsv or features.tsv, " +
    "plain or with .gz",
  ],
  [
    ["matrix.mtx", "genes.tsv", "b_barcodes.tsv"],
    "Cannot import FOLDER: it has no barcodes.tsv, plain or with .gz",
  ],
  [
    ["x_genes.tsv.gz", "x_barcodes.tsv.gz"],
    "Cannot import FOLDER: it has no x_matrix.mtx, plain or with .gz",
  ],
  [
    ["matrix.mtx", "matrix.mtx.gz", "genes.tsv", "barcodes.tsv"],
    "Cannot import FOLDER: it has both matrix.mtx and matrix.mtx.gz: " +
    "keep one of them",
  ],
  [
    ["matrix.mtx", "genes.tsv", "features.tsv", "barcodes.tsv"],
    "Cannot import FOLDER: it has both features.tsv and genes.tsv: " +
    "keep one of them",
  ],
  [
    ["a_matrix.mtx", "a_genes.tsv", "a_barcodes.tsv"]
      .flatMap((name) => [name, name.replace("a_", "b_")]),
    "Cannot import FOLDER: it has 2 matrices, a_matrix.mtx, b_matrix.mtx: " +
    "put each with its files into a folder of its own",
  ],
];

for (const [names, message] of REFUSED) {
  Deno.test(`findMatrixMarketFiles() refuses ${names.join(", ")}`, async () => {
    assertEquals(await find(names), message);
  });
}

Deno.test("findMatrixMarketFiles() refuses what is no folder", async () => {
  await withTempFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/x`, "");
    assertThrows(() => findMatrixMarketFiles(`${folder}/x`), Error, "folder");
  });
});

Deno.test("findImporter() knows a 10x folder by its files", async () => {
  await withTempFolder(async (folder) => {
    writeFiles(folder, { "matrix.mtx.gz": "" });
    assertEquals((await findImporter(folder)).name, "mtx");
    assertEquals((await findImporter(folder, "mtx")).name, "mtx");
    await assertRejects(
      () => findImporter(folder, "h7"),
      Error,
      `Cannot import ${folder}: there is no format h7, only mtx`,
    );
  });
});

Deno.test("findImporter() says that there is nothing", async () => {
  await assertRejects(
    () => findImporter("/no/such/folder"),
    Error,
    "Cannot import /no/such/folder: there is no such file or folder",
  );
});

Deno.test("findImporter() says what it looked for in an empty folder", async () => {
  await withTempFolder(async (folder) => {
    for (const from of [undefined, "mtx"]) {
      await assertRejects(
        () => findImporter(folder, from),
        Error,
        `Cannot import ${folder}: the folder is empty; looked for ` +
          "a 10x MatrixMarket folder: matrix.mtx, genes.tsv or " +
          "features.tsv, and barcodes.tsv, plain or gzip",
      );
    }
  });
});

Deno.test("findImporter() names folders below that it knows", async () => {
  await withTempFolder(async (folder) => {
    writeFiles(folder, {
      "b/hg19/matrix.mtx": "",
      "a/matrix.mtx.gz": "",
      "a/below/matrix.mtx": "",
      ".hidden/matrix.mtx": "",
      "other/README": "",
    });
    for (const from of [undefined, "mtx"]) {
      const error = await assertRejects(
        () => findImporter(folder, from),
        Error,
      );
      assertEquals(
        error.message.split("; below it there is ")[1],
        `${folder}/a, ${folder}/b/hg19`,
      );
    }
  });
});

Deno.test("findImporter() asks for the folder of a matrix file", async () => {
  await withTempFolder(async (folder) => {
    writeFiles(folder, { "matrix.mtx": "", "genes.tsv": "" });
    await assertRejects(
      () => findImporter(`${folder}/matrix.mtx`),
      Error,
      "name the folder that it is in",
    );
  });
});
