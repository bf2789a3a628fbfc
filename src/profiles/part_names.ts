/**
 * The names of the parts of a batch that was split, for its counts are more
 * than a matrix file can hold. They do not show in names of profiles.
 */

const PART = /^part-[0-9]{4,}$/;

/**
 * The name of a part.
 *
 * @param index The index of the part, from 0.
 * @returns As `part-0001` for the first.
 */
export function partName(index: number): string {
  return `part-${String(index + 1).padStart(4, "0")}`;
}

/**
 * Whether a name is that of a part.
 *
 * @param name The name of a member of a collection.
 * @returns True for `part-0001` and so on.
 */
export function isPartName(name: string): boolean {
  return PART.test(name);
}
