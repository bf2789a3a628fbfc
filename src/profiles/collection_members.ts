/** What the members of a collection must be, and what its metadata say. */
import { checkNames } from "../arrays/names.ts";
import { areSameGenes } from "../genes/genes_subset.ts";
import { combineUuids } from "../io/digest.ts";
import { relativePath } from "../io/paths.ts";
import type { YamlDictionary } from "../metadata/yaml_metadata.ts";
import { whyNoMemberName } from "./combined_metadata.ts";
import type { Profiles } from "./profiles.ts";
import type { ProfilesMetadata } from "./profiles_metadata.ts";
import { whyNotTogether } from "./related.ts";

/**
 * Checks the names of the members of a collection.
 *
 * @param path The path of the collection, for messages.
 * @param names The names.
 * @throws {Error} If there are none, one is no name of a member, or two are
 * equal or differ only by case.
 */
export function checkMemberNames(
  path: string,
  names: readonly string[],
): void {
  if (names.length === 0) {
    throw new Error(`Cannot make a collection of ${path}: it has no members`);
  }
  for (const name of names) {
    const why = whyNoMemberName(name);
    if (why === undefined) continue;
    throw new Error(
      `Cannot use ${JSON.stringify(name)} as the name of a member of ` +
        `${path}: ${why}`,
    );
  }
  checkNames(names);
}

/**
 * Checks that containers can be members of one collection: of one genes set,
 * organism and kind, showing the same genes.
 *
 * @param path The path of the collection, for messages.
 * @param names The names of the members.
 * @param members The members.
 * @throws {Error} If they can't; the message names the first that differs.
 */
export function checkTogether(
  path: string,
  names: readonly string[],
  members: readonly Profiles[],
): void {
  const { metadata: first, genes } = members[0]!;
  const organism = commonOrganism(members.map(({ metadata }) => metadata));
  const { genesUuid, profilesKind: kind } = first;
  members.forEach(({ metadata, genes: own }, at) => {
    const why = whyNotTogether({ genesUuid, organism }, metadata) ??
      (metadata.profilesKind !== kind
        ? `has ${metadata.profilesKind}, and not ${kind}`
        : areSameGenes(genes, own)
        ? undefined
        : `shows other genes of the set than ${names[0]}`);
    if (why === undefined) return;
    throw new Error(
      `Cannot make a collection of ${path}: its member ${names[at]} ` +
        `(${metadata.path}) ${why}`,
    );
  });
}

/**
 * Makes what the metadata of a collection say.
 *
 * @param path The path of the collection.
 * @param names The names of the members.
 * @param members The members, which go together.
 * @returns The keys and values.
 */
export function describeMembers(
  path: string,
  names: readonly string[],
  members: readonly Profiles[],
): YamlDictionary {
  const metadata = members.map((member) => member.metadata);
  const { genes, metadata: first } = members[0]!;
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const entries = metadata.map((each) => each.entriesCount);
  const isCounted = entries.every((count) => count !== undefined);
  return {
    uuid: combineUuids(metadata.map(({ uuid }) => uuid)),
    organism: commonOrganism(metadata),
    genes: relativePath(path, genes.full.place),
    genes_uuid: first.genesUuid,
    genes_count: genes.count,
    profiles_kind: first.profilesKind,
    profiles_count: sum(metadata.map((each) => each.profilesCount)),
    ...isCounted ? { entries_count: sum(entries) } : {},
    combined_profiles: metadata.map((each, at) => ({
      name: names[at]!,
      uuid: each.uuid,
      profiles_count: each.profilesCount,
    })),
  };
}

/** The one that is known, where some members do not say. */
function commonOrganism(metadata: readonly ProfilesMetadata[]): string {
  return metadata.find(({ organism }) => organism !== "unknown")?.organism ??
    "unknown";
}
