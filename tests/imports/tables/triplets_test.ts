import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import fc from "fast-check";
import { gzipSync } from "node:zlib";
import { DENSE_TABLE } from "../../../src/imports/tables/dense_table.ts";
import { importBatch } from "../../../src/imports/import_batch.ts";
import type {
  ImportSource,
  SourceOptions,
} from "../../../src/imports/importer.ts";
import { findImporter } from "../../../src/imports/registry.ts";
import { TRIPLETS } from "../../../src/imports/tables/triplets.ts";
import { withTempFolder } from "../../helpers.ts";
import { readCounts } from "./dense_table_helpers.ts";
import { readBatch } from "../tenx_folder.ts";

interface ReadTriplets {
  readonly source: ImportSource;
  /** What is not zero, by cell and gene. */
  readonly counts: Readonly<Record<string, number>>;
}

function readTriplets(
  text: string,
  options: SourceOptions = {},
): Promise<ReadTriplets> {
  return withTempFolder(async (folder) => {
    const path = `${folder}/long.csv`;
    Deno.writeTextFileSync(path, text);
    const source = await TRIPLETS.open(path, options);
    const matrix = await readCounts(source, folder);
    return { source, counts: named(source, matrix) };
  });
}

function named(
  source: ImportSource,
  matrix: readonly (readonly number[])[],
): Record<string, number> {
  const { barcodes = [] } = source.profiles;
  const entries = matrix.flatMap((row, cell) =>
    row.map((count, gene) =>
      [`${barcodes[cell]} ${source.genes.names[gene]}`, count] as const
    )
  );
  return Object.fromEntries(entries.filter(([, count]) => count > 0));
}

Deno.test("TRIPLETS.open() reads what umi_tools count writes", async () => {
  const { source, counts } = await readTriplets(
    "gene\tcell\tcount\nENSG00000000003\tAAC\t2\nENSG00000000003\tGGT\t1\n" +
      "ENSG00000000005\tAAC\t300\n",
  );
  assertEquals(source.format, "table of triplets");
  assertEquals(source.genes.ids, ["ENSG00000000003", "ENSG00000000005"]);
  assertEquals(source.profiles.barcodes, ["AAC", "GGT"]);
  assertEquals(counts, {
    "AAC ENSG00000000003": 2,
    "GGT ENSG00000000003": 1,
    "AAC ENSG00000000005": 300,
  });
  assertEquals(source.notes, [
    'It is read as triplets: genes are in "gene", cells in "cell", counts in ' +
    '"count"',
  ]);
});

const SAME: Readonly<Record<string, readonly [string, SourceOptions?]>> = {
  "another order": ["UMIs,Gene_Name,Cell Barcode\n1,A,x\n2,B,x\n4,A,y\n"],
  "other columns": [
    "strand,gene,cell,reads,umi\n+,A,x,9,1\n-,B,x,9,2\n+,A,y,9,4\n",
  ],
  "what R writes": [
    '"","gene","cell","n"\n"1","A","x",1\n"2","B","x",2\n"3","A","y",4\n',
  ],
  "what R writes with blanks": [
    '"gene" "cell" "n"\n"1" "A" "x" 1\n"2" "B" "x" 2\n"3" "A" "y" 4\n',
  ],
  "a mark, line ends of Windows, blank lines": [
    "\ufeffgene;cell;count\r\n\r\nA;x;1\r\nB;x;2.0\r\n\r\nA;y;4e0",
  ],
  "comments": ["# made by us\n#\ngene|cell|count\nA|x|1\nB|x|2\nA|y|4\n"],
  "a header with a hash": ["#gene,cell,count\nA,x,1\nB,x,2\nA,y,4\n"],
  "names of columns that were named": [
    "a,b,c,d\nx,7,A,1\nx,7,B,2\ny,8,A,4\n",
    { columns: ["c", "a", "d"] },
  ],
  "numbers of columns": [
    "1,x,A\n2,x,B\n4,y,A\n",
    { columns: ["3", "2", "1"] },
  ],
  "numbers of columns behind a header": [
    "k,l,m\n1,x,A\n2,x,B\n4,y,A\n",
    { columns: ["3", "2", "1"] },
  ],
  "zeros and repeats": ["gene,cell,n\nA,x,0\nB,x,2\nA,y,3\nA,x,1\nA,y,1\n"],
  "a separator that was named": [
    "gene,a!cell!count\nA!x!1\nB!x!2\nA!y!4\n",
    { separator: "!", columns: ["gene,a", "cell", "count"] },
  ],
};

