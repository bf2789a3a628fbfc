/**
 * Arrays as files of a folder. The stem of an array is its kind of data, a
 * point, and its encoded name: `p.barcode`. Its values are in
 * `<stem>.npy` (numbers, or codes of categories) or `<stem>.txt` (texts);
 * beside them may be `<stem>.categories.txt` and `<stem>.mask.npy`.
 */
import { writeFileAtomically } from "../io/atomic.ts";
import {
  listFolder,
  pathKind,
  readFileBytes,
  removePath,
} from "../io/files.ts";
import { joinPath } from "../io/paths.ts";
import { countOf } from "../io/plural.ts";
import { checkDataArray } from "./_check_data_array.ts";
import { planRemoval, planWrite, type Step } from "./_data_array_steps.ts";
import {
  type CategoricalData,
  type DataArray,
  dataArrayLength,
} from "./data_array.ts";
import type { AnyNpyArray } from "./npy_codec.ts";
import { readNpy } from "./npy.ts";
import { decodeText } from "./text_arrays.ts";

/** How an array is kept: numbers, texts, or codes with their categories. */
export type DataArrayForm = "npy" | "txt" | "categorical";

/** An array that a folder has. */
export interface DataArrayEntry {
  /** Its kind of data, a point, and its encoded name. */
  readonly stem: string;
  /** How it is kept. */
  readonly form: DataArrayForm;
}

const STEM = /^[A-Za-z0-9_%-]+\.[A-Za-z0-9_.%-]+$/;
/** With a name before it: `p.mask.npy` is an array that is called mask. */
const SIDE_STEM = /^[^.]+\..+\.(?:mask|categories)$/i;

/**
 * How a folder keeps an array.
 *
 * @param folder The path of the folder.
 * @param stem The stem of the array.
 * @returns The form, or nothing where the folder has no such array.
 */
export function dataArrayForm(
  folder: string,
  stem: string,
): DataArrayForm | undefined {
  const has = (ending: string) => hasFile(folder, stem + ending);
  if (has(".txt")) return "txt";
  if (!has(".npy")) return undefined;
  return has(".categories.txt") ? "categorical" : "npy";
}

/**
 * Lists the arrays of a folder. Files of other names, and hidden ones, are
 * left out.
 *
 * @param folder The path of the folder.
 * @returns The arrays, sorted by stem.
 */
export function listDataArrays(folder: string): DataArrayEntry[] {
  const names = new Set(listFolder(folder));
  const forms = new Map<string, DataArrayForm>();
  for (const name of names) {
    const stem = name.slice(0, -4);
    if (!isStem(stem)) continue;
    if (name.endsWith(".txt")) forms.set(stem, "txt");
    if (!name.endsWith(".npy") || forms.has(stem)) continue;
    forms.set(
      stem,
      names.has(`${stem}.categories.txt`) ? "categorical" : "npy",
    );
  }
  return [...forms].map(([stem, form]) => ({ stem, form }))
    .sort((left, right) => left.stem < right.stem ? -1 : 1);
}

/**
 * Reads an array of a folder.
 *
 * @param folder The path of the folder.
 * @param stem The stem of the array, as `p.barcode`.
 * @param options Whether the order of its categories means something, which
 * the files do not say.
 * @returns The array.
 * @throws {Error} If the folder has no such array, or two.
 * @throws {SyntaxError} If a file can't be parsed.
 * @throws {TypeError} If files are of a wrong type or shape, or do not fit
 * each other.
 * @throws {RangeError} If a file is truncated, or a code has no category.
 */
export function readDataArray(
  folder: string,
  stem: string,
  options: { readonly ordered?: boolean } = {},
): DataArray {
  const path = joinPath(folder, stem);
  const form = dataArrayForm(folder, stem);
  if (form === undefined) {
    throw new Error(
      `Cannot read ${path}: there is neither ${stem}.npy nor ${stem}.txt`,
    );
  }
  if (form === "txt" && hasFile(folder, `${stem}.npy`)) {
    throw new Error(
      `Cannot read ${path}: there are both ${stem}.npy and ${stem}.txt`,
    );
  }
  const array = form === "categorical"
    ? readCategorical(path, options.ordered ?? false)
    : readMask(path, readValues(path, form));
  checkDataArray(array, path);
  return array;
}

