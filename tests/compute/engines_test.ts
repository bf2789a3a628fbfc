/**
 * Every kernel on every engine: equal to plain arithmetic, to the last bit, on
 * streams of every kind.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { decodeNpy, encodeNpy } from "../../src/arrays/npy.ts";
import type { Engine } from "../../src/compute/engine.ts";
import { type LeafSpan, selectProfiles } from "../../src/compute/leaf_spans.ts";
import { LargeSumError } from "../../src/compute/row_pairs.ts";
import { DenseMatrix } from "../../src/matrix/dense_matrix.ts";
import { MemoryMappedMatrix } from "../../src/matrix/memory_mapped_matrix.ts";
import type { RawMatrix } from "../../src/matrix/raw_matrix.ts";
import { withTempFolder } from "../helpers.ts";
import { engineTest } from "./_engines.ts";
import {
  canonicalPairs,
  expected,
  matrixBytes,
  oddPairs,
  type Pairs,
  Random,
  runKernels,
  type Streams,
  type Wanted,
} from "./_streams.ts";

/** All profiles, in rows of two, with no map. */
function wantAll({ profiles, genesCount }: Streams): Wanted {
  return {
    profiles: [...profiles.keys()],
    geneMap: undefined,
    genesCount,
    rows: profiles.map((_, at) => at % 3 - 1),
    rowsCount: 2,
  };
}

/** Some profiles in any order, and again, with a map of any kind. */
function wantSome(streams: Streams, random: Random): Wanted {
  const genes = streams.genesCount;
  const kept = 1 + random.below(genes);
  const order = random.below(2) ? random.shuffled(genes) : undefined;
  const geneMap = Array.from({ length: genes }, (_, gene) => {
    const target = order ? order[gene]! : gene;
    return target < kept ? target : -1;
  });
  const rowsCount = 1 + random.below(4);
  const length = random.below(2 * streams.profiles.length + 1);
  return {
    profiles: Array.from(
      { length },
      () => random.below(streams.profiles.length),
    ),
    geneMap,
    genesCount: kept,
    rows: Array.from({ length }, () => random.below(rowsCount + 1) - 1),
    rowsCount,
  };
}

/** What is wanted as some spans, which go to their targets in any order. */
function spansOf(matrix: RawMatrix, wanted: Wanted, cut: number): LeafSpan[] {
  const geneMap = wanted.geneMap && Int32Array.from(wanted.geneMap);
  const { length } = wanted.profiles;
  return [[cut, length], [0, cut]].map(([start, end]) =>
    selectProfiles(matrix, {
      profiles: Int32Array.from(wanted.profiles.slice(start, end)),
      firstTarget: start!,
      geneMap,
    })
  );
}

/** Runs all kernels over a file, over all of it and over selections. */
async function compare(engine: Engine, streams: Streams): Promise<void> {
  await withTempFolder(async (folder) => {
    const path = `${folder}/gp.umis.mmm`;
    Deno.writeFileSync(path, matrixBytes(streams));
    using matrix = await MemoryMappedMatrix.open(path);
    const all = wantAll(streams);
    assertEquals(
      await runKernels(engine, [selectProfiles(matrix)], all),
      expected(streams, all),
    );
    const random = new Random(streams.profiles.length);
    const rounds = streams.profiles.length < 1000 ? 3 : 1;
    for (let round = 0; round < rounds; round++) {
      const some = wantSome(streams, random);
      const cut = random.below(some.profiles.length + 1);
      assertEquals(
        await runKernels(engine, spansOf(matrix, some, cut), some),
        expected(streams, some),
      );
    }
  });
}

const full = (count: number) => new Array<number>(count).fill(255);

