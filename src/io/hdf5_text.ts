/** How strings of fixed length are filled up: with spaces. */
const SPACE_PADDED = 2;

const DECODER = new TextDecoder("utf-8", { fatal: true });

/**
 * Decodes strings of a fixed number of bytes, which lie one after the other.
 *
 * @param bytes The bytes.
 * @param type The bytes of a string, how it is filled up, and the index of the
 * first, for messages.
 * @returns The strings.
 * @throws {SyntaxError} If one is not UTF-8; with its index.
 */
export function decodeFixedTexts(
  bytes: Uint8Array,
  type: {
    readonly size: number;
    readonly strpad: number;
    readonly start: number;
  },
): string[] {
  const { size, strpad, start } = type;
  const isAscii = bytes.every((byte) => byte < 128);
  // To decode each string by itself takes most of the time of a large list.
  const all = isAscii ? DECODER.decode(bytes) : undefined;
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    let end = bytes.subarray(at, at + size).indexOf(0);
    end = end < 0 ? at + size : at + end;
    if (strpad === SPACE_PADDED) {
      while (end > at && bytes[end - 1] === 32) end--;
    }
    texts.push(
      all?.slice(at, end) ??
        decodeText(bytes.subarray(at, end), start + texts.length),
    );
  }
  return texts;
}

/**
 * Decodes strings of any length, which end at a zero.
 *
 * @param pointers The 32-bit address of each, 0 for an empty one.
 * @param memory The memory that they are in.
 * @param start The index of the first, for messages.
 * @returns The strings.
 * @throws {SyntaxError} If one is not UTF-8; with its index.
 */
export function readPointedTexts(
  pointers: Uint8Array,
  memory: Uint8Array,
  start: number,
): string[] {
  const { buffer, byteOffset, byteLength } = pointers;
  const addresses = new Uint32Array(buffer, byteOffset, byteLength / 4);
  return Array.from(addresses, (address, at) => {
    if (address === 0) return "";
    const text = memory.subarray(address, memory.indexOf(0, address));
    return decodeText(text, start + at);
  });
}

/**
 * Decodes a text.
 *
 * @param bytes The text.
 * @param index Its index, for messages.
 * @returns The text.
 * @throws {SyntaxError} If it is not UTF-8; with its index.
 */
export function decodeText(bytes: Uint8Array, index: number): string {
  try {
    return DECODER.decode(bytes);
  } catch {
    throw new SyntaxError(`string ${index} is not UTF-8 text`);
  }
}
