/** The engines that every kernel is tested on. */
import { createCpuEngine } from "../../src/compute/cpu/cpu_engine.ts";
import type { Engine } from "../../src/compute/engine.ts";
import { createGpuEngine } from "../../src/compute/gpu/gpu_engine.ts";
import { ReferenceEngine } from "../../src/compute/reference_engine.ts";
import { gpuTest } from "./gpu/_gpu.ts";

/** How an engine is made; threads start however little there is to do. */
const ENGINES: Readonly<Record<string, () => Engine | Promise<Engine>>> = {
  "the reference": () => new ReferenceEngine(),
  "one thread": () => createCpuEngine({ threads: 1 }),
  "three threads": () => createCpuEngine({ threads: 3, startTime: 0 }),
};

/**
 * Registers a test for each engine.
 *
 * @param name The name of the test, as `decodeDense() does X`.
 * @param run The test, which is given the engine.
 */
export function engineTest(
  name: string,
  run: (engine: Engine) => Promise<void>,
): void {
  for (const [engineName, create] of Object.entries(ENGINES)) {
    Deno.test(`${name}, on ${engineName}`, async () => {
      await using engine = await create();
      await run(engine);
    });
  }
  gpuTest(`${name}, on the GPU (gpu)`, async () => {
    await using engine = await createGpuEngine();
    await run(engine);
  });
}
