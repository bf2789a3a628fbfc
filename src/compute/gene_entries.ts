import { MAX_COUNT } from "../matrix/layout.ts";
import type { LeafSpan } from "./leaf_spans.ts";
import { type ComputeOptions, profileTotals } from "./totals.ts";

/** The profiles that have a count of a gene. */
export interface GeneEntries {
  /** The indices of the profiles, ascending. */
  readonly profiles: Uint32Array;
  /** The count in each of them. */
  readonly counts: Uint32Array;
}

/**
 * Collects the counts of one gene over profiles, in one pass: they are the
 * totals of the profiles where all other genes are dropped.
 *
 * @param spans The profiles.
 * @param geneIndex The gene, from 0, after the maps of the spans.
 * @param profilesCount The number of targets of the spans.
 * @param options What computes, who is told of the progress, what stops it.
 * @returns The targets with a count, ascending, and their counts.
 * @throws {SyntaxError} If pairs are not valid, or add up to more than 2^32-1.
 */
export async function geneEntries(
  spans: readonly LeafSpan[],
  geneIndex: number,
  profilesCount: number,
  options: ComputeOptions = {},
): Promise<GeneEntries> {
  const totals = await profileTotals(
    keepGene(spans, geneIndex),
    profilesCount,
    options,
  );
  checkCounts(spans, totals, geneIndex);
  const profiles = Uint32Array.from(totals.keys())
    .filter((profile) => totals[profile] !== 0);
  return { profiles, counts: profiles.map((profile) => totals[profile]!) };
}

/** Spans of many matrices have few maps, which are made once. */
function keepGene(spans: readonly LeafSpan[], geneIndex: number): LeafSpan[] {
  const maps = new Map<string, Int32Array>();
  return spans.map((span) => {
    const { geneMap, matrix: { genesCount } } = span;
    const gene = geneMap ? geneMap.indexOf(geneIndex) : geneIndex;
    const key = `${gene} of ${genesCount}`;
    const only = maps.get(key) ?? new Int32Array(genesCount).fill(-1);
    if (gene >= 0) only[gene] = 0;
    maps.set(key, only);
    return { ...span, geneMap: only };
  });
}

/** Pairs can add up to more than a count may be. */
function checkCounts(
  spans: readonly LeafSpan[],
  totals: Float64Array,
  geneIndex: number,
): void {
  const profile = totals.findIndex((total) => total > MAX_COUNT);
  if (profile < 0) return;
  const names = new Set(spans.map(({ matrix }) => matrix.name));
  throw new SyntaxError(
    `Cannot read ${[...names].join(", ")}: the count of gene ${geneIndex} of ` +
      `profile ${profile} is ${totals[profile]}, and counts go up to ` +
      `${MAX_COUNT}`,
  );
}
