import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { Loop } from "../../src/compute/loop.ts";
import { geneEntries } from "../../src/compute/gene_entries.ts";
import { type LeafSpan, selectProfiles } from "../../src/compute/leaf_spans.ts";
import {
  decodeCounts,
  geneTotals,
  groupPairs,
  profileTotals,
} from "../../src/compute/totals.ts";
import { closeEngines } from "../../src/compute/choose_engine.ts";
import { GpuUnavailableError } from "../../src/compute/gpu/gpu_unavailable_error.ts";
import { encodeNpy } from "../../src/arrays/npy.ts";
import { decodeNpy } from "../../src/arrays/npy.ts";
import { MemorySink } from "../../src/io/memory_sink.ts";
import { DenseMatrix } from "../../src/matrix/dense_matrix.ts";
import { MatrixWriter } from "../../src/matrix/matrix_writer.ts";
import { MemoryMappedMatrix } from "../../src/matrix/memory_mapped_matrix.ts";
import type { RawMatrix } from "../../src/matrix/raw_matrix.ts";
import { gpuTest } from "./gpu/_gpu.ts";

/** Counts of shape (profiles, genes). */
type Counts = number[][];

async function openPairs(counts: Counts): Promise<RawMatrix> {
  const sink = new MemorySink();
  const genesCount = counts[0]?.length ?? 3;
  const writer = new MatrixWriter(sink, { genesCount });
  const genes = Array.from({ length: genesCount }, (_, gene) => gene);
  for (const row of counts) writer.writeProfile(genes, row);
  writer.finish();
  return await MemoryMappedMatrix.open(sink.bytes());
}

function openDense(counts: Counts): Promise<RawMatrix> {
  const genesCount = counts[0]?.length ?? 3;
  const data = Uint32Array.from(
    { length: genesCount * counts.length },
    (_, at) => counts[at % counts.length]![Math.floor(at / counts.length)]!,
  );
  const shape = [genesCount, counts.length];
  const array = decodeNpy(encodeNpy({ dtype: "uint32", shape, data }));
  return Promise.resolve(new DenseMatrix(array, "dense"));
}

const anyCounts = fc.nat(40).chain((genes) =>
  fc.array(
    fc.array(fc.oneof(fc.constant(0), fc.nat(3), fc.nat(70_000)), {
      minLength: genes + 1,
      maxLength: genes + 1,
    }),
    { maxLength: 12 },
  )
);

