import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
} from "@std/assert";
import { seededDraw, SyntheticCells } from "../../bench/synthetic.ts";

const SMALL = { genesCount: 3_000, seed: 7 };

function cellsOf(cells: SyntheticCells, indices: readonly number[]) {
  return indices.map((index) => {
    const length = cells.make(index);
    return {
      genes: [...cells.genes.subarray(0, length)],
      counts: [...cells.counts.subarray(0, length)],
    };
  });
}

Deno.test("SyntheticCells makes the same cell whatever was made before", () => {
  const forward = cellsOf(new SyntheticCells(SMALL), [0, 1, 2, 500]);
  const backward = cellsOf(new SyntheticCells(SMALL), [500, 2, 1, 0]);
  assertEquals(forward, backward.toReversed());
});

Deno.test("SyntheticCells makes other cells of other seeds and indices", () => {
  const [first, second] = cellsOf(new SyntheticCells(SMALL), [0, 1]);
  assertNotEquals(first, second);
  const [other] = cellsOf(new SyntheticCells({ ...SMALL, seed: 8 }), [0]);
  assertNotEquals(first, other);
});

Deno.test("SyntheticCells makes ascending genes and counts of one or more", () => {
  const made = cellsOf(new SyntheticCells(SMALL), [0, 1, 2, 3, 4]);
  for (const { genes, counts } of made) {
    assert(genes.every((gene, at) => at === 0 || gene > genes[at - 1]!));
    assert(genes.at(-1)! < SMALL.genesCount);
    assert(counts.every((count) => Number.isInteger(count) && count >= 1));
  }
});

Deno.test("SyntheticCells makes the density, mostly of small counts", () => {
  const cells = new SyntheticCells(SMALL);
  const made = cellsOf(cells, Array.from({ length: 2_000 }, (_, at) => at));
  const counts = made.flatMap((cell) => cell.counts);
  const density = counts.length / 2_000 / SMALL.genesCount;
  assertAlmostEquals(density, 0.058, 0.006);
  const small = counts.filter((count) => count <= 3).length / counts.length;
  assert(small > 0.75 && small < 0.95, `${small} of the counts are 3 or less`);
  assert(counts.some((count) => count > 255));
  const lengths = made.map(({ genes }) => genes.length);
  assert(Math.max(...lengths) > 3 * Math.min(...lengths));
});

Deno.test("seededDraw() draws evenly", () => {
  const draw = seededDraw(1, 2);
  const bins = new Array(16).fill(0);
  for (let at = 0; at < 16_000; at++) bins[draw() >>> 28]++;
  assert(bins.every((count) => count > 850 && count < 1150), `${bins}`);
});