/** Profiles that are hard on a kernel for one reason or another. */
const STREAMS: Readonly<Record<string, Streams>> = {
  "no profiles": { profiles: [], genesCount: 3, firstOffset: 56 },
  "empty profiles": {
    profiles: [[], [1, 2], [], [], [0, 7, 2, 1], []],
    genesCount: 4,
    firstOffset: 56,
  },
  "long gaps": {
    profiles: [
      canonicalPairs([...new Array(9000).fill(0), 5]),
      [...new Array(35).fill([255, 0]).flat(), 0, 3, 75, 1],
      [255, 0, 255, 0, 0, 1],
    ],
    genesCount: 9001,
    firstOffset: 0,
  },
  "counts of a million": {
    profiles: [
      canonicalPairs([1e6, 0, 0, 1e6]),
      canonicalPairs([0, 1, 1e6, 0]),
    ],
    genesCount: 4,
    firstOffset: 56,
  },
  "a profile with all genes": {
    profiles: [
      canonicalPairs(Array.from({ length: 5000 }, (_, gene) => gene % 300 + 1)),
      [],
      canonicalPairs(Array.from({ length: 5000 }, () => 1)),
    ],
    genesCount: 5000,
    firstOffset: 0,
  },
  "one gene": {
    profiles: [[0, 1], [], [0, 0], full(8).map((value, at) => at % 2 * value)],
    genesCount: 1,
    firstOffset: 56,
  },
  "70,000 tiny profiles": {
    profiles: Array.from({ length: 70_000 }, (_, at): Pairs => {
      return [[], [at % 5, 1], [0, 2, 4, at % 256]][at % 3]!;
    }),
    genesCount: 5,
    firstOffset: 56,
  },
  "zeros and repeats": {
    profiles: [
      [0, 0, 0, 0, 0, 5, 0, 0, 0, 6, 1, 0, 0, 7, 0, 0, 1, 0],
      [3, 0],
      [0, 0],
      [1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1],
      [...new Array(600).fill([0, 255]).flat(), 3, 0, 0, 255],
      [...new Array(600).fill([0, 0]).flat(), 3, 1],
    ],
    genesCount: 4,
    firstOffset: 0,
  },
};

for (const [name, streams] of Object.entries(STREAMS)) {
  engineTest(`all kernels are exact over ${name}`, async (engine) => {
    await compare(engine, streams);
  });
}

engineTest("all kernels are exact over random pairs", async (engine) => {
  for (let seed = 1; seed <= 6; seed++) {
    const random = new Random(seed);
    const genesCount = 1 + random.below([3, 50, 2000][seed % 3]!);
    const profiles = Array.from({ length: 1 + random.below(60) }, () => {
      if (seed % 2) return oddPairs(random, genesCount);
      const limit = [2, 20, 700][random.below(3)]!;
      return canonicalPairs(
        Array.from({ length: genesCount }, () => random.below(limit)),
      );
    });
    const firstOffset = seed % 2 ? 56 : 0;
    await compare(engine, { profiles, genesCount, firstOffset });
  }
});

engineTest("totals and sums are exact past 2^32", async (engine) => {
  const pairs = new Uint8Array(2 * 4_500_000).fill(255);
  for (let at = 0; at < pairs.length; at += 2) pairs[at] = 0;
  const streams: Streams = {
    profiles: [pairs, [0, 1, 1, 1]],
    genesCount: 2,
    firstOffset: 56,
  };
  const count = 255 * 4_500_000;
  const bytes = matrixBytes(streams);
  using matrix = await MemoryMappedMatrix.open(bytes);
  const profiles = Int32Array.of(0, 0, 1, 0, 0, 0);
  const spans = [selectProfiles(matrix, { profiles })];
  const all = [...await engine.profileTotals(spans, 6)];
  assertEquals(all, [count, count, 2, count, count, count]);
  assertEquals([...await engine.geneTotals(spans, 2)], [5 * count + 1, 1]);
  const rows = Int32Array.of(1, 1, 1, 1, 1, 0);
  const sums = await engine.groupSums(spans, {
    rows,
    rowsCount: 2,
    genesCount: 2,
  });
  assertEquals([...sums], [count, 0, 4 * count + 1, 1]);
});

