/** A sampler of rows by weights. */
import { countOf } from "../../io/plural.ts";
import { Random } from "./random.ts";
import { checkWhole, RowsSampler, type SamplerOptions } from "./sampler.ts";
import { hashNumbers } from "./sampler_hash.ts";

/** How {@linkcode WeightedSampler} draws. */
export interface WeightedOptions extends SamplerOptions {
  /** Whether a row can be drawn again in an epoch; true by default. */
  readonly replacement?: boolean | undefined;
  /**
   * How many rows an epoch draws; by default as many as there are, without
   * replacement all whose weight is not 0.
   */
  readonly samplesCount?: number | undefined;
}

/**
 * Draws rows with chances in proportion to weights, as of `getLabelWeights`.
 *
 * With replacement, by the alias method (A. Walker, 1977; M. Vose, 1991), each
 * batch with random numbers of its own. Without, by exponential keys (P.
 * Efraimidis and P. Spirakis, 2006), which are sorted when an epoch starts: as
 * if row after row was drawn from those that are left.
 *
 * @example A rare row as often as a frequent one
 * ```ts
 * import { WeightedSampler } from "@metacell/storage";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const sampler = new WeightedSampler([1 / 3, 1 / 3, 1 / 3, 1], {
 *   batchSize: 100,
 *   samplesCount: 10_000,
 * });
 * const rows = [...sampler.batches(0)].flatMap((batch) => [...batch]);
 * const share = rows.filter((row) => row === 3).length / rows.length;
 * assertAlmostEquals(share, 0.5, 0.03);
 * ```
 */
export class WeightedSampler extends RowsSampler {
  /** Whether a row can be drawn again in an epoch. */
  readonly replacement: boolean;
  /** How many rows an epoch draws. */
  readonly samplesCount: number;
  readonly #weights: Float64Array;
  #table: AliasTable | undefined;

  /**
   * Samples the rows of a source.
   *
   * @param weights The weight of each row of the source, 0 for none.
   * @param options With or without replacement, how many, the seed, the rank.
   * @throws {RangeError} If a weight is not a finite number of 0 or more, all
   * are 0, or more rows are to be drawn than there are.
   */
  constructor(weights: ArrayLike<number>, options: WeightedOptions) {
    super(weights.length, options);
    const rowsCount = this.rowsCount;
    this.#weights = new Float64Array(rowsCount);
    for (let at = 0; at < rowsCount; at++) {
      this.#weights[at] = checkWeight(weights[this.rowAt(at)]!, this.rowAt(at));
    }
    const positive = this.#weights.reduce(
      (count, weight) => weight > 0 ? count + 1 : count,
      0,
    );
    if (positive === 0 && rowsCount > 0) {
      throw new RangeError("Cannot sample rows: all weights are 0");
    }
    this.replacement = options.replacement ?? true;
    const { samplesCount = this.replacement ? rowsCount : positive } = options;
    const most = this.replacement && positive > 0 ? undefined : positive;
    checkWhole(samplesCount, "the number of samples", 0, most);
    this.samplesCount = samplesCount;
  }

  /** What kind of sampler it is. */
  protected override get kind(): { kind: string; details: string[] } {
    const details = [
      `replacement ${this.replacement}`,
      `${countOf(this.samplesCount, "sample")}`,
      `weights ${hashNumbers(this.#weights)}`,
    ];
    return { kind: "weighted", details };
  }

  /** How many batches an epoch has, of all ranks. */
  protected override get allBatches(): number {
    return this.countBatches(this.samplesCount);
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
    const draw = this.replacement
      ? this.#drawAny(epoch)
      : this.#drawOnce(epoch);
    for (let batch = first; batch < end; batch++) {
      const start = batch * this.batchSize;
      const stop = Math.min(start + this.batchSize, this.samplesCount);
      const rows = draw(batch, start, stop);
      yield rows.map((at) => this.rowAt(at));
    }
  }

  #drawAny(epoch: number): DrawFunction {
    const table = this.#table ??= makeTable(this.#weights);
    return (batch, start, stop) => {
      const random = Random.seeded(this.seed, epoch, batch);
      return new Int32Array(stop - start).map(() => drawFrom(table, random));
    };
  }

  #drawOnce(epoch: number): DrawFunction {
    const random = Random.seeded(this.seed, epoch);
    // Logarithms of the keys, since those of the least weights overflow, and
    // would be like those of 0.
    const keys = this.#weights.map((weight) => {
      const key = Math.log(-Math.log1p(-random.fraction()));
      return weight > 0 ? key - Math.log(weight) : Infinity;
    });
    const order = new Int32Array(keys.length).map((_, at) => at)
      .sort((left, right) => keys[left]! - keys[right]! || left - right);
    return (_, start, stop) => order.slice(start, stop);
  }
}

type DrawFunction = (batch: number, start: number, stop: number) => Int32Array;

/** For each row the chance that it stays, and what is drawn else. */
interface AliasTable {
  readonly chances: Float64Array;
  readonly aliases: Int32Array;
}

function makeTable(weights: Float64Array): AliasTable {
  const { length } = weights;
  // Divided by the largest first: neither the sum nor the products overflow.
  const most = weights.reduce((left, right) => Math.max(left, right), 0);
  const shares = weights.map((weight) => weight / most);
  const sum = shares.reduce((left, right) => left + right, 0);
  const chances = shares.map((share) => share * length / sum);
  const aliases = new Int32Array(length).map((_, at) => at);
  const small: number[] = [];
  const large: number[] = [];
  chances.forEach((chance, at) => (chance < 1 ? small : large).push(at));
  while (small.length > 0 && large.length > 0) {
    const low = small.pop()!;
    const high = large.at(-1)!;
    aliases[low] = high;
    chances[high]! -= 1 - chances[low]!;
    if (chances[high]! < 1) small.push(large.pop()!);
  }
  finishTable({ chances, aliases }, small.concat(large), shares);
  return { chances, aliases };
}

/** What is left is 1 but for rounding: it stays, unless its weight is 0. */
function finishTable(
  { chances, aliases }: AliasTable,
  left: readonly number[],
  shares: Float64Array,
): void {
  const largest = shares.indexOf(1);
  for (const at of left) {
    chances[at] = shares[at]! > 0 ? 1 : 0;
    aliases[at] = largest;
  }
}

function drawFrom({ chances, aliases }: AliasTable, random: Random): number {
  const at = random.below(chances.length);
  return random.fraction() < chances[at]! ? at : aliases[at]!;
}

function checkWeight(weight: number, row: number): number {
  if (Number.isFinite(weight) && weight >= 0) return weight;
  throw new RangeError(
    `Cannot sample rows: the weight of row ${row} is ${weight}`,
  );
}
