/**
 * A device with what kernels need of it: pipelines that are compiled once, the
 * limits, whether it has subgroups, and whether it was lost.
 */
import {
  adapterName,
  type AdapterOptions,
  findAdapter,
  isSoftwareAdapter,
} from "./adapter.ts";
import { GpuUnavailableError } from "./gpu_unavailable_error.ts";
import { type CompiledKernel, compileKernel } from "./pipelines.ts";
import {
  type DeviceTraits,
  type KernelSource,
  shaderSource,
} from "./shaders.ts";
import { findSubgroups } from "./subgroups.ts";

/** Whether kernels use subgroups: where they can, or never. */
export type SubgroupsChoice = "auto" | "never";

/** Limits that are asked for as high as the adapter allows. */
const RAISED = ["maxBufferSize", "maxStorageBufferBindingSize"] as const;

/** No limit is asked for that is higher: some are not exact as numbers. */
const MOST_LIMIT = 2 ** 36;

/**
 * The most bytes of a profile that is walked, which one team does alone: a
 * single core is faster for longer ones. A loop of llvmpipe ends, without a
 * word, after 65,535 rounds.
 */
const PROFILE_BYTES = 1 << 22;
const SOFTWARE_PROFILE_BYTES = 3 << 16;

/** The pairs that are sent at once, in bytes, unless it is told how many. */
const CHUNK_BYTES = 1 << 25;
const SOFTWARE_CHUNK_BYTES = 1 << 24;

/** How long the loss of a device may take to be told, in milliseconds. */
const LOST_DELAY = 50;

/** The feature, whose name not all type declarations know. */
const SUBGROUPS = "subgroups" as GPUFeatureName;

/** A device that kernels run on. */
export class GpuDevice implements DeviceTraits {
  /** The device itself. */
  readonly device: GPUDevice;
  /** What the adapter is called. */
  readonly name: string;
  /** Whether it is a program on the CPU. */
  readonly isSoftware: boolean;
  /** What comes before shaders that use subgroups; nothing does without. */
  readonly subgroupsHeader: string | undefined;
  readonly #pipelines = new Map<string, Promise<CompiledKernel>>();
  readonly #waiting = new Set<(error: unknown) => void>();
  #failure: GpuUnavailableError | undefined;

  /**
   * Takes a device.
   *
   * @param device The device.
   * @param subgroupsHeader What comes before shaders that use subgroups.
   */
  constructor(device: GPUDevice, subgroupsHeader: string | undefined) {
    const info = device.adapterInfo;
    const name = info ? adapterName(info) : "the GPU";
    this.device = device;
    this.name = name;
    this.isSoftware = info ? isSoftwareAdapter(info) : false;
    this.subgroupsHeader = subgroupsHeader;
    device.addEventListener("uncapturederror", this.#noteError);
    device.lost.then(({ reason, message }) => {
      const why = message || reason || "unknown reason";
      this.#fail("lost", `the device of ${name} was lost: ${why}`);
      for (const reject of this.#waiting) reject(this.#failure);
    });
  }

  /** The most bytes of a buffer that a kernel can use. */
  get bindingBytes(): number {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    return Math.min(maxBufferSize, maxStorageBufferBindingSize);
  }

  /** The pairs that are sent at once, in bytes, unless it is told how many. */
  get chunkBytes(): number {
    return this.isSoftware ? SOFTWARE_CHUNK_BYTES : CHUNK_BYTES;
  }

  /** The most bytes of a profile that kernels walk. */
  get profileBytes(): number {
    return this.isSoftware ? SOFTWARE_PROFILE_BYTES : PROFILE_BYTES;
  }

  /**
   * Compiles a kernel, or takes it from the cache.
   *
   * @param kernel The kernel.
   * @returns The pipeline, and what it binds.
   * @throws {GpuUnavailableError} If the device does not take the shader.
   */
  kernel(kernel: KernelSource): Promise<CompiledKernel> {
    const code = shaderSource(kernel, this);
    const known = this.#pipelines.get(code);
    if (known) return known;
    const compiled = compileKernel(this.device, kernel, code);
    this.#pipelines.set(code, compiled);
    return compiled;
  }

  /**
   * Throws where the device was lost, or an error went by unseen.
   *
   * @throws {GpuUnavailableError} If so.
   */
  check(): void {
    const failure = this.#failure;
    if (failure === undefined) return;
    // A lost device stays lost; after another failure a new try may do.
    if (failure.reason !== "lost") this.#failure = undefined;
    throw failure;
  }

  /**
   * Waits for work, but no longer than there is a device: nothing promises
   * that what waits for a lost one ever ends.
   *
   * @param work What is waited for.
   * @returns Its result.
   * @throws {GpuUnavailableError} If the device is lost.
   */
  async orLost<T>(work: Promise<T>): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    this.#waiting.add(reject);
    try {
      return await Promise.race([work, promise]);
    } catch (error) {
      // As a rule the work ends too.
      await withinDelay(work.then(() => {}, () => {}));
      throw error;
    } finally {
      this.#waiting.delete(reject);
    }
  }

  /**
   * Finds out whether what failed did so because the device was lost: that is
   * told a moment later.
   *
   * @param error What was thrown.
   * @returns What is to be thrown.
   */
  async explain(error: unknown): Promise<unknown> {
    const isUnavailable = error instanceof GpuUnavailableError;
    if (isUnavailable && error.reason !== "failed") return error;
    await withinDelay(this.device.lost);
    if (this.#failure?.reason === "lost") return this.#failure;
    if (!(error instanceof DOMException)) return error;
    return new GpuUnavailableError(
      "failed",
      `Cannot compute on the GPU: ${error.message}`,
      { cause: error },
    );
  }

  /** Stops listening to the device. */
  release(): void {
    this.device.removeEventListener("uncapturederror", this.#noteError);
    this.#pipelines.clear();
  }

  readonly #noteError = (event: unknown): void => {
    const { error } = event as GPUUncapturedErrorEvent;
    const isMemory = typeof GPUOutOfMemoryError !== "undefined" &&
      error instanceof GPUOutOfMemoryError;
    this.#fail(isMemory ? "out-of-memory" : "failed", error.message);
  };

  #fail(reason: "lost" | "out-of-memory" | "failed", why: string): void {
    if (this.#failure?.reason === "lost") return;
    this.#failure = new GpuUnavailableError(
      reason,
      `Cannot compute on the GPU: ${why}`,
    );
  }
}

/** Waits for what comes soon, or not at all. */
async function withinDelay(coming: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, LOST_DELAY);
  await Promise.race([coming, promise]);
  clearTimeout(timer);
}

