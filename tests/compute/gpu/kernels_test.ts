import { assertEquals } from "@std/assert";
import {
  createGpuEngine,
  type GpuEngine,
} from "../../../src/compute/gpu/gpu_engine.ts";
import {
  type LeafSpan,
  selectProfiles,
} from "../../../src/compute/leaf_spans.ts";
import { ReferenceEngine } from "../../../src/compute/reference_engine.ts";
import { asHardware, takeDevice } from "./_device.ts";
import {
  gpuTest,
  matrixOf,
  type Pairs,
  Random,
  randomProfiles,
  withEngines,
} from "./_gpu.ts";

const reference = new ReferenceEngine();

/** What all kernels are asked of. */
interface Shape {
  readonly profilesCount: number;
  readonly genesCount: number;
  readonly rows: Int32Array;
  readonly rowsCount: number;
}

/** Compares all kernels with the reference; decoding where it is not too much. */
async function assertSame(
  engine: GpuEngine,
  spans: readonly LeafSpan[],
  shape: Shape,
): Promise<void> {
  const { profilesCount, genesCount } = shape;
  for (const kernel of ["profileTotals", "profileEntries"] as const) {
    const values = await engine[kernel](spans, profilesCount);
    const expected = await reference[kernel](spans, profilesCount);
    assertSameArray(values, expected, kernel);
  }
  assertSameArray(
    await engine.geneTotals(spans, genesCount),
    await reference.geneTotals(spans, genesCount),
    "geneTotals",
  );
  assertSameArray(
    await engine.groupSums(spans, shape),
    await reference.groupSums(spans, shape),
    "groupSums",
  );
  const sparse = await engine.decodeSparse(spans, shape);
  const expected = await reference.decodeSparse(spans, shape);
  for (const part of ["offsets", "genes", "counts"] as const) {
    assertSameArray(sparse[part], expected[part], `decodeSparse ${part}`);
  }
  if (profilesCount * genesCount > 1e7) return;
  for (const dtype of ["float32", "uint32"] as const) {
    assertSameArray(
      await engine.decodeDense(spans, { ...shape, dtype }),
      await reference.decodeDense(spans, { ...shape, dtype }),
      `decodeDense ${dtype}`,
    );
  }
}

/** As `assertEquals`, quick for long arrays. */
function assertSameArray<T extends ArrayLike<number>>(
  actual: T,
  expected: T,
  what: string,
): void {
  assertEquals(actual.constructor, expected.constructor, what);
  assertEquals(actual.length, expected.length, what);
  for (let at = 0; at < expected.length; at++) {
    if (Object.is(actual[at], expected[at])) continue;
    assertEquals(actual[at], expected[at], `${what} at ${at}`);
  }
}

function shapeOf(
  profilesCount: number,
  genesCount: number,
  rowsCount = 5,
): Shape {
  const random = new Random(profilesCount);
  const rows = Int32Array.from(
    { length: profilesCount },
    () => random.below(rowsCount + 1) - 1,
  );
  return { profilesCount, genesCount, rows, rowsCount };
}

async function assertSameOf(
  profiles: readonly Pairs[],
  genesCount: number,
): Promise<void> {
  using matrix = await matrixOf(profiles, genesCount);
  const shape = shapeOf(profiles.length, genesCount);
  const geneMap = Int32Array.from(
    { length: genesCount },
    (_, gene) => gene % 4 === 1 ? -1 : gene,
  );
  await withEngines({}, async (engine) => {
    await assertSame(engine, [selectProfiles(matrix)], shape);
    await assertSame(engine, [selectProfiles(matrix, { geneMap })], shape);
  });
}

const flat = (count: number, pair: [number, number]): Uint8Array => {
  const pairs = new Uint8Array(2 * count);
  for (let at = 0; at < count; at++) pairs.set(pair, 2 * at);
  return pairs;
};

const joined = (...parts: Pairs[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => Array.from(part)));

