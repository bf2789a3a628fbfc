/**
 * Which engine computes: the one place that knows them all. Engines are loaded
 * when they are first needed, and kept, for their threads take time to start.
 */
import { type CostModel, DEFAULT_COSTS, estimateCosts } from "./cost_model.ts";
import { defaultThreads } from "./cpu/default_threads.ts";
import type {
  AdvanceFunction,
  Engine,
  Kernel,
  KernelOptions,
} from "./engine.ts";
import type { LeafSpan } from "./leaf_spans.ts";
import type { ReportFunction } from "./loop.ts";
import { ReferenceEngine } from "./reference_engine.ts";

/** What computes: the GPU, the CPU, or whichever is expected to be sooner. */
export type Device = "auto" | "cpu" | "gpu";

/** How a computation goes over profiles. */
export interface ComputeOptions extends KernelOptions {
  /**
   * What computes; `"auto"` by default, which takes a GPU that is no program
   * on the CPU where `costs` say that it is sooner.
   */
  readonly device?: Device | undefined;
  /**
   * The most threads of the CPU that compute; by default one a core, 8 at most.
   */
  readonly threads?: number | undefined;
  /** How fast the engines are, by default as on a server of two cores. */
  readonly costs?: CostModel | undefined;
  /** Told where the GPU failed and the CPU went on. */
  readonly report?: ReportFunction | undefined;
}

/** What is to be computed. */
export interface Job {
  /** The kernel. */
  readonly kernel: Kernel;
  /** The profiles. */
  readonly spans: readonly LeafSpan[];
}

/** Lets an engine compute. */
export type Compute<T> = (engine: Engine, options: KernelOptions) => Promise<T>;

/** From so many bytes of pairs on the kernels pay for their start. */
const KERNELS_BYTES = 1 << 20;

const reference = new ReferenceEngine();

/** The engines of the CPU, by their number of threads. */
const cpuEngines = new Map<number | undefined, Promise<Engine>>();

/** The engine of the GPU, by whether it may be a program on the CPU. */
const gpuEngines = new Map<boolean, Promise<Engine>>();

/**
 * Lets an engine compute, the one that suits the work. Where the GPU is lost,
 * or has too little memory, the CPU does all of it.
 *
 * @param job What is to be computed.
 * @param options What computes.
 * @param compute Is given the engine, and who it tells of the progress.
 * @returns What it returns.
 * @throws {RangeError} If the number of threads is not one or more.
 * @throws {Error} If the GPU is asked for and there is none.
 */
export async function withEngine<T>(
  job: Job,
  options: ComputeOptions,
  compute: Compute<T>,
): Promise<T> {
  const { device = "auto", signal } = options;
  signal?.throwIfAborted();
  checkThreads(options.threads);
  const bytes = await countBytes(job.spans);
  const isWanted = device === "gpu" ||
    device === "auto" && isSoonerOnGpu(job.kernel, bytes, options);
  const progress = new FurthestProgress(options.advance);
  const kernelOptions = { signal, advance: progress.advance };
  if (isWanted) {
    const done = await tryGpu(options, kernelOptions, compute);
    if (done) return done.result;
    progress.restart();
  }
  const isSmall = bytes < KERNELS_BYTES;
  const engine = isSmall ? reference : await cpuEngine(options.threads);
  return await compute(engine, kernelOptions);
}

/**
 * Ends the engines that are kept, and their threads.
 *
 * @returns A promise that ends when they did.
 *
 * @example End the threads before the program does
 * ```ts
 * import { closeEngines } from "@metacell/storage";
 *
 * // … what computes …
 * await closeEngines();
 * ```
 */
export async function closeEngines(): Promise<void> {
  const engines = [...cpuEngines.values(), ...gpuEngines.values()];
  cpuEngines.clear();
  gpuEngines.clear();
  for (const engine of engines) await (await engine)[Symbol.asyncDispose]();
}

function checkThreads(threads: number | undefined): void {
  if (threads === undefined || Number.isInteger(threads) && threads > 0) return;
  throw new RangeError(
    `Cannot compute with ${threads} threads: there must be one or more`,
  );
}

function isSoonerOnGpu(
  kernel: Kernel,
  bytes: number,
  { costs = DEFAULT_COSTS, threads }: ComputeOptions,
): boolean {
  const count = threads ?? defaultThreads();
  const { cpu, gpu } = estimateCosts(costs, kernel, bytes, count);
  return gpu < cpu;
}

/** Nothing, where the GPU can't do it. */
async function tryGpu<T>(
  { device, report }: ComputeOptions,
  options: KernelOptions,
  compute: Compute<T>,
): Promise<{ readonly result: T } | undefined> {
  const isAsked = device === "gpu";
  const { GpuUnavailableError } = await import(
    "./gpu/gpu_unavailable_error.ts"
  );
  let engine: Engine;
  try {
    engine = await gpuEngine(isAsked);
  } catch (error) {
    if (isAsked || !(error instanceof GpuUnavailableError)) throw error;
    return undefined; // auto has the CPU, and nothing to say of it
  }
  try {
    return { result: await compute(engine, options) };
  } catch (error) {
    if (!(error instanceof GpuUnavailableError)) throw error;
    await dropGpu(isAsked, engine);
    report?.(`${error.message}; the CPU computes instead`);
    return undefined;
  }
}

/** Where two fail at once, the second finds the next engine, or none. */
async function dropGpu(isAsked: boolean, engine: Engine): Promise<void> {
  const kept = await gpuEngines.get(isAsked)?.catch(() => undefined);
  if (kept === engine) gpuEngines.delete(isAsked);
  await engine[Symbol.asyncDispose]();
}

async function gpuEngine(allowSoftware: boolean): Promise<Engine> {
  return await kept(gpuEngines, allowSoftware, async () => {
    const { createGpuEngine } = await import("./gpu/gpu_engine.ts");
    return await createGpuEngine({ allowSoftware });
  });
}

async function cpuEngine(threads: number | undefined): Promise<Engine> {
  return await kept(cpuEngines, threads, async () => {
    const { createCpuEngine } = await import("./cpu/cpu_engine.ts");
    return createCpuEngine({ threads });
  });
}

async function kept<K>(
  engines: Map<K, Promise<Engine>>,
  key: K,
  create: () => Promise<Engine>,
): Promise<Engine> {
  const engine = engines.get(key) ?? create();
  engines.set(key, engine);
  try {
    return await engine;
  } catch (error) {
    engines.delete(key);
    throw error;
  }
}

/** Tells of each profile once, however often the work is started anew. */
class FurthestProgress {
  readonly #told: AdvanceFunction | undefined;
  #furthest = 0;
  #done = 0;

  constructor(told: AdvanceFunction | undefined) {
    this.#told = told;
  }

  readonly advance = (count: number): void => {
    this.#done += count;
    if (this.#done <= this.#furthest) return;
    this.#told?.(this.#done - this.#furthest);
    this.#furthest = this.#done;
  };

  restart(): void {
    this.#done = 0;
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
