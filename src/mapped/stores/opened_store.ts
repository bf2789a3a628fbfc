/** What a collection finds out about a store when it opens it. */
import type { CheckedOptions } from "../collection_options.ts";
import type { LabelColumn } from "../labels.ts";
import { labelOf } from "./obs_columns.ts";
import type { RowType } from "../rows.ts";
import type { MappedStore } from "./store.ts";
import type { StoreMatrix } from "../matrices/store_matrix.ts";

/** The extent and the type of a matrix. */
export interface MatrixFacts {
  /** The number of columns. */
  readonly columns: number;
  /** The type of its values. */
  readonly dtype: RowType;
}

/** What is known of a store. */
export interface StoreFacts {
  /** The number of its cells. */
  readonly rows: number;
  /** The cells that the filter keeps, ascending; all if undefined. */
  readonly kept: Int32Array | undefined;
  /** The number of its genes. */
  readonly columns: number;
  /** Their names, where genes are joined. */
  readonly genes: readonly string[] | undefined;
  /** The columns of obs that it has. */
  readonly obs: ReadonlyMap<string, LabelColumn>;
  /** The layers that it has. */
  readonly layers: ReadonlyMap<string, MatrixFacts>;
  /** The matrices of obsm that it has. */
  readonly obsm: ReadonlyMap<string, MatrixFacts>;
}

/**
 * Finds out what is needed of a store. Of its matrices the sizes are read.
 *
 * @param store The store, which is open.
 * @param options What is asked for.
 * @returns What is known.
 */
export async function learnStore(
  store: MappedStore,
  options: CheckedOptions,
): Promise<StoreFacts> {
  const { filters, join, layersKeys, obsKeys, obsmKeys } = options;
  const obs = new Map<string, LabelColumn>();
  for (const key of obsKeys) {
    const column = await store.column(key);
    if (column) obs.set(key, column);
  }
  return {
    rows: store.rows,
    kept: filters && await keepRows(store, obs, filters),
    columns: store.columns,
    genes: join === null ? undefined : await store.genes(),
    obs,
    layers: await factsOf(layersKeys, (key) => store.layer(key)),
    obsm: await factsOf(obsmKeys, (key) => store.obsm(key)),
  };
}

async function factsOf(
  keys: readonly string[],
  find: (key: string) => Promise<StoreMatrix | undefined>,
): Promise<ReadonlyMap<string, MatrixFacts>> {
  const facts = new Map<string, MatrixFacts>();
  for (const key of keys) {
    const matrix = await find(key);
    if (matrix === undefined) continue;
    facts.set(key, { columns: matrix.columns, dtype: matrix.dtype });
  }
  return facts;
}

/** A column that the store lacks matches nothing, not even what is missing. */
async function keepRows(
  store: MappedStore,
  obs: ReadonlyMap<string, LabelColumn>,
  filters: NonNullable<CheckedOptions["filters"]>,
): Promise<Int32Array> {
  const isKept = new Uint8Array(store.rows).fill(1);
  for (const [key, wanted] of filters) {
    const column = obs.get(key) ?? await store.column(key);
    if (column === undefined) return new Int32Array(0);
    for (let row = 0; row < store.rows; row++) {
      if (!wanted.has(labelOf(column, row))) isKept[row] = 0;
    }
  }
  const kept = new Int32Array(isKept.reduce((all, one) => all + one, 0));
  let to = 0;
  isKept.forEach((one, row) => {
    if (one) kept[to++] = row;
  });
  return kept;
}
