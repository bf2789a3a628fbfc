/**
 * Chunks of zarr arrays that Blosc packed. They are made of blocks, and values
 * are read from those alone that they are in.
 */
import { decodeBloscBlock } from "../io/blosc_block.ts";
import {
  BLOSC_HEAD_BYTES,
  type BloscHead,
  bloscListEnd,
  parseBloscBlocks,
  parseBloscHead,
} from "../io/blosc_frame.ts";
import { BytePlanes } from "../io/byte_planes.ts";
import type { ChunkCache } from "../io/chunk_cache.ts";
import { NarrowValues } from "../io/narrow_values.ts";
import type { NumbersClass } from "./zarr_types.ts";

/** The packed bytes of a chunk, wherever they are. */
export interface PackedChunk {
  /** How many they are. */
  readonly byteLength: number;
  /** Whether they have a checksum, which only who reads all can check. */
  readonly hasChecksum: boolean;
  /**
   * Reads some of them.
   *
   * @param offset The first byte.
   * @param length How many.
   * @param into Memory for them, of any size; it is used where it is enough.
   */
  read(offset: number, length: number, into?: Uint8Array): Uint8Array;
  /** Reads all of them, and checks the checksum. */
  readAll(): Uint8Array;
}

/** Bytes of a chunk that are wanted. */
export interface ChunkBytes {
  /** The first byte. */
  readonly start: number;
  /** Receives them. */
  readonly target: Uint8Array;
  /** Keeps what may be asked for again soon. */
  readonly cache?: ChunkCache | undefined;
}

/** What is kept of a block. */
interface KeptBlock {
  readonly byteLength: number;
  readonly memoryBytes: number;
  read(start: number, target: Uint8Array): void;
}

/** A block of numbers that are narrow. */
class NarrowBlock implements KeptBlock {
  readonly byteLength: number;
  readonly #numbers: NumbersClass;
  readonly #values: NarrowValues;

  private constructor(
    byteLength: number,
    numbers: NumbersClass,
    values: NarrowValues,
  ) {
    this.byteLength = byteLength;
    this.#numbers = numbers;
    this.#values = values;
  }

  static of(
    planes: BytePlanes,
    numbers: NumbersClass,
  ): NarrowBlock | undefined {
    const { byteLength } = planes;
    const bytes = new Uint8Array(byteLength);
    planes.read(0, bytes);
    const count = byteLength / numbers.BYTES_PER_ELEMENT;
    const all = new numbers(bytes.buffer, 0, count);
    const values = NarrowValues.of(all);
    return values && new NarrowBlock(byteLength, numbers, values);
  }

  get memoryBytes(): number {
    return this.#values.memoryBytes;
  }

  read(start: number, { buffer, byteOffset, length }: Uint8Array): void {
    const size = this.#numbers.BYTES_PER_ELEMENT;
    const target = new this.#numbers(buffer, byteOffset, length / size);
    this.#values.read(start / size, target);
  }
}

/** What a key and what is around a value take in memory, about. */
const KEY_BYTES = 256;
/** What is read with a head: all, of small chunks, or a long list of blocks. */
const SMALL_BYTES = 2 ** 16;
const LIST_BYTES = 2 ** 12;
/** Memory that stays, for the packed bytes of a block. */
const MOST_SCRATCH_BYTES = 2 ** 21;
/** Values are decoded up to a multiple of so many bytes, or all. */
const STEP_BYTES = 2 ** 16;

/** What a chunk has to be. */
export interface BloscChunkPlace {
  /** How many bytes were packed. */
  readonly byteLength: number;
  /** What keeps it apart from others in a cache. */
  readonly key: string;
  /** The class of arrays for its numbers, where it is of numbers. */
  readonly numbers?: NumbersClass | undefined;
}

/** A chunk that Blosc packed. */
export class BloscChunk {
  readonly #packed: PackedChunk;
  readonly #place: BloscChunkPlace;
  readonly #head: BloscHead;
  readonly #blocks: Uint32Array;
  /** All packed bytes, until something was read. */
  #opened: Uint8Array | undefined;
  /** Kept blocks that can't be made smaller. */
  readonly #wide = new WeakSet<object>();

  private constructor(
    packed: PackedChunk,
    place: BloscChunkPlace,
    head: BloscHead,
    blocks: Uint32Array,
  ) {
    this.#packed = packed;
    this.#place = place;
    this.#head = head;
    this.#blocks = blocks;
  }

