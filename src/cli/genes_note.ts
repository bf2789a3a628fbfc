import type { Profiles } from "../profiles/profiles.ts";
import { type CommandContext, note } from "./context.ts";
import { formatKind, formatMany } from "./text.ts";

/**
 * How many genes were not measured in all profiles of a container.
 *
 * @param profiles The container.
 * @returns The number; a gene that was not measured has no counts, which is
 * not the same as counts of zero.
 */
export async function countNotMeasured(profiles: Profiles): Promise<number> {
  const measured = await profiles.measuredGenes();
  return measured?.reduce((count, value) => count + 1 - value, 0) ?? 0;
}

/**
 * Says how many genes were not measured in all profiles, if any.
 *
 * @param context Where to say it.
 * @param profiles The container.
 */
export async function noteNotMeasured(
  context: CommandContext,
  profiles: Profiles,
): Promise<void> {
  const count = await countNotMeasured(profiles);
  if (count === 0) return;
  const genes = formatMany(count, "gene was", "genes were");
  note(context, `note: ${genes} not measured in all profiles`);
}

/**
 * How many profiles and genes a container has, in words.
 *
 * @param profiles The container.
 * @returns As `274 cells x 28,258 genes`.
 */
export function describeSize(
  { genes, metadata, profilesCount }: Profiles,
): string {
  return `${formatKind(profilesCount, metadata.profilesKind)} x ` +
    formatMany(genes.count, "gene");
}
