/** How the genes of stores become those of a collection. */
import { compareCodePoints } from "../arrays/compare.ts";
import { countOf } from "../io/plural.ts";
import type { VarJoin } from "./collection_options.ts";

/** The genes of a collection. */
export interface JoinedVars {
  /** The names of the genes. */
  readonly names: readonly string[];
  /** What was done; null where the genes of all stores are the same. */
  readonly join: VarJoin | null;
  /**
   * For each store and each of its genes which one it becomes, -1 none;
   * undefined where all stay as they are.
   */
  readonly maps: readonly (Int32Array | undefined)[];
}

/**
 * Joins the genes of stores.
 *
 * @param lists The names of each store.
 * @param join How.
 * @param paths The paths of the stores, for messages.
 * @returns The genes of all.
 * @throws {Error} If none is shared, or one is there twice in a store.
 */
export function joinVars(
  lists: readonly (readonly string[])[],
  join: VarJoin,
  paths: readonly string[],
): JoinedVars {
  const [first] = lists;
  if (lists.every((list) => isSame(list, first!))) {
    return { names: first!, join: null, maps: lists.map(() => undefined) };
  }
  lists.forEach((list, at) => checkUnique(list, paths[at]!));
  const names = join === "inner" ? shared(lists, paths) : union(lists);
  const places = new Map(names.map((name, place) => [name, place]));
  const maps = lists.map((list) =>
    isSame(list, names)
      ? undefined
      : Int32Array.from(list, (name) => places.get(name) ?? -1)
  );
  return { names, join, maps };
}

/**
 * Whether two lists of names are the same.
 *
 * @param left One list.
 * @param right The other.
 * @returns Whether they are, in the same order.
 */
export function isSame(
  left: readonly string[],
  right: readonly string[],
): boolean {
  return left === right || left.length === right.length &&
      left.every((name, at) => name === right[at]);
}

/**
 * Whether names are sorted by code point.
 *
 * @param names The names.
 * @param ascending Whether they should ascend or descend.
 * @returns Whether they do; equal neighbours are fine.
 */
export function areSorted(
  names: readonly string[],
  ascending: boolean,
): boolean {
  return names.every((name, at) => {
    if (at === 0) return true;
    const step = compareCodePoints(names[at - 1]!, name);
    return ascending ? step <= 0 : step >= 0;
  });
}

function shared(
  [first, ...others]: readonly (readonly string[])[],
  paths: readonly string[],
): readonly string[] {
  const sets = others.map((list) => new Set(list));
  const names = first!.filter((name) => sets.every((set) => set.has(name)));
  if (names.length > 0) return names;
  throw new Error(
    `Cannot join ${paths[0]} and ${countOf(paths.length - 1, "other")}: ` +
      'they have no shared variables; join: "outer" takes those of any',
  );
}

function union(lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())].sort(compareCodePoints);
}

function checkUnique(names: readonly string[], path: string): void {
  const seen = new Set<string>();
  const repeated = names.find((name) => seen.size === seen.add(name).size);
  if (repeated === undefined) return;
  throw new Error(
    `Cannot join the variables of ${path}: ${JSON.stringify(repeated)} ` +
      "is there more than once",
  );
}
