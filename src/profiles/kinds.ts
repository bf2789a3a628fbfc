/** What stands before the kind of profiles in the kind of their groups. */
const PREFIX = "meta";

/**
 * The kind of groups of profiles.
 *
 * @param groupedKind The kind of the profiles, as `cells`.
 * @returns The kind of their groups, as `metacells`.
 *
 * @example The groups of cells
 * ```ts
 * import { groupedKind, groupsKind } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(groupsKind("cells"), "metacells");
 * assertEquals(groupedKind("metacells"), "cells");
 * ```
 */
export function groupsKind(groupedKind: string): string {
  return PREFIX + groupedKind;
}

/**
 * The kind of profiles that groups are of.
 *
 * @param groupsKind The kind of the groups, as `metacells`.
 * @returns The kind of the profiles, as `cells`.
 * @throws {RangeError} If it is no kind of groups.
 */
export function groupedKind(groupsKind: string): string {
  if (groupsKind.startsWith(PREFIX) && groupsKind.length > PREFIX.length) {
    return groupsKind.slice(PREFIX.length);
  }
  throw new RangeError(
    `Cannot tell what ${groupsKind} are groups of: it does not start with ` +
      PREFIX,
  );
}
