/**
 * How long a cluster takes for totals or sums of an atlas: jobs of the same
 * size on slots that are the same, an engine that submits so many a second, a
 * file system that all share. What it leaves out (other users, failures, nodes
 * that differ) makes it a lower bound.
 */

/** A cluster, and what is computed on it. Sizes are in bytes. */
export interface Cluster {
  /** The number of cells. */
  readonly cells: number;
  /** The bytes of a cell on disk. */
  readonly cellBytes: number;
  /** The number of batches, all of the same size: a shard is of one. */
  readonly batches: number;
  /** The number of nodes. */
  readonly nodes: number;
  /** The cores of a node. */
  readonly cores: number;
  /** The cores that a job has. */
  readonly threads: number;
  /** What the file system gives to all nodes together, a second. */
  readonly fileSystem: number;
  /** What a node can read, a second. */
  readonly nodeBandwidth: number;
  /** What a core computes, a second. */
  readonly coreSpeed: number;
  /** What a job takes beyond reading and computing, in seconds. */
  readonly jobSeconds: number;
  /** How many jobs the engine submits, a second. */
  readonly submitRate: number;
  /** What the merge takes for a part, in seconds. */
  readonly partSeconds: number;
}

/** What a run takes. */
export interface Estimate {
  readonly shardBytes: number;
  readonly jobs: number;
  /** The seconds until all is merged. */
  readonly seconds: number;
  /** The seconds of it that the merge takes. */
  readonly mergeSeconds: number;
  /** The share of the time of a job that is neither reading nor computing. */
  readonly overhead: number;
  /** What a job waits for. */
  readonly limit: Limit;
}

/** What is too slow, or too few. */
export type Limit =
  | "the cores"
  | "the bandwidth of a node"
  | "the file system"
  | "the submission of jobs"
  | "the overhead of jobs"
  | "the merge"
  | "too few shards";

/** Sizes of shards, in bytes. */
const SHARD_SIZES = Array.from({ length: 8 }, (_, power) => 2 ** (25 + power));

/**
 * The sizes of shards that are of use: up to the first that holds a batch.
 *
 * @param cluster The cluster.
 * @returns The sizes in bytes, powers of two.
 */
export function shardSizes(cluster: Cluster): number[] {
  const batch = cluster.cells * cluster.cellBytes / cluster.batches;
  return SHARD_SIZES.filter((size) => size / 2 < batch || size === 2 ** 25);
}

/**
 * Estimates a run in shards of a size.
 *
 * @param cluster The cluster.
 * @param shardBytes The bytes of a shard.
 * @returns What it takes.
 */
export function estimate(cluster: Cluster, shardBytes: number): Estimate {
  const bytes = cluster.cells * cluster.cellBytes;
  const { batches } = cluster;
  const jobs = batches * Math.ceil(bytes / batches / shardBytes);
  const jobsPerNode = Math.max(
    1,
    Math.floor(cluster.cores / cluster.threads),
  );
  const slots = cluster.nodes * jobsPerNode;
  const running = Math.min(slots, jobs);
  // Jobs are spread over the nodes before a node has two of them.
  const onNode = Math.ceil(running / cluster.nodes);
  const rates: [rate: number, limit: Limit][] = [
    [cluster.threads * cluster.coreSpeed, "the cores"],
    [cluster.nodeBandwidth / onNode, "the bandwidth of a node"],
    [cluster.fileSystem / running, "the file system"],
  ];
  const [rate, slowest] = rates.reduce((least, other) =>
    other[0] < least[0] ? other : least
  );
  const workSeconds = bytes / jobs / rate;
  const duration = cluster.jobSeconds + workSeconds;
  const computeSeconds = runJobs(jobs, slots, duration, cluster.submitRate);
  const mergeSeconds = cluster.jobSeconds + jobs * cluster.partSeconds;
  const overhead = cluster.jobSeconds / duration;
  const submitSeconds = jobs / cluster.submitRate;
  const limit: Limit = mergeSeconds > computeSeconds
    ? "the merge"
    : submitSeconds > computeSeconds / 2
    ? "the submission of jobs"
    : overhead > 1 / 2
    ? "the overhead of jobs"
    : jobs < slots
    ? "too few shards"
    : slowest;
  const seconds = computeSeconds + mergeSeconds;
  return { shardBytes, jobs, seconds, mergeSeconds, overhead, limit };
}

/**
 * Runs jobs of one duration: each starts when it is submitted and the one that
 * had its slot before has ended.
 */
function runJobs(
  jobs: number,
  slots: number,
  duration: number,
  submitRate: number,
): number {
  const ends = new Float64Array(Math.min(slots, jobs));
  let last = 0;
  for (let job = 0; job < jobs; job++) {
    const slot = job % ends.length;
    last = Math.max(job / submitRate, ends[slot]!) + duration;
    ends[slot] = last;
  }
  return last;
}

/**
 * Finds the size of shards that is done first; the largest of those that take
 * about as long, since fewer jobs are less to go wrong.
 *
 * @param cluster The cluster.
 * @returns What a run in shards of that size takes.
 */
export function bestEstimate(cluster: Cluster): Estimate {
  const estimates = shardSizes(cluster).map((size) => estimate(cluster, size));
  const least = Math.min(...estimates.map(({ seconds }) => seconds));
  return estimates.findLast(({ seconds }) => seconds <= 1.02 * least)!;
}

/** What a number of nodes comes to. */
export interface ScalingStep {
  readonly nodes: number;
  /** With the shards that suit it best. */
  readonly best: Estimate;
}

/**
 * Finds how many nodes are of use: as long as twice as many take less than
 * three quarters of the time, each with the shards that suit it best.
 *
 * @param cluster The cluster; its number of nodes does not count.
 * @returns The estimates of 1, 2, 4, … nodes, the last of which is of little
 * use.
 */
export function scaling(cluster: Cluster): ScalingStep[] {
  const steps: ScalingStep[] = [];
  for (let nodes = 1; nodes <= 2 ** 14; nodes *= 2) {
    const best = bestEstimate({ ...cluster, nodes });
    const before = steps.at(-1)?.best.seconds ?? Infinity;
    steps.push({ nodes, best });
    if (best.seconds > before * 3 / 4) break;
  }
  return steps;
}
