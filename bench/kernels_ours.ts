/**
 * The jobs of the kernels' benchmark by this module, from disk: each run reads
 * the file again, and no result is cached. `kernels.ts` starts it.
 */
import {
  type ComputeOptions,
  Profiles,
  type SumGroupsOptions,
} from "../mod.ts";
import {
  decodeCounts,
  decodeSparse,
  profileEntries,
} from "../src/compute/totals.ts";
import { groupTiles } from "../src/profiles/sum_groups.ts";
import {
  addCheck,
  checkSparse,
  type KernelCheck,
  type KernelReply,
  type KernelRequest,
  readInt32,
  serveJobs,
} from "./kernel_jobs.ts";

/** What computes. */
type Where = Pick<ComputeOptions, "device" | "threads">;

const [folder = "", device = "cpu"] = Deno.args;
const profiles = await Profiles.load(`${folder}/cells`, undefined, {
  cache: false,
});
const genesCount = profiles.genes.count;
const rows = readInt32(`${folder}/rows.i32`);
/** As those of the C program, rows are decoded into memory that is there. */
const dense = new Float32Array(rows.length * genesCount);

await serveJobs(async ({ job, threads }) => {
  const options: Where = { device: device as Where["device"], threads };
  if (job === "groups50" || job === "groups2000") {
    return await sumGroups(Number(job.slice("groups".length)), options);
  }
  return await runJob(job, options);
});

async function runJob(
  job: Exclude<KernelRequest["job"], `groups${string}`>,
  options: Where,
): Promise<KernelReply> {
  const start = performance.now();
  const check = await startJob(job, options);
  const seconds = (performance.now() - start) / 1000;
  return { seconds, ...check() };
}

/** Ends with the result; what is returned then sums it. */
async function startJob(
  job: Exclude<KernelRequest["job"], `groups${string}`>,
  options: Where,
): Promise<() => KernelCheck> {
  if (job === "profileTotals" || job === "geneTotals") {
    const kind = job === "geneTotals" ? "g" : "p";
    const totals = await profiles.totalUmis(kind, undefined, options);
    return () => addCheck(totals);
  }
  if (job === "profileEntries") {
    const { profilesCount } = profiles;
    const spans = await profiles.leafSpans();
    const entries = await profileEntries(spans, profilesCount, options);
    return () => addCheck(entries);
  }
  const spans = await profiles.leafSpans({ profiles: rows });
  if (job === "dense") {
    dense.fill(0);
    await decodeCounts(spans, dense, genesCount, options);
    return () => addCheck(dense);
  }
  const shape = { profilesCount: rows.length, genesCount };
  const sparse = await decodeSparse(spans, shape, options);
  return () => checkSparse(sparse, genesCount);
}

/** Groups come in parts; what is done between the parts is not timed. */
async function sumGroups(
  count: number,
  options: Where,
): Promise<KernelReply> {
  const how = options as SumGroupsOptions;
  const groups = readInt32(`${folder}/groups${count}.i32`);
  let check: KernelCheck = { sum: 0, weighted: 0 };
  let seconds = 0;
  let start = performance.now();
  for await (const tile of groupTiles(profiles, groups, count, how)) {
    seconds += (performance.now() - start) / 1000;
    check = addCheck(tile.sums, check, tile.first * genesCount);
    start = performance.now();
  }
  return { seconds, ...check };
}
