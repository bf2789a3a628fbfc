/**
 * Exponential and logarithm by additions, multiplications and divisions
 * alone. JavaScript gives each of those the same bits on every machine, and
 * leaves `Math.exp` and `Math.log` to the implementation.
 */
const LN_2 = 0.6931471805599453;
const word = new DataView(new ArrayBuffer(8));

/**
 * e to the power of x, to about 15 digits, the same bits everywhere.
 *
 * @param x The exponent, between -700 and 700.
 * @returns e^x.
 */
export function portableExp(x: number): number {
  const doublings = Math.round(x / LN_2);
  const rest = x - doublings * LN_2;
  let sum = 1;
  for (let term = 16; term > 0; term--) sum = 1 + sum * rest / term;
  return sum * powerOfTwo(doublings);
}

/**
 * The natural logarithm of x, to about 15 digits, the same bits everywhere.
 *
 * @param x A positive normal number.
 * @returns ln x.
 */
export function portableLog(x: number): number {
  word.setFloat64(0, x);
  const high = word.getUint32(0);
  let exponent = (high >>> 20) - 1023;
  word.setUint32(0, (high & 0xfffff) | 0x3ff00000);
  let mantissa = word.getFloat64(0);
  if (mantissa > 1.4142135623730951) {
    mantissa /= 2;
    exponent++;
  }
  const ratio = (mantissa - 1) / (mantissa + 1);
  const square = ratio * ratio;
  let sum = 0;
  for (let term = 23; term > 0; term -= 2) sum = sum * square + 1 / term;
  return exponent * LN_2 + 2 * ratio * sum;
}

function powerOfTwo(exponent: number): number {
  word.setUint32(0, (exponent + 1023) << 20);
  word.setUint32(4, 0);
  return word.getFloat64(0);
}
