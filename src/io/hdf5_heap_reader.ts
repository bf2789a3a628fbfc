import type { FileSource } from "./file_source.ts";
import { readHdf5View } from "./hdf5_messages.ts";

const SIGNATURE = 0x47434f4c;
const HEADER_BYTES = 16;
const OBJECT_HEADER_BYTES = 16;
/** What the heaps that were read last may take together. */
const MOST_KEPT_BYTES = 2 ** 22;

/** Heaps are small, and lie one after the other: so much is read at once. */
const WINDOW_BYTES = 2 ** 16;

/** The bytes of an object, among others. */
export interface HeapObject {
  /** The bytes. */
  readonly bytes: Uint8Array;
  /** Its first one. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
}

/** The objects of a heap by their numbers. */
type Objects = readonly (HeapObject | undefined)[];

/** A part of the file. */
interface Window {
  readonly offset: number;
  readonly view: DataView;
}

/** Reads global heaps of an HDF5 file, and keeps those that were read last. */
export class Hdf5HeapReader {
  readonly #source: FileSource;
  readonly #kept = new Map<number, Objects>();
  #keptBytes = 0;
  #window: Window | undefined;
  #lastAddress = -1;
  #last: Objects = [];

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
  read(address: number, number: number): HeapObject | undefined {
    if (address !== this.#lastAddress) {
      this.#last = this.#kept.get(address) ?? this.#load(address);
      this.#lastAddress = address;
    }
    return this.#last[number];
  }

  #load(address: number): Objects {
    const header = this.#view(address, HEADER_BYTES);
    const isHeap = header?.getUint32(0) === SIGNATURE &&
      header.getUint8(4) === 1;
    const length = isHeap ? Number(header.getBigUint64(8, true)) : 0;
    const heap = this.#view(address, length);
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

  /** A part of the file, undefined where it passes the end. */
  #view(address: number, length: number): DataView | undefined {
    const within = (window: Window | undefined) => {
      const at = window ? address - window.offset : -1;
      if (!(at >= 0 && at + length <= window!.view.byteLength)) {
        return undefined;
      }
      const { buffer, byteOffset } = window!.view;
      return new DataView(buffer, byteOffset + at, length);
    };
    const known = within(this.#window);
    if (known) return known;
    const left = this.#source.byteLength - address;
    const size = Math.max(length, Math.min(WINDOW_BYTES, left));
    const view = readHdf5View(this.#source, address, size);
    this.#window = view && { offset: address, view };
    return within(this.#window);
  }
}

function readObjects(heap: DataView, address: number): Objects {
  const objects: (HeapObject | undefined)[] = [];
  const { buffer, byteLength, byteOffset } = heap;
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
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
    objects[number] = { bytes, start, end: start + size };
  }
  return objects;
}
