/**
 * What it takes to open a view of a collection of views of 100 batches of
 * 1,000 profiles, time and memory, beyond a process that has loaded the
 * module: `deno run -A bench/open_containers.ts`. Each figure is the median
 * over fresh processes. The exit code is 1 where one passes its bound.
 *
 * @module
 */
import {
  createCollection,
  createView,
  GenesSet,
  MatrixWriter,
  MemorySink,
  Profiles,
  ProfilesBatch,
} from "../mod.ts";

const BATCHES = 100;
const PROFILES = 1_000;
const GENES = 20_000;
const RUNS = 7;

/** The bounds: milliseconds, and bytes. */
const MOST = { milliseconds: 100, bytes: 20e6 };

/** What one process measured. */
interface Measurement {
  readonly milliseconds: number;
  readonly rss: number;
  readonly heap: number;
}

if (Deno.args[0] === "--open") await openOnce(Deno.args[1]!);
else await main();

/** Runs in a process of its own. */
async function openOnce(path: string): Promise<void> {
  const before = Deno.memoryUsage();
  const start = performance.now();
  const view = await Profiles.load(path);
  const milliseconds = performance.now() - start;
  const after = Deno.memoryUsage();
  if (view.profilesCount !== BATCHES * PROFILES / 2) throw new Error("wrong");
  const measurement: Measurement = {
    milliseconds,
    rss: after.rss - before.rss,
    heap: after.heapUsed - before.heapUsed,
  };
  console.log(JSON.stringify(measurement));
  view.close();
}

async function main(): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "metacell-bench-" });
  try {
    await makeContainers(folder);
    const runs: Measurement[] = [];
    for (let run = 0; run < RUNS; run++) {
      runs.push(await measure(`${folder}/view`));
    }
    report(runs);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function makeContainers(folder: string): Promise<void> {
  await Deno.mkdir(`${folder}/genes`);
  const names = Array.from(
    { length: GENES },
    (_, gene) => `GENE${String(gene).padStart(5, "0")}\n`,
  );
  await Deno.writeTextFile(`${folder}/genes/g.name.txt`, names.join(""));
  const genes = await GenesSet.created(`${folder}/genes`, "human");
  const matrix = makeMatrix();
  const members: { name: string; path: string }[] = [];
  for (let batch = 0; batch < BATCHES; batch++) {
    const path = `${folder}/batch${batch}`;
    await Deno.mkdir(path);
    await Deno.writeFile(`${path}/gp.umis.mmm`, matrix);
    await ProfilesBatch.created(path, genes, "cells");
    members.push({ name: `b${batch}`, path });
  }
  await createCollection(`${folder}/collection`, members);
  using collection = await Profiles.load(`${folder}/collection`);
  const { length } = collection.profileIndices();
  await createView(`${folder}/view`, collection, {
    profileIndices: Array.from({ length: length / 2 }, (_, at) => 2 * at),
    geneIndices: Array.from({ length: GENES / 2 }, (_, at) => 2 * at),
  });
}

function makeMatrix(): Uint8Array {
  const sink = new MemorySink();
  const writer = new MatrixWriter(sink, { genesCount: GENES });
  for (let profile = 0; profile < PROFILES; profile++) {
    writer.writeProfile([profile, profile + 5_000], [1, 300]);
  }
  writer.finish();
  return sink.bytes();
}

async function measure(path: string): Promise<Measurement> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", import.meta.filename!, "--open", path],
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(decoder.decode(stderr));
  return JSON.parse(decoder.decode(stdout));
}

function report(runs: readonly Measurement[]): void {
  const milliseconds = median(runs.map((run) => run.milliseconds));
  const rss = median(runs.map((run) => run.rss));
  const heap = median(runs.map((run) => run.heap));
  console.log(`time: ${milliseconds.toFixed(1)} ms`);
  console.log(`resident memory: ${(rss / 1e6).toFixed(1)} MB`);
  console.log(`heap: ${(heap / 1e6).toFixed(1)} MB`);
  if (milliseconds < MOST.milliseconds && rss < MOST.bytes) return;
  console.error("That is more than it may be");
  Deno.exitCode = 1;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)]!;
}
