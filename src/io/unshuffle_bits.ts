/**
 * Puts the bits of values together again that were sorted by their place in
 * the value: all lowest bits of all first bytes, and so on.
 *
 * @param bytes The sorted bits.
 * @param size The bytes of a value.
 * @returns The values; bytes whose values can't be put in eights are as they
 * were.
 */
export function unshuffleBits(bytes: Uint8Array, size: number): Uint8Array {
  const count = Math.floor(bytes.length / size);
  if (count % 8 !== 0) return bytes;
  const row = count / 8;
  const values = bytes.slice();
  for (let place = 0; place < size; place++) {
    const first = 8 * place * row;
    for (let at = 0; at < row; at++) {
      putEight(bytes, first + at, row);
      for (let one = 0; one < 8; one++) {
        values[(8 * at + one) * size + place] = EIGHT[one]!;
      }
    }
  }
  return values;
}

/** A byte of each of eight values. */
const EIGHT = new Uint8Array(8);

/** Turns eight bytes of eight bits around, half of them at once. */
function putEight(bytes: Uint8Array, first: number, step: number): void {
  let low = bytes[first]! | (bytes[first + step]! << 8) |
    (bytes[first + 2 * step]! << 16) | (bytes[first + 3 * step]! << 24);
  let high = bytes[first + 4 * step]! | (bytes[first + 5 * step]! << 8) |
    (bytes[first + 6 * step]! << 16) | (bytes[first + 7 * step]! << 24);
  let swap = (low ^ (low >>> 7)) & 0x00aa00aa;
  low ^= swap ^ (swap << 7);
  swap = (high ^ (high >>> 7)) & 0x00aa00aa;
  high ^= swap ^ (swap << 7);
  swap = (low ^ (low >>> 14)) & 0x0000cccc;
  low ^= swap ^ (swap << 14);
  swap = (high ^ (high >>> 14)) & 0x0000cccc;
  high ^= swap ^ (swap << 14);
  swap = (low ^ (high << 4)) & 0xf0f0f0f0;
  low ^= swap;
  high ^= swap >>> 4;
  for (let at = 0; at < 4; at++) {
    EIGHT[at] = low >>> (8 * at);
    EIGHT[at + 4] = high >>> (8 * at);
  }
}
