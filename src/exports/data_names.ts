import { type DataKind, isComputed } from "../profiles/array_names.ts";
import type { Profiles } from "../profiles/profiles.ts";

/**
 * Lists the data of a container that are no names and no counts, nor computed
 * from them.
 *
 * @param profiles The container.
 * @param kind The kind of the data.
 * @returns The names, without the kind, sorted.
 */
export async function dataNames(
  profiles: Profiles,
  kind: DataKind,
): Promise<string[]> {
  const names = await profiles.availableData(kind);
  const namesOf = kind === "p" ? profileNamesIn(names) : "name";
  return names.filter((name) => name !== namesOf && !isComputed(kind, name));
}

/** The data that profiles have their names of. */
function profileNamesIn(names: readonly string[]): string {
  return names.includes("barcode") ? "barcode" : "name";
}
