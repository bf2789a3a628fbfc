/**
 * Puts the bytes of values together again that were sorted by their place in
 * the value: all first bytes, all second bytes, and so on.
 *
 * @param bytes The sorted bytes.
 * @param size The bytes of a value.
 * @returns The values; what is left over behind the last stays as it is.
 */
export function unshuffle(bytes: Uint8Array, size: number): Uint8Array {
  if (size < 2) return bytes;
  const count = Math.floor(bytes.length / size);
  const values = new Uint8Array(bytes.length);
  if (size % 4 === 0) putWords(bytes, values, { count, words: size / 4 });
  else putBytes(bytes, values, { count, size });
  values.set(bytes.subarray(count * size), count * size);
  return values;
}

/** Four bytes at a time: this is most of the time of reading a matrix. */
function putWords(
  bytes: Uint8Array,
  values: Uint8Array,
  { count, words }: { readonly count: number; readonly words: number },
): void {
  const target = new Uint32Array(values.buffer, 0, count * words);
  for (let word = 0; word < words; word++) {
    const first = 4 * word * count;
    const second = first + count;
    const third = second + count;
    const fourth = third + count;
    for (let at = 0; at < count; at++) {
      target[at * words + word] = bytes[first + at]! |
        (bytes[second + at]! << 8) | (bytes[third + at]! << 16) |
        (bytes[fourth + at]! << 24);
    }
  }
}

function putBytes(
  bytes: Uint8Array,
  values: Uint8Array,
  { count, size }: { readonly count: number; readonly size: number },
): void {
  for (let byte = 0; byte < size; byte++) {
    const first = byte * count;
    for (let at = 0; at < count; at++) {
      values[at * size + byte] = bytes[first + at]!;
    }
  }
}
