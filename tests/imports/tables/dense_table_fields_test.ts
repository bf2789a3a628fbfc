import { assertEquals, assertStrictEquals } from "@std/assert";
import {
  countFields,
  fieldEnd,
  findSeparator,
  NameReader,
} from "../../../src/imports/tables/dense_table_fields.ts";

const COMMA = 44;

Deno.test("findSeparator() takes what a header has most of", () => {
  const cases: [string, string | undefined][] = [
    ["a,b", ","],
    ["a;b;c,d", ";"],
    ["a\tb", "\t"],
    ["a,b\tc", "\t"],
    ["a;b,c", ","],
    ['"a;b;c",d', ","],
    ['"a""b;c;";d,"e,f,"', ","],
    ["a b", undefined],
    ["", undefined],
  ];
  for (const [text, separator] of cases) {
    const bytes = encode(text);
    const code = findSeparator(bytes, 0, bytes.length);
    assertStrictEquals(code, separator?.charCodeAt(0), text);
  }
});

Deno.test("fieldEnd() stops where a field does", () => {
  const cases: [string, number][] = [
    ["ab,c", 2],
    ["ab", 2],
    [",c", 0],
    ["", 0],
    ['"a,b",c', 5],
    ['"a""b",c', 6],
    ['"a"b,c', 3],
    ['"a,b', -1],
    ['"a""', -1],
    ['a"b,c', 3],
  ];
  for (const [text, end] of cases) {
    const bytes = encode(text);
    assertStrictEquals(fieldEnd(bytes, 0, bytes.length, COMMA), end, text);
  }
});

Deno.test("countFields() counts those of a line", () => {
  const cases: [string, number][] = [
    ["", 1],
    ["a", 1],
    ["a,", 2],
    [',"b,c",', 3],
    ['a,"b,c', 2],
  ];
  for (const [text, count] of cases) {
    const bytes = encode(text);
    assertStrictEquals(countFields(bytes, 0, bytes.length, COMMA), count, text);
  }
});

Deno.test("NameReader.readAll() reads names in quotes and without", () => {
  const bytes = encode('x\n"a ""1""",,b"c,"d,e",é');
  const names = new NameReader("table", COMMA).readAll(
    bytes,
    2,
    bytes.length,
    2,
  );
  assertEquals(names, ['a "1"', "", 'b"c', "d,e", "é"]);
});

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
