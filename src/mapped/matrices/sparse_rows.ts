/** Rows in compressed sparse form, as they are built and put together. */
import {
  fits,
  makePlain,
  type PlainNumbers,
  type PlainType,
} from "./row_types.ts";

/** What starts of 32 bits can count. */
const MOST_ENTRIES = 2 ** 31 - 1;

/** By how much memory is larger that is made in place of other. */
const SLACK = 1.125;

/** Rows in compressed sparse form. */
export interface SparsePiece {
  /** Where the entries of each row start, and where the last ones end. */
  readonly indptr: Int32Array;
  /** The column of each entry, ascending in a row, each once. */
  readonly indices: Int32Array;
  /** The value of each entry. */
  readonly data: PlainNumbers;
}

/** Memory for entries. */
export interface PlainMemory {
  /** Receives their columns. */
  readonly indices: Int32Array;
  /** Receives their values. */
  readonly data: PlainNumbers;
}

/** Makes the error for a value of a row that does not fit the type. */
export type Misfit = (value: number, row: number) => Error;

/** Entries of lines, some of which are taken. */
export interface LineEntries {
  /** The column of each entry. */
  readonly indices: ArrayLike<number>;
  /** The value of each entry. */
  readonly values: PlainNumbers;
}

/** What columns can be. */
export interface ColumnBounds {
  /** How many there are. */
  readonly columns: number;
  /**
   * Throws where one is another.
   *
   * @param start Where the entries are that are looked at.
   * @param end Where they end.
   */
  check(start: number, end: number): void;
}

/** Builds rows, one after the other. */
export class SparseBuilder {
  /** The columns of the entries; the first `length` are in use. */
  indices: Int32Array;
  /** The values of the entries. */
  data: PlainNumbers;
  /** How many entries there are. */
  length = 0;
  readonly #type: PlainType;
  readonly #map: Int32Array | undefined;
  readonly #fail: Misfit;
  readonly #starts: Int32Array;
  readonly #columns: number;
  readonly #keepZeros: boolean;
  #rowsCount = 0;
  #gatherer: RowGatherer | undefined;

  /**
   * Starts without rows.
   *
   * @param shape The number of rows that are to come, their columns, and their
   * type; for each column which of those it becomes, -1 none; memory of that
   * type, which is used as far as it does; and whether zeros may stay.
   * @param fail Makes the error for a sum that does not fit.
   */
  constructor(
    shape: {
      readonly rows: number;
      readonly columns: number;
      readonly dtype: PlainType;
      readonly map: Int32Array | undefined;
      readonly memory?: PlainMemory | undefined;
      readonly keepZeros?: boolean | undefined;
    },
    fail: Misfit,
  ) {
    this.#type = shape.dtype;
    this.#columns = shape.columns;
    this.#keepZeros = shape.keepZeros ?? false;
    this.#map = shape.map;
    this.#fail = fail;
    this.#starts = new Int32Array(shape.rows + 1);
    this.indices = shape.memory?.indices ?? new Int32Array(0);
    this.data = shape.memory?.data ?? makePlain(shape.dtype, 0);
  }

