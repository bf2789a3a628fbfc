import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import type { RowsSampler } from "../../../src/mapped/samplers/sampler.ts";
import { BlockShuffleSampler } from "../../../src/mapped/samplers/block_shuffle.ts";
import { GroupSampler } from "../../../src/mapped/samplers/same_group.ts";
import { StratifiedSampler } from "../../../src/mapped/samplers/stratified.ts";
import { WeightedSampler } from "../../../src/mapped/samplers/weighted.ts";
import {
  RandomSampler,
  SequentialSampler,
} from "../../../src/mapped/samplers/plain.ts";

interface Options {
  readonly batchSize: number;
  readonly seed: number;
  readonly rank: number;
  readonly worldSize: number;
  readonly dropLast: boolean;
  readonly rows?: readonly number[];
}

type Make = (length: number, options: Options) => RowsSampler;

const labelOf = (row: number) => ["a", "b", "a", null, "c", "a"][row % 6]!;

function labelsOf(length: number): (string | null)[] {
  return Array.from({ length }, (_, row) => labelOf(row));
}

/** Samplers that take each row once an epoch. */
const ONCE: Readonly<Record<string, Make>> = {
  SequentialSampler: (length, options) =>
    new SequentialSampler(length, options),
  RandomSampler: (length, options) => new RandomSampler(length, options),
  BlockShuffleSampler: (length, options) =>
    new BlockShuffleSampler(length, {
      ...options,
      blockSize: 3,
      bufferBlocks: 4,
    }),
  StratifiedSampler: (length, options) =>
    new StratifiedSampler(labelsOf(length), options),
  GroupSampler: (length, options) =>
    new GroupSampler(labelsOf(length), options),
  "WeightedSampler without replacement": (length, options) =>
    new WeightedSampler(
      Array.from({ length }, (_, row) => 1 + row % 3),
      { ...options, replacement: false },
    ),
};

const ALL: Readonly<Record<string, Make>> = {
  ...ONCE,
  "WeightedSampler": (length, options) =>
    new WeightedSampler(
      Array.from({ length }, (_, row) => row % 3),
      options,
    ),
  "StratifiedSampler of equal shares": (length, options) =>
    new StratifiedSampler(labelsOf(length), { ...options, balance: "equal" }),
};

const PLAIN: Options = {
  batchSize: 4,
  seed: 1,
  rank: 0,
  worldSize: 1,
  dropLast: false,
};

for (const [name, make] of Object.entries(ONCE)) {
  Deno.test(`${name} has each row once in all ranks together`, () => {
    fc.assert(
      fc.property(
        fc.record({
          length: fc.nat(150),
          batchSize: fc.integer({ min: 1, max: 20 }),
          seed: fc.nat(),
          worldSize: fc.integer({ min: 1, max: 5 }),
          epoch: fc.nat(3),
          isPart: fc.boolean(),
        }),
        ({ length, worldSize, epoch, isPart, ...options }) => {
          const rows = isPart ? everyOther(length) : countUp(length);
          const samplers = countUp(worldSize).map((rank) =>
            make(length, {
              ...options,
              worldSize,
              rank,
              dropLast: false,
              ...isPart ? { rows } : {},
            })
          );
          const parts = samplers.map((sampler) => [...sampler.batches(epoch)]);
          const taken = parts.flat().flatMap((batch) => [...batch]);
          assertEquals(taken.toSorted(byValue), rows);
          const counts = parts.map((part) => part.length);
          assertEquals(counts, samplers.map((each) => each.batchesCount));
          assert(Math.max(...counts) - Math.min(...counts) <= 1);
        },
      ),
      { numRuns: 40 },
    );
  });

  Deno.test(`${name} drops batches that are not full`, () => {
    for (const worldSize of [1, 3]) {
      const batches = countUp(worldSize).flatMap((rank) => [
        ...make(47, { ...PLAIN, worldSize, rank, dropLast: true }).batches(0),
      ]);
      assert(batches.length > 8);
      assert(batches.every((batch) => batch.length === 4));
      const rows = batches.flatMap((batch) => [...batch]);
      assertEquals(new Set(rows).size, rows.length);
    }
  });
}

