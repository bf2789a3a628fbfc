/** What a matrix of a store is to a collection, and how rows are ordered. */
import { fitsAlways, type PlainNumbers, type PlainType } from "./row_types.ts";
import type { LeafSpan } from "../../compute/leaf_spans.ts";
import type { RowType } from "../rows.ts";
import type { PlainMemory, SparsePiece } from "./sparse_rows.ts";

/** Rows of a store that are wanted. */
export interface WantedRows {
  /** The rows of the store, in any order; repeats may be. */
  readonly rows: Int32Array;
  /** For each column of the store which it becomes, -1 none. */
  readonly map: Int32Array | undefined;
  /** The number of columns that there are then. */
  readonly columns: number;
  /** The type of the values. */
  readonly dtype: PlainType;
  /** Whether sparse rows may have zeros that are written out. */
  readonly keepZeros?: boolean | undefined;
  /** Memory for sparse rows, of that type; it may be too small. */
  readonly memory?: PlainMemory | undefined;
  /** Stops the reading. */
  readonly signal?: AbortSignal | undefined;
}

/** Where dense rows go. */
export interface DenseTarget {
  /** The values, row by row; zeros before. */
  readonly data: PlainNumbers;
  /** For each of the wanted rows which one it is there, each once. */
  readonly places: Int32Array;
}

/** A matrix of a store. */
export interface StoreMatrix {
  /** The number of columns. */
  readonly columns: number;
  /** The type of its values, as rows have it. */
  readonly dtype: RowType;
  /**
   * Puts rows into zeros.
   *
   * @param wanted The rows.
   * @param target Where they go.
   */
  fillDense(wanted: WantedRows, target: DenseTarget): Promise<void>;
  /**
   * Takes rows, in the order in which they are asked for.
   *
   * @param wanted The rows.
   */
  takeSparse(wanted: WantedRows): Promise<SparsePiece>;
  /**
   * Finds the byte pairs of rows, for engines; matrices that have none lack
   * this.
   *
   * @param wanted The rows.
   * @param places For each of them which one it is of the result.
   */
  spans?(wanted: WantedRows, places: Int32Array): Promise<readonly LeafSpan[]>;
}

/** Rows that are read at once. */
export interface RowsRun {
  /** The first row of the store. */
  readonly start: number;
  /** Where they end. */
  readonly end: number;
  /** Which of the wanted rows they are: a part of the order. */
  readonly wanted: Int32Array;
}

/** How rows are put into stretches. */
export interface RunsOptions {
  /** Rows between two wanted ones that are rather read than skipped. */
  readonly mostSkipped: number;
  /**
   * Whether a stretch should not be read at once.
   *
   * @param start Its first row.
   * @param end Where its rows end.
   */
  isTooLarge(start: number, end: number): boolean;
}

/** Rows between two wanted ones that are rather read than skipped. */
const MOST_SKIPPED = 4;

/**
 * The order in which wanted rows are in the store.
 *
 * @param rows The rows.
 * @returns The positions among the wanted rows, that of the first row first.
 */
export function orderRows(rows: Int32Array): Int32Array {
  const order = Int32Array.from(rows, (_, at) => at);
  if (isAscending(rows)) return order;
  const keys = Float64Array.from(rows, (row, at) => row * rows.length + at);
  keys.sort();
  return order.map((at) => keys[at]! % rows.length);
}

/** Whether rows are in the order of the store. */
function isAscending(rows: Int32Array): boolean {
  for (let at = 1; at < rows.length; at++) {
    if (rows[at]! < rows[at - 1]!) return false;
  }
  return true;
}

/**
 * Splits rows into stretches that are read at once.
 *
 * @param rows The wanted rows.
 * @param order Their order in the store.
 * @param options Which rows stay together.
 * @returns The stretches, of at least one row each.
 */
export function* runsOf(
  rows: Int32Array,
  order: Int32Array,
  options: RunsOptions,
): Generator<RowsRun, void> {
  for (let at = 0; at < order.length;) {
    const first = at;
    const start = rows[order[at++]!]!;
    let end = start + 1;
    while (at < order.length) {
      const row = rows[order[at]!]!;
      const isFar = row - end > options.mostSkipped;
      if (isFar || row >= end && options.isTooLarge(start, row + 1)) break;
      end = Math.max(end, row + 1);
      at++;
    }
    yield { start, end, wanted: order.subarray(first, at) };
  }
}

/**
 * How many rows may be read that nobody wants: none, where values that do not
 * fit would be among them.
 *
 * @param stored The type in the store.
 * @param dtype The type that is wanted.
 * @returns The number between two wanted rows.
 */
export function mostSkippedOf(stored: RowType, dtype: PlainType): number {
  return fitsAlways(stored, dtype) ? MOST_SKIPPED : 0;
}

/**
 * Undoes an order.
 *
 * @param order The positions of wanted rows, as they came.
 * @returns For each wanted row which one it was.
 */
export function invertOrder(order: Int32Array): Int32Array {
  const places = new Int32Array(order.length);
  for (let at = 0; at < order.length; at++) places[order[at]!] = at;
  return places;
}
