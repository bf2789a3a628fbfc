/** Digests of lists of numbers, which tell one list from another. */

/**
 * Digests numbers, quickly and not to keep a secret: two rounds of the mixing
 * of MurmurHash3 over the bits of each number.
 *
 * @param values The numbers.
 * @returns 16 hexadecimal digits, the same for the same numbers.
 */
export function hashNumbers(values: ArrayLike<number>): string {
  const double = new Float64Array(1);
  const words = new Uint32Array(double.buffer);
  let [low, high] = [values.length | 0, 0x2545f491];
  for (let at = 0; at < values.length; at++) {
    double[0] = values[at]!;
    low = mixWord(low, words[0]!);
    low = mixWord(low, words[1]!);
    high = mixWord(high, words[1]! ^ low);
    high = mixWord(high, words[0]!);
  }
  return [low, high].map((word) => hex(finish(word))).join("");
}

function mixWord(hash: number, word: number): number {
  const scaled = Math.imul(word, 0xcc9e2d51);
  const mixed = Math.imul(scaled << 15 | scaled >>> 17, 0x1b873593) ^ hash;
  return Math.imul(mixed << 13 | mixed >>> 19, 5) + 0xe6546b64 | 0;
}

function finish(hash: number): number {
  let mixed = hash;
  mixed = Math.imul(mixed ^ mixed >>> 16, 0x85ebca6b);
  mixed = Math.imul(mixed ^ mixed >>> 13, 0xc2b2ae35);
  return mixed ^ mixed >>> 16;
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
