/**
 * When the GPU is sooner than the CPU: the few figures of a machine that decide
 * it, and what they come to for a job. `metacell devices` measures them.
 */
import type { Kernel } from "./engine.ts";

/** How fast the engines of a machine are, in seconds and bytes of pairs. */
export interface CostModel {
  /** What one thread of the CPU gets through in a second, from disk. */
  readonly cpuBytesASecond: Readonly<Record<Kernel, number>>;
  /** What each further thread adds, as a share of the first. */
  readonly threadGain: number;
  /** Finding the GPU, and making its pipelines. */
  readonly gpuStartSeconds: number;
  /** What is read from disk and handed to the GPU in a second. */
  readonly uploadBytesASecond: number;
  /** What the GPU gets through in a second, of what it has. */
  readonly gpuBytesASecond: Readonly<Record<Kernel, number>>;
}

/** What a job comes to. */
export interface JobCosts {
  /** Seconds on the CPU. */
  readonly cpu: number;
  /** Seconds on the GPU. */
  readonly gpu: number;
}

/**
 * The figures that are used where no others are given. Those of the CPU are of
 * two cores of a server; those of the GPU are of a discrete card at the far end
 * of a bus, and rather too slow: who has a GPU that is worth it measures.
 */
export const DEFAULT_COSTS: CostModel = {
  cpuBytesASecond: {
    profileTotals: 9e9,
    profileEntries: 9e9,
    geneTotals: 2.2e9,
    groupSums: 2e9,
    decodeDense: 1e9,
    decodeSparse: 1e9,
  },
  threadGain: 0.9,
  gpuStartSeconds: 0.4,
  uploadBytesASecond: 5e9,
  gpuBytesASecond: {
    profileTotals: 2e11,
    profileEntries: 2e11,
    geneTotals: 5e10,
    groupSums: 3e10,
    decodeDense: 2e9, // what is decoded has to come back
    decodeSparse: 2e9,
  },
};

/**
 * Estimates what a job comes to.
 *
 * @param model The figures of the machine.
 * @param kernel The kernel.
 * @param byteLength The bytes of the pairs.
 * @param threads The threads of the CPU.
 * @returns The seconds on each engine.
 */
export function estimateCosts(
  model: CostModel,
  kernel: Kernel,
  byteLength: number,
  threads: number,
): JobCosts {
  const gain = 1 + model.threadGain * (Math.max(threads, 1) - 1);
  // While one chunk is computed the next is on its way.
  const slowest = Math.min(
    model.uploadBytesASecond,
    model.gpuBytesASecond[kernel],
  );
  return {
    cpu: byteLength / (model.cpuBytesASecond[kernel] * gain),
    gpu: model.gpuStartSeconds + byteLength / slowest,
  };
}

/**
 * The size from which the GPU is sooner.
 *
 * @param model The figures of the machine.
 * @param kernel The kernel.
 * @param threads The threads of the CPU.
 * @returns The bytes of pairs; infinite where it never is.
 *
 * @example Ask what `device: "auto"` would do
 * ```ts
 * import { breakEvenBytes, DEFAULT_COSTS } from "@metacell/storage";
 * import { assert } from "@std/assert";
 *
 * // As `metacell devices --json` prints them under `costs`.
 * const costs = { ...DEFAULT_COSTS, uploadBytesASecond: 25e9 };
 * assert(breakEvenBytes(costs, "geneTotals", 2) < 4e9);
 * ```
 */
export function breakEvenBytes(
  model: CostModel,
  kernel: Kernel,
  threads: number,
): number {
  const { cpu, gpu } = estimateCosts(model, kernel, 1, threads);
  const gained = cpu - (gpu - model.gpuStartSeconds);
  return gained > 0 ? model.gpuStartSeconds / gained : Infinity;
}