function spansOf(matrix: RawMatrix, profiles?: number[]): LeafSpan[] {
  return [selectProfiles(matrix, {
    profiles: profiles && Int32Array.from(profiles),
  })];
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

for (
  const [name, open] of [["pairs", openPairs], ["dense", openDense]] as const
) {
  Deno.test(`profileTotals() and geneTotals() equal dense sums of ${name}`, async () => {
    await fc.assert(
      fc.asyncProperty(
        anyCounts,
        fc.array(fc.nat(11), { maxLength: 9 }),
        async (counts, wanted) => {
          using matrix = await open(counts);
          const profiles = wanted.filter((at) => at < counts.length);
          const genes = Array.from({ length: matrix.genesCount }, (_, g) => g);
          assertEquals(
            [...await profileTotals(spansOf(matrix), counts.length)],
            counts.map(sum),
          );
          assertEquals(
            [
              ...await profileTotals(
                spansOf(matrix, profiles),
                profiles.length,
              ),
            ],
            profiles.map((at) => sum(counts[at]!)),
          );
          assertEquals(
            [...await geneTotals(spansOf(matrix), genes.length)],
            genes.map((gene) => sum(counts.map((row) => row[gene]!))),
          );
          assertEquals(
            [...await geneTotals(spansOf(matrix, profiles), genes.length)],
            genes.map((gene) => sum(profiles.map((at) => counts[at]![gene]!))),
          );
          assertEquals(
            await matrix.entriesCount(),
            sum(counts.map((row) => row.filter((count) => count > 0).length)),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
}

Deno.test("geneTotals() is exact past 2^32", async () => {
  const sink = new MemorySink();
  const writer = new MatrixWriter(sink, { genesCount: 2 });
  for (let profile = 0; profile < 3; profile++) {
    writer.writeProfile([0, 1], [2 ** 31 + 1, 1]);
  }
  writer.finish();
  using matrix = await MemoryMappedMatrix.open(sink.bytes());
  assertEquals([...await geneTotals(spansOf(matrix), 2)], [3 * 2 ** 31 + 3, 3]);
  const total = 2 ** 31 + 2;
  assertEquals([...await profileTotals(spansOf(matrix), 3)], [
    total,
    total,
    total,
  ]);
});

Deno.test("profileTotals() and geneTotals() name the offset of a bad pair", async () => {
  const sink = new MemorySink();
  const writer = new MatrixWriter(sink, { genesCount: 5 });
  writer.writeProfile([1], [1]);
  writer.writeProfile([4], [1]);
  writer.finish();
  sink.bytes()[58] = 5;
  using matrix = await MemoryMappedMatrix.open(sink.bytes());
  const message = "offset 58 leads to gene 5 of 5";
  await assertRejects(
    () => profileTotals(spansOf(matrix), 2),
    SyntaxError,
    message,
  );
  await assertRejects(
    () => geneTotals(spansOf(matrix), 5),
    SyntaxError,
    message,
  );
});

Deno.test("profileTotals() reads many windows and tells of the progress", async () => {
  const sink = new MemorySink();
  const genesCount = 40_000;
  const writer = new MatrixWriter(sink, { genesCount });
  const genes = Uint32Array.from({ length: genesCount }, (_, gene) => gene);
  const ones = new Uint32Array(genesCount).fill(1);
  for (let profile = 0; profile < 60; profile++) {
    writer.writeProfile(genes, ones);
  }
  writer.finish();
  using matrix = await MemoryMappedMatrix.open(sink.bytes());
  const steps: number[] = [];
  const totals = await profileTotals(spansOf(matrix), 60, {
    advance: (n) => steps.push(n),
  });
  assertEquals(new Set(totals), new Set([genesCount]));
  assertEquals(steps.length > 3, true);
  assertEquals(sum(steps), 60);
});

Deno.test("decodeCounts() gives doubles that are exact, in their part of the memory", async () => {
  const counts = [[0, 3, 2 ** 32 - 1], [16_777_217, 0, 1], [0, 0, 0]];
  using matrix = await openPairs(counts);
  const memory = new Float64Array(11).fill(7);
  const rows = memory.subarray(1, 10).fill(0);
  await decodeCounts(spansOf(matrix), rows, 3);
  assertEquals([...memory], [7, ...counts.flat(), 7]);
});

Deno.test("geneEntries() finds the profiles of a gene", async () => {
  using matrix = await openPairs([[0, 3], [1, 0], [0, 300]]);
  const { profiles, counts } = await geneEntries(spansOf(matrix), 1, 3);
  assertEquals([[...profiles], [...counts]], [[0, 2], [3, 300]]);
});

Deno.test("DenseMatrix refuses what are no counts", async () => {
  const data = Float64Array.from([1, 0.5, -1, NaN]);
  const shape = [1, 4];
  const array = decodeNpy(encodeNpy({ dtype: "float64", shape, data }));
  const matrix = new DenseMatrix(array, "gp.umis.npy");
  await matrix.readProfile(0);
  for (const [profile, value] of [[1, 0.5], [2, -1], [3, NaN]] as const) {
    await assertRejects(
      () => matrix.readProfile(profile),
      RangeError,
      `Cannot read gp.umis.npy: the value of gene 0 of profile ${profile} ` +
        `is ${value}, which is no count`,
    );
  }
});

Deno.test("Loop.advance() reports at tenths", () => {
  const lines: string[] = [];
  const report = (line: string) => lines.push(line);
  const loop = new Loop("Read", { unit: "cells", expected: 1000, report });
  for (let at = 0; at < 1000; at++) loop.advance();
  loop.finish();
  assertEquals(lines.length, 10);
  assertEquals(lines[0], "Read cells: 10% of 1000");
  assertEquals(lines[9], "Read cells: 1000 done");
});

gpuTest(
  "groupPairs() goes on where the GPU fails, and gives each row once (gpu)",
  async () => {
    const counts = Array.from({ length: 9 }, (_, at) => [at, 1, 0]);
    using matrix = await openPairs(counts);
    const rows = Int32Array.of(0, 1, 2, 3, 3, -1, 2, 4, 0);
    const shape = { rows, rowsCount: 5, genesCount: 3, sumsAtOnce: 3 };
    for (const failed of [0, 2, 4]) {
      const found: number[][] = [];
      const lines: string[] = [];
      let told = 0;
      await groupPairs(spansOf(matrix), shape, ({ first, ends, pairs }) => {
        const starts = [0, ...ends];
        ends.forEach((end, at) =>
          found.push([...pairs.slice(starts[at], end)])
        );
        if (first !== failed || lines.length > 0) return;
        throw new GpuUnavailableError("lost", "Cannot compute: it was lost");
      }, {
        device: "gpu",
        report: (line) => lines.push(line),
        advance: (profiles) => told += profiles,
      });
      const wanted = [[0, 8, 1, 2], [0, 1, 1, 1], [0, 8, 1, 2], [0, 7, 1, 2]];
      assertEquals(found, [...wanted, [0, 7, 1, 1]]);
      assertEquals(told, 9);
      assertEquals(lines.length, 1);
    }
    await closeEngines();
  },
);
