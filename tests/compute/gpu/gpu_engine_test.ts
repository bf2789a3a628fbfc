import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  createGpuEngine,
  type GpuEngine,
  type GpuEngineOptions,
} from "../../../src/compute/gpu/gpu_engine.ts";
import { GpuUnavailableError } from "../../../src/compute/gpu/gpu_unavailable_error.ts";
import {
  type LeafSpan,
  selectProfiles,
} from "../../../src/compute/leaf_spans.ts";
import { ReferenceEngine } from "../../../src/compute/reference_engine.ts";
import type {
  Engine,
  Kernel,
  KernelOptions,
} from "../../../src/compute/engine.ts";
import { hangingDevice, takeDevice, watchDevice } from "./_device.ts";
import { gpuTest, matrixOf, randomProfiles, withEngines } from "./_gpu.ts";

const GENES = 200;
const PROFILES = 60;

const someProfiles = randomProfiles(11, {
  profiles: PROFILES,
  genes: GENES,
  pairs: 200,
});

/** Runs a kernel. */
type Run = (
  engine: Engine,
  spans: readonly LeafSpan[],
  options?: KernelOptions,
) => Promise<unknown>;

/** Each kernel, for what all have in common. */
const kernels: Readonly<Record<Kernel, Run>> = {
  profileTotals: (engine, spans, options) =>
    engine.profileTotals(spans, PROFILES, options),
  profileEntries: (engine, spans, options) =>
    engine.profileEntries(spans, PROFILES, options),
  geneTotals: (engine, spans, options) =>
    engine.geneTotals(spans, GENES, options),
  groupSums: (engine, spans, options) =>
    engine.groupSums(spans, {
      rows: Int32Array.from({ length: PROFILES }, (_, at) => 2 - at % 4),
      rowsCount: 3,
      genesCount: GENES,
    }, options),
  decodeDense: (engine, spans, options) => {
    const shape = { profilesCount: PROFILES, genesCount: GENES } as const;
    return engine.decodeDense(spans, { ...shape, dtype: "uint32" }, options);
  },
  decodeSparse: (engine, spans, options) => {
    const shape = { profilesCount: PROFILES, genesCount: GENES };
    return engine.decodeSparse(spans, shape, options);
  },
};

/** A device of its own for each test, which is watched. */
async function withWatched(
  hasMemory: ((size: number) => boolean) | undefined,
  options: GpuEngineOptions,
  run: (
    engine: GpuEngine,
    watched: ReturnType<typeof watchDevice>,
  ) => Promise<void>,
): Promise<void> {
  const device = await takeDevice();
  const watched = watchDevice(device, hasMemory);
  try {
    await using engine = await createGpuEngine({
      ...options,
      device: watched.device,
    });
    await run(engine, watched);
  } finally {
    device.destroy();
  }
}

Deno.test("createGpuEngine() says that there is no adapter", async () => {
  const gpu = { requestAdapter: () => Promise.resolve(null) };
  const error = await assertRejects(
    () => createGpuEngine({ gpu }),
    GpuUnavailableError,
    "Cannot use the GPU: no adapter was found",
  );
  assertEquals(error.reason, "no-adapter");
});

Deno.test("createGpuEngine() says that an adapter gives no device", async () => {
  const info = { description: "broken" };
  const requestDevice = () => Promise.reject(new Error("none is left"));
  const adapter = { info, limits: {}, requestDevice } as unknown as GPUAdapter;
  const gpu = { requestAdapter: () => Promise.resolve(adapter) };
  const error = await assertRejects(
    () => createGpuEngine({ gpu }),
    GpuUnavailableError,
    "Cannot use the GPU: broken gives no device: none is left",
  );
  assertEquals(error.reason, "no-device");
});

Deno.test("createGpuEngine() takes no software where it may not", async () => {
  const info = { description: "llvmpipe (LLVM 15.0.6, 256 bits)" };
  const adapter = { info } as unknown as GPUAdapter;
  const gpu = { requestAdapter: () => Promise.resolve(adapter) };
  await assertRejects(
    () => createGpuEngine({ gpu, allowSoftware: false }),
    GpuUnavailableError,
    "llvmpipe (LLVM 15.0.6, 256 bits) is software",
  );
});

