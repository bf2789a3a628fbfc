import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import { DENSE_TABLE } from "../../../src/imports/tables/dense_table.ts";
import { importBatch } from "../../../src/imports/import_batch.ts";
import { withTempFolder } from "../../helpers.ts";
import { readCounts } from "./dense_table_helpers.ts";

interface Failure {
  readonly name: string;
  readonly text: string | Uint8Array;
  readonly why: string;
  readonly genesIn?: "rows" | "columns";
}

/** The tables have genes in rows where it is not said. */
const FAILURES: readonly Failure[] = [
  { name: "nothing", text: "", why: "it is empty" },
  { name: "blank lines", text: "\n\r\n\n", why: "it is empty" },
  {
    name: "a header alone",
    text: ",a,b\n",
    why: "it has no line but that of its header",
  },
  {
    name: "no separator",
    text: "\na\nx\n",
    why: "line 2: no comma, tab, semicolon, bar or blank separates its fields",
  },
  {
    name: "names alone",
    text: "a,b\nx\n",
    why: "line 2: it has a name and no counts",
  },
  {
    name: "a first row of another width",
    text: "a,b\nx,1,2,3\n",
    why: "line 2: it has 4 fields, and the header 2",
  },
  {
    name: "a short row",
    text: "a,b\nx,1,2\n\ny,1\n",
    why: "line 4: it has 2 fields, and the rows before it 3",
  },
  {
    name: "a row that ends in a separator",
    text: "a,b\nx,1,2\ny,1,\r\n",
    why: "line 3: column 3: the count is empty",
  },
  {
    name: "a first row that ends in a separator",
    text: "a,b\nx,1,\n",
    why: "line 2: column 3: the count is empty",
  },
  {
    name: "a row without the separator at its end",
    text: "g,a,b,\nx,1,2,\ny,1,2\n",
    why: "line 3: it has 3 fields, and the rows before it 4",
  },
  {
    name: "a row with more than the separator at its end",
    text: "g,a,b,\nx,1,2,\ny,1,2,3,\n",
    why: "line 3: it has 5 fields, and the rows before it 4",
  },
  {
    name: "a header like a comment that does not fit",
    text: "#g,a\nx,1,2,3\ny,1,2,3\n",
    why: "line 1: it is no header of line 2, which has another number of " +
      "fields",
  },
  {
    name: "a long row",
    text: "a,b\nx,1,2\ny,1,2,3\n",
    why: "line 3: it has 4 fields, and the rows before it 3",
  },
  {
    name: "a row with a name alone",
    text: "a,b\nx,1,2\ny\nz,1,2\n",
    why: "line 3: it has 1 field, and the rows before it 3",
  },
  {
    name: "a fraction",
    text: "g,a,b\nx,1,2\ny,1,2.5\n",
    why: "line 3: column 3: the count 2.5 is not a whole number, so these " +
      "are not raw counts",
  },
  {
    name: "a fraction after .0",
    text: "g,a,b\nx,1.01,2\n",
    why: "line 2: column 2: the count 1.01 is not a whole number, so these " +
      "are not raw counts",
  },
  {
    name: "a negative count",
    text: "g,a,b\nx,-1,2\n",
    why: "line 2: column 2: the count -1 is negative",
  },
  {
    name: "a count too large",
    text: "g,a,b\nx,1,4294967296\n",
    why: "line 2: column 3: the count 4294967296 is over 4294967295",
  },
  {
    name: "a missing count",
    text: "g,a,b\nx,,2\n",
    why: "line 2: column 2: the count is empty",
  },
  {
    name: "a quoted nothing",
    text: 'g,a,b\nx,1,""\n',
    why: "line 2: column 3: the count is empty",
  },
  {
    name: "text for a count",
    text: "g,a,b\nx,1,NA\n",
    why: 'line 2: column 3: the count "NA" is not a number',
  },
  {
    name: "text after a count",
    text: "g,a,b\nx,1 2,3\n",
    why: 'line 2: column 2: the count "1 2" is not a number',
  },
  {
    name: "a carriage return inside a row",
    text: "g,a,b\nx,1\r,2\n",
    why: 'line 2: column 2: the count "1\\r" is not a number',
  },
  {
    name: "a point alone",
    text: "g,a,b\nx,.,3\n",
    why: 'line 2: column 2: the count "." is not a number',
  },
  {
    name: "an open quote of a count",
    text: 'g,a,b\nx,1,"2\n3\n',
    why: "line 2: column 3: a quote is not closed on its line",
  },
  {
    name: "text after a quoted count",
    text: 'g,a,b\nx,"1"2,3\n',
    why: "line 2: column 2: text follows a closing quote",
  },
  {
    name: "an open quote of a name",
    text: 'g,a\nx,1\n"y\nz,1\n',
    why: "line 3: column 1: a quote is not closed on its line",
  },
  {
    name: "an open quote in the header",
    text: 'g,a,"b\nx,1,2\n',
    why: "line 1: column 3: a quote is not closed on its line",
  },
  {
    name: "text after a quoted name",
    text: 'g,a\n"x"y,1\n',
    why: "line 2: column 1: text follows a closing quote",
  },
  {
    name: "no names of cells in rows",
    text: "g,x\n1,1\n\n2,1\n1,2\n",
    genesIn: "columns",
    why: 'line 5: column 1: the cell "1" is there already, in line 2; all ' +
      "these are numbers: the table needs names of rows and columns",
  },
  {
    name: "no header",
    text: "x,1,0,0\ny,2,0,0\n",
    why: 'line 1: column 4: the cell "0" is there already, in column 3; all ' +
      "these are numbers: the table needs names of rows and columns",
  },
  {
    name: "no names of genes",
    text: "a,b\n1,0\n0,3\n1,4\n",
    why: 'line 4: column 1: the gene "1" is there already, in line 2; all ' +
      "these are numbers: the table needs names of rows and columns",
  },
  {
    name: "a cell without a name",
    text: "g,a,\nx,1,2\n",
    why: "line 1: column 3: the name of the cell is empty",
  },
  {
    name: "a gene without a name",
    text: "g,a\nx,1\n,2\n",
    why: "line 3: column 1: the name of the gene is empty",
  },
  {
    name: "bytes that are no text",
    text: Uint8Array.of(44, 97, 10, 120, 255, 44, 49, 10),
    why: "line 2: column 1: it is not UTF-8 text",
  },
  {
    name: "UTF-16",
    text: Uint8Array.of(255, 254, 97, 0, 44, 0, 10, 0),
    why: "it is UTF-16 text: save it as UTF-8",
  },
];

