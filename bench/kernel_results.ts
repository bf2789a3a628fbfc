/** What the kernels' benchmark found: medians, ratios, the table. */
import {
  KERNEL_JOBS,
  type KernelCheck,
  type KernelJob,
  type KernelRequest,
} from "./kernel_jobs.ts";
import type { ProgramName } from "./kernel_programs.ts";
import { formatCount, formatRatio, formatTable, median } from "./statistics.ts";

/** The runs of one job, on a number of threads, by one program. */
export interface KernelResult extends KernelRequest {
  /** The program. */
  readonly program: ProgramName;
  /** What each run took. */
  readonly seconds: readonly number[];
  /** Sums of the result. */
  readonly check: KernelCheck;
}

/** A line of the table. */
export interface KernelLine extends KernelRequest {
  /** The speed of each program, in entries a second. */
  readonly speeds: Readonly<Partial<Record<ProgramName, number>>>;
  /** The speed of ours in that of C, in memory. */
  readonly ofC: number;
  /** The speed of ours in that of the fastest peer. */
  readonly ofPeer: number;
  /** The least that the ratio to C is to be. */
  readonly wanted: number | undefined;
}

/** The peers, which have one thread where they have no result for two. */
const PEERS: readonly ProgramName[] = ["scipy", "anndata", "scran.js"];

/** What ours are to reach of the speed of C. */
const WANTED: Readonly<Partial<Record<KernelJob, number>>> = {
  profileTotals: 0.45,
  profileEntries: 0.45,
  geneTotals: 0.8,
  groups50: 0.75,
  dense: 0.5,
};

/**
 * Compares the programs, a line a job and number of threads.
 *
 * @param results The results of all programs.
 * @param entries How many entries each job goes over.
 * @returns The lines, in the order of the results.
 */
export function compareKernels(
  results: readonly KernelResult[],
  entries: (job: KernelJob) => number,
): KernelLine[] {
  const requests = new Map<string, KernelRequest>();
  for (const { job, threads } of results) {
    requests.set(`${job} ${threads}`, { job, threads });
  }
  return [...requests.values()].map(({ job, threads }) => {
    const speeds: Partial<Record<ProgramName, number>> = {};
    for (const result of results) {
      const isOwn = result.threads === threads ||
        PEERS.includes(result.program) && result.threads === 1 &&
          speeds[result.program] === undefined;
      if (result.job !== job || !isOwn) continue;
      speeds[result.program] = entries(job) / median(result.seconds);
    }
    const { ours = NaN, C = NaN } = speeds;
    const best = Math.max(...PEERS.map((peer) => speeds[peer] ?? -Infinity));
    const ofPeer = best > 0 ? ours / best : NaN;
    return { job, threads, speeds, ofC: ours / C, ofPeer, wanted: WANTED[job] };
  });
}

/**
 * Formats lines as a table.
 *
 * @param lines The lines.
 * @param entries How many entries each job goes over.
 * @returns The text.
 */
export function formatKernels(
  lines: readonly KernelLine[],
  entries: (job: KernelJob) => number,
): string {
  const header = ["job", "threads", "ours, ms", "ours", "C", "of C", "wanted"];
  const rows = lines.map((line) => [
    KERNEL_JOBS[line.job],
    `${line.threads}`,
    formatMilliseconds(entries(line.job) / (line.speeds.ours ?? NaN)),
    ...(["ours", "C"] as const).map((name) => formatSpeed(line.speeds[name])),
    formatRatio(line.ofC),
    formatRatio(line.wanted ?? NaN),
    ...PEERS.map((name) => formatSpeed(line.speeds[name])),
    formatRatio(line.ofPeer),
  ]);
  return formatTable([...header, ...PEERS, "of best peer"], rows);
}

/**
 * Finds results that are not those of the reference: C, else ours.
 *
 * @param results The results of all programs.
 * @returns What is wrong, a line each.
 */
export function findDifferences(results: readonly KernelResult[]): string[] {
  return results.flatMap((result) => {
    const others = results.filter(({ job }) => job === result.job);
    const reference = others.find(({ program }) => program === "C") ??
      others.find(({ program }) => program === "ours");
    if (!reference || isSame(result, reference)) return [];
    return [
      `${result.program} has another result for ${KERNEL_JOBS[result.job]} ` +
      `than ${reference.program}`,
    ];
  });
}

/** Sums in single precision, which scipy makes, are rounded. */
function isSame(result: KernelResult, reference: KernelResult): boolean {
  const most = result.program === "scipy" ? 1e-6 : 0;
  return (["sum", "weighted"] as const).every((key) => {
    const expected = reference.check[key];
    return Math.abs(result.check[key] - expected) <= most * expected;
  });
}

function formatSpeed(speed: number | undefined): string {
  return formatCount((speed ?? NaN) / 1e6);
}

function formatMilliseconds(seconds: number): string {
  return Number.isFinite(seconds) ? (1000 * seconds).toFixed(1) : "-";
}
