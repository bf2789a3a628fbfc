import type { LeafSpan } from "../compute/leaf_spans.ts";
import type { SpanPiece } from "./cut_spans.ts";

/** The groups of some profiles, numbered anew. */
export interface CompactGroups {
  /** For each profile its place in `present`, or -1. */
  readonly rows: Int32Array;
  /** The groups that profiles are in, in the order in which they come. */
  readonly present: readonly number[];
}

/**
 * The groups of the profiles of a piece.
 *
 * @param piece The piece.
 * @param groupIndices For each profile of the container its group, or -1.
 * @param span The span that the piece is of.
 * @returns For each profile of the piece its group, or -1.
 */
export function groupsOfPiece(
  piece: SpanPiece,
  groupIndices: Int32Array,
  span: LeafSpan,
): Int32Array {
  const { first, end } = piece;
  if (span.targets === undefined) {
    const start = span.firstTarget + first;
    return groupIndices.subarray(start, start + end - first);
  }
  return span.targets.subarray(first, end)
    .map((target) => groupIndices[target]!);
}

/**
 * Numbers groups anew, so that what is said of them does not depend on groups
 * that no profile is in.
 *
 * @param groups For each profile its group, or -1.
 * @returns The groups that are there, and the place of each profile's.
 */
export function compactGroups(groups: Int32Array): CompactGroups {
  const places = new Map<number, number>([[-1, -1]]);
  const present: number[] = [];
  const rows = groups.map((group) => {
    const place = places.get(group);
    if (place !== undefined) return place;
    places.set(group, present.length);
    return present.push(group) - 1;
  });
  return { rows, present };
}
