/** Dense rows out of sparse ones. */
import type {
  DenseMatrixRows,
  DenseMemory,
  MatrixRows,
  RowNumbers,
  RowsBatch,
  SparseMatrixRows,
} from "../rows.ts";

/** The share of values from which on sparse rows take more than dense ones. */
const MOST_FILLED = 0.25;

/**
 * Whether sparse rows are a good way to send dense ones.
 *
 * @param batch Rows.
 * @returns Whether few of the values of all layers are not zero.
 */
export function areSparse({ layers }: RowsBatch): boolean {
  return Object.values(layers).every((rows) =>
    rows.format === "csr" &&
    rows.indices.length <= MOST_FILLED * rows.shape[0] * rows.shape[1]
  );
}

/**
 * Makes the rows of all layers dense.
 *
 * @param layers The layers; dense ones stay as they are.
 * @param into Memory to put them into, by layer, which has room for them.
 * @returns The layers.
 */
export function spreadLayers(
  layers: RowsBatch["layers"],
  into?: DenseMemory,
): Record<string, MatrixRows> {
  const entries = Object.entries(layers).map(([key, rows]) =>
    [
      key,
      rows.format === "csr" ? spreadRows(rows, { into: into?.[key] }) : rows,
    ] as const
  );
  return Object.fromEntries(entries);
}

/**
 * Makes rows dense.
 *
 * @param rows The rows.
 * @param options Which of them, in which order, all by default; and memory to
 * put them into, which has room for them.
 * @returns The rows.
 */
export function spreadRows(
  { data, dtype, indices, indptr, shape }: SparseMatrixRows,
  { into, places }: {
    readonly into?: RowNumbers | undefined;
    readonly places?: Int32Array | undefined;
  } = {},
): DenseMatrixRows {
  const [allRows, columns] = shape;
  const rowsCount = places?.length ?? allRows;
  const dense = takeMemory(data, rowsCount * columns, into);
  for (let at = 0; at < rowsCount; at++) {
    const row = places ? places[at]! : at;
    const [start, end] = [indptr[row]!, indptr[row + 1]!];
    const base = at * columns;
    // Row by row: the zeros are in the cache yet when the entries are written.
    if (dense === into) clear(dense, base, base + columns);
    // All of the arrays are of one type, whichever it is.
    spread(
      { indices, values: data as Float32Array },
      { start, end },
      { base, dense: dense as Float32Array },
    );
  }
  const length = rowsCount * columns;
  const values = dense.length === length ? dense : dense.subarray(0, length);
  return {
    format: "dense",
    shape: [rowsCount, columns],
    dtype,
    data: values as RowNumbers,
  };
}

/** What was given, if it is of the type, else zeros. */
function takeMemory(
  like: RowNumbers,
  length: number,
  into: RowNumbers | undefined,
): RowNumbers {
  const Numbers = like.constructor as Float32ArrayConstructor;
  const isFit = into?.constructor === Numbers && into.length >= length;
  return isFit ? into : new Numbers(length);
}

function clear(dense: RowNumbers, start: number, end: number): void {
  const isBig = dense instanceof BigInt64Array ||
    dense instanceof BigUint64Array;
  if (isBig) dense.fill(0n, start, end);
  else dense.fill(0, start, end);
}

function spread(
  { indices, values }: {
    readonly indices: Int32Array;
    readonly values: Float32Array;
  },
  { start, end }: { readonly start: number; readonly end: number },
  { base, dense }: { readonly base: number; readonly dense: Float32Array },
): void {
  for (let at = start; at < end; at++) {
    dense[base + indices[at]!] = values[at]!;
  }
}
