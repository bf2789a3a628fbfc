/**
 * The sums over byte pairs in plain TypeScript: the reference that every
 * faster engine must equal to the last bit.
 */
import { decodePairs, type ProfileEntries } from "../../matrix/pairs.ts";
import type { SparseRows } from "../engine.ts";
import type { LeafSpan, SpanWindow } from "../leaf_spans.ts";

/** The most pairs whose values, 255 at most, add up in 32 bits. */
const PAIRS_PER_CHUNK = 16_843_009;

/** Arrays of counts that are exact, or rounded once. */
export type CountsArray = Uint32Array | Float32Array | Float64Array;

/**
 * Sums the counts of each profile of a window.
 *
 * @param part The wanted profiles.
 * @param span What they are of.
 * @param totals Receives the total of each profile at its target.
 * @throws {SyntaxError} If pairs are not valid.
 */
export function addProfileTotals(
  part: SpanWindow,
  span: LeafSpan,
  totals: Float64Array,
): void {
  const { pairs, starts } = part.window;
  const { geneMap } = span;
  const { genesCount } = span.matrix;
  for (let at = 0; at < part.profiles.length; at++) {
    const profile = part.profiles[at]!;
    const start = starts[profile]!;
    const end = starts[profile + 1]!;
    const total = geneMap
      ? mappedTotal(pairs, start, end, geneMap)
      : pairsTotal(pairs, start, end, genesCount);
    if (total < 0) failOn(part, span, profile);
    totals[part.targets[at]!]! += total;
  }
}

/** The sum of pairs, -1 where they lead past the last gene. */
function pairsTotal(
  pairs: Uint8Array,
  start: number,
  end: number,
  genesCount: number,
): number {
  let gene = 0;
  let total = 0;
  for (let at = start; at < end; at += 2) {
    gene += pairs[at]!;
    total += pairs[at + 1]!;
  }
  return gene >= genesCount && end > start ? -1 : total;
}

/** The sum of the pairs of genes that the map keeps, -1 as above. */
function mappedTotal(
  pairs: Uint8Array,
  start: number,
  end: number,
  geneMap: Int32Array,
): number {
  let gene = 0;
  let total = 0;
  for (let at = start; at < end; at += 2) {
    gene += pairs[at]!;
    if (geneMap[gene]! >= 0) total += pairs[at + 1]!;
  }
  return gene >= geneMap.length && end > start ? -1 : total;
}

/**
 * Counts the entries of each profile of a window.
 *
 * @param part The wanted profiles.
 * @param span What they are of.
 * @param entries Receives the number of counts that are not zero of each
 * profile at its target.
 * @throws {SyntaxError} If pairs are not valid.
 */
export function addProfileEntries(
  part: SpanWindow,
  span: LeafSpan,
  entries: Float64Array,
): void {
  const { pairs, starts } = part.window;
  const { geneMap } = span;
  const { genesCount } = span.matrix;
  for (let at = 0; at < part.profiles.length; at++) {
    const profile = part.profiles[at]!;
    const start = starts[profile]!;
    const end = starts[profile + 1]!;
    const count = pairsEntries(pairs, start, end, genesCount, geneMap);
    if (count < 0) failOn(part, span, profile);
    entries[part.targets[at]!]! += count;
  }
}

/** The entries of genes that the map keeps, -1 for pairs past the last gene. */
function pairsEntries(
  pairs: Uint8Array,
  start: number,
  end: number,
  genesCount: number,
  geneMap: Int32Array | undefined,
): number {
  let entries = 0;
  let gene = 0;
  let last = -1;
  for (let at = start; at < end; at += 2) {
    gene += pairs[at]!;
    if (pairs[at + 1] === 0 || gene === last) continue;
    last = gene;
    if (!geneMap || geneMap[gene]! >= 0) entries++;
  }
  return gene >= genesCount && end > start ? -1 : entries;
}

/**
 * Writes the entries of profiles into compressed sparse rows.
 *
 * @param part The wanted profiles.
 * @param span What they are of.
 * @param rows Where the entries of each row start, and room for them.
 * @throws {SyntaxError} If pairs are not valid.
 */
export function decodeRows(
  part: SpanWindow,
  span: LeafSpan,
  rows: SparseRows,
): void {
  const { window } = part;
  const { matrix, geneMap } = span;
  for (let at = 0; at < part.profiles.length; at++) {
    const start = window.starts[part.profiles[at]!]!;
    const end = window.starts[part.profiles[at]! + 1]!;
    const place = { name: matrix.name, offset: window.offset + start };
    const pairs = window.pairs.subarray(start, end);
    const entries = decodePairs(pairs, matrix.genesCount, place);
    const { genes, counts } = geneMap ? mapRow(entries, geneMap) : entries;
    const first = rows.offsets[part.targets[at]!]!;
    rows.genes.set(genes, first);
    rows.counts.set(counts, first);
  }
}

/** Maps the genes of a row and puts them into their new order. */
function mapRow(
  { genes, counts }: ProfileEntries,
  geneMap: Int32Array,
): ProfileEntries {
  const kept: [gene: number, count: number][] = [];
  for (let at = 0; at < genes.length; at++) {
    const gene = geneMap[genes[at]!]!;
    if (gene >= 0) kept.push([gene, counts[at]!]);
  }
  kept.sort(([left], [right]) => left - right);
  return {
    genes: Uint32Array.from(kept, ([gene]) => gene),
    counts: Uint32Array.from(kept, ([, count]) => count),
  };
}

