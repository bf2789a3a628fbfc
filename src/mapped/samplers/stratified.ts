/** A sampler whose batches have all labels. */
import { Random } from "./random.ts";
import { drawPermutation, type Permutation } from "./random_permutation.ts";
import type { Label } from "../rows.ts";
import { RowsSampler, type SamplerOptions } from "./sampler.ts";
import { groupByLabel, type Strata } from "./strata.ts";

/** How {@linkcode StratifiedSampler} takes rows. */
export interface StratifiedOptions extends SamplerOptions {
  /**
   * Whether a batch has the labels in the proportions of all rows, by default,
   * or as many rows of each.
   */
  readonly balance?: "proportional" | "equal" | undefined;
}

/**
 * Gives each batch its share of every label, within less than two rows.
 *
 * In the proportions of the rows, each row comes once an epoch. In equal
 * proportions an epoch has as many rows as there are; those of a rare label
 * come again once all of them came, those of a frequent one do not all come.
 * Rows whose label is missing count as those of one more label.
 *
 * @example A third of each batch is of the rare label
 * ```ts
 * import { StratifiedSampler } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const labels = ["T", "T", "B", "T", "T", "B"];
 * const sampler = new StratifiedSampler(labels, { batchSize: 3 });
 * for (const rows of sampler.batches(0)) {
 *   const taken = Array.from(rows, (row) => labels[row]!);
 *   assertEquals(taken.sort(), ["B", "T", "T"]);
 * }
 * ```
 */
export class StratifiedSampler extends RowsSampler {
  /** The proportions of a batch. */
  readonly balance: "proportional" | "equal";
  readonly #strata: Strata;
  /** How many rows of each label an epoch has. */
  readonly #totals: readonly number[];

  /**
   * Samples the rows of a source.
   *
   * @param labels The label of each row of the source, null where it is
   * missing.
   * @param options The proportions, the seed, the rank.
   * @throws {TypeError} If there are no such proportions.
   * @throws {RangeError} If a number is not one that it can be.
   */
  constructor(labels: ArrayLike<Label>, options: StratifiedOptions) {
    super(labels.length, options);
    this.balance = checkBalance(options.balance ?? "proportional");
    const { rowsCount } = this;
    this.#strata = groupByLabel(rowsCount, (at) => labels[this.rowAt(at)]);
    const { rows } = this.#strata;
    const [each, more] = [
      Math.floor(rowsCount / rows.length),
      rowsCount % rows.length,
    ];
    this.#totals = this.balance === "proportional"
      ? rows.map((those) => those.length)
      : rows.map((_, at) => at < more ? each + 1 : each);
  }

  /** What kind of sampler it is. */
  protected override get kind(): { kind: string; details: string[] } {
    const details = [this.balance, `labels ${this.#strata.digest}`];
    return { kind: "stratified", details };
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
    const totals = this.#totals;
    const streams = this.#strata.rows.map((rows, label) =>
      new RowStream(
        rows,
        (cycle) => Random.seeded(this.seed, epoch, 1 + label, cycle),
      )
    );
    const taken = totals.map(() => 0);
    for (let batch = 0; batch < end; batch++) {
      const stop = Math.min((batch + 1) * this.batchSize, this.rowsCount);
      const quotas = nextQuotas(totals, taken, stop);
      if (batch >= first) {
        yield this.#take(epoch, batch, { quotas, taken, streams });
      }
      quotas.forEach((quota, label) => taken[label]! += quota);
    }
  }

  #take(
    epoch: number,
    batch: number,
    { quotas, taken, streams }: {
      readonly quotas: readonly number[];
      readonly taken: readonly number[];
      readonly streams: readonly RowStream[];
    },
  ): Int32Array {
    const size = quotas.reduce((left, right) => left + right, 0);
    const rows = new Int32Array(size);
    let to = 0;
    quotas.forEach((quota, label) => {
      for (let at = 0; at < quota; at++) {
        rows[to++] = this.rowAt(streams[label]!.at(taken[label]! + at));
      }
    });
    return Random.seeded(this.seed, epoch, 0, batch).shuffle(rows);
  }
}

/** The rows of a label in a random order, and then again in another. */
class RowStream {
  readonly #rows: Int32Array;
  readonly #randomOf: (cycle: number) => Random;
  #cycle = -1;
  #order: Permutation | undefined;

  constructor(rows: Int32Array, randomOf: (cycle: number) => Random) {
    this.#rows = rows;
    this.#randomOf = randomOf;
  }

  at(position: number): number {
    const { length } = this.#rows;
    const cycle = Math.floor(position / length);
    if (cycle !== this.#cycle) {
      this.#order = drawPermutation(length, this.#randomOf(cycle));
      this.#cycle = cycle;
    }
    return this.#rows[this.#order!.at(position % length)]!;
  }
}

function checkBalance(
  balance: "proportional" | "equal",
): "proportional" | "equal" {
  if (balance === "proportional" || balance === "equal") return balance;
  throw new TypeError(
    `Cannot sample rows: the balance is ${balance}, and not proportional or ` +
      "equal",
  );
}

/**
 * How many of each label come next, so that of the first `stop` rows each
 * label has its share, rounded up or down. Seats left over go to the labels
 * that fall behind first: that is what keeps each within its share of any
 * stretch (earliest deadline first).
 */
function nextQuotas(
  totals: readonly number[],
  taken: readonly number[],
  stop: number,
): number[] {
  const all = totals.reduce((left, right) => left + right, 0);
  const before = taken.reduce((left, right) => left + right, 0);
  const quotas = totals.map((total, label) =>
    Math.max(0, Math.floor(shareOf(total, stop, all)) - taken[label]!)
  );
  const given = quotas.reduce((left, right) => left + right, 0);
  const deadline = (label: number) =>
    (taken[label]! + quotas[label]! + 1) / totals[label]!;
  const order = totals.map((_, label) => label)
    .filter((label) =>
      taken[label]! + quotas[label]! < shareOf(totals[label]!, stop, all)
    )
    .sort((left, right) => deadline(left) - deadline(right) || left - right);
  for (const label of order.slice(0, stop - before - given)) quotas[label]!++;
  return quotas;
}

/** Exact at the end, where the product may be too large for a double. */
function shareOf(total: number, stop: number, all: number): number {
  return stop === all ? total : total * stop / all;
}