/** A count as pairs of one gene, of which the first has a delta. */
function countPairs(delta: number, count: number): Uint8Array {
  const pairs = flat(Math.ceil(count / 255), [0, 255]);
  pairs[0] = delta;
  pairs[pairs.length - 1] = count - (pairs.length / 2 - 1) * 255;
  return pairs;
}

for (
  const [name, options] of [
    ["in one chunk", {}],
    ["in many chunks", { chunkBytes: 2000 }],
    ["in small buffers", { chunkBytes: 3000, bindingBytes: 6000 }],
  ] as const
) {
  gpuTest(`GpuEngine equals the reference ${name} (gpu)`, async () => {
    const genes = 300;
    const shape = { profiles: 40, genes, pairs: 300 };
    using matrix = await matrixOf(randomProfiles(1, shape), genes);
    using other = await matrixOf(randomProfiles(2, shape), genes);
    const geneMap = Int32Array.from(
      { length: genes },
      (_, gene) => gene % 3 === 1 ? -1 : genes - 1 - gene,
    );
    const ascendingMap = geneMap.map((gene) => gene < 0 ? -1 : 299 - gene);
    const profiles = Int32Array.of(9, 3, 3, 25, 39, 0);
    const targets = Int32Array.of(80, 82, 81, 84, 85, 83);
    await withEngines(options, async (engine) => {
      await assertSame(engine, [
        selectProfiles(matrix),
        selectProfiles(other, { firstTarget: 40, geneMap }),
        selectProfiles(matrix, { profiles, targets, geneMap: ascendingMap }),
      ], shapeOf(90, genes));
    });
  });
}

gpuTest(
  "GpuEngine shares profiles in the teams of hardware (gpu)",
  async () => {
    const shape = { profiles: 75, genes: 400, pairs: 400 };
    using matrix = await matrixOf(randomProfiles(4, shape), 400);
    const device = await takeDevice(["subgroups" as GPUFeatureName])
      .catch(() => takeDevice());
    await withEngines({ device: asHardware(device) }, async (engine) => {
      assertEquals(engine.adapterName, "hardware");
      await assertSame(engine, [selectProfiles(matrix)], shapeOf(75, 400));
    });
    device.destroy();
  },
);

gpuTest("GpuEngine takes any lengths and alignments (gpu)", async () => {
  const all = randomProfiles(3, { profiles: 1, genes: 4000, pairs: 1e4 })[0]!;
  const lengths = Array.from({ length: 70 }, (_, at) => at)
    .concat([127, 128, 129, 511, 512, 513, 514, 1023, 1025]);
  const pairs = all.slice(0, 2100);
  await assertSameOf(lengths.map((length) => pairs.slice(0, 2 * length)), 4000);
});

gpuTest("GpuEngine takes odd streams (gpu)", async () => {
  await assertSameOf([
    [],
    [0, 0],
    [0, 5],
    flat(1000, [0, 0]),
    joined(flat(999, [0, 0]), [0, 7]),
    joined([0, 0], flat(300, [0, 1]), flat(50, [255, 0]), [3, 4]),
    joined(flat(20, [255, 0]), countPairs(1, 1_000_000), countPairs(1, 256)),
    joined([0, 200], flat(100, [0, 0]), [0, 100, 1, 0, 0, 0, 0, 9]),
    flat(20_000, [1, 1]),
    flat(78, [255, 255]),
    flat(20_000, [1, 0]),
    [],
  ], 20_001);
});

gpuTest("decodeDense() rounds counts once, to even (gpu)", async () => {
  const counts = [2 ** 24 - 1, 2 ** 24 + 1, 2 ** 24 + 3, 25_000_003];
  const profiles = counts.map((count) => countPairs(3, count));
  using matrix = await matrixOf(profiles, 4);
  const shape = { profilesCount: 4, genesCount: 4, dtype: "float32" } as const;
  await withEngines({}, async (engine) => {
    const rows = await engine.decodeDense([selectProfiles(matrix)], shape);
    const last = counts.map((_, at) => rows[4 * at + 3]);
    assertEquals(last, [2 ** 24 - 1, 2 ** 24, 2 ** 24 + 4, 25_000_004]);
  });
});