gpuTest(
  "GpuEngine tells of the first profile that is wrong (gpu)",
  async () => {
    const bad = [...someProfiles];
    bad[6] = [200, 1];
    bad[9] = [199, 3, 5, 0];
    bad[31] = [255, 1];
    using matrix = await matrixOf(bad, GENES);
    const spans = [selectProfiles(matrix)];
    const expected = await assertRejects(
      () => new ReferenceEngine().profileTotals(spans, PROFILES),
      SyntaxError,
    );
    for (const options of [{}, { chunkBytes: 500, bindingBytes: 900 }]) {
      await withEngines(options, async (engine) => {
        for (const run of Object.values(kernels)) {
          const error = await assertRejects(
            () => run(engine, spans),
            SyntaxError,
          );
          assertEquals(error.message, expected.message);
        }
      });
    }
  },
);

gpuTest(
  "GpuEngine tells of a wrong profile before a long one (gpu)",
  async () => {
    const long = new Uint8Array(3000).fill(1);
    using matrix = await matrixOf([[3, 4], [9, 1], long, [9, 1]], 9);
    await using engine = await createGpuEngine({ bindingBytes: 2048 });
    await assertRejects(
      () => engine.profileTotals([selectProfiles(matrix)], 4),
      SyntaxError,
      "the pair at offset 58 leads to gene 9 of 9",
    );
    using alone = await matrixOf([[3, 4], long], 9);
    await assertRejects(
      () => engine.profileTotals([selectProfiles(alone)], 2),
      SyntaxError,
      "leads to gene 9 of 9",
    );
  },
);

gpuTest("GpuEngine tells of all profiles once (gpu)", async () => {
  using matrix = await matrixOf(someProfiles, GENES);
  await using engine = await createGpuEngine({ chunkBytes: 1000 });
  for (const run of Object.values(kernels)) {
    const counts: number[] = [];
    const advance = (count: number) => void counts.push(count);
    await run(engine, [selectProfiles(matrix)], { advance });
    assertEquals(counts.reduce((sum, count) => sum + count, 0), PROFILES);
    assert(counts.length > 1);
  }
});

gpuTest("GpuEngine stops, and leaves nothing behind (gpu)", async () => {
  using matrix = await matrixOf(someProfiles, GENES);
  const spans = [selectProfiles(matrix)];
  await withWatched(undefined, { chunkBytes: 500 }, async (engine, watched) => {
    for (const run of Object.values(kernels)) {
      const controller = new AbortController();
      let told = 0;
      const advance = (count: number) => {
        told += count;
        controller.abort(new Error("enough"));
      };
      const { signal } = controller;
      await assertRejects(
        () => run(engine, spans, { advance, signal }),
        Error,
        "enough",
      );
      assert(told < PROFILES);
      assertEquals(watched.live.size, 0);
    }
    const signal = AbortSignal.abort(new Error("before"));
    const made = watched.made();
    await assertRejects(
      () => engine.profileTotals(spans, PROFILES, { signal }),
      Error,
      "before",
    );
    assertEquals(watched.made(), made);
  });
});

gpuTest("GpuEngine destroys all buffers (gpu)", async () => {
  using matrix = await matrixOf(someProfiles, GENES);
  using bad = await matrixOf([[200, 1]], GENES);
  await withWatched(undefined, { chunkBytes: 900 }, async (engine, watched) => {
    for (const run of Object.values(kernels)) {
      const before = watched.made();
      await run(engine, [selectProfiles(matrix)]);
      assert(watched.made() > before);
      assertEquals(watched.live.size, 0);
    }
    await assertRejects(() => engine.geneTotals([selectProfiles(bad)], GENES));
    assertEquals(watched.live.size, 0);
  });
});

