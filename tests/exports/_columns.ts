/** Data of every type that a container can hold, for tests of exports. */
import type { DataArray, NumberData } from "../../src/arrays/data_array.ts";
import { toDataArray } from "../../src/arrays/to_data_array.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import "../../src/profiles/load.ts";

const MASK = Uint8Array.of(0, 1, 0);

const NUMBERS: readonly NumberData[] = [
  { kind: "number", dtype: "bool", values: Uint8Array.of(1, 0, 1) },
  { kind: "number", dtype: "int8", values: Int8Array.of(-1, 2, 3) },
  { kind: "number", dtype: "int16", values: Int16Array.of(-300, 2, 3) },
  { kind: "number", dtype: "int32", values: Int32Array.of(-70_000, 2, 3) },
  {
    kind: "number",
    dtype: "int64",
    values: BigInt64Array.of(-(2n ** 60n), 2n, 3n),
  },
  { kind: "number", dtype: "uint8", values: Uint8Array.of(255, 2, 3) },
  { kind: "number", dtype: "uint16", values: Uint16Array.of(65535, 2, 3) },
  {
    kind: "number",
    dtype: "uint32",
    values: Uint32Array.of(2 ** 32 - 1, 2, 3),
  },
  {
    kind: "number",
    dtype: "uint64",
    values: BigUint64Array.of(2n ** 64n - 1n, 2n, 3n),
  },
  { kind: "number", dtype: "float16", values: Float16Array.of(1.5, 2, NaN) },
  { kind: "number", dtype: "float32", values: Float32Array.of(1.5, 2, NaN) },
  { kind: "number", dtype: "float64", values: Float64Array.of(0.1, 2, NaN) },
];

/** Data of three profiles by name; those with `_missing` lack the second. */
export const COLUMNS: Readonly<Record<string, DataArray>> = {
  ...Object.fromEntries(NUMBERS.flatMap((data) => [
    [data.dtype, data],
    [`${data.dtype}_missing`, { ...data, mask: MASK }],
  ])),
  text: toDataArray(["é", "b", ""]),
  text_missing: {
    kind: "text",
    dtype: "string",
    values: ["é", "b", ""],
    mask: MASK,
  },
  ordered: {
    kind: "categorical",
    dtype: "categorical",
    codes: Int8Array.of(1, -1, 0),
    categories: ["z", "a", "unused"],
    ordered: true,
  },
  unordered: {
    kind: "categorical",
    dtype: "categorical",
    codes: Int16Array.of(0, 0, 1),
    categories: ["z", ""],
    ordered: false,
  },
  none: {
    kind: "categorical",
    dtype: "categorical",
    codes: Int8Array.of(-1, -1, -1),
    categories: [],
    ordered: false,
  },
};

/**
 * Adds the data to a batch of three profiles.
 *
 * @param path The path of the batch.
 */
export async function writeColumns(path: string): Promise<void> {
  using profiles = await Profiles.load(path);
  for (const [name, data] of Object.entries(COLUMNS)) {
    await profiles.write("p", name, data);
  }
}
