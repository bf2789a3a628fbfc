import { type FileTree, joinTreePath } from "../io/file_tree.ts";
import type { ChunkCache } from "../io/chunk_cache.ts";
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

  /**
   * Prepares to read.
   *
   * @param place Where the chunks are.
   */
  constructor(place: ZarrChunksPlace) {
    this.#place = place;
    this.#count = product(place.spec.packing.extents);
  }

  /**
   * Reads a chunk.
   *
   * @param coordinates Which one, along each axis.
   * @param isKept Whether more of it may be asked for soon.
   * @returns Its values, or undefined where all of them are left out.
   * @throws {Error} If it is damaged; with the reason.
   */
  async get(
    coordinates: readonly number[],
    isKept: boolean,
  ): Promise<ChunkValues | undefined> {
    const { cache, field, path } = this.#place;
    const key = `${path}\0${field?.name ?? ""}\0${coordinates}`;
    const kept = cache.find<ChunkValues | undefined>(key);
    if (kept !== undefined) return kept.value;
    const values = await this.#read(coordinates);
    // What is not there takes a place in the list all the same.
    if (isKept) {
      cache.keep(key, values, KEY_BYTES + (values ? memoryBytes(values) : 0));
    }
    return values;
  }

  async #read(
    coordinates: readonly number[],
  ): Promise<ChunkValues | undefined> {
    const { field, spec } = this.#place;
    const { packing, type } = spec;
    const packed = this.#packed(coordinates);
    if (packed === undefined) return undefined;
    try {
      const bytes = await this.#unpack(packed);
      const { isBig } = packing;
      return decodeChunk(bytes, { type, count: this.#count, isBig, field });
    } catch (error) {
      const { message } = error as Error;
      throw new Error(`chunk ${coordinates}: ${message}`, { cause: error });
    }
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

  #packed(coordinates: readonly number[]): Uint8Array | undefined {
    const { spec, tree } = this.#place;
    const { packing, sharding } = spec;
    if (sharding === undefined) return this.#readFile(coordinates);
    const perShard = sharding.extents.map((extent, axis) =>
      extent / packing.extents[axis]!
    );
    const shard = coordinates.map((at, axis) =>
      Math.floor(at / perShard[axis]!)
    );
    const file = this.#file(shard);
    const byteLength = tree.byteLength(file);
    if (byteLength === undefined) return undefined;
    const index = this.#index(file, { sharding, perShard, byteLength });
    const at = coordinates.reduce(
      (all, one, axis) => all * perShard[axis]! + one % perShard[axis]!,
      0,
    );
    return readShardChunk(tree, file, {
      offset: index[2 * at]!,
      length: index[2 * at + 1]!,
      byteLength,
    });
  }

  /** A zip file can hold far more than a chunk, in no space at all. */
  #readFile(coordinates: readonly number[]): Uint8Array | undefined {
    const { spec: { type }, tree } = this.#place;
    const file = this.#file(coordinates);
    const length = type.kind === "text" ? 0 : tree.byteLength(file) ?? 0;
    const most = type.kind === "text"
      ? 0
      : MOST_GROWTH * this.#count * type.itemBytes + SMALL_PACKED_BYTES;
    if (length <= most) return tree.read(file);
    throw new Error(
      `chunk ${coordinates}: its ${length} bytes are more than it can have`,
    );
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

function readShardChunk(
  tree: FileTree,
  file: string,
  { offset, length, byteLength }: {
    readonly offset: bigint;
    readonly length: bigint;
    readonly byteLength: number;
  },
): Uint8Array | undefined {
  if (offset === MISSING && length === MISSING) return undefined;
  if (offset + length <= BigInt(byteLength)) {
    return tree.readRange(file, Number(offset), Number(length));
  }
  throw new Error(
    `its shard ${file} says of a chunk that it is behind its end`,
  );
}

function product(extents: readonly number[]): number {
  return extents.reduce((all, extent) => all * extent, 1);
}
