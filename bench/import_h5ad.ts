/**
 * What the import of an .h5ad with gzip takes, and its peak memory, beside
 * what Debian's `anndata.read_h5ad` takes to load it. Start-up is left out of
 * both.
 *
 * ```sh
 * deno task bench import_h5ad --cells 20k
 * ```
 *
 * The options are `--cells`, `--rounds`, `--folder DIR` and `--keep`, as of
 * `kernels.ts`. The exit code is 1 where a bound is passed.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { benchPath, hasPython, PYTHON, runProgram } from "./processes.ts";
import { formatTable, median } from "./statistics.ts";
import { openSynthetic, parseCells } from "./synthetic_folder.ts";

/** The bounds: the time in that of anndata, and bytes beyond an empty process. */
const MOST_RATIO = 3;
const MOST_BYTES = 300e6;

/** What a process says of itself. */
interface Run {
  readonly seconds: number;
  readonly peakBytes: number;
}

const options = parseArgs(Deno.args, {
  string: ["cells", "rounds", "folder"],
  boolean: ["keep"],
  default: { cells: "20k", rounds: "5" },
});

if (await hasPython("anndata")) await main();
else {console.log(
    `without ${PYTHON} and its anndata there is no file to import`,
  );}

async function main(): Promise<void> {
  await using matrix = await openSynthetic({
    cellsCount: parseCells(options.cells),
    keep: options.keep,
    parent: options.folder,
  });
  const path = `${matrix.path}/cells.gzip.h5ad`;
  try {
    await Deno.stat(path);
  } catch {
    await runPython(benchPath("write_h5ad.py"), matrix.path, path);
  }
  const { size } = await Deno.stat(path);
  const folder = await Deno.makeTempDir({ prefix: "metacell-bench-" });
  try {
    const runs = await takeTurns(path, `${folder}/cells`);
    report(runs, size);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The runs of an empty process, ours, and anndata's. */
interface Runs {
  readonly empty: readonly Run[];
  readonly ours: readonly Run[];
  readonly theirs: readonly Run[];
}

async function takeTurns(path: string, destination: string): Promise<Runs> {
  const empty: Run[] = [];
  const ours: Run[] = [];
  const theirs: Run[] = [];
  for (let round = 0; round < Number(options.rounds); round++) {
    empty.push(await importOnce());
    ours.push(await importOnce(path, destination));
    await Deno.remove(destination, { recursive: true });
    theirs.push(await loadOnce(path));
  }
  return { empty, ours, theirs };
}

async function importOnce(...paths: string[]): Promise<Run> {
  const script = benchPath(paths.length > 0 ? "import_once.ts" : "job_once.ts");
  const args = ["run", "-A", "--no-check", script, ...paths];
  return JSON.parse(await runProgram(Deno.execPath(), args));
}

async function loadOnce(path: string): Promise<Run> {
  const program = "import json, resource, sys, time, anndata\n" +
    "start = time.monotonic()\n" +
    "data = anndata.read_h5ad(sys.argv[1])\n" +
    "seconds = time.monotonic() - start\n" +
    "peak = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n" +
    "print(json.dumps({'seconds': seconds, 'peakBytes': peak}))";
  return JSON.parse(await runPython("-c", program, path));
}

async function runPython(...args: string[]): Promise<string> {
  return await runProgram(PYTHON, ["-B", ...args]);
}

function report({ empty, ours, theirs }: Runs, size: number): void {
  const seconds = (runs: readonly Run[]) =>
    median(runs.map((run) => run.seconds));
  const bytes = (runs: readonly Run[]) =>
    median(runs.map((run) => run.peakBytes));
  const ratio = seconds(ours) / seconds(theirs);
  const beyond = bytes(ours) - bytes(empty);
  console.log(
    `${options.cells} cells, ${(size / 1e6).toFixed(0)} MB of gzip:\n`,
  );
  console.log(formatTable(["what", "s", "of anndata", "peak, MB"], [
    [
      "import, beyond an empty process",
      seconds(ours).toFixed(2),
      ratio.toFixed(2),
      (beyond / 1e6).toFixed(0),
    ],
    [
      "anndata.read_h5ad, whole process",
      seconds(theirs).toFixed(2),
      "1.00",
      (bytes(theirs) / 1e6).toFixed(0),
    ],
  ]));
  if (ratio <= MOST_RATIO && beyond <= MOST_BYTES) return;
  console.error(
    `That is more than ${MOST_RATIO} times, or ${MOST_BYTES / 1e6} MB`,
  );
  Deno.exitCode = 1;
}
