import { fieldError } from "./dense_table_fields.ts";
import type { TableLayout } from "./dense_table_layout.ts";
import { quote } from "../import_error.ts";

/** The names along an axis of a table, with where each of them stands. */
export interface AxisNames {
  /** The names. */
  readonly names: readonly string[];
  /**
   * Where a name stands.
   *
   * @param at The index of the name.
   * @returns Its line and the number of its field, from 1.
   */
  place(at: number): { readonly line: number; readonly column: number };
}

/**
 * The names of an axis of a table.
 *
 * @param layout The table.
 * @param axis The axis.
 * @returns The names.
 */
export function axisNames(
  layout: TableLayout,
  axis: "rows" | "columns",
): AxisNames {
  const { columnNames, cornerCount, headerLine, rowLines, rowNames } = layout;
  if (axis === "rows") {
    const place = (at: number) => ({ line: rowLines[at]!, column: 1 });
    return { names: rowNames, place };
  }
  const place = (at: number) => ({
    line: headerLine,
    column: at + 1 + cornerCount,
  });
  return { names: columnNames, place };
}

/**
 * Checks names of genes or cells: repeats are allowed, unless all are numbers,
 * as they are in a table that has no names.
 *
 * @param axis The names.
 * @param what What they are of.
 * @param path What messages call the table.
 * @throws {SyntaxError} If a name is empty, or these are no names; with line
 * and column.
 */
export function checkNames(
  axis: AxisNames,
  what: "cell" | "gene",
  path: string,
): void {
  checkFilled(axis, what, path);
  if (areNumbers(axis.names)) checkUnique(axis, what, path);
}

function checkFilled(
  { names, place }: AxisNames,
  what: string,
  path: string,
): void {
  const empty = names.indexOf("");
  if (empty < 0) return;
  const { line, column } = place(empty);
  throw fieldError(path, line, column, `the name of the ${what} is empty`);
}

function checkUnique(
  { names, place }: AxisNames,
  what: string,
  path: string,
): void {
  const firsts = new Map<string, number>();
  for (const [at, name] of names.entries()) {
    const first = firsts.get(name);
    firsts.set(name, at);
    if (first === undefined) continue;
    const { line, column } = place(at);
    const before = place(first);
    const there = before.line === line
      ? `column ${before.column}`
      : `line ${before.line}`;
    const why = `the ${what} ${quote(name)} is there already, in ${there}; ` +
      "all these are numbers: the table needs names of rows and columns";
    throw fieldError(path, line, column, why);
  }
}

function areNumbers(names: readonly string[]): boolean {
  return names.every((name) => /^\d+(?:\.\d+)?$/.test(name));
}
