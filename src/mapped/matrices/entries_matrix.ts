/** Sparse matrices of AnnData stores. */
import type { AnnDataFile } from "../../anndata/anndata_file.ts";
import type { StoredSparse } from "../../anndata/sparse_matrix.ts";
import { fits, type PlainNumbers, rowTypeOf } from "./row_types.ts";
import type { RowType } from "../rows.ts";
import { gatherRows } from "./gather_rows.ts";
import {
  type LineEntries,
  SparseBuilder,
  type SparsePiece,
} from "./sparse_rows.ts";
import {
  type DenseTarget,
  mostSkippedOf,
  orderRows,
  type RowsRun,
  runsOf,
  type StoreMatrix,
  type WantedRows,
} from "./store_matrix.ts";
import { plainValues } from "./stored_values.ts";
import { transpose, type Transposed } from "./transpose.ts";

/** What of a matrix is read at once, in entries. */
const MOST_ENTRIES = 2 ** 20;

/** Rows that lie together. */
interface EntriesRun extends RowsRun {
  /** Where those of each row of the store start, and where its first are. */
  readonly offsets: Float64Array;
  readonly first: number;
}

/** Where entries go that are added. */
interface EntriesTarget {
  /** A row of zeros. */
  readonly row: PlainNumbers;
  readonly map: Int32Array | undefined;
}

/** A sparse matrix, by rows; one by columns is turned around in memory. */
export class EntriesMatrix implements StoreMatrix {
  readonly columns: number;
  readonly dtype: RowType;
  readonly #file: AnnDataFile;
  readonly #matrix: StoredSparse;
  readonly #transposeBytes: number;
  #transposed: Promise<Transposed> | undefined;

  /**
   * Takes a matrix.
   *
   * @param file The store.
   * @param matrix The matrix.
   * @param transposeBytes What one by columns may take in memory.
   */
  constructor(
    file: AnnDataFile,
    matrix: StoredSparse,
    transposeBytes: number,
  ) {
    this.#file = file;
    this.#matrix = matrix;
    this.#transposeBytes = transposeBytes;
    this.columns = matrix.shape[1];
    this.dtype = rowTypeOf(matrix.typeName);
  }

  async fillDense(wanted: WantedRows, target: DenseTarget): Promise<void> {
    const { columns, dtype, map, rows } = wanted;
    const { data, places } = target;
    for (const run of await this.#runs(wanted, orderRows(rows))) {
      const lines = await this.#read(run, wanted);
      for (const at of run.wanted) {
        const [start, end] = boundsOf(run, rows[at]!);
        const base = columns * places[at]!;
        const row = data.subarray(base, base + columns) as PlainNumbers;
        if (placeOnce(lines, start, end, { row, map })) continue;
        const sum = addUp(lines, start, end, { row, map, dtype });
        if (sum !== undefined) throw this.#misfit(sum, rows[at]!, dtype);
      }
    }
  }

  async takeSparse(wanted: WantedRows): Promise<SparsePiece> {
    const { dtype, rows } = wanted;
    const order = orderRows(rows);
    const builder = new SparseBuilder(
      { ...wanted, rows: rows.length },
      (sum, row) => this.#misfit(sum, rows[order[row]!]!, dtype),
    );
    const runs = await this.#runs(wanted, order);
    builder.reserve(countEntries(runs, rows));
    for (const run of runs) {
      if (await this.#take(run, wanted, builder)) continue;
      const lines = await this.#read(run, wanted);
      for (const at of run.wanted) {
        builder.addRow(lines, ...boundsOf(run, rows[at]!));
      }
    }
    return gatherRows([{ piece: builder.finish(), places: order }], dtype);
  }

  /** The stretches of wanted rows, in the order of the store. */
  async #runs(
    { dtype, rows }: WantedRows,
    order: Int32Array,
  ): Promise<EntriesRun[]> {
    if (rows.length === 0) return [];
    const { offsets } = await this.#lines();
    const isTooLarge = (start: number, end: number) =>
      offsets[end]! - offsets[start]! > MOST_ENTRIES;
    const mostSkipped = mostSkippedOf(this.dtype, dtype);
    const runs = runsOf(rows, order, { mostSkipped, isTooLarge });
    return Array.from(
      runs,
      (run) => ({ ...run, offsets, first: offsets[run.start]! }),
    );
  }