/**
 * Writes an array into a folder, in place of one of that stem in whatever
 * form. A kill at any moment leaves the old array, the new one, or none, and
 * never a mixture: one that is kept in one file and stays so is replaced;
 * else the old values go first and the new values come last. Whether the
 * order of categories means something is not written.
 *
 * @param folder The path of the folder, which must be there.
 * @param stem The stem of the array, as `p.barcode`.
 * @param array The array.
 * @throws {TypeError} If the stem is none, the parts of the array do not fit
 * each other, or a text has half of a surrogate pair; nothing is changed.
 * @throws {RangeError} If a bool, a mask or a code is out of bounds; nothing
 * is changed.
 */
export function writeDataArray(
  folder: string,
  stem: string,
  array: DataArray,
): void {
  checkStem(stem);
  checkDataArray(array, stem);
  runSteps(planWrite(folder, stem, array));
}

/**
 * Removes an array from a folder, with all its files. One that is not there
 * needs no removing.
 *
 * @param folder The path of the folder.
 * @param stem The stem of the array.
 * @throws {TypeError} If the stem is none.
 */
export function removeDataArray(folder: string, stem: string): void {
  checkStem(stem);
  runSteps(planRemoval(folder, stem));
}

function runSteps(steps: readonly Step[]): void {
  for (const { path, content } of steps) {
    if (content === undefined) removePath(path);
    else writeFileAtomically(path, content);
  }
}

function isStem(stem: string): boolean {
  return STEM.test(stem) && !SIDE_STEM.test(stem);
}

function checkStem(stem: string): void {
  if (isStem(stem)) return;
  throw new TypeError(
    `Cannot write the array ${JSON.stringify(stem)}: ` +
      "it is not a kind of data, a point and an encoded name",
  );
}

function hasFile(folder: string, name: string): boolean {
  return pathKind(joinPath(folder, name)) === "file";
}

function readValues(path: string, form: "npy" | "txt"): DataArray {
  if (form === "txt") {
    const values = readTexts(`${path}.txt`);
    return { kind: "text", dtype: "string", values };
  }
  const { dtype, data } = readColumn(`${path}.npy`);
  return { kind: "number", dtype, values: data };
}

function readMask(path: string, array: DataArray): DataArray {
  const maskPath = `${path}.mask.npy`;
  if (pathKind(maskPath) !== "file") return array;
  const mask = readColumn(maskPath);
  const length = dataArrayLength(array);
  if (mask.dtype === "bool" && mask.data.length === length) {
    return { ...array, mask: mask.data } as DataArray;
  }
  throw new TypeError(
    `Cannot read ${maskPath}: it holds ${mask.shape[0]} of ${mask.dtype}, ` +
      `not ${length} of bool`,
  );
}

function readCategorical(path: string, ordered: boolean): CategoricalData {
  if (pathKind(`${path}.mask.npy`) === "file") {
    throw new TypeError(
      `Cannot read ${path}.mask.npy: categories say by the code -1 what is missing`,
    );
  }
  const { dtype, data: codes } = readColumn(`${path}.npy`);
  if (dtype !== "int8" && dtype !== "int16" && dtype !== "int32") {
    throw new TypeError(
      `Cannot read ${path}.npy: codes of categories are int8, int16 or int32, ` +
        `not ${dtype}`,
    );
  }
  const categories = readTexts(`${path}.categories.txt`);
  return {
    kind: "categorical",
    dtype: "categorical",
    codes,
    categories,
    ordered,
  };
}

function readColumn(path: string): AnyNpyArray {
  const array = readNpy(path);
  if (array.shape.length === 1) return array;
  throw new TypeError(
    `Cannot read ${path}: it has ` +
      `${countOf(array.shape.length, "axis", "axes")}, not 1`,
  );
}

function readTexts(path: string): string[] {
  return decodeText(readFileBytes(path), path);
}