  /**
   * Opens a chunk.
   *
   * @param packed Its packed bytes.
   * @param place What it has to be.
   * @returns The chunk; undefined where another decoder has to take it.
   * @throws {Error} If it is cut off, or says something else; with the reason.
   */
  static open(
    packed: PackedChunk,
    place: BloscChunkPlace,
  ): BloscChunk | undefined {
    const { byteLength } = place;
    const isWholeRead = packed.hasChecksum || packed.byteLength <= SMALL_BYTES;
    let bytes = isWholeRead ? packed.readAll() : packed.read(0, LIST_BYTES);
    const head = bytes.length < BLOSC_HEAD_BYTES
      ? undefined
      : parseBloscHead(bytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const isRight = head && head.byteLength === byteLength &&
      view.getUint32(12, true) === packed.byteLength;
    if (!isRight) return undefined;
    const listEnd = bloscListEnd(head);
    const end = head.codec === undefined ? listEnd + byteLength : listEnd;
    if (end > packed.byteLength) return undefined;
    if (listEnd > bytes.length) bytes = packed.read(0, listEnd);
    const blocks = parseBloscBlocks(bytes, head, packed.byteLength);
    const chunk = new BloscChunk(packed, place, head, blocks);
    if (isWholeRead) chunk.#opened = bytes;
    return chunk;
  }

  /** About how much memory it takes. */
  get memoryBytes(): number {
    return KEY_BYTES + this.#blocks.byteLength;
  }

  /**
   * Reads bytes.
   *
   * @param wanted Which ones.
   * @throws {Error} If they are damaged; with the reason.
   */
  read({ start, target, cache }: ChunkBytes): void {
    const { blockBytes, codec } = this.#head;
    if (codec === undefined) {
      const offset = BLOSC_HEAD_BYTES + start;
      target.set(this.#readPacked(offset, offset + target.length));
      this.#opened = undefined;
      return;
    }
    const end = start + target.length;
    for (let at = start; at < end;) {
      const block = Math.floor(at / blockBytes);
      const first = block * blockBytes;
      const stop = Math.min(end, first + blockBytes);
      const planes = this.#block(
        block,
        stop - first,
        cache,
      );
      planes.read(at - first, target.subarray(at - start, stop - start));
      at = stop;
    }
    this.#opened = undefined;
  }

  #readPacked(start: number, end: number): Uint8Array {
    return this.#opened?.subarray(start, end) ??
      this.#packed.read(start, end - start, scratchOf(end - start));
  }

  /** The bytes of a block from its first one on, at least so many. */
  #block(
    block: number,
    wanted: number,
    cache: ChunkCache | undefined,
  ): KeptBlock {
    const key = `${this.#place.key}\0${block}`;
    const found = cache?.find<KeptBlock>(key);
    const kept = found?.value;
    if (kept !== undefined && kept.byteLength >= wanted) {
      return found!.isOld ? this.#narrow(kept, key, cache!) : kept;
    }
    const { blockBytes } = this.#head;
    const left = this.#head.byteLength - block * blockBytes;
    const byteLength = Math.min(blockBytes, left);
    // Who comes back for more is given all, or it would be decoded many times.
    const rounded = Math.ceil(wanted / STEP_BYTES) * STEP_BYTES;
    const part = {
      byteLength,
      wanted: kept ? byteLength : Math.min(byteLength, rounded),
    };
    const [start, end] = this.#blocks.subarray(2 * block, 2 * block + 2);
    const packed = this.#readPacked(start!, end!);
    const planes = decodeBloscBlock(packed, this.#head, part);
    if (cache !== undefined) {
      const owned = planes.toOwned();
      cache.keep(key, owned, KEY_BYTES + owned.memoryBytes);
    }
    return planes;
  }

  /**
   * What is still asked for when there was no room for others is worth the time
   * to make it smaller.
   */
  #narrow(kept: KeptBlock, key: string, cache: ChunkCache): KeptBlock {
    const { numbers } = this.#place;
    const isPlanes = kept instanceof BytePlanes && !this.#wide.has(kept);
    if (!isPlanes || numbers?.BYTES_PER_ELEMENT !== this.#head.typeSize) {
      return kept;
    }
    const narrow = NarrowBlock.of(kept, numbers);
    if (narrow === undefined || narrow.memoryBytes >= kept.memoryBytes) {
      this.#wide.add(kept);
      return kept;
    }
    cache.keep(key, narrow, KEY_BYTES + narrow.memoryBytes);
    return narrow;
  }
}

/** Memory for the packed bytes of a block, which are soon of no use. */
let scratch = new Uint8Array(0);

function scratchOf(byteLength: number): Uint8Array {
  if (scratch.length < byteLength && byteLength <= MOST_SCRATCH_BYTES) {
    scratch = new Uint8Array(2 * byteLength);
  }
  return scratch;
}
