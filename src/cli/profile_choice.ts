import { readFileText } from "../io/files.ts";
import { didYouMean, suggestNames } from "./suggest.ts";
import { listNames } from "./text.ts";

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
 * Reads a file of names, or of indices from 0, a line each.
 *
 * @param path The path of the file.
 * @param names The names of all profiles.
 * @returns The indices of the profiles, in the order of the file.
 * @throws {Error} If lines are unknown, ambiguous or repeated; all are listed.
 */
export function readProfilesFile(
  path: string,
  names: readonly string[],
): Int32Array {
  const lines = readFileText(path).split(/\r?\n/);
  const wanted = lines.filter((line) => line !== "");
  if (wanted.length === 0) throw problem(path, "it names no profile");
  const known = indexNames(names);
  const isIndices = wanted.every((line) =>
    /^\d+$/.test(line) && !known.has(line)
  );
  const indices = isIndices
    ? readIndices(path, wanted, names.length)
    : lookUpNames(path, wanted, known);
  checkRepeats(path, wanted, indices);
  return indices;
}

/** The index of each name, -1 where several profiles have it. */
function indexNames(names: readonly string[]): Map<string, number> {
  const known = new Map<string, number>();
  names.forEach((name, index) => known.set(name, known.has(name) ? -1 : index));
  return known;
}

function lookUpNames(
  path: string,
  wanted: readonly string[],
  known: ReadonlyMap<string, number>,
): Int32Array {
  const unknown = wanted.filter((name) => !known.has(name));
  const ambiguous = wanted.filter((name) => known.get(name) === -1);
  const reasons: string[] = [];
  if (unknown.length > 0) {
    reasons.push(`${unknown.length} unknown: ${listNames(unknown)}`);
  }
  if (ambiguous.length > 0) {
    reasons.push(`${ambiguous.length} ambiguous: ${listNames(ambiguous)}`);
  }
  if (reasons.length > 0) throw problem(path, reasons.join("; "));
  return Int32Array.from(wanted, (name) => known.get(name)!);
}

function readIndices(
  path: string,
  wanted: readonly string[],
  count: number,
): Int32Array {
  const outside = wanted.filter((line) => Number(line) >= count);
  if (outside.length === 0) return Int32Array.from(wanted, Number);
  throw problem(
    path,
    `${outside.length} are neither names nor below ${count}: ` +
      listNames(outside),
  );
}

function checkRepeats(
  path: string,
  wanted: readonly string[],
  indices: Int32Array,
): void {
  const seen = new Set<number>();
  const repeated = wanted.filter((_, at) => {
    const isSeen = seen.has(indices[at]!);
    seen.add(indices[at]!);
    return isSeen;
  });
  if (repeated.length === 0) return;
  throw problem(
    path,
    `${repeated.length} given more than once: ${listNames(repeated)}`,
  );
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

function problem(path: string, why: string): Error {
  return new Error(`Cannot use ${path} as a list of profiles: ${why}`);
}
