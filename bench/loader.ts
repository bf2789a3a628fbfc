/**
 * Rows a second of loaders, from all kinds of stores, beside h5py that reads
 * one row after the other.
 *
 * ```sh
 * deno task bench loader --cells 50k --json loader.json
 * ```
 *
 * The options are `--cells`, `--rounds`, `--seconds` (of a measurement),
 * `--workers 0,1,2`, `--stores container,gzip` (parts of their names), `--jobs
 * random,epochs`, `--folder DIR` (where the stores are made, and stay) and
 * `--json FILE`. The exit code is 1 where a bound is passed.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { Loader } from "../src/mapped/loader/loader.ts";
import { MappedCollection } from "../src/mapped/mapped_collection.ts";
import type { RowFormat } from "../src/mapped/rows.ts";
import type { Sampler } from "../src/mapped/samplers/sampler.ts";
import { BlockShuffleSampler } from "../src/mapped/samplers/block_shuffle.ts";
import { RandomSampler } from "../src/mapped/samplers/plain.ts";
import { GENES, makeStores, type StoreInput } from "./loader_inputs.ts";
import { benchPath, hasPython, PYTHON, runProgram } from "./processes.ts";
import { formatCount, formatRatio, formatTable, median } from "./statistics.ts";
import { parseCells } from "./synthetic_folder.ts";

/** Less than the stores, for those of users are larger. */
const CACHE_BYTES = 2 ** 27;

/** The rows of a batch. */
const BATCH = 64;

/** The orders in which rows are read. */
const JOBS: Readonly<Record<string, (length: number) => Sampler>> = {
  "random rows": (length) => new RandomSampler(length, { batchSize: BATCH }),
  "blocks of 64": (length) => blocks(length, 64),
  "blocks of 1,024": (length) => blocks(length, 1024),
  "shuffled epochs": (length) =>
    new BlockShuffleSampler(length, { batchSize: BATCH }),
};

/** Rows a second that are the least, and times h5py. */
const LEAST: readonly {
  readonly store: string;
  readonly job: string;
  readonly format: RowFormat;
  readonly rate?: number;
  readonly ratio?: number;
}[] = [
  { store: "container", job: "random rows", format: "dense", rate: 60_000 },
  { store: "container", job: "random rows", format: "csr", rate: 200_000 },
  { store: "h5ad raw", job: "shuffled epochs", format: "dense", ratio: 20 },
  { store: "h5ad gzip", job: "shuffled epochs", format: "dense", ratio: 8 },
];

/** Two workers may be slower than none by so much. */
const LEAST_OF_TWO = 0.95;

const options = parseArgs(Deno.args, {
  string: [
    "cells",
    "rounds",
    "seconds",
    "workers",
    "stores",
    "jobs",
    "folder",
    "json",
  ],
  default: { cells: "20k", rounds: "5", seconds: "0.4", workers: "0,1,2" },
});
const rounds = Number(options.rounds);
const seconds = Number(options.seconds);
const workers = options.workers.split(",").map(Number);
const problems: string[] = [];
/** What is read is used, or reading could be left out. */
let sink = 0;

/** What was measured of one store, order and format. */
interface Line {
  readonly store: string;
  readonly job: string;
  readonly format: RowFormat;
  /** The rates of each number of workers, in the order of the rounds. */
  readonly rates: readonly (readonly number[])[];
  /** That of h5py, NaN where it reads no such store. */
  readonly h5py: number;
}

const folder = options.folder ??
  await Deno.makeTempDir({ prefix: "metacell-bench-" });
const lines: Line[] = [];
try {
  const cellsCount = parseCells(options.cells);
  const stores = await makeStores(folder, cellsCount);
  for (const store of stores.filter(({ name }) => isAsked("stores", name))) {
    lines.push(...await measureStore(store));
  }
} finally {
  if (!options.folder) await Deno.remove(folder, { recursive: true });
}
console.log(
  `${options.cells} cells of ${formatCount(GENES)} genes, batches of ` +
    `${BATCH} rows of float32, rows a second, medians of ${rounds}:\n`,
);
console.log(formatLines(lines));
if (Number.isNaN(sink)) problems.push("a value is not a number");
for (const line of lines) check(line);
for (const problem of problems) console.error(problem);
if (problems.length > 0) Deno.exitCode = 1;
if (options.json) {
  const report = { date: new Date(), cells: options.cells, workers, lines };
  const text = JSON.stringify(report, undefined, 1);
  await Deno.writeTextFile(options.json, `${text}\n`);
}

