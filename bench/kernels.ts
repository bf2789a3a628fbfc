/**
 * How fast the kernels are, from disk with a warm cache and none of results,
 * beside a C program over the same byte pairs in memory, and peers that have
 * the matrix in memory: scipy and scran.js; anndata reads rows from disk. All
 * are processes that take turns, so that a busy machine is busy for all.
 *
 * ```sh
 * deno task bench kernels --cells 100k --threads 1,2 --json kernels.json
 * ```
 *
 * The options are `--cells 20k` (or several, with commas), `--threads 1,2`,
 * `--jobs geneTotals,…`, `--programs ours,C,…`, `--rounds 7`, `--device cpu`,
 * `--json FILE`, `--folder DIR` (where the matrices are) and `--keep` (leave
 * them there for the next run). From 100k cells on, the exit code is 1 where a
 * ratio that is wanted is not reached, and always where results differ.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { Profiles } from "../mod.ts";
import { KERNEL_JOBS, type KernelJob, readInt32 } from "./kernel_jobs.ts";
import {
  KernelProgram,
  type ProgramName,
  PROGRAMS,
} from "./kernel_programs.ts";
import {
  compareKernels,
  findDifferences,
  formatKernels,
  type KernelResult,
} from "./kernel_results.ts";
import { formatCount } from "./statistics.ts";
import { openSynthetic, parseCells } from "./synthetic_folder.ts";

/** A program gets no more rounds of a job when it has taken so long. */
const MOST_SECONDS = 10;
/** Ratios are wanted of matrices that are so large. */
const LEAST_CELLS = 100_000;

const options = parseArgs(Deno.args, {
  string: [
    "cells",
    "threads",
    "jobs",
    "programs",
    "rounds",
    "device",
    "json",
    "folder",
  ],
  boolean: ["keep"],
  default: { cells: "20k", threads: "1,2", rounds: "7", device: "cpu" },
});
const threads = options.threads.split(",").map(Number);
const jobs = chosen(options.jobs, Object.keys(KERNEL_JOBS)) as KernelJob[];
const names = chosen(options.programs, Object.keys(PROGRAMS)) as ProgramName[];

const reports: unknown[] = [];
for (const cells of options.cells.split(",")) {
  reports.push(await benchmark(parseCells(cells)));
}
if (options.json) {
  await Deno.writeTextFile(
    options.json,
    `${JSON.stringify(reports, undefined, 1)}\n`,
  );
}

async function benchmark(cellsCount: number): Promise<unknown> {
  await using matrix = await openSynthetic({
    cellsCount,
    keep: options.keep,
    parent: options.folder,
  });
  const entries = await countEntries(matrix);
  const results = await runAll(matrix.path);
  const lines = compareKernels(results, entries);
  console.log(
    `${formatCount(cellsCount)} cells, ` +
      `${formatCount(entries("geneTotals"))} entries, ` +
      `million entries a second, medians of ${options.rounds}:\n\n` +
      `${formatKernels(lines, entries)}\n`,
  );
  const problems = findDifferences(results);
  for (const problem of problems) console.error(problem);
  const isSlow = cellsCount >= LEAST_CELLS &&
    lines.some(({ ofC, wanted = 0 }) => ofC < wanted);
  if (isSlow) console.error("That is slower than wanted");
  if (isSlow || problems.length > 0) Deno.exitCode = 1;
  return { date: new Date(), cores: cores(), cellsCount, lines, results };
}

async function runAll(folder: string): Promise<KernelResult[]> {
  await using running = new AsyncDisposableStack();
  const programs: KernelProgram[] = [];
  const { device } = options;
  for (const name of names) {
    const most = Math.max(...threads);
    const started = { folder, device, threads: most };
    const program = await KernelProgram.start(name, started);
    if (program) programs.push(running.use(program));
  }
  const results: KernelResult[] = [];
  for (const job of jobs) {
    for (const count of threads) {
      results.push(...await runJob(programs, job, count));
    }
  }
  return results;
}

/** The first run of each program is not counted. */
async function runJob(
  programs: readonly KernelProgram[],
  job: KernelJob,
  threads: number,
): Promise<KernelResult[]> {
  const results = new Map<
    KernelProgram,
    KernelResult & { seconds: number[] }
  >();
  for (const program of programs) {
    const answer = await program.ask({ job, threads });
    if ("refusal" in answer) continue;
    const { sum, weighted } = answer;
    const { name } = program;
    const check = { sum, weighted };
    results.set(program, { job, threads, program: name, seconds: [], check });
  }
  for (let round = 0; round < Number(options.rounds); round++) {
    for (let turn = 0; turn < programs.length; turn++) {
      const program = programs[(round + turn) % programs.length]!;
      const result = results.get(program);
      const spent = result?.seconds.reduce((sum, each) => sum + each, 0);
      if (!result || spent! > MOST_SECONDS) continue;
      const answer = await program.ask({ job, threads });
      if ("seconds" in answer) result.seconds.push(answer.seconds);
    }
  }
  return [...results.values()];
}

async function countEntries(
  { path, container }: { readonly path: string; readonly container: string },
): Promise<(job: KernelJob) => number> {
  using profiles = await Profiles.load(container);
  const all = await profiles.entriesCount();
  let ofRows = 0;
  for (const row of readInt32(`${path}/rows.i32`)) {
    ofRows += (await profiles.profileEntries(row)).genes.length;
  }
  return (job) => job === "dense" || job === "sparse" ? ofRows : all;
}

function chosen(text: string | undefined, all: readonly string[]): string[] {
  const wanted = text?.split(",") ?? [...all];
  const unknown = wanted.find((name) => !all.includes(name));
  if (unknown === undefined) return wanted;
  console.error(`error: Cannot run ${unknown}: there are ${all.join(", ")}`);
  Deno.exit(2);
}

function cores(): number {
  return navigator.hardwareConcurrency;
}
