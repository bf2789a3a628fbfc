/**
 * The head of what Blosc packed: bytes in blocks, each packed by itself, and
 * where these are. So a few values need no more than the blocks that they are
 * in.
 */

/** How the bytes of values were sorted before they were packed. */
export type BloscFilter = "none" | "bytes" | "bits";

/** What a head says. */
export interface BloscHead {
  /** The bytes of a value. */
  readonly typeSize: number;
  /** How many bytes were packed. */
  readonly byteLength: number;
  /** How many of them are in a block; the last one may have less. */
  readonly blockBytes: number;
  /** How they were sorted. */
  readonly filter: BloscFilter;
  /** How they are packed; undefined where they are as they were. */
  readonly codec: "lz4" | "zlib" | "zstd" | undefined;
  /** Whether the bytes of each place in a value are packed by themselves. */
  readonly isSplit: boolean;
}

/** The bytes of a head, without the list of blocks. */
export const BLOSC_HEAD_BYTES = 16;

const VERSION = 2;
const CODECS = { 1: "lz4", 3: "zlib", 4: "zstd" } as const;
const HAS_BYTES_SORTED = 1;
const IS_COPY = 2;
const HAS_BITS_SORTED = 4;
/** What only later versions write. */
const HAS_DELTAS = 8;
const IS_NOT_SPLIT = 16;

/** Values of more bytes are not split, nor are blocks of less values. */
const MOST_SPLITS = 16;
const LEAST_SPLIT_VALUES = 128;
/** Larger blocks are left to decoders that take a chunk as a whole. */
const MOST_BLOCK_BYTES = 2 ** 24;

/**
 * Reads a head.
 *
 * @param bytes At least the first bytes of what was packed.
 * @returns What it says; undefined where that is nothing that is read here,
 * for another decoder to tell.
 */
export function parseBloscHead(bytes: Uint8Array): BloscHead | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const flags = view.getUint8(2);
  const typeSize = view.getUint8(3);
  const byteLength = view.getUint32(4, true);
  const blockBytes = view.getUint32(8, true);
  const filter = filterOf(flags, typeSize);
  const codec = CODECS[(flags >>> 5) as keyof typeof CODECS];
  const isCopy = (flags & IS_COPY) !== 0;
  const isKnown = view.getUint8(0) === VERSION && typeSize > 0 &&
    filter !== undefined && (flags & HAS_DELTAS) === 0 &&
    (isCopy || codec !== undefined) && byteLength % typeSize === 0 &&
    blockBytes > 0 && blockBytes % typeSize === 0 &&
    blockBytes <= Math.min(byteLength, MOST_BLOCK_BYTES);
  if (!isKnown) return undefined;
  const isSplit = (flags & IS_NOT_SPLIT) === 0 && typeSize <= MOST_SPLITS &&
    blockBytes / typeSize >= LEAST_SPLIT_VALUES;
  return {
    typeSize,
    byteLength,
    blockBytes,
    filter,
    codec: isCopy ? undefined : codec,
    isSplit,
  };
}

/**
 * How many bytes the head and the list of blocks have.
 *
 * @param head The head.
 * @returns The number of bytes.
 */
export function bloscListEnd(head: BloscHead): number {
  if (head.codec === undefined) return BLOSC_HEAD_BYTES;
  const blocksCount = Math.ceil(head.byteLength / head.blockBytes);
  return BLOSC_HEAD_BYTES + 4 * blocksCount;
}

/**
 * Where blocks start, and where they end at the latest.
 *
 * @param bytes Head and list of blocks.
 * @param head The head.
 * @param packedBytes The number of all bytes.
 * @returns A start and an end of each block.
 * @throws {Error} If a block is outside; with the reason.
 */
export function parseBloscBlocks(
  bytes: Uint8Array,
  head: BloscHead,
  packedBytes: number,
): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const listEnd = bloscListEnd(head);
  const count = (listEnd - BLOSC_HEAD_BYTES) / 4;
  const starts = Uint32Array.from(
    { length: count },
    (_, block) => view.getUint32(BLOSC_HEAD_BYTES + 4 * block, true),
  );
  // Threads write them in any order.
  const sorted = starts.toSorted();
  if (sorted[0]! < listEnd || sorted.at(-1)! >= packedBytes) {
    throw new Error("its blosc data are damaged");
  }
  const next = new Map<number, number>();
  for (const [at, start] of sorted.entries()) {
    next.set(start, sorted[at + 1] ?? packedBytes);
  }
  const ranges = new Uint32Array(2 * count);
  for (const [block, start] of starts.entries()) {
    ranges[2 * block] = start;
    ranges[2 * block + 1] = next.get(start)!;
  }
  return ranges;
}

function filterOf(flags: number, typeSize: number): BloscFilter | undefined {
  const hasBits = (flags & HAS_BITS_SORTED) !== 0;
  if ((flags & HAS_BYTES_SORTED) !== 0) {
    if (hasBits) return undefined;
    return typeSize > 1 ? "bytes" : "none";
  }
  return hasBits ? "bits" : "none";
}
