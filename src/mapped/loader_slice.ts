/** Batches out of rows that were read together. */
import type {
  DenseMatrixRows,
  MatrixRows,
  RowLabels,
  RowsBatch,
} from "./rows.ts";

/**
 * Takes some rows that follow each other. The arrays are new.
 *
 * @param batch The rows that were read.
 * @param start The first.
 * @param end The one after the last.
 * @returns The rows.
 */
export function sliceRows(
  batch: RowsBatch,
  start: number,
  end: number,
): RowsBatch {
  return {
    indices: batch.indices.slice(start, end),
    storeIndices: batch.storeIndices.slice(start, end),
    layers: mapValues(batch.layers, (rows) => sliceMatrix(rows, start, end)),
    obsm: mapValues(batch.obsm, (rows) => sliceDense(rows, start, end)),
    obs: mapValues(batch.obs, (labels) => sliceLabels(labels, start, end)),
  };
}

function sliceMatrix(rows: MatrixRows, start: number, end: number): MatrixRows {
  if (rows.format === "dense") return sliceDense(rows, start, end);
  const { data, dtype, format, indices, indptr, shape } = rows;
  const [first, last] = [indptr[start]!, indptr[end]!];
  return {
    format,
    dtype,
    shape: [end - start, shape[1]],
    indptr: indptr.slice(start, end + 1).map((at) => at - first),
    indices: indices.slice(first, last),
    data: data.slice(first, last),
  };
}

function sliceDense(
  { data, dtype, format, shape: [, columns] }: DenseMatrixRows,
  start: number,
  end: number,
): DenseMatrixRows {
  const shape = [end - start, columns] as const;
  return {
    format,
    dtype,
    shape,
    data: data.slice(columns * start, columns * end),
  };
}

function sliceLabels(labels: RowLabels, start: number, end: number): RowLabels {
  if (!labels.isEncoded) {
    return { ...labels, values: labels.values.slice(start, end) };
  }
  const { codes, isEncoded, missing } = labels;
  return {
    isEncoded,
    codes: codes.slice(start, end),
    missing: missing?.slice(start, end),
  };
}

function mapValues<T>(
  record: Readonly<Record<string, T>>,
  map: (value: T) => T,
): Record<string, T> {
  const entries = Object.entries(record);
  return Object.fromEntries(entries.map(([key, value]) => [key, map(value)]));
}
