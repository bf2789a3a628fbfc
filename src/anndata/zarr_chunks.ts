import { type FileTree, joinTreePath } from "../io/file_tree.ts";
import type { ChunkCache } from "../io/chunk_cache.ts";
import { NarrowValues } from "../io/narrow_values.ts";
import type { StoredNumbers } from "./nodes.ts";
import { BloscChunk, type PackedChunk } from "./zarr_blosc.ts";
import { checkCrc } from "./zarr_codecs.ts";
import { type ChunkValues, decodeChunk, memoryBytes } from "./zarr_decode.ts";
import type { ZarrSharding, ZarrSpec } from "./zarr_metadata.ts";
import type { ZarrField } from "./zarr_types.ts";

/** Where the chunks of an array are, and what they are. */
export interface ZarrChunksPlace {
  /** The files. */
  readonly tree: FileTree;
  /** The path of the array. */
  readonly path: string;
  /** Its description. */
  readonly spec: ZarrSpec;
  /** The field to take, of a compound type. */
  readonly field?: ZarrField | undefined;
  /** What was decoded last. */
  readonly cache: ChunkCache;
}

/** Values of a chunk that are wanted, by their positions in it. */
export interface ChunkSpan {
  /** The first one. */
  readonly start: number;
  /** Where they end. */
  readonly end: number;
  /** Whether more of the chunk may be asked for soon. */
  readonly isKept: boolean;
  /** Memory for numbers, as many as they are. */
  readonly into?: StoredNumbers | undefined;
}

/** Values of a chunk, among them those that were wanted. */
export interface ChunkPart {
  /** The values; in the memory that was given, if that was of use. */
  readonly values: ChunkValues;
  /** The position of the first one in the chunk. */
  readonly start: number;
}

/** What is kept of a chunk. */
type KeptChunk = ChunkValues | NarrowValues | BloscChunk | undefined;

/** What a key takes in memory, about. */
const KEY_BYTES = 256;
/** A chunk is decoded as a whole in memory. */
const MOST_CHUNK_BYTES = 2 ** 29;
/** A chunk of a small file may well be mostly empty. */
const SMALL_CHUNK_BYTES = 2 ** 24;
/** What texts of any length may become, whatever they were packed into. */
const MOST_TEXT_RATIO = 1032;
const SMALL_TEXT_BYTES = 2 ** 26;
/** What packing may add to values that can't be made smaller. */
const MOST_GROWTH = 2;
const SMALL_PACKED_BYTES = 2 ** 16;
/** What a chunk has in the list of a shard. */
const ENTRY_BYTES = 16;
const CHECKSUM_BYTES = 4;
/** What stands in that list for a chunk that is not there. */
const MISSING = 2n ** 64n - 1n;

/** Reads chunks of an array. */
export class ZarrChunks {
  readonly #place: ZarrChunksPlace;
  readonly #count: number;
  /** Whether parts of chunks can be read. */
  readonly #hasBlocks: boolean;
  /** Kept values that can't be made smaller. */
  readonly #wide = new WeakSet<object>();

  /**
   * Prepares to read.
   *
   * @param place Where the chunks are.
   */
  constructor(place: ZarrChunksPlace) {
    this.#place = place;
    const { field, spec: { packing, type } } = place;
    this.#count = product(packing.extents);
    this.#hasBlocks = type.kind === "number" && field === undefined &&
      !(packing.isBig && type.itemBytes > 1) && packing.codecs.length === 1 &&
      packing.codecs[0]!.name.endsWith("blosc");
  }

