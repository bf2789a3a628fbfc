/**
 * Files that are to be read here and there, and are not in the memory of the
 * system, are read once from front to back before: disks are many times as
 * fast so.
 */
import type { ByteSource } from "../../io/byte_source.ts";
import { readerOf } from "./job_runner.ts";
import type { PairsPart } from "./pairs_runner.js";

/** Less than this is soon read in any order. */
const LEAST_BYTES = 1 << 24;

/**
 * Reads that are timed, how long one takes at most of what is in memory, in ms,
 * and the share of slower ones from which on all is read.
 */
const SAMPLES = 64;
const MEMORY_READ = 0.03;
const SLOW_SHARE = 1 / 8;

/** What is read at once. */
const WINDOW_BYTES = 1 << 20;

/** The least share of a file that is wanted. */
const LEAST_SHARE = 1 / 4;

/** How long it goes on before others of the process have a turn, in ms. */
const TURN = 50;

/**
 * Reads files ahead, where that pays.
 *
 * @param part The profiles that are to be read, in any order.
 * @param sources Where they are.
 * @param signal Stops it.
 */
export async function readAhead(
  part: PairsPart,
  sources: readonly ByteSource[],
  signal?: AbortSignal,
): Promise<void> {
  const ranges = findRanges(part, sources);
  const bytes = ranges.reduce((sum, { wanted }) => sum + wanted, 0);
  if (bytes < LEAST_BYTES || await isInMemory(part, sources)) return;
  const window = new Uint8Array(WINDOW_BYTES);
  let turnEnd = performance.now() + TURN;
  for (const { source, start, end, wanted } of ranges) {
    if (wanted < LEAST_SHARE * (end - start)) continue;
    for (let at = start; at < end; at += WINDOW_BYTES) {
      signal?.throwIfAborted();
      await source.read(at, window.subarray(0, end - at));
      if (performance.now() < turnEnd) continue;
      await new Promise((resolve) => setTimeout(resolve, 0));
      turnEnd = performance.now() + TURN;
    }
  }
}

/** Where the wanted profiles of a source are. */
interface Range {
  readonly source: ByteSource;
  start: number;
  end: number;
  /** The bytes of the profiles. */
  wanted: number;
}

function findRanges(
  { matrices, members, starts, ends }: PairsPart,
  sources: readonly ByteSource[],
): Range[] {
  const ranges = matrices.map(({ file }): Range => {
    return { source: sources[file]!, start: Infinity, end: 0, wanted: 0 };
  });
  for (let at = 0; at < members.length; at++) {
    const range = ranges[members[at]!]!;
    range.start = Math.min(range.start, starts[at]!);
    range.end = Math.max(range.end, ends[at]!);
    range.wanted += ends[at]! - starts[at]!;
  }
  return ranges.filter(({ wanted }) => wanted > 0);
}

/** Whether profiles from anywhere come at once, but for a few. */
async function isInMemory(
  { matrices, members, starts, ends }: PairsPart,
  sources: readonly ByteSource[],
): Promise<boolean> {
  const read = readerOf(sources);
  const window = new Uint8Array(WINDOW_BYTES);
  const count = Math.min(SAMPLES, members.length);
  let slow = 0;
  for (let sample = 0; sample < count; sample++) {
    const at = Math.floor(sample * members.length / count);
    const length = Math.min(ends[at]! - starts[at]!, WINDOW_BYTES);
    const { file } = matrices[members[at]!]!;
    const start = performance.now();
    await read(window, 0, length, starts[at]!, file);
    if (performance.now() - start > MEMORY_READ) slow++;
  }
  return slow < count * SLOW_SHARE;
}
