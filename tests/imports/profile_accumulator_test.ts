import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  LEFT_OUT,
  MISSING,
  ProfileAccumulator,
} from "../../src/imports/profile_accumulator.ts";

function add(
  accumulator: ProfileAccumulator,
  entries: readonly (readonly [row: number, count: number])[],
): void {
  const rows = Uint32Array.from(entries, ([row]) => row);
  const counts = Uint32Array.from(entries, ([, count]) => count);
  accumulator.add(rows, counts, 0, entries.length);
}

function take(accumulator: ProfileAccumulator): [number, number][] {
  const length = accumulator.take();
  const { genes, counts } = accumulator;
  return Array.from(
    { length },
    (_, at): [number, number] => [genes[at]!, counts[at]!],
  );
}

Deno.test("ProfileAccumulator gives entries back by gene", () => {
  const genes = Int32Array.of(99, 0, 31, 32, 63, 64);
  const accumulator = new ProfileAccumulator(genes, 100);
  add(accumulator, [[0, 7], [3, 1], [1, 2]]);
  add(accumulator, [[5, 4], [2, 4294967295]]);
  assertEquals(take(accumulator), [
    [0, 2],
    [31, 4294967295],
    [32, 1],
    [64, 4],
    [99, 7],
  ]);
  assertEquals(take(accumulator), []);
});

Deno.test("ProfileAccumulator adds only the entries it is told to", () => {
  const accumulator = new ProfileAccumulator(Int32Array.of(0, 1, 2), 3);
  const rows = Uint32Array.of(0, 1, 2, 0);
  accumulator.add(rows, Uint32Array.of(1, 2, 3, 4), 1, 3);
  assertEquals(take(accumulator), [[1, 2], [2, 3]]);
});

Deno.test("ProfileAccumulator adds repeats up and drops zeros", () => {
  const accumulator = new ProfileAccumulator(Int32Array.of(1, 1, 0), 2);
  add(accumulator, [[0, 3], [2, 0], [1, 4], [0, 0], [0, 1]]);
  assertEquals(take(accumulator), [[1, 8]]);
  assertEquals(accumulator.zerosCount, 2);
  assertEquals(accumulator.repeatsCount, 2);
});

Deno.test("ProfileAccumulator counts what has no gene", () => {
  const genes = Int32Array.of(0, LEFT_OUT, MISSING);
  const accumulator = new ProfileAccumulator(genes, 1);
  add(accumulator, [[1, 10], [2, 20], [2, 5], [1, 0], [0, 1]]);
  assertEquals(take(accumulator), [[0, 1]]);
  assertEquals(accumulator.leftOut, { entriesCount: 1, totalUmis: 10 });
  assertEquals(accumulator.missing, { entriesCount: 2, totalUmis: 25 });
  assertEquals(accumulator.zerosCount, 1);
  assertEquals(accumulator.repeatsCount, 0);
});

Deno.test("ProfileAccumulator refuses a sum over 2^32-1", () => {
  const accumulator = new ProfileAccumulator(Int32Array.of(0, 1), 2);
  add(accumulator, [[1, 4294967294]]);
  add(accumulator, [[1, 1]]);
  assertThrows(
    () => add(accumulator, [[1, 1]]),
    RangeError,
    "the counts of row 1 add up to more than 4294967295",
  );
});

Deno.test("ProfileAccumulator equals dense sums", () => {
  const genesCount = 2100; // two words of words, neither of them full
  const rows = Int32Array.from(
    { length: genesCount },
    (_, row) => (row * 1009) % genesCount,
  );
  const accumulator = new ProfileAccumulator(rows, genesCount);
  const entry = fc.tuple(fc.nat(genesCount - 1), fc.nat(9));
  fc.assert(fc.property(fc.array(entry), (entries) => {
    const dense = new Map<number, number>();
    for (const [row, count] of entries) {
      const gene = rows[row]!;
      if (count > 0) dense.set(gene, (dense.get(gene) ?? 0) + count);
    }
    add(accumulator, entries);
    assertEquals(
      take(accumulator),
      [...dense].sort(([left], [right]) => left - right),
    );
  }));
});
