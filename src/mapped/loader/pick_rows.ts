/** Batches out of rows that were read together. */
import type {
  DenseMatrixRows,
  DenseMemory,
  MatrixRows,
  RowFormat,
  RowLabels,
  RowNumbers,
  RowsBatch,
  SparseMatrixRows,
} from "../rows.ts";
import { spreadRows } from "./spread_rows.ts";

/** How rows are taken out of a batch. */
export interface PickOptions {
  /** How those of matrices are laid out. */
  readonly format: RowFormat;
  /** Memory for dense ones, by layer, which has room for them. */
  readonly into?: DenseMemory | undefined;
}

/**
 * Takes some rows. The arrays are new.
 *
 * @param batch The rows that were read.
 * @param places Which of them are taken, in which order.
 * @param options How they are given.
 * @returns The rows.
 */
export function pickRows(
  batch: RowsBatch,
  places: Int32Array,
  { format, into }: PickOptions,
): RowsBatch {
  const layers = mapValues(batch.layers, (rows, key): MatrixRows => {
    if (rows.format === "dense") return pickDense(rows, places);
    if (format === "csr") return pickSparse(rows, places);
    return spreadRows(rows, { into: into?.[key], places });
  });
  return {
    indices: places.map((place) => batch.indices[place]!),
    storeIndices: places.map((place) => batch.storeIndices[place]!),
    layers,
    obsm: mapValues(batch.obsm, (rows) => pickDense(rows, places)),
    obs: mapValues(batch.obs, (labels) => pickLabels(labels, places)),
  };
}

function pickSparse(
  { data, dtype, format, indices, indptr, shape }: SparseMatrixRows,
  places: Int32Array,
): SparseMatrixRows {
  const starts = new Int32Array(places.length + 1);
  places.forEach((place, at) => {
    starts[at + 1] = starts[at]! + indptr[place + 1]! - indptr[place]!;
  });
  const columns = new Int32Array(starts.at(-1)!);
  const values = emptyLike(data, columns.length);
  places.forEach((place, at) => {
    const [first, end] = [indptr[place]!, indptr[place + 1]!];
    columns.set(indices.subarray(first, end), starts[at]!);
    copyNumbers(values, data.subarray(first, end), starts[at]!);
  });
  return {
    format,
    dtype,
    shape: [places.length, shape[1]],
    indptr: starts,
    indices: columns,
    data: values,
  };
}

function pickDense(
  { data, dtype, format, shape: [, columns] }: DenseMatrixRows,
  places: Int32Array,
): DenseMatrixRows {
  const values = emptyLike(data, places.length * columns);
  places.forEach((place, at) => {
    const row = data.subarray(columns * place, columns * (place + 1));
    copyNumbers(values, row, columns * at);
  });
  return { format, dtype, shape: [places.length, columns], data: values };
}

function pickLabels(labels: RowLabels, places: Int32Array): RowLabels {
  if (!labels.isEncoded) {
    const values = Array.from(places, (place) => labels.values[place]!);
    return { ...labels, values };
  }
  const { codes, isEncoded, missing } = labels;
  return {
    isEncoded,
    codes: places.map((place) => codes[place]!),
    missing: missing && Uint8Array.from(places, (place) => missing[place]!),
  };
}

function emptyLike(numbers: RowNumbers, length: number): RowNumbers {
  const Numbers = numbers.constructor as Float32ArrayConstructor;
  return new Numbers(length);
}

/** Both are of one type, whichever it is. */
function copyNumbers(to: RowNumbers, from: RowNumbers, start: number): void {
  (to as Float32Array).set(from as Float32Array, start);
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From, key: string) => To,
): Record<string, To> {
  const entries = Object.entries(record);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, map(value, key)]),
  );
}
