/**
 * What packs and unpacks the chunks of zarr arrays. The packages zarrita and
 * numcodecs have lz4, and what is rare of blosc; the rest is here, for what
 * comes out has to be bounded, and checksums have to be checked, which those
 * packages do not.
 */
import { crc32c } from "../io/crc32c.ts";
import { type Compression, decompress } from "../io/decompress.ts";
import { unshuffle } from "../io/unshuffle.ts";
import { BloscChunk, type PackedChunk } from "./zarr_blosc.ts";

/** Something that bytes went through when they were written. */
export interface ZarrCodec {
  /** What the metadata call it. */
  readonly name: string;
  /** How many times smaller it can make something. */
  readonly mostRatio: number;
  /**
   * Undoes it.
   *
   * @param bytes What was written.
   * @param limits How many bytes may come out, and how many should.
   * @returns What it was made of.
   */
  decode(
    bytes: Uint8Array,
    limits: CodecLimits,
  ): Uint8Array | Promise<Uint8Array>;
}

/** What may come out of a codec. */
export interface CodecLimits {
  /** More bytes than that are an error. */
  readonly most: number;
  /** As many are expected. */
  readonly likely: number;
}

/** Deflate makes nothing smaller than a thousandth and a bit. */
const MOST_DEFLATED = 1032;
/** What the others make of a long run of one value. */
const MOST_PACKED = 2 ** 15;

const NATIVE: Readonly<Record<string, readonly [Compression, number]>> = {
  gzip: ["gzip", MOST_DEFLATED],
  zlib: ["zlib", MOST_DEFLATED],
  zstd: ["zstd", MOST_PACKED],
};

/**
 * Finds a codec.
 *
 * @param name What the metadata call it.
 * @param itemBytes The bytes of a value.
 * @param configuration What else the metadata say.
 * @returns The codec.
 * @throws {Error} If it is not known; with its name.
 */
export function findCodec(
  name: string,
  itemBytes: number,
  configuration: Readonly<Record<string, unknown>>,
): ZarrCodec {
  const plain = name.replace(/^numcodecs\./, "");
  const native = NATIVE[plain];
  if (native !== undefined) {
    const [compression, mostRatio] = native;
    const decode: ZarrCodec["decode"] = (bytes, limits) =>
      decompress(bytes, compression, limits);
    return { name, mostRatio, decode };
  }
  switch (plain) {
    case "blosc":
      return { name, mostRatio: MOST_PACKED, decode: decodeBlosc };
    case "lz4":
      return { name, mostRatio: MOST_PACKED, decode: decodeLz4 };
    case "crc32c":
      return { name, mostRatio: 1, decode: checkCrc };
    case "shuffle": {
      const size = Number(configuration["elementsize"] ?? itemBytes);
      const decode: ZarrCodec["decode"] = (bytes) => unshuffle(bytes, size);
      return { name, mostRatio: 1, decode };
    }
  }
  throw new Error(`its codec ${name} can not be decoded`);
}

const BLOSC_HEADER_BYTES = 16;

function decodeBlosc(
  bytes: Uint8Array,
  limits: CodecLimits,
): Uint8Array | Promise<Uint8Array> {
  if (bytes.length < BLOSC_HEADER_BYTES) throw cutOff("blosc");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const claimed = view.getUint32(4, true);
  if (view.getUint32(12, true) !== bytes.length) throw cutOff("blosc");
  checkClaim("blosc", claimed, limits);
  const chunk = BloscChunk.open(packedInMemory(bytes), {
    byteLength: claimed,
    key: "",
  });
  if (chunk === undefined) return decodeByPackage("blosc", bytes, claimed);
  const target = new Uint8Array(claimed);
  chunk.read({ start: 0, target });
  return target;
}

function decodeLz4(
  bytes: Uint8Array,
  limits: CodecLimits,
): Promise<Uint8Array> {
  if (bytes.length < 4) throw cutOff("lz4");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const claimed = view.getUint32(0, true);
  checkClaim("lz4", claimed, limits);
  return decodeByPackage("lz4", bytes, claimed);
}

/** What the header claims is allocated. */
function checkClaim(
  name: string,
  claimed: number,
  { likely, most }: CodecLimits,
): void {
  if (claimed <= most) return;
  throw new Error(`its ${name} data claim ${claimed} bytes, and not ${likely}`);
}

function packedInMemory(bytes: Uint8Array): PackedChunk {
  return {
    byteLength: bytes.length,
    hasChecksum: false,
    read: (offset, length) => bytes.subarray(offset, offset + length),
    readAll: () => bytes,
  };
}

async function decodeByPackage(
  name: "blosc" | "lz4",
  bytes: Uint8Array,
  claimed: number,
): Promise<Uint8Array> {
  if (claimed === 0) return new Uint8Array(0);
  const { registry } = await import("zarrita");
  const entry = await registry.get(name)!();
  const codec = entry.fromConfig({ id: name }, undefined as never);
  let decoded: Uint8Array;
  try {
    decoded = await codec.decode(bytes as never) as Uint8Array;
  } catch (cause) {
    throw new Error(`its ${name} data are damaged`, { cause });
  }
  if (decoded.length === claimed) return decoded;
  throw new Error(`its ${name} data are damaged`);
}

/**
 * Checks the checksum at the end of bytes.
 *
 * @param bytes Content and checksum.
 * @returns The content.
 * @throws {Error} If it is another content's.
 */
export function checkCrc(bytes: Uint8Array): Uint8Array {
  const end = bytes.length - 4;
  if (end < 0) throw cutOff("crc32c");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const content = bytes.subarray(0, end);
  if (view.getUint32(end, true) === crc32c(content)) return content;
  throw new Error("its checksum is wrong");
}

function cutOff(name: string): Error {
  return new Error(`its ${name} data are cut off`);
}