// More than there may be workgroups in one direction.
gpuTest("GpuEngine takes 70,000 tiny profiles (gpu)", async () => {
  const shape = { profiles: 70_000, genes: 200, pairs: 4 };
  using matrix = await matrixOf(randomProfiles(5, shape), 200);
  const spans = [selectProfiles(matrix)];
  await using engine = await createGpuEngine({ subgroups: "never" });
  for (const kernel of ["profileTotals", "profileEntries"] as const) {
    const values = await engine[kernel](spans, 70_000);
    const expected = await reference[kernel](spans, 70_000);
    assertSameArray(values, expected, kernel);
  }
  const sparse = { profilesCount: 70_000, genesCount: 200 };
  const { offsets, counts } = await engine.decodeSparse(spans, sparse);
  const expected = await reference.decodeSparse(spans, sparse);
  assertSameArray(offsets, expected.offsets, "offsets");
  assertSameArray(counts, expected.counts, "counts");
});

/** The longest profile that llvmpipe is given, in pairs, and one more. */
const MOST_PAIRS = 3 * 2 ** 15;

gpuTest("GpuEngine takes long profiles (gpu)", async () => {
  const random = new Random(6);
  const pairs = new Uint8Array(2 * MOST_PAIRS + 2);
  for (let at = 0; at < pairs.length; at += 2) {
    pairs.set([random.below(4), random.below(256)], at);
  }
  const most = pairs.subarray(0, 2 * MOST_PAIRS);
  await assertSameOf([
    [1, 2],
    pairs,
    most,
    [3, 4],
    flat(MOST_PAIRS, [0, 255]),
    joined(flat(MOST_PAIRS - 1, [0, 0]), [0, 1]),
    flat(MOST_PAIRS + 1, [0, 255]),
  ], 300_000);
});

gpuTest("geneTotals() and groupSums() are exact past 2^32 (gpu)", async () => {
  const profile = flat(90_000, [0, 255]);
  profile.set([1, 255], profile.length - 2);
  using matrix = await matrixOf(new Array(190).fill(profile), 3);
  await withEngines({}, async (engine) => {
    if (!engine.hasSubgroups) return;
    const expected = [255 * 89_999 * 190, 255 * 190, 0];
    const spans = [selectProfiles(matrix)];
    assertEquals([...await engine.geneTotals(spans, 3)], expected);
    const shape = { rows: new Int32Array(190), rowsCount: 1, genesCount: 3 };
    assertEquals([...await engine.groupSums(spans, shape)], expected);
  });
});

gpuTest("GpuEngine takes nothing, and no genes (gpu)", async () => {
  using matrix = await matrixOf([[0, 3], [], [1, 1]], 2);
  const geneMap = Int32Array.of(-1, -1);
  await withEngines({}, async (engine) => {
    await assertSame(engine, [], shapeOf(0, 0));
    await assertSame(engine, [], shapeOf(3, 4));
    await assertSame(
      engine,
      [selectProfiles(matrix, { geneMap })],
      shapeOf(3, 0),
    );
    const rows = shapeOf(3, 2, 0);
    assertEquals(
      await engine.groupSums([selectProfiles(matrix)], rows),
      new Float64Array(0),
    );
  });
});

gpuTest("decodeDense() decodes into the given rows (gpu)", async () => {
  using matrix = await matrixOf([[0, 3], [], [1, 1]], 2);
  await withEngines({}, async (engine) => {
    const buffer = new Float32Array(8);
    const into = buffer.subarray(1, 7);
    const shape = {
      profilesCount: 3,
      genesCount: 2,
      dtype: "float32",
    } as const;
    const rows = await engine.decodeDense([selectProfiles(matrix)], {
      ...shape,
      into,
    });
    assertEquals(rows, into);
    assertEquals([...buffer], [0, 3, 0, 0, 0, 0, 1, 0]);
  });
});
