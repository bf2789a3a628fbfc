/** What samplers are, and what all of them have in common. */
import { countOf } from "../../io/plural.ts";
import { hashNumbers } from "./sampler_hash.ts";

/**
 * Says which rows make which batch of an epoch. The batches of an epoch depend
 * on nothing but the sampler and the number of the epoch, so that a loader can
 * start anywhere.
 */
export interface Sampler {
  /** A text that differs where the batches may: what a state is checked by. */
  readonly identity: string;
  /** The number of rows of the source that it is for. */
  readonly sourceLength: number;
  /** How many batches an epoch has, of this rank. */
  readonly batchesCount: number;
  /**
   * Where batches use the same parts of a store: every so many batches. Such
   * batches are views of one list of rows, which is read at once; the buffer of
   * the list has nothing else in it.
   */
  readonly lanes?: number | undefined;
  /**
   * Gives the batches of an epoch.
   *
   * @param epoch Which, from 0.
   * @param first How many of its batches are left out.
   * @returns The rows of each batch.
   */
  batches(epoch: number, first?: number): Iterable<Int32Array>;
}

/** What all samplers are told. */
export interface SamplerOptions {
  /** How many rows a batch has; the last one may have less. */
  readonly batchSize: number;
  /** What the random numbers start from, 0 by default. */
  readonly seed?: number | undefined;
  /** The rows to take, as of a part of a split; by default all. */
  readonly rows?: ArrayLike<number> | undefined;
  /** Which of the processes that share an epoch this is, from 0. */
  readonly rank?: number | undefined;
  /** How many processes share an epoch, 1 by default. */
  readonly worldSize?: number | undefined;
  /** Whether batches of less than `batchSize` rows are left out. */
  readonly dropLast?: boolean | undefined;
  /**
   * Whether batches are left out so that all ranks have as many; else some
   * may have one more.
   */
  readonly evenRanks?: boolean | undefined;
}

/** What a kind of samplers tells of itself. */
export interface SamplerKind {
  /** What it is called. */
  readonly kind: string;
  /** What else decides the batches. */
  readonly details?: readonly (string | number | boolean)[];
}

/**
 * The ranks share an epoch by whole batches: each takes a stretch of them, so
 * that no row is taken twice and none is lost.
 */
export abstract class RowsSampler implements Sampler {
  /** The number of rows of the source that it is for. */
  readonly sourceLength: number;
  /** How many rows a batch has; the last one may have less. */
  readonly batchSize: number;
  /** What the random numbers start from. */
  readonly seed: number;
  /** Which of the processes that share an epoch this is. */
  readonly rank: number;
  /** How many processes share an epoch. */
  readonly worldSize: number;
  readonly #rows: Int32Array | undefined;
  readonly #dropLast: boolean;
  readonly #evenRanks: boolean;

  /**
   * Takes what all samplers are told.
   *
   * @param sourceLength The number of rows of the source.
   * @param options The options.
   * @throws {RangeError} If a number is not one that it can be.
   */
  constructor(sourceLength: number, options: SamplerOptions) {
    const { batchSize, seed = 0, rank = 0, worldSize = 1 } = options;
    checkWhole(sourceLength, "the number of rows", 0, 2 ** 31 - 1);
    checkWhole(batchSize, "the size of batches", 1);
    checkWhole(seed, "the seed", 0);
    checkWhole(worldSize, "the number of ranks", 1);
    checkWhole(rank, "the rank", 0, worldSize - 1);
    this.sourceLength = sourceLength;
    this.batchSize = batchSize;
    this.seed = seed;
    this.rank = rank;
    this.worldSize = worldSize;
    this.#rows = checkRows(options.rows, sourceLength);
    this.#dropLast = options.dropLast ?? false;
    this.#evenRanks = options.evenRanks ?? false;
  }

  /** A text that differs where the batches may. */
  get identity(): string {
    const { kind, details = [] } = this.kind;
    const rows = this.#rows ? hashNumbers(this.#rows) : "all";
    return [
      kind,
      countOf(this.sourceLength, "row"),
      `rows ${rows}`,
      `batch size ${this.batchSize}`,
      `seed ${this.seed}`,
      `rank ${this.rank} of ${this.worldSize}`,
      `drop last ${this.#dropLast}`,
      `even ranks ${this.#evenRanks}`,
      ...details,
    ].join(", ");
  }

  /** How many batches an epoch has, of this rank. */
  get batchesCount(): number {
    const [first, end] = this.share;
    return end - first;
  }

  /**
   * Gives the batches of an epoch.
   *
   * @param epoch Which, from 0.
   * @param first How many of its batches are left out.
   * @returns The rows of each batch.
   * @throws {RangeError} If there is no such batch.
   */
  *batches(epoch: number, first = 0): Generator<Int32Array, void> {
    checkWhole(epoch, "the epoch", 0);
    checkWhole(first, "the batch", 0, this.batchesCount);
    const [start, end] = this.share;
    if (start + first < end) yield* this.generate(epoch, start + first, end);
  }

  /** What kind of sampler it is. */
  protected abstract readonly kind: SamplerKind;

  /** How many batches an epoch has, of all ranks. */
  protected abstract readonly allBatches: number;

  /**
   * Gives some of the batches of all ranks.
   *
   * @param epoch The epoch.
   * @param first The first batch.
   * @param end The one after the last.
   */
  protected abstract generate(
    epoch: number,
    first: number,
    end: number,
  ): Iterable<Int32Array>;

  /** The batches of this rank: the first, and the one after the last. */
  protected get share(): readonly [first: number, end: number] {
    const { allBatches, rank, worldSize } = this;
    if (this.#evenRanks) {
      const each = Math.floor(allBatches / worldSize);
      return [each * rank, each * (rank + 1)];
    }
    const startOf = (at: number) => Math.floor(allBatches * at / worldSize);
    return [startOf(rank), startOf(rank + 1)];
  }

  /** How many rows may be taken. */
  protected get rowsCount(): number {
    return this.#rows?.length ?? this.sourceLength;
  }

  /**
   * Tells a row of the source.
   *
   * @param at Its position among those that may be taken.
   * @returns The row.
   */
  protected rowAt(at: number): number {
    return this.#rows ? this.#rows[at]! : at;
  }

  /**
   * Counts the batches of rows.
   *
   * @param rowsCount How many rows.
   * @returns How many batches, with the last one if it is to be there.
   */
  protected countBatches(rowsCount: number): number {
    const batches = rowsCount / this.batchSize;
    return this.#dropLast ? Math.floor(batches) : Math.ceil(batches);
  }
}

/**
 * Checks a whole number.
 *
 * @param value The number.
 * @param what What it is.
 * @param least What it must be at least.
 * @param most What it may be at most.
 * @throws {RangeError} If it is not.
 */
export function checkWhole(
  value: number,
  what: string,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  const range = most === Number.MAX_SAFE_INTEGER
    ? `${least} or more`
    : `from ${least} to ${most}`;
  throw new RangeError(
    `Cannot sample rows: ${what} is ${value} and not a whole number ${range}`,
  );
}

function checkRows(
  rows: ArrayLike<number> | undefined,
  sourceLength: number,
): Int32Array | undefined {
  if (rows === undefined) return undefined;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    if (Number.isInteger(row) && row >= 0 && row < sourceLength) continue;
    throw new RangeError(
      `Cannot sample the row ${row}: there are ${sourceLength}`,
    );
  }
  return Int32Array.from(rows);
}