  /**
   * Makes room.
   *
   * @param count How many entries are to be added.
   */
  reserve(count: number): void {
    const needed = this.length + count;
    const most = Math.min(this.indices.length, this.data.length);
    if (needed <= most) return;
    if (needed > MOST_ENTRIES) {
      throw new RangeError(
        `Cannot read ${needed} entries at once: there can be ${MOST_ENTRIES}`,
      );
    }
    // Memory that was too small is used again and again: the next rows may be
    // a few entries more.
    const length = this.length > 0
      ? Math.max(needed, Math.ceil(1.5 * most))
      : Math.ceil(most > 0 ? SLACK * needed : needed);
    const [indices, data] = [this.indices, this.data];
    this.indices = new Int32Array(length);
    this.indices.set(indices.subarray(0, this.length));
    this.data = makePlain(this.#type, length);
    (this.data as Float64Array).set(
      data.subarray(0, this.length) as Float64Array,
    );
  }

  /**
   * Ends a row whose entries were put in already.
   *
   * @param end Where its entries end.
   */
  endRow(end: number): void {
    this.length = end;
    this.#starts[++this.#rowsCount] = end;
  }

  /**
   * Gives the memory behind the last row, to put entries into.
   *
   * @param count How many.
   * @returns The memory, which is that of the builder.
   */
  room(count: number): { indices: Int32Array; values: PlainNumbers } {
    this.reserve(count);
    const [start, end] = [this.length, this.length + count];
    return {
      indices: this.indices.subarray(start, end),
      values: this.data.subarray(start, end),
    };
  }

  /**
   * Adds a row whose entries are in the memory of the builder, at its end or
   * behind it. Repeats of a column add up; zeros are left out.
   *
   * @param start Where the entries are, whose values fit.
   * @param end Where they end.
   * @param bounds How many columns there are where it comes from, and what
   * throws where one of the entries is out of those.
   */
  takeRow(start: number, end: number, bounds: ColumnBounds): void {
    const { data, indices } = this;
    // The last column is the largest then.
    const isRight = doAscend(indices, start, end) &&
      (end === start || indices[end - 1]! < bounds.columns);
    if (!isRight) {
      bounds.check(start, end);
      // What is there is read before anything is written.
      return this.#gather({ indices, values: data }, start, end);
    }
    if (!this.#keepZeros && hasZeros(data, start, end)) {
      this.#copy(indices, data, start, end);
      return;
    }
    if (start > this.length) {
      indices.copyWithin(this.length, start, end);
      data.copyWithin(this.length, start, end);
    }
    this.endRow(this.length + end - start);
  }

  /**
   * Adds a row. Repeats of a column add up; zeros are left out.
   *
   * @param entries Where its entries are, whose values fit.
   * @param start The first.
   * @param end Where they end.
   */
  addRow(entries: LineEntries, start: number, end: number): void {
    this.reserve(end - start);
    const { indices, values } = entries;
    const isDone = this.#map
      ? this.#copyMapped(indices, values, start, end, this.#map)
      : this.#copy(indices, values, start, end);
    if (!isDone) this.#gather(entries, start, end);
  }

  /**
   * Ends.
   *
   * @returns The rows.
   */
  finish(): SparsePiece {
    return {
      indptr: this.#starts,
      indices: this.indices.subarray(0, this.length),
      data: this.data.subarray(0, this.length),
    };
  }

  /** False where columns do not ascend. */
  #copy(
    columns: ArrayLike<number>,
    values: PlainNumbers,
    start: number,
    end: number,
  ): boolean {
    const { indices, data } = this;
    let to = this.length;
    let last = -1;
    for (let at = start; at < end; at++) {
      const column = columns[at]!;
      if (column <= last) return false;
      last = column;
      const value = values[at]!;
      indices[to] = column;
      data[to] = value;
      if (value !== 0) to++;
    }
    this.endRow(to);
    return true;
  }

  #copyMapped(
    columns: ArrayLike<number>,
    values: PlainNumbers,
    start: number,
    end: number,
    map: Int32Array,
  ): boolean {
    const { indices, data } = this;
    let to = this.length;
    let last = -1;
    for (let at = start; at < end; at++) {
      const column = map[columns[at]!]!;
      if (column < 0) continue;
      if (column <= last) return false;
      last = column;
      const value = values[at]!;
      indices[to] = column;
      data[to] = value;
      if (value !== 0) to++;
    }
    this.endRow(to);
    return true;
  }

  /** Columns in any order, with repeats. */
  #gather(
    { indices, values }: LineEntries,
    start: number,
    end: number,
  ): void {
    const gatherer = this.#gatherer ??= new RowGatherer(this.#columns);
    const map = this.#map;
    for (let at = start; at < end; at++) {
      const column = map ? map[indices[at]!]! : indices[at]!;
      if (column >= 0) gatherer.add(column, values[at]!);
    }
    this.endRow(gatherer.take((column, value, at) => {
      if (!fits(value, this.#type)) throw this.#fail(value, this.#rowsCount);
      this.indices[at] = column;
      this.data[at] = value;
    }, this.length));
  }
}

/** Whether columns ascend from 0 on. */
function doAscend(columns: Int32Array, start: number, end: number): boolean {
  let last = -1;
  for (let at = start; at < end; at++) {
    const column = columns[at]!;
    if (column <= last) return false;
    last = column;
  }
  return true;
}

function hasZeros(values: PlainNumbers, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if (values[at] === 0) return true;
  }
  return false;
}

/** Sorts the entries of a row, and adds up repeats. */
class RowGatherer {
  readonly #sums: Float64Array;
  /** A bit for each column that has an entry. */
  readonly #bits: Uint32Array;

  constructor(columns: number) {
    this.#sums = new Float64Array(columns);
    this.#bits = new Uint32Array(Math.ceil(columns / 32));
  }

  add(column: number, value: number): void {
    const word = column >>> 5;
    const bit = 1 << (column & 31);
    if ((this.#bits[word]! & bit) !== 0) this.#sums[column]! += value;
    else this.#sums[column] = value;
    this.#bits[word]! |= bit;
  }

  /** Gives the entries that are not zero in order, and forgets them. */
  take(
    put: (column: number, value: number, at: number) => void,
    start: number,
  ): number {
    let to = start;
    for (let word = 0; word < this.#bits.length; word++) {
      let bits = this.#bits[word]!;
      if (bits === 0) continue;
      this.#bits[word] = 0;
      while (bits !== 0) {
        const lowest = 31 - Math.clz32(bits & -bits);
        const column = (word << 5) + lowest;
        if (this.#sums[column] !== 0) put(column, this.#sums[column]!, to++);
        bits &= bits - 1;
      }
    }
    return to;
  }
}
