/** Parts of a collection, to train on and to test with. */
import { countOf } from "../../io/plural.ts";
import { Random } from "./random.ts";
import type { Label } from "../rows.ts";
import { groupByLabel } from "./strata.ts";

/** The shares of the parts of a split, by their names. */
export type SplitFractions = Readonly<Record<string, number>>;

/** How rows are split. */
export interface SplitOptions {
  /** What the random numbers start from, 0 by default. */
  readonly seed?: number | undefined;
  /** The rows to split; by default all. */
  readonly rows?: ArrayLike<number> | undefined;
  /** The label of each row of the source, which each part gets its share of. */
  readonly stratify?: ArrayLike<Label> | undefined;
}

/** The rows of each part, ascending. */
export type Split<F extends SplitFractions> = {
  readonly [Part in keyof F]: Int32Array;
};

/**
 * Splits rows at random. Each part gets its share, rounded so that all parts
 * together have all rows; with `stratify` also of each label, within less than
 * two rows.
 *
 * @param rowsCount How many rows the source has.
 * @param fractions The share of each part; they add up to 1.
 * @param options The seed, the rows, labels to stratify by.
 * @returns The rows of each part.
 * @throws {RangeError} If the shares do not add up to 1, or a row is not there,
 * or twice.
 *
 * @example Train and test
 * ```ts
 * import { RandomSampler, splitRows } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const { train, test } = splitRows(100, { train: 0.8, test: 0.2 });
 * assertEquals([train.length, test.length], [80, 20]);
 * const sampler = new RandomSampler(100, { batchSize: 16, rows: train });
 * assertEquals(sampler.batchesCount, 5);
 * ```
 */
export function splitRows<F extends SplitFractions>(
  rowsCount: number,
  fractions: F,
  options: SplitOptions = {},
): Split<F> {
  const { seed = 0, stratify } = options;
  const shares = checkFractions(fractions);
  const rows = takeRows(rowsCount, options.rows);
  checkLabels(stratify, rowsCount);
  const strata = stratify
    ? groupByLabel(rows.length, (at) => stratify[rows[at]!]).rows
    : [rows.map((_, at) => at)];
  const parts: number[][] = shares.map(() => []);
  const taken = shares.map(() => 0);
  let done = 0;
  strata.forEach((positions, at) => {
    const shuffled = Random.seeded(seed, at).shuffle(positions.slice());
    done += shuffled.length;
    let start = 0;
    // The sizes of all strata so far are rounded, not those of each: else many
    // small ones would all round the same way.
    for (const [part, size] of sizesOf(shares, taken, done).entries()) {
      for (let place = start; place < start + size; place++) {
        parts[part]!.push(rows[shuffled[place]!]!);
      }
      taken[part]! += size;
      start += size;
    }
  });
  return nameParts(fractions, parts);
}

/**
 * Splits rows by their labels: all rows of a label are in one part, as to test
 * on donors that were not trained on. Labels, the most frequent first, go to
 * the part that lacks most of its share; those as frequent in random order.
 *
 * @param labels The label of each row of the source; missing ones count as one
 * label.
 * @param fractions The share of rows of each part; they add up to 1.
 * @param options The seed, the rows.
 * @returns The rows of each part, whose shares are met as far as labels let.
 * @throws {RangeError} If the shares do not add up to 1, or a row is not there,
 * or twice.
 *
 * @example No donor is in two parts
 * ```ts
 * import { splitRowsByLabel } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const donors = ["x", "y", "x", "z", "x", "y"];
 * const { train, test } = splitRowsByLabel(donors, { train: 0.5, test: 0.5 });
 * const trained = new Set(Array.from(train, (row) => donors[row]));
 * assertEquals(test.every((row) => !trained.has(donors[row])), true);
 * ```
 */
export function splitRowsByLabel<F extends SplitFractions>(
  labels: ArrayLike<Label>,
  fractions: F,
  options: Omit<SplitOptions, "stratify"> = {},
): Split<F> {
  const shares = checkFractions(fractions);
  const rows = takeRows(labels.length, options.rows);
  const strata = groupByLabel(rows.length, (at) => labels[rows[at]!]);
  const shuffled = Random.seeded(options.seed ?? 0)
    .shuffle(strata.rows.map((_, at) => at))
    .map((at) => strata.rows[at]!)
    .sort((left, right) => right.length - left.length);
  const parts: number[][] = shares.map(() => []);
  for (const positions of shuffled) {
    const missing = shares.map((share, part) =>
      share * rows.length - parts[part]!.length
    );
    const part = missing.indexOf(Math.max(...missing));
    for (const position of positions) parts[part]!.push(rows[position]!);
  }
  return nameParts(fractions, parts);
}

/** How many of a stratum go to each part. */
function sizesOf(
  shares: readonly number[],
  taken: readonly number[],
  done: number,
): number[] {
  const before = taken.reduce((left, right) => left + right, 0);
  const wanted = shares.map((share, part) => share * done - taken[part]!);
  // A hair more than the share is no row more.
  const sizes = wanted.map((size) => Math.max(0, Math.floor(size + 1e-9)));
  const order = wanted.map((_, part) => part).sort((left, right) =>
    (wanted[right]! - sizes[right]!) - (wanted[left]! - sizes[left]!) ||
    left - right
  );
  let left = done - before - sizes.reduce((sum, size) => sum + size, 0);
  for (let at = 0; left > 0; at++, left--) sizes[order[at % order.length]!]!++;
  for (let at = order.length - 1; left < 0; at--) {
    const part = order[(at + order.length) % order.length]!;
    const cut = Math.min(sizes[part]!, -left);
    sizes[part]! -= cut;
    left += cut;
  }
  return sizes;
}

function nameParts<F extends SplitFractions>(
  fractions: F,
  parts: readonly number[][],
): Split<F> {
  const entries = Object.keys(fractions).map((name, part) =>
    [name, Int32Array.from(parts[part]!).sort()] as const
  );
  return Object.fromEntries(entries) as Split<F>;
}

function checkFractions(fractions: SplitFractions): number[] {
  const shares = Object.values(fractions);
  const sum = shares.reduce((left, right) => left + right, 0);
  const isGood = shares.every((share) => share >= 0);
  if (isGood && Math.abs(sum - 1) < 1e-9) return shares;
  throw new RangeError(
    `Cannot split rows in shares of ${shares.join(", ")}: ` +
      "they are not 0 or more each and 1 together",
  );
}

function takeRows(
  rowsCount: number,
  rows: ArrayLike<number> | undefined,
): Int32Array {
  if (rows === undefined) return new Int32Array(rowsCount).map((_, at) => at);
  // A row that came twice could be in two parts.
  const isTaken = new Uint8Array(rowsCount);
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    const isThere = Number.isInteger(row) && row >= 0 && row < rowsCount;
    if (isThere && isTaken[row] === 0) {
      isTaken[row] = 1;
      continue;
    }
    const why = isThere ? "it is there twice" : `there are ${rowsCount}`;
    throw new RangeError(`Cannot split the row ${row}: ${why}`);
  }
  return Int32Array.from(rows);
}

function checkLabels(
  labels: ArrayLike<Label> | undefined,
  rowsCount: number,
): void {
  if (labels === undefined || labels.length === rowsCount) return;
  throw new RangeError(
    `Cannot split ${countOf(rowsCount, "row")} by ` +
      countOf(labels.length, "label"),
  );
}
