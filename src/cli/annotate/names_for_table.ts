import type { Profiles } from "../../profiles/profiles.ts";
import type { Table } from "./table.ts";

/**
 * What profiles are called in a table: their names, or, where the table has
 * none of these, their barcodes, as tables that were made before a collection
 * know nothing of the names of its members.
 *
 * @param profiles The container.
 * @param table The table.
 * @returns A name a profile.
 */
export async function namesForTable(
  profiles: Profiles,
  table: Pick<Table, "rows">,
): Promise<readonly string[]> {
  const names = await profiles.profileNames();
  if (hasSome(table, names)) return names;
  if (!await profiles.hasArray("p", "barcode")) return names;
  const barcodes = await profiles.anyArray("p", "barcode");
  const isBetter = barcodes.kind === "text" && hasSome(table, barcodes.values);
  return isBetter ? barcodes.values : names;
}

function hasSome(
  { rows }: Pick<Table, "rows">,
  names: readonly string[],
): boolean {
  const known = new Set(names);
  return rows.some(({ fields }) => fields.some((field) => known.has(field)));
}
