/** Profiles row by row, and the pieces of rows that are summed at once. */
import type { ByteSource } from "../../io/byte_source.ts";
import { MAX_BYTE } from "../../matrix/layout.ts";
import type { StoredPairs } from "../../matrix/raw_matrix.ts";
import type { SumRows } from "../engine.ts";
import type { LeafSpan } from "../leaf_spans.ts";
import type { PairsMatrix, PairsPart } from "./pairs_runner.js";
import type { Piece } from "./parts.ts";

/**
 * The most matrices whose profiles are read row by row: each has a file open
 * and the map of its genes at hand.
 */
const MOST_MATRICES = 32;
const MAPS_BYTES = 16 << 20;

/** The most and the least bytes of pairs that end a piece. */
const PIECE_BYTES = 2 << 20;
const LEAST_PIECE_BYTES = 1 << 18;

/** The most rows of a piece. */
const PIECE_ROWS = 1 << 14;

/** What the pairs of a piece take at most; a row that may take more is large. */
export const SLOT_BYTES = 4 << 20;

/** Profiles row by row. */
export interface PairsPlan {
  /** The profiles. */
  readonly part: PairsPart;
  /** Where their pairs are. */
  readonly sources: readonly ByteSource[];
  /** The bytes of their pairs. */
  readonly byteLength: number;
  /** How many profiles are in no row. */
  readonly droppedCount: number;
  /** What the pairs of a row can take beyond those of its profiles. */
  readonly extraRowBytes: number;
}

/** Consecutive rows that are summed in the same way. */
export interface RowsRun {
  /** The first row. */
  readonly first: number;
  /** The one after the last. */
  readonly end: number;
  /** The bytes of the pairs of their profiles. */
  readonly byteLength: number;
  /** The pieces; none where each of the rows is large. */
  readonly pieces: readonly Piece[];
}

/** A span whose pairs are stored. */
interface StoredSpan extends LeafSpan {
  readonly stored: StoredPairs;
}

/**
 * Lists profiles by their rows.
 *
 * @param spans The profiles.
 * @param shape The row of each.
 * @param isShared Whether other threads are to see the lists.
 * @returns The lists, or undefined where profiles are not stored as pairs, or
 * are in so many files that they are rather read file by file.
 */
export async function planPairs(
  spans: readonly LeafSpan[],
  shape: SumRows,
  isShared: boolean,
): Promise<PairsPlan | undefined> {
  const stored = await openSpans(spans);
  if (stored === undefined) return undefined;
  const { rowStarts, droppedCount } = countRows(stored, shape, isShared);
  const length = rowStarts.at(-1)!;
  const part: PairsPart = {
    matrices: stored.map(describe),
    rowStarts,
    members: new Uint8Array(room(length, isShared)),
    starts: new Uint32Array(room(4 * length, isShared)),
    ends: new Uint32Array(room(4 * length, isShared)),
  };
  placeProfiles(stored, shape, part);
  const isMapped = stored.some(({ geneMap }) => geneMap);
  return {
    part,
    sources: stored.map(({ stored }) => stored.source),
    byteLength: bytesOfRows(part, 0, shape.rowsCount),
    droppedCount,
    // Genes that a map takes apart are apart by as many pairs, at most.
    extraRowBytes: isMapped ? 2 * Math.ceil(shape.genesCount / MAX_BYTE) : 0,
  };
}

/**
 * Cuts rows into runs, and these into pieces: large ones at first, smaller ones
 * at the end, so that all threads end at one time.
 *
 * @param plan The profiles of the rows.
 * @param threads The number of threads.
 * @param slotBytes What the pairs of a piece may take.
 * @returns The runs, in order.
 */
export function cutRows(
  plan: PairsPlan,
  threads: number,
  slotBytes: number,
): RowsRun[] {
  const { part, extraRowBytes } = plan;
  const rowsCount = part.rowStarts.length - 1;
  const most = (row: number) => bytesOfRows(part, row, row + 1) + extraRowBytes;
  const runs: RowsRun[] = [];
  let left = plan.byteLength;
  for (let first = 0; first < rowsCount;) {
    const isLarge = most(first) > slotBytes;
    let end = first + 1;
    while (end < rowsCount && most(end) > slotBytes === isLarge) end++;
    const pieces = isLarge
      ? []
      : cutRun(plan, { first, end, left, threads, slotBytes });
    const byteLength = bytesOfRows(part, first, end);
    runs.push({ first, end, byteLength, pieces });
    left -= byteLength;
    first = end;
  }
  return runs;
}

