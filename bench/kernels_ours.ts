/**
 * The jobs of the kernels' benchmark by this module, from disk: each run reads
 * the file again, and no result is cached. `kernels.ts` starts it.
 */
import { type ComputeOptions, Profiles } from "../mod.ts";
import {
  decodeCounts,
  decodeSparse,
  groupPairs,
  groupSums,
  profileEntries,
} from "../src/compute/totals.ts";
import type { RowPairs } from "../src/compute/row_pairs.ts";
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
let pairs = new Uint8Array(0);

await serveJobs(async ({ job, threads }) => {
  const options: Where = { device: device as Where["device"], threads };
  if (job === "groups50") return await sumFewGroups(50, options);
  if (job === "groups2000") return await sumManyGroups(2000, options);
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

/** Many groups come as pairs, all of which are kept, as `sum` writes them. */
async function sumManyGroups(
  rowsCount: number,
  options: Where,
): Promise<KernelReply> {
  const rows = readInt32(`${folder}/groups${rowsCount}.i32`);
  const ends = new Uint32Array(rowsCount);
  let length = 0;
  const start = performance.now();
  const spans = await profiles.leafSpans();
  const keep = (sums: RowPairs) => {
    if (pairs.length < length + sums.pairs.length) {
      const larger = new Uint8Array(2 * (length + sums.pairs.length));
      larger.set(pairs);
      pairs = larger;
    }
    pairs.set(sums.pairs, length);
    sums.ends.forEach((end, at) => ends[sums.first + at] = length + end);
    length += sums.pairs.length;
  };
  await groupPairs(spans, { rows, rowsCount, genesCount }, keep, options);
  const seconds = (performance.now() - start) / 1000;
  return { seconds, ...checkPairs(ends) };
}

function checkPairs(ends: Uint32Array): KernelCheck {
  let check: KernelCheck = { sum: 0, weighted: 0 };
  let at = 0;
  const sums = new Float64Array(genesCount);
  for (const [row, end] of ends.entries()) {
    sums.fill(0);
    for (let gene = 0; at < end; at += 2) {
      gene += pairs[at]!;
      sums[gene]! += pairs[at + 1]!;
    }
    check = addCheck(sums, check, row * genesCount);
  }
  return check;
}

/** Few groups come as numbers. */
async function sumFewGroups(
  rowsCount: number,
  options: Where,
): Promise<KernelReply> {
  const rows = readInt32(`${folder}/groups${rowsCount}.i32`);
  const start = performance.now();
  const spans = await profiles.leafSpans();
  const shape = { rows, rowsCount, genesCount };
  const sums = await groupSums(spans, shape, options);
  const seconds = (performance.now() - start) / 1000;
  return { seconds, ...addCheck(sums) };
}
