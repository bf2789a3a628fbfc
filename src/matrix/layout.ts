import { countOf } from "../io/plural.ts";
/**
 * Where things are in a matrix file: magic, two counts, the byte pairs of each
 * profile, padding, the index of offsets. docs/format.md has the whole format.
 */

/** What a matrix file starts with: 46 characters and two NULs. */
export const MAGIC_BYTES: Uint8Array = new TextEncoder().encode(
  "METACELL SPARSE MEMORY MAPPED MATRIX VERSION 0\0\0",
);

/** The size of {@linkcode MAGIC_BYTES}, in bytes. */
export const MAGIC_SIZE = 48;

/** The size of all that stands before the data, in bytes. */
export const HEADER_SIZE: number = MAGIC_SIZE + 8;

/** The size of an entry of the index, and what the index is aligned to. */
export const INDEX_ENTRY_SIZE = 4;

/** The most bytes of a file, since its offsets have 32 bits. */
export const MATRIX_BYTE_LIMIT: number = 2 ** 32;

/** The most that a delta or a value of a pair can be. */
export const MAX_BYTE = 255;

/** The most that a count can be: counts add up in 32 bits without a sign. */
export const MAX_COUNT: number = 2 ** 32 - 1;

/** What the header of a matrix file says. */
export interface MatrixHeader {
  /** The number of profiles. */
  readonly profilesCount: number;
  /** The number of genes. */
  readonly genesCount: number;
  /** Where the index of offsets starts, in bytes from the start. */
  readonly indexOffset: number;
}

/**
 * Makes the header of a matrix file.
 *
 * @param profilesCount The number of profiles.
 * @param genesCount The number of genes.
 * @returns The bytes that stand before the data.
 */
export function encodeHeader(
  profilesCount: number,
  genesCount: number,
): Uint8Array {
  const header = new Uint8Array(HEADER_SIZE);
  header.set(MAGIC_BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(MAGIC_SIZE, profilesCount, true);
  view.setUint32(MAGIC_SIZE + 4, genesCount, true);
  return header;
}

/**
 * Reads the header of a matrix file, and checks it against the file's size.
 *
 * @param header The first 56 bytes, or fewer where the file is shorter.
 * @param byteLength The size of the whole file, in bytes.
 * @param name What messages call the file.
 * @returns What the header says.
 * @throws {SyntaxError} If it is not the header of a file of that size.
 */
export function decodeHeader(
  header: Uint8Array,
  byteLength: number,
  name: string,
): MatrixHeader {
  checkMagic(header, name);
  const view = new DataView(header.buffer, header.byteOffset, HEADER_SIZE);
  const profilesCount = view.getUint32(MAGIC_SIZE, true);
  const genesCount = view.getUint32(MAGIC_SIZE + 4, true);
  const indexOffset = byteLength - (profilesCount + 1) * INDEX_ENTRY_SIZE;
  if (indexOffset < HEADER_SIZE || indexOffset % INDEX_ENTRY_SIZE !== 0) {
    throw new SyntaxError(
      `Cannot read ${name}: ` +
        `${countOf(profilesCount, "profile")} (offset ${MAGIC_SIZE}) ` +
        `do not fit a file of ${byteLength} bytes`,
    );
  }
  return { profilesCount, genesCount, indexOffset };
}

function checkMagic(header: Uint8Array, name: string): void {
  for (let at = 0; at < HEADER_SIZE; at++) {
    if (at >= header.length) {
      throw new SyntaxError(
        `Cannot read ${name}: it ends in the header, at offset ${at}`,
      );
    }
    if (at < MAGIC_SIZE && header[at] !== MAGIC_BYTES[at]) {
      throw new SyntaxError(
        `Cannot read ${name}: it is not a metacell matrix file, ` +
          `its magic differs at offset ${at}`,
      );
    }
  }
}
