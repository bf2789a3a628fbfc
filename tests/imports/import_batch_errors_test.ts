import { assertEquals, assertStringIncludes } from "@std/assert";
import { gzipSync } from "node:zlib";
import { type FolderFiles, importError, mtx, SMALL } from "./tenx_folder.ts";

const BANNER = "%%MatrixMarket matrix coordinate integer general\n%\n";

const MATRICES: readonly [string, string][] = [
  [
    BANNER + "3 3 4\n3 1 5\n1 1 2\n2 3 300\n",
    "line 6: the file ends here after 3 entries, and its header says 4",
  ],
  [
    BANNER + "3 3 2\n3 1 5\n1 1 2\n2 3 300\n",
    "line 6: an entry more than the 2 of the header",
  ],
  [
    mtx(3, 3, ["4 1 5"]),
    "line 4: row 4 is out of range: the header says 3",
  ],
  [
    mtx(3, 3, ["1 4 5"]),
    "line 4: column 4 is out of range: the header says 3",
  ],
  [mtx(3, 3, ["1 1 1", "1 2 -5"]), "line 5: the count -5 is negative"],
  [
    mtx(3, 3, ["1 1 1", "1 2 0.5"]),
    "line 5: the count 0.5 is not a whole number, so these are not raw counts",
  ],
  [
    mtx(3, 3, ["1 1 1", "1 2 five"]),
    'line 5: the count "five" is not a number',
  ],
  [
    mtx(3, 3, ["2 2 1", "1 1 1", "1 2 five"]),
    'line 6: the count "five" is not a number',
  ],
  ["", "it is empty"],
  [
    "1 2 3\n",
    'line 1: it starts with "1 2 3", not with "%%MatrixMarket"',
  ],
];

for (const [text, why] of MATRICES) {
  Deno.test(`importBatch() refuses a matrix: ${why}`, async () => {
    assertEquals(
      await importError({ ...SMALL, "matrix.mtx": text }),
      `Cannot import SOURCE/matrix.mtx: ${why}`,
    );
    const { "matrix.mtx": _, ...others } = SMALL;
    assertEquals(
      await importError({ ...others, "matrix.mtx.gz": text }),
      `Cannot import SOURCE/matrix.mtx.gz: ${why}`,
    );
  });
}

const TABLES: readonly [string, FolderFiles, string][] = [
  [
    "a barcode too few",
    { "barcodes.tsv": "A\nB\n" },
    "the matrix has 3 rows and 3 columns, but SOURCE/genes.tsv has 3 lines " +
    "and SOURCE/barcodes.tsv has 2",
  ],
  [
    "two genes too many",
    { "genes.tsv": "1\tA\n2\tB\n3\tC\n4\tD\n5\tE\n" },
    "the matrix has 3 rows and 3 columns, but SOURCE/genes.tsv has 5 lines " +
    "and SOURCE/barcodes.tsv has 3",
  ],
  [
    "a header in a table",
    { "barcodes.tsv": "barcode\nA\nB\nC\n" },
    "the matrix has 3 rows and 3 columns, but SOURCE/genes.tsv has 3 lines " +
    "and SOURCE/barcodes.tsv has 4; is the first line of a table a header",
  ],
  [
    "cells in rows",
    { "matrix.mtx": mtx(2, 3, []), "barcodes.tsv": "A\nB\n" },
    "the matrix has 2 rows and 3 columns, but SOURCE/genes.tsv has 3 lines " +
    "and SOURCE/barcodes.tsv has 2; turned around it would fit: " +
    "`genesIn` columns",
  ],
];

for (const [what, files, why] of TABLES) {
  Deno.test(`importBatch() refuses ${what}`, async () => {
    assertEquals(
      await importError({ ...SMALL, ...files }),
      `Cannot import SOURCE/matrix.mtx: line 3: ${why}`,
    );
  });
}

Deno.test("importBatch() refuses genes in columns that are in rows", async () => {
  const files = {
    ...SMALL,
    "matrix.mtx": mtx(3, 2, []),
    "barcodes.tsv": "A\nB\n",
  };
  assertStringIncludes(
    await importError(files, { genesIn: "columns" }),
    "; turned around it would fit: `genesIn` rows",
  );
});

