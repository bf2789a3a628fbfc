import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { compareCodePoints } from "../../src/arrays/compare.ts";

Deno.test("compareCodePoints() orders as the bytes of UTF-8 do", () => {
  const units = fc.oneof(
    fc.constantFrom("a", "b", "\ud7ff", "\ue000", "\uffff", "\u{10000}"),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  );
  const texts = fc.string({ unit: units, maxLength: 4 });
  fc.assert(
    fc.property(texts, texts, (left, right) => {
      assertEquals(
        Math.sign(compareCodePoints(left, right)),
        compareBytes(left, right),
      );
    }),
    { numRuns: 2000 },
  );
});

Deno.test("compareCodePoints() differs from < past U+FFFF", () => {
  assert("\u{1f9ec}" < "\uff21");
  assert(compareCodePoints("\u{1f9ec}", "\uff21") > 0);
  assert(compareCodePoints("a\u{1f9ec}", "a\u{1f9ed}") < 0);
});

function compareBytes(left: string, right: string): number {
  const [a, b] = [left, right].map((text) =>
    new TextEncoder().encode(text).toHex()
  );
  return a === b ? 0 : a! < b! ? -1 : 1;
}
