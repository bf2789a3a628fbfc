import { assertEquals, assertThrows } from "@std/assert";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import {
  type DelimitedRecord,
  parseDelimited,
  readDelimited,
} from "../../src/io/delimited.ts";

const fieldsOf = (records: readonly DelimitedRecord[]) =>
  records.map(({ fields }) => [...fields]);

Deno.test("parseDelimited() gives records with their lines", () => {
  const text = '\ufeffa,b\r\n1,"x ""y""\nz"\r\n\r\n"",4';
  assertEquals(parseDelimited(text), [
    { line: 1, fields: ["a", "b"] },
    { line: 2, fields: ["1", 'x "y"\nz'] },
    { line: 5, fields: ["", "4"] },
  ]);
});

Deno.test("parseDelimited() finds the separator by the header", () => {
  for (
    const [text, expected] of [
      ["a\tb\n1,2\t3\n", [["a", "b"], ["1,2", "3"]]],
      ["a,b\n1\t2,3\n", [["a", "b"], ["1\t2", "3"]]],
      ['"a,b,c"\td\n1\t2\n', [["a,b,c", "d"], ["1", "2"]]],
      ['"a\t\n\t",d\n1,2\n', [["a\t\n\t", "d"], ["1", "2"]]],
      ["a\n1\n\n2\n", [["a"], ["1"], [""], ["2"]]],
      ["\n\na\tb\n1\t2", [["a", "b"], ["1", "2"]]],
      ['a,b\nit"s,5"\n', [["a", "b"], ['it"s', '5"']]],
      ["a,b\n1\r1,2\r\n", [["a", "b"], ["1\r1", "2"]]],
      ["a,b\n\n\n", [["a", "b"]]],
      ["", []],
      ["\n", []],
    ] as const
  ) {
    const found = fieldsOf(parseDelimited(text));
    assertEquals(found, expected.map((row) => [...row]), JSON.stringify(text));
  }
});

Deno.test("parseDelimited() takes the separator that it is given", () => {
  const records = parseDelimited("a\tb\tc,d\n", { separator: "," });
  assertEquals(fieldsOf(records), [["a\tb\tc", "d"]]);
});

Deno.test("parseDelimited() names the line of what is wrong", () => {
  for (
    const [text, message] of [
      ["a,b\n1\n", "t.csv: line 2: it has 1 value, and the header 2"],
      ['a,b\n"1\n2",3\n1,2,3', "line 4: it has 3 values, and the header 2"],
      ['a,b\n1,2\n"3\n\n', "t.csv: line 3: a quote is not closed"],
      ['a,b\n1,"2"x\n', "t.csv: line 2: text follows a closing quote"],
      ['a,b\n1,"2"\r"\n', "t.csv: line 2: text follows a closing quote"],
    ] as const
  ) {
    assertThrows(
      () => parseDelimited(text, { name: "t.csv" }),
      SyntaxError,
      message,
    );
  }
});

Deno.test("readDelimited() refuses what is not UTF-8, with its line", async () => {
  const bytes = new Uint8Array([97, 44, 98, 10, 49, 44, 50, 10, 0xff, 10]);
  let message = "";
  try {
    for await (const _ of readDelimited([bytes.slice(0, 8), bytes.slice(8)])) {
      // All records are asked for.
    }
  } catch (error) {
    message = (error as Error).message;
  }
  assertEquals(
    message,
    "Cannot parse table: line 3: what follows is not UTF-8 text",
  );
});

const value = fc.string({
  unit: fc.constantFrom("a", "1", ",", "\t", '"', "\n", "\r\n", " ", "é", "🧬"),
  maxLength: 6,
});
const table = fc.integer({ min: 2, max: 4 }).chain((width) =>
  fc.array(fc.array(value, { minLength: width, maxLength: width }), {
    minLength: 1,
    maxLength: 6,
  })
);

Deno.test("readDelimited() reads what csv-parse reads, cut anywhere", async () => {
  await fc.assert(fc.asyncProperty(
    table,
    fc.constantFrom(",", "\t"),
    fc.constantFrom("\n", "\r\n"),
    fc.integer({ min: 1, max: 7 }),
    async (rows, separator, newline, size) => {
      const text = rows.map((row) =>
        row.map((each) =>
          `"${each.replaceAll('"', '""')}"`
        ).join(separator)
      ).join(newline) + newline;
      const options = { separator: separator as "," | "\t" };
      const found: string[][] = [];
      for await (const batch of readDelimited(cut(text, size), options)) {
        found.push(...fieldsOf(batch));
      }
      const oracle = parse(text, {
        delimiter: separator,
        record_delimiter: newline,
        skip_empty_lines: true,
      });
      assertEquals(found, oracle as unknown as string[][]);
      assertEquals(found, rows);
    },
  ));
});

Deno.test("parseDelimited() reads plain values as csv-parse does", () => {
  const plain = fc.string({
    unit: fc.constantFrom("a", "1", ".", " ", "-", "é"),
    minLength: 1,
    maxLength: 4,
  });
  const rows = fc.array(fc.array(plain, { minLength: 3, maxLength: 3 }), {
    minLength: 1,
  });
  fc.assert(fc.property(rows, (table) => {
    const text = table.map((row) => row.join(",")).join("\n");
    const oracle = parse(text) as unknown as string[][];
    assertEquals(fieldsOf(parseDelimited(text)), oracle);
  }));
});

Deno.test("parseDelimited() takes a header that lacks a name where told", () => {
  const table = '"n"\n"a",1\n"b",2\n';
  const found = parseDelimited(table, { isShortHeaderFine: true });
  assertEquals(fieldsOf(found), [["n"], ["a", "1"], ["b", "2"]]);
  const wrong = ['"n"\n"a",1,2\n', '"n"\n"a"\n"b",2\n', "n,m\na,1\na,1,2\n"];
  for (const text of wrong) {
    assertThrows(
      () => parseDelimited(text, { isShortHeaderFine: true }),
      SyntaxError,
    );
  }
  assertThrows(() => parseDelimited(table), SyntaxError);
});

function* cut(text: string, size: number): Generator<Uint8Array, void> {
  const bytes = new TextEncoder().encode(text);
  for (let start = 0; start < bytes.length; start += size) {
    yield bytes.slice(start, start + size);
  }
}
