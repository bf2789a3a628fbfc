/**
 * Which matrix of an AnnData file holds the counts: the one that is asked for,
 * else the first of X, raw.X and the layers that looks as if it did. A bounded
 * sample tells, from the start, the middle and the end; whether all values are
 * counts is found out when they are read.
 */
import type { AnnDataFile } from "../../anndata/anndata_file.ts";
import type { StoredDense } from "../../anndata/dense_matrix.ts";
import type { StoredMatrix } from "../../anndata/matrix.ts";
import type { StoredNumbers } from "../../anndata/nodes.ts";
import type { StoredSparse } from "../../anndata/sparse_matrix.ts";
import { textAt } from "../../arrays/data_array.ts";
import { toDataArray } from "../../arrays/to_data_array.ts";
import { listSome } from "../import_error.ts";
import { copyWhole } from "../whole_numbers.ts";

/** How many values of each part are looked at. */
const SAMPLE_VALUES = 2 ** 16;

/** The matrix that holds the counts. */
export interface ChosenCounts {
  /** The key of the matrix in the file. */
  readonly key: string;
  /** The matrix. */
  readonly matrix: StoredMatrix;
  /** Says which it is, and why those before are not. */
  readonly note: string;
}

/**
 * Chooses the matrix of the counts.
 *
 * @param file The file.
 * @param layer The one to take, where the caller names one.
 * @returns The matrix.
 * @throws {Error} If there is none, or what there is holds no counts; with
 * what each of them holds.
 */
export async function chooseCounts(
  file: AnnDataFile,
  layer: string | undefined,
): Promise<ChosenCounts> {
  const keys = layer === undefined ? await file.layerKeys() : [layer];
  const refused: string[] = [];
  for (const key of keys) {
    const found = await file.findLayer(key);
    if (!found) throw await noLayer(file, key);
    const why = "matrix" in found
      ? await whyNoCounts(found.matrix)
      : `is left out: ${found.why}`;
    if (why !== undefined) refused.push(`${key} ${why}`);
    else if ("matrix" in found) {
      const because = refused.length > 0 ? `, for ${refused.join("; ")}` : "";
      const note = `Counts are taken from ${found.path}${because}`;
      return { key, matrix: found.matrix, note };
    }
  }
  const why = refused.length > 0
    ? `it holds no counts: ${refused.join("; ")}`
    : "it has no matrix: no X, no raw.X and no layers";
  throw new Error(`Cannot import ${file.name}: ${why}`);
}

async function noLayer(file: AnnDataFile, key: string): Promise<Error> {
  const keys = await file.layerKeys();
  const known = keys.length > 0 ? `only ${listSome(keys)}` : "nor any other";
  return new Error(
    `Cannot import ${file.name}: it has no layer ${key}, ${known}`,
  );
}

/** What a matrix holds instead of counts, with a value and its place. */
function whyNoCounts(matrix: StoredMatrix): Promise<string | undefined> {
  return matrix.kind === "dense" ? sampleDense(matrix) : sampleSparse(matrix);
}

async function sampleDense(matrix: StoredDense): Promise<string | undefined> {
  const [rowsCount, columnsCount] = matrix.shape;
  const length = Math.max(Math.floor(SAMPLE_VALUES / columnsCount), 1);
  for (const [start, end] of sampleRanges(rowsCount, length)) {
    const values = await matrix.readRows(start, end);
    const wrong = findNoCount(values);
    if (wrong < 0) continue;
    const row = start + Math.floor(wrong / columnsCount);
    return describe(values, wrong, [row, wrong % columnsCount]);
  }
  return undefined;
}

async function sampleSparse(
  matrix: StoredSparse,
): Promise<string | undefined> {
  const ranges = sampleRanges(matrix.entriesCount, SAMPLE_VALUES);
  for (const [start, end] of ranges) {
    const values = await matrix.readValues(start, end);
    const wrong = findNoCount(values);
    if (wrong < 0) continue;
    const entry = start + wrong;
    const starts = await matrix.starts();
    const line = starts.findIndex((from) => from > entry) - 1;
    const [index = 0] = await matrix.readIndices(entry, entry + 1);
    const place = matrix.kind === "csr" ? [line, index] : [index, line];
    return describe(values, wrong, place);
  }
  return undefined;
}

/** The start, the middle and the end, or all, if that is not more. */
function sampleRanges(count: number, length: number): [number, number][] {
  if (count === 0) return [];
  if (count <= 3 * length) return [[0, count]];
  const middle = Math.floor((count - length) / 2);
  return [0, middle, count - length].map((start) => [start, start + length]);
}

function findNoCount(values: StoredNumbers): number {
  return copyWhole(values, new Uint32Array(values.length));
}

function describe(
  values: StoredNumbers,
  at: number,
  [row, column]: readonly number[],
): string {
  const place = `at row ${row}, column ${column}`;
  const number = Number(values[at]);
  if (Number.isNaN(number)) return `holds NaN ${place}`;
  const text = textAt(toDataArray(values.slice(at, at + 1)), 0);
  const what = number < 0
    ? "negative values"
    : !Number.isFinite(number)
    ? "infinite values"
    : Number.isInteger(number)
    ? "values that are too large"
    : "fractions";
  return `holds ${what}, such as ${text} ${place}`;
}