  /**
   * Reads values of a chunk.
   *
   * @param coordinates Which chunk, along each axis.
   * @param span Which values.
   * @returns The values, or undefined where the chunk is left out.
   * @throws {Error} If it is damaged; with the reason.
   */
  async get(
    coordinates: readonly number[],
    span: ChunkSpan,
  ): Promise<ChunkPart | undefined> {
    const { cache, field, path } = this.#place;
    const key = `${path}\0${field?.name ?? ""}\0${coordinates}`;
    try {
      const kept = cache.find<KeptChunk>(key);
      const chunk = kept
        ? kept.isOld ? this.#narrow(kept.value, key) : kept.value
        : await this.#open(coordinates, key);
      // What is not there takes a place in the list all the same.
      if (!kept && span.isKept) cache.keep(key, chunk, bytesOf(chunk));
      if (chunk instanceof BloscChunk || chunk instanceof NarrowValues) {
        return { values: this.#readSpan(chunk, span), start: span.start };
      }
      return chunk && { values: chunk, start: 0 };
    } catch (error) {
      const { message } = error as Error;
      if (message.startsWith("Cannot ")) throw error;
      throw new Error(`chunk ${coordinates}: ${message}`, { cause: error });
    }
  }

  /** A chunk of which parts can be read, or the values of all of it. */
  async #open(coordinates: readonly number[], key: string): Promise<KeptChunk> {
    const { field, spec: { packing, type } } = this.#place;
    const packed = this.#locate(coordinates);
    if (packed === undefined) return undefined;
    if (this.#hasBlocks) {
      const { likely: byteLength } = this.#limits(packed.byteLength);
      const place = { byteLength, key, numbers: type.numbers };
      const chunk = BloscChunk.open(packed, place);
      if (chunk !== undefined) return chunk;
    }
    const bytes = await this.#unpack(packed.readAll());
    const { isBig } = packing;
    return decodeChunk(bytes, { type, count: this.#count, isBig, field });
  }

  /**
   * What is still asked for when there was no room for others is worth the time
   * to make it smaller.
   */
  #narrow(chunk: KeptChunk, key: string): KeptChunk {
    const { cache, field, spec: { type } } = this.#place;
    const isPlain = ArrayBuffer.isView(chunk) && type.kind === "number" &&
      field === undefined && !this.#wide.has(chunk);
    if (!isPlain) return chunk;
    const narrow = NarrowValues.of(chunk);
    if (narrow === undefined) this.#wide.add(chunk);
    else cache.keep(key, narrow, bytesOf(narrow));
    return narrow ?? chunk;
  }

  #readSpan(
    chunk: BloscChunk | NarrowValues,
    { start, end, into, isKept }: ChunkSpan,
  ): StoredNumbers {
    const { cache, spec: { type } } = this.#place;
    const values = into ?? new type.numbers!(end - start);
    if (chunk instanceof NarrowValues) {
      chunk.read(start, values);
      return values;
    }
    const { buffer, byteLength, byteOffset } = values;
    chunk.read({
      start: start * type.itemBytes,
      target: new Uint8Array(buffer, byteOffset, byteLength),
      cache: isKept ? cache : undefined,
    });
    return values;
  }

