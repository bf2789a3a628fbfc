import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { gzipSync } from "node:zlib";
import { textAt } from "../../src/arrays/data_array.ts";
import { readDataArray } from "../../src/arrays/data_array_files.ts";
import { makeBatch } from "./_batch.ts";
import { type CliResult, inFolder, runCli } from "./_cli.ts";

interface Annotation {
  readonly folder: string;
  annotate(table: string | Uint8Array, ...words: string[]): Promise<CliResult>;
}

async function withBatch(
  test: (annotation: Annotation) => Promise<void>,
  barcodes?: readonly string[],
): Promise<void> {
  await inFolder(async (folder) => {
    await makeBatch(folder, barcodes);
    const path = `${folder}/../${folder.split("/").at(-1)}.csv`;
    const annotate = async (table: string | Uint8Array, ...words: string[]) => {
      const bytes = typeof table === "string"
        ? new TextEncoder().encode(table)
        : table;
      await Deno.writeFile(path, bytes);
      return await runCli(["annotate", folder, path, ...words]);
    };
    try {
      await test({ folder, annotate });
    } finally {
      await Deno.remove(path).catch(() => {});
    }
  });
}

const namesIn = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test("annotate adds columns by barcode", () =>
  withBatch(async ({ folder, annotate }) => {
    const { code, stdout, stderr } = await annotate(
      "cell,type,score\nAACG-1,B,0.5\nAAAC-1,T,NA\nAAAG-1,T,2\nother,B,1\n",
    );
    assertEquals([code, stdout], [0, ""]);
    assertEquals(
      stderr,
      "matched by cell: 3 of 4 profiles, 1 row without one\n" +
        "p.type: text\np.score: float64\n"
          .replace("text", "string"),
    );
    const score = readDataArray(folder, "p.score");
    assertEquals(score, {
      kind: "number",
      dtype: "float64",
      values: new Float64Array([NaN, 2, NaN, 0.5]),
      mask: new Uint8Array([1, 0, 1, 0]),
    });
    const type = readDataArray(folder, "p.type");
    assert(type.kind === "text");
    assertEquals(type.values, ["T", "T", "", "B"]);
  }));

Deno.test("annotate reads tabs and gzip", () =>
  withBatch(async ({ folder, annotate }) => {
    const table = "cell\tn\nAAAC-1\t1\nAAAG-1\t2\nAACC-1\t3\nAACG-1\t4\n";
    const { code } = await annotate(new Uint8Array(gzipSync(table)));
    assertEquals(code, 0);
    const { values } = readDataArray(folder, "p.n") as { values: Int32Array };
    assertEquals(values, new Int32Array([1, 2, 3, 4]));
  }));

Deno.test("annotate takes the columns and the key it is told", () =>
  withBatch(async ({ folder, annotate }) => {
    const { code } = await annotate(
      "a,b,c\nAAAC-1,AAAC-1,x\nAAAG-1,none,y\n",
      "--key",
      "b",
      "--columns",
      "c,a",
    );
    assertEquals(code, 0);
    const c = readDataArray(folder, "p.c") as { mask: Uint8Array };
    assertEquals(c.mask, new Uint8Array([0, 1, 1, 1]));
    assert(namesIn(folder).includes("p.a.txt"));
  }));

Deno.test("annotate renames what would pose as our own", () =>
  withBatch(async ({ folder, annotate }) => {
    await annotate("key,total_umis,barcode\nAAAC-1,1,x\n");
    const names = namesIn(folder);
    assert(names.includes("p.source_total_umis.npy"), String(names));
    assert(names.includes("p.source_barcode.txt"), String(names));
  }));

Deno.test("annotate replaces arrays only with --force", () =>
  withBatch(async ({ folder, annotate }) => {
    await annotate("key,n\nAAAC-1,1\n");
    const second = await annotate("key,n,m\nAAAC-1,2,3\n");
    assertEquals(second.code, 1);
    assertStringIncludes(second.stderr, "it has p.n already (--force");
    assert(!namesIn(folder).includes("p.m.npy"));
    const third = await annotate("key,n,m\nAAAC-1,a,3\n", "--force");
    assertEquals(third.code, 0);
    assertEquals(textAt(readDataArray(folder, "p.n"), 0), "a");
  }));

