import type { Profiles } from "../profiles/profiles.ts";
import { ProfilesCollection } from "../profiles/profiles_collection.ts";
import { ProfilesGroups } from "../profiles/profiles_groups.ts";
import { ProfilesView } from "../profiles/profiles_view.ts";
import { countNotMeasured } from "./genes_note.ts";
import { COMMON_OPTIONS } from "./global_options.ts";
import { nameOptions } from "./option_names.ts";
import { formatCount, formatKind, formatMany } from "./text.ts";

/** A container and what it is made of; the keys are those of `--json`. */
export interface ContainerTree {
  /** Its name in the collection around it, or `null`. */
  readonly name: string | null;
  /** `batch`, `view`, `groups` or `collection`. */
  readonly kind: ContainerKind;
  /** The path of its folder. */
  readonly path: string;
  /** Its identifier. */
  readonly uuid: string;
  /** What a profile is, as `cells`. */
  readonly profiles_kind: string;
  /** How many profiles. */
  readonly profiles_count: number;
  /** How many genes. */
  readonly genes_count: number;
  /** How many of the genes were not measured in all of the profiles. */
  readonly genes_not_measured: number;
  /** Of which container it is a view. */
  readonly base: ContainerTree | null;
  /** Which container's profiles it sums, or why that can't be opened. */
  readonly grouped: ContainerTree | { readonly error: string } | null;
  /** What a collection combines. */
  readonly members: readonly ContainerTree[] | null;
}

/** What a container is. */
export type ContainerKind = "batch" | "collection" | "groups" | "view";

/** How a tree is drawn. */
interface Branches {
  readonly fork: string;
  readonly last: string;
  readonly line: string;
  readonly blank: string;
}

const UNICODE: Branches = {
  fork: "├─ ",
  last: "└─ ",
  line: "│  ",
  blank: "   ",
};

const ASCII: Branches = { fork: "|- ", last: "`- ", line: "|  ", blank: "   " };

/**
 * Describes what a container is made of, down to batches.
 *
 * @param profiles The container.
 * @param name Its name in the collection around it.
 * @returns The tree.
 */
export async function describeTree(
  profiles: Profiles,
  name: string | null = null,
): Promise<ContainerTree> {
  const { metadata, genes } = profiles;
  return {
    name,
    kind: kindOf(profiles),
    path: metadata.path,
    uuid: metadata.uuid,
    profiles_kind: metadata.profilesKind,
    profiles_count: profiles.profilesCount,
    genes_count: genes.count,
    genes_not_measured: await countNotMeasured(profiles),
    base: profiles instanceof ProfilesView
      ? await describeTree(profiles.baseProfiles)
      : null,
    grouped: profiles instanceof ProfilesGroups
      ? await describeGrouped(profiles)
      : null,
    members: profiles instanceof ProfilesCollection
      ? await describeMembers(profiles)
      : null,
  };
}

/**
 * Draws what a container is made of.
 *
 * @param tree The container.
 * @param isUnicode Whether lines may be drawn with more than ASCII.
 * @returns Lines, the container itself first.
 */
export function renderTree(tree: ContainerTree, isUnicode: boolean): string[] {
  const branches = isUnicode ? UNICODE : ASCII;
  const children = childrenOf(tree);
  const lines = children.flatMap((child, at) => {
    const isLast = at === children.length - 1;
    const [first, ...rest] = typeof child === "string"
      ? [child]
      : renderTree(child.tree, isUnicode)
        .map((line, row) => row === 0 ? `${child.label} ${line}`.trim() : line);
    return [
      (isLast ? branches.last : branches.fork) + first,
      ...rest.map((line) => (isLast ? branches.blank : branches.line) + line),
    ];
  });
  return [describeNode(tree), ...lines];
}

function kindOf(profiles: Profiles): ContainerKind {
  if (profiles instanceof ProfilesView) return "view";
  if (profiles instanceof ProfilesCollection) return "collection";
  return profiles instanceof ProfilesGroups ? "groups" : "batch";
}

/** Groups open without what they group, which may have gone. */
async function describeGrouped(
  groups: ProfilesGroups,
): Promise<ContainerTree | { error: string }> {
  try {
    return await describeTree(await groups.groupedProfiles());
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { error: nameOptions(error.message, COMMON_OPTIONS) };
  }
}

async function describeMembers(
  { containers, indexByName }: ProfilesCollection,
): Promise<ContainerTree[]> {
  const members: ContainerTree[] = [];
  for (const [name, at] of indexByName) {
    members.push(await describeTree(containers[at]!, name));
  }
  return members;
}

type Child = string | { readonly label: string; readonly tree: ContainerTree };

function childrenOf({ base, grouped, members }: ContainerTree): Child[] {
  const children: Child[] = [];
  if (base) children.push({ label: "base", tree: base });
  if (grouped && "error" in grouped) {
    children.push(`grouped: ${grouped.error}`);
  } else if (grouped) children.push({ label: "grouped", tree: grouped });
  for (const tree of members ?? []) children.push({ label: "", tree });
  return children;
}

function describeNode(tree: ContainerTree): string {
  const { genes_count, genes_not_measured, kind, name, path } = tree;
  const missing = genes_not_measured === 0
    ? ""
    : `, ${formatCount(genes_not_measured)} not measured`;
  return `${name ?? path}: ${kind}, ` +
    `${formatKind(tree.profiles_count, tree.profiles_kind)} x ` +
    `${formatMany(genes_count, "gene")}${missing}`;
}
