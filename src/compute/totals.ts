/** Totals of a matrix, for all of its profiles or for some. */
import type { RawMatrix } from "../matrix/raw_matrix.ts";
import { addProfileTotals, GeneSums } from "./cpu/kernels.ts";

/** Called with how many profiles were summed since the last call. */
export type AdvanceFunction = (profilesCount: number) => void;

/**
 * Sums the counts of profiles.
 *
 * @param matrix The counts.
 * @param profiles The indices of the profiles, in any order and number; all
 * when left out.
 * @param advance Told of the progress.
 * @returns A total for each profile that was asked for, exact.
 */
export async function profileTotals(
  matrix: RawMatrix,
  profiles?: ArrayLike<number>,
  advance?: AdvanceFunction,
): Promise<Float64Array> {
  const totals = new Float64Array(profiles?.length ?? matrix.profilesCount);
  for (const [start, end, at] of runsOf(profiles, matrix.profilesCount)) {
    for await (const window of matrix.windows(start, end)) {
      const first = at + window.firstProfile - start;
      addProfileTotals(window, matrix, totals.subarray(first));
      advance?.(window.profilesCount);
    }
  }
  return totals;
}

/**
 * Sums the counts of each gene over profiles.
 *
 * @param matrix The counts.
 * @param profiles The indices of the profiles; a profile that is there twice
 * counts twice. All when left out.
 * @param advance Told of the progress.
 * @returns A total for each gene, exact.
 */
export async function geneTotals(
  matrix: RawMatrix,
  profiles?: ArrayLike<number>,
  advance?: AdvanceFunction,
): Promise<Float64Array> {
  const sums = new GeneSums(matrix.genesCount);
  for (const [start, end] of runsOf(profiles, matrix.profilesCount)) {
    for await (const window of matrix.windows(start, end)) {
      sums.add(window, matrix);
      advance?.(window.profilesCount);
    }
  }
  return sums.totals();
}

/**
 * The runs of consecutive indices, so that neighbours are read at once: first
 * profile, the one after the last, and where the run is among the indices.
 */
function* runsOf(
  profiles: ArrayLike<number> | undefined,
  profilesCount: number,
): Generator<[start: number, end: number, at: number], void> {
  if (!profiles) return yield [0, profilesCount, 0];
  for (let at = 0; at < profiles.length;) {
    const start = profiles[at]!;
    let length = 1;
    while (profiles[at + length] === start + length) length++;
    yield [start, start + length, at];
    at += length;
  }
}
