import { decompress } from "./decompress.ts";
import type { Hdf5Filter } from "./hdf5_library.ts";
import { decompressLzf } from "./lzf.ts";
import { unshuffle } from "./unshuffle.ts";

const DEFLATE = 1;
const SHUFFLE = 2;
const LZF = 32000;
const ZSTD = 32015;

/**
 * Whether chunks can be decoded without the library.
 *
 * @param filters What they went through.
 * @returns Whether all of it is known here.
 */
export function areKnownFilters(filters: readonly Hdf5Filter[]): boolean {
  return filters.every(({ id }) => [DEFLATE, SHUFFLE, LZF, ZSTD].includes(id));
}

/** A chunk as it is in the file. */
export interface Hdf5PackedChunk {
  /** Its bytes. */
  readonly bytes: Uint8Array;
  /** What the chunks of its dataset go through, in the order of writing. */
  readonly filters: readonly Hdf5Filter[];
  /** A bit for each of those that it did not go through. */
  readonly skipped: number;
  /** The bytes of a value. */
  readonly size: number;
  /** The bytes that it has to have in the end. */
  readonly byteLength: number;
}

/**
 * Undoes what a chunk went through, and checks its length.
 *
 * @param chunk The chunk.
 * @returns Its values.
 * @throws {Error} If it is damaged; with the reason.
 */
export function unfilterHdf5(chunk: Hdf5PackedChunk): Uint8Array {
  const bytes = undoHdf5Filters(chunk);
  const { byteLength } = chunk;
  if (bytes.length === byteLength) return bytes;
  throw new Error(`it has ${bytes.length} bytes instead of ${byteLength}`);
}

/**
 * Undoes what a chunk went through.
 *
 * @param chunk The chunk.
 * @returns What it was before, of any length.
 * @throws {Error} If it is damaged; with the reason.
 */
export function undoHdf5Filters(chunk: Hdf5PackedChunk): Uint8Array {
  const { filters, skipped } = chunk;
  let { bytes } = chunk;
  for (let at = filters.length - 1; at >= 0; at--) {
    if ((skipped >>> at) & 1) continue;
    bytes = undo(filters[at]!, bytes, chunk);
  }
  return bytes;
}

function undo(
  { cd_values: options, id }: Hdf5Filter,
  bytes: Uint8Array,
  { byteLength: likely, size }: Hdf5PackedChunk,
): Uint8Array {
  switch (id) {
    case SHUFFLE:
      return unshuffle(bytes, options[0] ?? size);
    case LZF:
      return decompressLzf(bytes, likely);
    case DEFLATE:
    case ZSTD:
      return decompress(bytes, id === ZSTD ? "zstd" : "zlib", {
        most: likely,
        likely,
      });
    default:
      throw new Error(`its filter ${id} is not known`);
  }
}