/**
 * Writes the counts of profiles into columns of a dense array.
 *
 * @param part The wanted profiles.
 * @param span What they are of.
 * @param columns Zeros: a column of `genesCount` values a target. A value is
 * rounded once, when all of it is known.
 * @param genesCount The number of genes after the map.
 * @throws {SyntaxError} If pairs are not valid.
 */
export function decodeColumns(
  part: SpanWindow,
  span: LeafSpan,
  columns: CountsArray,
  genesCount: number,
): void {
  const { pairs, starts } = part.window;
  for (let at = 0; at < part.profiles.length; at++) {
    const profile = part.profiles[at]!;
    const start = starts[profile]!;
    const end = starts[profile + 1]!;
    // Only so many pairs can pass 32 bits, or lead to a gene that is not there.
    if (end - start > 2 * PAIRS_PER_CHUNK) failOn(part, span, profile);
    const first = part.targets[at]! * genesCount;
    let gene = 0;
    let sum = 0;
    for (let pair = start; pair < end; pair += 2) {
      const delta = pairs[pair]!;
      gene += delta;
      if (delta !== 0) sum = 0;
      sum += pairs[pair + 1]!;
      const target = span.geneMap ? span.geneMap[gene]! : gene;
      if (target >= 0 && target < genesCount) columns[first + target] = sum;
    }
    const { matrix } = span;
    if (gene >= matrix.genesCount && end > start) failOn(part, span, profile);
  }
}

/** Sums over rows and genes: in 32 bits for speed, in 64 to be exact. */
export class PairSums {
  readonly #genesCount: number;
  readonly #totals: Float64Array;
  readonly #chunk: Uint32Array;
  #pairsInChunk = 0;

  /**
   * @param rowsCount The number of rows, one where all is summed.
   * @param genesCount The number of genes of a row.
   */
  constructor(rowsCount: number, genesCount: number) {
    this.#genesCount = genesCount;
    this.#totals = new Float64Array(rowsCount * genesCount);
    this.#chunk = new Uint32Array(rowsCount * genesCount);
  }

  /**
   * Adds profiles of a window.
   *
   * @param part The wanted profiles.
   * @param span What they are of.
   * @param rows For each target the row that it is added to, or -1; by
   * default all are added to the first.
   * @throws {SyntaxError} If pairs are not valid.
   */
  add(part: SpanWindow, span: LeafSpan, rows?: Int32Array): void {
    const { starts } = part.window;
    for (let at = 0; at < part.profiles.length; at++) {
      const row = rows ? rows[part.targets[at]!]! : 0;
      if (row < 0) continue;
      const profile = part.profiles[at]!;
      const start = starts[profile]!;
      const end = starts[profile + 1]!;
      const gene = this.#addProfile(part, span, row, start, end);
      const { matrix } = span;
      if (gene >= matrix.genesCount && end > start) failOn(part, span, profile);
    }
  }

  /**
   * Ends a chunk and gives the sums.
   *
   * @returns The exact sums, row by row.
   */
  totals(): Float64Array {
    this.#fold();
    return this.#totals;
  }

  /** Adds pairs in pieces that the chunk has room for; gives the last gene. */
  #addProfile(
    { window: { pairs } }: SpanWindow,
    { geneMap }: LeafSpan,
    row: number,
    start: number,
    end: number,
  ): number {
    const sums = this.#chunk;
    const first = row * this.#genesCount;
    let gene = 0;
    for (let at = start; at < end;) {
      const stop = Math.min(end, at + 2 * this.#room());
      this.#pairsInChunk += (stop - at) / 2;
      gene = geneMap
        ? addMappedPairs(pairs, at, stop, gene, sums, first, geneMap)
        : addPairs(pairs, at, stop, gene, sums, first);
      at = stop;
    }
    return gene;
  }

  /** How many pairs the chunk still takes, after it was folded if need be. */
  #room(): number {
    if (this.#pairsInChunk >= PAIRS_PER_CHUNK) this.#fold();
    return PAIRS_PER_CHUNK - this.#pairsInChunk;
  }

  #fold(): void {
    const chunk = this.#chunk;
    for (let at = 0; at < chunk.length; at++) this.#totals[at]! += chunk[at]!;
    chunk.fill(0);
    this.#pairsInChunk = 0;
  }
}

/**
 * Adds pairs to the sums from `first` on. One past the last gene goes astray:
 * the caller finds it by the gene that is returned, and throws all away.
 */
function addPairs(
  pairs: Uint8Array,
  start: number,
  end: number,
  gene: number,
  sums: Uint32Array,
  first: number,
): number {
  let place = first + gene;
  for (let at = start; at < end; at += 2) {
    place += pairs[at]!;
    sums[place]! += pairs[at + 1]!;
  }
  return place - first;
}

function addMappedPairs(
  pairs: Uint8Array,
  start: number,
  end: number,
  gene: number,
  sums: Uint32Array,
  first: number,
  geneMap: Int32Array,
): number {
  for (let at = start; at < end; at += 2) {
    gene += pairs[at]!;
    const target = geneMap[gene]!;
    if (target >= 0) sums[first + target]! += pairs[at + 1]!;
  }
  return gene;
}

/** Decodes a profile that is not valid, for the message with the offset. */
function failOn(
  { window }: SpanWindow,
  { matrix }: LeafSpan,
  profile: number,
): void {
  const start = window.starts[profile]!;
  const pairs = window.pairs.subarray(start, window.starts[profile + 1]);
  decodePairs(pairs, matrix.genesCount, {
    name: matrix.name,
    offset: window.offset + start,
  });
}
