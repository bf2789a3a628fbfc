import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { importFiles } from "./tenx_folder.ts";

const GENES = 5;
const CELLS = 6;

const ENTRY = fc.record({
  gene: fc.nat(GENES - 1),
  cell: fc.nat(CELLS - 1),
  count: fc.oneof(fc.nat(3), fc.nat(700), fc.nat(100_000)),
  notation: fc.constantFrom("", "", ".0", "e0", "+"),
  blank: fc.constantFrom(" ", "\t"),
  after: fc.constantFrom("", "", "", "% a comment", " "),
});

const MATRIX = fc.record({
  entries: fc.array(ENTRY, { maxLength: 40 }),
  order: fc.constantFrom("cell", "none"),
  newline: fc.constantFrom("\n", "\r\n"),
  isEnded: fc.boolean(),
  genesIn: fc.constantFrom("rows" as const, "columns" as const),
  bucketEntries: fc.integer({ min: 1, max: 12 }),
  isPacked: fc.boolean(),
});

type Matrix = typeof MATRIX extends fc.Arbitrary<infer T> ? T : never;

function orderOf({ entries, order }: Matrix): Matrix["entries"] {
  return order === "none"
    ? entries
    : entries.toSorted((left, right) => left.cell - right.cell);
}

function textOf(matrix: Matrix): string {
  const { genesIn, newline, isEnded } = matrix;
  const isTurned = genesIn === "columns";
  const lines = orderOf(matrix).flatMap((entry) => {
    const { gene, cell, count, notation, blank, after } = entry;
    const indices = isTurned ? [cell + 1, gene + 1] : [gene + 1, cell + 1];
    const number = notation === "+" ? `+${count}` : `${count}${notation}`;
    return [[...indices, number].join(blank), ...(after ? [after] : [])];
  });
  const sizes = isTurned ? [CELLS, GENES] : [GENES, CELLS];
  return [
    "%%MatrixMarket matrix coordinate real general",
    "%",
    [...sizes, matrix.entries.length].join(" "),
    ...lines,
  ].join(newline) + (isEnded ? newline : "");
}

function sumOf({ entries }: Matrix): number[][] {
  const counts = Array.from({ length: CELLS }, () => Array(GENES).fill(0));
  for (const { gene, cell, count } of entries) counts[cell]![gene] += count;
  return counts;
}

Deno.test("importBatch() equals dense sums of any entries in any order", async () => {
  const names = Array.from({ length: GENES }, (_, gene) => `G${gene}\n`);
  const barcodes = Array.from({ length: CELLS }, (_, cell) => `C${cell}\n`);
  await fc.assert(
    fc.asyncProperty(MATRIX, async (matrix) => {
      const { summary, counts } = await importFiles({
        "genes.tsv": names.join(""),
        "barcodes.tsv": barcodes.join(""),
        [matrix.isPacked ? "matrix.mtx.gz" : "matrix.mtx"]: textOf(matrix),
      }, { genesIn: matrix.genesIn, bucketEntries: matrix.bucketEntries });
      const expected = sumOf(matrix);
      assertEquals(counts, expected);
      const flat = expected.flat();
      const entriesCount = flat.filter((count) => count > 0).length;
      const zeros = matrix.entries.filter(({ count }) => count === 0).length;
      assertEquals(summary.entriesCount, entriesCount);
      assertEquals(summary.totalUmis, flat.reduce((sum, n) => sum + n, 0));
      assertEquals(summary.zerosCount, zeros);
      assertEquals(
        summary.repeatsCount,
        matrix.entries.length - zeros - entriesCount,
      );
    }),
    { numRuns: 150 },
  );
});

Deno.test("importBatch() sorts many entries over chunks and buckets", async () => {
  const cells = 40;
  const length = 120_000;
  const lines = Array.from({ length }, (_, at) => {
    // Cell 7 has half of all, which is more than a bucket.
    const cell = at % 2 === 0 ? 7 : Math.floor(at / 2) * 17 % cells;
    return `${at % 300 + 1} ${cell + 1} 1\n`;
  });
  const expected = new Map<number, number>();
  for (const line of lines) {
    const cell = Number(line.split(" ")[1]) - 1;
    expected.set(cell, (expected.get(cell) ?? 0) + 1);
  }
  const { counts, summary } = await importFiles({
    "genes.tsv": Array.from({ length: 300 }, (_, gene) => `G${gene}\n`).join(
      "",
    ),
    "barcodes.tsv": Array.from({ length: cells }, (_, at) => `${at}\n`).join(
      "",
    ),
    "matrix.mtx": "%%MatrixMarket matrix coordinate integer general\n" +
      `300 ${cells} ${length}\n` + lines.join(""),
  }, { bucketEntries: 5000 });
  assertEquals(summary.totalUmis, length);
  assertEquals(
    counts.map((row) => row.reduce((sum, count) => sum + count, 0)),
    Array.from({ length: cells }, (_, cell) => expected.get(cell) ?? 0),
  );
});
