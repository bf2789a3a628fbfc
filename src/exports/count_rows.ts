/** The counts of a container a few profiles at a time, in their order. */
import { type LeafSpan, spanWindows } from "../compute/leaf_spans.ts";
import { decodePairs, type ProfileEntries } from "../matrix/pairs.ts";
import type { Profiles } from "../profiles/profiles.ts";

/** The most counts that are held at once, unless one profile has more. */
const MOST_COUNTS = 1 << 22;
/** The most profiles that are held at once. */
const MOST_PROFILES = 1024;

/** Entries of consecutive profiles; void when the next are asked for. */
export interface CountRows {
  /** The first profile. */
  readonly firstProfile: number;
  /** The entries of each profile. */
  readonly rows: readonly ProfileEntries[];
}

/**
 * Reads all counts of a container, however it is made, profile by profile.
 * Memory is bounded by the number of genes alone.
 *
 * @param profiles The container.
 * @returns The entries, some profiles at a time.
 */
export async function* readCountRows(
  profiles: Profiles,
): AsyncGenerator<CountRows> {
  const { profilesCount } = profiles;
  const atOnce = Math.floor(MOST_COUNTS / Math.max(1, profiles.genes.count));
  const step = Math.min(Math.max(1, atOnce), MOST_PROFILES);
  for (let first = 0; first < profilesCount; first += step) {
    const length = Math.min(step, profilesCount - first);
    const indices = Int32Array.from({ length }, (_, at) => first + at);
    const spans = await profiles.leafSpans({ profiles: indices });
    const rows = new Array<ProfileEntries>(length);
    for (const span of spans) await readSpan(span, rows);
    yield { firstProfile: first, rows };
  }
}

/** Each profile of a span is put where it goes. */
async function readSpan(
  span: LeafSpan,
  rows: ProfileEntries[],
): Promise<void> {
  const { matrix, geneMap } = span;
  for await (const { window, profiles, targets } of spanWindows(span)) {
    const { pairs, starts, offset } = window;
    profiles.forEach((profile, at) => {
      const start = starts[profile]!;
      const place = { name: matrix.name, offset: offset + start };
      const own = pairs.subarray(start, starts[profile + 1]);
      const entries = decodePairs(own, matrix.genesCount, place);
      rows[targets[at]!] = geneMap ? mapGenes(entries, geneMap) : entries;
    });
  }
}

/** In place: genes keep their order, as views keep it. */
function mapGenes(
  { genes, counts }: ProfileEntries,
  geneMap: Int32Array,
): ProfileEntries {
  let kept = 0;
  for (let at = 0; at < genes.length; at++) {
    const gene = geneMap[genes[at]!]!;
    if (gene < 0) continue;
    genes[kept] = gene;
    counts[kept++] = counts[at]!;
  }
  return { genes: genes.subarray(0, kept), counts: counts.subarray(0, kept) };
}
