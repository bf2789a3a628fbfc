/** The engine of the GPU: the kernels of `shaders/` through WebGPU. */
import type {
  DenseArrays,
  DenseShape,
  DenseType,
  Engine,
  KernelOptions,
  SparseRows,
  SparseShape,
  SumRows,
} from "../engine.ts";
import type { LeafSpan } from "../leaf_spans.ts";
import type { AdapterOptions } from "./adapter.ts";
import { decodeDenseRows } from "./dense_rows.ts";
import {
  type GpuDevice,
  openDevice,
  type SubgroupsChoice,
  wrapDevice,
} from "./gpu_device.ts";
import { GpuUnavailableError } from "./gpu_unavailable_error.ts";
import { GpuWork, type WorkLimits } from "./gpu_work.ts";
import { profileValues } from "./profile_values.ts";
import { decodeSparseRows } from "./sparse_rows.ts";
import {
  groupPairsByTiles,
  type PairRows,
  type UseRowPairs,
} from "../row_pairs.ts";
import { sumGenes, sumGroups } from "./sums.ts";

/** By what chunks are made smaller where there is no memory for them. */
const SMALLER = 4;

/** What the engine runs on, and how. */
export interface GpuEngineOptions extends AdapterOptions {
  /** A device to run on, which the engine does not destroy. */
  readonly device?: GPUDevice | undefined;
  /** The pairs that are sent at once, in bytes; by default 32 MiB. */
  readonly chunkBytes?: number | undefined;
  /** The most bytes of a buffer, where that is less than the device allows. */
  readonly bindingBytes?: number | undefined;
  /** Whether kernels use subgroups: where they can, or never. */
  readonly subgroups?: SubgroupsChoice | undefined;
}

/**
 * Computes on the GPU. One computation runs at a time; others wait. Whatever
 * the device can't do, or no longer, is a {@linkcode GpuUnavailableError}, with
 * which the caller can turn to another engine.
 */
