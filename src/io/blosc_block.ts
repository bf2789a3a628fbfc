import { BytePlanes } from "./byte_planes.ts";
import type { BloscHead } from "./blosc_frame.ts";
import { decompress } from "./decompress.ts";
import { type Lz4Block, sharedLz4Decoder } from "./lz4_decoder.ts";
import { unshuffleBits } from "./unshuffle_bits.ts";

/** What is read of a block. */
export interface BloscBlockPart {
  /** How many bytes were packed. */
  readonly byteLength: number;
  /** How many of the first ones are wanted. */
  readonly wanted: number;
}

/** The bytes of a block before they are sorted back. */
interface StoredBytes {
  readonly bytes: Uint8Array;
  /** Whether a part of them is one byte over and over. */
  isConstant(start: number, end: number): boolean;
}

/**
 * Decodes a block of Blosc.
 *
 * @param packed The bytes of the block; what follows does not matter.
 * @param head What the head says.
 * @param part What is read of it.
 * @returns At least the bytes that are wanted, in memory that the next block
 * may be decoded to.
 * @throws {Error} If it is damaged; with the reason.
 */
export function decodeBloscBlock(
  packed: Uint8Array,
  head: BloscHead,
  { byteLength, wanted }: BloscBlockPart,
): BytePlanes {
  const { blockBytes, codec, filter, isSplit, typeSize } = head;
  // The last block is split only if it is as large as the others.
  const parts = isSplit && byteLength === blockBytes ? typeSize : 1;
  const size = byteLength / parts;
  const hasPlanes = filter === "bytes";
  const count = hasPlanes && parts > 1
    ? Math.ceil(wanted / typeSize)
    : byteLength / typeSize;
  const streams = findStreams(packed, size, parts).map((stream, at) => {
    if (hasPlanes) return { ...stream, wanted: parts > 1 ? count : size };
    const left = Math.max(wanted - at * size, 0);
    return {
      ...stream,
      wanted: filter === "bits" ? size : Math.min(left, size),
    };
  });
  const stored = codec === "lz4"
    ? decodeLz4(packed, streams, size)
    : decodeNative(packed, streams, codec as "zlib" | "zstd");
  if (hasPlanes) return splitPlanes(stored, typeSize, count);
  if (filter === "bits") {
    const plain = unshuffleBits(stored.bytes, typeSize);
    return new BytePlanes([plain], plain.length);
  }
  return new BytePlanes([stored.bytes], wanted);
}

/** Each stream has its length in front. */
function findStreams(
  packed: Uint8Array,
  size: number,
  count: number,
): Omit<Lz4Block, "wanted">[] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  let end = 0;
  return Array.from({ length: count }, () => {
    const start = end + 4;
    if (start > packed.length) throw damaged();
    end = start + view.getUint32(end, true);
    if (end > packed.length) throw damaged();
    return { start, end, size };
  });
}

function decodeLz4(
  packed: Uint8Array,
  streams: readonly Lz4Block[],
  size: number,
): StoredBytes {
  const decoder = sharedLz4Decoder();
  const byteLength = streams.length * size;
  decoder.start(packed.subarray(0, streams.at(-1)!.end), byteLength);
  for (const [at, stream] of streams.entries()) {
    const to = at * size;
    // What can't be made smaller is left as it is.
    if (isCopy(stream)) decoder.copy(stream, to);
    else if (!decoder.decode(stream, to)) throw damaged();
  }
  return {
    bytes: decoder.output(byteLength),
    isConstant: (start, end) => decoder.isConstant(start, end),
  };
}

function decodeNative(
  packed: Uint8Array,
  streams: readonly Lz4Block[],
  codec: "zlib" | "zstd",
): StoredBytes {
  const parts = streams.map((stream) => {
    const bytes = packed.subarray(stream.start, stream.end);
    return isCopy(stream) ? bytes : unpackNative(bytes, stream.size, codec);
  });
  const bytes = parts.length === 1 ? parts[0]! : joinBytes(parts);
  return { bytes, isConstant: (start, end) => isConstant(bytes, start, end) };
}

function isCopy({ start, end, size }: Lz4Block): boolean {
  return end - start === size;
}

function unpackNative(
  packed: Uint8Array,
  size: number,
  codec: "zlib" | "zstd",
): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = decompress(packed, codec, { most: size, likely: size });
  } catch (cause) {
    throw new Error("its blosc data are damaged", { cause });
  }
  if (bytes.length !== size) throw damaged();
  return bytes;
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.length * parts[0]!.length);
  parts.forEach((part, at) => bytes.set(part, at * part.length));
  return bytes;
}

function splitPlanes(
  { bytes, isConstant }: StoredBytes,
  typeSize: number,
  count: number,
): BytePlanes {
  const size = bytes.length / typeSize;
  const planes = Array.from({ length: typeSize }, (_, place) => {
    const start = place * size;
    const end = start + count;
    return isConstant(start, end) ? bytes[start]! : bytes.subarray(start, end);
  });
  return new BytePlanes(planes, count);
}

function isConstant(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start]!;
  for (let at = start + 1; at < end; at++) {
    if (bytes[at] !== first) return false;
  }
  return true;
}

function damaged(): Error {
  return new Error("its blosc data are damaged");
}
