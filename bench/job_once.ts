/**
 * One job of a container in a process of its own, for the benchmark of whole
 * jobs: `job_once.ts FOLDER JOB THREADS`. It prints the seconds that it took,
 * the most memory of the process, and how much of it is the result and the
 * index of the matrix. Without arguments the process is an empty one.
 */
import type { ComputeOptions, Grouping, Profiles } from "../mod.ts";
import { KERNEL_JOBS } from "./kernel_jobs.ts";
import { peakMemory } from "./processes.ts";

/** What a process says of itself. */
export interface JobOnce {
  /** What the job took, the start of the process aside. */
  readonly seconds: number;
  /** The most memory of the process, in bytes. */
  readonly peakBytes: number;
  /** The sizes of the result and of the index, in bytes. */
  readonly ownBytes: number;
}

/** The jobs whose memory is measured, and what the table calls them. */
export const JOBS = {
  profileTotals: KERNEL_JOBS.profileTotals,
  profileEntries: KERNEL_JOBS.profileEntries,
  geneTotals: KERNEL_JOBS.geneTotals,
  groups50: KERNEL_JOBS.groups50,
  sum50: "a container of the sums of 50 groups",
  sum2000: "a container of the sums of 2,000 groups",
} as const;

/** The name of a job. */
export type JobName = keyof typeof JOBS;

if (import.meta.main) await main();

async function main(): Promise<void> {
  const [folder, job = "", threads] = Deno.args;
  const start = performance.now();
  const ownBytes = folder === undefined
    ? 0
    : await runJob(folder, job, Number(threads));
  const seconds = (performance.now() - start) / 1000;
  const once: JobOnce = { seconds, peakBytes: peakMemory(), ownBytes };
  console.log(JSON.stringify(once));
}

async function runJob(
  folder: string,
  job: string,
  threads: number,
): Promise<number> {
  const { Profiles } = await import("../mod.ts");
  const { profileEntries, groupSums } = await import(
    "../src/compute/totals.ts"
  );
  const { readInt32 } = await import("./kernel_jobs.ts");
  const groups = Number(job.replace(/\D/g, ""));
  const path = `${folder}/cells`;
  using profiles = await Profiles.load(path, undefined, { cache: false });
  const options = { device: "cpu", threads } as const;
  const { profilesCount } = profiles;
  const indexBytes = 4 * (profilesCount + 1);
  if (job === "profileTotals" || job === "geneTotals") {
    const kind = job === "geneTotals" ? "g" : "p";
    const totals = await profiles.totalUmis(kind, undefined, options);
    return indexBytes + totals.byteLength;
  }
  if (job.startsWith("sum")) {
    const groupIndices = readInt32(`${folder}/groups${groups}.i32`);
    const names = Array.from({ length: groups }, (_, group) => `${group}`);
    const grouping = { groupIndices, names };
    await sumInto(await Deno.makeTempDir(), profiles, grouping, options);
    return indexBytes + groupIndices.byteLength;
  }
  const spans = await profiles.leafSpans();
  if (job === "profileEntries") {
    const entries = await profileEntries(spans, profilesCount, options);
    return indexBytes + entries.byteLength;
  }
  const rows = readInt32(`${folder}/groups${groups}.i32`);
  const genesCount = profiles.genes.count;
  const shape = { rows, rowsCount: groups, genesCount };
  const sums = await groupSums(spans, shape, options);
  return indexBytes + rows.byteLength + sums.byteLength;
}

/** Results and all: nothing of it counts as the job's own. */
async function sumInto(
  folder: string,
  profiles: Profiles,
  grouping: Grouping,
  options: ComputeOptions,
): Promise<void> {
  const { sumGroups } = await import("../mod.ts");
  await sumGroups(profiles, `${folder}/sums`, grouping, options);
  await Deno.remove(folder, { recursive: true });
}