  async #unpack(packed: Uint8Array): Promise<Uint8Array> {
    const { codecs } = this.#place.spec.packing;
    const { likely, most } = this.#limits(packed.length);
    let bytes = packed;
    for (const codec of codecs.toReversed()) {
      bytes = await codec.decode(bytes, { likely, most });
    }
    return bytes;
  }

  /** What a header claims is allocated only where the bytes can hold it. */
  #limits(packedBytes: number): { likely: number; most: number } {
    const { packing: { codecs }, type } = this.#place.spec;
    const ratio = codecs.reduce((all, { mostRatio }) => all * mostRatio, 1);
    if (type.kind === "text") {
      const most = packedBytes * Math.min(ratio, MOST_TEXT_RATIO);
      return {
        likely: packedBytes * 4,
        most: Math.min(Math.max(most, SMALL_TEXT_BYTES), MOST_CHUNK_BYTES),
      };
    }
    const likely = this.#count * type.itemBytes;
    const able = Math.max(packedBytes * ratio, SMALL_CHUNK_BYTES);
    if (likely > Math.min(able, MOST_CHUNK_BYTES)) {
      throw new Error(`its ${packedBytes} bytes can not hold ${likely} bytes`);
    }
    // A checksum may be in between.
    return { likely, most: likely + 64 };
  }

  #locate(coordinates: readonly number[]): PackedChunk | undefined {
    const { spec, tree } = this.#place;
    const { packing, sharding } = spec;
    if (sharding === undefined) return this.#locateFile(coordinates);
    const perShard = sharding.extents.map((extent, axis) =>
      extent / packing.extents[axis]!
    );
    const shard = coordinates.map((at, axis) =>
      Math.floor(at / perShard[axis]!)
    );
    const file = this.#file(shard);
    const byteLength = this.#sizeOf(file);
    if (byteLength === undefined) return undefined;
    const index = this.#index(file, { sharding, perShard, byteLength });
    const at = coordinates.reduce(
      (all, one, axis) => all * perShard[axis]! + one % perShard[axis]!,
      0,
    );
    return locateInShard(tree, file, {
      offset: index[2 * at]!,
      length: index[2 * at + 1]!,
      byteLength,
    });
  }

  /** Chunks may be left out, but none may go. */
  #sizeOf(file: string): number | undefined {
    const { tree } = this.#place;
    const byteLength = tree.byteLength(file);
    if (byteLength === undefined) tree.checkMissing(file);
    return byteLength;
  }

  /** A zip file can hold far more than a chunk, in no space at all. */
  #locateFile(coordinates: readonly number[]): PackedChunk | undefined {
    const { spec: { type }, tree } = this.#place;
    const file = this.#file(coordinates);
    const byteLength = this.#sizeOf(file);
    if (byteLength === undefined) return undefined;
    const most = type.kind === "text"
      ? Infinity
      : MOST_GROWTH * this.#count * type.itemBytes + SMALL_PACKED_BYTES;
    if (byteLength > most) {
      throw new Error(`its ${byteLength} bytes are more than it can have`);
    }
    return {
      byteLength,
      hasChecksum: tree.hasChecksums,
      read: (offset, length, into) =>
        tree.readRange(file, offset, length, into),
      readAll: () => tree.read(file) ?? tree.readRange(file, 0, byteLength),
    };
  }

  #index(
    file: string,
    { sharding, perShard, byteLength }: {
      readonly sharding: ZarrSharding;
      readonly perShard: readonly number[];
      readonly byteLength: number;
    },
  ): BigUint64Array {
    const { cache, tree } = this.#place;
    const key = `${file}\0index`;
    const kept = cache.find<BigUint64Array>(key);
    if (kept !== undefined) return kept.value;
    const size = product(perShard) * ENTRY_BYTES +
      (sharding.hasChecksum ? CHECKSUM_BYTES : 0);
    if (size > byteLength) {
      throw new Error(
        `its shard ${file} has ${byteLength} bytes, ` +
          `and a list of ${size} bytes should be in it`,
      );
    }
    const offset = sharding.isIndexFirst ? 0 : byteLength - size;
    const bytes = tree.readRange(file, offset, size);
    const value = decodeIndex(bytes, sharding, file);
    cache.keep(key, value, KEY_BYTES + value.byteLength);
    return value;
  }

  #file(coordinates: readonly number[]): string {
    const { path, spec: { prefix, separator } } = this.#place;
    const parts = prefix === "" ? coordinates : [prefix, ...coordinates];
    return joinTreePath(path, parts.join(separator) || "0");
  }
}

function decodeIndex(
  bytes: Uint8Array,
  sharding: ZarrSharding,
  file: string,
): BigUint64Array {
  let content = bytes;
  if (sharding.hasChecksum) {
    try {
      content = checkCrc(bytes);
    } catch (error) {
      throw new Error(
        `the list of its shard ${file}: ${(error as Error).message}`,
      );
    }
  }
  return new BigUint64Array(content.slice().buffer);
}

function locateInShard(
  tree: FileTree,
  file: string,
  { offset, length, byteLength }: {
    readonly offset: bigint;
    readonly length: bigint;
    readonly byteLength: number;
  },
): PackedChunk | undefined {
  if (offset === MISSING && length === MISSING) return undefined;
  if (offset + length <= BigInt(byteLength)) {
    const [start, size] = [Number(offset), Number(length)];
    return {
      byteLength: size,
      hasChecksum: false,
      read: (from, count, into) =>
        tree.readRange(file, start + from, count, into),
      readAll: () => tree.readRange(file, start, size),
    };
  }
  throw new Error(
    `its shard ${file} says of a chunk that it is behind its end`,
  );
}

function bytesOf(chunk: KeptChunk): number {
  if (chunk instanceof BloscChunk) return chunk.memoryBytes;
  if (chunk instanceof NarrowValues) return KEY_BYTES + chunk.memoryBytes;
  return KEY_BYTES + (chunk ? memoryBytes(chunk) : 0);
}

function product(extents: readonly number[]): number {
  return extents.reduce((all, extent) => all * extent, 1);
}
