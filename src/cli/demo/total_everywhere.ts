import type { ComputeOptions } from "../../compute/choose_engine.ts";
import { defaultThreads } from "../../compute/cpu/default_threads.ts";
import type { Profiles } from "../../profiles/profiles.ts";
import { formatMany } from "../text.ts";

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
 * @param options Threads of the CPU, and what stops it; the GPU is left out by
 * the device `"cpu"`, and must be there for `"gpu"`.
 * @returns What each took, that of the CPU first.
 * @throws {Error} If they differ in any bit, or there is no GPU and must be.
 */
export async function totalEverywhere(
  profiles: Profiles,
  options: ComputeOptions = {},
): Promise<readonly [DeviceTotals, ...DeviceTotals[]]> {
  const { device, threads = defaultThreads() } = options;
  const name = `the CPU, ${formatMany(threads, "thread")}`;
  const onCpu: ComputeOptions = { ...options, device: "cpu" };
  const cpu = await totalOn(profiles, name, onCpu);
  const gpu = device === "cpu" ? undefined : await onGpu(profiles, options);
  if (gpu === undefined) return [cpu];
  checkEqual(cpu, gpu);
  return [cpu, gpu];
}

async function onGpu(
  profiles: Profiles,
  options: ComputeOptions,
): Promise<DeviceTotals | undefined> {
  const { describeGpu } = await import("../../compute/gpu/describe_gpu.ts");
  const gpu = await describeGpu();
  if (gpu === undefined && options.device !== "gpu") return undefined;
  let isGpu = true;
  const kind = gpu?.isSoftware ? "no GPU, but" : "the GPU,";
  const totals = await totalOn(profiles, `${kind} ${gpu?.name}`, {
    ...options,
    device: "gpu",
    report: (line) => {
      isGpu = false;
      options.report?.(line);
    },
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
