import { assert, assertRejects } from "@std/assert";
import { selectProfiles } from "../../src/compute/leaf_spans.ts";
import { writeMadeUpPairs } from "../../src/compute/made_up_pairs.ts";
import { overWindows } from "../../src/compute/reference_engine.ts";
import { MemorySink } from "../../src/io/memory_sink.ts";
import { MemoryMappedMatrix } from "../../src/matrix/memory_mapped_matrix.ts";

Deno.test("overWindows() hears a signal that is given meanwhile", async () => {
  const sink = new MemorySink();
  writeMadeUpPairs(sink, 5 << 20);
  using matrix = await MemoryMappedMatrix.open(sink.bytes());
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error("enough")), 1);
  let windows = 0;
  try {
    const { signal } = controller;
    const work = overWindows([selectProfiles(matrix)], { signal }, () => {
      windows++;
      const end = performance.now() + 60;
      while (performance.now() < end);
    });
    await assertRejects(() => work, Error, "enough");
  } finally {
    clearTimeout(timer);
  }
  assert(windows < 3, `${windows} windows were done`);
});