/**
 * Opens a device of an adapter, which the caller destroys.
 *
 * @param options Which adapter.
 * @param subgroups Whether kernels use subgroups.
 * @returns The device.
 * @throws {GpuUnavailableError} If there is none.
 */
export async function openDevice(
  options: AdapterOptions,
  subgroups: SubgroupsChoice = "auto",
): Promise<GpuDevice> {
  const adapter = await findAdapter(options);
  const name = adapterName(adapter.info);
  let device: GPUDevice;
  try {
    device = await requestDevice(adapter, subgroups);
  } catch (cause) {
    throw new GpuUnavailableError(
      "no-device",
      `Cannot use the GPU: ${name} gives no device: ${messageOf(cause)}`,
      { cause },
    );
  }
  return await wrapDevice(device, subgroups);
}

/**
 * Takes a device that someone else owns.
 *
 * @param device The device.
 * @param subgroups Whether kernels use subgroups.
 * @returns The device, ready for kernels.
 */
export async function wrapDevice(
  device: GPUDevice,
  subgroups: SubgroupsChoice = "auto",
): Promise<GpuDevice> {
  const header = subgroups === "never"
    ? undefined
    : await findSubgroups(device);
  return new GpuDevice(device, header);
}

/**
 * Not all adapters list subgroups that they have, and limits of some are more
 * than may be asked for: trying tells.
 */
async function requestDevice(
  adapter: GPUAdapter,
  subgroups: SubgroupsChoice,
): Promise<GPUDevice> {
  const requiredLimits = raisedLimits(adapter);
  const requiredFeatures = [SUBGROUPS];
  const wishes = subgroups === "auto"
    ? [{ requiredFeatures, requiredLimits }, { requiredLimits }]
    : [{ requiredLimits }];
  for (const wish of wishes) {
    try {
      return await adapter.requestDevice(wish);
    } catch (_) {
      // With less, then.
    }
  }
  return await adapter.requestDevice();
}

function raisedLimits(adapter: GPUAdapter): Record<string, number> {
  return Object.fromEntries(
    RAISED.map((limit) => [limit, Math.min(adapter.limits[limit], MOST_LIMIT)]),
  );
}

/**
 * The message of what was thrown.
 *
 * @param error What was thrown.
 * @returns The message.
 */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
