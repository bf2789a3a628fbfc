/** Values that come piece by piece: compressed chunks, and their index. */
import { deflateSync } from "node:zlib";
import type { ByteSink } from "./byte_sink.ts";
import { Hdf5Bytes } from "./hdf5_write_bytes.ts";

/** The most values of a chunk, and its most bytes if it has several. */
const MOST_VALUES = 1 << 16;
const MOST_BYTES = 1 << 19;
/** Counts hardly get smaller with more effort. */
const LEVEL = 3;

/** The children of a node, as long as a file does not say otherwise. */
const MOST_CHILDREN = 64;
/** What a node has in front; the bytes of a key, and of an address. */
const HEADER_BYTES = 24;
const KEY_BYTES = 24;
const ADDRESS_BYTES = 8;
const NODE_BYTES = HEADER_BYTES + MOST_CHILDREN * ADDRESS_BYTES +
  (MOST_CHILDREN + 1) * KEY_BYTES;
/** The kind of a node that leads to chunks. */
const OF_CHUNKS = 1;

/** Where the values of a dataset of chunks are. */
export interface Hdf5ChunkedLayout {
  /** Tells it from values that lie together. */
  readonly kind: "chunked";
  /** The index of the chunks; undefined where there is none. */
  readonly address: number | undefined;
  /** The values of a chunk. */
  readonly chunkLength: number;
  /** How hard deflate tries. */
  readonly level: number;
}

/** A chunk, or a node of the index that starts with that chunk. */
interface Child {
  readonly address: number;
  /** The first of its values. */
  readonly start: number;
  /** The bytes of the chunk. */
  readonly byteLength: number;
}

/** Compresses values as they come, and writes them chunk by chunk. */
export class Hdf5Chunks {
  readonly #sink: ByteSink;
  readonly #itemBytes: number;
  readonly #chunkLength: number;
  readonly #chunk: Uint8Array;
  readonly #shuffled: Uint8Array;
  readonly #children: Child[] = [];
  #filled = 0;
  #length = 0;

  /**
   * @param sink Where chunks go, and the index after them; others may write
   * there in between.
   * @param itemBytes The bytes of a value.
   */
  constructor(sink: ByteSink, itemBytes: number) {
    this.#sink = sink;
    this.#itemBytes = itemBytes;
    const most = Math.floor(MOST_BYTES / itemBytes);
    this.#chunkLength = Math.max(Math.min(most, MOST_VALUES), 1);
    this.#chunk = new Uint8Array(this.#chunkLength * itemBytes);
    this.#shuffled = new Uint8Array(this.#chunk.length);
  }

  /** How many values were added. */
  get length(): number {
    return this.#length;
  }

  /**
   * Adds values.
   *
   * @param bytes Whole values, little-endian; the array may be reused.
   */
  add(bytes: Uint8Array): void {
    this.#length += bytes.length / this.#itemBytes;
    for (let done = 0; done < bytes.length;) {
      const free = this.#chunk.length - this.#filled;
      const part = bytes.subarray(done, done + free);
      this.#chunk.set(part, this.#filled);
      this.#filled += part.length;
      done += part.length;
      if (this.#filled === this.#chunk.length) this.#flush();
    }
  }

  /**
   * Writes what is left, and the index.
   *
   * @returns Where the values are.
   */
  finish(): Hdf5ChunkedLayout {
    // A chunk is always whole: what has no value is zero.
    this.#chunk.fill(0, this.#filled);
    if (this.#filled > 0) this.#flush();
    const end = this.#children.length * this.#chunkLength;
    let level = 0;
    let nodes = this.#writeLevel(this.#children, level, end);
    while (nodes.length > 1) nodes = this.#writeLevel(nodes, ++level, end);
    return {
      kind: "chunked",
      address: nodes[0]?.address,
      chunkLength: this.#chunkLength,
      level: LEVEL,
    };
  }

  #flush(): void {
    const start = this.#children.length * this.#chunkLength;
    this.#filled = 0;
    shuffle(this.#chunk, this.#shuffled, this.#itemBytes);
    const packed = deflateSync(this.#shuffled, { level: LEVEL });
    const { position: address } = this.#sink;
    this.#sink.write(packed);
    this.#children.push({ address, start, byteLength: packed.length });
  }

  /** All nodes of a level have the same size, and lie side by side. */
  #writeLevel(
    children: readonly Child[],
    level: number,
    end: number,
  ): Child[] {
    const base = this.#sink.position;
    const count = Math.ceil(children.length / MOST_CHILDREN);
    const addressOf = (node: number) =>
      node < 0 || node >= count ? undefined : base + node * NODE_BYTES;
    return Array.from({ length: count }, (_, node) => {
      const from = node * MOST_CHILDREN;
      const own = children.slice(from, from + MOST_CHILDREN);
      const bytes = new Hdf5Bytes().add(new TextEncoder().encode("TREE"));
      bytes.u8(OF_CHUNKS, level).u16(own.length);
      bytes.u64(addressOf(node - 1), addressOf(node + 1));
      for (const child of own) addKey(bytes, child).u64(child.address);
      const next = children[from + MOST_CHILDREN];
      if (next) addKey(bytes, next);
      else bytes.u32(0, 0).u64(end, this.#itemBytes);
      this.#sink.write(bytes.fillTo(NODE_BYTES).take());
      return { ...own[0]!, address: addressOf(node)! };
    });
  }
}

/** A key is a chunk's size, the filters that it skipped, and its place. */
function addKey(bytes: Hdf5Bytes, { byteLength, start }: Child): Hdf5Bytes {
  return bytes.u32(byteLength, 0).u64(start, 0);
}

/** Puts first bytes together, then second ones: they compress better. */
function shuffle(
  source: Uint8Array,
  target: Uint8Array,
  itemBytes: number,
): void {
  const count = source.length / itemBytes;
  for (let byte = 0; byte < itemBytes; byte++) {
    const base = byte * count;
    for (let at = 0, from = byte; at < count; at++, from += itemBytes) {
      target[base + at] = source[from]!;
    }
  }
}
