/**
 * Random numbers that are the same for the same seed, on any machine.
 *
 * The generator is xoshiro128** 1.1 of D. Blackman and S. Vigna, "Scrambled
 * linear pseudorandom number generators", ACM Transactions on Mathematical
 * Software 47 (2021): 128 bits of state, a period of 2^128 - 1. Its state
 * comes from SplitMix64 (G. Steele, D. Lea, C. Flood, "Fast splittable
 * pseudorandom number generators", OOPSLA 2014), as its authors advise.
 */

/** A state of the generator. */
export type RandomState = readonly [
  first: number,
  second: number,
  third: number,
  fourth: number,
];

/** The polynomial of 2^64 steps, which its authors give. */
const JUMP = [0x8764000b, 0xf542d2d3, 0x6fa035c3, 0x77f2db5b];

const WORD = 0xffff_ffff_ffff_ffffn;
const GOLDEN = 0x9e37_79b9_7f4a_7c15n;

/**
 * A seeded generator of random numbers: xoshiro128**, whose state is drawn
 * from SplitMix64. It is for shuffling and sampling, not for secrets.
 *
 * @example The same numbers from the same seed
 * ```ts
 * import { Random } from "@metacell/storage";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const random = Random.seeded(1);
 * const again = Random.seeded(1);
 * assertEquals(random.next(), again.next());
 * assert(random.below(6) < 6);
 * ```
 */
export class Random {
  #first: number;
  #second: number;
  #third: number;
  #fourth: number;

  /**
   * Starts from a state.
   *
   * @param state Four numbers of 32 bits, not all of them 0.
   * @throws {RangeError} If all are 0, which gives nothing but 0.
   */
  constructor(state: RandomState) {
    [this.#first, this.#second, this.#third, this.#fourth] = state;
    if (this.state.every((word) => word === 0)) {
      throw new RangeError("Cannot draw from a state of zeros");
    }
  }

  /**
   * Starts from a seed, and from numbers that tell apart what is drawn by it:
   * an epoch, a block. Each list of them gives a sequence of its own.
   *
   * @param seed A whole number of 0 or more.
   * @param keys More such numbers.
   * @returns The generator.
   * @throws {RangeError} If one is not a whole number of 0 or more.
   */
  static seeded(seed: number, ...keys: readonly number[]): Random {
    let mixed = BigInt(checkWhole(seed));
    for (const key of keys) {
      mixed = splitMix(mixed) ^ BigInt(checkWhole(key));
    }
    const low = splitMix(mixed);
    const high = splitMix(mixed + GOLDEN & WORD);
    return new Random([
      Number(low & 0xffff_ffffn),
      Number(low >> 32n),
      Number(high & 0xffff_ffffn),
      Number(high >> 32n),
    ]);
  }

  /** The state, from which another generator goes on alike. */
  get state(): RandomState {
    return [
      this.#first >>> 0,
      this.#second >>> 0,
      this.#third >>> 0,
      this.#fourth >>> 0,
    ];
  }

  /**
   * Draws 32 bits.
   *
   * @returns A whole number from 0 to 2^32 - 1.
   */
  next(): number {
    const second = this.#second;
    const scaled = Math.imul(second, 5);
    const drawn = Math.imul(scaled << 7 | scaled >>> 25, 9);
    this.#third ^= this.#first;
    this.#fourth ^= second;
    this.#second = second ^ this.#third;
    this.#first ^= this.#fourth;
    this.#third ^= second << 9;
    this.#fourth = this.#fourth << 11 | this.#fourth >>> 21;
    return drawn >>> 0;
  }

  /**
   * Draws a number of 53 bits.
   *
   * @returns A number of at least 0 and less than 1.
   */
  fraction(): number {
    const high = this.next() >>> 5;
    return (high * 2 ** 26 + (this.next() >>> 6)) / 2 ** 53;
  }

  /**
   * Draws a whole number, each with the same chance.
   *
   * @param limit What it is less than: from 1 to 2^32.
   * @returns The number, 0 or more.
   * @throws {RangeError} If there is no such number.
   */
  below(limit: number): number {
    if (!Number.isInteger(limit) || limit < 1 || limit > 2 ** 32) {
      throw new RangeError(
        `Cannot draw a number below ${limit}: limits are from 1 to 2^32`,
      );
    }
    if (limit === 1) return 0;
    // The upper bits, drawn anew while they are too large: no number is more
    // likely than another, as it is with a remainder.
    const unused = Math.clz32(limit - 1);
    let drawn = this.next() >>> unused;
    while (drawn >= limit) drawn = this.next() >>> unused;
    return drawn;
  }

  /**
   * Puts values into a random order, all orders alike (Fisher and Yates).
   *
   * @param values The values, which are moved.
   * @returns The same array.
   */
  shuffle<T extends { readonly length: number; [index: number]: number }>(
    values: T,
  ): T {
    for (let at = values.length - 1; at > 0; at--) {
      const other = this.below(at + 1);
      const value = values[at]!;
      values[at] = values[other]!;
      values[other] = value;
    }
    return values;
  }

  /**
   * Goes on by 2^64 steps at once, which parts the period into as many
   * sequences that never meet.
   */
  jump(): void {
    const sum = [0, 0, 0, 0];
    for (const word of JUMP) {
      for (let bit = 0; bit < 32; bit++) {
        if ((word >>> bit & 1) === 1) {
          this.state.forEach((part, at) => sum[at]! ^= part);
        }
        this.next();
      }
    }
    [this.#first, this.#second, this.#third, this.#fourth] = sum as [
      number,
      number,
      number,
      number,
    ];
  }
}

/**
 * What SplitMix64 draws first from a state.
 *
 * @param state The state, of 64 bits.
 * @returns 64 bits.
 */
export function splitMix(state: bigint): bigint {
  let mixed = state + GOLDEN & WORD;
  mixed = (mixed ^ mixed >> 30n) * 0xbf58_476d_1ce4_e5b9n & WORD;
  mixed = (mixed ^ mixed >> 27n) * 0x94d0_49bb_1331_11ebn & WORD;
  return mixed ^ mixed >> 31n;
}

function checkWhole(value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new RangeError(
    `Cannot draw from the seed ${value}: it is not a whole number of 0 or more`,
  );
}
