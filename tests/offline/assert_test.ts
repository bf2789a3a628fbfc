import * as checks from "@std/assert";
import {
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";

class Point {
  #x: number;

  constructor(x: number) {
    this.#x = x;
  }

  get x(): number {
    return this.#x;
  }
}

/** Each must hold for the real package too: no case is the stand-in's own. */
const UNEQUAL: readonly [string, unknown, unknown][] = [
  ["numbers", 1, 2],
  ["a number and a text", 1, "1"],
  ["arrays", [1, [2]], [1, [3]]],
  ["an absent and an undefined field", {}, { a: undefined }],
  ["typed arrays", new Uint8Array([1]), new Uint8Array([2])],
  ["kinds of typed arrays", new Uint8Array([1]), new Int8Array([1])],
  ["maps", new Map([[1, 2]]), new Map([[1, 3]])],
  ["instances by their getters", new Point(1), new Point(2)],
];

for (const [name, left, right] of UNEQUAL) {
  Deno.test(`assertEquals() tells apart ${name}`, () => {
    assertThrows(() => assertEquals(left, right), checks.AssertionError);
  });
}

Deno.test("assertEquals() takes NaN, any order of keys and equal instances", () => {
  assertEquals({ a: NaN, b: [1n] }, { b: [1n], a: NaN });
  assertEquals([new Point(1)], [new Point(1)]);
});

Deno.test("assertNotEquals() refuses what is equal", () => {
  assertNotEquals<unknown>([1], [2]);
  assertNotEquals<unknown>(1, "1");
  assertThrows(() => assertNotEquals(0, -0), checks.AssertionError);
  assertThrows(() => assertNotEquals([1], [1]), checks.AssertionError);
});

Deno.test("assertThrows() checks the class and the text", () => {
  function fail() {
    throw new RangeError("too far");
  }
  assertThrows(fail, Error, "far");
  for (
    const check of [
      () => assertThrows(fail, TypeError),
      () => assertThrows(fail, RangeError, "near"),
      () => assertThrows(() => 1),
    ]
  ) assertThrows(check, checks.AssertionError);
});

Deno.test("assertRejects() checks the class and the text", async () => {
  const fail = () => Promise.reject(new RangeError("too far"));
  await assertRejects(fail, RangeError, "far");
  for (
    const check of [
      () => assertRejects(fail, TypeError),
      () => assertRejects(fail, RangeError, "near"),
      () => assertRejects(() => Promise.resolve()),
      () =>
        assertRejects(() => {
          throw new RangeError("too far");
        }),
    ]
  ) await assertRejects(check, checks.AssertionError);
});

Deno.test("the other assertions throw where they do not hold", () => {
  for (
    const check of [
      () => checks.assert(0),
      () => checks.assertFalse("x"),
      () => checks.assertExists(null),
      () => checks.assertStrictEquals<unknown>([], []),
      () => checks.assertStrictEquals(0, -0),
      () => checks.assertAlmostEquals(1, 1.001),
      () => checks.assertGreater(1, 1),
      () => checks.assertLess(1, 1),
      () => checks.assertMatch("a", /b/),
      () => checks.assertStringIncludes("a", "b"),
      () => checks.assertInstanceOf({}, Map),
    ]
  ) assertThrows(check, checks.AssertionError);
});