gpuTest("GpuEngine says that its device was lost (gpu)", async () => {
  using matrix = await matrixOf(someProfiles, GENES);
  const spans = [selectProfiles(matrix)];
  for (const run of Object.values(kernels)) {
    const device = await takeDevice();
    await using engine = await createGpuEngine({ device, chunkBytes: 500 });
    const advance = () => device.destroy();
    for (const options of [{ advance }, {}]) {
      const error = await assertRejects(
        () => run(engine, spans, options),
        GpuUnavailableError,
        "was lost",
      );
      assertEquals(error.reason, "lost");
    }
  }
});

gpuTest(
  "GpuEngine waits for no device that hangs and is lost (gpu)",
  async () => {
    using matrix = await matrixOf(someProfiles, GENES);
    for (const run of Object.values(kernels)) {
      const real = await takeDevice();
      const { device, lose } = hangingDevice(real);
      await using engine = await createGpuEngine({ device });
      const timer = setTimeout(() => lose("the driver is gone"), 30);
      const error = await assertRejects(
        () => run(engine, [selectProfiles(matrix)]),
        GpuUnavailableError,
        "was lost: the driver is gone",
      );
      assertEquals(error.reason, "lost");
      clearTimeout(timer);
      real.destroy();
    }
  },
);

gpuTest(
  "GpuEngine tries smaller chunks where memory is short (gpu)",
  async () => {
    using matrix = await matrixOf(someProfiles, GENES);
    const spans = [selectProfiles(matrix)];
    const options = { chunkBytes: 8000, bindingBytes: 40_000 };
    const reference = new ReferenceEngine();
    const hasMemory = (size: number) => size <= 11_000;
    await withWatched(hasMemory, options, async (engine, watched) => {
      for (const run of Object.values(kernels)) {
        let told = 0;
        const advance = (count: number) => void (told += count);
        assertEquals(
          await run(engine, spans, { advance }),
          await run(reference, spans),
        );
        assertEquals(told, PROFILES);
        assertEquals(watched.live.size, 0);
      }
    });
  },
);

gpuTest("GpuEngine says that it is out of memory (gpu)", async () => {
  using matrix = await matrixOf(someProfiles, GENES);
  await withWatched(() => false, {}, async (engine, watched) => {
    for (const run of Object.values(kernels)) {
      const error = await assertRejects(
        () => run(engine, [selectProfiles(matrix)]),
        GpuUnavailableError,
        "no memory is left",
      );
      assertEquals(error.reason, "out-of-memory");
      assertEquals(watched.live.size, 0);
    }
  });
});

gpuTest(
  "GpuEngine says that rows are too long for a buffer (gpu)",
  async () => {
    using matrix = await matrixOf(someProfiles, GENES);
    await using engine = await createGpuEngine({ bindingBytes: 512 });
    const shape = { profilesCount: PROFILES, genesCount: GENES } as const;
    const error = await assertRejects(
      () =>
        engine.decodeDense([selectProfiles(matrix)], {
          ...shape,
          dtype: "float32",
        }),
      GpuUnavailableError,
    );
    assertEquals(error.reason, "limits");
    assertStringIncludes(error.message, "Cannot compute rows of 200 genes");
  },
);

gpuTest("GpuEngine does one thing after the other (gpu)", async () => {
  using matrix = await matrixOf(someProfiles, GENES);
  const spans = [selectProfiles(matrix)];
  const reference = new ReferenceEngine();
  await using engine = await createGpuEngine({ chunkBytes: 2000 });
  const runs = Object.values(kernels);
  const results = await Promise.all(runs.map((run) => run(engine, spans)));
  for (const [at, run] of runs.entries()) {
    assertEquals(results[at], await run(reference, spans));
  }
});

gpuTest("GpuEngine fails after it was closed (gpu)", async () => {
  using matrix = await matrixOf(someProfiles, GENES);
  const engine = await createGpuEngine();
  await engine[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
  const error = await assertRejects(
    () => engine.geneTotals([selectProfiles(matrix)], GENES),
  );
  assertInstanceOf(error, GpuUnavailableError);
  assertStringIncludes(error.message, "closed");
});
