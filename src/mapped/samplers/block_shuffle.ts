/** A sampler for stores that are read faster in runs of rows. */
import { Random } from "./random.ts";
import { drawPermutation } from "./random_permutation.ts";
import { checkWhole, RowsSampler, type SamplerOptions } from "./sampler.ts";

/** How {@linkcode BlockShuffleSampler} shuffles. */
export interface BlockShuffleOptions extends SamplerOptions {
  /** How many rows that follow each other stay together, 64 by default. */
  readonly blockSize?: number | undefined;
  /** How many blocks are in use at a time, 128 by default. */
  readonly bufferBlocks?: number | undefined;
  /**
   * In how many parts the blocks of a buffer are shuffled, 4 by default. The
   * batches are taken from them in turn, so that as many workers each read
   * blocks of their own.
   */
  readonly lanes?: number | undefined;
}

/**
 * Takes each row once an epoch: blocks of rows that follow each other come in
 * a random order, and the rows of some blocks at a time are shuffled together.
 * Both are random anew in each epoch. It is nearly as good as a random order
 * where rows that follow each other are not too much alike, and much faster
 * where a store is compressed in chunks, or on a disk with a head.
 *
 * @example Blocks of four rows, two of them in a batch
 * ```ts
 * import { BlockShuffleSampler } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const sampler = new BlockShuffleSampler(100, {
 *   batchSize: 8,
 *   blockSize: 4,
 *   bufferBlocks: 2,
 *   lanes: 1,
 * });
 * const [rows] = sampler.batches(0);
 * const blocks = new Set(Array.from(rows!, (row) => Math.floor(row / 4)));
 * assertEquals(blocks.size, 2);
 * ```
 */
export class BlockShuffleSampler extends RowsSampler {
  /** How many rows that follow each other stay together. */
  readonly blockSize: number;
  /** How many blocks are in use at a time. */
  readonly bufferBlocks: number;
  /** In how many parts these are shuffled. */
  readonly lanes: number;

  /**
   * Samples the rows of a source.
   *
   * @param sourceLength The number of rows of the source.
   * @param options The sizes, the seed, the rank.
   * @throws {RangeError} If a number is not one that it can be.
   */
  constructor(sourceLength: number, options: BlockShuffleOptions) {
    super(sourceLength, options);
    const { blockSize = 64, bufferBlocks = 128, lanes = 4 } = options;
    checkWhole(blockSize, "the size of blocks", 1);
    checkWhole(bufferBlocks, "the number of blocks of a buffer", 1);
    checkWhole(lanes, "the number of lanes", 1);
    this.blockSize = blockSize;
    this.bufferBlocks = bufferBlocks;
    this.lanes = Math.min(lanes, bufferBlocks);
  }

  /** What kind of sampler it is. */
  protected override get kind(): { kind: string; details: string[] } {
    const details = [
      `blocks of ${this.blockSize}`,
      `buffers of ${this.bufferBlocks}`,
      `lanes ${this.lanes}`,
    ];
    return { kind: "block shuffle", details };
  }

  /** How many batches an epoch has, of all ranks. */
  protected override get allBatches(): number {
    return this.countBatches(this.rowsCount);
  }

  /**
   * Gives some of the batches of all ranks.
   *
   * @param epoch The epoch.
   * @param first The first batch.
   * @param end The one after the last.
   */
  protected override *generate(
    epoch: number,
    first: number,
    end: number,
  ): Generator<Int32Array, void> {
    const { blockSize, bufferBlocks, batchSize, lanes } = this;
    const rowAt = this.#shuffleBlocks(epoch);
    const size = lanes *
      Math.ceil(blockSize * bufferBlocks / lanes / batchSize);
    // Buffers are counted from the first batch of the rank, so that each rank
    // reads whole blocks but for those at its ends.
    const [start] = this.share;
    for (let batch = first; batch < end;) {
      const number = Math.floor((batch - start) / size);
      const bufferStart = start + number * size;
      const bufferEnd = Math.min(bufferStart + size, end);
      const range = [bufferStart, bufferEnd] as const;
      const buffer = new Map<number, Int32Array>();
      for (; batch < bufferEnd; batch++) {
        const lane = (batch - bufferStart) % lanes;
        const rows = buffer.get(lane) ??
          Random.seeded(this.seed, epoch, this.rank, number, lane)
            .shuffle(this.#takeRows(range, lane, rowAt));
        buffer.set(lane, rows);
        const at = Math.floor((batch - bufferStart) / lanes) * batchSize;
        yield rows.subarray(at, at + batchSize);
      }
    }
  }

  /** Takes the rows of a lane of a buffer, before they are shuffled. */
  #takeRows(
    [bufferStart, bufferEnd]: readonly [start: number, end: number],
    lane: number,
    rowAt: (position: number) => number,
  ): Int32Array {
    const { lanes } = this;
    const count = bufferEnd - bufferStart;
    // The lane of the last batch comes last: that one may have fewer rows.
    const last = (count - 1) % lanes;
    let before = 0;
    for (let other = (last + 1) % lanes; other !== lane;) {
      before += batchesOf(other, count, lanes);
      other = (other + 1) % lanes;
    }
    const start = (bufferStart + before) * this.batchSize;
    const length = batchesOf(lane, count, lanes) * this.batchSize;
    const stop = Math.min(start + length, this.rowsCount);
    const rows = new Int32Array(stop - start);
    return rows.map((_, at) => rowAt(start + at));
  }

  /** Gives the row at each position once the blocks were shuffled. */
  #shuffleBlocks(epoch: number): (position: number) => number {
    const { blockSize, rowsCount } = this;
    const blocksCount = Math.ceil(rowsCount / blockSize);
    const random = Random.seeded(this.seed, epoch);
    const order = drawPermutation(blocksCount, random);
    const lastSize = rowsCount - (blocksCount - 1) * blockSize;
    const lastPlace = placeOf(order, blocksCount - 1) * blockSize;
    const missing = blockSize - lastSize;
    return (position) => {
      // The last block is shorter: all behind it come so much earlier.
      const place = position < lastPlace + lastSize
        ? position
        : position + missing;
      const block = order.at(Math.floor(place / blockSize));
      return this.rowAt(block * blockSize + place % blockSize);
    };
  }
}

/** How many of the batches of a buffer a lane gives. */
function batchesOf(lane: number, count: number, lanes: number): number {
  return Math.ceil((count - lane) / lanes);
}

function placeOf(
  order: { readonly length: number; at(position: number): number },
  number: number,
): number {
  let place = 0;
  while (place < order.length && order.at(place) !== number) place++;
  return place;
}
