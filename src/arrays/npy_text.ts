/** Texts as numpy keeps them: of one length, four bytes a character. */
import { formatTextHeader } from "./npy_header.ts";

/** Bytes that are made at once. */
const PART_BYTES = 1 << 18;

/**
 * Makes the bytes of an npy file of texts, `<U`, which numpy reads without
 * pickling. Texts that end in NULs lose them there.
 *
 * @param values The texts.
 * @returns The bytes, in parts.
 */
export function* encodeNpyTexts(
  values: readonly string[],
): Generator<Uint8Array> {
  let width = 1; // numpy has no narrower texts
  for (const value of values) width = Math.max(width, countCharacters(value));
  yield formatTextHeader(`<U${width}`, [values.length]);
  const atOnce = Math.max(1, Math.floor(PART_BYTES / (4 * width)));
  for (let start = 0; start < values.length; start += atOnce) {
    yield encodeTexts(values.slice(start, start + atOnce), width);
  }
}

/**
 * Makes the bytes of an npy file of one text without axes, as bytes, `|S`.
 *
 * @param value The text, in ASCII.
 * @returns The file.
 */
export function encodeNpyBytes(value: string): Uint8Array {
  const header = formatTextHeader(`|S${value.length}`, []);
  const bytes = new Uint8Array(header.length + value.length);
  bytes.set(header);
  bytes.set(new TextEncoder().encode(value), header.length);
  return bytes;
}

function encodeTexts(values: readonly string[], width: number): Uint8Array {
  const bytes = new Uint8Array(4 * width * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, row) => {
    let at = 4 * width * row;
    for (const character of value) {
      view.setUint32(at, character.codePointAt(0)!, true);
      at += 4;
    }
  });
  return bytes;
}

function countCharacters(value: string): number {
  let count = 0;
  for (const _ of value) count++;
  return count;
}
