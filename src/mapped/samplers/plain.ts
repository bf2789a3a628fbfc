/** Samplers that need to know nothing of the rows. */
import { Random } from "./random.ts";
import { drawPermutation } from "./random_permutation.ts";
import { RowsSampler } from "./sampler.ts";

/**
 * Takes the rows in their order, in each epoch the same.
 *
 * @example Batches of five rows
 * ```ts
 * import { SequentialSampler } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const sampler = new SequentialSampler(5, { batchSize: 2 });
 * assertEquals(Array.from(sampler.batches(0), (rows) => [...rows]), [
 *   [0, 1],
 *   [2, 3],
 *   [4],
 * ]);
 * ```
 */
export class SequentialSampler extends RowsSampler {
  /** What kind of sampler it is. */
  protected override get kind(): { kind: string } {
    return { kind: "sequential" };
  }

  /** How many batches an epoch has, of all ranks. */
  protected override get allBatches(): number {
    return this.countBatches(this.rowsCount);
  }

  /**
   * Gives some of the batches of all ranks.
   *
   * @param _epoch The epoch.
   * @param first The first batch.
   * @param end The one after the last.
   */
  protected override *generate(
    _epoch: number,
    first: number,
    end: number,
  ): Generator<Int32Array, void> {
    for (let batch = first; batch < end; batch++) {
      const start = batch * this.batchSize;
      const stop = Math.min(start + this.batchSize, this.rowsCount);
      const rows = new Int32Array(stop - start);
      yield rows.map((_, at) => this.rowAt(start + at));
    }
  }
}

/**
 * Takes each row once an epoch, in an order that is random anew in each. Up to
 * 2^22 rows the order is a list; of more it takes no memory.
 *
 * @example The same order for the same seed and epoch
 * ```ts
 * import { RandomSampler } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const sampler = new RandomSampler(100, { batchSize: 10, seed: 1 });
 * const again = new RandomSampler(100, { batchSize: 10, seed: 1 });
 * assertEquals([...sampler.batches(3)], [...again.batches(3)]);
 * // From the fourth batch of the epoch on.
 * assertEquals([...sampler.batches(3, 4)], [...sampler.batches(3)].slice(4));
 * ```
 */
export class RandomSampler extends RowsSampler {
  /** What kind of sampler it is. */
  protected override get kind(): { kind: string } {
    return { kind: "random" };
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
    const order = drawPermutation(
      this.rowsCount,
      Random.seeded(this.seed, epoch),
    );
    for (let batch = first; batch < end; batch++) {
      const start = batch * this.batchSize;
      const stop = Math.min(start + this.batchSize, order.length);
      const rows = new Int32Array(stop - start);
      yield rows.map((_, at) => this.rowAt(order.at(start + at)));
    }
  }
}
