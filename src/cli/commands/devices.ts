import type { Device } from "../../compute/choose_engine.ts";
import {
  breakEvenBytes,
  type CostModel,
  DEFAULT_COSTS,
} from "../../compute/cost_model.ts";
import { defaultThreads } from "../../compute/cpu/default_threads.ts";
import { type Kernel, KERNELS } from "../../compute/engine.ts";
import { selectProfiles } from "../../compute/leaf_spans.ts";
import { writeMadeUpPairs } from "../../compute/made_up_pairs.ts";
import {
  type EngineSpeed,
  measureEngine,
} from "../../compute/measure_engine.ts";
import type { GpuMeasurement } from "../../compute/gpu/measure_gpu.ts";
import { createFileSink } from "../../io/atomic.ts";
import { MemorySink } from "../../io/memory_sink.ts";
import { MemoryMappedMatrix } from "../../matrix/memory_mapped_matrix.ts";
import type { Command } from "../command.ts";
import { readThreads } from "../compute_options.ts";
import { type CommandContext, note } from "../context.ts";
import {
  DEVICE_OPTION,
  DEVICES,
  JSON_OPTION,
  NO_CACHE_OPTION,
  THREADS_OPTION,
} from "../global_options.ts";
import { keepMeasuredCosts } from "../measured_costs.ts";
import { silenceMesa } from "../silence_mesa.ts";
import { formatBytes, formatMany } from "../text.ts";

/** The pairs that the CPU is measured on, more than its caches take. */
const MEASURED_BYTES = 1 << 25;

/** What kernels are called. */
const LABELS: Readonly<Record<Kernel, string>> = {
  profileTotals: "totals a cell",
  profileEntries: "detected genes a cell",
  geneTotals: "totals a gene",
  groupSums: "sums of 50 groups",
  decodeDense: "cells into dense rows",
  decodeSparse: "cells into sparse rows",
};

/** What the threads of the CPU reached. */
interface CpuSpeeds {
  readonly threads: number;
  readonly one: readonly EngineSpeed[];
  readonly all: readonly EngineSpeed[];
}

/** What was found and measured, of what was asked for. */
interface Devices {
  readonly device: Device;
  readonly cpu: CpuSpeeds | undefined;
  readonly gpu: GpuMeasurement | undefined;
  readonly costs: CostModel;
}

/** `metacell devices`. */
export const DEVICES_COMMAND: Command = {
  name: "devices",
  summary: "Find the CPU and the GPU, and measure them",
  description: "Measures the kernels on data that are made up, and says from " +
    "which size on --device auto would take the GPU by these figures. They " +
    "are kept in the user's folder for caches, where all commands of this " +
    "version find them: measure again after a change of the machine. A GPU " +
    "that is a program on the CPU is never taken.",
  usage: "[--json]",
  arguments: [],
  options: [
    JSON_OPTION,
    {
      ...DEVICE_OPTION,
      description: "What is measured; auto is the CPU, and the GPU where " +
        "there is one, and only its figures are kept",
    },
    {
      ...THREADS_OPTION,
      description: "How many threads of the CPU are measured beside one; by " +
        "default one a core, 8 at most",
    },
    { ...NO_CACHE_OPTION, description: "Do not keep the figures" },
  ],
  examples: [
    { line: "devices", what: "What computes here, and how fast" },
    {
      line: "devices --device cpu --json",
      what: "The CPU alone, for a script",
    },
  ],
  async run(context, parsed) {
    const device = parsed.choice("device", DEVICES) ?? "auto";
    if (device !== "cpu") silenceMesa();
    // Heard from here on, so that no file is left behind.
    const { signal } = context;
    note(context, "Measuring, which takes some seconds");
    const cpu = device === "gpu"
      ? undefined
      : await measureCpu(readThreads(parsed) ?? defaultThreads(), signal);
    const gpu = device === "cpu" ? undefined : await findGpu(context, device);
    const devices = { device, cpu, gpu, costs: costsOf(cpu, gpu) };
    if (parsed.flag("json")) writeJson(context, devices);
    else writeReport(context, devices);
    if (device === "auto" && !parsed.flag("no-cache")) keep(context, devices);
  },
};

