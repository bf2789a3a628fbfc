import { portableLog } from "./portable_math.ts";

/**
 * xoshiro128** 1.1 of David Blackman and Sebastiano Vigna, its four words of
 * state filled from a seed by SplitMix32: a well-known generator whose stream
 * is the same on every machine.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;
  #spareNormal: number | undefined;

  /** @param seed Any integer; its lower 32 bits count. */
  constructor(seed: number) {
    let state = seed | 0;
    const next = () => {
      state = (state + 0x9e3779b9) | 0;
      let z = state ^ (state >>> 16);
      z = Math.imul(z, 0x21f0aaad);
      z ^= z >>> 15;
      z = Math.imul(z, 0x735a2d97);
      return z ^ (z >>> 15);
    };
    this.#a = next();
    this.#b = next();
    this.#c = next();
    this.#d = next();
  }

  /** @returns The next 32 random bits, as an integer from 0. */
  uint32(): number {
    const scrambled = Math.imul(this.#b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result >>> 0;
  }

  /** @returns A number from 0 to below 1, in steps of 2^-32. */
  fraction(): number {
    return this.uint32() / 4294967296;
  }

  /**
   * A fair integer.
   *
   * @param limit How many integers to choose from, at most 2^32.
   * @returns An integer from 0 to below the limit.
   */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** @returns A standard normal number, by Marsaglia's polar method. */
  normal(): number {
    const spare = this.#spareNormal;
    if (spare !== undefined) {
      this.#spareNormal = undefined;
      return spare;
    }
    while (true) {
      const x = this.fraction() * 2 - 1;
      const y = this.fraction() * 2 - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt(-2 * portableLog(square) / square);
      this.#spareNormal = y * factor;
      return x * factor;
    }
  }

  /**
   * Shuffles in place, by Fisher and Yates.
   *
   * @param values The values to shuffle.
   */
  shuffle(values: Uint32Array): void {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const swapped = values[i]!;
      values[i] = values[j]!;
      values[j] = swapped;
    }
  }
}
