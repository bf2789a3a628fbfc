/** The labels of the cells of a collection, and their codes. */
import type { CheckedOptions } from "../collection_options.ts";
import type { Encoder, LabelColumn } from "../labels.ts";
import {
  codesOf,
  encoderOf,
  labelOf,
  type ObsColumn,
  type StoreCodes,
  takeLabels,
} from "./obs_columns.ts";
import type { OpenStores } from "./open_stores.ts";
import type { StoreFacts } from "./opened_store.ts";
import type { PlacedRows } from "../row_places.ts";
import type { Label, RowLabels } from "../rows.ts";

/** The label of a cell by its column; columns that its store lacks are not. */
export type CellLabels = readonly (readonly [key: string, label: Label])[];

/** Gives labels of cells, as codes where these were asked for. */
export class ObsLabels {
  /** The code of each label, by column. */
  readonly encoders: Readonly<Record<string, Encoder>>;
  readonly #stores: OpenStores;
  readonly #keys: readonly string[];
  /** The columns that are kept. */
  readonly #columns: ReadonlyMap<string, ObsColumn>;
  readonly #codes = new WeakMap<ObsColumn, StoreCodes>();

  /**
   * Encodes labels.
   *
   * @param stores The stores.
   * @param options What is asked for.
   * @param facts What is known of the stores.
   */
  constructor(
    stores: OpenStores,
    options: CheckedOptions,
    facts: readonly StoreFacts[],
  ) {
    this.#stores = stores;
    this.#keys = options.obsKeys;
    const columns = new Map<string, ObsColumn>(options.obsKeys.map((key) => {
      return [key, { stores: facts.map(({ obs }) => obs.get(key)) }];
    }));
    this.encoders = Object.fromEntries(options.encoded.map((key) => {
      const unknown = options.unknown.get(key);
      return [key, encoderOf(columns.get(key)!, unknown)];
    }));
    this.#columns = options.cacheCategories ? columns : new Map();
  }

  /**
   * The labels of cells, one by one.
   *
   * @param placed The cells.
   * @returns The labels of each.
   */
  async ofCells({ rows, stores }: PlacedRows): Promise<readonly CellLabels[]> {
    const cells: [string, Label][][] = Array.from(rows, () => []);
    for (const key of this.#keys) {
      const column = await this.#column(key);
      const encoder = this.#encoderOf(key);
      cells.forEach((cell, at) => {
        const store = column.stores[stores[at]!];
        if (store === undefined) return;
        const label = labelOf(store, rows[at]!);
        const isPlain = label === null || encoder === undefined;
        cell.push([key, isPlain ? label : encoder[String(label)]!]);
      });
    }
    return cells;
  }

  /**
   * The labels of cells, column by column.
   *
   * @param placed The cells.
   * @returns The labels, without the columns that no store of them has.
   */
  async ofRows(placed: PlacedRows): Promise<Record<string, RowLabels>> {
    const all: [string, RowLabels][] = [];
    for (const key of this.#keys) {
      const column = await this.#column(key);
      const labels = takeLabels(column, placed, this.#codesOf(key, column));
      if (labels) all.push([key, labels]);
    }
    return Object.fromEntries(all);
  }

  /**
   * A column of all stores, whether samples have it or not.
   *
   * @param key Its name.
   * @returns The column.
   * @throws {Error} If no store has it.
   */
  async column(key: string): Promise<ObsColumn> {
    const column = await this.#column(key);
    if (column.stores.some((store) => store !== undefined)) return column;
    const [first] = this.#stores.paths;
    throw new Error(
      `Cannot read the labels of ${key}: neither ${first} nor any other ` +
        "store of the collection has such a column of obs",
    );
  }

  async #column(key: string): Promise<ObsColumn> {
    this.#stores.checkOpen();
    const known = this.#columns.get(key);
    if (known) return known;
    const stores: (LabelColumn | undefined)[] = [];
    for (const index of this.#stores.paths.keys()) {
      stores.push(
        await this.#stores.useTables(index, (store) => store.column(key)),
      );
    }
    return { stores };
  }

  /** A column may be called as what every object has: `constructor`. */
  #encoderOf(key: string): Encoder | undefined {
    return Object.hasOwn(this.encoders, key) ? this.encoders[key] : undefined;
  }

  #codesOf(key: string, column: ObsColumn): StoreCodes | undefined {
    const encoder = this.#encoderOf(key);
    if (encoder === undefined) return undefined;
    const known = this.#codes.get(column);
    if (known) return known;
    const codes = codesOf(column, encoder);
    this.#codes.set(column, codes);
    return codes;
  }
}
