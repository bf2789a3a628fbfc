import { isProfilesFolder, type Profiles } from "./profiles.ts";
import { checkGroups, type ProfilesGroups } from "./profiles_groups.ts";
import { groupTiles } from "./sum_groups.ts";
import type { Findings } from "./verify.ts";

/**
 * Checks groups against the container whose profiles they sum. Where that is
 * not there, they stand for themselves.
 *
 * @param findings Where problems go.
 * @param groups The groups.
 * @param deep Whether all profiles are summed again.
 */
export async function checkGroupSums(
  findings: Findings,
  groups: ProfilesGroups,
  deep: boolean,
): Promise<void> {
  const { metadata } = groups;
  const { path } = metadata;
  const isThere = isProfilesFolder(metadata.groupedPath);
  await findings.check(path, async () => {
    const { length: profilesCount } = await groups.groupIndices();
    const grouped = isThere ? await groups.groupedProfiles() : undefined;
    checkGroups(path, grouped ?? { profilesCount }, groups.profilesCount);
    if (grouped && deep) await compareSums(findings, groups, grouped);
  });
}

async function compareSums(
  findings: Findings,
  groups: ProfilesGroups,
  grouped: Profiles,
): Promise<void> {
  const indices = await groups.groupIndices();
  const matrix = await groups.rawMatrix();
  const genesCount = groups.genes.count;
  const { profilesCount } = groups;
  const tiles = groupTiles(grouped, indices, profilesCount);
  for await (const { first, count, sums } of tiles) {
    for (let row = 0; row < count; row++) {
      const found = new Float64Array(genesCount);
      await matrix.addProfileData(first + row, found);
      const start = row * genesCount;
      const gene = found.findIndex((sum, at) => sum !== sums[start + at]);
      if (gene < 0) continue;
      findings.add(
        matrix.name,
        `the sum of gene ${gene} in group ${first + row} is ${found[gene]}, ` +
          `and its profiles have ${sums[start + gene]}`,
      );
    }
  }
}
