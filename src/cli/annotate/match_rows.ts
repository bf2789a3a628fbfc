import { formatMany } from "../text.ts";
import { findColumn, type Table } from "./table.ts";

/** Which row of a table belongs to which profile. */
export interface RowMatch {
  /** The place of the column that was matched. */
  readonly column: number;
  /** For each profile its row, or -1. */
  readonly rows: Int32Array;
  /** How many profiles have a row. */
  readonly matched: number;
  /** How many rows have no profile. */
  readonly rowsLeft: number;
}

/**
 * Matches the rows of a table with profiles, by the column named, else by the
 * one whose values name the most profiles.
 *
 * @param table The table.
 * @param names The names of the profiles.
 * @param key The name of the column, where the caller knows.
 * @returns The match.
 * @throws {Error} If no row matches, a value names several profiles, or two
 * rows have the same value.
 */
export function matchRows(
  table: Table,
  names: readonly string[],
  key?: string,
): RowMatch {
  const profiles = new Map(names.map((name, index) => [name, index]));
  const column = key === undefined
    ? bestColumn(table, profiles)
    : findColumn(table, key);
  const rows = new Int32Array(names.length).fill(-1);
  const lineOf = new Map<string, number>();
  let matched = 0;
  table.rows.forEach(({ fields, line }, row) => {
    const value = fields[column]!;
    checkRepeat(table, column, value, lineOf.get(value), line);
    lineOf.set(value, line);
    const profile = profiles.get(value);
    if (profile === undefined) return;
    rows[profile] = row;
    matched++;
  });
  if (matched === 0) {
    throw noMatch(table, names, key === undefined ? undefined : column);
  }
  checkAmbiguous(table, names, lineOf, profiles);
  return { column, rows, matched, rowsLeft: table.rows.length - matched };
}

function bestColumn(
  table: Table,
  profiles: ReadonlyMap<string, number>,
): number {
  const matches = table.names.map((_, column) => {
    const found = new Set<string>();
    for (const { fields } of table.rows) {
      if (profiles.has(fields[column]!)) found.add(fields[column]!);
    }
    return found.size;
  });
  return matches.indexOf(Math.max(...matches));
}

function checkRepeat(
  table: Table,
  column: number,
  value: string,
  before: number | undefined,
  line: number,
): void {
  if (before === undefined) return;
  const name = table.names[column] || `column ${column + 1}`;
  throw new Error(
    `Cannot match ${table.path}: ${name} is ${value || "empty"} on line ` +
      `${before} and on line ${line}`,
  );
}

/** Two profiles of one name can't be told apart by it. */
function checkAmbiguous(
  table: Table,
  names: readonly string[],
  lineOf: ReadonlyMap<string, number>,
  profiles: ReadonlyMap<string, number>,
): void {
  const at = names.findIndex((name, index) =>
    profiles.get(name) !== index && lineOf.has(name)
  );
  if (at < 0) return;
  throw new Error(
    `Cannot match ${table.path}: line ${lineOf.get(names[at]!)}: several ` +
      `profiles are named ${names[at]}`,
  );
}

function noMatch(
  table: Table,
  names: readonly string[],
  column: number | undefined,
): Error {
  const example = names[0] === undefined ? "" : `, as ${names[0]}`;
  const where = column !== undefined
    ? `no value of ${table.names[column]}`
    : "no column";
  const first = table.rows[0]?.fields[column ?? 0];
  const has = first === undefined ? "it has no rows" : `it has ${first}`;
  return new Error(
    `Cannot match ${table.path}: ${where} names any of the ` +
      `${formatMany(names.length, "profile")}${example}; ${has}`,
  );
}
