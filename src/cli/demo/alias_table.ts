import type { Random } from "./random.ts";

/**
 * Draws indices with given weights, each draw in constant time (the alias
 * method, as Michael Vose builds its table).
 */
export class AliasTable {
  readonly #keep: Float64Array;
  readonly #alias: Uint32Array;

  /** @param weights The weights, not negative, at least one positive. */
  constructor(weights: Float64Array) {
    const size = weights.length;
    const scale = size / weights.reduce((sum, weight) => sum + weight, 0);
    this.#keep = weights.map((weight) => weight * scale);
    this.#alias = new Uint32Array(size);
    this.#pairUp();
  }

  /**
   * Draws one index.
   *
   * @param random Where the randomness comes from.
   * @returns An index of the weights.
   */
  draw(random: Random): number {
    const position = random.fraction() * this.#keep.length;
    const index = Math.floor(position);
    return position - index < this.#keep[index]! ? index : this.#alias[index]!;
  }

  /** Gives each index with too little weight a share of one with too much. */
  #pairUp(): void {
    const keep = this.#keep;
    const small: number[] = [];
    const large: number[] = [];
    keep.forEach((weight, index) => (weight < 1 ? small : large).push(index));
    while (small.length > 0 && large.length > 0) {
      const low = small.pop()!;
      const high = large.at(-1)!;
      this.#alias[low] = high;
      keep[high] = keep[high]! - (1 - keep[low]!);
      if (keep[high]! < 1) small.push(large.pop()!);
    }
    for (const index of [...small, ...large]) keep[index] = 1;
  }
}
