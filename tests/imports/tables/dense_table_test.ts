import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import fc from "fast-check";
import { gzipSync } from "node:zlib";
import { DENSE_TABLE } from "../../../src/imports/tables/dense_table.ts";
import { withTempFolder } from "../../helpers.ts";
import { readCounts, readTable, transpose } from "./dense_table_helpers.ts";

const COUNTS = [[0, 1, 2], [300, 0, 70000]];

Deno.test("DENSE_TABLE.open() reads genes in rows", async () => {
  const { source, counts } = await readTable(
    "gene,CELL_1,CELL_2,CELL_3\nGm1,0,1,2\nCd3d,300,0,70000\n",
  );
  assertEquals(source.genes.names, ["Gm1", "Cd3d"]);
  assertEquals(source.genes.ids, undefined);
  assertEquals(source.profiles.barcodes, ["CELL_1", "CELL_2", "CELL_3"]);
  assertEquals(source.profiles.count, 3);
  assertEquals(counts, transpose(COUNTS));
  assertEquals(source.notes, [
    "Its genes are in rows: the names of its columns are those of cells",
  ]);
});

Deno.test("DENSE_TABLE.open() reads genes in columns", async () => {
  const { source, counts } = await readTable(
    "\tENSG00000000003\tENSG00000000005\tERCC-00002\na\t0\t1\t2\nb\t300\t0\t70000",
  );
  const ids = ["ENSG00000000003", "ENSG00000000005", "ERCC-00002"];
  assertEquals(source.genes.names, ids);
  assertEquals(source.genes.ids, ids);
  assertEquals(source.profiles.barcodes, ["a", "b"]);
  assertEquals(counts, COUNTS);
  assertEquals(source.notes, [
    "Its genes are in columns: the names of its columns are those of genes",
  ]);
});

Deno.test("DENSE_TABLE.open() reads what R writes", async (step) => {
  const tables: Record<string, string> = {
    "write.csv": '"","x","y","z"\n"g ""1""",0,1,2\n"g,2",300,0,70000\n',
    "write.csv2": '"";"x";"y";"z"\n"g ""1""";0;1;2\n"g,2";300;0;7e+04\n',
    "write.table": '"x" "y" "z"\n"g ""1""" 0 1 2\n"g,2" 300 0 70000\n',
    "write.table with tabs": 'x\ty\tz\ng "1"\t0\t1\t2\ng,2\t3e+02\t0\t7e4\n',
  };
  for (const [name, text] of Object.entries(tables)) {
    await step.step(name, async () => {
      const { source, counts } = await readTable(text);
      assertEquals(source.genes.names, ['g "1"', "g,2"]);
      assertEquals(source.profiles.barcodes, ["x", "y", "z"]);
      assertEquals(counts, transpose(COUNTS));
      assertStringIncludes(source.notes[0]!, "rows: as is usual in tables");
    });
  }
});

Deno.test("DENSE_TABLE.open() finds the separator", async () => {
  for (const separator of [",", "\t", ";", "|", " "]) {
    const text = 'gene,"a c",b\nENSG1|X Y,1,2\nY,3,4\n'
      .replaceAll("ENSG1|X Y", separator === "|" ? "X Y" : "ENSG1|X")
      .replaceAll(",", separator);
    const { source, counts } = await readTable(text, { genesIn: "rows" });
    assertEquals(source.profiles.barcodes, ["a c", "b"], separator);
    assertEquals(counts, [[1, 3], [2, 4]]);
  }
  for (const [separator, name] of [["\t", "tab"], ["|", "bar"]] as const) {
    const text = ",a,b;c\nx,1,2\n".replaceAll(",", separator);
    const options = { genesIn: "rows", separator: name } as const;
    const { source } = await readTable(text, options);
    assertEquals(source.profiles.barcodes, ["a", "b;c"]);
  }
});

Deno.test("DENSE_TABLE.open() reads rows that end in a separator", async () => {
  for (const header of ["gene,a,b,", "a,b,", '"","a","b",']) {
    for (const end of ["\n", "\r\n"]) {
      const text = [header, "x,1,2,", 'y,3,"4",', ""].join(end);
      const { source, counts } = await readTable(text, { genesIn: "rows" });
      assertEquals(source.profiles.barcodes, ["a", "b"]);
      assertEquals(counts, [[1, 3], [2, 4]]);
    }
  }
});

