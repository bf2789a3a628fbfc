import { assertEquals, assertStringIncludes } from "@std/assert";
import { gzipSync } from "node:zlib";
import { writeDataArray } from "../../src/arrays/data_array_files.ts";
import { toDataArray } from "../../src/arrays/to_data_array.ts";
import { makeBatch } from "./_batch.ts";
import { inFolder, runCli } from "./_cli.ts";
import { runBadly, runWell, totalsOf } from "./_study.ts";

interface Place {
  readonly cells: string;
  readonly dest: string;
  readonly file: string;
}

function withCells(
  test: (place: Place) => Promise<void>,
): Promise<void> {
  return inFolder(async (folder) => {
    const cells = `${folder}/cells`;
    await makeBatch(cells);
    await test({ cells, dest: `${folder}/sums`, file: `${folder}/labels` });
  });
}

/** Sums of the cells with 7, 300, 0 and 8 UMIs. */
async function sumsBy(
  { cells, dest }: Place,
  by: string,
): Promise<[Record<string, number>, string]> {
  const { stderr } = await runWell(["sum", cells, dest, "--by", by, "--force"]);
  return [await totalsOf(dest, "profile"), stderr];
}

Deno.test("sum adds up cells by data of any kind of label", () =>
  withCells(async (place) => {
    writeDataArray(place.cells, "p.stage", {
      kind: "categorical",
      dtype: "categorical",
      codes: new Int8Array([2, 0, -1, 2]),
      categories: ["young", "unused", "adult"],
      ordered: true,
    });
    const text = toDataArray(["b", "a", null, "b"]);
    writeDataArray(place.cells, "p.text", text);
    const number = toDataArray(new Int32Array([3, 1, 3, 1]));
    writeDataArray(place.cells, "p.number", number);
    const flag = toDataArray([true, false, null, true]);
    writeDataArray(place.cells, "p.flag", flag);
    const [stages, said] = await sumsBy(place, "stage");
    assertEquals(Object.entries(stages), [["young", 300], ["adult", 15]]);
    assertEquals(
      said,
      `${place.dest}: 2 metacells x 3 genes, the sums of 3 of 4 cells\n` +
        "note: 1 of 4 cells had no label\n",
    );
    const [texts] = await sumsBy(place, "p.text");
    assertEquals(Object.entries(texts), [["a", 300], ["b", 15]]);
    const [numbers] = await sumsBy(place, "number");
    assertEquals(numbers, { 1: 308, 3: 7 });
    const [flags] = await sumsBy(place, "flag");
    assertEquals(Object.values(flags).sort(), [15, 300]);
    assertEquals(await totalsOf(place.dest, "gene"), {
      ACTB: 6,
      CD3D: 302,
      LYZ: 7,
    });
    await runWell(["verify", place.dest, "--deep"]);
  }));

const FILES: readonly (readonly [
  what: string,
  text: string,
  by: string,
  sums: Readonly<Record<string, number>>,
  note: string,
])[] = [
  [
    "a label a line",
    "T\nB\nT\nNA\n",
    "",
    { B: 300, T: 7 },
    "1 of 4 cells had no",
  ],
  ["a label a line, with commas", "T, 4\nB\nB\nT, 4\n", "", {
    B: 300,
    "T, 4": 15,
  }, ""],
  [
    "barcodes and labels",
    "AACG-1\tT\nAAAC-1\tT\nother\tB\nAAAG-1\tB\n",
    "",
    { B: 300, T: 15 },
    "note: 1 row of",
  ],
  [
    "barcodes and labels with a header",
    "type,cell\nT,AAAC-1\nB,AAAG-1\n",
    "",
    { B: 300, T: 7 },
    "2 of 4 cells had no label",
  ],
  [
    "a column of a table",
    "cell,n,type\nAACG-1,1,T\nAAAC-1,1,\nAAAG-1,2,B\n",
    ":type",
    { B: 300, T: 8 },
    "2 of 4 cells had no label",
  ],
  [
    "a column of a table of R",
    '"type"\n"AAAC-1","T"\n"AAAG-1","B"\n',
    ":type",
    { B: 300, T: 7 },
    "2 of 4 cells had no label",
  ],
];

for (const [what, text, column, expected, said] of FILES) {
  Deno.test(`sum reads ${what}`, () =>
    withCells(async (place) => {
      for (const bytes of [new TextEncoder().encode(text), gzipSync(text)]) {
        await Deno.writeFile(place.file, new Uint8Array(bytes));
        const [sums, stderr] = await sumsBy(place, `${place.file}${column}`);
        assertEquals(sums, { ...expected });
        assertStringIncludes(stderr, said);
      }
    }));
}

Deno.test("sum takes data before a file of the name", () =>
  withCells(async (place) => {
    writeDataArray(place.cells, "p.type", toDataArray(["T", "T", "B", "B"]));
    const [sums] = await sumsBy(place, "type");
    assertEquals(sums, { T: 307, B: 8 });
  }));

Deno.test("sum says why it can't", () =>
  withCells(async ({ cells, dest, file }) => {
    writeDataArray(cells, "p.x", toDataArray(new Float64Array(4)));
    for (
      const [text, by, why] of [
        ["", "age", "there is no such file; and no p.age, there are p.barcode"],
        ["", "p.x", "Cannot sum by p.x: its values are float64"],
        ["T\nB\n", file, "it has 2 lines for 4 profiles"],
        ["a,b\nx,T\ny,B\n", file, "it has 3 lines for 4 profiles"],
        ["a,b,c\nAAAC-1,T,1\n", file, "COLUMN takes a column of a table"],
        ["a,b\nx,T\n", `${file}:b`, "no column names any of the 4 profiles"],
        ["a,b\nAAAC-1,T\n", `${file}:c`, "Cannot find column c"],
        ["\n\n\n\n", file, "no profile has a label"],
      ] as const
    ) {
      await Deno.writeTextFile(file, text);
      const line = await runBadly(["sum", cells, dest, "--by", by]);
      assertStringIncludes(line, why);
    }
    assertEquals((await runCli(["sum", cells, dest])).code, 2);
  }));
