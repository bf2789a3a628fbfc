import type { ComputeOptions } from "../../compute/choose_engine.ts";
import type { Profiles } from "../../profiles/profiles.ts";
import { silenceMesa } from "../silence_mesa.ts";

/** What a device took for all totals. */
export interface DeviceTotals {
  /** What computed. */
  readonly device: string;
  /** How long it took, its start included. */
  readonly seconds: number;
  /** The UMIs of each profile. */
  readonly profileTotals: Float64Array;
  /** The UMIs of each gene. */
  readonly geneTotals: Float64Array;
}

/**
 * Totals profiles and genes on the CPU and, where there is one, on the GPU,
 * and compares what they give.
 *
 * @param profiles The container, which must not cache.
 * @param signal Stops it.
 * @returns What each took, that of the CPU first.
 * @throws {Error} If they differ in any bit.
 */
export async function totalEverywhere(
  profiles: Profiles,
  signal?: AbortSignal,
): Promise<readonly [DeviceTotals, ...DeviceTotals[]]> {
  const threads = navigator.hardwareConcurrency;
  const cpu = await totalOn(profiles, `the CPU, ${threads} threads`, {
    device: "cpu",
    signal,
  });
  const gpu = await totalOnGpu(profiles, signal);
  if (gpu === undefined) return [cpu];
  checkEqual(cpu, gpu);
  return [cpu, gpu];
}

async function totalOnGpu(
  profiles: Profiles,
  signal: AbortSignal | undefined,
): Promise<DeviceTotals | undefined> {
  silenceMesa();
  const { describeGpu } = await import("../../compute/gpu/describe_gpu.ts");
  const gpu = await describeGpu();
  if (gpu === undefined) return undefined;
  let isGpu = true;
  const kind = gpu.isSoftware ? "no GPU, but" : "the GPU,";
  const totals = await totalOn(profiles, `${kind} ${gpu.name}`, {
    device: "gpu",
    signal,
    report: () => isGpu = false,
  });
  return isGpu ? totals : undefined;
}

async function totalOn(
  profiles: Profiles,
  device: string,
  options: ComputeOptions,
): Promise<DeviceTotals> {
  const start = performance.now();
  const profileTotals = await profiles.totalUmis("p", undefined, options);
  const geneTotals = await profiles.totalUmis("g", undefined, options);
  const seconds = (performance.now() - start) / 1000;
  return { device, seconds, profileTotals, geneTotals };
}

function checkEqual(cpu: DeviceTotals, gpu: DeviceTotals): void {
  const isEqual = (left: Float64Array, right: Float64Array) =>
    left.length === right.length &&
    left.every((value, at) => Object.is(value, right[at]));
  if (
    isEqual(cpu.profileTotals, gpu.profileTotals) &&
    isEqual(cpu.geneTotals, gpu.geneTotals)
  ) return;
  throw new Error(
    `Cannot trust ${gpu.device}: its totals are not those of ${cpu.device}`,
  );
}
