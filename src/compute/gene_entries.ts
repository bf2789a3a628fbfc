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
 */
export async function geneEntries(
  spans: readonly LeafSpan[],
  geneIndex: number,
  profilesCount: number,
  options: ComputeOptions = {},
): Promise<GeneEntries> {
  const ofGene = spans.map((span) => keepGene(span, geneIndex));
  const totals = await profileTotals(ofGene, profilesCount, options);
  const profiles = Uint32Array.from(totals.keys())
    .filter((profile) => totals[profile] !== 0);
  return { profiles, counts: profiles.map((profile) => totals[profile]!) };
}

function keepGene(span: LeafSpan, geneIndex: number): LeafSpan {
  const { geneMap, matrix } = span;
  const gene = geneMap ? geneMap.indexOf(geneIndex) : geneIndex;
  const only = new Int32Array(matrix.genesCount).fill(-1);
  if (gene >= 0) only[gene] = 0;
  return { ...span, geneMap: only };
}
