import { parseDelimited } from "../../io/delimited.ts";
import { openByteStream } from "../../io/byte_stream.ts";
import type { Profiles } from "../../profiles/profiles.ts";
import { isMissingText } from "../annotate/infer_column.ts";
import { matchRows } from "../annotate/match_rows.ts";
import { namesForTable } from "../annotate/names_for_table.ts";
import { findColumn, readTable, type Table } from "../annotate/table.ts";
import { formatMany } from "../text.ts";

/** The labels of profiles, and how they were found. */
export interface FileLabels {
  /** For each profile its label, or null. */
  readonly labels: readonly (string | null)[];
  /** How many rows of the file name no profile. */
  readonly rowsLeft: number;
}

/**
 * Reads the labels of profiles: a column of a table with a header; or, without
 * a column, a label a line or the two columns barcode and label.
 *
 * @param path The path of the file, plain or gzip.
 * @param profiles The container.
 * @param column The name of the column, where there is one.
 * @returns The labels; what is empty, or NA and the like, is none.
 * @throws {Error} If the file is none of these, or no row names a profile.
 */
export async function readLabels(
  path: string,
  profiles: Profiles,
  column?: string,
): Promise<FileLabels> {
  if (column !== undefined) {
    const table = await readTable(path);
    const at = findColumn(table, column);
    return labelsOfTable(table, await namesForTable(profiles, table), at);
  }
  const text = await readText(path);
  const table = twoColumns(path, text);
  if (table !== undefined) {
    const names = await namesForTable(profiles, table);
    const known = new Set(names);
    const isMatch = table.rows.some(({ fields }) =>
      fields.some((field) => known.has(field))
    );
    if (isMatch) return labelsOfTable(table, names);
  }
  return labelsOfLines(path, text, profiles.profilesCount);
}

/** By default the column that does not name profiles, of two. */
function labelsOfTable(
  table: Table,
  names: readonly string[],
  column?: number,
): FileLabels {
  const match = matchRows(table, names);
  const at = column ?? 1 - match.column;
  const labels = Array.from(match.rows, (row) => {
    const text = table.rows[row]?.fields[at];
    return text === undefined ? null : labelOf(text);
  });
  return { labels, rowsLeft: match.rowsLeft };
}

function labelOf(text: string): string | null {
  return isMissingText(text) ? null : text;
}

async function readText(path: string): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  try {
    for await (const chunk of openByteStream(path)) {
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new SyntaxError(`Cannot parse ${path}: it is not UTF-8`);
  }
}

/** The file as a table without a header, where it has two columns. */
function twoColumns(path: string, text: string): Table | undefined {
  const first = text.slice(0, text.search(/\r?\n|$/));
  if (!/[,\t]/.test(first)) return undefined;
  try {
    const rows = parseDelimited(text, { name: path });
    const isTwo = rows[0]?.fields.length === 2;
    return isTwo ? { path, names: ["barcode", "label"], rows } : undefined;
  } catch (error) {
    // A label may have a comma in it.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function labelsOfLines(path: string, text: string, count: number): FileLabels {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  if (lines.length !== count) {
    throw new Error(
      `Cannot use the labels of ${path}: it has ` +
        `${formatMany(lines.length, "line")} for ` +
        `${formatMany(count, "profile")}, and no column that names ` +
        `them; ${path}:COLUMN takes a column of a table`,
    );
  }
  return { labels: lines.map(labelOf), rowsLeft: 0 };
}