Deno.test("TRIPLETS.open() finds the columns", async (step) => {
  for (const [name, [text, options]] of Object.entries(SAME)) {
    await step.step(name, async () => {
      const { counts } = await readTriplets(text, options);
      assertEquals(counts, { "x A": 1, "x B": 2, "y A": 4 });
    });
  }
});

Deno.test("TRIPLETS.open() tells genes from cells by their names", async () => {
  for (const header of ["", "a,b,c\n"]) {
    const { source, counts } = await readTriplets(
      `${header}AAACCTGAGCATCATC-1,1,CD3D\nAAACCTGAGCATCATG-1,3,LYZ\n`,
    );
    assertEquals(source.genes.names, ["CD3D", "LYZ"]);
    assertEquals(counts, {
      "AAACCTGAGCATCATC-1 CD3D": 1,
      "AAACCTGAGCATCATG-1 LYZ": 3,
    });
    assertStringIncludes(
      source.notes[0]!,
      header === ""
        ? "genes are in column 3, cells in column 1, counts in column 2"
        : 'genes are in "c", cells in "a", counts in "b"',
    );
  }
});

Deno.test("TRIPLETS.open() takes integers for names", async () => {
  const { source, counts } = await readTriplets("gene,cell,n\n2,1,5\n1,2,6\n");
  assertEquals(source.genes.names, ["2", "1"]);
  assertEquals(counts, { "1 2": 5, "2 1": 6 });
});

Deno.test("TRIPLETS.open() reads any name in quotes", async () => {
  const { source, counts } = await readTriplets(
    'gene,cell,n\n"a ""b"", c","é",1\n"a ""b"", c",é,"2"\n"""",🧬,3\n',
  );
  assertEquals(source.genes.names, ['a "b", c', '"']);
  assertEquals(counts, { 'é a "b", c': 3, '🧬 "': 3 });
});

/** Tables, and what is wrong with them. */
const FAILURES: readonly (readonly [string, string, SourceOptions?])[] = [
  ["", "it is empty"],
  ["gene,cell,n\n", "it has no line but that of its header"],
  [
    "gene,cell,n\nA,x,1,7\n",
    "line 1: it has 3 fields, and the line after it 4",
  ],
  ["gene,cell\nA,x\n", "line 1: no comma, tab, semicolon, bar or blank"],
  [
    "gene,cell,n\nA,x,1\nB,y\n",
    "line 1: no comma, tab, semicolon, bar or blank",
  ],
  [
    "gene,cell,n\nA,x,1\nB,y\n",
    "line 3: it has 2 fields, and the line before it 3",
    { separator: "comma" },
  ],
  [
    "k,l,m\nA,x,1\nB,y,2\n",
    'line 1: the header "k l m" does not tell which column has genes and ' +
    "which cells: `columns` names them: gene, cell, count, or their " +
    "numbers from 1",
  ],
  [
    "A,x,1\nB,y,2\n",
    "line 1: it has no header, and its names do not tell which column has",
  ],
  [
    "a,b,c,d\nA,x,1,2\n",
    "line 1: it is not clear which columns are genes, cells and counts: ",
  ],
  [
    "gene,feature,cell,n\nA,B,x,1\n",
    'line 1: the columns "gene" and "feature" may both be that of the gene: ',
  ],
  [
    "a,b,c\nA,x,1\n",
    'line 1: it has no column "d"; there are "a", "b", "c"',
    { columns: ["a", "b", "d"] },
  ],
  [
    "a,b,c\nA,x,1\n",
    'line 1: it has no column "4"; there are "a", "b", "c"',
    { columns: ["1", "2", "4"] },
  ],
  [
    "a,b,c\nA,x,1\n",
    "line 1: a column is named twice",
    { columns: ["1", "a", "3"] },
  ],
  [
    "a,b,c\nA,x,1\n",
    "line 1: 2 columns are named, and a triplet has three: gene, cell, count",
    { columns: ["1", "2"] },
  ],
  [
    "gene,cell,n\n\nA,x,1.5\n",
    "line 3: column 3: the count 1.5 is not a whole number",
  ],
  ["gene,cell,n\nA,x,-1\n", "line 2: column 3: the count -1 is negative"],
  [
    "n,gene,cell\nNA,A,x\n",
    'line 2: column 1: the count "NA" is not a number',
  ],
  ["n,gene,cell\n,A,x\n", "line 2: column 1: the count is empty"],
  ["gene,cell,n\n,x,1\n", "line 2: column 1: the name of the gene is empty"],
  [
    'gene,cell,n\nA,"",1\n',
    "line 2: column 2: the name of the cell is empty",
  ],
  [
    `gene,cell,n\n${"A,x,1\n".repeat(70)}A,x\n`,
    "line 72: it has 2 fields, and the lines before it 3",
  ],
  [
    `gene,cell,n\n${"A,x,1\n".repeat(70)}A,x,1,\n`,
    "line 72: it has 4 fields, and the lines before it 3",
  ],
  [
    `gene,cell,n\n${"A,x,1\n".repeat(70)}A,"x,1\n`,
    "line 72: column 2: a quote is not closed on its line",
  ],
  [
    `gene,cell,n\n${"A,x,1\n".repeat(70)}"A"b,x,1\n`,
    "line 72: column 1: text follows a closing quote",
  ],
];