Deno.test("DENSE_TABLE says in one line what is wrong with a table", async (step) => {
  for (const { name, text, why, genesIn = "rows" } of FAILURES) {
    await step.step(name, () =>
      withTempFolder(async (folder) => {
        const path = `${folder}/table.csv`;
        const bytes = typeof text === "string"
          ? new TextEncoder().encode(text)
          : text;
        Deno.writeFileSync(path, bytes);
        const error = await assertRejects(async () => {
          const source = await DENSE_TABLE.open(path, { genesIn });
          await readCounts(source, folder);
        });
        assertInstanceOf(error, SyntaxError);
        assertEquals(error.message, `Cannot import ${path}: ${why}`);
      }));
  }
});

Deno.test("DENSE_TABLE.open() asks where the genes are", async () => {
  await withTempFolder(async (folder) => {
    const path = `${folder}/table.csv`;
    Deno.writeTextFileSync(path, "g,a,b\nx,1,2\n");
    await assertRejects(
      () => DENSE_TABLE.open(path, {}),
      Error,
      `Cannot import ${path}: its names do not tell whether its genes are in ` +
        "rows or in columns: `genesIn` rows or `genesIn` columns does",
    );
  });
});

Deno.test("DENSE_TABLE.open() refuses what can't separate fields", async () => {
  for (const separator of ["", "0", ",,", '"', "é", "\n", "-", "."]) {
    await assertRejects(
      () => DENSE_TABLE.open("table.csv", { separator }),
      TypeError,
      `Cannot separate fields by ${JSON.stringify(separator)}: `,
    );
  }
});

Deno.test("DENSE_TABLE.open() notices a gzip file that is cut off", async () => {
  await withTempFolder(async (folder) => {
    const path = `${folder}/table.csv.gz`;
    const whole = gzipSync("a,b\n" + "x,1,2\n".repeat(1000));
    Deno.writeFileSync(path, whole.subarray(0, whole.length - 12));
    await assertRejects(
      () => DENSE_TABLE.open(path, { genesIn: "rows" }),
      Error,
      `Cannot read ${path}: the file is cut off`,
    );
  });
});

Deno.test("importBatch() leaves nothing of a table that is wrong", async () => {
  await withTempFolder(async (folder) => {
    for (const genesIn of ["rows", "columns"] as const) {
      Deno.writeTextFileSync(`${folder}/table.csv`, "g,a,b\nx,1,2\ny,1,z\n");
      await assertRejects(
        () =>
          importBatch(`${folder}/table.csv`, `${folder}/batch`, { genesIn }),
        SyntaxError,
        "line 3: column 3",
      );
      const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
      assertEquals(names, ["table.csv"]);
    }
  });
});
