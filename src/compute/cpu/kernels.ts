/**
 * The sums over byte pairs in plain TypeScript: the reference that every
 * faster engine must equal to the last bit.
 */
import { decodePairs } from "../../matrix/pairs.ts";
import type { PairsWindow } from "../../matrix/windows.ts";

/** The most pairs whose values, 255 at most, add up in 32 bits. */
const PAIRS_PER_CHUNK = 16_843_009;

/** What messages say of the matrix that a window is of. */
export interface WindowPlace {
  /** What messages call the matrix. */
  readonly name: string;
  /** The number of genes of the matrix. */
  readonly genesCount: number;
}

/**
 * Sums the counts of each profile of a window.
 *
 * @param window The pairs.
 * @param place The matrix that they are of.
 * @param totals Receives the total of each profile, from index 0.
 * @throws {SyntaxError} If pairs are not valid.
 */
export function addProfileTotals(
  window: PairsWindow,
  place: WindowPlace,
  totals: Float64Array,
): void {
  const { pairs, starts, profilesCount } = window;
  for (let profile = 0; profile < profilesCount; profile++) {
    const end = starts[profile + 1]!;
    const start = starts[profile]!;
    let gene = 0;
    let total = 0;
    for (let at = start; at < end; at += 2) {
      gene += pairs[at]!;
      total += pairs[at + 1]!;
    }
    if (gene >= place.genesCount && end > start) failOn(window, place, profile);
    totals[profile]! += total;
  }
}

/** Sums over genes, in 32 bits for speed and in 64 to be exact. */
export class GeneSums {
  /** The sums; complete after {@linkcode GeneSums.totals}. */
  readonly #totals: Float64Array;
  readonly #chunk: Uint32Array;
  #pairsInChunk = 0;

  /** @param genesCount The number of genes. */
  constructor(genesCount: number) {
    this.#totals = new Float64Array(genesCount);
    this.#chunk = new Uint32Array(genesCount);
  }

  /**
   * Adds all profiles of a window.
   *
   * @param window The pairs.
   * @param place The matrix that they are of.
   * @throws {SyntaxError} If pairs are not valid.
   */
  add(window: PairsWindow, place: WindowPlace): void {
    const { pairs, starts, profilesCount } = window;
    for (let profile = 0; profile < profilesCount; profile++) {
      const end = starts[profile + 1]!;
      const start = starts[profile]!;
      let gene = 0;
      for (let at = start; at < end;) {
        const stop = Math.min(end, at + 2 * this.#room());
        this.#pairsInChunk += (stop - at) / 2;
        gene = addPairs(pairs, at, stop, gene, this.#chunk);
        at = stop;
      }
      if (gene >= place.genesCount && end > start) {
        failOn(window, place, profile);
      }
    }
  }

  /**
   * Ends a chunk and gives the sums.
   *
   * @returns The exact sum of each gene.
   */
  totals(): Float64Array {
    this.#fold();
    return this.#totals;
  }

  /** How many pairs the chunk still takes, after it was folded if need be. */
  #room(): number {
    if (this.#pairsInChunk >= PAIRS_PER_CHUNK) this.#fold();
    return PAIRS_PER_CHUNK - this.#pairsInChunk;
  }

  #fold(): void {
    const chunk = this.#chunk;
    for (let gene = 0; gene < chunk.length; gene++) {
      this.#totals[gene]! += chunk[gene]!;
    }
    chunk.fill(0);
    this.#pairsInChunk = 0;
  }
}

/** Adds pairs to a sum a gene; one past the end is ignored and found later. */
function addPairs(
  pairs: Uint8Array,
  start: number,
  end: number,
  gene: number,
  sums: Uint32Array,
): number {
  for (let at = start; at < end; at += 2) {
    gene += pairs[at]!;
    sums[gene]! += pairs[at + 1]!;
  }
  return gene;
}

/** Decodes a profile that is not valid, for the message with the offset. */
function failOn(
  window: PairsWindow,
  place: WindowPlace,
  profile: number,
): void {
  const start = window.starts[profile]!;
  const pairs = window.pairs.subarray(start, window.starts[profile + 1]);
  decodePairs(pairs, place.genesCount, {
    name: place.name,
    offset: window.offset + start,
  });
}
