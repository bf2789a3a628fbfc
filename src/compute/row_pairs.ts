/**
 * Sums of rows that leave as the pairs of a matrix, a few rows at a time, so
 * that memory does not grow with their number.
 */
import { MAX_COUNT } from "../matrix/layout.ts";
import { encodePairs, PairBuffer } from "../matrix/pairs.ts";
import type { Engine, KernelOptions, SumRows } from "./engine.ts";
import type { LeafSpan } from "./leaf_spans.ts";

/** The most dense sums that are kept at once, 8 to 20 bytes each. */
export const SUMS_AT_ONCE: number = 1 << 21;

/** Rows that profiles are summed into, and how many sums are kept at once. */
export interface PairRows extends SumRows {
  /** The most dense sums that are kept at once. */
  readonly sumsAtOnce?: number | undefined;
}

/** The sums of consecutive rows as pairs, in the canonical form. */
export interface RowPairs {
  /** The first of the rows. */
  readonly first: number;
  /** For each of the rows where its pairs end. */
  readonly ends: Uint32Array;
  /** The pairs, one row after the other; they are valid until they are used. */
  readonly pairs: Uint8Array;
  /** The number of entries of all these rows. */
  readonly entriesCount: number;
  /** The sum of all counts of these rows. */
  readonly totalUmis: number;
}

/**
 * Takes sums, those of the first rows first, and each row once. It may take
 * its time, but not wait for anything that the same engine computes.
 */
export type UseRowPairs = (rows: RowPairs) => void | Promise<void>;

/** A sum does not fit a matrix. */
export class LargeSumError extends RangeError {
  /** The row. */
  readonly row: number;
  /** The gene. */
  readonly gene: number;
  /** The sum. */
  readonly sum: number;

  /**
   * @param row The row.
   * @param gene The gene.
   * @param sum The sum.
   */
  constructor(row: number, gene: number, sum: number) {
    super(
      `Cannot sum row ${row}: the sum of gene ${gene} is ${sum}, and counts ` +
        `go up to ${MAX_COUNT}`,
    );
    this.row = row;
    this.gene = gene;
    this.sum = sum;
  }
}

/** Consecutive rows. */
export interface RowsRange {
  /** The first row. */
  readonly first: number;
  /** The one after the last. */
  readonly end: number;
}

/**
 * Sums rows as pairs by means of dense sums, of a part of the rows at a time.
 *
 * @param engine Makes the dense sums.
 * @param spans The profiles.
 * @param shape The row of each, how many there are, and how many at once.
 * @param use Is given the rows.
 * @param options Told of the progress, and stopped.
 * @throws {LargeSumError} If a sum passes 2^32-1.
 */
export async function groupPairsByTiles(
  engine: Pick<Engine, "groupSums">,
  spans: readonly LeafSpan[],
  shape: PairRows,
  use: UseRowPairs,
  options: KernelOptions = {},
): Promise<void> {
  const { rowsCount, genesCount } = shape;
  if (rowsCount <= rowsAtOnce(shape)) {
    const sums = await engine.groupSums(spans, shape, options);
    const rows = { first: 0, end: rowsCount };
    return await useRows(rows, sums, new RowEncoder(genesCount), use);
  }
  const profiles = orderByRows(spans, shape);
  options.advance?.(profiles.droppedCount);
  const all = { first: 0, end: rowsCount };
  await sumTiles(engine, { ...profiles, ...all }, shape, use, options);
}

/** The rows whose sums are kept at once; one at least. */
function rowsAtOnce(
  { genesCount, sumsAtOnce = SUMS_AT_ONCE }: PairRows,
): number {
  return Math.max(1, Math.floor(sumsAtOnce / Math.max(genesCount, 1)));
}

async function useRows(
  { first, end }: RowsRange,
  sums: Float64Array,
  encoder: RowEncoder,
  use: UseRowPairs,
): Promise<void> {
  const genesCount = sums.length / Math.max(end - first, 1);
  for (let row = first; row < end; row++) {
    const start = (row - first) * genesCount;
    await use(encoder.encode(row, sums.subarray(start, start + genesCount)));
  }
}

/**
 * Sums some of the rows, as {@linkcode groupPairsByTiles} does. Profiles that
 * are in none of them are not told of.
 *
 * @param engine Makes the dense sums.
 * @param rows The rows, and the profiles of all rows in order.
 * @param shape How many genes there are, and how many sums at once.
 * @param use Is given the rows.
 * @param options Told of the progress, and stopped.
 * @throws {LargeSumError} If a sum passes 2^32-1.
 */
export async function sumTiles(
  engine: Pick<Engine, "groupSums">,
  rows: RowsRange & OrderedProfiles,
  shape: PairRows,
  use: UseRowPairs,
  options: KernelOptions,
): Promise<void> {
  const { genesCount } = shape;
  const most = rowsAtOnce(shape);
  const encoder = new RowEncoder(genesCount);
  for (let first = rows.first; first < rows.end; first += most) {
    const end = Math.min(first + most, rows.end);
    const tile = takeTile(rows, first, end);
    const own = { rows: tile.rows, rowsCount: end - first, genesCount };
    const sums = await engine.groupSums(tile.spans, own, options);
    await useRows({ first, end }, sums, encoder, use);
  }
}

