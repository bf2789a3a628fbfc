import type { ByteSource } from "../io/byte_source.ts";
import { HEADER_SIZE, INDEX_ENTRY_SIZE, type MatrixHeader } from "./layout.ts";

/** Where the pairs of each profile are. */
export interface OffsetsIndex {
  /** The first byte of each profile, then the end of the last. */
  readonly offsets: Uint32Array;
  /** What is to be added to an offset so that it counts from the file's start. */
  readonly base: number;
}

/**
 * Reads the index of a matrix file and checks all of it: offsets may not go
 * back, a profile is whole pairs, the data ends where the padding begins. An
 * index that counts from the start of the data is taken too.
 *
 * @param source The matrix file.
 * @param header What its header says.
 * @returns The index.
 * @throws {SyntaxError} If it is not valid; the message has the offset.
 */
export async function readOffsetsIndex(
  source: ByteSource,
  header: MatrixHeader,
): Promise<OffsetsIndex> {
  const bytes = new Uint8Array((header.profilesCount + 1) * INDEX_ENTRY_SIZE);
  await source.read(header.indexOffset, bytes);
  const offsets = new Uint32Array(bytes.buffer);
  const first = offsets[0]!;
  if (first !== HEADER_SIZE && first !== 0) {
    throw invalid(source, header, 0, `the first offset is ${first}`);
  }
  checkSteps(source, header, offsets);
  const base = HEADER_SIZE - first;
  await checkPadding(source, header, base + offsets.at(-1)!);
  return { offsets, base };
}

function checkSteps(
  source: ByteSource,
  header: MatrixHeader,
  offsets: Uint32Array,
): void {
  for (let at = 1; at < offsets.length; at++) {
    const step = offsets[at]! - offsets[at - 1]!;
    if (step >= 0 && (step & 1) === 0) continue;
    const why = step < 0
      ? `goes back from ${offsets[at - 1]} to ${offsets[at]}`
      : `gives profile ${at - 1} an odd number of bytes, ${step}`;
    throw invalid(source, header, at, `it ${why}`);
  }
}

async function checkPadding(
  source: ByteSource,
  header: MatrixHeader,
  end: number,
): Promise<void> {
  const length = header.indexOffset - end;
  if (length < 0 || length >= INDEX_ENTRY_SIZE) {
    const why = `the data ends at ${end} and the index starts at ` +
      `${header.indexOffset}`;
    throw invalid(source, header, header.profilesCount, why);
  }
  const padding = new Uint8Array(length);
  await source.read(end, padding);
  const at = padding.findIndex((byte) => byte !== 0);
  if (at < 0) return;
  throw new SyntaxError(
    `Cannot read ${source.name}: the padding at offset ${end + at} is not zero`,
  );
}

function invalid(
  source: ByteSource,
  header: MatrixHeader,
  entry: number,
  why: string,
): SyntaxError {
  const offset = header.indexOffset + entry * INDEX_ENTRY_SIZE;
  return new SyntaxError(
    `Cannot read ${source.name}: the index is not valid ` +
      `at offset ${offset}: ${why}`,
  );
}
