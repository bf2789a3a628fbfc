/**
 * Npy files on disk, and all that others use of npy.
 */
import { writeFileAtomically } from "../io/atomic.ts";
import { FileSource } from "../io/file_source.ts";
import { finishArray } from "./_npy_content.ts";
import { bytesOf, makeArray } from "./dtypes.ts";
import { type AnyNpyArray, encodeNpy, type NpyContent } from "./npy_codec.ts";
import {
  checkNpyLength,
  countElements,
  NPY_PREFIX_SIZE,
  npyDataOffset,
  type NpyHeader,
  parseNpyHeader,
} from "./npy_header.ts";

export {
  type AnyNpyArray,
  decodeNpy,
  encodeNpy,
  type NpyArray,
  type NpyContent,
} from "./npy_codec.ts";
export { type NpyHeader, parseNpyHeader } from "./npy_header.ts";

/**
 * Reads an npy file. Needs `--allow-read` for it.
 *
 * @param path The path of the file.
 * @returns The array, in memory of its own.
 * @throws {SyntaxError} If it is not an npy file.
 * @throws {TypeError} If the elements are neither numbers nor bools.
 * @throws {RangeError} If the file is truncated or too long, or a byte of a
 * bool is neither 0 nor 1.
 *
 * @example Write a file and read it
 * ```ts
 * import { readNpy, writeNpy } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".npy" });
 * writeNpy(path, { dtype: "float64", data: new Float64Array([0.5, 1.5]) });
 * assertEquals(readNpy(path).data, new Float64Array([0.5, 1.5]));
 * await Deno.remove(path);
 * ```
 */
export function readNpy(path: string): AnyNpyArray {
  using source = FileSource.open(path);
  const header = readHeader(source);
  const content = bytesOf(
    makeArray(header.dtype, countElements(header.shape)),
  );
  source.read(header.dataOffset, content);
  return finishArray(header, content, path);
}

/**
 * Reads the header of an npy file alone, and checks that the file is as long
 * as the header demands. Needs `--allow-read` for the file.
 *
 * @param path The path of the file.
 * @returns What the header says.
 * @throws {SyntaxError} If it is not an npy file.
 * @throws {TypeError} If the elements are neither numbers nor bools.
 * @throws {RangeError} If the file is truncated or too long.
 */
export function readNpyHeader(path: string): NpyHeader {
  using source = FileSource.open(path);
  return readHeader(source);
}

/**
 * Writes an npy file: the bytes of {@linkcode encodeNpy}, atomically. Needs
 * `--allow-read` and `--allow-write` for its folder.
 *
 * @param path The path of the file; an old one is replaced.
 * @param array The array.
 * @throws {TypeError} If the data is not an array of the dtype, or not as
 * long as the shape says.
 * @throws {RangeError} If a bool is neither 0 nor 1, or a size is impossible.
 */
export function writeNpy(path: string, array: NpyContent): void {
  writeFileAtomically(path, encodeNpy(array));
}

/** Reads no more than the header, however long it claims to be. */
function readHeader(source: FileSource): NpyHeader {
  const { name, byteLength } = source;
  const prefix = new Uint8Array(Math.min(NPY_PREFIX_SIZE, byteLength));
  source.read(0, prefix);
  const bytes = new Uint8Array(
    Math.min(npyDataOffset(prefix, name), byteLength),
  );
  source.read(0, bytes);
  const header = parseNpyHeader(bytes, name);
  checkNpyLength(header, byteLength, name);
  return header;
}
