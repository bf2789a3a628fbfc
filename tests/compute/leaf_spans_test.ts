import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { geneEntries } from "../../src/compute/gene_entries.ts";
import {
  type LeafSpan,
  selectProfiles,
  spanWindows,
} from "../../src/compute/leaf_spans.ts";
import {
  countEntriesOf,
  decodeCounts,
  geneTotals,
  groupSums,
  profileTotals,
} from "../../src/compute/totals.ts";
import { MemorySink } from "../../src/io/memory_sink.ts";
import { MatrixWriter } from "../../src/matrix/matrix_writer.ts";
import { MemoryMappedMatrix } from "../../src/matrix/memory_mapped_matrix.ts";
import type { RawMatrix } from "../../src/matrix/raw_matrix.ts";

async function openMatrix(counts: readonly number[][]): Promise<RawMatrix> {
  const sink = new MemorySink();
  const genesCount = counts[0]?.length ?? 1;
  const writer = new MatrixWriter(sink, { genesCount });
  for (const row of counts) writer.writeProfile([...row.keys()], row);
  writer.finish();
  return await MemoryMappedMatrix.open(sink.bytes());
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

Deno.test("spanWindows() gives each wanted profile once, in file order", async () => {
  const counts = Array.from({ length: 100 }, (_, at) => [at]);
  using matrix = await openMatrix(counts);
  const profiles = Int32Array.of(99, 3, 4, 3, 40);
  const span = selectProfiles(matrix, { profiles, firstTarget: 7 });
  const found: [profile: number, target: number][] = [];
  for await (const part of spanWindows(span)) {
    part.profiles.forEach((profile, at) =>
      found.push([part.window.firstProfile + profile, part.targets[at]!])
    );
  }
  assertEquals(found, [[3, 8], [3, 10], [4, 9], [40, 11], [99, 7]]);
});

Deno.test("spans equal dense arithmetic, whatever they take", async () => {
  const anyCounts = fc.integer({ min: 1, max: 30 }).chain((genes) =>
    fc.array(
      fc.array(fc.oneof(fc.constant(0), fc.nat(3), fc.nat(70_000)), {
        minLength: genes,
        maxLength: genes,
      }),
      { minLength: 1, maxLength: 30 },
    )
  );
  await fc.assert(
    fc.asyncProperty(anyCounts, fc.gen(), async (counts, generate) => {
      using matrix = await openMatrix(counts);
      const nat = (max: number) => generate(fc.nat, { max });
      const genesCount = counts[0]!.length;
      const kept = generate(fc.shuffledSubarray<number>, [
        ...counts[0]!.keys(),
      ]);
      const geneMap = new Int32Array(genesCount).fill(-1);
      kept.forEach((gene, at) => geneMap[gene] = at);
      const length = nat(12);
      const wanted = Array.from({ length }, () => nat(counts.length - 1));
      const taken = wanted.map((at) => kept.map((gene) => counts[at]![gene]!));
      const middle = nat(length);
      const spans: LeafSpan[] = [[0, middle], [middle, length]]
        .map(([start, end]) =>
          selectProfiles(matrix, {
            profiles: Int32Array.from(wanted.slice(start, end)),
            firstTarget: start!,
            geneMap,
          })
        );
      assertEquals([...await profileTotals(spans, length)], taken.map(sum));
      assertEquals(
        [...await geneTotals(spans, kept.length)],
        kept.map((_, gene) => sum(taken.map((row) => row[gene]!))),
      );
      assertEquals(
        await countEntriesOf(spans),
        taken.flat().filter((count) => count > 0).length,
      );
      const columns = new Float64Array(length * kept.length);
      await decodeCounts(spans, columns, kept.length);
      assertEquals([...columns], taken.flat());
      const rows = Int32Array.from(wanted, () => nat(3) - 1);
      const shape = { rows, rowsCount: 3, genesCount: kept.length };
      assertEquals(
        [...await groupSums(spans, shape)],
        [0, 1, 2].flatMap((row) =>
          kept.map((_, gene) =>
            sum(taken.map((of, at) => rows[at] === row ? of[gene]! : 0))
          )
        ),
      );
      if (kept.length === 0) return;
      const gene = nat(kept.length - 1);
      const entries = await geneEntries(spans, gene, length);
      const column = new Array(length).fill(0);
      entries.profiles.forEach((at, entry) =>
        column[at] = entries.counts[entry]
      );
      assertEquals(column, taken.map((row) => row[gene]!));
    }),
    { numRuns: 80 },
  );
});

Deno.test("groupSums() is exact past 2^32", async () => {
  using matrix = await openMatrix([[1, 2 ** 31 + 1], [0, 2 ** 31 + 5], [7, 1]]);
  const rows = Int32Array.of(1, 1, -1);
  for (const geneMap of [undefined, Int32Array.of(0, 1)]) {
    const spans = [selectProfiles(matrix, { geneMap })];
    const shape = { rows, rowsCount: 2, genesCount: 2 };
    assertEquals([...await groupSums(spans, shape)], [0, 0, 1, 2 ** 32 + 6]);
  }
});

Deno.test("sums over spans name the offset of a pair that is not valid", async () => {
  const sink = new MemorySink();
  const writer = new MatrixWriter(sink, { genesCount: 3 });
  writer.writeProfile([2], [1]);
  writer.finish();
  sink.bytes()[56] = 3;
  using matrix = await MemoryMappedMatrix.open(sink.bytes());
  const rows = Int32Array.of(0);
  for (const geneMap of [undefined, Int32Array.of(0, -1, 1)]) {
    const spans = [selectProfiles(matrix, { geneMap })];
    const runs = [
      () => profileTotals(spans, 1),
      () => geneTotals(spans, 3),
      () => groupSums(spans, { rows, rowsCount: 1, genesCount: 3 }),
      () => decodeCounts(spans, new Float32Array(3), 3),
    ];
    for (const run of runs) {
      await assertRejects(run, SyntaxError, "offset 56 leads to gene 3 of 3");
    }
  }
});

Deno.test("decodeCounts() rounds a large count once", async () => {
  const count = 2 ** 24 + 3;
  using matrix = await openMatrix([[count]]);
  const columns = new Float32Array(1);
  await decodeCounts([selectProfiles(matrix)], columns, 1);
  assertEquals(columns[0], Math.fround(count));
});
