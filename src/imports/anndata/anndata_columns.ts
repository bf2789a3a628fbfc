import type { AnnDataFrame } from "../../anndata/frame.ts";
import type { DataArray } from "../../arrays/data_array.ts";
import { encodeName } from "../../arrays/names.ts";
import {
  type ArrayKind,
  nameOfSourceData,
} from "../../profiles/array_names.ts";

/** What names of files leave for that of a column, with all that is added. */
const MOST_NAME_BYTES = 200;

/** The columns of a table, and what a user should know of them. */
export interface SourceColumns {
  /** The columns that could be read, by the names that they get. */
  readonly columns: Readonly<Record<string, DataArray>>;
  /** Which are left out, and which got another name. */
  readonly notes: readonly string[];
}

/**
 * Reads all columns of obs or var. Those that are no lists of numbers, texts or
 * categories are left out, and so is what no file can be called after. Names
 * with a meaning of their own get `source_` in front; of names that differ only
 * by case, the later ones a number behind.
 *
 * @param frame The table.
 * @param kind What the columns are data of.
 * @param taken Names that other data of the source have, in lower case.
 * @returns The columns.
 * @throws {Error} If a column is damaged.
 */
export async function readSourceColumns(
  frame: AnnDataFrame,
  kind: ArrayKind,
  taken: readonly string[] = [],
): Promise<SourceColumns> {
  const columns: [string, DataArray][] = [];
  const notes: string[] = [];
  const used = new Set<string>();
  for (const column of frame.columns) {
    const path = frame.pathOf(column);
    const why = whyNoName(column) ?? await frame.whyUnreadable(column);
    if (why !== undefined) {
      notes.push(`The column ${path} is left out: ${why}`);
      continue;
    }
    const reserved = taken.includes(column.toLowerCase());
    const wanted = reserved ? `source_${column}` : column;
    const name = freeName(used, nameOfSourceData(kind, wanted));
    if (name !== column) notes.push(`The column ${path} is called ${name}`);
    columns.push([name, await frame.readColumn(column)]);
  }
  return { columns: Object.fromEntries(columns), notes };
}

function whyNoName(column: string): string | undefined {
  if (column === "") return "it has no name";
  return encodeName(column).length > MOST_NAME_BYTES
    ? "its name is too long for a file"
    : undefined;
}

/** A name that is not used yet, in any case. */
function freeName(used: Set<string>, wanted: string): string {
  let name = wanted;
  for (let number = 2; used.has(name.toLowerCase()); number++) {
    name = `${wanted}_${number}`;
  }
  used.add(name.toLowerCase());
  return name;
}
