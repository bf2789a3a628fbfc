/** Dense rows out of sparse ones. */
import type {
  DenseMatrixRows,
  MatrixRows,
  RowNumbers,
  RowsBatch,
  SparseMatrixRows,
} from "../rows.ts";
import type { DenseBuffers } from "./buffers.ts";

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
  into?: DenseBuffers,
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
  const dense = zeros(data, rowsCount * columns, into);
  for (let at = 0; at < rowsCount; at++) {
    const row = places ? places[at]! : at;
    const [start, end] = [indptr[row]!, indptr[row + 1]!];
    // All of the arrays are of one type, whichever it is.
    spread(
      { indices, values: data as Float32Array },
      { start, end },
      { base: at * columns, dense: dense as Float32Array },
    );
  }
  return { format: "dense", shape: [rowsCount, columns], dtype, data: dense };
}

function zeros(
  like: RowNumbers,
  length: number,
  into: RowNumbers | undefined,
): RowNumbers {
  const Numbers = like.constructor as Float32ArrayConstructor;
  if (into === undefined || into.constructor !== Numbers) {
    return new Numbers(length);
  }
  const dense = (into as Float32Array).subarray(0, length);
  // An array of bigints is not filled by a number.
  new Uint8Array(dense.buffer, dense.byteOffset, dense.byteLength).fill(0);
  return dense;
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
