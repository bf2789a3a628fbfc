import type { DataArray } from "../../arrays/data_array.ts";
import { dtypeOf, type TypedArray } from "../../arrays/dtypes.ts";
import { encodeName } from "../../arrays/names.ts";
import type { Hdf5Dataset } from "../../io/hdf5_dataset.ts";
import type { Hdf5File } from "../../io/hdf5_file.ts";
import { nameOfSourceData } from "../../profiles/array_names.ts";
import type { FeatureTable } from "../feature_table.ts";
import { readTargets, TARGET_SETS } from "./tenx_hdf5_targets.ts";

/** What is read by itself. */
const READ: readonly string[] = ["id", "name", "feature_type", "genome"];

/** What may be a column. */
interface Candidate {
  /** What messages call it. */
  readonly key: string;
  /** What it is called in the container, unless that means something else. */
  readonly name: string;
  /** Reads it; undefined where it has not a value a feature. */
  read(): DataArray | undefined;
}

/**
 * Adds what a file of version 3 says of its features beside their names and
 * types: patterns and sequences of antibodies and guides, regions of probes,
 * which of these were counted, and which features panels target. Texts that
 * are empty for all features that are kept say nothing.
 *
 * @param file The file.
 * @param group The path of the group of the features.
 * @param table The features.
 * @returns The features with all columns.
 * @throws {Error} If a column can't be read.
 */
export function addFeatureColumns(
  file: Hdf5File,
  group: string,
  { genes, notes }: FeatureTable,
): FeatureTable {
  const columns: Record<string, DataArray> = { ...genes.columns };
  const odd: string[] = [];
  const seen = new Set([...READ, ...Object.keys(columns)]);
  const count = genes.names.length;
  for (const { key, name: given, read } of listColumns(file, group, count)) {
    const name = nameOfSourceData("g", given);
    const isFree = encodeName(name).length < 200 &&
      !seen.has(name.toLowerCase());
    const column = isFree ? read() : undefined;
    if (column === undefined) odd.push(key);
    else if (saysSomething(column, genes.included)) {
      columns[name] = column;
      seen.add(name.toLowerCase());
    }
  }
  const odds = odd.length > 0
    ? [`What is no column of features is left out: ${odd.join(", ")}`]
    : [];
  return { genes: { ...genes, columns }, notes: [...notes, ...odds] };
}

function listColumns(
  file: Hdf5File,
  group: string,
  count: number,
): Candidate[] {
  // What starts so is how Cell Ranger lists the names of the others.
  const keys = file.keys(group)
    .filter((key) => !READ.includes(key) && !key.startsWith("_"));
  return keys.flatMap((key): Candidate[] => {
    const path = `${group}/${key}`;
    const kind = file.kind(path);
    if (kind === "group" && key === TARGET_SETS) {
      return listTargetSets(file, path, count);
    }
    const read = () => readColumn(file.dataset(path), count);
    return kind === "dataset" ? [{ key, name: key, read }] : [];
  });
}

function listTargetSets(
  file: Hdf5File,
  group: string,
  count: number,
): Candidate[] {
  return file.keys(group)
    .filter((key) => file.kind(`${group}/${key}`) === "dataset")
    .map((key) => ({
      key: `${TARGET_SETS}/${key}`,
      name: `target_set_${key}`,
      read: () => readTargets(file, file.dataset(`${group}/${key}`), count),
    }));
}

/** Nothing where it is no list of a value each. */
function readColumn(
  dataset: Hdf5Dataset,
  count: number,
): DataArray | undefined {
  const { shape, typeClass } = dataset;
  if (shape.length !== 1 || shape[0] !== count) return undefined;
  switch (typeClass) {
    case "string":
      return { kind: "text", dtype: "string", values: dataset.readTexts() };
    case "bool": {
      const flags: ArrayLike<number | bigint> = dataset.readNumbers(0, count);
      const values = Uint8Array.from(
        flags,
        (flag) => Number(flag) === 0 ? 0 : 1,
      );
      return { kind: "number", dtype: "bool", values };
    }
    case "integer":
    case "float": {
      const values = dataset.readNumbers(0, count) as TypedArray;
      return { kind: "number", dtype: dtypeOf(values), values };
    }
    default:
      return undefined;
  }
}

function saysSomething(
  column: DataArray,
  included: Uint8Array | undefined,
): boolean {
  if (column.kind !== "text") return true;
  return column.values.some((text, row) =>
    text !== "" && included?.[row] !== 0
  );
}