Deno.test("DENSE_TABLE.open() leaves out comments at the top", async () => {
  const comments = "#DGE\tVERSION:1.1\n# counts, of a program\n";
  for (const header of ["GENE\tA1\tA2", "#GENE\tA1\tA2", "A1\tA2"]) {
    const text = `${comments}\n${header}\nx\t1\t2\ny\t3\t4\n`;
    const { source, counts } = await readTable(text, { genesIn: "rows" });
    assertEquals(source.profiles.barcodes, ["A1", "A2"]);
    assertEquals(counts, [[1, 3], [2, 4]]);
  }
  const one = `${comments}CELL_1\nx\t1\ny\t2\n`;
  const { source } = await readTable(one, { genesIn: "rows" });
  assertEquals(source.profiles.barcodes, ["CELL_1"]);
});

Deno.test("DENSE_TABLE.open() reads counts in any notation", async () => {
  const { counts } = await readTable(
    'g,a,b,c,d,e,f,h\nx,"3", 3 ,3.0,3.00,1e+05,"4294967295",0.0\n',
    { genesIn: "rows" },
  );
  assertEquals(counts.flat(), [3, 3, 3, 3, 100000, 4294967295, 0]);
});

Deno.test("DENSE_TABLE.open() reads a table of one profile", async () => {
  const { source, counts } = await readTable("\n\n CELL\r\nx,4\r\n\r\ny,5", {
    genesIn: "rows",
  });
  assertEquals(source.genes.names, ["x", "y"]);
  assertEquals(source.profiles.barcodes, [" CELL"]);
  assertEquals(counts, [[4, 5]]);
});

Deno.test("DENSE_TABLE.open() lets names of genes repeat", async () => {
  const { source } = await readTable(",CELL_1\nMARCH1,1\nMARCH1,2\n");
  assertEquals(source.genes.names, ["MARCH1", "MARCH1"]);
});

Deno.test("DENSE_TABLE.open() lets names of cells repeat", async () => {
  const rows = await readTable("g,a,b,a\nx,1,2,3\n", { genesIn: "rows" });
  assertEquals(rows.source.profiles.barcodes, ["a", "b", "a"]);
  assertEquals(rows.counts, [[1], [2], [3]]);
  const columns = await readTable("\ng,x\na,1\n\nb,1\na,2\n", {
    genesIn: "columns",
  });
  assertEquals(columns.source.profiles.barcodes, ["a", "b", "a"]);
  assertEquals(columns.counts, [[1], [1], [2]]);
});

Deno.test("ImportSource.blocks() of a table tells the progress", async () => {
  const rows = await readTable("a\nx,1\ny,1\n", { genesIn: "rows" });
  assertEquals(rows.progress, [2, 4, 4, 4]);
  const columns = await readTable("a\nx,1\ny,1\n", { genesIn: "columns" });
  assertEquals(columns.progress, [2, 2]);
});

Deno.test("ImportSource.blocks() of a table stops when told", async () => {
  await withTempFolder(async (scratch) => {
    const path = `${scratch}/table.csv`;
    Deno.writeTextFileSync(path, "a\nx,1\n");
    for (const genesIn of ["rows", "columns"] as const) {
      const source = await DENSE_TABLE.open(path, { genesIn });
      const signal = AbortSignal.abort();
      const blocks = source.blocks({ scratch, signal });
      await assertRejects(
        () => Array.fromAsync(blocks),
        DOMException,
        "aborted",
      );
    }
    assertEquals([...Deno.readDirSync(scratch)].length, 1);
  });
});

Deno.test("ImportSource.blocks() of a table notices a change", async () => {
  await withTempFolder(async (scratch) => {
    const path = `${scratch}/table.csv`;
    for (
      const changed of ["a\nx,1\n", "a\nx,1\ny,1\nz,1\n", "a\n\nx,1\ny,1\n"]
    ) {
      Deno.writeTextFileSync(path, "a\nx,1\ny,1\n");
      const source = await DENSE_TABLE.open(path, { genesIn: "rows" });
      Deno.writeTextFileSync(path, changed);
      const error = await assertRejects(() => readCounts(source, scratch));
      assertStringIncludes(`${error}`, "it changed while it was read");
    }
  });
});

