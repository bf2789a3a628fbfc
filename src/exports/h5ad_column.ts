/** A column of a table of AnnData. */
import {
  type CategoricalData,
  categorize,
  type DataArray,
  type NumberData,
} from "../arrays/data_array.ts";
import type { Hdf5WriteAttributes } from "../io/hdf5_write_attributes.ts";
import type { Hdf5Writer } from "../io/hdf5_writer.ts";

/**
 * The attributes by which AnnData knows what an element is.
 *
 * @param type What it is.
 * @param version The version of the form that it has.
 * @returns The attributes.
 */
export function encoding(type: string, version: string): Hdf5WriteAttributes {
  return { "encoding-type": type, "encoding-version": version };
}

/**
 * Writes a column. Integers and bools keep which values are missing;
 * categories are used for texts where some are, and NaN for other numbers,
 * since there are no other forms that all versions read.
 *
 * @param file The file.
 * @param path The path of the column.
 * @param data The values.
 * @returns What became of missing values, where that is another type.
 */
export function writeColumn(
  file: Hdf5Writer,
  path: string,
  data: DataArray,
): string | undefined {
  if (data.kind === "categorical") return writeCategories(file, path, data);
  if (data.kind === "number") return writeNumbers(file, path, data);
  const { mask, values } = data;
  if (!mask?.includes(1)) {
    file.texts(path, values, encoding("string-array", "0.2.0"));
    return undefined;
  }
  const texts = values.map((text, at) => mask[at] ? null : text);
  writeCategories(file, path, categorize(texts));
  return "texts of which some are missing are written as categories";
}

function writeCategories(
  file: Hdf5Writer,
  path: string,
  { categories, codes, ordered }: CategoricalData,
): undefined {
  file.group(path, { ...encoding("categorical", "0.2.0"), ordered });
  const texts = encoding("string-array", "0.2.0");
  file.texts(`${path}/categories`, categories, texts);
  const type = codes instanceof Int8Array
    ? "int8"
    : codes instanceof Int16Array
    ? "int16"
    : "int32";
  file.numbers(`${path}/codes`, type, codes, encoding("array", "0.2.0"));
}

function writeNumbers(
  file: Hdf5Writer,
  path: string,
  { dtype, mask, values }: NumberData,
): string | undefined {
  const array = encoding("array", "0.2.0");
  if (mask === undefined) {
    file.numbers(path, dtype, values, array);
    return undefined;
  }
  if (/^(?:float|complex)/.test(dtype)) {
    file.numbers(path, dtype, withoutMissing(values, mask), array);
    return "numbers that are missing are written as NaN";
  }
  const type = dtype === "bool" ? "nullable-boolean" : "nullable-integer";
  file.group(path, encoding(type, "0.1.0"));
  file.numbers(`${path}/mask`, "bool", mask, array);
  file.numbers(`${path}/values`, dtype, values, array);
  return undefined;
}

/** A complex number has two parts. */
function withoutMissing(
  values: NumberData["values"],
  mask: Uint8Array,
): NumberData["values"] {
  const copy = values.slice() as Float64Array;
  const parts = copy.length / mask.length;
  for (let at = 0; at < copy.length; at++) {
    if (mask[Math.floor(at / parts)]) copy[at] = NaN;
  }
  return copy;
}
