/**
 * The steps in which an array takes the place of what a folder had under its
 * name. See {@linkcode planWrite} for why none of them can leave a mixture.
 */
import { pathKind } from "../io/files.ts";
import { joinPath } from "../io/paths.ts";
import type { DataArray } from "./data_array.ts";
import { type DType, type DTypeArrays, dtypeOf } from "./dtypes.ts";
import { encodeNpy } from "./npy_codec.ts";
import { encodeText } from "./text_arrays.ts";

/** Endings of the files that hold the values: an array is there with one. */
export const MAIN_ENDINGS: readonly string[] = [".npy", ".txt"];
/** Endings of the files beside them, which mean nothing without. */
export const SIDE_ENDINGS: readonly string[] = [".mask.npy", ".categories.txt"];

/** A change of one file, which happens wholly or not at all. */
export interface Step {
  /** The path of the file. */
  readonly path: string;
  /** The new content; the file is removed without it. */
  readonly content?: Uint8Array;
}

/**
 * Plans the writing of an array. All content is made before the first step,
 * so that an array that can't be written changes nothing.
 *
 * Where the array is one file before and after, that file is replaced. Else:
 * 1. the files with the old values are removed: now no array is there, and
 *    what lies beside means nothing;
 * 2. old files beside that the new array lacks are removed, its own written;
 * 3. the file with the new values is written.
 * A kill between any two steps leaves the old array or none.
 */
export function planWrite(
  folder: string,
  stem: string,
  array: DataArray,
): Step[] {
  const contents = encodeFiles(array);
  const pathOf = (ending: string) => joinPath(folder, stem + ending);
  const write = (ending: string): Step => (
    { path: pathOf(ending), content: contents.get(ending)! }
  );
  const stale = planRemoval(folder, stem);
  const main = MAIN_ENDINGS.filter((ending) => contents.has(ending)).map(write);
  const isOneFile = contents.size === 1 &&
    stale.every(({ path }) => path === main[0]!.path);
  if (isOneFile) return main;
  const side = SIDE_ENDINGS.filter((ending) => contents.has(ending)).map(write);
  return [...stale, ...side, ...main];
}

/** Plans the removal of an array: first its values, then what is beside. */
export function planRemoval(folder: string, stem: string): Step[] {
  return [...MAIN_ENDINGS, ...SIDE_ENDINGS]
    .map((ending) => ({ path: joinPath(folder, stem + ending) }))
    .filter(({ path }) => pathKind(path) === "file");
}

function encodeFiles(array: DataArray): Map<string, Uint8Array> {
  const contents = new Map<string, Uint8Array>();
  if (array.kind === "text") {
    contents.set(".txt", encodeText(array.values));
  } else if (array.kind === "number") {
    contents.set(".npy", encodeValues(array.dtype, array.values));
  } else {
    contents.set(".npy", encodeValues(dtypeOf(array.codes), array.codes));
    contents.set(".categories.txt", encodeText(array.categories));
  }
  if (array.kind !== "categorical" && array.mask !== undefined) {
    contents.set(".mask.npy", encodeValues("bool", array.mask));
  }
  return contents;
}

function encodeValues(dtype: DType, data: DTypeArrays[DType]): Uint8Array {
  return encodeNpy({ dtype, data });
}
