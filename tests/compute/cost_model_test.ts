import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  breakEvenBytes,
  type CostModel,
  DEFAULT_COSTS,
  estimateCosts,
} from "../../src/compute/cost_model.ts";
import { KERNELS } from "../../src/compute/engine.ts";

const FAST: CostModel = { ...DEFAULT_COSTS, uploadBytesASecond: 1e11 };

Deno.test("estimateCosts() grows with the bytes, and falls with threads", () => {
  for (const kernel of KERNELS) {
    const one = estimateCosts(DEFAULT_COSTS, kernel, 1e9, 1);
    const two = estimateCosts(DEFAULT_COSTS, kernel, 1e9, 2);
    const more = estimateCosts(DEFAULT_COSTS, kernel, 2e9, 1);
    assert(two.cpu < one.cpu);
    assertEquals(two.gpu, one.gpu);
    assertAlmostEquals(more.cpu, 2 * one.cpu);
    assert(more.gpu > one.gpu);
  }
});

Deno.test("breakEvenBytes() is where both are as soon", () => {
  for (const kernel of KERNELS) {
    for (const threads of [1, 2, 64]) {
      const bytes = breakEvenBytes(FAST, kernel, threads);
      if (bytes === Infinity) continue;
      const { cpu, gpu } = estimateCosts(FAST, kernel, bytes, threads);
      assertAlmostEquals(cpu, gpu, 1e-6);
      const half = estimateCosts(FAST, kernel, bytes / 2, threads);
      assert(half.cpu < half.gpu);
    }
  }
  const threads = 1e6;
  assertEquals(breakEvenBytes(FAST, "geneTotals", threads), Infinity);
});
