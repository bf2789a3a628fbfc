/** A sampler whose batches each have one label. */
import { Random } from "./random.ts";
import { drawPermutation } from "./random_permutation.ts";
import type { Label } from "../rows.ts";
import { RowsSampler, type SamplerOptions } from "./sampler.ts";
import { groupByLabel, type Strata } from "./strata.ts";

/**
 * Takes each row once an epoch, and makes each batch of rows of one group, as
 * of one donor. The rows of a group come in a random order, and so do the
 * batches. The last batch of each group may have fewer rows; `dropLast` leaves
 * those out. Rows whose label is missing are a group.
 *
 * @example Batches of one donor each
 * ```ts
 * import { GroupSampler } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const donors = ["x", "y", "x", "y", "y", "x"];
 * const sampler = new GroupSampler(donors, { batchSize: 2 });
 * for (const rows of sampler.batches(0)) {
 *   assertEquals(new Set(Array.from(rows, (row) => donors[row])).size, 1);
 * }
 * assertEquals(sampler.batchesCount, 4);
 * ```
 */
export class GroupSampler extends RowsSampler {
  readonly #strata: Strata;
  /** For each batch its group. */
  readonly #groupOf: Int32Array;
  /** For each group its first batch. */
  readonly #firstOf: Int32Array;

  /**
   * Samples the rows of a source.
   *
   * @param labels The group of each row of the source, null where it is
   * missing.
   * @param options The seed, the rank.
   * @throws {RangeError} If a number is not one that it can be.
   */
  constructor(labels: ArrayLike<Label>, options: SamplerOptions) {
    super(labels.length, options);
    const strata = groupByLabel(
      this.rowsCount,
      (at) => labels[this.rowAt(at)],
    );
    const counts = strata.rows.map(({ length }) => this.countBatches(length));
    this.#strata = strata;
    this.#firstOf = new Int32Array(counts.length + 1);
    counts.forEach((count, group) =>
      this.#firstOf[group + 1] = this.#firstOf[group]! + count
    );
    this.#groupOf = new Int32Array(this.#firstOf.at(-1)!);
    counts.forEach((_, group) =>
      this.#groupOf.fill(
        group,
        this.#firstOf[group]!,
        this.#firstOf[group + 1]!,
      )
    );
  }

  /** What kind of sampler it is. */
  protected override get kind(): { kind: string; details: string[] } {
    return { kind: "groups", details: [`labels ${this.#strata.digest}`] };
  }

  /** How many batches an epoch has, of all ranks. */
  protected override get allBatches(): number {
    return this.#groupOf.length;
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
      this.allBatches,
      Random.seeded(this.seed, epoch),
    );
    const shuffled = new Map<number, Int32Array>();
    for (let at = first; at < end; at++) {
      const batch = order.at(at);
      const group = this.#groupOf[batch]!;
      const rows = shuffled.get(group) ?? this.#shuffle(epoch, group);
      shuffled.set(group, rows);
      const start = (batch - this.#firstOf[group]!) * this.batchSize;
      yield rows.slice(start, start + this.batchSize)
        .map((row) => this.rowAt(row));
    }
  }

  #shuffle(epoch: number, group: number): Int32Array {
    const random = Random.seeded(this.seed, epoch, 1 + group);
    return random.shuffle(this.#strata.rows[group]!.slice());
  }
}
