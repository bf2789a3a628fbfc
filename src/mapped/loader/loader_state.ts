/** Where a loader is: what is written down to go on from there. */
import { countOf, thereAre } from "../../io/plural.ts";
import type { Sampler } from "../samplers/sampler.ts";

/** The version of states. */
const VERSION = 1;

/** Where a loader is, ready for `JSON.stringify`. */
export interface LoaderState {
  /** The version of this record. */
  readonly version: number;
  /** What decides the batches. */
  readonly sampler: string;
  /** The number of rows of the source. */
  readonly length: number;
  /** The epoch. */
  readonly epoch: number;
  /** How many of its batches were delivered. */
  readonly batch: number;
}

/**
 * Writes down where a loader is.
 *
 * @param sampler What decides the batches.
 * @param position The epoch, and how many of its batches were delivered.
 * @returns The record.
 */
export function writeState(
  sampler: Sampler,
  { batch, epoch }: Pick<LoaderState, "batch" | "epoch">,
): LoaderState {
  const { identity, sourceLength } = sampler;
  return {
    version: VERSION,
    sampler: identity,
    length: sourceLength,
    epoch,
    batch,
  };
}

/**
 * Checks that a record is one of a loader with the same batches.
 *
 * @param state What was read back.
 * @param sampler What decides the batches.
 * @returns The record.
 * @throws {TypeError} If it is no such record.
 * @throws {Error} If it is of other batches.
 */
export function readState(state: unknown, sampler: Sampler): LoaderState {
  const { batch, epoch, length, sampler: identity, version } =
    (state ?? {}) as Partial<LoaderState>;
  const isState = isWhole(batch) && isWhole(epoch) &&
    typeof identity === "string" && typeof version === "number";
  if (!isState) throw new TypeError("Cannot resume: this is no state");
  if (version !== VERSION) {
    throw new Error(
      `Cannot resume: the version of the state is ${version} and not ${VERSION}`,
    );
  }
  if (length !== sampler.sourceLength) {
    throw new Error(
      `Cannot resume: the state is of ${countOf(Number(length), "row")}, ` +
        `and ${thereAre(sampler.sourceLength, "row")}`,
    );
  }
  if (identity !== sampler.identity) {
    throw new Error(
      `Cannot resume: the state is of other batches: it was "${identity}", ` +
        `and is "${sampler.identity}"`,
    );
  }
  if (batch! > sampler.batchesCount) {
    throw new Error(
      `Cannot resume: the state is behind batch ${batch}, ` +
        `and an epoch has ${sampler.batchesCount}`,
    );
  }
  return state as LoaderState;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && value as number >= 0;
}
