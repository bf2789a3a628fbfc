import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { decodeText, encodeText } from "../../src/arrays/text_arrays.ts";

const encoder = new TextEncoder();

/** Texts with all that is special, far more often than by chance. */
const texts = fc.string({
  unit: fc.oneof(
    fc.constantFrom("\n", "\r", "\\", "n", "r", "\ufeff", "\0", "\u2028"),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  ),
});

Deno.test("decodeText() is the inverse of encodeText()", () => {
  fc.assert(fc.property(fc.array(texts), (values) => {
    assertEquals(decodeText(encodeText(values)), values);
  }));
});

Deno.test("decodeText() reads or refuses any bytes, and one file only for the same texts", () => {
  const bytes = fc.uint8Array().chain((bytes) =>
    fc.constantFrom(bytes, Uint8Array.from([...bytes, 0x0a]))
  );
  const escapes = fc.array(fc.constantFrom(0x5c, 0x6e, 0x72, 0x0a, 0x41))
    .map((codes) => Uint8Array.from([...codes, 0x0a]));
  let read = 0;
  fc.assert(
    fc.property(fc.oneof(bytes, escapes), (bytes) => {
      try {
        assertEquals(encodeText(decodeText(bytes)), bytes);
        read++;
      } catch (error) {
        assert(error instanceof SyntaxError, `${error}`);
      }
    }),
    { numRuns: 1000 },
  );
  assert(read > 50, "next to nothing was read");
});

Deno.test("encodeText() writes a line a text", () => {
  const lines = (values: string[]) =>
    new TextDecoder().decode(encodeText(values));
  assertEquals(lines([]), "");
  assertEquals(lines([""]), "\n");
  assertEquals(lines(["a", "", "b c"]), "a\n\nb c\n");
  assertEquals(lines(["\n\r\\", "\\n"]), "\\n\\r\\\\\n\\\\n\n");
  assertEquals(lines(["é\u{1f9ec}\ufeff"]), "é\u{1f9ec}\ufeff\n");
});

Deno.test("encodeText() takes any iterable", () => {
  assertEquals(encodeText(new Set(["a", "b"])), encodeText(["a", "b"]));
});

Deno.test("encodeText() refuses halves of surrogate pairs", () => {
  for (const value of ["\ud800", "a\udc00", "\udc00\ud800"]) {
    assertThrows(
      () => encodeText(["fine", value]),
      TypeError,
      "Cannot encode the text at 1: it has half of a surrogate pair",
    );
  }
  // Side by side they would make a pair, but each is a text of its own.
  assertThrows(() => encodeText(["\ud83e", "\uddec"]), TypeError, "text at 0");
});

Deno.test("encodeText() refuses what is no text", () => {
  const values = ["a", null] as string[];
  assertThrows(() => encodeText(values), TypeError, "it is of type object");
});

Deno.test("decodeText() names file and line of a fault", async (t) => {
  const table: [string, string, string | Uint8Array][] = [
    ["no end", "Cannot read x.txt: line 3 has no end", "a\nb\nc"],
    ["no end of the only line", "line 1 has no end", "a"],
    ["carriage return", "is not escaped, in line 2", "a\nb\r\n"],
    ["escape", '"\\\\t" is no escape, in line 2', "a\nb\\tc\n"],
    ["escape of the line's end", '"\\\\" is no escape, in line 1', "a\\\nb\n"],
    [
      "escape of a character of two units",
      '"\\\\\u{1f9ec}" is no escape, in line 1',
      "\\\u{1f9ec}\n",
    ],
    [
      "not UTF-8",
      "Cannot read x.txt: line 2 is not UTF-8",
      new Uint8Array([0x61, 0x0a, 0xff, 0x0a, 0x62, 0x0a]),
    ],
    [
      "cut UTF-8",
      "line 2 is not UTF-8",
      new Uint8Array([0x61, 0x0a, 0xe2, 0x82, 0x0a, 0x62, 0x0a]),
    ],
    [
      "cut UTF-8 at the end",
      "line 2 is not UTF-8",
      new Uint8Array([0x61, 0x0a, 0xef, 0xbf, 0x0a]),
    ],
    [
      "surrogate",
      "line 1 is not UTF-8",
      new Uint8Array([0xed, 0xa0, 0x80, 0x0a]),
    ],
    [
      "behind a replacement character",
      "line 3 is not UTF-8",
      new Uint8Array([0xef, 0xbf, 0xbd, 0x0a, 0x0a, 0xc3, 0x0a]),
    ],
  ];
  for (const [name, message, content] of table) {
    await t.step(name, () => {
      const bytes = typeof content === "string"
        ? encoder.encode(content)
        : content;
      assertThrows(() => decodeText(bytes, "x.txt"), SyntaxError, message);
    });
  }
});

Deno.test("decodeText() reads files of many pieces", () => {
  const values = Array.from(
    { length: 200_000 },
    (_, index) => index % 1000 === 0 ? `${index}\\\né` : `cell-${index}`,
  );
  // Longer than a piece by itself.
  values[100_000] = "é".repeat(1_500_000);
  const bytes = encodeText(values);
  assert(bytes.length > 4_000_000);
  const decoded = decodeText(bytes);
  assertEquals(decoded.length, values.length);
  assert(decoded.every((value, index) => value === values[index]));
  const wrong = encodeText([...values, "mark"]);
  wrong[wrong.length - 3] = 0xff;
  assertThrows(() => decodeText(wrong), SyntaxError, "line 200001 is not");
  const escape = encodeText([...values, "\\"]);
  escape[escape.length - 2] = 0x78;
  assertThrows(() => decodeText(escape), SyntaxError, "in line 200001");
});

Deno.test("decodeText() reads a view into a larger buffer", () => {
  const bytes = encoder.encode("xxa\nb\nyy").subarray(2, 6);
  assertEquals(decodeText(bytes), ["a", "b"]);
});
