/**
 * Says how long a cluster takes for totals or sums of an atlas, where it stops
 * scaling, and which size of shards is best. Needs no permissions:
 *
 * ```sh
 * deno run workflow/capacity.ts --cells 1e9 --nodes 16 --cores 32
 * ```
 *
 * docs/scale.md says where the figures that it starts from were measured.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import {
  bestEstimate,
  type Cluster,
  type Estimate,
  estimate,
  scaling,
  shardSizes,
} from "./capacity_model.ts";

/** What can be said of a cluster: its default, a unit in bytes, what it is. */
const FIGURES = {
  cells: [1e8, 1, "cells"],
  "bytes-a-cell": [4_000, 1, "bytes of a cell on disk"],
  batches: [1_000, 1, "batches that they are in, of the same size"],
  nodes: [8, 1, "nodes"],
  cores: [32, 1, "cores of a node"],
  threads: [4, 1, "cores of a job"],
  "file-system": [5, 1e9, "GB a second that the file system gives to all"],
  "node-bandwidth": [1, 1e9, "GB a second that a node reads"],
  "core-speed": [0.5, 1e9, "GB of counts a second that a core computes"],
  "job-seconds": [5, 1, "seconds of a job beyond reading and computing"],
  "submit-rate": [10, 1, "jobs a second that the engine submits"],
  "part-seconds": [0.001, 1, "seconds that the merge takes for a part"],
} as const;

type Figure = keyof typeof FIGURES;

main(Deno.args);

function main(args: readonly string[]): void {
  const names = Object.keys(FIGURES) as Figure[];
  const unknown: string[] = [];
  const parsed = parseArgs([...args], {
    string: names,
    boolean: ["help"],
    unknown: (arg) => {
      unknown.push(arg);
      return false;
    },
  });
  if (parsed.help) return console.log(formatHelp());
  const fail = (why: string) => {
    console.error(`error: ${why}`);
    Deno.exit(2);
  };
  if (unknown.length > 0) {
    return fail(`Cannot use ${unknown.join(" ")}: see --help`);
  }
  const figures = new Map<Figure, number>();
  for (const name of names) {
    const text = parsed[name];
    const value = text === undefined ? FIGURES[name][0] : Number(text);
    if (!(value > 0 && Number.isFinite(value))) {
      return fail(`Cannot use --${name} ${text}: it is a number above 0`);
    }
    figures.set(name, value * FIGURES[name][1]);
  }
  console.log(formatReport(toCluster((name) => figures.get(name)!)));
}

function toCluster(figure: (name: Figure) => number): Cluster {
  return {
    cells: figure("cells"),
    cellBytes: figure("bytes-a-cell"),
    batches: Math.ceil(figure("batches")),
    nodes: figure("nodes"),
    cores: figure("cores"),
    threads: Math.min(figure("threads"), figure("cores")),
    fileSystem: figure("file-system"),
    nodeBandwidth: figure("node-bandwidth"),
    coreSpeed: figure("core-speed"),
    jobSeconds: figure("job-seconds"),
    submitRate: figure("submit-rate"),
    partSeconds: figure("part-seconds"),
  };
}

function formatReport(cluster: Cluster): string {
  const { cells, cellBytes, batches, nodes } = cluster;
  const best = bestEstimate(cluster);
  const steps = scaling(cluster);
  const [enough, tooMany] = steps.slice(-2);
  return [
    `${formatCount(cells)} cells in ${formatCount(batches)} batches, ` +
    `${formatBytes(cells * cellBytes)}, on ${nodes} nodes`,
    "",
    "shards of   jobs      time  overhead  waits for",
    ...shardSizes(cluster).map((size) =>
      formatEstimate(estimate(cluster, size), best)
    ),
    "",
    "  nodes  best shards      time",
    ...steps.map(({ nodes, best }) =>
      `${`${nodes}`.padStart(7)}  ${formatShard(best).padStart(11)}  ` +
      formatSeconds(best.seconds).padStart(8)
    ),
    "",
    `The best shards are of ${formatShard(best)}: ` +
    `${formatSeconds(best.seconds)} in ${best.jobs} jobs`,
    `More than ${enough!.nodes} nodes are of little use: they wait for ` +
    (tooMany ?? enough)!.best.limit,
  ].join("\n");
}

function formatEstimate(estimate: Estimate, best: Estimate): string {
  const { shardBytes, jobs, seconds, overhead, limit } = estimate;
  const mark = shardBytes === best.shardBytes ? "  <- best" : "";
  return [
    formatShard(estimate).padStart(9),
    `${jobs}`.padStart(5),
    formatSeconds(seconds).padStart(8),
    `${Math.round(100 * overhead)}%`.padStart(8),
    `${limit}${mark}`,
  ].join("  ");
}

function formatShard({ shardBytes }: Estimate): string {
  const mebibytes = shardBytes / 2 ** 20;
  return mebibytes < 1024 ? `${mebibytes} MiB` : `${mebibytes / 1024} GiB`;
}

function formatSeconds(seconds: number): string {
  if (seconds < 99.5) return `${Math.round(seconds)} s`;
  if (seconds < 99.5 * 60) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

function formatBytes(bytes: number): string {
  return bytes < 1e12
    ? `${Math.round(bytes / 1e9)} GB`
    : `${(bytes / 1e12).toFixed(1)} TB`;
}

function formatCount(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}

function formatHelp(): string {
  const lines = Object.entries(FIGURES).map(([name, [value, , what]]) =>
    `  --${name.padEnd(16)}${what} (${value})`
  );
  return ["Options, and what they are by default:", ...lines].join("\n");
}
