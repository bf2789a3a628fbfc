/** Dense matrices: taking rows and columns, and putting columns together. */
import { componentCount, type DType, makeArray } from "./dtypes.ts";
import type { AnyNpyArray, NpyArray } from "./npy_codec.ts";

/** Components of any typed array, as they are moved about. */
type Components = { [index: number]: number | bigint };

/**
 * Takes rows and columns of a matrix.
 *
 * @param matrix An array of two axes.
 * @param rows The rows, in any order and number; by default all.
 * @param columns The columns, by default all.
 * @returns A new matrix whose columns are contiguous, or the matrix itself
 * where all is taken.
 */
export function takeMatrix(
  matrix: AnyNpyArray,
  rows?: ArrayLike<number>,
  columns?: ArrayLike<number>,
): AnyNpyArray {
  if (rows === undefined && columns === undefined) return matrix;
  const [rowsCount, columnsCount] = matrix.shape as [number, number];
  const taken = makeColumns(
    matrix.dtype,
    rows?.length ?? rowsCount,
    columns?.length ?? columnsCount,
  );
  copyColumns(matrix, taken, { rows, columns });
  return taken;
}

/**
 * Makes a matrix of zeros whose columns are contiguous.
 *
 * @param dtype The dtype of the elements.
 * @param rowsCount The number of rows.
 * @param columnsCount The number of columns.
 * @returns The new matrix.
 */
export function makeColumns<D extends DType>(
  dtype: D,
  rowsCount: number,
  columnsCount: number,
): AnyNpyArray & NpyArray<D> {
  const data = makeArray(dtype, rowsCount * columnsCount);
  const shape = [rowsCount, columnsCount];
  const matrix: NpyArray<D> = { dtype, shape, fortranOrder: true, data };
  return matrix as AnyNpyArray & NpyArray<D>;
}

/** Which elements are copied, and to which columns. */
export interface CopyOptions {
  /** The rows of the source, by default all. */
  readonly rows?: ArrayLike<number> | undefined;
  /** The columns of the source, by default all. */
  readonly columns?: ArrayLike<number> | undefined;
  /** The columns of the target, by default from the first on. */
  readonly targets?: ArrayLike<number> | undefined;
}

/**
 * Copies columns of a matrix into one whose columns are contiguous.
 *
 * @param source A matrix of the same dtype.
 * @param target What {@linkcode makeColumns} made.
 * @param options Which elements, and where they go.
 */
export function copyColumns(
  source: AnyNpyArray,
  target: AnyNpyArray,
  options: CopyOptions = {},
): void {
  const { rows, columns, targets } = options;
  const parts = componentCount(source.dtype);
  const [rowsCount, columnsCount] = source.shape as [number, number];
  const [rowStep, columnStep] = source.fortranOrder
    ? [parts, parts * rowsCount]
    : [parts * columnsCount, parts];
  const from: Components = source.data;
  const to: Components = target.data;
  const height = rows?.length ?? rowsCount;
  const width = columns?.length ?? columnsCount;
  for (let at = 0; at < width; at++) {
    const first = (columns ? columns[at]! : at) * columnStep;
    let place = (targets ? targets[at]! : at) * height * parts;
    for (let row = 0; row < height; row++) {
      const element = first + (rows ? rows[row]! : row) * rowStep;
      for (let part = 0; part < parts; part++) {
        to[place++] = from[element + part]!;
      }
    }
  }
}

/**
 * The values of a column.
 *
 * @param matrix An array of two axes.
 * @param column The column.
 * @returns Its values: of the same memory where they are contiguous.
 */
export function columnOf(
  matrix: AnyNpyArray,
  column: number,
): AnyNpyArray["data"] {
  const taken = matrix.fortranOrder
    ? matrix
    : takeMatrix(matrix, undefined, [column]);
  const size = taken.shape[0]! * componentCount(taken.dtype);
  const at = matrix.fortranOrder ? column : 0;
  return taken.data.subarray(at * size, (at + 1) * size);
}