async function measureStore(store: StoreInput): Promise<Line[]> {
  const h5py = await measureH5py(store);
  const found: Line[] = [];
  for (const [job, make] of Object.entries(JOBS)) {
    if (!isAsked("jobs", job)) continue;
    const formats: readonly RowFormat[] = store.name === "container"
      ? ["dense", "csr"]
      : ["dense"];
    for (const format of formats) {
      const rates = await measureLoaders(store, make, format);
      found.push({ store: store.name, job, format, rates, h5py });
      console.error(`${store.name}, ${job}, ${format}: ${rates.map(median)}`);
    }
  }
  return found;
}

function isAsked(option: "stores" | "jobs", name: string): boolean {
  const parts = options[option]?.split(",") ?? [""];
  return parts.some((part) => name.includes(part));
}

/** Loaders take turns, so that what else the machine does hits all of them. */
async function measureLoaders(
  { path }: StoreInput,
  make: (length: number) => Sampler,
  format: RowFormat,
): Promise<number[][]> {
  using cells = await MappedCollection.open(path, { cacheBytes: CACHE_BYTES });
  const loaders = workers.map((count) =>
    new Loader(cells, make(cells.length), {
      dtype: "float32",
      format,
      reuse: true,
      workers: count,
    })
  );
  const rates: number[][] = workers.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (const [at, loader] of loaders.entries()) {
      const rate = await measureRate(loader);
      // The first round fills caches, and starts workers.
      if (round >= 0) rates[at]!.push(rate);
    }
  }
  for (const loader of loaders) await loader.close();
  return rates;
}

/** Whole blocks, one after the other. */
function blocks(length: number, blockSize: number): Sampler {
  const options = { batchSize: BATCH, blockSize, bufferBlocks: 1 };
  return new BlockShuffleSampler(length, options);
}

/** Goes through whole epochs until the time is over. */
async function measureRate(loader: Loader): Promise<number> {
  let rows = 0;
  const start = performance.now();
  let spent = 0;
  while (spent < seconds) {
    for await (const { indices, layers } of loader) {
      rows += indices.length;
      sink += Number(layers["X"]!.data[0]);
      spent = (performance.now() - start) / 1000;
      if (spent > 10 * seconds) break;
    }
  }
  return rows / spent;
}

async function measureH5py({ path }: StoreInput): Promise<number> {
  if (!path.endsWith(".h5ad") || !await hasPython("h5py")) return NaN;
  const script = benchPath("loader_h5py.py");
  const args = [script, path, `${seconds}`, `${rounds}`];
  return median(JSON.parse(await runProgram(PYTHON, args)));
}

function formatLines(lines: readonly Line[]): string {
  const none = workers.indexOf(0);
  const header = [
    "store",
    "order",
    "rows",
    ...workers.map((count) => count === 0 ? "no workers" : `${count} workers`),
    ...workers.filter((count) => count > 0).map((count) => `${count} / none`),
    "h5py",
    "best / h5py",
  ];
  return formatTable(
    header,
    lines.map(({ format, h5py, job, rates, store }) => {
      const medians = rates.map(median);
      const ratios = rates.filter((_, at) => workers[at]! > 0)
        .map((found) => formatRatio(ratioOf(found, rates[none])));
      return [
        store,
        job,
        format,
        ...medians.map(formatCount),
        ...ratios,
        formatCount(h5py),
        formatRatio(Math.max(...medians) / h5py),
      ];
    }),
  );
}

function check({ format, h5py, job, rates, store }: Line): void {
  const what = `${store}, ${job}, ${format}`;
  const medians = rates.map(median);
  const best = Math.max(...medians);
  const least = LEAST.find((bound) =>
    bound.store === store && bound.job === job && bound.format === format
  );
  if (least?.rate && best < least.rate) {
    problems.push(`${what}: less than ${formatCount(least.rate)} a second`);
  }
  if (least?.ratio && best / h5py < least.ratio) {
    problems.push(`${what}: less than ${least.ratio} times h5py`);
  }
  const [none, two] = [0, 2].map((count) => rates[workers.indexOf(count)]);
  if (two && ratioOf(two, none) < LEAST_OF_TWO) {
    problems.push(`${what}: slower with two workers than with none`);
  }
}

/** What one is of the other in the same round, in the middle of all rounds. */
function ratioOf(
  rates: readonly number[],
  others: readonly number[] | undefined,
): number {
  if (others === undefined) return NaN;
  return median(rates.map((rate, round) => rate / others[round]!));
}