for (const [name, make] of Object.entries(ALL)) {
  Deno.test(`${name} starts anywhere in an epoch`, () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 90 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(2),
        (length, batchSize, rank) => {
          const options = { ...PLAIN, batchSize, rank, worldSize: 3 };
          const whole = [...make(length, options).batches(2)];
          for (let first = 0; first <= whole.length; first++) {
            const rest = [...make(length, options).batches(2, first)];
            assertEquals(rest, whole.slice(first));
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  Deno.test(`${name} leaves batches out so that ranks have as many`, () => {
    const counts = [0, 1, 2].map((rank) => {
      const options = { ...PLAIN, rank, worldSize: 3, evenRanks: true };
      const sampler = make(50, options);
      assertEquals([...sampler.batches(0)].length, sampler.batchesCount);
      return sampler.batchesCount;
    });
    assertEquals(new Set(counts).size, 1);
  });

  Deno.test(`${name} has batches of its seed and epoch`, () => {
    const batchesOf = (seed: number, epoch: number) =>
      JSON.stringify(
        Array.from(
          make(60, { ...PLAIN, seed }).batches(epoch),
          (batch) => [...batch],
        ),
      );
    assertEquals(batchesOf(5, 2), batchesOf(5, 2));
    if (name === "SequentialSampler") return;
    const different = [batchesOf(5, 2), batchesOf(5, 3), batchesOf(6, 2)];
    assertEquals(new Set(different).size, 3);
  });

  Deno.test(`${name} has an identity of all that decides the batches`, () => {
    const identities = [
      PLAIN,
      { ...PLAIN, batchSize: 5 },
      { ...PLAIN, seed: 2 },
      { ...PLAIN, worldSize: 2 },
      { ...PLAIN, worldSize: 2, rank: 1 },
      { ...PLAIN, dropLast: true },
      { ...PLAIN, rows: everyOther(60) },
    ].map((options) => make(60, options).identity);
    identities.push(make(66, PLAIN).identity);
    assertEquals(new Set(identities).size, identities.length);
    assertEquals(make(60, PLAIN).identity, identities[0]);
  });

  Deno.test(`${name} refuses what is no number of its kind`, () => {
    for (
      const [options, what] of [
        [{ batchSize: 0 }, "size of batches is 0"],
        [{ batchSize: 1.5 }, "size of batches is 1.5"],
        [{ seed: -1 }, "seed is -1"],
        [{ worldSize: 0 }, "ranks is 0"],
        [{ worldSize: 2, rank: 2 }, "rank is 2"],
        [{ rows: [0, 60] }, "row 60"],
        [{ rows: [-1] }, "row -1"],
      ] as const
    ) {
      assertThrows(() => make(60, { ...PLAIN, ...options }), RangeError, what);
    }
    assertThrows(() => [...make(60, PLAIN).batches(-1)], RangeError, "epoch");
    assertThrows(() => [...make(60, PLAIN).batches(0, 99)], RangeError, "99");
  });
}

Deno.test("RandomSampler of two epochs has other neighbours", () => {
  const sampler = new RandomSampler(1000, { batchSize: 1000 });
  const [first] = sampler.batches(0);
  const [second] = sampler.batches(1);
  const same = first!.filter((row, at) => row === second![at]).length;
  assert(same < 12, `${same} rows at the same place`);
});

Deno.test("BlockShuffleSampler shuffles blocks, and rows within buffers", () => {
  const sampler = new BlockShuffleSampler(1000, {
    batchSize: 20,
    blockSize: 10,
    bufferBlocks: 6,
    lanes: 1,
  });
  const batches = [...sampler.batches(0)];
  const firsts: number[] = [];
  for (let at = 0; at < batches.length; at += 3) {
    const rows = batches.slice(at, at + 3).flatMap((batch) => [...batch]);
    const blocks = new Set(rows.map((row) => Math.floor(row / 10)));
    assertEquals(blocks.size, Math.ceil(rows.length / 10));
    assertNotEquals(rows, rows.toSorted(byValue));
    firsts.push(Math.min(...rows));
  }
  assertNotEquals(firsts, firsts.toSorted(byValue));
});

Deno.test("BlockShuffleSampler takes batches from its lanes in turn", () => {
  const sampler = new BlockShuffleSampler(1010, {
    batchSize: 20,
    blockSize: 10,
    bufferBlocks: 12,
    lanes: 3,
  });
  const batches = [...sampler.batches(0)];
  assertEquals(batches.slice(0, -1).every((rows) => rows.length === 20), true);
  assertEquals(batches.at(-1)!.length, 10);
  const blocksOf = (rows: Int32Array) =>
    new Set(Array.from(rows, (row) => Math.floor(row / 10)));
  // A lane has four blocks, which are two batches.
  const seen = [0, 1, 2].map((lane) => {
    const blocks = blocksOf(batches[lane]!).union(blocksOf(batches[lane + 3]!));
    assert(blocks.size <= 5);
    return blocks;
  });
  assert(seen[0]!.isDisjointFrom(seen[2]!));
  assertEquals(sampler.lanes, 3);
});

Deno.test("BlockShuffleSampler of a rank reads whole blocks but for its ends", () => {
  for (const rank of [0, 1, 2]) {
    const sampler = new BlockShuffleSampler(1000, {
      batchSize: 10,
      blockSize: 25,
      bufferBlocks: 2,
      rank,
      worldSize: 3,
    });
    const rows = [...sampler.batches(4)].flatMap((batch) => [...batch]);
    const counts = new Map<number, number>();
    for (const row of rows) {
      const block = Math.floor(row / 25);
      counts.set(block, (counts.get(block) ?? 0) + 1);
    }
    const cut = [...counts.values()].filter((count) => count < 25).length;
    assert(cut <= 2, `${cut} blocks are not whole`);
  }
});

Deno.test("BlockShuffleSampler refuses blocks of no size", () => {
  for (const options of [{ blockSize: 0 }, { bufferBlocks: 0 }, { lanes: 0 }]) {
    assertThrows(
      () => new BlockShuffleSampler(9, { batchSize: 1, ...options }),
      RangeError,
      "is 0",
    );
  }
});

Deno.test("StratifiedSampler gives batches their share of each label", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 30 }),
      fc.constantFrom("proportional", "equal"),
      (counts, batchSize, balance) => {
        const labels = counts.flatMap((count, at) =>
          new Array<string>(count).fill(`l${at}`)
        );
        const sampler = new StratifiedSampler(labels, { batchSize, balance });
        const present = counts.filter((count) => count > 0).length;
        for (const batch of sampler.batches(1)) {
          counts.forEach((count, at) => {
            if (count === 0) return;
            const taken = batch.filter((row) => labels[row] === `l${at}`);
            const share = balance === "equal"
              ? 1 / present
              : count / labels.length;
            const wanted = share * batch.length;
            assert(
              Math.abs(taken.length - wanted) < 2 + 1e-9,
              `${taken.length} and not ${wanted}`,
            );
          });
        }
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("StratifiedSampler refuses proportions that there are not", () => {
  const balance = "weighted" as "equal";
  assertThrows(
    () => new StratifiedSampler(["x"], { batchSize: 1, balance }),
    TypeError,
    "the balance is weighted",
  );
});

Deno.test("StratifiedSampler of equal shares repeats rare rows in turn", () => {
  const labels = Array.from({ length: 90 }, (_, row) => row < 9 ? "rare" : "x");
  const sampler = new StratifiedSampler(labels, {
    batchSize: 10,
    balance: "equal",
  });
  const counts = new Int32Array(90);
  for (const batch of sampler.batches(0)) {
    assertEquals(batch.filter((row) => row < 9).length, 5);
    batch.forEach((row) => counts[row]!++);
  }
  assertEquals(new Set(counts.subarray(0, 9)), new Set([5]));
  assert(counts.subarray(9).every((count) => count <= 1));
});

Deno.test("GroupSampler makes batches of one group, in random order", () => {
  const labels = labelsOf(300);
  const sampler = new GroupSampler(labels, { batchSize: 8 });
  const groups = Array.from(sampler.batches(0), (batch) => {
    const found = new Set(Array.from(batch, (row) => labels[row]));
    assertEquals(found.size, 1);
    return String([...found][0]);
  });
  assertNotEquals(groups, groups.toSorted());
});

Deno.test("WeightedSampler draws in proportion to the weights", () => {
  const weights = [0, 1, 2, 3, 4, 0, 1e-300];
  const sampler = new WeightedSampler(weights, {
    batchSize: 512,
    samplesCount: 50_000,
  });
  const counts = new Int32Array(weights.length);
  for (const batch of sampler.batches(0)) {
    batch.forEach((row) => counts[row]!++);
  }
  weights.forEach((weight, row) =>
    assertAlmostEquals(counts[row]! / 50_000, weight / 10, 0.01)
  );
  assertEquals([counts[0], counts[5], counts[6]], [0, 0, 0]);
});

Deno.test("WeightedSampler takes weights of any size", () => {
  for (const scale of [1e-300, 1, 1e300]) {
    const weights = [1, 3].map((weight) => weight * scale);
    const sampler = new WeightedSampler(weights, {
      batchSize: 8000,
      samplesCount: 8000,
    });
    const [batch] = sampler.batches(0);
    const share = batch!.filter((row) => row === 1).length / 8000;
    assertAlmostEquals(share, 0.75, 0.03);
  }
});

Deno.test("WeightedSampler without replacement draws heavy rows first", () => {
  const weights = Array.from({ length: 40 }, (_, row) => row < 20 ? 1 : 9);
  let heavy = 0;
  for (let epoch = 0; epoch < 300; epoch++) {
    const sampler = new WeightedSampler(weights, {
      batchSize: 1,
      replacement: false,
    });
    const [first] = sampler.batches(epoch);
    if (first![0]! >= 20) heavy++;
  }
  assertAlmostEquals(heavy / 300, 0.9, 0.06);
});

Deno.test("WeightedSampler without replacement never takes a weight of 0", () => {
  const sampler = new WeightedSampler([0, 1, 0, 5], {
    batchSize: 9,
    replacement: false,
  });
  const [batch] = sampler.batches(0);
  assertEquals([...batch!].toSorted(byValue), [1, 3]);
  assertEquals(sampler.samplesCount, 2);
});

Deno.test("WeightedSampler without replacement tells the least weights from 0", () => {
  const sampler = new WeightedSampler([0, 5e-324, 0, 1e-310, 1], {
    batchSize: 9,
    replacement: false,
  });
  let first = 0;
  for (let epoch = 0; epoch < 300; epoch++) {
    const [batch] = sampler.batches(epoch);
    assertEquals([...batch!].toSorted(byValue), [1, 3, 4]);
    assertEquals(batch![0], 4);
    const [light, heavy] = [1, 3].map((row) => batch!.indexOf(row));
    assert(heavy! < light!);
    const tiny = new WeightedSampler([1e-310, 3e-310], {
      batchSize: 1,
      replacement: false,
    });
    if ([...tiny.batches(epoch)][0]![0] === 1) first++;
  }
  assertAlmostEquals(first / 300, 0.75, 0.08);
});

Deno.test("WeightedSampler refuses weights that are none", () => {
  const options = { batchSize: 1 };
  for (const weight of [-1, NaN, Infinity]) {
    assertThrows(
      () => new WeightedSampler([1, weight], options),
      RangeError,
      `weight of row 1 is ${weight}`,
    );
  }
  assertThrows(() => new WeightedSampler([0, 0], options), RangeError, "0");
  assertThrows(
    () =>
      new WeightedSampler([1, 0, 1], {
        ...options,
        replacement: false,
        samplesCount: 3,
      }),
    RangeError,
    "samples is 3",
  );
});

function countUp(length: number): number[] {
  return Array.from({ length }, (_, at) => at);
}

function everyOther(length: number): number[] {
  return countUp(length).filter((row) => row % 2 === 1);
}

function byValue(left: number, right: number): number {
  return left - right;
}
