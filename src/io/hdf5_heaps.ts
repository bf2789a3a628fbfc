/**
 * Checks of the global heaps of HDF5 files, which hold texts of any length. The
 * library walks their objects without a look at their sizes: a size of 0 keeps
 * it going for ever, and a large one leads it out of its memory.
 */
import type { FileSource } from "./file_source.ts";

/** `GCOL`, version 1, and three bytes of nothing. */
const SIGNATURE = [0x47, 0x43, 0x4f, 0x4c, 1, 0, 0, 0];
const HEADER_BYTES = 16;
const OBJECT_HEADER_BYTES = 16;
/** How much of a heap is looked at at once. */
const WINDOW_BYTES = 2 ** 16;

/** Knows which heaps of a file are whole. */
export class Hdf5Heaps {
  readonly #source: FileSource;
  readonly #whole = new Set<number>();

  /** @param source The file. */
  constructor(source: FileSource) {
    this.#source = source;
  }

  /**
   * Checks the heaps that start in a part of the file.
   *
   * @param position Where in the file the part is.
   * @param bytes The part.
   * @throws {Error} If one is damaged; with its place.
   */
  check(position: number, bytes: Uint8Array): void {
    let at = bytes.indexOf(SIGNATURE[0]!);
    while (at >= 0) {
      if (SIGNATURE.every((byte, step) => bytes[at + step] === byte)) {
        this.#checkHeap(position + at);
      }
      at = bytes.indexOf(SIGNATURE[0]!, at + 1);
    }
  }

  #checkHeap(address: number): void {
    if (this.#whole.has(address)) return;
    const window = new Window(this.#source, address);
    const length = window.uint64(8);
    let at = HEADER_BYTES;
    while (length - at >= OBJECT_HEADER_BYTES) {
      const size = window.uint64(at + 8);
      const isFree = window.uint16(at) === 0;
      const needed = isFree
        ? size
        : OBJECT_HEADER_BYTES + 8 * Math.ceil(size / 8);
      if (needed < OBJECT_HEADER_BYTES || needed > length - at) break;
      at += needed;
    }
    const isWhole = address + length <= this.#source.byteLength &&
      length >= HEADER_BYTES && length - at < OBJECT_HEADER_BYTES;
    if (!isWhole) throw new Error(`its texts are damaged at byte ${address}`);
    this.#whole.add(address);
  }
}

/** Numbers of a part of a file, which is read in pieces; 0 behind its end. */
class Window {
  readonly #source: FileSource;
  readonly #address: number;
  #view = new DataView(new ArrayBuffer(0));
  #start = 0;

  constructor(source: FileSource, address: number) {
    this.#source = source;
    this.#address = address;
  }

  uint16(offset: number): number {
    return this.#at(offset).getUint16(0, true);
  }

  uint64(offset: number): number {
    return Number(this.#at(offset).getBigUint64(0, true));
  }

  #at(offset: number): DataView {
    const isThere = offset >= this.#start &&
      offset + 8 <= this.#start + this.#view.byteLength;
    if (!isThere) this.#load(offset);
    const { buffer } = this.#view;
    return new DataView(buffer, offset - this.#start);
  }

  #load(offset: number): void {
    const place = this.#address + offset;
    const left = Math.max(this.#source.byteLength - place, 0);
    const bytes = new Uint8Array(WINDOW_BYTES);
    this.#source.read(place, bytes.subarray(0, Math.min(left, WINDOW_BYTES)));
    this.#view = new DataView(bytes.buffer);
    this.#start = offset;
  }
}
