/** Where the rows of a collection are in its stores. */
import { countOf } from "../io/plural.ts";
import { findOwner } from "../profiles/selection.ts";

/** Wanted rows of one store. */
export interface StoreRows {
  /** The store. */
  readonly store: number;
  /** The rows in it. */
  readonly rows: Int32Array;
  /** Which of the wanted rows they are. */
  readonly places: Int32Array;
}

/** Wanted rows of a collection. */
export interface PlacedRows {
  /** The index of each in the collection. */
  readonly indices: Int32Array;
  /** The store of each. */
  readonly stores: Int32Array;
  /** The row of each in its store. */
  readonly rows: Int32Array;
  /** The same by store. */
  readonly groups: readonly StoreRows[];
}

/** The rows of a collection: some or all of each store, one after the other. */
export class RowPlaces {
  /** The number of rows. */
  readonly length: number;
  /** The number of rows of each store. */
  readonly counts: readonly number[];
  readonly #kept: readonly (Int32Array | undefined)[];
  readonly #starts: Int32Array;

  /**
   * Puts rows one after the other.
   *
   * @param stores The rows of each store: their number, and which are kept,
   * all if undefined.
   */
  constructor(
    stores: readonly {
      readonly rows: number;
      readonly kept: Int32Array | undefined;
    }[],
  ) {
    this.counts = stores.map(({ kept, rows }) => kept?.length ?? rows);
    this.#kept = stores.map(({ kept }) => kept);
    this.#starts = new Int32Array(stores.length);
    let length = 0;
    this.counts.forEach((count, store) => {
      this.#starts[store] = length;
      length += count;
    });
    this.length = length;
  }

  /**
   * Finds rows.
   *
   * @param indices Their indices; negative ones count from the end.
   * @returns Where they are.
   * @throws {TypeError} If they are no list, or an index is no integer.
   * @throws {RangeError} If there is no such row.
   */
  find(indices: ArrayLike<number>): PlacedRows {
    const length = indices?.length;
    // A number or a set would be taken for a list of nothing.
    if (length === undefined) {
      throw new TypeError(`Cannot take rows: ${indices} is no list of indices`);
    }
    const placed = {
      indices: new Int32Array(length),
      stores: new Int32Array(length),
      rows: new Int32Array(length),
    };
    for (let at = 0; at < length; at++) {
      const index = this.#check(indices[at]!);
      const store = findOwner(this.#starts, index);
      placed.indices[at] = index;
      placed.stores[at] = store;
      placed.rows[at] = this.rowOf(store, index - this.#starts[store]!);
    }
    return { ...placed, groups: groupRows(placed) };
  }

  /**
   * The row of a store that one of its kept rows is.
   *
   * @param store The store.
   * @param at Which of the kept rows.
   * @returns The row.
   */
  rowOf(store: number, at: number): number {
    const kept = this.#kept[store];
    return kept ? kept[at]! : at;
  }

  /**
   * The rows of a store that are kept.
   *
   * @param store The store.
   * @returns The rows, ascending.
   */
  rowsOf(store: number): Iterable<number> {
    return this.#kept[store] ?? Array(this.counts[store]!).keys();
  }

  #check(index: number): number {
    if (!Number.isInteger(index)) {
      throw new TypeError(`Cannot take row ${index}: it is no integer`);
    }
    const positive = index < 0 ? index + this.length : index;
    if (positive >= 0 && positive < this.length) return positive;
    throw new RangeError(
      `Cannot take row ${index}: the collection has ` +
        countOf(this.length, "row"),
    );
  }
}

/**
 * Takes the rows of one store out of those of several.
 *
 * @param group The rows of the store.
 * @param placed The rows of all.
 * @returns The rows, in the order of the group.
 */
export function rowsOfGroup(
  { places, rows, store }: StoreRows,
  placed: PlacedRows,
): PlacedRows {
  return {
    indices: places.map((place) => placed.indices[place]!),
    stores: places.map(() => store),
    rows,
    groups: [{ store, rows, places: rows.map((_, at) => at) }],
  };
}

function groupRows(
  { rows, stores }: { readonly rows: Int32Array; readonly stores: Int32Array },
): StoreRows[] {
  const places = new Map<number, number[]>();
  let isOne = true;
  for (let at = 1; at < stores.length; at++) isOne &&= stores[at] === stores[0];
  if (isOne) {
    if (stores.length === 0) return [];
    return [{ store: stores[0]!, rows, places: rows.map((_, at) => at) }];
  }
  stores.forEach((store, at) => {
    const list = places.get(store);
    if (list) list.push(at);
    else places.set(store, [at]);
  });
  return [...places].sort(([left], [right]) => left - right)
    .map(([store, list]) => ({
      store,
      rows: Int32Array.from(list, (at) => rows[at]!),
      places: Int32Array.from(list),
    }));
}
