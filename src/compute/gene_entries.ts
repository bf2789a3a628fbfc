import { decodePairs } from "../matrix/pairs.ts";
import { type LeafSpan, type SpanWindow, spanWindows } from "./leaf_spans.ts";
import type { ComputeOptions } from "./totals.ts";

/** The profiles that have a count of a gene. */
export interface GeneEntries {
  /** The indices of the profiles, ascending. */
  readonly profiles: Uint32Array;
  /** The count in each of them. */
  readonly counts: Uint32Array;
}

/**
 * Collects the counts of one gene over profiles, in one pass.
 *
 * @param spans The profiles.
 * @param geneIndex The gene, from 0, after the maps of the spans.
 * @param options Told of the progress.
 * @returns The targets with a count, ascending, and their counts.
 */
export async function geneEntries(
  spans: readonly LeafSpan[],
  geneIndex: number,
  options: ComputeOptions = {},
): Promise<GeneEntries> {
  const found: [profile: number, count: number][] = [];
  for (const span of spans) {
    const gene = span.geneMap ? span.geneMap.indexOf(geneIndex) : geneIndex;
    for await (const part of spanWindows(span)) {
      collect(part, span, gene, found);
      options.advance?.(part.profiles.length);
      options.signal?.throwIfAborted();
    }
  }
  found.sort(([left], [right]) => left - right);
  return {
    profiles: Uint32Array.from(found, ([profile]) => profile),
    counts: Uint32Array.from(found, ([, count]) => count),
  };
}

function collect(
  part: SpanWindow,
  { matrix }: LeafSpan,
  gene: number,
  found: [profile: number, count: number][],
): void {
  const { window } = part;
  for (let at = 0; at < part.profiles.length; at++) {
    const start = window.starts[part.profiles[at]!]!;
    const end = window.starts[part.profiles[at]! + 1];
    const place = { name: matrix.name, offset: window.offset + start };
    const pairs = window.pairs.subarray(start, end);
    const entries = decodePairs(pairs, matrix.genesCount, place);
    const entry = entries.genes.indexOf(gene);
    if (entry >= 0) found.push([part.targets[at]!, entries.counts[entry]!]);
  }
}
