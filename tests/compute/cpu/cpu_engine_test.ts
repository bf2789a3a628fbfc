import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type CpuEngineOptions,
  createCpuEngine,
} from "../../../src/compute/cpu/cpu_engine.ts";
import type { Engine, KernelOptions } from "../../../src/compute/engine.ts";
import {
  type LeafSpan,
  selectProfiles,
} from "../../../src/compute/leaf_spans.ts";
import { ReferenceEngine } from "../../../src/compute/reference_engine.ts";
import type { RowPairs } from "../../../src/compute/row_pairs.ts";
import type { ByteSource } from "../../../src/io/byte_source.ts";
import { MemoryMappedMatrix } from "../../../src/matrix/memory_mapped_matrix.ts";
import { withTempFolder } from "../../helpers.ts";
import {
  canonicalPairs,
  matrixBytes,
  type Pairs,
  pairsOfRows,
  Random,
} from "../_streams.ts";

const GENES = 1000;

/** Threads start at once, and one alone is without any. */
const TEAMS: readonly CpuEngineOptions[] = [
  { threads: 1 },
  { threads: 3, startTime: 0 },
];

/** Runs each kernel that goes over all of the pairs. */
const RUNS: readonly ((
  engine: Engine,
  spans: LeafSpan[],
  options?: KernelOptions,
) => Promise<unknown>)[] = [
  (engine, spans, options) => engine.profileTotals(spans, 4000, options),
  (engine, spans, options) => engine.profileEntries(spans, 4000, options),
  (engine, spans, options) => engine.geneTotals(spans, GENES, options),
  (engine, spans, options) => {
    const rows = new Int32Array(4000);
    const shape = { rows, rowsCount: 1, genesCount: GENES };
    return engine.groupSums(spans, shape, options);
  },
  (engine, spans, options) => {
    const rows = new Int32Array(4000).map((_, at) => at % 80);
    const shape = { rows, rowsCount: 80, genesCount: GENES, sumsAtOnce: 1 };
    return engine.groupPairs(spans, shape, () => {}, options);
  },
  (engine, spans, options) => {
    const shape = { profilesCount: 4000, genesCount: GENES };
    return engine.decodeDense(spans, { ...shape, dtype: "uint32" }, options);
  },
  (engine, spans, options) => {
    const shape = { profilesCount: 4000, genesCount: GENES };
    return engine.decodeSparse(spans, shape, options);
  },
];

/** 4,000 profiles of 2 kB, of which some can be others. */
function manyProfiles(others: Record<number, Pairs> = {}): Uint8Array {
  const ones = new Uint8Array(2 * GENES).fill(1);
  ones[0] = 0;
  const profiles = Array.from({ length: 4000 }, (_, at) => others[at] ?? ones);
  return matrixBytes({ profiles, genesCount: GENES, firstOffset: 56 });
}

async function withMatrix(
  bytes: Uint8Array,
  run: (matrix: MemoryMappedMatrix, path: string) => Promise<void>,
): Promise<void> {
  await withTempFolder(async (folder) => {
    const path = `${folder}/gp.umis.mmm`;
    Deno.writeFileSync(path, bytes);
    using matrix = await MemoryMappedMatrix.open(path);
    await run(matrix, path);
  });
}

Deno.test("CpuEngine names the first pair that is not valid", async () => {
  const bad = new Uint8Array(600).fill(1);
  bad[500] = 255;
  bad[502] = 255;
  bad[504] = 255;
  const start = 56 + 3990 * 2 * GENES;
  for (const geneMap of [undefined, new Int32Array(GENES).fill(-1)]) {
    await withMatrix(manyProfiles({ 3990: bad, 3995: bad }), async (matrix) => {
      const spans = [selectProfiles(matrix, { geneMap })];
      for (const options of TEAMS) {
        await using engine = createCpuEngine(options);
        for (const run of RUNS) {
          await assertRejects(
            () => run(engine, spans),
            SyntaxError,
            `Cannot read ${matrix.name}: the pair at offset ${start + 504} ` +
              `leads to gene 1015 of 1000`,
          );
        }
        // What went wrong leaves nothing behind.
        const fine = [
          selectProfiles(matrix, { profiles: Int32Array.of(1, 2) }),
        ];
        const totals = await engine.geneTotals(fine, GENES);
        assertEquals(new Set(totals), new Set([2]));
      }
    });
  }
});

Deno.test("CpuEngine names the pair that leads far past the last gene", async () => {
  const bad = new Uint8Array(200_000).fill(255);
  await withMatrix(manyProfiles({ 1: bad }), async (matrix) => {
    for (const options of TEAMS) {
      await using engine = createCpuEngine(options);
      for (const run of RUNS) {
        await assertRejects(
          () => run(engine, [selectProfiles(matrix)]),
          SyntaxError,
          `offset ${56 + 2 * GENES + 6} leads to gene 1020 of 1000`,
        );
      }
    }
  });
});

