/** The list of the chunks of an HDF5 dataset: a B-tree of version 1. */
import type { FileSource } from "./file_source.ts";
import { findHdf5Layout } from "./hdf5_layout.ts";
import { readHdf5View } from "./hdf5_messages.ts";

/** Where a chunk is. */
export interface Hdf5ChunkPlace {
  /** Its first byte in the file. */
  readonly address: number;
  /** How many bytes it has there. */
  readonly byteLength: number;
  /** A bit for each filter that it did not go through. */
  readonly skipped: number;
}

const TREE = 0x54524545;
const CHUNKS = 1;
const HEAD_BYTES = 24;
/** A chunk in the list takes more than that. */
const LEAST_ENTRY_BYTES = 24;

/** The chunks that a dataset has, in order. */
export class Hdf5ChunkIndex {
  readonly #numbers: number[] = [];
  readonly #addresses: number[] = [];
  readonly #sizes: number[] = [];
  readonly #skipped: number[] = [];
  readonly #source: FileSource;
  readonly #extents: readonly number[];
  readonly #counts: readonly number[];
  #nodesLeft: number;

  /**
   * Reads the list.
   *
   * @param source The file.
   * @param address Where the list is.
   * @param grid The extents of a chunk, and the number of chunks along each
   * axis.
   * @throws {Error} If it is damaged; with the reason.
   */
  constructor(
    source: FileSource,
    address: number,
    grid: {
      readonly extents: readonly number[];
      readonly counts: readonly number[];
    },
  ) {
    this.#source = source;
    this.#extents = grid.extents;
    this.#counts = grid.counts;
    this.#nodesLeft = source.byteLength / LEAST_ENTRY_BYTES;
    this.#readNode(address, undefined);
  }

  /**
   * Finds a chunk.
   *
   * @param coordinates Which one, along each axis.
   * @returns Where it is, or undefined where it was never written.
   */
  find(coordinates: readonly number[]): Hdf5ChunkPlace | undefined {
    const number = this.#numberOf(coordinates);
    let low = 0;
    let high = this.#numbers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#numbers[middle]! < number) low = middle + 1;
      else high = middle;
    }
    if (this.#numbers[low] !== number) return undefined;
    return {
      address: this.#addresses[low]!,
      byteLength: this.#sizes[low]!,
      skipped: this.#skipped[low]!,
    };
  }

  #readNode(address: number, level: number | undefined): void {
    const head = readHdf5View(this.#source, address, HEAD_BYTES);
    const found = head?.getUint8(5) ?? 0;
    const isRight = head?.getUint32(0) === TREE &&
      head.getUint8(4) === CHUNKS && found === (level ?? found) &&
      this.#nodesLeft-- > 0;
    if (!isRight) throw damaged();
    const keyBytes = 8 + 8 * (this.#extents.length + 1);
    const count = head.getUint16(6, true);
    const length = count * (keyBytes + 8);
    const node = readHdf5View(this.#source, address + HEAD_BYTES, length);
    if (node === undefined) throw damaged();
    for (let at = 0; at < length; at += keyBytes + 8) {
      const child = Number(node.getBigUint64(at + keyBytes, true));
      if (found > 0) this.#readNode(child, found - 1);
      else this.#add(node, at, child);
    }
  }

  #add(node: DataView, at: number, address: number): void {
    const coordinates = this.#extents.map((extent, axis) =>
      Number(node.getBigUint64(at + 8 + 8 * axis, true)) / extent
    );
    const byteLength = node.getUint32(at, true);
    const number = this.#numberOf(coordinates);
    const isRight = coordinates.every((one) => Number.isSafeInteger(one)) &&
      number > (this.#numbers.at(-1) ?? -1) &&
      address + byteLength <= this.#source.byteLength;
    if (!isRight) throw damaged();
    this.#numbers.push(number);
    this.#addresses.push(address);
    this.#sizes.push(byteLength);
    this.#skipped.push(node.getUint32(at + 4, true));
  }

  #numberOf(coordinates: readonly number[]): number {
    return coordinates.reduce(
      (all, one, axis) => all * this.#counts[axis]! + one,
      0,
    );
  }
}

/**
 * Checks that a file has the chunks of a dataset that the library is to read:
 * it takes as much memory as the list says before it looks whether that is so.
 *
 * @param source The file.
 * @param reference What the library makes of the path of the dataset.
 * @param grid The extents of the dataset, and those of a chunk.
 * @throws {Error} If it has not; with the reason.
 */
export function checkHdf5Chunks(
  source: FileSource,
  reference: Uint8Array,
  grid: {
    readonly shape: readonly number[];
    readonly chunks: readonly number[];
  },
): void {
  const { chunks: extents, shape } = grid;
  const layout = findHdf5Layout(source, reference);
  if (layout?.kind !== "chunked" || shape.length !== extents.length) return;
  const counts = shape.map((extent, axis) =>
    Math.max(Math.ceil(extent / extents[axis]!), 1)
  );
  new Hdf5ChunkIndex(source, layout.address, { extents, counts });
}

function damaged(): Error {
  return new Error("the list of its chunks is damaged or cut off");
}