/** In part they would say that there is no GPU, or a CPU as by default. */
function keep(context: CommandContext, { costs, gpu }: Devices): void {
  const path = keepMeasuredCosts(context, { gpu: gpu?.name ?? null, costs });
  if (path !== undefined) note(context, `Kept for --device auto in ${path}`);
}

async function measureCpu(
  threads: number,
  signal: AbortSignal,
): Promise<CpuSpeeds> {
  const { createCpuEngine } = await import("../../compute/cpu/cpu_engine.ts");
  using matrix = await madeUpMatrix();
  const span = selectProfiles(matrix);
  await using single = createCpuEngine({ threads: 1 });
  await using team = createCpuEngine({ threads });
  const one = await measureEngine(single, span, { signal });
  const all = threads === 1 ? one : await measureEngine(team, span, { signal });
  return { threads, one, all };
}

/** In a file where that may be, for threads read by themselves. */
async function madeUpMatrix(): Promise<MemoryMappedMatrix> {
  try {
    const path = Deno.makeTempFileSync({ suffix: ".mmm" });
    const sink = createFileSink(path);
    try {
      writeMadeUpPairs(sink, MEASURED_BYTES);
      Deno.renameSync(sink.name, path);
      return await removedWhenClosed(path);
    } catch (error) {
      Deno.removeSync(path);
      throw error;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    const sink = new MemorySink();
    writeMadeUpPairs(sink, MEASURED_BYTES);
    return await MemoryMappedMatrix.open(sink.bytes());
  }
}

async function removedWhenClosed(path: string): Promise<MemoryMappedMatrix> {
  const matrix = await MemoryMappedMatrix.open(path);
  const close = matrix.close.bind(matrix);
  matrix.close = () => {
    close();
    Deno.removeSync(path);
  };
  return matrix;
}

async function findGpu(
  context: CommandContext,
  device: Device,
): Promise<GpuMeasurement | undefined> {
  const { signal } = context;
  const isAsked = device === "gpu";
  const { describeGpu } = await import("../../compute/gpu/describe_gpu.ts");
  if (!isAsked && await describeGpu() === undefined) return undefined;
  const { measureGpu } = await import("../../compute/gpu/measure_gpu.ts");
  try {
    return await measureGpu({ leastTime: 20, signal });
  } catch (error) {
    signal.throwIfAborted();
    if (isAsked) throw error;
    note(context, `note: the GPU: ${(error as Error).message}`);
    return undefined;
  }
}

/** The figures of the cost model, as they were measured. */
function costsOf(
  cpu: CpuSpeeds | undefined,
  gpu: GpuMeasurement | undefined,
): CostModel {
  return {
    ...DEFAULT_COSTS,
    ...cpu && costsOfCpu(cpu),
    ...gpu && {
      gpuStartSeconds: gpu.startTime / 1000,
      uploadBytesASecond: gpu.uploadBytesPerSecond,
      gpuBytesASecond: gpuBytes(gpu),
    },
  };
}

function costsOfCpu(
  { one, all, threads }: CpuSpeeds,
): Pick<CostModel, "cpuBytesASecond" | "threadGain"> {
  const cpuBytesASecond = byKernel(one);
  const allBytes = byKernel(all);
  const gains = KERNELS.map((kernel) =>
    (allBytes[kernel] / cpuBytesASecond[kernel] - 1) / Math.max(threads - 1, 1)
  );
  const gain = gains.sort((left, right) => left - right)[gains.length >> 1]!;
  return { cpuBytesASecond, threadGain: Math.min(Math.max(gain, 0), 1) };
}

function byKernel(speeds: readonly EngineSpeed[]): Record<Kernel, number> {
  return Object.fromEntries(
    speeds.map(({ kernel, bytesPerSecond }) => [kernel, bytesPerSecond]),
  ) as Record<Kernel, number>;
}

/** What is decoded comes back: 4 bytes a gene of dense rows, 8 of an entry. */
function gpuBytes(gpu: GpuMeasurement): Record<Kernel, number> {
  const speeds = Object.fromEntries(
    gpu.kernels.map(({ kernel, pairsPerSecond }) => [
      kernel,
      2 * pairsPerSecond,
    ]),
  ) as Record<Kernel, number>;
  const back = gpu.readBackBytesPerSecond;
  const perPair = { decodeDense: 70, decodeSparse: 8 };
  for (const kernel of ["decodeDense", "decodeSparse"] as const) {
    const returned = 2 * back / perPair[kernel];
    speeds[kernel] = Math.min(speeds[kernel], returned);
  }
  return speeds;
}

function writeJson({ stdout }: CommandContext, devices: Devices): void {
  const { cpu = null, gpu = null, costs } = devices;
  stdout.write(`${JSON.stringify({ cpu, gpu, costs })}\n`);
}

function writeReport({ stdout }: CommandContext, devices: Devices): void {
  const { cpu, device, gpu } = devices;
  const columns = [
    ["", ...KERNELS.map((kernel) => LABELS[kernel])],
    ...cpu ? columnsOfCpu(cpu) : [],
    ...gpu ? [columnOfGpu(gpu)] : [],
    ...cpu && device === "auto"
      ? [columnOfBreakEven(devices, cpu.threads)]
      : [],
  ];
  const rows = columns[0]!.map((_, row) => columns.map((cells) => cells[row]!));
  if (cpu) stdout.write(`CPU  ${formatMany(cpu.threads, "thread")}\n`);
  if (device !== "cpu") stdout.write(`GPU  ${describe(gpu)}\n`);
  stdout.write(`\n${formatTable(rows)}`);
}

function columnsOfCpu({ one, all, threads }: CpuSpeeds): string[][] {
  const cells = (speeds: readonly EngineSpeed[]) =>
    speeds.map(({ bytesPerSecond }) => rate(bytesPerSecond));
  const single = ["CPU, 1 thread", ...cells(one)];
  if (threads === 1) return [single];
  return [single, [`CPU, ${threads}`, ...cells(all)]];
}

function columnOfGpu({ kernels }: GpuMeasurement): string[] {
  const cells = kernels.map(({ pairsPerSecond }) => rate(2 * pairsPerSecond));
  return ["GPU, resident", ...cells];
}

function columnOfBreakEven(
  { costs, gpu }: Devices,
  threads: number,
): string[] {
  const cells = KERNELS.map((kernel) => {
    if (gpu === undefined || gpu.isSoftware) return "never";
    const bytes = breakEvenBytes(costs, kernel, threads);
    return bytes === Infinity ? "never" : formatBytes(bytes);
  });
  return ["GPU from", ...cells];
}

function describe(gpu: GpuMeasurement | undefined): string {
  if (gpu === undefined) return "none was found";
  const { name, isSoftware, hasSubgroups } = gpu;
  const speeds = `sends ${rate(gpu.uploadBytesPerSecond)}, ` +
    `brings back ${rate(gpu.readBackBytesPerSecond)}, ` +
    `copies ${rate(gpu.copyBytesPerSecond)}`;
  const kind = isSoftware ? ", a program on the CPU: auto never takes it" : "";
  const groups = hasSubgroups ? "with" : "without";
  return `${name}${kind}\n     ${groups} subgroups; ${speeds}; ` +
    `starts in ${gpu.startTime.toFixed(0)} ms, ` +
    `answers in ${gpu.latency.toFixed(1)} ms`;
}

function rate(bytesPerSecond: number): string {
  return `${(bytesPerSecond / 1e9).toFixed(2)} GB/s`;
}

function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) =>
    Math.max(...rows.map((row) => row[column]!.length))
  );
  return rows.map((row) =>
    row.map((cell, column) =>
      column === 0
        ? cell.padEnd(widths[column]!)
        : cell.padStart(widths[column]!)
    ).join("  ").trimEnd() + "\n"
  ).join("");
}
