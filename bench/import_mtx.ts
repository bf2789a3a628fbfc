/**
 * What the import of a 10x MatrixMarket folder takes, beside a C program's
 * plain fscanf loop over the unzipped text and, where Debian's python3-scipy is
 * there, scipy's mmread; and its peak memory on an input ten times as large.
 *
 * ```sh
 * deno run --allow-read --allow-write --allow-run --allow-env=METACELL_TEST_DATA bench/import_mtx.ts
 * ```
 */
import { makeLarger, unzip } from "./import_inputs.ts";

const RUNS = 5;
const TIMES = 10;
/** An import takes at most so many times the time of the fscanf loop. */
const MOST_RATIO = 1.5;
/** It takes at most so much memory beyond an empty process. */
const MOST_BYTES = 250e6;

/** What a run says of itself. */
interface Run {
  readonly seconds: number;
  readonly peakBytes?: number;
  readonly entriesCount?: number;
}

async function main(): Promise<void> {
  const data = Deno.env.get("METACELL_TEST_DATA") ?? "../shared/data";
  const source = `${data}/pbmc3k/filtered_gene_bc_matrices/hg19`;
  const folder = await Deno.makeTempDir({ prefix: "metacell-bench-" });
  try {
    const text = `${folder}/matrix.mtx`;
    await unzip(`${source}/matrix.mtx.gz`, text);
    const isFast = await compareTimes(source, text, folder);
    const isSmall = await measureMemory(source, folder);
    if (!isFast || !isSmall) Deno.exitCode = 1;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The runs take turns, so that a busy machine is busy for all of them. */
async function compareTimes(
  source: string,
  text: string,
  folder: string,
): Promise<boolean> {
  const fscanf = await buildFscanf(folder);
  const hasScipy = await canRun("/usr/bin/python3", ["-c", "import scipy.io"]);
  const imports: number[] = [];
  const scans: number[] = [];
  const reads: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    imports.push((await importOnce(source, `${folder}/out`)).seconds);
    if (fscanf) scans.push(await scanOnce(fscanf, text));
    if (hasScipy) reads.push(await mmreadOnce(text));
  }
  report("import, gzip text to a batch on disk", imports);
  if (hasScipy) report("scipy mmread, unzipped text to memory", reads, imports);
  if (!fscanf) {
    console.log("no gcc: nothing to compare with");
    return true;
  }
  report("C fscanf loop, unzipped text", scans, imports);
  return median(imports) <= MOST_RATIO * median(scans);
}

async function measureMemory(source: string, folder: string): Promise<boolean> {
  const { peakBytes: empty = NaN } = await importOnce("", "");
  let isSmall = true;
  for (const isShuffled of [false, true]) {
    const larger = `${folder}/larger`;
    await makeLarger(source, larger, { times: TIMES, isShuffled });
    const run = await importOnce(larger, `${folder}/out`);
    const bytes = (run.peakBytes ?? NaN) - empty;
    console.log(
      `${TIMES} times the cells, ${isShuffled ? "shuffled" : "in order"}: ` +
        `${run.entriesCount} entries in ${run.seconds.toFixed(2)} s, ` +
        `${(bytes / 1e6).toFixed(0)} MB beyond an empty process`,
    );
    isSmall &&= bytes < MOST_BYTES;
    await Deno.remove(larger, { recursive: true });
  }
  return isSmall;
}

async function importOnce(source: string, destination: string): Promise<Run> {
  const script = new URL("import_once.ts", import.meta.url).pathname;
  const permissions = ["--no-prompt", "--allow-read", "--allow-write"];
  const args = ["run", "--no-check", ...permissions, script];
  const paths = source === "" ? [] : [source, destination];
  const output = await run(Deno.execPath(), [...args, ...paths]);
  if (source !== "") await Deno.remove(destination, { recursive: true });
  return JSON.parse(output);
}

async function buildFscanf(folder: string): Promise<string | undefined> {
  if (!await canRun("gcc", ["--version"])) return undefined;
  const source = new URL("import_fscanf.c", import.meta.url).pathname;
  await run("gcc", ["-O2", "-o", `${folder}/fscanf`, source]);
  return `${folder}/fscanf`;
}

async function scanOnce(program: string, text: string): Promise<number> {
  return Number((await run(program, [text])).split(" ")[2]);
}

async function mmreadOnce(text: string): Promise<number> {
  const program = "import sys, time, scipy.io\n" +
    "start = time.monotonic()\n" +
    "scipy.io.mmread(sys.argv[1])\n" +
    "print(time.monotonic() - start)";
  return Number(await run("/usr/bin/python3", ["-c", program, text]));
}

async function canRun(program: string, args: string[]): Promise<boolean> {
  try {
    const command = new Deno.Command(program, {
      args,
      stdout: "null",
      stderr: "null",
    });
    return (await command.output()).success;
  } catch {
    return false;
  }
}

async function run(program: string, args: string[]): Promise<string> {
  const command = new Deno.Command(program, { args, stderr: "inherit" });
  const { success, stdout } = await command.output();
  if (!success) throw new Error(`Cannot run ${program}: it failed`);
  return new TextDecoder().decode(stdout);
}

function report(what: string, seconds: number[], ours?: number[]): void {
  const ratio = ours
    ? `; the import takes ${(median(ours) / median(seconds)).toFixed(2)} of it`
    : "";
  const each = seconds.map((time) => (1000 * time).toFixed(0)).join(" ");
  const middle = (1000 * median(seconds)).toFixed(0);
  console.log(`${what}: ${middle} ms (${each})${ratio}`);
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[
    Math.floor(values.length / 2)
  ]!;
}

await main();
