import { LZ4_WASM } from "./lz4_wasm.ts";

/** What the decoder may write behind the end. */
const SLACK_BYTES = 64;
const PAGE_BYTES = 2 ** 16;

/** A block that was packed by itself. */
export interface Lz4Block {
  /** Where its packed bytes start. */
  readonly start: number;
  /** Where they end. */
  readonly end: number;
  /** How many bytes come out. */
  readonly size: number;
  /** How many of the first ones are wanted. */
  readonly wanted: number;
}

interface Lz4Exports {
  readonly memory: WebAssembly.Memory;
  decode(
    from: number,
    end: number,
    to: number,
    wanted: number,
    size: number,
  ): number;
  isConstant(from: number, count: number): number;
}

/**
 * Decodes blocks of LZ4 in WebAssembly, in memory that is used again each
 * time: what is in there is gone when the next block comes.
 */
export class Lz4Decoder {
  readonly #exports: Lz4Exports;
  #inputBytes = 0;
  #outputStart = 0;

  constructor() {
    compiled ??= new WebAssembly.Module(Uint8Array.fromBase64(LZ4_WASM));
    const { exports } = new WebAssembly.Instance(compiled);
    this.#exports = exports as unknown as Lz4Exports;
  }

  /**
   * Takes packed bytes, and makes room for what comes out.
   *
   * @param packed The bytes, of one or several blocks.
   * @param outputBytes How many bytes come out of all of them.
   */
  start(packed: Uint8Array, outputBytes: number): void {
    this.#inputBytes = packed.length;
    this.#outputStart = packed.length + SLACK_BYTES;
    const { memory } = this.#exports;
    const needed = this.#outputStart + outputBytes + SLACK_BYTES;
    const missing = needed - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    new Uint8Array(memory.buffer).set(packed);
  }

  /**
   * Decodes a block.
   *
   * @param block Where it is in the packed bytes, how many bytes it has then,
   * and how many of the first ones are wanted.
   * @param to Where in the output it goes.
   * @returns Whether it worked; false where it is damaged.
   */
  decode(block: Lz4Block, to: number): boolean {
    const { end, size, start, wanted } = block;
    if (end > this.#inputBytes) return false;
    const place = this.#outputStart + to;
    return this.#exports.decode(start, end, place, wanted, size) >= wanted;
  }

  /**
   * Copies bytes that are not packed.
   *
   * @param block Where they are.
   * @param to Where in the output they go.
   */
  copy({ start, end }: Lz4Block, to: number): void {
    const bytes = new Uint8Array(this.#exports.memory.buffer);
    bytes.copyWithin(this.#outputStart + to, start, end);
  }

  /**
   * Whether all bytes of a part of the output are the same.
   *
   * @param start Where it starts.
   * @param end Where it ends.
   * @returns Whether they are.
   */
  isConstant(start: number, end: number): boolean {
    const place = this.#outputStart + start;
    return this.#exports.isConstant(place, end - start) !== 0;
  }

  /**
   * The output, in the memory of the decoder.
   *
   * @param byteLength How many bytes it has.
   * @returns The bytes, until the next call of `start`.
   */
  output(byteLength: number): Uint8Array {
    const { buffer } = this.#exports.memory;
    return new Uint8Array(buffer, this.#outputStart, byteLength);
  }
}

let compiled: WebAssembly.Module | undefined;
let shared: Lz4Decoder | undefined;

/**
 * The decoder that all share: it is used up before anybody waits.
 *
 * @returns The decoder.
 */
export function sharedLz4Decoder(): Lz4Decoder {
  shared ??= new Lz4Decoder();
  return shared;
}
