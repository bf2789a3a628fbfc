import type { LeafSpan, ProfileSelection } from "../compute/leaf_spans.ts";

/** A container as it is to those that take a part of it. */
export interface SpanSource {
  /** The number of profiles. */
  readonly profilesCount: number;
  /**
   * The counts as spans of stored matrices.
   *
   * @param selection Which of them.
   */
  leafSpans(selection?: ProfileSelection): Promise<readonly LeafSpan[]>;
}

/**
 * The map that takes genes of a container to their places in a list.
 *
 * @param indices The genes that are wanted, each once.
 * @param genesCount The number of genes of the container.
 * @returns For each gene its place among the indices, or -1.
 */
export function invertIndices(
  indices: ArrayLike<number>,
  genesCount: number,
): Int32Array {
  const map = new Int32Array(genesCount).fill(-1);
  for (let at = 0; at < indices.length; at++) map[indices[at]!] = at;
  return map;
}

/**
 * Puts two maps one after the other.
 *
 * @param first For each gene what it is to the second map, -1 nothing.
 * @param second For each of those what it is to be, -1 nothing.
 * @returns For each gene what it is to be.
 */
export function composeMaps(first: Int32Array, second: Int32Array): Int32Array {
  return first.map((gene) => gene < 0 ? -1 : second[gene]!);
}

/**
 * Splits a selection of joined containers among them.
 *
 * @param members The containers, in order.
 * @param starts The index of the first profile of each.
 * @param selection What is wanted of all.
 * @returns For each member that is touched what is wanted of it.
 */
export function splitSelection<M extends { readonly profilesCount: number }>(
  members: readonly M[],
  starts: Int32Array,
  selection: ProfileSelection,
): [member: M, selection: ProfileSelection][] {
  const { profiles, targets, firstTarget = 0, geneMap } = selection;
  if (profiles !== undefined) return splitProfiles(members, starts, selection);
  return members.map((member, at) => {
    const first = starts[at]!;
    const end = first + member.profilesCount;
    return [member, {
      targets: targets?.subarray(first, end),
      firstTarget: firstTarget + first,
      geneMap,
    }];
  });
}

function splitProfiles<M>(
  members: readonly M[],
  starts: Int32Array,
  selection: ProfileSelection,
): [member: M, selection: ProfileSelection][] {
  const { targets, firstTarget = 0, geneMap } = selection;
  const profiles = selection.profiles!;
  const owners = profiles.map((profile) => findOwner(starts, profile));
  const lists = new Map<number, { profiles: number[]; targets: number[] }>();
  for (let at = 0; at < profiles.length; at++) {
    const owner = owners[at]!;
    const list = lists.get(owner) ?? { profiles: [], targets: [] };
    lists.set(owner, list);
    list.profiles.push(profiles[at]! - starts[owner]!);
    list.targets.push(targets ? targets[at]! : firstTarget + at);
  }
  return [...lists].sort(([left], [right]) => left - right)
    .map(([owner, list]) => [members[owner]!, {
      profiles: Int32Array.from(list.profiles),
      targets: Int32Array.from(list.targets),
      geneMap,
    }]);
}

/**
 * Finds which of joined containers a profile is in.
 *
 * @param starts The index of the first profile of each, ascending.
 * @param profile The index of the profile, which is in one of them.
 * @returns The index of the container.
 */
export function findOwner(starts: Int32Array, profile: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= profile) low = middle;
    else high = middle;
  }
  return low;
}
