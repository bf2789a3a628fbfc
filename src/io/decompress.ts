import {
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from "node:zlib";

/** A way in which bytes are packed. */
export type Compression = "deflate" | "gzip" | "zlib" | "zstd";

const DECODERS: Readonly<
  Record<
    Compression,
    (bytes: Uint8Array, options: Limits) => Uint8Array<ArrayBufferLike>
  >
> = {
  deflate: inflateRawSync,
  gzip: gunzipSync,
  zlib: inflateSync,
  zstd: zstdDecompressSync,
};

interface Limits {
  readonly maxOutputLength: number;
  readonly chunkSize: number;
}

/** The smallest piece that the decoders write at once. */
const LEAST_PIECE = 64;

/**
 * Decompresses bytes as a whole.
 *
 * @param bytes The packed bytes.
 * @param compression How they are packed.
 * @param limits `most` bytes may come out; `likely` ones are expected to.
 * @returns The bytes, in memory of their own.
 * @throws {Error} If they are damaged, or more come out; with the reason.
 */
export function decompress(
  bytes: Uint8Array,
  compression: Compression,
  { most, likely }: { readonly most: number; readonly likely: number },
): Uint8Array {
  // A single piece of the right size spares the decoder to put pieces together.
  const chunkSize = Math.max(Math.min(likely, most), LEAST_PIECE);
  const maxOutputLength = Math.max(most, 1);
  try {
    const unpacked = DECODERS[compression](bytes, {
      maxOutputLength,
      chunkSize,
    });
    const { buffer, byteOffset, byteLength } = unpacked;
    if (compression === "zstd" && isZstdCutOff(bytes)) {
      throw new Error("unexpected end of file");
    }
    return new Uint8Array(buffer, byteOffset, byteLength);
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    const why = code === "ERR_BUFFER_TOO_LARGE"
      ? `its ${compression} data hold more than ${most} bytes`
      : `its ${compression} data are damaged: ${message.split("\n")[0]}`;
    throw new Error(why, { cause });
  }
}

const ZSTD_MAGIC = 0xfd2fb528;
/** The lowest bits of the number of a part that is to be skipped. */
const SKIPPED_BITS = 4;

/**
 * Whether zstd data go on behind their end, which the decoder does not mind.
 * They are frames, of a head and of blocks which say how long they are.
 */
function isZstdCutOff(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  do {
    at = endOfFrame(view, at);
  } while (at < bytes.length);
  return at > bytes.length;
}

function endOfFrame(view: DataView, start: number): number {
  const { byteLength } = view;
  if (start + 8 > byteLength) return Infinity;
  const magic = view.getUint32(start, true);
  if (magic >>> SKIPPED_BITS === 0x184d2a5) {
    return start + 8 + view.getUint32(start + 4, true);
  }
  if (magic !== ZSTD_MAGIC) return Infinity;
  const descriptor = view.getUint8(start + 4);
  const isSingle = (descriptor & 32) !== 0;
  let at = start + 5 + (isSingle ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]! +
    [isSingle ? 1 : 0, 2, 4, 8][descriptor >>> 6]!;
  for (let isLast = false; !isLast;) {
    if (at + 3 > byteLength) return Infinity;
    const head = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    isLast = (head & 1) === 1;
    // A block of one byte over and over has just that byte.
    at += 3 + (((head >>> 1) & 3) === 1 ? 1 : head >>> 3);
  }
  return at + (descriptor & 4 ? 4 : 0);
}
