import { assert, assertEquals, assertRejects } from "@std/assert";
import { closeEngines, withEngine } from "../../src/compute/choose_engine.ts";
import type { CostModel } from "../../src/compute/cost_model.ts";
import { DEFAULT_COSTS } from "../../src/compute/cost_model.ts";
import { GpuUnavailableError } from "../../src/compute/gpu/gpu_unavailable_error.ts";
import { type LeafSpan, selectProfiles } from "../../src/compute/leaf_spans.ts";
import { writeMadeUpPairs } from "../../src/compute/made_up_pairs.ts";
import { profileTotals } from "../../src/compute/totals.ts";
import { MemorySink } from "../../src/io/memory_sink.ts";
import { MemoryMappedMatrix } from "../../src/matrix/memory_mapped_matrix.ts";
import { gpuTest } from "./gpu/_gpu.ts";

/** Figures by which the GPU is always sooner. */
const GPU_IS_SOONER: CostModel = {
  ...DEFAULT_COSTS,
  gpuStartSeconds: 0,
  uploadBytesASecond: 1e15,
  gpuBytesASecond: {
    ...DEFAULT_COSTS.gpuBytesASecond,
    profileTotals: 1e15,
  },
};

async function makeSpans(bytes: number): Promise<LeafSpan[]> {
  const sink = new MemorySink();
  writeMadeUpPairs(sink, bytes);
  return [selectProfiles(await MemoryMappedMatrix.open(sink.bytes()))];
}

async function nameOfEngine(
  bytes: number,
  options: Parameters<typeof withEngine>[1],
): Promise<string> {
  const job = {
    kernel: "profileTotals",
    spans: await makeSpans(bytes),
  } as const;
  return await withEngine(
    job,
    options,
    (engine) => Promise.resolve(engine.name),
  );
}

Deno.test("withEngine() computes what is small without starting anything", async () => {
  assertEquals(await nameOfEngine(1 << 12, {}), "reference");
  assertEquals(await nameOfEngine(1 << 12, { device: "cpu" }), "reference");
  assertEquals(await nameOfEngine(1 << 21, { device: "cpu" }), "cpu");
  assertEquals(await nameOfEngine(1 << 21, {}), "cpu");
  await closeEngines();
});

Deno.test("withEngine() refuses threads that are none", async () => {
  for (const threads of [0, -1, 1.5, NaN]) {
    await assertRejects(
      () => nameOfEngine(16, { threads }),
      RangeError,
      `Cannot compute with ${threads} threads`,
    );
  }
});

Deno.test("withEngine() computes nothing that was stopped", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  const compute = () => nameOfEngine(16, { signal });
  await assertRejects(compute, Error, "enough");
});

Deno.test("withEngine() computes nothing where the GPU that is asked for is not there", async () => {
  const gpu = Object.getOwnPropertyDescriptor(Navigator.prototype, "gpu")!;
  Object.defineProperty(Navigator.prototype, "gpu", {
    ...gpu,
    get: () => ({ requestAdapter: () => Promise.resolve(null) }),
  });
  try {
    const job = { kernel: "profileTotals", spans: [] } as const;
    await assertRejects(
      () =>
        withEngine(job, { device: "gpu" }, ({ name }) => Promise.resolve(name)),
      GpuUnavailableError,
      "no adapter was found",
    );
    assertEquals(
      await withEngine(job, {}, ({ name }) => Promise.resolve(name)),
      "reference",
    );
  } finally {
    Object.defineProperty(Navigator.prototype, "gpu", gpu);
  }
});

gpuTest("withEngine() takes the GPU that is asked for (gpu)", async () => {
  assertEquals(await nameOfEngine(1 << 12, { device: "gpu" }), "gpu");
  await closeEngines();
});

gpuTest(
  "withEngine() takes no program on the CPU for a GPU by itself (gpu)",
  async () => {
    const { isSoftware } = await describe();
    const name = await nameOfEngine(1 << 21, { costs: GPU_IS_SOONER });
    assertEquals(name, isSoftware ? "cpu" : "gpu");
    await closeEngines();
  },
);

gpuTest(
  "withEngine() goes on with the CPU where the GPU fails, and says so (gpu)",
  async () => {
    const spans = await makeSpans(1 << 21);
    const job = { kernel: "profileTotals", spans } as const;
    const count = spans[0]!.matrix.profilesCount;
    const lines: string[] = [];
    let told = 0;
    const totals = await withEngine(
      job,
      {
        device: "gpu",
        report: (line) => lines.push(line),
        advance: (profiles) => told += profiles,
      },
      async (engine, options) => {
        const totals = await engine.profileTotals(spans, count, options);
        if (engine.name !== "gpu") return totals;
        throw new GpuUnavailableError("lost", "Cannot compute: it was lost");
      },
    );
    assertEquals(totals, await profileTotals(spans, count, { device: "cpu" }));
    assertEquals(told, count);
    assertEquals(lines, [
      "Cannot compute: it was lost; the CPU computes instead",
    ]);
    await closeEngines();
  },
);

async function describe(): Promise<{ readonly isSoftware: boolean }> {
  const { describeGpu } = await import("../../src/compute/gpu/describe_gpu.ts");
  const description = await describeGpu();
  assert(description !== undefined);
  return description;
}
