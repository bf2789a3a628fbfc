import type { ByteSource } from "../io/byte_source.ts";
import type { OffsetsIndex } from "./offsets_index.ts";

/** Bytes that are read at once; larger windows are slower. */
const WINDOW_BYTES = 1 << 20;

/** The pairs of consecutive profiles. */
export interface PairsWindow {
  /** The pairs, valid until the next window is asked for. */
  readonly pairs: Uint8Array;
  /** Where the pairs are in the file, in bytes from the start. */
  readonly offset: number;
  /** The first profile. */
  readonly firstProfile: number;
  /** The number of profiles. */
  readonly profilesCount: number;
  /**
   * For each profile where its pairs start within `pairs`, then where the last
   * one ends.
   */
  readonly starts: Uint32Array;
}

/**
 * Reads the pairs of a range of profiles in windows of whole profiles, through
 * one buffer, or without a copy where the source is in memory.
 *
 * @param source The matrix file.
 * @param index Its index.
 * @param range The first profile, and the one after the last.
 */
export async function* readWindows(
  source: ByteSource,
  index: OffsetsIndex,
  range: { readonly start: number; readonly end: number },
): AsyncGenerator<PairsWindow, void> {
  const { offsets, base } = index;
  let buffer = new Uint8Array(0);
  for (let first = range.start; first < range.end;) {
    const end = endOfWindow(offsets, first, range.end);
    const start = offsets[first]!;
    const length = offsets[end]! - start;
    const offset = base + start;
    let pairs: Uint8Array;
    if (source.view) {
      pairs = source.view(offset, length);
    } else {
      if (buffer.length < length) {
        buffer = new Uint8Array(Math.max(length, WINDOW_BYTES));
      }
      pairs = buffer.subarray(0, length);
      await source.read(offset, pairs);
    }
    const starts = offsets.slice(first, end + 1);
    for (let at = 0; at < starts.length; at++) starts[at]! -= start;
    const profilesCount = end - first;
    yield { pairs, offset, firstProfile: first, profilesCount, starts };
    first = end;
  }
}

/** As many whole profiles as a window takes, and one at least. */
function endOfWindow(
  offsets: Uint32Array,
  first: number,
  rangeEnd: number,
): number {
  const limit = offsets[first]! + WINDOW_BYTES;
  let end = first + 1;
  while (end < rangeEnd && offsets[end + 1]! <= limit) end++;
  return end;
}