engineTest("groupSums() takes more rows than are at hand", async (engine) => {
  const random = new Random(5);
  const genesCount = 30_000;
  const rowsCount = 230;
  const profiles = Array.from(
    { length: 400 },
    () => [random.below(200), 1, 200, 2, 255, 0, random.below(255), 255],
  );
  const streams: Streams = { profiles, genesCount, firstOffset: 56 };
  const rows = profiles.map(() => random.below(rowsCount + 1) - 1);
  await withTempFolder(async (folder) => {
    const path = `${folder}/gp.umis.mmm`;
    Deno.writeFileSync(path, matrixBytes(streams));
    using matrix = await MemoryMappedMatrix.open(path);
    const shape = { rows: Int32Array.from(rows), rowsCount, genesCount };
    let done = 0;
    const advance = (count: number) => done += count;
    const span = selectProfiles(matrix);
    const sums = await engine.groupSums([span], shape, { advance });
    const all = new Float64Array(rowsCount * genesCount);
    profiles.forEach((pairs, profile) => {
      if (rows[profile]! < 0) return;
      for (let at = 0, gene = 0; at < pairs.length; at += 2) {
        gene += pairs[at]!;
        all[rows[profile]! * genesCount + gene]! += pairs[at + 1]!;
      }
    });
    assertEquals(sums.length, all.length);
    assertEquals(sums.findIndex((sum, at) => sum !== all[at]), -1);
    assertEquals(done, profiles.length);
  });
});

engineTest("groupSums() tells of profiles in no row too", async (engine) => {
  const profiles = Array.from({ length: 500 }, () => [1, 1]);
  const streams: Streams = { profiles, genesCount: 3, firstOffset: 56 };
  await withTempFolder(async (folder) => {
    const path = `${folder}/gp.umis.mmm`;
    Deno.writeFileSync(path, matrixBytes(streams));
    using matrix = await MemoryMappedMatrix.open(path);
    for (const modulo of [1, 3, 500]) {
      const rows = new Int32Array(500)
        .map((_, at) => at % modulo === 0 ? -1 : 0);
      const shape = { rows, rowsCount: 1, genesCount: 3 };
      let done = 0;
      const advance = (count: number) => done += count;
      await engine.groupSums([selectProfiles(matrix)], shape, { advance });
      assertEquals(done, 500);
    }
  });
});

engineTest("groupPairs() says which sum fits no count", async (engine) => {
  const most = 2 ** 32 - 1;
  const array = { dtype: "uint32", shape: [2, 2] } as const;
  const data = Uint32Array.of(0, 0, most, 1);
  using matrix = new DenseMatrix(
    decodeNpy(encodeNpy({ ...array, data })),
    "gp.umis.npy",
  );
  const error = await assertRejects(
    () => {
      const rows = Int32Array.of(1, 1);
      const shape = { rows, rowsCount: 2, genesCount: 2 };
      return engine.groupPairs([selectProfiles(matrix)], shape, () => {});
    },
    LargeSumError,
    "Cannot sum row 1: the sum of gene 1 is 4294967296, and counts go up to " +
      "4294967295",
  );
  assertEquals([error.row, error.gene, error.sum], [1, 1, most + 1]);
});

engineTest("all kernels are exact over dense arrays", async (engine) => {
  const counts = [[0, 3, 1e6], [0, 0, 0], [7, 0, 255], [256, 1, 0]];
  const shape = [3, 4];
  const data = Uint32Array.from(
    { length: 12 },
    (_, at) => counts[at % 4]![Math.floor(at / 4)]!,
  );
  const array = decodeNpy(encodeNpy({ dtype: "uint32", shape, data }));
  using matrix = new DenseMatrix(array, "gp.umis.npy");
  const streams: Streams = {
    profiles: counts.map(canonicalPairs),
    genesCount: 3,
    firstOffset: 56,
  };
  const all = wantAll(streams);
  assertEquals(
    await runKernels(engine, [selectProfiles(matrix)], all),
    expected(streams, all),
  );
});

engineTest(
  "decodeDense() rounds large counts once, into given rows",
  async (engine) => {
    const count = 2 ** 24 + 3;
    const streams: Streams = {
      profiles: [canonicalPairs([0, count])],
      genesCount: 2,
      firstOffset: 56,
    };
    using matrix = await MemoryMappedMatrix.open(matrixBytes(streams));
    const into = new Float32Array(4);
    const rows = await engine.decodeDense(
      [selectProfiles(matrix, { firstTarget: 1 })],
      { profilesCount: 2, genesCount: 2, dtype: "float32", into },
    );
    assertEquals([...rows], [0, 0, 0, Math.fround(count)]);
    assertEquals(rows === into, true);
  },
);
