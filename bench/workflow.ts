/**
 * What the workflow takes on this machine beside one process over the same
 * sources, and what each of its jobs adds: `deno task bench workflow`. Needs
 * Snakemake; the options are `--sources`, `--cells` (of each) and `--metacell`,
 * the program, by default this source by Deno.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { benchPath, canRun, runProgram } from "./processes.ts";
import { formatTable } from "./statistics.ts";

const GENES = 20_000;
/** A cell has a count of one gene in so many. */
const GENE_STEP = 20;

const options = parseArgs(Deno.args, {
  string: ["sources", "cells", "metacell"],
  default: { sources: "4", cells: "2000" },
});
const root = benchPath("..");
const metacell = options.metacell ??
  `${Deno.execPath()} run --no-prompt --allow-read --allow-write ` +
    `--config ${root}/deno.json ${root}/cli.ts`;

if (await canRun("snakemake", ["--version"])) await main();
else console.log("Skipped: snakemake is not installed");

async function main(): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "metacell-bench-" });
  try {
    const names = Array.from(
      { length: Number(options.sources) },
      (_, at) => `s${at}`,
    );
    for (const [at, name] of names.entries()) {
      await writeSource(`${folder}/${name}`, at, Number(options.cells));
    }
    const one = await timeOneProcess(folder, names);
    const [many, jobs] = await timeWorkflow(folder, names);
    const same = await runProgram("cmp", [
      `${folder}/one.tsv`,
      `${folder}/many/gene_totals.tsv`,
    ]);
    if (same !== "") throw new Error("the results differ");
    report(one, many, jobs);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Imports all sources and totals their genes: two commands. */
async function timeOneProcess(
  folder: string,
  names: readonly string[],
): Promise<number> {
  const start = performance.now();
  const sources = names.map((name) => `${name}=${folder}/${name}`).join(" ");
  await runShell(`${metacell} import ${sources} ${folder}/one --quiet`);
  await runShell(
    `${metacell} totals ${folder}/one --per gene --quiet -o ${folder}/one.tsv`,
  );
  return (performance.now() - start) / 1000;
}

/** Runs the workflow to the same end, and counts its jobs. */
async function timeWorkflow(
  folder: string,
  names: readonly string[],
): Promise<[seconds: number, jobsCount: number]> {
  const config = {
    metacell,
    output: "many",
    sources: Object.fromEntries(names.map((name) => [name, name])),
    jobs: { gene_totals: { per: "gene" } },
    threads: 1,
  };
  await Deno.writeTextFile(`${folder}/config.json`, JSON.stringify(config));
  const start = performance.now();
  await runShell(
    `cd ${folder} && snakemake --snakefile ${root}/workflow/Snakefile ` +
      `--profile ${root}/workflow/profiles/local --configfile config.json ` +
      "2>log",
  );
  const seconds = (performance.now() - start) / 1000;
  const log = await Deno.readTextFile(`${folder}/log`);
  return [seconds, log.match(/^Finished job/gm)?.length ?? 0];
}

async function runShell(command: string): Promise<void> {
  await runProgram("bash", ["-c", `set -e; ${command}`]);
}

/** A folder of MatrixMarket, whose counts go by a seed. */
async function writeSource(
  path: string,
  seed: number,
  cellsCount: number,
): Promise<void> {
  await Deno.mkdir(path);
  const genes = lines(GENES, (at) => `ENSG${at}\tGENE${at}`);
  await Deno.writeTextFile(`${path}/genes.tsv`, genes);
  const barcodes = lines(cellsCount, (at) => `CELL${at}`);
  await Deno.writeTextFile(`${path}/barcodes.tsv`, barcodes);
  const perCell = GENES / GENE_STEP;
  using file = await Deno.create(`${path}/matrix.mtx`);
  const encoder = new TextEncoder();
  const head = "%%MatrixMarket matrix coordinate integer general\n" +
    `${GENES} ${cellsCount} ${cellsCount * perCell}\n`;
  await file.write(encoder.encode(head));
  for (let cell = 0; cell < cellsCount; cell++) {
    const text = lines(perCell, (at) => {
      const gene = at * GENE_STEP + (cell + seed) % GENE_STEP + 1;
      return `${gene} ${cell + 1} ${(cell * at + seed) % 9 + 1}`;
    });
    await writeAll(file, encoder.encode(text));
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await file.write(bytes.subarray(at));
  }
}

function lines(count: number, line: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => `${line(at)}\n`).join("");
}

function report(one: number, many: number, jobs: number): void {
  console.log(formatTable(["what", "time", "jobs"], [
    ["one process after the other", `${one.toFixed(1)} s`, "2"],
    ["the workflow, local profile", `${many.toFixed(1)} s`, `${jobs}`],
  ]));
  console.log(`\n${((many - one) / jobs).toFixed(2)} s a job more`);
}
