/** Tables in the multi-lane standard format, record by record. */
import { openByteStream } from "../../io/byte_stream.ts";
import { type DelimitedRecord, readDelimited } from "../../io/delimited.ts";
import { countOf } from "../../io/plural.ts";
import type { CsvFormat } from "./csv_format.ts";
import { lineError, listSome, quote } from "../import_error.ts";
import { checkFieldValue } from "./standard_values.ts";

/** Takes the fields of a record, and the line that it begins on. */
export type RecordVisitor = (fields: readonly string[], line: number) => void;

/** A table, and where its fields are. */
export class StandardFields {
  /** The path of the table. */
  readonly path: string;
  /** The names of the fields, in order. */
  readonly names: readonly string[];

  /**
   * @param path The path of the table.
   * @param names The names of its fields.
   */
  constructor(path: string, names: readonly string[]) {
    this.path = path;
    this.names = names;
  }

  /**
   * Finds the first field that is there.
   *
   * @param names The names that it may have.
   * @returns Its place, or -1.
   */
  find(...names: readonly string[]): number {
    const found = names.find((name) => this.names.includes(name));
    return found === undefined ? -1 : this.names.indexOf(found);
  }

  /**
   * Finds the first field that is there, which one has to be.
   *
   * @param names The names that it may have.
   * @returns Its place.
   * @throws {SyntaxError} If there is none.
   */
  take(...names: readonly string[]): number {
    const at = this.find(...names);
    if (at >= 0) return at;
    throw new SyntaxError(
      `Cannot import ${this.path}: it has no field ${names.join(" or ")}, ` +
        `only ${listSome(this.names.map((name) => quote(name)))}`,
    );
  }
}

/**
 * Reads a table, plain or gzip, in memory that does not depend on its length.
 *
 * @param path The path of the table.
 * @param format How it is laid out.
 * @param begin Is told the fields, and returns what takes the records.
 * @returns The number of records.
 * @throws {SyntaxError} If the table is wrong, or a value is not of the type
 * of its field; with the line.
 */
export async function readStandardTable(
  path: string,
  format: CsvFormat,
  begin: (fields: StandardFields) => RecordVisitor,
): Promise<number> {
  const { separator } = format;
  const stream = readDelimited(openByteStream(path), { separator, name: path });
  let visit: RecordVisitor | undefined;
  let checkTypes: RecordVisitor = () => {};
  let count = 0;
  for await (const batch of stream) {
    for (const record of batch) {
      const isHeader = visit === undefined && format.fieldNames === undefined;
      if (visit === undefined) {
        const fields = takeFields(path, format, record);
        checkTypes = typeChecker(fields, format);
        visit = begin(fields);
      }
      if (isHeader) continue;
      checkTypes(record.fields, record.line);
      visit(record.fields, record.line);
      count++;
    }
  }
  if (visit === undefined) {
    throw new SyntaxError(`Cannot import ${path}: it is empty`);
  }
  return count;
}

/** The names of the fields, by the header or by the format. */
function takeFields(
  path: string,
  format: CsvFormat,
  { fields, line }: DelimitedRecord,
): StandardFields {
  const { fieldNames, separator } = format;
  if (fieldNames !== undefined && fieldNames.length !== fields.length) {
    const why =
      `it has ${countOf(fields.length, "field")}, and field_names of its ` +
      `format ${fieldNames.length}`;
    throw lineError(path, line, why);
  }
  const names = fieldNames ?? fields;
  names.forEach((name, at) => {
    if (name === "") {
      throw lineError(path, line, `field ${at + 1} has no name`);
    }
    if (names.indexOf(name) === at) return;
    throw lineError(path, line, `two fields are named ${quote(name)}`);
  });
  const isOne = names.length === 1 && /[\t;|]/.test(names[0]!);
  if (isOne && separator === ",") {
    const why = `no comma separates its fields: separator in the format says ` +
      "what does";
    throw lineError(path, line, why);
  }
  return new StandardFields(path, names);
}

function typeChecker(
  fields: StandardFields,
  { fieldTypes }: CsvFormat,
): RecordVisitor {
  const typed = [...fieldTypes].map(([name, type]) => ({
    at: fields.take(name),
    name,
    type,
  }));
  return (values, line) => {
    for (const { at, name, type } of typed) {
      const why = checkFieldValue(values[at]!, type);
      if (why === undefined) continue;
      throw lineError(fields.path, line, `field ${name}: ${why}`);
    }
  };
}
