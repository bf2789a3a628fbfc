/** Says what GPU there is, for people and for logs. */
import {
  adapterName,
  type AdapterOptions,
  findAdapter,
  isSoftwareAdapter,
} from "./adapter.ts";
import { openDevice } from "./gpu_device.ts";
import { GpuUnavailableError } from "./gpu_unavailable_error.ts";

/** What a GPU is, and what it allows. */
export interface GpuDescription {
  /** What the adapter is called. */
  readonly name: string;
  /** Who made it, as far as it says. */
  readonly vendor: string;
  /** Whether it is a program on the CPU. */
  readonly isSoftware: boolean;
  /** Whether kernels can use subgroups. */
  readonly hasSubgroups: boolean;
  /** The most bytes of a buffer. */
  readonly maxBufferSize: number;
  /** The most bytes of a buffer that a kernel can use. */
  readonly maxStorageBufferBindingSize: number;
  /** The most bytes that the lanes of a workgroup share. */
  readonly maxComputeWorkgroupStorageSize: number;
}

/**
 * Describes the GPU that {@linkcode createGpuEngine} would run on.
 *
 * @param options Which adapter.
 * @returns The description, or nothing where there is no GPU.
 *
 * @example Say what GPU there is
 * ```ts
 * import { describeGpu } from "@metacell/storage";
 * import { assert } from "@std/assert";
 *
 * const gpu = await describeGpu();
 * const text = gpu === undefined
 *   ? "no GPU"
 *   : gpu.name + (gpu.isSoftware ? ", a program on the CPU" : "");
 * assert(text.length > 0);
 * ```
 */
export async function describeGpu(
  options: AdapterOptions = {},
): Promise<GpuDescription | undefined> {
  try {
    const { info, limits } = await findAdapter(options);
    // An adapter is good for one device, and opening takes its own.
    const gpu = await openDevice(options);
    const hasSubgroups = gpu.subgroupsHeader !== undefined;
    gpu.release();
    gpu.device.destroy();
    return {
      name: adapterName(info),
      vendor: info.vendor,
      isSoftware: isSoftwareAdapter(info),
      hasSubgroups,
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
    };
  } catch (error) {
    if (error instanceof GpuUnavailableError) return undefined;
    throw error;
  }
}