Deno.test("TRIPLETS.open() says in one line what is wrong", async () => {
  for (const [text, why, options] of FAILURES) {
    const error = await assertRejects(() => readTriplets(text, options), text);
    assertInstanceOf(error, SyntaxError);
    const start = /^Cannot import \S+\/long\.csv: /;
    assertEquals(
      error.message.replace(start, "").slice(0, why.length),
      why,
      error.message,
    );
    assertFalse(error.message.includes("\n"));
  }
});

Deno.test("TRIPLETS.open() refuses bytes that are no text", async () => {
  await withTempFolder(async (folder) => {
    const path = `${folder}/a.csv`;
    const lines = new TextEncoder().encode(
      `gene,cell,n\n${"A,x,1\n".repeat(70)}?,x,1\n`,
    );
    lines[lines.indexOf("?".charCodeAt(0))] = 255;
    Deno.writeFileSync(path, lines);
    const error = await assertRejects(() => TRIPLETS.open(path, {}));
    assertStringIncludes(`${error}`, "line 72: column 1: it is not UTF-8 text");
    Deno.writeFileSync(path, Uint8Array.of(255, 254, 97, 0, 10, 0));
    const wide = await assertRejects(() => TRIPLETS.open(path, {}));
    assertStringIncludes(`${wide}`, "it is UTF-16 text");
  });
});

Deno.test("ImportSource.blocks() of triplets notices a change", async () => {
  await withTempFolder(async (folder) => {
    const path = `${folder}/a.csv`;
    const header = "gene,cell,n\n";
    for (const cells of ["A,x,1\nB,x,1\nA,y,1\n", "A,x,1\nA,y,1\nB,x,1\n"]) {
      for (
        const change of ["A,x,1\n", `${cells}A,y,1\n`, "A,x,1\nC,x,1\nA,y,1\n"]
      ) {
        Deno.writeTextFileSync(path, header + cells);
        const source = await TRIPLETS.open(path, {});
        Deno.writeTextFileSync(path, header + change);
        const error = await assertRejects(() => readCounts(source, folder));
        assertStringIncludes(`${error}`, "changed while it was read");
      }
    }
  });
});

