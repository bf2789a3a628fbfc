/**
 * The ids of Ensembl, behind the name of a genome as in `GRCh38_ENSG…`, or
 * before those of a probe as in `ENSG…|TSPAN6|8eab823`.
 */
const ENSEMBL = /^(?:[^|]*_)?ENS([A-Z]*)G\d{11}(?:\.\d+)?(?:_PAR_Y)?(?:\|.*)?$/;

const ORGANISMS: Readonly<Record<string, string>> = {
  "": "human",
  "MUS": "mouse",
};

/** What is not known to be of some organism; it matches any. */
export const UNKNOWN_ORGANISM = "unknown";

/**
 * Tells the organism of genes by their Ensembl ids. A few other ids, as of
 * spike-ins and transgenes, do not matter.
 *
 * @param ids The ids, or whatever the source has for them.
 * @returns `human` or `mouse`; `unknown` where there are ids of both or of
 * other species, or most are not of Ensembl.
 */
export function guessOrganism(ids: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const id of ids) {
    const species = ENSEMBL.exec(id)?.[1];
    if (species === undefined) continue;
    counts.set(species, (counts.get(species) ?? 0) + 1);
  }
  const [species = "none", count = 0] = [...counts][0] ?? [];
  if (counts.size !== 1 || 2 * count <= ids.length) return UNKNOWN_ORGANISM;
  return ORGANISMS[species] ?? UNKNOWN_ORGANISM;
}
