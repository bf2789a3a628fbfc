import type { RowPairs } from "../compute/row_pairs.ts";
import { decodePairs } from "../matrix/pairs.ts";
import type { RawMatrix } from "../matrix/raw_matrix.ts";
import { isProfilesFolder } from "./profiles.ts";
import { checkGroups, type ProfilesGroups } from "./profiles_groups.ts";
import { sumPairs } from "./sum_groups.ts";
import type { Findings, VerifyOptions } from "./verify.ts";

/**
 * Checks groups against the container whose profiles they sum. Where that is
 * not there, they stand for themselves.
 *
 * @param findings Where problems go.
 * @param groups The groups.
 * @param options Whether all profiles are summed again, and what computes.
 */
export async function checkGroupSums(
  findings: Findings,
  groups: ProfilesGroups,
  { deep, compute }: VerifyOptions,
): Promise<void> {
  const { metadata } = groups;
  const { path } = metadata;
  const isThere = isProfilesFolder(metadata.groupedPath);
  await findings.check(path, async () => {
    const indices = await groups.groupIndices();
    const { length: profilesCount } = indices;
    const grouped = isThere ? await groups.groupedProfiles() : undefined;
    checkGroups(path, grouped ?? { profilesCount }, groups.profilesCount);
    if (!grouped || !deep) return;
    const matrix = await groups.rawMatrix();
    const use = (sums: RowPairs) => compareSums(findings, matrix, sums);
    await sumPairs(grouped, indices, groups.profilesCount, use, compute);
  });
}

async function compareSums(
  findings: Findings,
  matrix: RawMatrix,
  { first, ends, pairs }: RowPairs,
): Promise<void> {
  const { name, genesCount } = matrix;
  let start = 0;
  for (const [at, end] of ends.entries()) {
    const row = first + at;
    const found = new Float64Array(genesCount);
    await matrix.addProfileData(row, found);
    const place = { name: `the sums of group ${row}`, offset: start };
    const sums = new Float64Array(genesCount);
    addEntries(sums, pairs.subarray(start, end), place);
    start = end;
    const gene = found.findIndex((sum, at) => sum !== sums[at]);
    if (gene < 0) continue;
    findings.add(
      name,
      `the sum of gene ${gene} in group ${row} is ${found[gene]}, ` +
        `and its profiles have ${sums[gene]}`,
    );
  }
}

function addEntries(
  sums: Float64Array,
  pairs: Uint8Array,
  place: { readonly name: string; readonly offset: number },
): void {
  const { genes, counts } = decodePairs(pairs, sums.length, place);
  for (let at = 0; at < genes.length; at++) sums[genes[at]!] = counts[at]!;
}
