import { indexNames, readListFile } from "./list_file.ts";
import { didYouMean, suggestNames } from "./suggest.ts";

/**
 * Finds one profile by its name, else by its index.
 *
 * @param wanted The name or index as it was typed.
 * @param names The names of all profiles.
 * @param place What messages call the container.
 * @returns The index.
 * @throws {Error} If no profile, or more than one, is meant.
 */
export function findProfile(
  wanted: string,
  names: readonly string[],
  place: string,
): number {
  const first = names.indexOf(wanted);
  if (first < 0) return findIndex(wanted, names, place);
  const second = names.indexOf(wanted, first + 1);
  if (second < 0) return first;
  throw new Error(
    `Cannot find profile ${wanted} of ${place}: several have that name, ` +
      `at ${first} and ${second}; give an index`,
  );
}

/**
 * Reads a file of names of profiles, or of indices from 0, a line each.
 *
 * @param path The path of the file.
 * @param names The names of all profiles.
 * @param isIndices Whether they are indices; unset where the lines are to
 * tell.
 * @returns The indices of the profiles, in the order of the file.
 * @throws {Error} If lines are unknown, ambiguous or repeated; all are listed.
 */
export function readProfilesFile(
  path: string,
  names: readonly string[],
  isIndices?: boolean,
): Int32Array {
  const known = indexNames(names);
  return readListFile(path, {
    what: "profile",
    count: names.length,
    find: (name) => known.get(name),
    ...(isIndices !== undefined && { isIndices }),
  });
}

function findIndex(
  wanted: string,
  names: readonly string[],
  place: string,
): number {
  const index = /^\d+$/.test(wanted) ? Number(wanted) : NaN;
  if (index < names.length) return index;
  const why = Number.isNaN(index)
    ? `there is none of that name${didYouMean(suggestNames(wanted, names))}`
    : `it has ${names.length}, counted from 0`;
  throw new Error(`Cannot find profile ${wanted} of ${place}: ${why}`);
}