interface CutOptions {
  readonly first: number;
  readonly end: number;
  readonly left: number;
  readonly threads: number;
  readonly slotBytes: number;
}

function cutRun(
  { part, extraRowBytes }: PairsPlan,
  { first, end: last, left, threads, slotBytes }: CutOptions,
): Piece[] {
  const pieces: Piece[] = [];
  for (let row = first; row < last;) {
    const share = Math.max(left / (2 * threads), LEAST_PIECE_BYTES);
    const wanted = Math.min(share, PIECE_BYTES);
    const most = Math.min(last, row + PIECE_ROWS);
    let [end, taken, bound] = [row, 0, 0];
    while (end < most && taken < wanted) {
      const bytes = bytesOfRows(part, end, end + 1);
      bound += bytes + extraRowBytes;
      if (bound > slotBytes) break;
      taken += bytes;
      end++;
    }
    const profilesCount = part.rowStarts[end]! - part.rowStarts[row]!;
    pieces.push({ part: 0, first: row, end, profilesCount });
    left -= taken;
    row = end;
  }
  return pieces;
}

function bytesOfRows(
  { rowStarts, starts, ends }: PairsPart,
  first: number,
  end: number,
): number {
  let bytes = 0;
  const stop = rowStarts[end]!;
  for (let at = rowStarts[first]!; at < stop; at++) {
    bytes += ends[at]! - starts[at]!;
  }
  return bytes;
}

async function openSpans(
  spans: readonly LeafSpan[],
): Promise<StoredSpan[] | undefined> {
  if (spans.length > MOST_MATRICES) return undefined;
  let mapsBytes = 0;
  for (const { geneMap } of spans) mapsBytes += geneMap?.byteLength ?? 0;
  if (mapsBytes > MAPS_BYTES) return undefined;
  const opened: StoredSpan[] = [];
  for (const span of spans) {
    const stored = await span.matrix.stored?.();
    if (stored === undefined) return undefined;
    opened.push({ ...span, stored });
  }
  return opened;
}

function describe({ matrix, geneMap }: StoredSpan, file: number): PairsMatrix {
  return { file, name: matrix.name, genesCount: matrix.genesCount, geneMap };
}

/** Where the list of each row starts. */
function countRows(
  spans: readonly StoredSpan[],
  { rows, rowsCount }: SumRows,
  isShared: boolean,
): { readonly rowStarts: Uint32Array; readonly droppedCount: number } {
  const rowStarts = new Uint32Array(room(4 * (rowsCount + 1), isShared));
  let droppedCount = 0;
  for (const span of spans) {
    const count = profilesIn(span);
    for (let at = 0; at < count; at++) {
      const row = rows[targetOf(span, at)]!;
      if (row < 0) droppedCount++;
      else rowStarts[row + 1]!++;
    }
  }
  for (let row = 0; row < rowsCount; row++) {
    rowStarts[row + 1]! += rowStarts[row]!;
  }
  return { rowStarts, droppedCount };
}

/** Writes the profiles of a row in the order in which they are stored. */
function placeProfiles(
  spans: readonly StoredSpan[],
  { rows }: SumRows,
  { rowStarts, members, starts, ends }: PairsPart,
): void {
  const next = rowStarts.slice();
  for (const [member, span] of spans.entries()) {
    const { offsets, base } = span.stored.index;
    const count = profilesIn(span);
    for (let at = 0; at < count; at++) {
      const row = rows[targetOf(span, at)]!;
      if (row < 0) continue;
      const profile = span.profiles ? span.profiles[at]! : at;
      const place = next[row]!++;
      members[place] = member;
      starts[place] = offsets[profile]! + base;
      ends[place] = offsets[profile + 1]! + base;
    }
  }
}

function profilesIn({ profiles, matrix }: LeafSpan): number {
  return profiles?.length ?? matrix.profilesCount;
}

function targetOf({ targets, firstTarget }: LeafSpan, at: number): number {
  return targets ? targets[at]! : firstTarget + at;
}

function room(bytes: number, isShared: boolean): ArrayBufferLike {
  return isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
}