/** Encodes dense rows of sums. */
export class RowEncoder {
  readonly #genesCount: number;
  readonly #genes: Uint32Array;
  readonly #counts: Uint32Array;
  readonly #pairs = new PairBuffer();

  /**
   * @param genesCount The number of genes of a row.
   */
  constructor(genesCount: number) {
    this.#genesCount = genesCount;
    this.#genes = new Uint32Array(genesCount);
    this.#counts = new Uint32Array(genesCount);
  }

  /**
   * Encodes a row.
   *
   * @param row Which one it is.
   * @param sums Its sums.
   * @returns Its pairs, valid until the next row is encoded.
   * @throws {LargeSumError} If a sum passes 2^32-1.
   */
  encode(row: number, sums: Float64Array): RowPairs {
    const [genes, counts] = [this.#genes, this.#counts];
    let length = 0;
    for (let gene = 0; gene < sums.length; gene++) {
      const sum = sums[gene]!;
      if (sum === 0) continue;
      if (sum > MAX_COUNT) throw new LargeSumError(row, gene, sum);
      genes[length] = gene;
      counts[length++] = sum;
    }
    const pairs = this.#pairs;
    pairs.length = 0;
    const encoded = encodePairs(
      genes.subarray(0, length),
      counts.subarray(0, length),
      this.#genesCount,
      pairs,
    );
    const ends = Uint32Array.of(pairs.length);
    return { first: row, ends, pairs: pairs.used(), ...encoded };
  }
}

/** Profiles in the order of their rows. */
export interface OrderedProfiles {
  /** What they are of. */
  readonly spans: readonly LeafSpan[];
  /** Where each is, counted through all spans. */
  readonly places: Uint32Array;
  /** For each row where its profiles start, then where the last ones end. */
  readonly rowStarts: Uint32Array;
  /** The number of profiles that are in no row. */
  readonly droppedCount: number;
}

/**
 * Puts profiles into the order of their rows.
 *
 * @param spans The profiles.
 * @param shape The row of each.
 * @returns The profiles of the first row, then those of the next, and on.
 */
export function orderByRows(
  spans: readonly LeafSpan[],
  { rows, rowsCount }: SumRows,
): OrderedProfiles {
  const rowStarts = new Uint32Array(rowsCount + 1);
  let droppedCount = 0;
  forEachTarget(spans, (target) => {
    const row = rows[target]!;
    if (row < 0) droppedCount++;
    else rowStarts[row + 1]!++;
  });
  for (let row = 0; row < rowsCount; row++) {
    rowStarts[row + 1]! += rowStarts[row]!;
  }
  const places = new Uint32Array(rowStarts[rowsCount]!);
  const next = rowStarts.slice();
  forEachTarget(spans, (target, place) => {
    const row = rows[target]!;
    if (row >= 0) places[next[row]!++] = place;
  });
  return { spans, places, rowStarts, droppedCount };
}

function forEachTarget(
  spans: readonly LeafSpan[],
  use: (target: number, place: number) => void,
): void {
  let place = 0;
  for (const { matrix, profiles, targets, firstTarget } of spans) {
    const count = profiles?.length ?? matrix.profilesCount;
    for (let at = 0; at < count; at++) {
      use(targets ? targets[at]! : firstTarget + at, place++);
    }
  }
}

/**
 * Takes the profiles of some rows, in the order in which they are stored.
 *
 * @param ordered The profiles of all rows.
 * @param first The first row.
 * @param end The one after the last.
 * @returns The profiles, whose targets count up from 0, and for each its row,
 * counted from the first.
 */
export function takeTile(
  { spans, places, rowStarts }: OrderedProfiles,
  first: number,
  end: number,
): { readonly spans: LeafSpan[]; readonly rows: Int32Array } {
  const start = rowStarts[first]!;
  const count = rowStarts[end]! - start;
  // A place and a row make one number, to be sorted by the place.
  const keys = new Float64Array(count);
  for (let row = first; row < end; row++) {
    for (let at = rowStarts[row]!; at < rowStarts[row + 1]!; at++) {
      keys[at - start] = places[at]! * (end - first) + row - first;
    }
  }
  keys.sort();
  const rows = new Int32Array(count);
  const stored = new Uint32Array(count);
  keys.forEach((key, at) => {
    rows[at] = key % (end - first);
    stored[at] = (key - rows[at]!) / (end - first);
  });
  return { spans: spansAt(spans, stored), rows };
}

/** The profiles at some places, whose targets are those places in order. */
function spansAt(spans: readonly LeafSpan[], places: Uint32Array): LeafSpan[] {
  const found: LeafSpan[] = [];
  let [first, firstPlace] = [0, 0];
  for (const span of spans) {
    const { matrix, geneMap } = span;
    const all = span.profiles;
    const endPlace = firstPlace + (all?.length ?? matrix.profilesCount);
    let end = first;
    while (end < places.length && places[end]! < endPlace) end++;
    const profiles = new Int32Array(end - first);
    for (let at = first; at < end; at++) {
      const place = places[at]! - firstPlace;
      profiles[at - first] = all ? all[place]! : place;
    }
    if (end > first) {
      const targets = undefined;
      found.push({ matrix, geneMap, profiles, targets, firstTarget: first });
    }
    [first, firstPlace] = [end, endPlace];
  }
  return found;
}
