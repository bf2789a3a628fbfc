import { SUMS_AT_ONCE } from "../compute/row_pairs.ts";
import type { SpanPiece } from "./cut_spans.ts";
import type { PlanJob } from "./plan.ts";

/** What a shard takes of a machine, cautiously. */
export interface ShardResources {
  /** The memory in MiB, the process itself included. */
  readonly memoryMebibytes: number;
  /** The time in minutes, start and slow disks included. */
  readonly minutes: number;
  /** The threads that it can use. */
  readonly threads: number;
}

/** What a process takes whatever it does: windows, workers, the runtime. */
const BASE_BYTES = 400 * 2 ** 20;
/** What sums take on the way. */
const BYTES_A_SUM = 20;
/** A shared file system on a bad day, in bytes a second. */
const SLOW_DISK = 50e6;
/** Waiting for the first byte, and opening a large collection. */
const START_MINUTES = 5;
/** Work that is soon done gains nothing by a second thread. */
const BYTES_A_THREAD = 2 ** 26;
const MOST_THREADS = 4;

/**
 * Estimates what computing a shard takes: what schedulers have to be told.
 *
 * @param job What is computed.
 * @param piece The profiles.
 * @param genesCount The number of genes.
 * @returns Bounds that are meant to hold, not to be met.
 */
export function estimateResources(
  job: PlanJob,
  piece: SpanPiece,
  genesCount: number,
): ShardResources {
  const profiles = piece.end - piece.first;
  const sums = job.kind === "sum"
    ? Math.min(job.names.length * genesCount, SUMS_AT_ONCE + genesCount)
    : job.per === "gene"
    ? genesCount
    : profiles;
  const threads = Math.ceil(piece.bytes / BYTES_A_THREAD);
  const indexBytes = 4 * 4 * profiles;
  const bytes = BASE_BYTES + sums * BYTES_A_SUM + indexBytes;
  return {
    memoryMebibytes: Math.ceil(bytes / 2 ** 20),
    minutes: START_MINUTES + Math.ceil(piece.bytes / SLOW_DISK / 60),
    threads: Math.min(Math.max(threads, 1), MOST_THREADS),
  };
}