Deno.test("DENSE_TABLE.probe() knows tables by their names", async () => {
  await withTempFolder(async (folder) => {
    const probe = async (name: string) => {
      Deno.writeTextFileSync(`${folder}/${name}`, "");
      return await DENSE_TABLE.probe(`${folder}/${name}`);
    };
    for (const name of ["a.csv", "a.TSV.gz", "genes.csv", "my_counts.txt"]) {
      assert(await probe(name), name);
    }
    const others = ["a.h5ad", "genes.tsv", "GSM1_barcodes.tsv.gz", "csv"];
    for (const name of others) assertFalse(await probe(name), name);
    Deno.mkdirSync(`${folder}/folder.csv`);
    assertFalse(await DENSE_TABLE.probe(`${folder}/folder.csv`));
  });
});

/** Names with all that can stand in a name, and quotes. */
const name = fc.string({
  unit: fc.constantFrom("a", "B", "7", " ", ",", ";", "\t", '"', "é", "🧬"),
  minLength: 1,
  maxLength: 5,
}).map((text) => `n${text}`);

const count = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: fc.nat(300) },
  { weight: 1, arbitrary: fc.nat(2 ** 31 - 1).map((half) => 2 * half + 1) },
);

/** How a number can stand in a table. */
const notation = fc.constantFrom<(count: number) => string>(
  (count) => `${count}`,
  (count) => `${count}`,
  (count) => `${count}.0`,
  (count) => `${count}.000`,
  (count) => `"${count}"`,
  (count) => ` ${count}`,
  (count) => count.toExponential(),
  (count) => `00${count}`,
);

const table = fc.record({
  rows: fc.uniqueArray(name, { minLength: 1, maxLength: 6 }),
  columns: fc.uniqueArray(name, { minLength: 1, maxLength: 6 }),
}).chain(({ rows, columns }) =>
  fc.record({
    rows: fc.constant(rows),
    columns: fc.constant(columns),
    matrix: fc.array(
      fc.array(count, { minLength: columns.length, maxLength: columns.length }),
      { minLength: rows.length, maxLength: rows.length },
    ),
    notations: fc.array(notation, { minLength: 1, maxLength: 5 }),
    genesIn: fc.constantFrom<("rows" | "columns")[]>("rows", "columns"),
    separator: fc.constantFrom(",", "\t", ";", "|"),
    corner: fc.constantFrom("", '""', "gene", undefined),
    isQuoted: fc.boolean(),
    lineEnd: fc.constantFrom("\n", "\r\n", "\n\n", "\r\n\r\n"),
    hasLastEnd: fc.boolean(),
    start: fc.constantFrom("", "\ufeff", "\n", "\ufeff\r\n"),
    isGzip: fc.boolean(),
    bucketEntries: fc.constantFrom(undefined, 1, 3),
  })
);

type Table = typeof table extends fc.Arbitrary<infer T> ? T : never;

Deno.test("ImportSource.blocks() equals dense arithmetic in every layout", async () => {
  await fc.assert(
    fc.asyncProperty(table, async (table) => {
      const { columns, genesIn, matrix, rows, separator } = table;
      const text = new TextEncoder().encode(writeTable(table));
      const { source, counts } = await readTable(
        table.isGzip ? new Uint8Array(gzipSync(text)) : text,
        {
          genesIn,
          separator,
          ...table.bucketEntries && { bucketEntries: table.bucketEntries },
        },
      );
      const isRows = genesIn === "rows";
      assertEquals(source.genes.names, isRows ? rows : columns);
      assertEquals(source.profiles.barcodes, isRows ? columns : rows);
      assertEquals(counts, isRows ? transpose(matrix) : matrix);
    }),
    { numRuns: 150 },
  );
});

function writeTable(table: Table): string {
  const { columns, corner, lineEnd, matrix, notations, separator } = table;
  const quote = (text: string) =>
    table.isQuoted || text.includes(separator)
      ? `"${text.replaceAll('"', '""')}"`
      : text;
  const names = (texts: readonly string[]) => texts.map(quote);
  const header = [...corner === undefined ? [] : [corner], ...names(columns)];
  const rows = matrix.map((counts, row) => [
    quote(table.rows[row]!),
    ...counts.map((count, at) =>
      notations[(row + at) % notations.length]!(count)
    ),
  ]);
  const lines = [header, ...rows].map((fields) => fields.join(separator));
  const end = table.hasLastEnd ? lineEnd : "";
  return table.start + lines.join(lineEnd) + end;
}
