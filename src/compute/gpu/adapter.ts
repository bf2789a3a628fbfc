/** Finds the adapter of a GPU, and says what it is. */
import { GpuUnavailableError } from "./gpu_unavailable_error.ts";

/** Adapters that are programs on the CPU. */
const SOFTWARE =
  /llvmpipe|lavapipe|swiftshader|softpipe|software|basic render|\bwarp\b/i;

/** What gives adapters: `navigator.gpu`, or a stand-in. */
export interface GpuSource {
  /**
   * Finds an adapter.
   *
   * @param options Which is preferred.
   */
  requestAdapter(
    options?: GPURequestAdapterOptions,
  ): Promise<GPUAdapter | null>;
}

/** Which adapter is wanted. */
export interface AdapterOptions {
  /** What gives adapters; by default `navigator.gpu`. */
  readonly gpu?: GpuSource | undefined;
  /** Which of several adapters; by default the fast one. */
  readonly powerPreference?: GPUPowerPreference | undefined;
  /** Take an adapter that is a program on the CPU too; by default yes. */
  readonly allowSoftware?: boolean | undefined;
}

/**
 * Finds an adapter.
 *
 * @param options Which one.
 * @returns The adapter.
 * @throws {GpuUnavailableError} If there is none.
 */
export async function findAdapter(
  options: AdapterOptions = {},
): Promise<GPUAdapter> {
  const gpu = options.gpu ?? globalThis.navigator?.gpu;
  const powerPreference = options.powerPreference ?? "high-performance";
  const adapter = await requestAdapter(gpu, powerPreference);
  if (!adapter) {
    throw new GpuUnavailableError(
      "no-adapter",
      "Cannot use the GPU: no adapter was found",
    );
  }
  if (options.allowSoftware === false && isSoftwareAdapter(adapter.info)) {
    throw new GpuUnavailableError(
      "no-adapter",
      `Cannot use the GPU: ${adapterName(adapter.info)} is software`,
    );
  }
  return adapter;
}

/** Drivers fail in ways of their own, which are no reason to give up. */
async function requestAdapter(
  gpu: GpuSource | undefined,
  powerPreference: GPUPowerPreference,
): Promise<GPUAdapter | null | undefined> {
  try {
    return await gpu?.requestAdapter({ powerPreference });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new GpuUnavailableError(
      "no-adapter",
      `Cannot use the GPU: no adapter was found: ${why}`,
      { cause },
    );
  }
}

/**
 * Says what an adapter is called.
 *
 * @param info What the adapter says of itself.
 * @returns A name for people.
 */
export function adapterName(info: GPUAdapterInfo): string {
  const { description, vendor, architecture } = info;
  if (description) return description;
  return [vendor, architecture].filter(Boolean).join(" ") || "unnamed GPU";
}

/**
 * Says whether an adapter is a program on the CPU.
 *
 * @param info What the adapter says of itself.
 * @returns Whether it is.
 */
export function isSoftwareAdapter(info: GPUAdapterInfo): boolean {
  const { description, device, architecture } = info;
  return info.isFallbackAdapter === true ||
    SOFTWARE.test(`${description} ${device} ${architecture}`);
}
