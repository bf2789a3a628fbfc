/**
 * Byte pairs of single profiles into rows: the loops are short, for a batch of
 * scattered rows is too small for an engine. A pair is read as one word, whose
 * low byte is the delta and whose high byte is the value.
 */
import { MAX_COUNT } from "../../matrix/layout.ts";
import type { PlainNumbers } from "./row_types.ts";

/** Pairs of a profile. */
export interface PairWords {
  /** The pairs, among others. */
  readonly words: Uint16Array;
  /** The first of the profile. */
  readonly start: number;
  /** Where they end. */
  readonly end: number;
  /** The number of genes of the matrix. */
  readonly genesCount: number;
}

/**
 * Puts the counts of a profile into a row of zeros.
 *
 * @param pairs The pairs.
 * @param data The rows.
 * @param base Where the row starts.
 * @returns What {@linkcode DecodedEntries.most} is.
 */
export function decodeDense(
  { words, start, end, genesCount }: PairWords,
  data: PlainNumbers,
  base: number,
): number {
  let gene = base;
  let sum = 0;
  let most = 0;
  let bits = 0;
  for (let at = start; at < end;) {
    const stop = Math.min(at + 4, end);
    if (stop === at + 4) {
      const first = words[at]!;
      const second = words[at + 1]!;
      const third = words[at + 2]!;
      const fourth = words[at + 3]!;
      // Almost all pairs are of another gene: four at once take half the time.
      if (first & 255 && second & 255 && third & 255 && fourth & 255) {
        gene += first & 255;
        data[gene] = first >>> 8;
        gene += second & 255;
        data[gene] = second >>> 8;
        gene += third & 255;
        data[gene] = third >>> 8;
        gene += fourth & 255;
        data[gene] = sum = fourth >>> 8;
        bits |= first | second | third | fourth;
        at = stop;
        continue;
      }
    }
    for (; at < stop; at++) {
      const word = words[at]!;
      const delta = word & 255;
      sum = (delta === 0 ? sum : 0) + (word >>> 8);
      gene += delta;
      if (sum > most) most = sum;
      data[gene] = sum;
    }
  }
  most = Math.max(most, bits >>> 8);
  return isRight(gene - base, most, genesCount, end - start) ? most : Infinity;
}

/**
 * Puts the counts of a profile into a row of zeros, through a map.
 *
 * @param pairs The pairs.
 * @param data The rows.
 * @param base Where the row starts.
 * @param map For each gene the column that it becomes, -1 none.
 * @returns The largest count; Infinity where the pairs are not valid.
 */
export function decodeMapped(
  { words, start, end, genesCount }: PairWords,
  data: PlainNumbers,
  base: number,
  map: Int32Array,
): number {
  let gene = 0;
  let sum = 0;
  let most = 0;
  for (let at = start; at < end; at++) {
    const word = words[at]!;
    const delta = word & 255;
    sum = (delta === 0 ? sum : 0) + (word >>> 8);
    gene += delta;
    const column = map[gene]!;
    if (!(column >= 0)) continue;
    data[base + column] = sum;
    if (sum > most) most = sum;
  }
  return isRight(gene, most, genesCount, end - start) ? most : Infinity;
}

/** Where entries go. */
export interface EntriesPlace {
  /** Receives the genes of the entries. */
  readonly indices: Int32Array;
  /** Receives their counts. */
  readonly data: PlainNumbers;
  /** Where the first one goes; there is room for one a pair. */
  readonly at: number;
}

/** What became of a profile. */
export interface DecodedEntries {
  /** Where the entries end. */
  readonly end: number;
  /**
   * The largest count, or where that is at most 255 another number on the same
   * side of 127; Infinity where the pairs are not valid.
   */
  readonly most: number;
}

/**
 * Adds the entries of a profile, by ascending gene.
 *
 * @param pairs The pairs.
 * @param place Where they go.
 * @returns Where they end.
 */
export function decodeEntries(
  { words, start, end, genesCount }: PairWords,
  { at: from, data, indices }: EntriesPlace,
): DecodedEntries {
  let gene = 0;
  let last = -1;
  let sum = 0;
  let most = 0;
  let bits = 0;
  let to = from;
  for (let at = start; at < end;) {
    const stop = Math.min(at + 4, end);
    if (stop === at + 4) {
      const first = words[at]!;
      const second = words[at + 1]!;
      const third = words[at + 2]!;
      const fourth = words[at + 3]!;
      // Almost all pairs are of another gene, and have a value.
      if (
        first & 255 && second & 255 && third & 255 && fourth & 255 &&
        first > 255 && second > 255 && third > 255 && fourth > 255
      ) {
        indices[to] = gene += first & 255;
        data[to] = first >>> 8;
        indices[to + 1] = gene += second & 255;
        data[to + 1] = second >>> 8;
        indices[to + 2] = gene += third & 255;
        data[to + 2] = third >>> 8;
        indices[to + 3] = last = gene += fourth & 255;
        data[to + 3] = sum = fourth >>> 8;
        bits |= first | second | third | fourth;
        to += 4;
        at = stop;
        continue;
      }
    }
    for (; at < stop; at++) {
      const word = words[at]!;
      gene += word & 255;
      if (word < 256) continue;
      sum = (gene === last ? sum : 0) + (word >>> 8);
      if (sum > most) most = sum;
      if (gene !== last) {
        last = gene;
        indices[to++] = gene;
      }
      data[to - 1] = sum;
    }
  }
  most = Math.max(most, bits >>> 8);
  const isFine = isRight(gene, most, genesCount, end - start);
  return { end: to, most: isFine ? most : Infinity };
}

/**
 * Adds the entries of a profile through a map that keeps the order.
 *
 * @param pairs The pairs.
 * @param place Where they go.
 * @param map For each gene the column that it becomes, -1 none.
 * @returns Where they end.
 */
export function decodeMappedEntries(
  { words, start, end, genesCount }: PairWords,
  { at: first, data, indices }: EntriesPlace,
  map: Int32Array,
): DecodedEntries {
  let gene = 0;
  let last = -1;
  let sum = 0;
  let most = 0;
  let to = first;
  for (let at = start; at < end; at++) {
    const word = words[at]!;
    gene += word & 255;
    const value = word >>> 8;
    const column = map[gene]!;
    if (value === 0 || !(column >= 0)) continue;
    if (column === last) {
      sum += value;
      data[to - 1] = sum;
    } else {
      sum = value;
      last = column;
      indices[to] = column;
      data[to++] = value;
    }
    if (sum > most) most = sum;
  }
  const isFine = isRight(gene, most, genesCount, end - start);
  return { end: to, most: isFine ? most : Infinity };
}

function isRight(
  lastGene: number,
  most: number,
  genesCount: number,
  pairs: number,
): boolean {
  return (pairs === 0 || lastGene < genesCount) && most <= MAX_COUNT;
}
