/** A source of rows in memory, which a worker can open too. */
import type {
  GetRowsOptions,
  RowsBatch,
  RowSource,
} from "../../src/mapped/rows.ts";

/** What the rows are like. */
export interface MemoryRowsOptions {
  /** How many. */
  readonly length: number;
  /** How many columns; 3 by default. */
  readonly columns?: number;
  /** Whether only each eighth column has values. */
  readonly isSparse?: boolean;
  /** The first of the rows that have values in all columns even so. */
  readonly denseFrom?: number;
  /** A row that can't be read. */
  readonly badRow?: number;
  /** A row that is never there. */
  readonly stuckRow?: number;
  /** A row that takes long. */
  readonly slowRow?: number;
  /** Why the source can't be opened. */
  readonly problem?: string;
}

/** Rows of which each value is the row, times the columns, and the column. */
export class MemoryRows implements RowSource {
  readonly length: number;
  /** How often memory was given to be used again. */
  reused = 0;
  /** How many rows were asked for. */
  asked = 0;
  readonly #options: MemoryRowsOptions;

  constructor(options: MemoryRowsOptions) {
    this.length = options.length;
    this.#options = options;
  }

  async getRows(
    rows: ArrayLike<number>,
    { format = "dense", into, signal }: GetRowsOptions = {},
  ): Promise<RowsBatch> {
    const { badRow, columns = 3, slowRow, stuckRow } = this.#options;
    const indices = Int32Array.from(rows);
    this.asked += indices.length;
    if (into) this.reused++;
    if (indices.includes(stuckRow ?? -1)) await new Promise(() => {});
    if (indices.includes(slowRow ?? -1)) {
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    await Promise.resolve();
    signal?.throwIfAborted();
    if (indices.includes(badRow ?? -1)) {
      throw new RangeError(
        `Cannot read cells.h5ad: row ${badRow} is not right`,
      );
    }
    const shape = [indices.length, columns] as const;
    const count = indices.length * columns;
    const data = (into?.["X"] as Float32Array)?.subarray(0, count) ??
      new Float32Array(count);
    data.forEach((_, at) =>
      data[at] = indices[Math.floor(at / columns)]! * columns + at % columns
    );
    if (this.#options.isSparse) this.#makeSparse(data, indices);
    const kept = data.map((_, at) => at).filter((at) => data[at] !== 0);
    const indptr = new Int32Array(indices.length + 1);
    kept.forEach((at) => indptr[Math.floor(at / columns) + 1]!++);
    indptr.forEach((_, row) => indptr[row]! += row > 0 ? indptr[row - 1]! : 0);
    const X = format === "dense"
      ? { format, shape, dtype: "float32" as const, data }
      : {
        format,
        shape,
        dtype: "float32" as const,
        data: kept.map((at) => data[at]!),
        indices: Int32Array.from(kept, (at) => at % columns),
        indptr,
      };
    return {
      indices,
      storeIndices: new Int32Array(indices.length),
      layers: { X },
      obsm: {},
      obs: {
        label: { isEncoded: true, codes: indices.slice(), missing: undefined },
        name: {
          isEncoded: false,
          values: Array.from(indices, (row) => `cell ${row}`),
        },
      },
    };
  }

  #makeSparse(data: Float32Array, indices: Int32Array): void {
    const { columns = 3, denseFrom = Infinity } = this.#options;
    data.forEach((_, at) => {
      const isDense = indices[Math.floor(at / columns)]! >= denseFrom;
      if (!isDense && at % columns % 8 > 0) data[at] = 0;
    });
  }
}

/** What a worker calls. */
export function openRows(options: MemoryRowsOptions): RowSource {
  if (options.problem) throw new Error(options.problem);
  return new MemoryRows(options);
}

/** What a loader is told for its workers to open such rows. */
export function memoryOpener(data: MemoryRowsOptions): {
  module: string;
  data: MemoryRowsOptions;
} {
  return { module: import.meta.url, data };
}
