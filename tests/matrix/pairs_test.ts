import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  countEntries,
  decodePairs,
  encodePairs,
  PairBuffer,
} from "../../src/matrix/pairs.ts";

const PLACE = { name: "m", offset: 56 };

function encode(
  entries: readonly (readonly [number, number])[],
  genesCount: number,
): Uint8Array {
  const buffer = new PairBuffer();
  const genes = entries.map(([gene]) => gene);
  const counts = entries.map(([, count]) => count);
  encodePairs(genes, counts, genesCount, buffer);
  return buffer.used().slice();
}

const CANONICAL: [string, [number, number][], number[]][] = [
  ["nothing", [], []],
  ["gene 0", [[0, 7]], [0, 7]],
  ["neighbours", [[1, 1], [2, 2]], [1, 1, 1, 2]],
  ["a gap of 255", [[255, 9]], [255, 9]],
  ["a gap of 256", [[256, 9]], [255, 0, 1, 9]],
  ["a gap of 510", [[510, 9]], [255, 0, 255, 9]],
  ["a gap of 511", [[511, 9]], [255, 0, 255, 0, 1, 9]],
  ["a count of 255", [[3, 255]], [3, 255]],
  ["a count of 256", [[3, 256]], [3, 255, 0, 1]],
  ["a count of 700", [[3, 700]], [3, 255, 0, 255, 0, 190]],
  ["gap and count", [[300, 300]], [255, 0, 45, 255, 0, 45]],
  ["repeats", [[4, 1], [4, 2], [4, 0]], [4, 3]],
  ["zeros", [[2, 0], [5, 1], [9, 0]], [5, 1]],
];

for (const [what, entries, bytes] of CANONICAL) {
  Deno.test(`encodePairs() writes ${what} in the fewest pairs`, () => {
    assertEquals([...encode(entries, 1000)], bytes);
  });
}

Deno.test("encodePairs() takes gaps of a million genes", () => {
  const bytes = encode([[0, 1], [1_000_000, 1]], 1_000_001);
  const { genes } = decodePairs(bytes, 1_000_001, PLACE);
  assertEquals([...genes], [0, 1_000_000]);
});

Deno.test("encodePairs() refuses what is out of order or range", () => {
  assertThrows(() => encode([[5, 1], [4, 1]], 9), RangeError, "after gene 5");
  assertThrows(() => encode([[9, 1]], 9), RangeError, "gene 9");
  assertThrows(() => encode([[1, -1]], 9), RangeError, "the count -1");
  assertThrows(() => encode([[1, 1.5]], 9), RangeError, "the count 1.5");
  assertThrows(() => encode([[1, NaN]], 9), RangeError, "the count NaN");
  assertThrows(() => encode([[1, 2 ** 32]], 9), RangeError, "4294967296");
  const sum: [number, number][] = [[1, 2 ** 31], [1, 2 ** 31]];
  assertThrows(() => encode(sum, 9), RangeError, "4294967296");
});

Deno.test("decodePairs() reads streams that are valid but not canonical", () => {
  const pairs = new Uint8Array([2, 0, 0, 3, 0, 4, 200, 0, 1, 0, 255, 0, 1, 9]);
  const { genes, counts } = decodePairs(pairs, 1000, PLACE);
  assertEquals([...genes], [2, 459]);
  assertEquals([...counts], [7, 9]);
  assertEquals(countEntries(pairs), 2);
});

Deno.test("decodePairs() names the offset of a gene that is not there", () => {
  const pairs = new Uint8Array([2, 1, 7, 1, 1, 1]);
  assertThrows(
    () => decodePairs(pairs, 10, PLACE),
    SyntaxError,
    "offset 60 leads to gene 10 of 10",
  );
});

Deno.test("decodePairs() names the offset where a count passes 2^32-1", () => {
  const pairs = new Uint8Array(2 * 16_843_010).fill(0);
  for (let at = 1; at < pairs.length; at += 2) pairs[at] = 255;
  assertThrows(() => decodePairs(pairs, 1, PLACE), SyntaxError, "33686074");
});

const GENES = 70_000;
const entries = fc.array(
  fc.tuple(
    fc.oneof(fc.nat(2000), fc.nat(GENES - 1)),
    fc.oneof(fc.nat(4), fc.nat(1000), fc.integer({ min: 0, max: 2 ** 21 })),
  ),
  { maxLength: 60 },
).map((list) => list.sort(([left], [right]) => left - right));

Deno.test("encodePairs() and decodePairs() give back any entries", () => {
  fc.assert(fc.property(entries, (list) => {
    const expected = new Map<number, number>();
    for (const [gene, count] of list) {
      if (count > 0) expected.set(gene, (expected.get(gene) ?? 0) + count);
    }
    const bytes = encode(list, GENES);
    const { genes, counts } = decodePairs(bytes, GENES, PLACE);
    assertEquals([...genes], [...expected.keys()]);
    assertEquals([...counts], [...expected.values()]);
    assertEquals(countEntries(bytes), expected.size);
  }));
});

Deno.test("encodePairs() keeps a count of 2^31", () => {
  const { counts } = decodePairs(encode([[3, 2 ** 31]], 9), 9, PLACE);
  assertEquals([...counts], [2 ** 31]);
});