Deno.test("annotate leaves out a column without a name", () =>
  withBatch(async ({ annotate }) => {
    const { code, stderr } = await annotate(",cell,n\n0,AAAC-1,1\n");
    assertEquals(code, 0);
    assertStringIncludes(stderr, "it has no name: column 1\n");
  }));

Deno.test("annotate writes nothing unless all is in order", () =>
  withBatch(async ({ folder, annotate }) => {
    const before = namesIn(folder);
    for (
      const [table, words, why] of [
        ["", [], "it is empty"],
        [
          "cell,n\nx,1\n",
          [],
          "no column names any of the 4 profiles, as " +
          "AAAC-1; it has x",
        ],
        ["cell,n\nx,1\n", ["--key", "n"], "no value of n names any"],
        ["cell,n\nAAAC-1,1\n", ["--key", "cel"], "did you mean cell?"],
        ["cell,n\nAAAC-1,1\n", ["--columns", "m"], "there are cell, n"],
        [
          "cell,n\nAAAC-1,1\nAAAC-1,2\n",
          [],
          "cell is AAAC-1 on line 2 and " +
          "on line 3",
        ],
        [
          "cell,n\nx,1\nx,2\nAAAC-1,2\n",
          [],
          "cell is x on line 2 and on line 3",
        ],
        ["cell,n\nAAAC-1,1,2,3\n", [], "line 2: it has 4 values"],
        [
          "cell,n\nAAAC-1,1\nAAAG-1,1,2\n",
          [],
          "line 3: it has 3 values",
        ],
        ["cell,n,n\nAAAC-1,1,2\n", [], "two columns are named n"],
        ["cell,n,N\nAAAC-1,1,2\n", [], "differ only by case"],
        ["cell,n,x.mask\nAAAC-1,1,2\n", [], "x.mask"],
        ["cell\nAAAC-1\n", [], "it has no column but the key"],
      ] as const
    ) {
      const { code, stderr } = await annotate(table, ...words);
      assertEquals(code, 1, table);
      assertStringIncludes(stderr, "error: Cannot ");
      assertStringIncludes(stderr, why);
      assertEquals(namesIn(folder), before, table);
    }
  }));

Deno.test("annotate refuses a barcode that several profiles have", () =>
  withBatch(async ({ annotate }) => {
    const { code, stderr } = await annotate("cell,n\nB,1\n");
    assertEquals(code, 1);
    assertStringIncludes(stderr, "line 2: several profiles are named B");
  }, ["A", "B", "B", "C"]));

Deno.test("annotate reads a table of R, whose header lacks a field", () =>
  withBatch(async ({ folder, annotate }) => {
    const { code, stderr } = await annotate(
      '"n","type"\n"AAAC-1",1,"T"\n"AACG-1",2,"B"\n',
    );
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "matched by column 1: 2 of 4 profiles\n");
    assertEquals(textAt(readDataArray(folder, "p.n"), 3), "2");
  }));

Deno.test("annotate finds the cells of a collection by their barcodes", () =>
  inFolder(async (folder) => {
    await makeBatch(`${folder}/a`);
    const study = `${folder}/study`;
    await runCli(["collect", study, `${folder}/a`]);
    for (const [key, name] of [["AACC-1", "n"], ["a:AACC-1", "m"]] as const) {
      await Deno.writeTextFile(`${folder}/t.csv`, `cell,${name}\n${key},7\n`);
      const { code, stderr } = await runCli(
        ["annotate", study, `${folder}/t.csv`],
      );
      assertEquals(code, 0, stderr);
      assertEquals(textAt(readDataArray(study, `p.${name}`), 2), "7");
    }
  }));
