/** The columns of obs of a collection. */
import {
  areMixed,
  type Encoder,
  type KnownLabel,
  type LabelColumn,
  makeEncoder,
  mergeLabels,
} from "../labels.ts";
import type { Label, RowLabels } from "../rows.ts";

/** The code of a missing label in batches: no code that there is. */
const MISSING_CODE = -(2 ** 31);

/** A column of obs, of all stores. */
export interface ObsColumn {
  /** That of each store, undefined where there is none. */
  readonly stores: readonly (LabelColumn | undefined)[];
}

/**
 * The sorted labels of a column.
 *
 * @param column The column.
 * @returns Each label once.
 */
export function categoriesOf(column: ObsColumn): KnownLabel[] {
  return mergeLabels(column.stores);
}

/**
 * The codes of the labels of a column.
 *
 * @param column The column.
 * @param unknown The label that becomes -1.
 * @returns The codes, by label.
 */
export function encoderOf(column: ObsColumn, unknown?: KnownLabel): Encoder {
  const isText = unknown !== undefined && areMixed(column.stores);
  return makeEncoder(categoriesOf(column), isText ? `${unknown}` : unknown);
}

/**
 * The label of a cell.
 *
 * @param labels The column of its store.
 * @param row The row of the store.
 * @returns The label, null where it is missing.
 */
export function labelOf({ codes, labels }: LabelColumn, row: number): Label {
  const code = codes[row]!;
  return code < 0 ? null : labels[code]!;
}

/**
 * The labels of cells, which are among the categories of the column.
 *
 * @param column The column.
 * @param rows For each store the rows that there are.
 * @returns A label a cell, null where it is missing or the store has no such
 * column.
 */
export function labelsOf(
  column: ObsColumn,
  rows: readonly Iterable<number>[],
): Label[] {
  const isMixed = areMixed(column.stores);
  const all: Label[] = [];
  column.stores.forEach((store, at) => {
    for (const row of rows[at]!) {
      const label = store ? labelOf(store, row) : null;
      all.push(isMixed && label !== null ? `${label}` : label);
    }
  });
  return all;
}

/** The codes of the labels of each store. */
export type StoreCodes = readonly (Int32Array | undefined)[];

/**
 * Looks up the codes of the labels of each store.
 *
 * @param column The column.
 * @param encoder The codes.
 * @returns For each label of each store its code.
 */
export function codesOf(column: ObsColumn, encoder: Encoder): StoreCodes {
  return column.stores.map((store) =>
    store && Int32Array.from(store.labels, (label) => encoder[String(label)]!)
  );
}

/**
 * Takes the labels of rows.
 *
 * @param column The column.
 * @param rows For each row its store, and the row in it.
 * @param codes The codes, where the labels are encoded.
 * @returns The labels; undefined where none of the stores has the column.
 */
export function takeLabels(
  column: ObsColumn,
  rows: { readonly stores: Int32Array; readonly rows: Int32Array },
  codes: StoreCodes | undefined,
): RowLabels | undefined {
  const { stores } = column;
  const length = rows.rows.length;
  if (!hasAny(stores, rows.stores)) return undefined;
  const own = new Int32Array(length);
  for (let at = 0; at < length; at++) {
    const store = stores[rows.stores[at]!];
    own[at] = store ? store.codes[rows.rows[at]!]! : -1;
  }
  if (codes === undefined) {
    const values = Array.from(
      own,
      (code, at) => code < 0 ? null : stores[rows.stores[at]!]!.labels[code]!,
    );
    return { isEncoded: false, values };
  }
  const missing = own.some((code) => code < 0)
    ? Uint8Array.from(own, (code) => code < 0 ? 1 : 0)
    : undefined;
  const encoded = own.map((code, at) =>
    code < 0 ? MISSING_CODE : codes[rows.stores[at]!]![code]!
  );
  return { isEncoded: true, codes: encoded, missing };
}

/** Of no rows the column is there if any store has it. */
function hasAny(
  columns: readonly (LabelColumn | undefined)[],
  stores: Int32Array,
): boolean {
  return stores.length === 0
    ? columns.some((column) => column !== undefined)
    : stores.some((store) => columns[store] !== undefined);
}
