/** Dense matrices as files of a container: `<kind>.<name>.npy`. */
import { decodeName, encodeName } from "../arrays/names.ts";
import {
  type AnyNpyArray,
  type NpyContent,
  readNpy,
  writeNpy,
} from "../arrays/npy.ts";
import { listFolder } from "../io/files.ts";
import { joinPath } from "../io/paths.ts";
import { isComputed, type MatrixKind } from "./array_names.ts";

/** The shape that a matrix must have. */
export type MatrixShape = readonly [rows: number, columns: number];

/**
 * The names of the matrices of a folder; the counts are none of them.
 *
 * @param folder The path of the folder.
 * @param kind The kind of the matrices.
 * @returns The names without the kind, sorted.
 */
export function listMatrices(folder: string, kind: MatrixKind): string[] {
  return listFolder(folder)
    .filter((file) => file.startsWith(`${kind}.`) && file.endsWith(".npy"))
    .map((file) => decodeName(file.slice(kind.length + 1, -4)))
    .filter((name) => !isComputed(kind, name))
    .sort();
}

/**
 * Reads a matrix of a folder.
 *
 * @param folder The path of the folder.
 * @param key Kind, point and name.
 * @param shape The shape that it must have.
 * @returns The matrix.
 * @throws {RangeError} If it is of another shape.
 */
export function readMatrix(
  folder: string,
  key: `${MatrixKind}.${string}`,
  shape: MatrixShape,
): AnyNpyArray {
  const path = matrixPath(folder, key);
  const matrix = readNpy(path);
  checkShape(path, matrix.shape, shape);
  return matrix;
}

/**
 * Writes a matrix into a folder, whole or not at all; an old one is replaced.
 *
 * @param folder The path of the folder.
 * @param key Kind, point and name.
 * @param matrix The matrix.
 * @param shape The shape that it must have.
 * @throws {RangeError} If it is of another shape.
 */
export function writeMatrix(
  folder: string,
  key: `${MatrixKind}.${string}`,
  matrix: NpyContent,
  shape: MatrixShape,
): void {
  const path = matrixPath(folder, key);
  checkShape(path, matrix.shape ?? [matrix.data.length], shape);
  writeNpy(path, matrix);
}

function matrixPath(folder: string, key: string): string {
  const at = key.indexOf(".");
  const name = encodeName(key.slice(at + 1));
  return joinPath(folder, `${key.slice(0, at)}.${name}.npy`);
}

function checkShape(
  path: string,
  shape: readonly number[],
  expected: MatrixShape,
): void {
  if (
    shape.length === 2 && shape[0] === expected[0] && shape[1] === expected[1]
  ) return;
  throw new RangeError(
    `Cannot use ${path}: its shape is (${shape.join(", ")}), ` +
      `and it should be (${expected.join(", ")})`,
  );
}
