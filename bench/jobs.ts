/**
 * Whole jobs as processes: what a cold `metacell totals` takes beyond an empty
 * process, and the memory of totals beyond it, result and index aside, and of
 * containers of sums, with all that they write.
 *
 * ```sh
 * deno task bench jobs --cells 100k,300k --threads 2 --json jobs.json
 * ```
 *
 * The options are `--cells` (of the measure of memory), `--cold-cells 20k`,
 * `--threads`, `--rounds`, `--json FILE`, `--folder DIR` and `--keep`, as of
 * `kernels.ts`. The exit code is 1 where a bound is passed.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { type JobName, type JobOnce, JOBS } from "./job_once.ts";
import { benchPath, runProgram } from "./processes.ts";
import { formatCount, formatTable, median } from "./statistics.ts";
import {
  openSynthetic,
  parseCells,
  type SyntheticFolder,
} from "./synthetic_folder.ts";

/** The bounds, beyond an empty process. */
const MOST_SECONDS = 0.25;
const MOST_BYTES = 150e6;

const options = parseArgs(Deno.args, {
  string: ["cells", "cold-cells", "threads", "rounds", "json", "folder"],
  boolean: ["keep"],
  default: {
    cells: "100k,300k",
    "cold-cells": "20k",
    threads: "2",
    rounds: "7",
  },
});
const rounds = Number(options.rounds);

const cold = await withMatrix(options["cold-cells"], measureStart);
const memory: MemoryLine[] = [];
for (const cells of options.cells.split(",").filter((text) => text !== "")) {
  memory.push(...await withMatrix(cells, measureMemory));
}
console.log(formatMemory(memory));
if (options.json) {
  const report = { date: new Date(), cold, memory };
  await Deno.writeTextFile(
    options.json,
    `${JSON.stringify(report, undefined, 1)}\n`,
  );
}

/** What a job took at a number of cells. */
interface MemoryLine {
  readonly cells: string;
  readonly job: JobName;
  /** The median time, without the start of the process. */
  readonly seconds: number;
  /** The median of bytes beyond an empty process, result and index aside. */
  readonly bytes: number;
}

async function withMatrix<T>(
  cells: string,
  measure: (matrix: SyntheticFolder, cells: string) => Promise<T>,
): Promise<T> {
  await using matrix = await openSynthetic({
    cellsCount: parseCells(cells),
    keep: options.keep,
    parent: options.folder,
  });
  return await measure(matrix, cells);
}

/** Seconds of processes from start to end, taking turns. */
async function measureStart(
  matrix: SyntheticFolder,
  cells: string,
): Promise<Record<string, number[]>> {
  const folder = await Deno.makeTempDir({ prefix: "metacell-bench-" });
  const [empty, output] = [`${folder}/empty.ts`, `${folder}/totals.tsv`];
  await Deno.writeTextFile(empty, "");
  const totals = ["totals", matrix.container, "--no-cache", "--output", output];
  const commands: Record<string, readonly string[]> = {
    "an empty process": [empty],
    "metacell --version": cliCommand("--version"),
    "metacell totals --per profile": cliCommand(...totals, "--per", "profile"),
    "metacell totals --per gene": cliCommand(...totals, "--per", "gene"),
  };
  const seconds: Record<string, number[]> = {};
  for (let round = -1; round < rounds; round++) {
    for (const [name, args] of Object.entries(commands)) {
      const start = performance.now();
      await runProgram(Deno.execPath(), ["run", "--no-prompt", ...args]);
      const spent = (performance.now() - start) / 1000;
      // The first round fills caches of code and of files.
      if (round >= 0) (seconds[name] ??= []).push(spent);
    }
  }
  await Deno.remove(folder, { recursive: true });
  reportStart(cells, seconds);
  return seconds;
}

function cliCommand(...args: string[]): string[] {
  const permissions = [
    "--allow-read",
    "--allow-write",
    "--allow-env=LANG,LC_ALL,LC_CTYPE,METACELL_DEBUG,NO_COLOR,TERM",
  ];
  return [...permissions, benchPath("../cli.ts"), ...args];
}

function reportStart(cells: string, seconds: Record<string, number[]>): void {
  const empty = median(seconds["an empty process"]!);
  const rows = Object.entries(seconds).map(([name, each]) => [
    name,
    `${(1000 * median(each)).toFixed(0)}`,
    `${(1000 * (median(each) - empty)).toFixed(0)}`,
  ]);
  console.log(`${cells} cells, medians of ${rounds}:\n`);
  console.log(formatTable(["process", "ms", "ms beyond an empty one"], rows));
  console.log();
  const slowest = Math.max(...Object.values(seconds).map(median));
  if (slowest - empty <= MOST_SECONDS) return;
  console.error(`That is more than ${1000 * MOST_SECONDS} ms`);
  Deno.exitCode = 1;
}

async function measureMemory(
  { path }: SyntheticFolder,
  cells: string,
): Promise<MemoryLine[]> {
  const names = Object.keys(JOBS) as JobName[];
  const runs = new Map<string, JobOnce[]>();
  for (let round = 0; round < Math.min(rounds, 3); round++) {
    for (const job of ["", ...names]) {
      const args = job === "" ? [] : [path, job, options.threads];
      const script = benchPath("job_once.ts");
      const text = await runProgram(Deno.execPath(), [
        "run",
        "-A",
        script,
        ...args,
      ]);
      runs.set(job, [...runs.get(job) ?? [], JSON.parse(text)]);
    }
  }
  const empty = median(runs.get("")!.map(({ peakBytes }) => peakBytes));
  return names.map((job) => {
    const own = runs.get(job)!;
    const bytes = median(own.map((run) => run.peakBytes - run.ownBytes)) -
      empty;
    return {
      cells,
      job,
      seconds: median(own.map((run) => run.seconds)),
      bytes,
    };
  });
}

function formatMemory(lines: readonly MemoryLine[]): string {
  if (lines.some(({ bytes }) => bytes > MOST_BYTES)) {
    console.error(`Memory passes ${formatCount(MOST_BYTES / 1e6)} MB`);
    Deno.exitCode = 1;
  }
  return formatTable(
    ["job", "cells", "s", "MB beyond an empty process"],
    lines.map(({ cells, job, seconds, bytes }) => [
      JOBS[job],
      cells,
      seconds.toFixed(2),
      (bytes / 1e6).toFixed(0),
    ]),
  );
}
