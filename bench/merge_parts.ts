/**
 * What it takes to merge many parts of totals a gene, as of an atlas that a
 * cluster computed, in a process of its own, start included:
 * `deno task bench merge_parts`. The options are `--parts` and `--genes`. The
 * exit code is 1 where a bound is passed.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import {
  computeShard,
  Genes,
  GenesSet,
  MemoryMappedMatrix,
  mergeTotals,
  plan,
  Profiles,
  ProfilesBatch,
  readPlan,
  writePlan,
} from "../mod.ts";
import { benchPath, peakMemory, runProgram } from "./processes.ts";
import { formatCount, formatTable } from "./statistics.ts";

/** The bounds, for as many parts as are the default. */
const MOST_SECONDS = 60;
const MOST_BYTES = 300e6;

/** A profile has a count of one gene in so many. */
const GENE_STEP = 30;

/** What one process measured. */
interface Measurement {
  readonly bytes: number;
  readonly total: number;
}

const options = parseArgs(Deno.args, {
  string: ["parts", "genes", "merge"],
  default: { parts: "10000", genes: "30000" },
});

if (options.merge) await mergeOnce(options.merge);
else await main(Number(options.parts), Number(options.genes));

/** Runs in a process of its own. */
async function mergeOnce(folder: string): Promise<void> {
  const job = readPlan(`${folder}/plan.json`);
  const totals = await mergeTotals(job, partsOf(folder, job.shards.length));
  const total = totals.reduce((sum, value) => sum + value, 0);
  const measurement: Measurement = { bytes: peakMemory(), total };
  console.log(JSON.stringify(measurement));
}

async function main(partsCount: number, genesCount: number): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "metacell-bench-" });
  try {
    const expected = await makeParts(folder, partsCount, genesCount);
    const start = performance.now();
    const script = ["run", "-A", benchPath("merge_parts.ts")];
    const text = await runProgram(Deno.execPath(), [
      ...script,
      "--merge",
      folder,
    ]);
    const seconds = (performance.now() - start) / 1000;
    const { bytes, total }: Measurement = JSON.parse(text);
    if (total !== expected) throw new Error("the parts do not add up");
    report(partsCount, genesCount, seconds, bytes);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Makes a part a profile, and gives the sum of all counts. */
async function makeParts(
  folder: string,
  partsCount: number,
  genesCount: number,
): Promise<number> {
  await Deno.mkdir(`${folder}/cells/genes`, { recursive: true });
  const names = Array.from(
    { length: genesCount },
    (_, gene) => `GENE${String(gene).padStart(6, "0")}\n`,
  );
  const genesPath = `${folder}/cells/genes`;
  await Deno.writeTextFile(`${genesPath}/g.name.txt`, names.join(""));
  await GenesSet.created(genesPath, "human");
  const genes = await Genes.load(genesPath);
  const path = `${folder}/cells/gp.umis.mmm`;
  MemoryMappedMatrix.write(path, genesCount, makeRows(partsCount, genesCount));
  await ProfilesBatch.created(`${folder}/cells`, genes, "cells");
  using cells = await Profiles.load(`${folder}/cells`);
  const job = await plan(cells, `${folder}/plan.json`, {
    per: "gene",
    shardBytes: 1,
  });
  writePlan(`${folder}/plan.json`, job);
  for (const [shard, part] of partsOf(folder, partsCount).entries()) {
    await computeShard(job, shard, part);
  }
  const totals = await cells.totalUmis("g");
  return totals.reduce((sum, value) => sum + value, 0);
}

function* makeRows(
  rowsCount: number,
  genesCount: number,
): Generator<[gene: number, count: number][]> {
  for (let row = 0; row < rowsCount; row++) {
    const entries: [gene: number, count: number][] = [];
    for (let gene = row % GENE_STEP; gene < genesCount; gene += GENE_STEP) {
      entries.push([gene, 1 + (row + gene) % 3]);
    }
    yield entries;
  }
}

function partsOf(folder: string, count: number): string[] {
  return Array.from({ length: count }, (_, shard) => `${folder}/${shard}.part`);
}

function report(
  partsCount: number,
  genesCount: number,
  seconds: number,
  bytes: number,
): void {
  const most = `${MOST_SECONDS} s, ${MOST_BYTES / 1e6} MB`;
  console.log(formatTable(["parts", "genes", "time", "memory", "bounds"], [[
    formatCount(partsCount),
    formatCount(genesCount),
    `${seconds.toFixed(1)} s`,
    `${(bytes / 1e6).toFixed(0)} MB`,
    most,
  ]]));
  if (seconds > MOST_SECONDS || bytes > MOST_BYTES) Deno.exitCode = 1;
}
