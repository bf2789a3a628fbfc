/**
 * Random orders of many rows in little memory.
 *
 * Up to 2^22 rows are shuffled in a list, so that all orders are alike. More
 * go through a Feistel network of eight rounds (H. Feistel, 1973; M. Luby and
 * C. Rackoff, 1988) over the least power of two that holds them, whose round
 * function is the finalizer of MurmurHash3; what it leads out of the rows goes
 * through it again (J. Black and P. Rogaway, "Ciphers with arbitrary finite
 * domains", 2002). That takes no memory, whatever the number of rows, and any
 * position can be asked for.
 */
import { countOf } from "../../io/plural.ts";
import type { Random } from "./random.ts";

/** An order of the numbers from 0 to the length. */
export interface Permutation {
  /** How many numbers. */
  readonly length: number;
  /**
   * Gives a number of the order.
   *
   * @param position Its position.
   */
  at(position: number): number;
}

/** The most numbers that are kept in a list. */
const MOST_LISTED = 2 ** 22;
const MOST = 2 ** 32;
const ROUNDS = 8;

/**
 * Draws an order.
 *
 * @param length How many numbers, 2^32 at most.
 * @param random Where it is drawn from.
 * @param mostListed From how many on no list is kept.
 * @returns The order.
 * @throws {RangeError} If there are too many.
 */
export function drawPermutation(
  length: number,
  random: Random,
  mostListed = MOST_LISTED,
): Permutation {
  if (length > MOST) {
    throw new RangeError(
      `Cannot shuffle ${countOf(length, "row")}: ${MOST} are the most`,
    );
  }
  if (length > mostListed) return new FeistelPermutation(length, random);
  const numbers = new Uint32Array(length);
  for (let at = 0; at < length; at++) numbers[at] = at;
  random.shuffle(numbers);
  return { length, at: (position) => numbers[position]! };
}

class FeistelPermutation implements Permutation {
  readonly length: number;
  readonly #keys: Uint32Array;
  readonly #lowBits: number;
  readonly #lowMask: number;
  readonly #highMask: number;

  constructor(length: number, random: Random) {
    this.length = length;
    this.#keys = Uint32Array.from({ length: ROUNDS }, () => random.next());
    const bits = 32 - Math.clz32(length - 1);
    this.#lowBits = bits >>> 1;
    this.#lowMask = 2 ** this.#lowBits - 1;
    this.#highMask = 2 ** (bits - this.#lowBits) - 1;
  }

  at(position: number): number {
    let number = position;
    do number = this.#encipher(number); while (number >= this.length);
    return number;
  }

  #encipher(number: number): number {
    const keys = this.#keys;
    let low = number & this.#lowMask;
    let high = number >>> this.#lowBits;
    for (let round = 0; round < ROUNDS; round += 2) {
      high ^= mix(low ^ keys[round]!) & this.#highMask;
      low ^= mix(high ^ keys[round + 1]!) & this.#lowMask;
    }
    return (high << this.#lowBits | low) >>> 0;
  }
}

/** The finalizer of MurmurHash3. */
function mix(word: number): number {
  let mixed = word;
  mixed = Math.imul(mixed ^ mixed >>> 16, 0x85ebca6b);
  mixed = Math.imul(mixed ^ mixed >>> 13, 0xc2b2ae35);
  return mixed ^ mixed >>> 16;
}
