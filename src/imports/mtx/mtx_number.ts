/**
 * Numbers of a MatrixMarket text that are not plain digits: `1e+05`, `3.0`,
 * `+3`. They are read digit by digit, so that `3.0000000000000000001` is a
 * fraction, and a file of `1.0000000000000000e+00` needs no strings.
 */

/** What is wrong with a text that is no count, as negative codes. */
export const NOT_A_NUMBER = -1;
/** A number below zero. */
export const NEGATIVE = -2;
/** A number that is not whole. */
export const FRACTION = -3;
/** A number over 2^32-1. */
export const TOO_LARGE = -4;

/** What messages say of those, behind the text that stands there. */
export const COUNT_PROBLEMS: Readonly<Record<number, string>> = {
  [NOT_A_NUMBER]: "is not a number",
  [NEGATIVE]: "is negative",
  [FRACTION]: "is not a whole number, so these are not raw counts",
  [TOO_LARGE]: "is over 4294967295",
};

/** The most digits, without zeros at either end, of a number up to 2^32-1. */
const MOST_DIGITS = 10;

const MOST = 2 ** 32 - 1;
const PLUS = 43;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;

/**
 * Reads a whole number from 0 to 2^32-1 in any decimal notation.
 *
 * @param bytes The text.
 * @param start Where the number starts.
 * @param end Where it ends.
 * @returns The number, or one of the codes below zero that say what it is
 * instead.
 */
export function parseCount(
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  let at = start;
  const sign = bytes[at];
  if (sign === PLUS || sign === MINUS) at++;
  // The number is digits * 10 ** scale, where neither end of the digits is 0.
  let digits = 0;
  let digitsCount = 0;
  let scale = 0;
  let zeros = 0;
  let afterPoint = -1;
  let isNumber = false;
  for (; at < end; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit === POINT - ZERO && afterPoint < 0) {
      afterPoint = 0;
      continue;
    }
    if (digit < 0 || digit > 9) break;
    isNumber = true;
    if (afterPoint >= 0) afterPoint++;
    if (digit !== 0) {
      digitsCount += zeros + 1;
      if (digitsCount <= MOST_DIGITS) {
        digits = digits * 10 ** (zeros + 1) + digit;
      }
      zeros = 0;
      scale = -Math.max(afterPoint, 0);
    } else if (digitsCount > 0) {
      zeros++;
      if (afterPoint < 0) scale++;
    }
  }
  const exponent = at < end ? parseExponent(bytes, at, end) : 0;
  if (!isNumber || Number.isNaN(exponent)) return NOT_A_NUMBER;
  if (digitsCount === 0) return 0;
  if (sign === MINUS) return NEGATIVE;
  scale += exponent;
  if (scale < 0) return FRACTION;
  if (digitsCount + scale > MOST_DIGITS) return TOO_LARGE;
  const value = digits * 10 ** scale;
  return value <= MOST ? value : TOO_LARGE;
}

/** The number after an `e`, or NaN. */
function parseExponent(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  if ((bytes[at++]! | 0x20) !== 0x65) return NaN;
  const sign = bytes[at];
  if (sign === PLUS || sign === MINUS) at++;
  if (at >= end) return NaN;
  let exponent = 0;
  for (; at < end; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) return NaN;
    exponent = Math.min(exponent * 10 + digit, 1e9);
  }
  return sign === MINUS ? -exponent : exponent;
}
