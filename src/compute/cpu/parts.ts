/** What of which file a job goes over, and the pieces that it is done in. */
import type { ByteSource } from "../../io/byte_source.ts";
import type { SumRows } from "../engine.ts";
import type { LeafSpan } from "../leaf_spans.ts";
import { type Part, rowsAtOnce } from "./runner.js";

/**
 * The most bytes of a profile that the kernels take: their values, 255 at
 * most, add up in 32 bits.
 */
const MOST_PROFILE_BYTES = 2 * 16_843_009;

/** The most and the least bytes of a piece. */
const PIECE_BYTES = 8 << 20;
const LEAST_PIECE_BYTES = 1 << 19;
/** Bytes between two profiles that are rather read than skipped. */
const MOST_SKIPPED = 1 << 14;

/** The most profiles of a piece, however few bytes they have. */
const PIECE_PROFILES = 1 << 16;

/** Spans as what a runner takes, and what it does not. */
export interface Plan {
  /** Profiles whose pairs are stored. */
  readonly parts: readonly Part[];
  /** Where those of each part are, by its `file`. */
  readonly sources: readonly ByteSource[];
  /**
   * What the kernels do not take: spans whose pairs are made as they are read,
   * and profiles that are too large.
   */
  readonly others: readonly LeafSpan[];
  /** The bytes of the pairs of all parts. */
  readonly byteLength: number;
  /** The profiles that are in no row, and so in no part. */
  readonly droppedCount: number;
}

/** Consecutive profiles of a part. */
export interface Piece {
  /** The part. */
  readonly part: number;
  /** The first profile. */
  readonly first: number;
  /** The one after the last. */
  readonly end: number;
  /** How many profiles are done with it. */
  readonly profilesCount: number;
}

/** The profiles of a span that are computed over. */
interface Chosen {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly targets: Int32Array | undefined;
  readonly firstTarget: number;
}

/**
 * Finds where the pairs of spans are.
 *
 * @param spans The profiles.
 * @param sums The rows that they are summed into, for sums, and the memory of
 * a thread for them.
 * @returns The parts of a job.
 */
export async function planParts(
  spans: readonly LeafSpan[],
  sums?: SumRows & { readonly tableBytes: number },
): Promise<Plan> {
  const parts: Part[] = [];
  const sources: ByteSource[] = [];
  const others: LeafSpan[] = [];
  let [byteLength, droppedCount] = [0, 0];
  for (const span of spans) {
    const { matrix, geneMap } = span;
    const stored = await matrix.stored?.();
    if (stored === undefined) {
      others.push(span);
      continue;
    }
    const { offsets, base } = stored.index;
    const all = chooseProfiles(span, offsets, base);
    const { taken, left } = splitOversized(span, all);
    if (left) others.push(left);
    const { rows, ...chosen } = sums
      ? chooseRows(taken, matrix.genesCount, sums)
      : { ...taken, rows: undefined };
    const { name, genesCount } = matrix;
    const file = sources.push(stored.source) - 1;
    parts.push({ file, name, genesCount, geneMap, rows, ...chosen });
    byteLength += sumBytes(chosen);
    droppedCount += taken.starts.length - chosen.starts.length;
  }
  return { parts, sources, others, byteLength, droppedCount };
}

/**
 * Cuts parts into pieces that threads take one after the other: large ones at
 * first, smaller ones at the end, so that all threads end at one time.
 *
 * @param parts The parts.
 * @param byteLength The bytes of their pairs.
 * @param threads The number of threads.
 * @returns The pieces, in order.
 */
export function cutPieces(
  parts: readonly Part[],
  byteLength: number,
  threads: number,
): Piece[] {
  const pieces: Piece[] = [];
  let left = byteLength;
  for (const [part, { starts, ends }] of parts.entries()) {
    for (let first = 0; first < starts.length;) {
      const share = Math.max(left / (2 * threads), LEAST_PIECE_BYTES);
      const bytes = Math.min(share, PIECE_BYTES);
      const most = Math.min(starts.length, first + PIECE_PROFILES);
      let end = first;
      let taken = 0;
      while (end < most && taken < bytes) {
        taken += ends[end]! - starts[end]!;
        end++;
      }
      pieces.push({ part, first, end, profilesCount: end - first });
      left -= taken;
      first = end;
    }
  }
  return pieces;
}

