import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseWhere } from "../../../src/profiles/where/parse.ts";
import { tokenize } from "../../../src/profiles/where/tokens.ts";

Deno.test("tokenize() tells names, numbers, texts, words and signs apart", () => {
  const tokens = tokenize(`p.n>=-1.5e2 and g."a b" in["x\\"\\d",'y'] .5`);
  const shown = tokens.map((token) =>
    token.kind === "name"
      ? `${token.axis}:${token.name}`
      : "value" in token
      ? token.value
      : token.text
  );
  assertEquals(shown, [
    "p:n",
    ">=",
    -150,
    "and",
    "g:a b",
    "in",
    "[",
    'x"\\d',
    ",",
    "y",
    "]",
    0.5,
    "",
  ]);
  assertEquals(tokens.map(({ position }) => position).slice(0, 4), [
    0,
    3,
    5,
    12,
  ]);
});

Deno.test("tokenize() keeps integers exact", () => {
  const [token] = tokenize("9007199254740993");
  assert(token?.kind === "number");
  assertEquals(token.value, 9007199254740993n);
});

/** The shape of an expression, without places. */
function shape(expression: string): string {
  return JSON.stringify(
    parseWhere(expression),
    (key, value) => key === "position" ? undefined : value,
  );
}

Deno.test("parseWhere() binds not, and, or in this order", () => {
  for (
    const [loose, strict] of [
      ["p.a or p.b and p.c", "p.a or (p.b and p.c)"],
      ["not p.a and p.b", "(not p.a) and p.b"],
      ["not p.a == 1 or p.b", "(not (p.a == 1)) or p.b"],
      ["p.a and p.b or p.c and p.d", "((p.a and p.b) or (p.c and p.d))"],
      ["not not p.a", "not (not (p.a))"],
    ] as const
  ) assertEquals(shape(loose), shape(strict), loose);
  assert(shape("p.a or p.b and p.c") !== shape("(p.a or p.b) and p.c"));
  assert(shape("not p.a and p.b") !== shape("not (p.a and p.b)"));
});

Deno.test("parseWhere() says where an expression is wrong", () => {
  for (
    const [expression, at, why] of [
      ["", 1, "expected p.NAME, g.NAME or a value, found the end"],
      ["p.n >", 6, "expected p.NAME, g.NAME or a value, found the end"],
      ["p.n > 1 p.m", 9, "expected and, or or the end, found p.m"],
      ["(p.n > 1", 9, "expected and, or or ), found the end"],
      ["p.n = 1", 5, "= has no meaning here; equal is =="],
      ["p.a && p.b", 5, "& has no meaning here; and is and"],
      ["!p.a", 1, "! has no meaning here; not is not, and unequal !="],
      ["p.a AND p.b", 5, "AND is written and"],
      ["type == 1", 1, "type is no word of an expression"],
      ["p. == 1", 3, "the name of data is missing"],
      ['p."" == 1', 3, "the name of data is missing"],
      ['p.a == "x', 8, "the quote is not closed"],
      ["p.a == 12ab", 8, "12ab is no number"],
      ["1 < p.n < 3", 9, "comparisons do not chain; join two by and"],
      ["1 < 2", 3, "neither side is the name of data"],
      ["true", 5, "expected a comparison, found the end"],
      ["3 in [1]", 1, "the name of data is missing, p. or g."],
      ["p.a in 1", 8, "expected [, found 1"],
      ["p.a in []", 9, "expected p.NAME, g.NAME or a value, found ]"],
      ["p.a in [1 2]", 11, "expected , or ], found 2"],
      ["p.a in [p.b]", 9, "a list has values alone"],
      ["p.a not 1", 9, "expected in or matches, found 1"],
      ["p.a is not", 11, "expected missing, found the end"],
      ["p.a matches 1", 13, "expected a regular expression in quotes"],
      ['p.a matches "("', 13, "invalid regular expression"],
      [`${"(".repeat(5000)}p.a`, 201, "it is nested too deep"],
      [`${"not ".repeat(5000)}p.a`, 801, "it is nested too deep"],
    ] as const
  ) {
    const error = assertThrows(() => parseWhere(expression), SyntaxError);
    const { message } = error;
    assert(message.startsWith("Cannot parse "), message);
    assert(message.includes(`: at character ${at}: ${why}`), message);
    assert(!/[\n^]/.test(message) && message.length < 250, message);
  }
});