Deno.test("CpuEngine decodes a profile as often as it is asked for", async () => {
  await withMatrix(manyProfiles(), async (matrix) => {
    await using engine = createCpuEngine({ threads: 1 });
    const profilesCount = 4000;
    const profiles = new Int32Array(profilesCount).fill(7);
    const shape = { profilesCount, genesCount: GENES };
    const spans = [selectProfiles(matrix, { profiles })];
    const { offsets, genes, counts } = await engine.decodeSparse(spans, shape);
    assertEquals(offsets.at(-1), profilesCount * GENES);
    assert(genes.every((gene, at) => gene === at % GENES));
    assert(counts.every((count) => count === 1));
  });
});

Deno.test("CpuEngine tells of each profile once", async () => {
  await withMatrix(manyProfiles(), async (matrix) => {
    for (const options of TEAMS) {
      await using engine = createCpuEngine(options);
      for (const run of RUNS) {
        let done = 0;
        const advance = (count: number) => done += count;
        await run(engine, [selectProfiles(matrix)], { advance });
        assertEquals(done, 4000);
      }
    }
  });
});

/** Stops a run when it tells of the first profiles. */
class StopAtOnce implements KernelOptions {
  readonly #controller = new AbortController();
  readonly signal = this.#controller.signal;
  /** How many it tells of all the same. */
  done = 0;

  readonly advance = (count: number): void => {
    this.done += count;
    this.#controller.abort(new Error("enough"));
  };
}

Deno.test("CpuEngine stops when it is told to", async () => {
  await withMatrix(manyProfiles(), async (matrix) => {
    for (const options of TEAMS) {
      await using engine = createCpuEngine(options);
      for (const run of RUNS) {
        const spans = [selectProfiles(matrix)];
        // Threads may have done all before this one was told of anything.
        let least = Infinity;
        for (let round = 0; round < 5 && least >= 4000; round++) {
          const stop = new StopAtOnce();
          const compute = () => run(engine, spans, stop);
          await assertRejects(compute, Error, "enough");
          least = Math.min(least, stop.done);
        }
        assert(least < 4000, `${least} profiles were done`);
        const signal = AbortSignal.abort();
        await assertRejects(() => run(engine, spans, { signal }));
      }
    }
  });
});

Deno.test("CpuEngine notices a file that changed or is gone", async () => {
  for (const options of TEAMS) {
    await withMatrix(manyProfiles(), async (matrix, path) => {
      await matrix.index();
      await using engine = createCpuEngine(options);
      const spans = [selectProfiles(matrix)];
      await engine.profileTotals(spans, 4000);
      Deno.utimeSync(path, 1, 1);
      for (const run of RUNS) {
        await assertRejects(
          () => run(engine, spans),
          Error,
          `Cannot read ${path}: it changed since it was opened: ` +
            "it was written to",
        );
      }
      Deno.renameSync(path, `${path}.old`);
      for (const run of RUNS) {
        await assertRejects(() => run(engine, spans), Error, "it was removed");
      }
      Deno.renameSync(`${path}.old`, path);
      Deno.truncateSync(path, 100_000);
      for (const run of RUNS) {
        await assertRejects(() => run(engine, spans), Error, "it changed");
      }
    });
  }
});

Deno.test("CpuEngine does one computation after the other", async () => {
  await withMatrix(manyProfiles(), async (matrix) => {
    for (const options of TEAMS) {
      await using engine = createCpuEngine(options);
      const all = [selectProfiles(matrix)];
      const few = [selectProfiles(matrix, { profiles: Int32Array.of(7) })];
      const [totals, genes, one] = await Promise.all([
        engine.profileTotals(all, 4000),
        engine.geneTotals(all, GENES),
        engine.geneTotals(few, GENES),
      ]);
      assertEquals(new Set(totals), new Set([GENES]));
      assertEquals(new Set(genes), new Set([4000]));
      assertEquals(new Set(one), new Set([1]));
    }
  });
});

Deno.test("CpuEngine reads sources that take their time", async () => {
  const bytes = manyProfiles();
  const source: ByteSource = {
    name: "far away",
    byteLength: bytes.length,
    read: async (offset, target) => {
      await Promise.resolve();
      target.set(bytes.subarray(offset, offset + target.length));
    },
    close: () => {},
    [Symbol.dispose]: () => {},
  };
  using matrix = await MemoryMappedMatrix.open(source);
  for (const options of TEAMS) {
    await using engine = createCpuEngine(options);
    const totals = await engine.profileTotals([selectProfiles(matrix)], 4000);
    assertEquals(new Set(totals), new Set([GENES]));
  }
});