Deno.test("findImporter() tells triplets from dense tables", async () => {
  await withTempFolder(async (folder) => {
    const find = async (text: string) => {
      Deno.writeTextFileSync(`${folder}/a.csv`, text);
      return (await findImporter(`${folder}/a.csv`)).name;
    };
    for (const text of ["gene,cell,count\nA,x,1\n", "k,l,m\nA,x,1\nA,y,1\n"]) {
      assertEquals(await find(text), TRIPLETS.name, text);
    }
    const dense = [
      "",
      "gene,x,y\nA,1,2\nB,0,0\n",
      "x,y\nA,1,2\n",
      "gene,x,y\nA,NA,2\nB,1,1\n",
      "gene,x\nA,1\n",
      "gene,x,y,z\nA,1,2,3\n",
      "gene,cell,a,b\nA,1,2,3\n",
    ];
    for (const text of dense) {
      assertEquals(await find(text), DENSE_TABLE.name, text);
    }
    Deno.writeFileSync(
      `${folder}/b.tsv.gz`,
      gzipSync("cell\tgene\tcount\nA\tx\t1\n"),
    );
    assert(await TRIPLETS.probe(`${folder}/b.tsv.gz`));
    assertFalse(await TRIPLETS.probe(`${folder}/none.csv`));
  });
});

Deno.test("importBatch() drops zeros of triplets, and adds repeats up", async () => {
  await withTempFolder(async (folder) => {
    const path = `${folder}/a.tsv`;
    Deno.writeTextFileSync(
      path,
      "gene\tcell\tcount\nA\tx\t0\nB\ty\t2\nA\tx\t1\nB\ty\t70000\nC\tz\t0\n",
    );
    const summary = await importBatch(path, `${folder}/cells`);
    assertEquals(summary.zerosCount, 2);
    assertEquals(summary.repeatsCount, 1);
    const { counts, genes, profiles } = await readBatch(`${folder}/cells`);
    assertEquals(genes, ["A", "B", "C"]);
    assertEquals(profiles, ["x", "y", "z"]);
    assertEquals(counts, [[1, 0, 0], [0, 70002, 0], [0, 0, 0]]);
  });
});

const TABLES = fc.record({
  entries: fc.array(
    fc.record({
      gene: fc.constantFrom("A", "b", 'c"', "d,e", "é", "GG", "G", "g;h i"),
      cell: fc.constantFrom("1", "2", "cc", "c", "d\td", "ü"),
      count: fc.oneof(fc.nat(3), fc.nat(70000)),
    }),
    { minLength: 1, maxLength: 40 },
  ),
  isSorted: fc.boolean(),
  separator: fc.constantFrom(",", "\t", ";", "|", " "),
  order: fc.constantFrom([0, 1, 2], [2, 1, 0], [1, 2, 0]),
  isPacked: fc.boolean(),
  bucketEntries: fc.integer({ min: 1, max: 9 }),
});

Deno.test("ImportSource.blocks() of triplets equals sums in any order", async () => {
  await fc.assert(
    fc.asyncProperty(TABLES, async (table) => {
      const { bucketEntries, order, separator } = table;
      const entries = table.isSorted
        ? table.entries.toSorted((one, two) => one.cell < two.cell ? -1 : 1)
        : table.entries;
      const quote = (text: string) =>
        /["\t,;| ]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
      const lines = [
        ["gene", "cell", "count"],
        ...entries.map(({ gene, cell, count }) => [
          quote(gene),
          quote(cell),
          `${count}`,
        ]),
      ].map((fields) => order.map((at) => fields[at]!).join(separator));
      const expected = new Map<string, number>();
      for (const { gene, cell, count } of entries) {
        const key = `${cell} ${gene}`;
        expected.set(key, (expected.get(key) ?? 0) + count);
      }
      await withTempFolder(async (folder) => {
        const path = `${folder}/a.csv`;
        const text = lines.join("\n");
        const bytes = new TextEncoder().encode(text);
        Deno.writeFileSync(
          path,
          table.isPacked ? new Uint8Array(gzipSync(bytes)) : bytes,
        );
        assertEquals((await findImporter(path)).name, "triplets", text);
        const source = await TRIPLETS.open(path, { bucketEntries });
        const counts = named(source, await readCounts(source, folder));
        const nonzero = [...expected].filter(([, count]) => count > 0);
        assertEquals(counts, Object.fromEntries(nonzero));
      });
    }),
    { numRuns: 100 },
  );
});
