/** Genes as the source of the counts spells them. */
import type { Profiles } from "../profiles/profiles.ts";
import { ProfilesBatch } from "../profiles/profiles_batch.ts";
import { ProfilesCollection } from "../profiles/profiles_collection.ts";
import { ProfilesGroups } from "../profiles/profiles_groups.ts";
import { ProfilesView } from "../profiles/profiles_view.ts";

/** For each gene what a source calls it, where one knows. */
type Spelling = (string | undefined)[];

/**
 * The names of the genes of a container, spelled as in its source: `Cd3d` and
 * not `CD3D`. Only the case is the source's: the names are unique, as those of
 * the genes are, and a gene that another name was given keeps that. Of several
 * batches the first one that knows a gene decides.
 *
 * @param profiles The container.
 * @returns A name a gene; in upper case it is that of the gene.
 */
export async function spelledGenes(profiles: Profiles): Promise<string[]> {
  const names = await profiles.genes.names();
  const spelling = await spellingOf(profiles);
  return names.map((name, gene) => spell(name, spelling?.[gene]));
}

/** A repeat that was told apart by a suffix keeps the suffix. */
function spell(name: string, source: string | undefined): string {
  if (source === undefined) return name;
  const upper = source.toUpperCase();
  if (upper === name) return source;
  if (!name.startsWith(`${upper}-`)) return name;
  const suffix = name.slice(upper.length);
  return /^-\d+$/.test(suffix) ? source + suffix : name;
}

async function spellingOf(profiles: Profiles): Promise<Spelling | undefined> {
  if (profiles instanceof ProfilesView) return await spellingOfView(profiles);
  if (profiles instanceof ProfilesCollection) {
    return await spellingOfMembers(profiles.containers);
  }
  if (profiles instanceof ProfilesGroups) {
    return await spellingOfGroups(profiles);
  }
  if (profiles instanceof ProfilesBatch) return await spellingOfBatch(profiles);
  return undefined;
}

async function spellingOfView(
  view: ProfilesView,
): Promise<Spelling | undefined> {
  const spelling = await spellingOf(view.baseProfiles);
  const indices = view.baseGeneIndices;
  return spelling && indices
    ? Array.from(indices, (gene) => spelling[gene])
    : spelling;
}

async function spellingOfMembers(
  members: readonly Profiles[],
): Promise<Spelling | undefined> {
  let spelling: Spelling | undefined;
  for (const member of members) {
    const own = await spellingOf(member);
    spelling = spelling?.map((name, gene) => name ?? own?.[gene]) ?? own;
  }
  return spelling;
}

/** Groups outlive what was grouped; then nobody knows. */
async function spellingOfGroups(
  groups: ProfilesGroups,
): Promise<Spelling | undefined> {
  try {
    return await spellingOf(await groups.groupedProfiles());
  } catch {
    return undefined;
  }
}

async function spellingOfBatch(
  batch: ProfilesBatch,
): Promise<Spelling | undefined> {
  const source = await batch.sourceGenes();
  if (source === undefined) return undefined;
  const spelling: Spelling = new Array(batch.genes.count).fill(undefined);
  source.geneIndices.forEach((gene, row) => {
    if (gene >= 0) spelling[gene] ??= source.names[row]!;
  });
  return spelling;
}
