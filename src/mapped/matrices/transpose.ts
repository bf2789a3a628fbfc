/** Matrices that are stored by columns, turned around in memory. */
import type { AnnDataFile } from "../../anndata/anndata_file.ts";
import type { StoredNumbers } from "../../anndata/nodes.ts";
import type {
  SparseEntries,
  StoredSparse,
} from "../../anndata/sparse_matrix.ts";

/** What is read at once, in entries. */
const ENTRIES_AT_ONCE = 2 ** 20;
/** What an index and an offset take in memory. */
const INDEX_BYTES = 4;
const OFFSET_BYTES = 8;

/** The entries of a matrix by rows. */
export class Transposed {
  /** Where the entries of each row start, and where the last ones end. */
  readonly offsets: Float64Array;
  readonly #entries: SparseEntries;

  /**
   * Takes the entries.
   *
   * @param offsets Where those of each row start.
   * @param entries The entries, whose indices are columns.
   */
  constructor(offsets: Float64Array, entries: SparseEntries) {
    this.offsets = offsets;
    this.#entries = entries;
  }

  /**
   * Takes some entries.
   *
   * @param start The first.
   * @param end Where they end.
   * @returns The entries, which are not to be changed.
   */
  slice(start: number, end: number): SparseEntries {
    const { indices, values } = this.#entries;
    return {
      indices: indices.subarray(start, end),
      values: values.subarray(start, end) as StoredNumbers,
    };
  }
}

/**
 * Turns a matrix around: its entries are read twice, and kept.
 *
 * @param file The store.
 * @param matrix The matrix, by columns.
 * @param mostBytes What it may take in memory.
 * @returns The same entries by rows.
 * @throws {Error} If it takes more; with what to do.
 */
export async function transpose(
  file: AnnDataFile,
  matrix: StoredSparse,
  mostBytes: number,
): Promise<Transposed> {
  checkSize(file, matrix, mostBytes);
  const offsets = await countRows(matrix);
  const next = offsets.slice(0, -1);
  const columns = await matrix.starts();
  const indices = new Uint32Array(matrix.entriesCount);
  let values: StoredNumbers | undefined;
  let column = 0;
  for await (const { first, entries } of pieces(matrix)) {
    values ??= emptyLike(entries.values, matrix.entriesCount);
    for (let at = 0; at < entries.indices.length; at++) {
      while (columns[column + 1]! <= first + at) column++;
      const to = next[entries.indices[at]!]!++;
      indices[to] = column;
      values[to] = entries.values[at]!;
    }
  }
  const nothing = new Float64Array(0);
  return new Transposed(offsets, { indices, values: values ?? nothing });
}

function checkSize(
  file: AnnDataFile,
  matrix: StoredSparse,
  mostBytes: number,
): void {
  const bits = Number(/\d+$/.exec(matrix.typeName)?.[0] ?? 8);
  const bytes = matrix.entriesCount * (INDEX_BYTES + bits / 8) +
    matrix.shape[0] * OFFSET_BYTES;
  if (bytes <= mostBytes) return;
  throw file.error(
    matrix.path,
    `it is stored by columns (CSC), and to turn it around takes ${bytes} ` +
      `bytes of memory, more than transposeBytes, ${mostBytes}: store it by ` +
      "rows, as X.tocsr() makes it in Python, or import it",
  );
}

async function countRows(matrix: StoredSparse): Promise<Float64Array> {
  const offsets = new Float64Array(matrix.shape[0] + 1);
  for (const [start, end] of stretches(matrix)) {
    const indices = await matrix.readIndices(start, end);
    for (let at = 0; at < indices.length; at++) offsets[indices[at]! + 1]!++;
  }
  for (let row = 1; row < offsets.length; row++) {
    offsets[row]! += offsets[row - 1]!;
  }
  return offsets;
}

async function* pieces(
  matrix: StoredSparse,
): AsyncGenerator<{ readonly first: number; readonly entries: SparseEntries }> {
  for (const [first, end] of stretches(matrix)) {
    yield { first, entries: await matrix.readEntries(first, end) };
  }
}

/** Stretches of entries that decode no chunk twice. */
function* stretches(
  { chunkLength, entriesCount }: StoredSparse,
): Generator<[start: number, end: number]> {
  const chunks = Math.max(Math.floor(ENTRIES_AT_ONCE / chunkLength), 1);
  const step = chunks * chunkLength;
  for (let start = 0; start < entriesCount; start += step) {
    yield [start, Math.min(start + step, entriesCount)];
  }
}

function emptyLike(values: StoredNumbers, length: number): StoredNumbers {
  const makeArray = values.constructor as new (
    length: number,
  ) => StoredNumbers;
  return new makeArray(length);
}
