import type { FileSource } from "./file_source.ts";
import { readHdf5View } from "./hdf5_layout.ts";

const SIGNATURE = 0x47434f4c;
const HEADER_BYTES = 16;
const OBJECT_HEADER_BYTES = 16;
/** What the heaps that were read last may take together. */
const MOST_KEPT_BYTES = 2 ** 22;

/** The objects of a heap by their numbers. */
type Objects = ReadonlyMap<number, Uint8Array>;

/** Reads global heaps of an HDF5 file, and keeps those that were read last. */
export class Hdf5HeapReader {
  readonly #source: FileSource;
  readonly #kept = new Map<number, Objects>();
  #keptBytes = 0;

  /** @param source The file. */
  constructor(source: FileSource) {
    this.#source = source;
  }

  /**
   * Reads an object.
   *
   * @param address Where its heap is.
   * @param number Its number in the heap.
   * @returns Its bytes, or undefined where there is none of the number.
   * @throws {Error} If there is no heap, or it is damaged.
   */
  read(address: number, number: number): Uint8Array | undefined {
    return (this.#kept.get(address) ?? this.#load(address)).get(number);
  }

  #load(address: number): Objects {
    const header = readHdf5View(this.#source, address, HEADER_BYTES);
    const isHeap = header?.getUint32(0) === SIGNATURE &&
      header.getUint8(4) === 1;
    const length = isHeap ? Number(header.getBigUint64(8, true)) : 0;
    const heap = readHdf5View(this.#source, address, length);
    if (!isHeap || heap === undefined) {
      throw new Error(`its texts are damaged at byte ${address}`);
    }
    const objects = readObjects(heap, address);
    if (this.#keptBytes + length > MOST_KEPT_BYTES) {
      this.#kept.clear();
      this.#keptBytes = 0;
    }
    this.#kept.set(address, objects);
    this.#keptBytes += length;
    return objects;
  }
}

function readObjects(heap: DataView, address: number): Objects {
  const objects = new Map<number, Uint8Array>();
  let at = HEADER_BYTES;
  while (heap.byteLength - at >= OBJECT_HEADER_BYTES) {
    const number = heap.getUint16(at, true);
    // The rest is free.
    if (number === 0) break;
    const size = Number(heap.getBigUint64(at + 8, true));
    const start = at + OBJECT_HEADER_BYTES;
    at = start + 8 * Math.ceil(size / 8);
    if (at > heap.byteLength) {
      throw new Error(`its texts are damaged at byte ${address}`);
    }
    objects.set(number, new Uint8Array(heap.buffer, start, size));
  }
  return objects;
}