export class GpuEngine implements Engine {
  /** What the engine is called. */
  readonly name = "gpu";
  /** What the adapter is called. */
  readonly adapterName: string;
  /** Whether kernels use subgroups. */
  readonly hasSubgroups: boolean;
  readonly #gpu: GpuDevice;
  readonly #ownsDevice: boolean;
  readonly #limits: WorkLimits;
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  /**
   * Takes a device; {@linkcode createGpuEngine} finds one.
   *
   * @param gpu The device.
   * @param options How much is sent at once, and whose the device is.
   */
  constructor(gpu: GpuDevice, options: GpuEngineOptions = {}) {
    this.#gpu = gpu;
    this.#ownsDevice = options.device === undefined;
    this.adapterName = gpu.name;
    this.hasSubgroups = gpu.subgroupsHeader !== undefined;
    const { chunkBytes = gpu.chunkBytes, bindingBytes = Infinity } = options;
    this.#limits = {
      chunkBytes,
      bindingBytes: Math.min(bindingBytes, gpu.bindingBytes),
      profileBytes: gpu.profileBytes,
    };
  }

  /**
   * Sums the counts of each profile.
   *
   * @param spans The profiles.
   * @param profilesCount The number of targets of the spans.
   * @param options Told of the progress, and stopped.
   * @returns A total for each target.
   * @throws {SyntaxError} If pairs are not valid.
   * @throws {GpuUnavailableError} If the GPU can't do it.
   */
  profileTotals(
    spans: readonly LeafSpan[],
    profilesCount: number,
    options: KernelOptions = {},
  ): Promise<Float64Array> {
    return this.#run(
      options,
      (work) => profileValues(work, "profileTotals", spans, profilesCount),
    );
  }

  /**
   * Counts the entries of each profile.
   *
   * @param spans The profiles.
   * @param profilesCount The number of targets of the spans.
   * @param options Told of the progress, and stopped.
   * @returns A number of entries for each target.
   * @throws {SyntaxError} If pairs are not valid.
   * @throws {GpuUnavailableError} If the GPU can't do it.
   */
  profileEntries(
    spans: readonly LeafSpan[],
    profilesCount: number,
    options: KernelOptions = {},
  ): Promise<Float64Array> {
    return this.#run(
      options,
      (work) => profileValues(work, "profileEntries", spans, profilesCount),
    );
  }

  /**
   * Sums the counts of each gene over profiles.
   *
   * @param spans The profiles; one that is there twice counts twice.
   * @param genesCount The number of genes, after the maps of the spans.
   * @param options Told of the progress, and stopped.
   * @returns A total for each gene.
   * @throws {SyntaxError} If pairs are not valid.
   * @throws {GpuUnavailableError} If the GPU can't do it.
   */
  geneTotals(
    spans: readonly LeafSpan[],
    genesCount: number,
    options: KernelOptions = {},
  ): Promise<Float64Array> {
    return this.#run(options, (work) => sumGenes(work, spans, genesCount));
  }

  /**
   * Sums the counts of each gene over groups of profiles.
   *
   * @param spans The profiles.
   * @param shape The row that each goes to, and how many rows and genes.
   * @param options Told of the progress, and stopped.
   * @returns The sums, row by row.
   * @throws {SyntaxError} If pairs are not valid.
   * @throws {GpuUnavailableError} If the GPU can't do it.
   */
  groupSums(
    spans: readonly LeafSpan[],
    shape: SumRows,
    options: KernelOptions = {},
  ): Promise<Float64Array> {
    return this.#run(options, (work) => sumGroups(work, spans, shape));
  }

  /**
   * Sums the counts of each gene over groups of profiles, into pairs.
   *
   * @param spans The profiles.
   * @param shape The row that each goes to, and how many rows and genes.
   * @param use Is given the rows, in their order.
   * @param options Told of the progress, and stopped.
   * @throws {SyntaxError} If pairs are not valid.
   * @throws {GpuUnavailableError} If the GPU can't do it.
   * @throws {LargeSumError} If a sum passes 2^32-1.
   */
  async groupPairs(
    spans: readonly LeafSpan[],
    shape: PairRows,
    use: UseRowPairs,
    options: KernelOptions = {},
  ): Promise<void> {
    await groupPairsByTiles(this, spans, shape, use, options);
  }

  /**
   * Decodes counts into dense rows.
   *
   * @param spans The profiles.
   * @param shape How many rows and genes, and of what type.
   * @param options Told of the progress, and stopped.
   * @returns The rows, one after the other.
   * @throws {SyntaxError} If pairs are not valid.
   * @throws {GpuUnavailableError} If the GPU can't do it.
   */
  decodeDense<T extends DenseType>(
    spans: readonly LeafSpan[],
    shape: DenseShape<T>,
    options: KernelOptions = {},
  ): Promise<DenseArrays[T]> {
    return this.#run(options, (work) => decodeDenseRows(work, spans, shape));
  }

  /**
   * Decodes counts into compressed sparse rows.
   *
   * @param spans The profiles.
   * @param shape How many rows and genes.
   * @param options Told of the progress, and stopped.
   * @returns The rows.
   * @throws {SyntaxError} If pairs are not valid.
   * @throws {GpuUnavailableError} If the GPU can't do it.
   */
  decodeSparse(
    spans: readonly LeafSpan[],
    shape: SparseShape,
    options: KernelOptions = {},
  ): Promise<SparseRows> {
    return this.#run(options, (work) => decodeSparseRows(work, spans, shape));
  }

  /** Waits for what is under way, then destroys the device. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#last;
    this.#gpu.release();
    if (this.#ownsDevice) this.#gpu.device.destroy();
  }

  /** Runs one piece of work after the other: they share error scopes. */
  #run<T>(
    options: KernelOptions,
    compute: (work: GpuWork) => Promise<T>,
  ): Promise<T> {
    const run = this.#last.then(() => this.#runOrRetry(options, compute));
    this.#last = run.catch(() => {});
    return run;
  }

  /** Where memory is short, smaller chunks may do. */
  async #runOrRetry<T>(
    options: KernelOptions,
    compute: (work: GpuWork) => Promise<T>,
  ): Promise<T> {
    if (this.#isClosed) {
      throw new GpuUnavailableError(
        "lost",
        "Cannot compute on the GPU: the engine was closed",
      );
    }
    const once = { ...options, advance: tellOnce(options.advance) };
    try {
      return await this.#attempt(this.#limits, once, compute);
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
    }
    const { chunkBytes, bindingBytes } = this.#limits;
    const smaller = {
      ...this.#limits,
      chunkBytes: Math.ceil(chunkBytes / SMALLER),
      bindingBytes: Math.ceil(bindingBytes / SMALLER),
    };
    once.advance.restart();
    return await this.#attempt(smaller, once, compute);
  }

  async #attempt<T>(
    limits: WorkLimits,
    options: KernelOptions,
    compute: (work: GpuWork) => Promise<T>,
  ): Promise<T> {
    const work = new GpuWork(this.#gpu, limits, options);
    return await work.attempt(() => compute(work));
  }
}

/**
 * Makes an engine of the GPU.
 *
 * @param options What it runs on, and how.
 * @returns The engine, which is to be disposed of.
 * @throws {GpuUnavailableError} If there is no GPU, or none that will do.
 *
 * @example Take the GPU where there is one
 * ```ts
 * import {
 *   createCpuEngine,
 *   createGpuEngine,
 *   describeGpu,
 *   type Engine,
 * } from "@metacell/storage";
 * import { assert } from "@std/assert";
 *
 * const gpu = await describeGpu({ allowSoftware: false });
 * await using engine: Engine = gpu === undefined
 *   ? createCpuEngine()
 *   : await createGpuEngine({ allowSoftware: false });
 * assert(engine.name === (gpu === undefined ? "cpu" : "gpu"));
 * ```
 */
export async function createGpuEngine(
  options: GpuEngineOptions = {},
): Promise<GpuEngine> {
  const { device, subgroups } = options;
  if (device === undefined) {
    return new GpuEngine(await openDevice(options, subgroups), options);
  }
  return new GpuEngine(await wrapDevice(device, subgroups), options);
}

/** Tells of each profile once, however often the work is started anew. */
function tellOnce(
  advance: KernelOptions["advance"],
): ((count: number) => void) & { restart(): void } {
  let told = 0;
  let done = 0;
  function tell(count: number): void {
    done += count;
    if (done > told) advance?.(done - told);
    told = Math.max(told, done);
  }
  return Object.assign(tell, { restart: () => void (done = 0) });
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof GpuUnavailableError &&
    error.reason === "out-of-memory";
}