  /**
   * Reads rows to where they stay, if all of a stretch are wanted, as they are
   * stored; else nothing is done, and the answer is false.
   */
  async #take(
    run: EntriesRun,
    { map, rows, signal }: WantedRows,
    builder: SparseBuilder,
  ): Promise<boolean> {
    const { end, first, offsets, start, wanted } = run;
    const isPlain = map === undefined && this.#matrix.kind === "csr" &&
      wanted.length === end - start &&
      wanted.every((at, number) => rows[at] === start + number);
    if (!isPlain) return false;
    signal?.throwIfAborted();
    const base = builder.length;
    const room = builder.room(offsets[end]! - first);
    if (!await this.#matrix.readInto(first, room)) return false;
    const bounds = {
      columns: this.columns,
      check: (from: number, to: number) => {
        const stored = builder.indices.subarray(from, to);
        this.#matrix.checkIndices(stored, first + from - base);
      },
    };
    for (let row = start; row < end; row++) {
      const [from, to] = boundsOf(run, row);
      builder.takeRow(base + from, base + to, bounds);
    }
    return true;
  }

  /** Reads the rows of a stretch. */
  async #read(
    { end, first, offsets, start, wanted }: EntriesRun,
    { dtype, map, rows, signal }: WantedRows,
  ): Promise<LineEntries> {
    signal?.throwIfAborted();
    const { transposed } = await this.#lines();
    const last = offsets[end]!;
    const { indices, values } = transposed
      ? transposed.slice(first, last)
      : await this.#matrix.readEntries(first, last);
    const plain = plainValues(values, dtype, {
      isWanted: (at) =>
        (map === undefined || map[indices[at]!]! >= 0) &&
        wanted.some((place) => {
          const row = rows[place]!;
          return offsets[row]! <= first + at && first + at < offsets[row + 1]!;
        }),
      fail: ({ at, why }) =>
        this.#file.error(
          this.#matrix.valuesPath,
          transposed
            ? `a value of rows ${start} to ${end - 1}${why}`
            : `element ${first + at}${why}`,
        ),
    });
    return { indices, values: plain };
  }

  /** Where the entries of rows are, of the matrix or of it turned around. */
  async #lines(): Promise<{
    readonly offsets: Float64Array;
    readonly transposed: Transposed | undefined;
  }> {
    if (this.#matrix.kind === "csr") {
      return { offsets: await this.#matrix.starts(), transposed: undefined };
    }
    const transposed = await this.#transpose();
    return { offsets: transposed.offsets, transposed };
  }

  #transpose(): Promise<Transposed> {
    this.#transposed ??= transpose(
      this.#file,
      this.#matrix,
      this.#transposeBytes,
    ).catch((error) => {
      this.#transposed = undefined;
      throw error;
    });
    return this.#transposed;
  }

  #misfit(sum: number, row: number, dtype: RowType): Error {
    return this.#file.error(
      this.#matrix.path,
      `repeated entries of row ${row} add up to ${sum}, ` +
        `which does not fit ${dtype}`,
    );
  }
}

function countEntries(
  runs: readonly EntriesRun[],
  rows: Int32Array,
): number {
  let count = 0;
  for (const { offsets, wanted } of runs) {
    for (const at of wanted) {
      count += offsets[rows[at]! + 1]! - offsets[rows[at]!]!;
    }
  }
  return count;
}

function boundsOf(
  { first, offsets }: EntriesRun,
  row: number,
): [start: number, end: number] {
  return [offsets[row]! - first, offsets[row + 1]! - first];
}

/** False where a column comes again. */
function placeOnce(
  { indices, values }: LineEntries,
  start: number,
  end: number,
  { map, row }: EntriesTarget,
): boolean {
  if (map === undefined) {
    for (let at = start; at < end; at++) {
      const column = indices[at]!;
      if (row[column] !== 0) return false;
      row[column] = values[at]!;
    }
    return true;
  }
  for (let at = start; at < end; at++) {
    const column = map[indices[at]!]!;
    if (column < 0) continue;
    if (row[column] !== 0) return false;
    row[column] = values[at]!;
  }
  return true;
}

/** Sums are rounded once, as in sparse rows. Gives one that does not fit. */
function addUp(
  { indices, values }: LineEntries,
  start: number,
  end: number,
  { dtype, map, row }: EntriesTarget & { readonly dtype: RowType },
): number | undefined {
  const sums = new Float64Array(row.length);
  for (let at = start; at < end; at++) {
    const column = map ? map[indices[at]!]! : indices[at]!;
    if (column >= 0) sums[column]! += values[at]!;
  }
  row.set(sums as Float64Array);
  return sums.find((sum) => !fits(sum, dtype));
}
