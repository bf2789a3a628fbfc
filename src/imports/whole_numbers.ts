/**
 * Numbers of any type as unsigned ones of 32 bits: what does not fit, or is
 * not whole, is found and never rounded.
 */
import type { Hdf5Numbers } from "../io/hdf5_dataset.ts";

/** The most that a count can be. */
const MOST = 2 ** 32 - 1;

/**
 * Copies numbers that have to be whole, from 0 to a limit.
 *
 * @param values The numbers.
 * @param target Receives them, from its start.
 * @param limit What they must be below, 2^32 if unset.
 * @returns The index of the first number that is something else, or -1.
 */
export function copyWhole(
  values: Hdf5Numbers,
  target: Uint32Array,
  limit: number = MOST + 1,
): number {
  const isCopied = values instanceof BigInt64Array ||
      values instanceof BigUint64Array
    ? copyWide(values, target, limit)
    : copyNarrow(values, target, limit);
  if (isCopied) return -1;
  return values.findIndex((value: number | bigint) => {
    const number = Number(value);
    return !(Number.isInteger(number) && number >= 0 && number < limit);
  });
}

/** What is stored has changed where the number does not fit. */
function copyNarrow(
  values: Exclude<Hdf5Numbers, BigInt64Array | BigUint64Array>,
  target: Uint32Array,
  limit: number,
): boolean {
  let isWhole = true;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    target[at] = value;
    isWhole = isWhole && target[at] === value && value < limit;
  }
  return isWhole;
}

/** The halves are read by themselves: a bigint a number would be slow. */
function copyWide(
  values: BigInt64Array | BigUint64Array,
  target: Uint32Array,
  limit: number,
): boolean {
  const { buffer, byteOffset, length } = values;
  const halves = new Uint32Array(buffer, byteOffset, 2 * length);
  let high = 0;
  let isBelow = true;
  for (let at = 0; at < length; at++) {
    const low = halves[2 * at]!;
    high |= halves[2 * at + 1]!;
    target[at] = low;
    isBelow = isBelow && low < limit;
  }
  return isBelow && high === 0;
}

/**
 * Says what is wrong with a number that is no count.
 *
 * @param value The number.
 * @returns What it is, and why it is none.
 */
export function describeNoCount(value: number | bigint): string {
  const number = Number(value);
  if (Number.isNaN(number)) return "it is not a number";
  if (number < 0) return `it is ${value}, below zero`;
  if (!Number.isFinite(number)) return "it is infinite";
  if (!Number.isInteger(number)) return `it is ${value}, a fraction`;
  return `it is ${value}, more than ${MOST}`;
}
