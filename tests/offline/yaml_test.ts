import { assertEquals, assertThrows } from "@std/assert";
import { parse, stringify, YamlSyntaxError } from "@std/yaml";

/** Each must hold for the real package too: no case is the stand-in's own. */
const SCALARS: readonly [string, unknown][] = [
  ["2026-01-02", "2026-01-02"],
  ["1:30", "1:30"],
  ["yes", "yes"],
  ["True", true],
  ["~", null],
  ["12", 12],
  ["0x1F", 31],
  ["1.5e3", 1500],
  ["'12'", "12"],
];

for (const [text, value] of SCALARS) {
  Deno.test(`parse() reads ${text} in the core schema`, () => {
    assertEquals(parse(`key: ${text}\n`, { schema: "core" }), { key: value });
  });
}

Deno.test("parse() gives null for an empty document", () => {
  assertEquals(parse("", { schema: "core" }), null);
});

Deno.test("parse() says where the text is wrong", () => {
  const error = assertThrows(
    () => parse("a: 1\nb: [\n", { schema: "core" }),
    YamlSyntaxError,
    "at line 3, column 1",
  );
  assertEquals([error.line, error.column, error.name], [
    3,
    1,
    "YamlSyntaxError",
  ]);
});

Deno.test("parse() refuses a key that is there twice", () => {
  assertThrows(() => parse("a: 1\na: 2\n", { schema: "core" }), SyntaxError);
});

Deno.test("stringify() quotes what would be read as something else", () => {
  const value = { a: "1", b: "true", c: [1, "x: y"], d: { e: "no" } };
  const text = stringify(value, { schema: "core" });
  assertEquals(
    text,
    "a: '1'\nb: 'true'\nc:\n  - 1\n  - 'x: y'\nd:\n  e: 'no'\n",
  );
  assertEquals(parse(text, { schema: "core" }), value);
});

Deno.test("stringify() refuses undefined", () => {
  assertThrows(() => stringify({ a: undefined }), TypeError);
});
