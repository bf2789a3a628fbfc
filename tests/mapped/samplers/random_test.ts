import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Random, splitMix } from "../../../src/mapped/samplers/random.ts";
import { drawPermutation } from "../../../src/mapped/samplers/random_permutation.ts";

Deno.test("Random draws what the C code of its authors draws", () => {
  const random = new Random([1, 2, 3, 4]);
  assertEquals(Array.from({ length: 10 }, () => random.next()), [
    11520,
    0,
    5927040,
    70819200,
    2031721883,
    1637235492,
    1287239034,
    3734860849,
    3729100597,
    4258142804,
  ]);
});

Deno.test("Random.jump() leads where the C code of its authors leads", () => {
  const random = new Random([1, 2, 3, 4]);
  random.jump();
  assertEquals(random.state, [2843103750, 2038079848, 1533207345, 44816753]);
});

Deno.test("splitMix() draws what the published code draws", () => {
  const golden = 0x9e37_79b9_7f4a_7c15n;
  assertEquals([0n, 1n, 2n].map((step) => splitMix(1234567n + step * golden)), [
    6457827717110365317n,
    3203168211198807973n,
    9817491932198370423n,
  ]);
});

Deno.test("Random.seeded() takes its state from SplitMix64", () => {
  const [first, second, third, fourth] = Random.seeded(1234567).state;
  assertEquals(
    [first, second],
    [
      Number(6457827717110365317n & 0xffffffffn),
      Number(6457827717110365317n >> 32n),
    ],
  );
  assertEquals(
    [third, fourth],
    [
      Number(3203168211198807973n & 0xffffffffn),
      Number(3203168211198807973n >> 32n),
    ],
  );
});

Deno.test("Random.seeded() tells keys apart", () => {
  const lists = [[], [0], [1], [0, 0], [0, 1], [1, 0], [2 ** 52], [2 ** 52, 1]];
  const drawn = lists.map((keys) => Random.seeded(7, ...keys).next());
  assertEquals(new Set(drawn).size, lists.length);
  assertEquals(Random.seeded(7, 1).next(), drawn[2]);
});

Deno.test("Random.seeded() refuses what is no seed", () => {
  for (const seed of [-1, 0.5, NaN, 2 ** 53]) {
    assertThrows(() => Random.seeded(seed), RangeError, `the seed ${seed}`);
    assertThrows(() => Random.seeded(0, seed), RangeError, `the seed ${seed}`);
  }
  assertThrows(() => new Random([0, 0, 0, 0]), RangeError, "zeros");
});

Deno.test("Random.state continues a sequence", () => {
  const random = Random.seeded(3);
  random.next();
  const again = new Random(random.state);
  assertEquals(again.next(), random.next());
});

Deno.test("Random.fraction() is even", () => {
  const random = Random.seeded(11);
  const bins = new Int32Array(20);
  for (let at = 0; at < 20_000; at++) {
    bins[Math.floor(random.fraction() * 20)]!++;
  }
  assert(chiSquare(bins, 1000) < 45, `${bins}`);
});

Deno.test("Random.below() is even and stays below", () => {
  for (const limit of [1, 2, 3, 6, 7, 1000, 2 ** 31 + 1, 2 ** 32]) {
    const random = Random.seeded(5, limit);
    const bins = new Int32Array(Math.min(limit, 7));
    for (let at = 0; at < 7000; at++) {
      const drawn = random.below(limit);
      assert(Number.isInteger(drawn) && drawn >= 0 && drawn < limit);
      bins[Math.floor(drawn / limit * bins.length)]!++;
    }
    assert(chiSquare(bins, 7000 / bins.length) < 25, `${limit}: ${bins}`);
  }
  for (const limit of [0, -1, 1.5, 2 ** 32 + 1]) {
    assertThrows(() => Random.seeded(1).below(limit), RangeError, "below");
  }
});

Deno.test("Random.shuffle() gives all orders alike", () => {
  const random = Random.seeded(2);
  const counts = new Map<string, number>();
  for (let at = 0; at < 12_000; at++) {
    const order = random.shuffle([0, 1, 2, 3]).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assertEquals(counts.size, 24);
  assert(chiSquare([...counts.values()], 500) < 55);
});

Deno.test("drawPermutation() has each number once, with or without a list", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2000 }),
      fc.nat(),
      fc.boolean(),
      (length, seed, isListed) => {
        const order = drawPermutation(
          length,
          Random.seeded(seed),
          isListed ? length : 1,
        );
        const numbers = Array.from({ length }, (_, at) => order.at(at));
        assertEquals(
          numbers.toSorted((left, right) => left - right),
          Array.from({ length }, (_, at) => at),
        );
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("drawPermutation() of very many rows keeps no list and spreads", () => {
  const length = 3_000_000_000;
  const order = drawPermutation(length, Random.seeded(4));
  const bins = new Int32Array(50);
  const seen = new Set<number>();
  for (let at = 0; at < 50_000; at++) {
    const number = order.at(at);
    assert(number >= 0 && number < length);
    seen.add(number);
    bins[Math.floor(number / length * 50)]!++;
  }
  assertEquals(seen.size, 50_000);
  assert(chiSquare(bins, 1000) < 90, `${bins}`);
  assertThrows(
    () => drawPermutation(2 ** 32 + 1, Random.seeded(4)),
    RangeError,
  );
});

Deno.test("drawPermutation() without a list leads any place to any", () => {
  const counts = Array.from({ length: 7 }, () => new Int32Array(7));
  for (let seed = 0; seed < 7000; seed++) {
    const order = drawPermutation(7, Random.seeded(seed), 1);
    for (let at = 0; at < 7; at++) counts[at]![order.at(at)]!++;
  }
  for (const bins of counts) assert(chiSquare(bins, 1000) < 40, `${bins}`);
});

function chiSquare(counts: ArrayLike<number>, expected: number): number {
  return Array.from(counts).reduce(
    (sum, count) => sum + (count - expected) ** 2 / expected,
    0,
  );
}
