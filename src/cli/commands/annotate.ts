import type { DataArray } from "../../arrays/data_array.ts";
import { checkNames } from "../../arrays/names.ts";
import { nameOfSourceData } from "../../profiles/array_names.ts";
import type { Profiles } from "../../profiles/profiles.ts";
import { describeType, inferColumn } from "../annotate/infer_column.ts";
import { namesForTable } from "../annotate/names_for_table.ts";
import { matchRows, type RowMatch } from "../annotate/match_rows.ts";
import { findColumn, readTable, type Table } from "../annotate/table.ts";
import type { Command } from "../command.ts";
import { type CommandContext, note } from "../context.ts";
import { FORCE_OPTION, GENES_SET_OPTION } from "../global_options.ts";
import { DIR_ARGUMENT, openProfiles } from "../open_profiles.ts";
import type { ParsedArguments } from "../options.ts";
import { formatCount, formatMany, listNames } from "../text.ts";

/** Files of masks and categories are named so. */
const RESERVED_ENDING = /.\.(mask|categories)$/i;

/** A column on its way into a container. */
interface NewArray {
  readonly name: string;
  readonly data: DataArray;
}

/** `metacell annotate`. */
export const ANNOTATE_COMMAND: Command = {
  name: "annotate",
  summary: "Add the columns of a table to the cells, by barcode",
  description: "Each column becomes an array p.NAME with a value a cell. " +
    "Types are found from the values; cells without a row, and values that " +
    "are empty, NA, NaN, null or None, are missing. Nothing is written " +
    "unless all is in order.",
  usage: "DIR TABLE [--key COLUMN] [--columns A,B] [--force]",
  arguments: [DIR_ARGUMENT, {
    name: "TABLE",
    completes: "file",
    description: "A CSV or TSV with a header, plain or gzip",
  }],
  options: [
    {
      name: "key",
      value: "COLUMN",
      description: "The column of barcodes; by default the one that " +
        "matches most of them",
    },
    {
      name: "columns",
      value: "A,B",
      description: "The columns to add; by default all but the key",
    },
    {
      ...FORCE_OPTION,
      description: "Replace arrays that are there",
    },
    GENES_SET_OPTION,
  ],
  examples: [
    { line: "annotate cells labels.csv", what: "Add every column" },
    {
      line: "annotate cells meta.tsv.gz --key barcode --columns type,age",
      what: "Add two columns",
    },
  ],
  async run(context, parsed) {
    using profiles = await openProfiles(context, parsed);
    const table = await readTable(parsed.argument("TABLE"));
    const names = await namesForTable(profiles, table);
    const match = matchRows(table, names, parsed.text("key"));
    const columns = chooseColumns(table, match, parsed, context);
    const arrays = columns.map((column) => takeColumn(table, match, column));
    await checkArrays(profiles, arrays, parsed.flag("force"));
    noteMatch(context, table, match);
    for (const { name, data } of arrays) {
      await profiles.write("p", name, data);
      note(context, `p.${name}: ${describeType(data)}`);
    }
  },
};

function chooseColumns(
  table: Table,
  match: RowMatch,
  parsed: ParsedArguments,
  context: CommandContext,
): number[] {
  const wanted = parsed.text("columns");
  if (wanted !== undefined) {
    return wanted.split(",").map((name) => findColumn(table, name));
  }
  const columns = [...table.names.keys()]
    .filter((column) => column !== match.column);
  const nameless = columns.filter((column) => table.names[column] === "");
  if (nameless.length > 0) {
    const places = nameless.map((column) => String(column + 1));
    note(context, `left out, as it has no name: column ${listNames(places)}`);
  }
  const named = columns.filter((column) => table.names[column] !== "");
  if (named.length > 0) return named;
  throw new Error(`Cannot add ${table.path}: it has no column but the key`);
}

function takeColumn(
  table: Table,
  { rows }: RowMatch,
  column: number,
): NewArray {
  const texts = Array.from(
    rows,
    (row) => row < 0 ? undefined : table.rows[row]!.fields[column]!,
  );
  const name = nameOfSourceData("p", table.names[column]!);
  return { name, data: inferColumn(texts) };
}

/** All that `write` would refuse, before anything is written. */
async function checkArrays(
  profiles: Profiles,
  arrays: readonly NewArray[],
  force: boolean,
): Promise<void> {
  const { path } = profiles.metadata;
  const existing = await profiles.availableData("p");
  const names = arrays.map(({ name }) => name);
  const present = names.filter((name) => existing.includes(name));
  if (present.length > 0 && !force) {
    const shown = listNames(present.map((name) => `p.${name}`));
    throw new Error(
      `Cannot annotate ${path}: it has ${shown} already ` +
        "(--force replaces it)",
    );
  }
  const reserved = names.find((name) => RESERVED_ENDING.test(name));
  if (reserved !== undefined) {
    throw new Error(
      `Cannot annotate ${path}: the name ${reserved} ends as those of files ` +
        "beside an array do",
    );
  }
  checkNames([...existing.filter((name) => !names.includes(name)), ...names]);
}

function noteMatch(
  context: CommandContext,
  table: Table,
  match: RowMatch,
): void {
  const { column, matched, rows, rowsLeft } = match;
  const key = table.names[column] || `column ${column + 1}`;
  note(
    context,
    `matched by ${key}: ${formatCount(matched)} of ` +
      formatMany(rows.length, "profile") +
      (rowsLeft > 0 ? `, ${formatMany(rowsLeft, "row")} without one` : ""),
  );
}
