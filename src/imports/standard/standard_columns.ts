import type { DataArray } from "../../arrays/data_array.ts";
import {
  type ArrayKind,
  nameOfSourceData,
} from "../../profiles/array_names.ts";
import type { CsvFormat } from "./csv_format.ts";
import type { StandardFields } from "./standard_table.ts";
import { fieldArray } from "./standard_values.ts";

/** Gathers the fields of a table that become arrays. */
export class StandardColumns {
  readonly #path: string;
  readonly #columns: readonly {
    readonly at: number;
    readonly field: string;
    readonly texts: string[];
  }[];

  /**
   * @param fields The fields of the table.
   * @param others The places of those that become something else.
   */
  constructor(fields: StandardFields, others: readonly number[]) {
    this.#path = fields.path;
    this.#columns = fields.names
      .map((field, at) => ({ at, field, texts: [] }))
      .filter(({ at }) => !others.includes(at));
  }

  /**
   * Takes a record.
   *
   * @param fields Its fields.
   */
  add(fields: readonly string[]): void {
    for (const { at, texts } of this.#columns) texts.push(fields[at]!);
  }

  /**
   * Makes arrays of the fields.
   *
   * @param kind What they have a value for each of.
   * @param format The types of the fields.
   * @returns The arrays by their names.
   * @throws {Error} If names of fields differ only by case.
   */
  arrays(kind: ArrayKind, format: CsvFormat): Record<string, DataArray> {
    const entries = this.#columns.map(({ field, texts }) =>
      [
        nameOfSourceData(kind, field),
        fieldArray(texts, format.typeOf(field)),
      ] as const
    );
    this.#checkNames(entries.map(([name]) => name));
    return Object.fromEntries(entries);
  }

  /** The files of arrays stand side by side, perhaps where case is nothing. */
  #checkNames(names: readonly string[]): void {
    const seen = new Map<string, string>();
    for (const name of names) {
      const other = seen.get(name.toLowerCase());
      seen.set(name.toLowerCase(), name);
      if (other === undefined) continue;
      const both = `${JSON.stringify(other)} and ${JSON.stringify(name)}`;
      throw new Error(
        `Cannot import ${this.#path}: its fields ${both} differ by case only`,
      );
    }
  }
}
