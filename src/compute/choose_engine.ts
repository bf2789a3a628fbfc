/**
 * Which engine computes: the one place that knows them all. Engines are loaded
 * when they are first needed, and kept, for their threads take time to start.
 */
import type { Engine, Kernel, KernelOptions } from "./engine.ts";
import type { LeafSpan } from "./leaf_spans.ts";
import { ReferenceEngine } from "./reference_engine.ts";

/** What computes: the GPU, the CPU, or whichever is expected to be sooner. */
export type Device = "auto" | "cpu" | "gpu";

/** How a computation goes over profiles. */
export interface ComputeOptions extends KernelOptions {
  /** What computes; `"auto"` by default. */
  readonly device?: Device | undefined;
  /** The most threads of the CPU that compute, by default one a core. */
  readonly threads?: number | undefined;
}

/** What is to be computed. */
export interface Job {
  /** The kernel. */
  readonly kernel: Kernel;
  /** The profiles. */
  readonly spans: readonly LeafSpan[];
}

/** From so many bytes of pairs on the kernels pay for their start. */
const KERNELS_BYTES = 1 << 20;

const reference = new ReferenceEngine();

/** The engines of the CPU, by their number of threads. */
const cpuEngines = new Map<number | undefined, Promise<Engine>>();

/**
 * Lets an engine compute, the one that suits the work.
 *
 * @param job What is to be computed.
 * @param options What computes.
 * @param compute Is given the engine.
 * @returns What it returns.
 * @throws {RangeError} If the number of threads is not one or more.
 */
export async function withEngine<T>(
  job: Job,
  options: ComputeOptions,
  compute: (engine: Engine) => Promise<T>,
): Promise<T> {
  options.signal?.throwIfAborted();
  const isSmall = await countBytes(job.spans) < KERNELS_BYTES;
  return await compute(isSmall ? reference : await cpuEngine(options.threads));
}

/**
 * Ends the engines that are kept, and their threads.
 *
 * @returns A promise that ends when they did.
 */
export async function closeEngines(): Promise<void> {
  const engines = [...cpuEngines.values()];
  cpuEngines.clear();
  for (const engine of engines) await (await engine)[Symbol.asyncDispose]();
}

async function cpuEngine(threads: number | undefined): Promise<Engine> {
  let engine = cpuEngines.get(threads);
  if (engine === undefined) {
    engine = import("./cpu/cpu_engine.ts")
      .then(({ createCpuEngine }) => createCpuEngine({ threads }));
    cpuEngines.set(threads, engine);
  }
  try {
    return await engine;
  } catch (error) {
    cpuEngines.delete(threads);
    throw error;
  }
}

/**
 * Counts the bytes of stored pairs. What is not stored, as of dense arrays, is
 * made into pairs by the calling thread and does not count.
 *
 * @param spans The profiles.
 * @returns The number of bytes.
 */
export async function countBytes(spans: readonly LeafSpan[]): Promise<number> {
  let bytes = 0;
  for (const { matrix, profiles } of spans) {
    const stored = await matrix.stored?.();
    if (stored === undefined) continue;
    const { offsets } = stored.index;
    if (profiles === undefined) bytes += offsets.at(-1)! - offsets[0]!;
    else {
      for (const profile of profiles) {
        bytes += offsets[profile + 1]! - offsets[profile]!;
      }
    }
  }
  return bytes;
}