Deno.test("CpuEngine takes profiles of any length", async () => {
  // The most that 32 bits take, and one pair more than the kernels take.
  for (const pairsCount of [16_843_009, 16_843_010]) {
    const pairs = new Uint8Array(2 * pairsCount);
    new Uint16Array(pairs.buffer).fill(0xff00);
    const profiles = [[0, 1], pairs, [1, 3]];
    const bytes = matrixBytes({ profiles, genesCount: 2, firstOffset: 0 });
    using matrix = await MemoryMappedMatrix.open(bytes);
    await using engine = createCpuEngine({ threads: 1 });
    const spans = [selectProfiles(matrix)];
    const total = 255 * pairsCount;
    assertEquals([...await engine.profileTotals(spans, 3)], [1, total, 3]);
    assertEquals([...await engine.profileEntries(spans, 3)], [1, 1, 1]);
    assertEquals([...await engine.geneTotals(spans, 2)], [total + 1, 3]);
    const rows = Int32Array.of(0, 1, 1);
    const shape = { rows, rowsCount: 2, genesCount: 2 };
    assertEquals([...await engine.groupSums(spans, shape)], [1, 0, total, 3]);
    const dense = { profilesCount: 3, genesCount: 2, dtype: "uint32" } as const;
    if (total < 2 ** 32) {
      const decoded = await engine.decodeDense(spans, dense);
      assertEquals([...decoded], [1, 0, total, 0, 0, 3]);
    } else {
      await assertRejects(
        () => engine.decodeDense(spans, dense),
        SyntaxError,
        "the count of gene 0 passes 4294967295",
      );
    }
  }
});

Deno.test("CpuEngine sums rows as pairs, large ones and others", async () => {
  const random = new Random(3);
  const genesCount = 700;
  const profiles = Array.from({ length: 300 }, () => {
    const most = [0, 3, 400][random.below(3)]!;
    return canonicalPairs(
      Array.from({ length: genesCount }, () => random.below(most)),
    );
  });
  const streams = { profiles, genesCount, firstOffset: 0 } as const;
  const rowsCount = 40;
  // Some rows have many profiles, most have few, and some have none.
  const rows = Int32Array.from(profiles, () => random.below(41) - 1)
    .map((row) => row % 7 === 0 ? 14 : row);
  const maps = [
    undefined,
    Int32Array.from(random.shuffled(genesCount)),
    Int32Array.from(random.shuffled(genesCount)).map((gene) => gene - 300),
  ];
  await withMatrix(matrixBytes(streams), async (matrix) => {
    const cases = [];
    for (const geneMap of maps) {
      const genes = geneMap?.includes(-1) ? genesCount - 300 : genesCount;
      const span = selectProfiles(matrix, { geneMap });
      // The same profiles, in more spans than are read row by row.
      const spans = Array.from({ length: 50 }, (_, at) => {
        const own = Int32Array.from({ length: 6 }, (_, of) => 6 * at + of);
        const firstTarget = 6 * at;
        return selectProfiles(matrix, { geneMap, profiles: own, firstTarget });
      });
      const shape = { rows, rowsCount, genesCount: genes, sumsAtOnce: 5000 };
      const wanted = await pairsOfRows(new ReferenceEngine(), [span], shape);
      assertEquals(wanted.length, rowsCount);
      cases.push({ shape, wanted, spans: [span] }, { shape, wanted, spans });
    }
    for (const slotBytes of [1, 5000, undefined]) {
      for (const options of TEAMS) {
        await using engine = createCpuEngine({ ...options, slotBytes });
        for (const { shape, wanted, spans } of cases) {
          let done = 0;
          const advance = (count: number) => done += count;
          const found = await pairsOfRows(engine, spans, shape, { advance });
          assertEquals(found, wanted);
          assertEquals(done, profiles.length);
        }
      }
    }
  });
});

Deno.test("CpuEngine gives up rows that nobody takes", async () => {
  await withMatrix(manyProfiles(), async (matrix) => {
    const rows = new Int32Array(4000).map((_, at) => at);
    const shape = { rows, rowsCount: 4000, genesCount: GENES };
    for (const options of TEAMS) {
      await using engine = createCpuEngine(options);
      let taken = 0;
      const use = ({ ends }: RowPairs) => {
        taken += ends.length;
        throw new Error("no room");
      };
      await assertRejects(
        () => engine.groupPairs([selectProfiles(matrix)], shape, use),
        Error,
        "no room",
      );
      assert(taken < 4000, `${taken} rows were taken`);
      const totals = await engine.profileTotals([selectProfiles(matrix)], 4000);
      assertEquals(new Set(totals), new Set([GENES]));
    }
  });
});

Deno.test("createCpuEngine() refuses a number of threads that is none", () => {
  for (const threads of [0, -1, 1.5, NaN]) {
    assertThrows(
      () => createCpuEngine({ threads }),
      RangeError,
      `Cannot compute with ${threads} threads: there must be one or more`,
    );
  }
});

Deno.test("CpuEngine needs to read alone, and lets the process end", async () => {
  await withMatrix(manyProfiles(), async (_matrix, path) => {
    const program = new URL("./_threads_program.ts", import.meta.url).pathname;
    const { success, stdout, stderr } = await new Deno.Command(
      Deno.execPath(),
      {
        args: [
          "run",
          "--no-check",
          "--no-prompt",
          "--allow-read",
          program,
          path,
        ],
        signal: AbortSignal.timeout(30_000),
      },
    ).output();
    const decoder = new TextDecoder();
    assert(success, decoder.decode(stderr));
    const total = 4000 * GENES;
    assertEquals(decoder.decode(stdout), `${total}\n${total}\n${total}\n`);
  });
});
