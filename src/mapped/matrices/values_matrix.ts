/** Dense matrices of AnnData stores. */
import type { AnnDataFile } from "../../anndata/anndata_file.ts";
import type { StoredDense } from "../../anndata/dense_matrix.ts";
import { type PlainNumbers, rowTypeOf } from "./row_types.ts";
import type { RowType } from "../rows.ts";
import { gatherRows } from "./gather_rows.ts";
import { SparseBuilder, type SparsePiece } from "./sparse_rows.ts";
import {
  type DenseTarget,
  mostSkippedOf,
  orderRows,
  type RowsRun,
  runsOf,
  type StoreMatrix,
  type WantedRows,
} from "./store_matrix.ts";
import { plainValues, type WrongValue } from "./stored_values.ts";

/** What of a matrix is read at once, in values. */
const MOST_VALUES = 2 ** 20;

/** Rows that lie together. */
interface ValuesRun extends RowsRun {
  readonly values: PlainNumbers;
}

/** A dense matrix. */
export class ValuesMatrix implements StoreMatrix {
  readonly columns: number;
  readonly dtype: RowType;
  readonly #file: AnnDataFile;
  readonly #matrix: StoredDense;

  /**
   * Takes a matrix.
   *
   * @param file The store.
   * @param matrix The matrix.
   */
  constructor(file: AnnDataFile, matrix: StoredDense) {
    this.#file = file;
    this.#matrix = matrix;
    this.columns = matrix.shape[1];
    this.dtype = rowTypeOf(matrix.typeName);
  }

  async fillDense(wanted: WantedRows, target: DenseTarget): Promise<void> {
    const { columns, map, rows } = wanted;
    const data = target.data as Float64Array;
    for await (const run of this.#runs(wanted, orderRows(rows))) {
      for (const at of run.wanted) {
        const start = (rows[at]! - run.start) * this.columns;
        const row = run.values.subarray(start, start + this.columns);
        const base = columns * target.places[at]!;
        if (map === undefined) data.set(row as Float64Array, base);
        else placeValues(row, map, data, base);
      }
    }
  }

  async takeSparse(wanted: WantedRows): Promise<SparsePiece> {
    const { dtype, rows } = wanted;
    const order = orderRows(rows);
    // No columns are repeated, and so nothing is added up.
    const builder = new SparseBuilder(
      { ...wanted, rows: rows.length },
      (sum) =>
        this.#file.error(this.#matrix.path, `${sum} does not fit ${dtype}`),
    );
    const indices = Int32Array.from({ length: this.columns }, (_, at) => at);
    for await (const run of this.#runs(wanted, order)) {
      for (const at of run.wanted) {
        const start = (rows[at]! - run.start) * this.columns;
        const values = run.values.subarray(start, start + this.columns);
        builder.addRow({ indices, values }, 0, this.columns);
      }
    }
    return gatherRows([{ piece: builder.finish(), places: order }], dtype);
  }

  async *#runs(
    { dtype, map, rows, signal }: WantedRows,
    order: Int32Array,
  ): AsyncGenerator<ValuesRun, void> {
    const isTooLarge = (start: number, end: number) =>
      (end - start) * this.columns > MOST_VALUES;
    const mostSkipped = mostSkippedOf(this.dtype, dtype);
    for (const run of runsOf(rows, order, { mostSkipped, isTooLarge })) {
      signal?.throwIfAborted();
      const stored = await this.#matrix.readRows(run.start, run.end);
      const values = plainValues(stored, dtype, {
        isWanted: (at) =>
          (map === undefined || map[at % this.columns]! >= 0) &&
          run.wanted.some((place) =>
            rows[place] === run.start + Math.floor(at / this.columns)
          ),
        fail: (wrong) => this.#misfit(run.start, wrong),
      });
      yield { ...run, values };
    }
  }

  #misfit(firstRow: number, { at, why }: WrongValue): Error {
    const row = firstRow + Math.floor(at / this.columns);
    const column = at % this.columns;
    const what = `the value of row ${row} and column ${column}`;
    return this.#file.error(this.#matrix.path, what + why);
  }
}

function placeValues(
  row: PlainNumbers,
  map: Int32Array,
  data: PlainNumbers,
  base: number,
): void {
  for (let at = 0; at < row.length; at++) {
    const column = map[at]!;
    if (column >= 0) data[base + column] = row[at]!;
  }
}
