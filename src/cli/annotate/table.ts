import { openByteStream } from "../../io/byte_stream.ts";
import { type DelimitedRecord, readDelimited } from "../../io/delimited.ts";
import { didYouMean, suggestNames } from "../suggest.ts";

/** A table in memory, column by column. */
export interface Table {
  /** The path of its file. */
  readonly path: string;
  /** The names of the columns, unique, `""` where one has none. */
  readonly names: readonly string[];
  /** The rows in their order. */
  readonly rows: readonly DelimitedRecord[];
}

/**
 * Reads a CSV or TSV, plain or gzip.
 *
 * @param path The path of the file.
 * @returns The table.
 * @throws {SyntaxError} If it is none, or columns have the same name.
 */
export async function readTable(path: string): Promise<Table> {
  const records: DelimitedRecord[] = [];
  const stream = readDelimited(openByteStream(path), {
    name: path,
    isShortHeaderFine: true,
  });
  for await (const batch of stream) {
    for (const record of batch) records.push(record);
  }
  const [header, ...rows] = records;
  if (header === undefined) {
    throw new SyntaxError(`Cannot parse ${path}: it is empty`);
  }
  checkNames(header, path);
  // R gives the column of the names of the rows none.
  const isShort = rows[0] && rows[0].fields.length > header.fields.length;
  const names = isShort ? ["", ...header.fields] : header.fields;
  return { path, names, rows };
}

/**
 * Finds a column.
 *
 * @param table The table.
 * @param name The name as the header has it.
 * @returns Its place.
 * @throws {Error} If there is none.
 */
export function findColumn(table: Table, name: string): number {
  const at = table.names.indexOf(name);
  if (at >= 0) return at;
  const near = suggestNames(name, table.names);
  const hint = near.length > 0
    ? didYouMean(near)
    : `; there are ${table.names.filter((known) => known).join(", ")}`;
  throw new Error(`Cannot find column ${name} of ${table.path}: none${hint}`);
}

function checkNames({ fields, line }: DelimitedRecord, path: string): void {
  const repeated = fields.find((name, at) =>
    name !== "" && fields.indexOf(name) !== at
  );
  if (repeated === undefined) return;
  throw new SyntaxError(
    `Cannot parse ${path}: line ${line}: two columns are named ${repeated}`,
  );
}