Deno.test("importBatch() refuses a barcode that is empty", async () => {
  assertEquals(
    await importError({ ...SMALL, "barcodes.tsv": "A\n\nC\n" }),
    "Cannot import SOURCE/barcodes.tsv: line 2: the barcode is empty",
  );
});

Deno.test("importBatch() refuses gzip files that are cut anywhere", async () => {
  const { "matrix.mtx": _, ...others } = SMALL;
  const entries = Array.from(
    { length: 30_000 },
    (_, at) =>
      `${at % 3 + 1} ${Math.floor(at / 10_000) + 1} ${at * 7919 % 997}`,
  );
  const packed = gzipSync(mtx(3, 3, entries));
  for (const cut of [2, 10, 100, packed.length >> 1, packed.length - 1]) {
    const files = { ...others, "matrix.mtx.gz": packed.slice(0, cut) };
    const message = await importError(files);
    const [start, end] = message.split(/ line \d+: /);
    assertEquals(start, "Cannot import SOURCE/matrix.mtx.gz:");
    assertEquals(
      end,
      "the file is cut off: its gzip data go on " +
        `after byte ${cut}, where it ends`,
    );
  }
});

Deno.test("importBatch() refuses a text that is cut at a line", async () => {
  const text = mtx(3, 3, ["3 1 5", "1 1 2", "2 3 300"]);
  for (let cut = 0; cut < text.length - 1; cut++) {
    // Within the last number a cut can't be seen.
    if (cut > text.length - 4) continue;
    const files = { ...SMALL, "matrix.mtx": text.slice(0, cut) };
    assertStringIncludes(await importError(files), "SOURCE/matrix.mtx: ");
  }
});

Deno.test("importBatch() trusts no size of a header", async () => {
  const huge = "4294967295 4294967295 9007199254740991\n";
  assertStringIncludes(
    await importError({ ...SMALL, "matrix.mtx": BANNER + huge }),
    "line 3: the matrix has 4294967295 rows and 4294967295 columns, but ",
  );
  const entries = "3 3 9007199254740991\n1 1 1\n";
  assertStringIncludes(
    await importError({ ...SMALL, "matrix.mtx": BANNER + entries }),
    "line 4: the file ends here after 1 entry",
  );
});

Deno.test("importBatch() refuses a sum of repeats over 2^32-1", async () => {
  for (const lines of [["1 1 4294967295", "1 1 1"], ["1 2 1", "1 1 1"]]) {
    const entries = [...lines, "1 1 4294967295"].slice(0, 3);
    assertEquals(
      await importError({ ...SMALL, "matrix.mtx": mtx(3, 3, entries) }),
      "Cannot import SOURCE: the counts of gene b of profile AAAC-1 add up " +
        "to more than 4294967295",
    );
  }
});

Deno.test("importBatch() refuses a line that never ends", async () => {
  const barcodes = "A".repeat(3 << 20);
  assertStringIncludes(
    await importError({ ...SMALL, "barcodes.tsv": barcodes }),
    "barcodes.tsv: line 1: it is longer than 1048576 characters",
  );
});

const FOLDERS: readonly [string, FolderFiles, string][] = [
  ["an empty folder", {}, "the folder is empty"],
  ["other files", { "README": "x" }, "it is not a 10x MatrixMarket folder"],
  [
    "a folder above",
    { "hg19/matrix.mtx": "" },
    "; below it there is SOURCE/hg19",
  ],
  ["no barcodes", { "matrix.mtx": "" }, "it has no genes.tsv or features.tsv"],
  [
    "two matrices",
    { ...SMALL, "matrix.mtx.gz": "" },
    "it has both matrix.mtx and matrix.mtx.gz",
  ],
];

for (const [what, files, why] of FOLDERS) {
  Deno.test(`importBatch() refuses ${what}`, async () => {
    assertStringIncludes(await importError(files), why);
  });
}

Deno.test("importBatch() refuses a type of features that is not there", async () => {
  assertStringIncludes(
    await importError(SMALL, { features: "Peaks" }),
    "Cannot import SOURCE/genes.tsv: it has no features of type Peaks",
  );
});
