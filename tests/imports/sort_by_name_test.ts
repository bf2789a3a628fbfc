import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { compareCodePoints } from "../../src/arrays/compare.ts";
import { findPlace, sortByName } from "../../src/imports/sort_by_name.ts";

const PART = fc.constantFrom(
  "",
  "A",
  "AB",
  "\0",
  "\u00ff",
  "\u0100",
  "\u{1f9ec}",
);
const NAMES = fc.array(
  fc.array(PART, { maxLength: 6 }).map((it) => it.join("")),
);

Deno.test("sortByName() sorts by code point, equal names by index", () => {
  fc.assert(fc.property(NAMES, (names) => {
    const expected = [...names.keys()].sort((left, right) =>
      compareCodePoints(names[left]!, names[right]!) || left - right
    );
    assertEquals([...sortByName(names)], expected);
  }));
});

Deno.test("sortByName() sorts more names than fit a key", () => {
  const names = new Array<string>(2 ** 21 + 1).fill("B");
  names[names.length - 1] = "A";
  const order = sortByName(names);
  assertEquals([...order.subarray(0, 3)], [2 ** 21, 0, 1]);
});

Deno.test("findPlace() finds the first that is not before a name", () => {
  fc.assert(fc.property(NAMES, fc.array(PART), (names, parts) => {
    const name = parts.join("");
    const sorted = names.toSorted(compareCodePoints);
    const place = sorted.findIndex((it) => compareCodePoints(it, name) >= 0);
    assertEquals(findPlace(sorted, name), place < 0 ? sorted.length : place);
  }));
});