function chooseProfiles(
  { profiles, targets, firstTarget }: LeafSpan,
  offsets: Uint32Array,
  base: number,
): Chosen {
  const places = base === 0 ? offsets : offsets.map((offset) => offset + base);
  const starts = profiles
    ? Uint32Array.from(profiles, (profile) => places[profile]!)
    : places.subarray(0, -1);
  const ends = profiles
    ? Uint32Array.from(profiles, (profile) => places[profile + 1]!)
    : places.subarray(1);
  return { starts, ends, targets, firstTarget };
}

/** Takes out the profiles that no kernel takes, if there are any. */
function splitOversized(
  span: LeafSpan,
  chosen: Chosen,
): { taken: Chosen; left: LeafSpan | undefined } {
  const { starts, ends } = chosen;
  const large: number[] = [];
  for (let at = 0; at < starts.length; at++) {
    if (ends[at]! - starts[at]! > MOST_PROFILE_BYTES) large.push(at);
  }
  if (large.length === 0) return { taken: chosen, left: undefined };
  const isLarge = new Set(large);
  const others = Int32Array.from(starts.keys())
    .filter((at) => !isLarge.has(at));
  const profiles = Int32Array.from(large, (at) => span.profiles?.[at] ?? at);
  const targets = Int32Array.from(large, (at) => targetAt(chosen, at));
  return {
    taken: takeAt(chosen, others),
    left: { ...span, profiles, targets },
  };
}

/** The profiles that are in a row, and in the order in which that is fast. */
function chooseRows(
  chosen: Chosen,
  genesCount: number,
  { rows, rowsCount, tableBytes }: SumRows & { readonly tableBytes: number },
): Chosen & { rows: Int32Array } {
  const { length } = chosen.starts;
  const found = new Int32Array(length);
  const taken = new Int32Array(length);
  let count = 0;
  for (let at = 0; at < length; at++) {
    found[at] = rows[targetAt(chosen, at)]!;
    if (found[at]! >= 0) taken[count++] = at;
  }
  let order = taken.subarray(0, count);
  // A file is read forward, unless the rows are too many to be at hand, or all
  // profiles are read one by one anyway.
  const isForward = rowsAtOnce(genesCount, rowsCount, tableBytes) === rowsCount;
  if (!isForward || isScattered(chosen, order)) {
    order = sortByRows(order, found, rowsCount);
  } else if (count === length) {
    return { ...chosen, rows: found };
  }
  return { ...takeAt(chosen, order), rows: order.map((at) => found[at]!) };
}

/** Sorts by counting; profiles of a row stay in their order. */
function sortByRows(
  places: Int32Array,
  rows: Int32Array,
  rowsCount: number,
): Int32Array<ArrayBuffer> {
  const next = new Uint32Array(rowsCount + 1);
  for (const at of places) next[rows[at]! + 1]!++;
  for (let row = 0; row < rowsCount; row++) next[row + 1]! += next[row]!;
  const sorted = new Int32Array(places.length);
  for (const at of places) sorted[next[rows[at]!]!++] = at;
  return sorted;
}

/** Whether there is more between profiles than is skipped by reading it. */
function isScattered(
  { starts, ends }: Chosen,
  order: Int32Array,
): boolean {
  if (order.length === 0) return false;
  const all = ends[order.at(-1)!]! - starts[order[0]!]!;
  let wanted = 0;
  for (const at of order) wanted += ends[at]! - starts[at]!;
  return (all - wanted) / order.length > MOST_SKIPPED;
}

function takeAt(chosen: Chosen, places: Int32Array): Chosen {
  const { length } = places;
  const starts = new Uint32Array(length);
  const ends = new Uint32Array(length);
  const targets = new Int32Array(length);
  for (let to = 0; to < length; to++) {
    const at = places[to]!;
    starts[to] = chosen.starts[at]!;
    ends[to] = chosen.ends[at]!;
    targets[to] = targetAt(chosen, at);
  }
  return { starts, ends, targets, firstTarget: 0 };
}

function targetAt({ targets, firstTarget }: Chosen, at: number): number {
  return targets ? targets[at]! : firstTarget + at;
}

function sumBytes({ starts, ends }: Chosen): number {
  let bytes = 0;
  for (let at = 0; at < starts.length; at++) bytes += ends[at]! - starts[at]!;
  return bytes;
}
