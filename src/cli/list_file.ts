import { readFileText } from "../io/files.ts";
import { formatCount, formatMany, listNames } from "./text.ts";

/** What the lines of a file are to be. */
export interface ListOptions {
  /** What one is, in messages: `profile`. */
  readonly what: string;
  /** How many there are of these. */
  readonly count: number;
  /**
   * Finds one by its name.
   *
   * @param name The name.
   * @returns Its index; undefined where there is none, -1 where several are.
   */
  find(name: string): number | undefined;
  /** Whether lines are indices from 0; unset where the lines are to tell. */
  readonly isIndices?: boolean;
}

/**
 * Reads a file of names, or of indices from 0, a line each.
 *
 * @param path The path of the file.
 * @param options What the lines are to be.
 * @returns The indices, in the order of the file.
 * @throws {Error} If lines are unknown, ambiguous or repeated; the first few
 * are listed, with how many there are.
 */
export function readListFile(path: string, options: ListOptions): Int32Array {
  const lines = readFileText(path).split(/\r?\n/);
  const wanted = lines.filter((line) => line !== "");
  if (wanted.length === 0) {
    throw problem(path, options, `it names no ${options.what}`);
  }
  const isIndices = options.isIndices ??
    wanted.every((line) =>
      /^\d+$/.test(line) && options.find(line) === undefined
    );
  const indices = isIndices
    ? readIndices(path, wanted, options)
    : lookUpNames(path, wanted, options);
  checkRepeats(path, wanted, indices, options);
  return indices;
}

/**
 * Finds names among some that may repeat.
 *
 * @param names The names.
 * @returns The index of each; -1 for one that several have.
 */
export function indexNames(names: readonly string[]): Map<string, number> {
  const known = new Map<string, number>();
  names.forEach((name, index) => known.set(name, known.has(name) ? -1 : index));
  return known;
}

function lookUpNames(
  path: string,
  wanted: readonly string[],
  options: ListOptions,
): Int32Array {
  const found = wanted.map((name) => options.find(name));
  const unknown = wanted.filter((_, at) => found[at] === undefined);
  const ambiguous = wanted.filter((_, at) => found[at] === -1);
  const reasons: string[] = [];
  if (unknown.length > 0) {
    reasons.push(
      `${formatCount(unknown.length)} unknown: ${listNames(unknown)}`,
    );
  }
  if (ambiguous.length > 0) {
    const many = formatCount(ambiguous.length);
    reasons.push(`${many} ambiguous: ${listNames(ambiguous)}`);
  }
  if (reasons.length > 0) throw problem(path, options, reasons.join("; "));
  return Int32Array.from(found, (index) => index!);
}

function readIndices(
  path: string,
  wanted: readonly string[],
  options: ListOptions,
): Int32Array {
  const { count } = options;
  const outside = wanted.filter((line) =>
    !/^\d+$/.test(line) || Number(line) >= count
  );
  if (outside.length === 0) return Int32Array.from(wanted, Number);
  const what = options.isIndices
    ? `no indices below ${formatCount(count)}`
    : `neither names nor below ${formatCount(count)}`;
  const many = formatMany(outside.length, "is", "are");
  const why = `${many} ${what}: ${listNames(outside)}`;
  throw problem(path, options, why);
}

function checkRepeats(
  path: string,
  wanted: readonly string[],
  indices: Int32Array,
  options: ListOptions,
): void {
  const seen = new Set<number>();
  const repeated = wanted.filter((_, at) => {
    const isSeen = seen.has(indices[at]!);
    seen.add(indices[at]!);
    return isSeen;
  });
  if (repeated.length === 0) return;
  const many = formatCount(repeated.length);
  const why = `${many} given more than once: ${listNames(repeated)}`;
  throw problem(path, options, why);
}

function problem(path: string, { what }: ListOptions, why: string): Error {
  return new Error(`Cannot use ${path} as a list of ${what}s: ${why}`);
}
