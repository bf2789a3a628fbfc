import type { RawMatrix } from "../matrix/raw_matrix.ts";
import { decodePairs } from "../matrix/pairs.ts";
import type { AdvanceFunction } from "./totals.ts";

/**
 * Collects the counts of one gene over all profiles, in one pass.
 *
 * @param matrix The counts.
 * @param geneIndex The gene, from 0.
 * @param advance Told of the profiles that were read.
 * @returns The profiles with a count, ascending, and their counts.
 * @throws {RangeError} If there is no such gene.
 */
export async function geneEntries(
  matrix: RawMatrix,
  geneIndex: number,
  advance?: AdvanceFunction,
): Promise<{ profiles: Uint32Array; counts: Uint32Array }> {
  if (!(geneIndex >= 0 && geneIndex < matrix.genesCount)) {
    throw new RangeError(
      `Cannot find gene ${geneIndex} of ${matrix.name}: ` +
        `it has ${matrix.genesCount}`,
    );
  }
  const profiles: number[] = [];
  const counts: number[] = [];
  for await (const window of matrix.windows()) {
    for (let at = 0; at < window.profilesCount; at++) {
      const start = window.starts[at]!;
      const pairs = window.pairs.subarray(start, window.starts[at + 1]);
      const offset = window.offset + start;
      const place = { name: matrix.name, offset };
      const entries = decodePairs(pairs, matrix.genesCount, place);
      const found = entries.genes.indexOf(geneIndex);
      if (found < 0) continue;
      profiles.push(window.firstProfile + at);
      counts.push(entries.counts[found]!);
    }
    advance?.(window.profilesCount);
  }
  return {
    profiles: Uint32Array.from(profiles),
    counts: Uint32Array.from(counts),
  };
}
