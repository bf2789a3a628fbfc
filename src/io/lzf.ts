/** A byte below it says how many bytes follow as they are. */
const LITERALS = 32;
/** The length of a repeat that goes on in the next byte. */
const LONG = 7;

/**
 * Decompresses LZF, which Python's h5py packs with.
 *
 * @param bytes The packed bytes.
 * @param length How many bytes come out.
 * @returns The bytes.
 * @throws {Error} If others come out; with the reason.
 */
export function decompressLzf(bytes: Uint8Array, length: number): Uint8Array {
  const unpacked = new Uint8Array(length);
  let at = 0;
  let end = 0;
  while (at < bytes.length) {
    const control = bytes[at++]!;
    if (control < LITERALS) {
      const count = control + 1;
      if (at + count > bytes.length || end + count > length) throw damaged();
      for (let left = count; left > 0; left--) unpacked[end++] = bytes[at++]!;
      continue;
    }
    let count = (control >>> 5) + 2;
    if (count === LONG + 2) count += bytes[at++] ?? NaN;
    let from = end - ((control & 31) << 8) - 1 - (bytes[at++] ?? NaN);
    if (!(from >= 0 && end + count <= length)) throw damaged();
    // It may repeat what it writes: byte by byte.
    for (let left = count; left > 0; left--) {
      unpacked[end++] = unpacked[from++]!;
    }
  }
  if (end === length) return unpacked;
  throw damaged();
}

function damaged(): Error {
  return new Error("its lzf data are damaged");
}
