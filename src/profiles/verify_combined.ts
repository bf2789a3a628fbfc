import { type ComputeOptions, countEntriesOf } from "../compute/totals.ts";
import { combineUuids } from "../io/digest.ts";
import { joinPath } from "../io/paths.ts";
import { ComputedCache } from "./computed_cache.ts";
import type { Profiles } from "./profiles.ts";
import type { ProfilesCollection } from "./profiles_collection.ts";
import type { ProfilesView } from "./profiles_view.ts";
import type { Findings } from "./verify.ts";
import { viewUuid } from "./view_files.ts";

/**
 * Checks the indices of a view, and that they are those that it was made with.
 *
 * @param findings Where problems go.
 * @param view The view.
 */
export async function checkView(
  findings: Findings,
  view: ProfilesView,
): Promise<void> {
  const { path, uuid } = view.metadata;
  await findings.check(path, () => {
    view.baseProfileIndices; // reading it checks it
  });
  await findings.check(path, () => {
    view.baseGeneIndices;
  });
  const found = viewUuid(view.baseProfiles.metadata.uuid, path);
  if (found === uuid) return;
  findings.add(
    view.metadata.yamlPath,
    `uuid is ${uuid}, and base and indices have ${found}: ` +
      "the indices are not those that were written",
  );
}

/**
 * Checks that a collection is of the members that it was made of.
 *
 * @param findings Where problems go.
 * @param collection The collection.
 */
export function checkCollection(
  findings: Findings,
  collection: ProfilesCollection,
): void {
  const { metadata, containers } = collection;
  const uuids = containers.map((member) => member.metadata.uuid);
  const found = combineUuids(uuids);
  if (found === metadata.uuid) return;
  findings.add(
    metadata.yamlPath,
    `uuid is ${metadata.uuid}, and the members have ${found}`,
  );
}

/**
 * Counts the entries of a container that is made of others, where its metadata
 * say how many there are.
 *
 * @param findings Where problems go.
 * @param profiles The container.
 * @param compute What computes.
 */
export async function checkEntries(
  findings: Findings,
  profiles: Profiles,
  compute?: ComputeOptions,
): Promise<void> {
  const { path, yamlPath, entriesCount } = profiles.metadata;
  if (entriesCount === undefined) return;
  await findings.check(path, async () => {
    const found = await countEntriesOf(await profiles.leafSpans(), compute);
    if (found === entriesCount) return;
    findings.add(
      yamlPath,
      `entries_count is ${entriesCount}, and the counts have ${found}`,
    );
  });
}

/**
 * Compares cached totals with those of the counts.
 *
 * @param findings Where problems go.
 * @param profiles The container, opened without a cache.
 */
export async function checkCache(
  findings: Findings,
  profiles: Profiles,
): Promise<void> {
  const { path, uuid } = profiles.metadata;
  const cache = new ComputedCache(path, uuid);
  for (const [kind, what] of [["p", "profile"], ["g", "gene"]] as const) {
    const name = `${kind}.total_umis`;
    const count = kind === "p" ? profiles.profilesCount : profiles.genes.count;
    const cached = cache.read(name, count);
    if (cached === undefined) continue;
    await findings.check(path, async () => {
      const totals = await profiles.totalUmis(kind);
      const at = cached.findIndex((value, index) => value !== totals[index]);
      if (at < 0) return;
      findings.add(
        joinPath(path, "cache", uuid, `${name}.npy`),
        `the total of ${what} ${at} is ${cached[at]}, not ${totals[at]}`,
      );
    });
  }
}
