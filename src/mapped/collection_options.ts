/** How a collection is opened, as users say it and as it is understood. */
import { pathOf } from "../io/path_of.ts";
import type { KnownLabel } from "./labels.ts";
import { isRowType, ROW_TYPES } from "./matrices/row_types.ts";
import type { GetRowsOptions, Label, RowType } from "./rows.ts";

/** How the genes of stores become those of a collection. */
export type VarJoin = "inner" | "outer";

/** A filter of cells: by column of obs the label, or labels, that they have. */
export type ObsFilter = Readonly<Record<string, Label | readonly Label[]>>;

/** How a collection is opened. */
export interface MappedCollectionOptions {
  /**
   * The matrices that samples have: `X`, `raw.X`, names of layers; by default
   * `X`. An empty list is fine.
   */
  readonly layersKeys?: string | readonly string[] | null | undefined;
  /** The columns of obs that samples have. */
  readonly obsKeys?: string | readonly string[] | null | undefined;
  /** The matrices of obsm that samples have. */
  readonly obsmKeys?: string | readonly string[] | null | undefined;
  /**
   * Which cells there are: those that have one of the labels in each of the
   * columns. `null` and `NaN` stand for a missing label. A store without the
   * column has no such cells.
   */
  readonly obsFilter?: ObsFilter | null | undefined;
  /**
   * `"inner"` for the genes that all stores have, in the order of the first;
   * `"outer"` for those that any has, sorted, with zeros where a store has
   * none; null to leave the rows as they are. `"inner"` by default.
   */
  readonly join?: VarJoin | null | undefined;
  /** Whether labels become codes, or the columns whose labels do. */
  readonly encodeLabels?: boolean | string | readonly string[] | undefined;
  /** The label that becomes -1, for all columns that are encoded or by column. */
  readonly unknownLabel?:
    | KnownLabel
    | Readonly<Record<string, KnownLabel>>
    | null
    | undefined;
  /**
   * Whether the labels are kept in memory, as they are by default. Without,
   * the columns are read again whenever they are needed.
   */
  readonly cacheCategories?: boolean | undefined;
  /**
   * Whether nothing is held open: each read opens the stores that it needs,
   * and closes them. Workers that open a collection by themselves need not.
   */
  readonly parallel?: boolean | undefined;
  /**
   * The type of values of all matrices, by default that of each store. A value
   * that it can not hold is an error.
   */
  readonly dtype?: RowType | null | undefined;
  /**
   * What decoded chunks may take in memory, of all stores together, in bytes;
   * 256 MiB by default.
   */
  readonly cacheBytes?: number | undefined;
  /**
   * What a matrix that is stored by columns (CSC) may take in memory to be read
   * by rows, in bytes; 1 GiB by default.
   */
  readonly transposeBytes?: number | undefined;
}

/** Options that were checked. */
export interface CheckedOptions {
  /** The paths. */
  readonly pathList: readonly string[];
  /** The keys of layers. */
  readonly layersKeys: readonly string[];
  /** The columns of obs. */
  readonly obsKeys: readonly string[];
  /** The keys of obsm. */
  readonly obsmKeys: readonly string[];
  /** The labels that each column has to have one of. */
  readonly filters: ReadonlyMap<string, ReadonlySet<Label>> | undefined;
  /** How genes are joined. */
  readonly join: VarJoin | null;
  /** The columns that are encoded. */
  readonly encoded: readonly string[];
  /** The unknown label of each column that has one. */
  readonly unknown: ReadonlyMap<string, KnownLabel>;
  /** Whether labels are kept. */
  readonly cacheCategories: boolean;
  /** Whether nothing is held open. */
  readonly parallel: boolean;
  /** The type of values. */
  readonly dtype: RowType | undefined;
  /** What chunks may take. */
  readonly cacheBytes: number;
  /** What a transposed matrix may take. */
  readonly transposeBytes: number;
}

const OPTION_NAMES: readonly (keyof MappedCollectionOptions)[] = [
  "layersKeys",
  "obsKeys",
  "obsmKeys",
  "obsFilter",
  "join",
  "encodeLabels",
  "unknownLabel",
  "cacheCategories",
  "parallel",
  "dtype",
  "cacheBytes",
  "transposeBytes",
];

const CACHE_BYTES = 2 ** 28;
const TRANSPOSE_BYTES = 2 ** 30;

/**
 * Checks options.
 *
 * @param pathList The paths of the stores.
 * @param options The options.
 * @returns What they say.
 * @throws {TypeError} If they are not right.
 */
export function checkOptions(
  pathList: string | URL | readonly (string | URL)[],
  options: MappedCollectionOptions,
): CheckedOptions {
  checkNamesOfOptions(options);
  const { dtype, join = "inner", layersKeys } = options;
  const paths = typeof pathList === "string" || pathList instanceof URL
    ? [pathList]
    : itemsOf(pathList, "the list of paths");
  if (paths.length === 0) throw wrong("there are no paths");
  if (join !== null && join !== "inner" && join !== "outer") {
    throw wrong(`join is ${text(join)}, and not "inner", "outer" or null`);
  }
  if (dtype !== undefined && dtype !== null && !isRowType(dtype)) {
    throw wrong(`dtype is ${text(dtype)}, and not ${ROW_TYPES.join(", ")}`);
  }
  const obsKeys = listOf(options.obsKeys, "obsKeys");
  const encoded = encodedKeys(options.encodeLabels ?? true, obsKeys);
  const checked = {
    pathList: paths.map(pathOf),
    layersKeys: layersKeys === undefined || layersKeys === null
      ? ["X"]
      : listOf(layersKeys, "layersKeys"),
    obsKeys,
    obsmKeys: listOf(options.obsmKeys, "obsmKeys"),
    filters: filtersOf(options.obsFilter),
    join,
    encoded,
    unknown: unknownLabels(options.unknownLabel, encoded),
    cacheCategories: options.cacheCategories ?? true,
    parallel: options.parallel ?? false,
    dtype: dtype ?? undefined,
    cacheBytes: bytesOf(options.cacheBytes, "cacheBytes") ?? CACHE_BYTES,
    transposeBytes: bytesOf(options.transposeBytes, "transposeBytes") ??
      TRANSPOSE_BYTES,
  };
  checkNames(checked);
  return checked;
}

/**
 * Checks how rows are wanted.
 *
 * @param options What is wanted.
 * @returns The same.
 * @throws {TypeError} If the format or the type is none that there is.
 */
export function checkRowsOptions(options: GetRowsOptions): GetRowsOptions {
  const { dtype, format } = options;
  if (format !== undefined && format !== "dense" && format !== "csr") {
    throw new TypeError(
      `Cannot read rows: the format is ${text(format)}, and not dense or csr`,
    );
  }
  if (dtype === undefined || isRowType(dtype)) return options;
  throw new TypeError(
    `Cannot read rows: dtype is ${text(dtype)}, and not ${
      ROW_TYPES.join(", ")
    }`,
  );
}

/** Who writes `obs_keys` for `obsKeys` would get samples without labels. */
function checkNamesOfOptions(options: MappedCollectionOptions): void {
  const names: readonly string[] = OPTION_NAMES;
  const stray = Object.keys(options).find((name) => !names.includes(name));
  if (stray === undefined) return;
  throw wrong(`there is no option ${stray}, only ${names.join(", ")}`);
}

function listOf(
  keys: string | readonly string[] | null | undefined,
  name: string,
): string[] {
  if (keys === undefined || keys === null) return [];
  const list = typeof keys === "string" ? [keys] : itemsOf(keys, name);
  const stray = list.find((key) => typeof key !== "string");
  if (stray === undefined) return [...new Set(list)];
  throw wrong(`${name} has ${text(stray)}, which is no text`);
}

function itemsOf<T>(list: readonly T[], name: string): T[] {
  if (Symbol.iterator in Object(list)) return [...list];
  throw wrong(`${name} is ${text(list)}, and not a text or a list of them`);
}

function encodedKeys(
  encodeLabels: boolean | string | readonly string[],
  obsKeys: readonly string[],
): readonly string[] {
  if (encodeLabels === true) return obsKeys;
  if (encodeLabels === false) return [];
  const keys = listOf(encodeLabels, "encodeLabels");
  const stray = keys.find((key) => !obsKeys.includes(key));
  if (stray === undefined) return keys;
  throw wrong(`encodeLabels has ${text(stray)}, which is none of the obsKeys`);
}

function unknownLabels(
  unknown: MappedCollectionOptions["unknownLabel"],
  encoded: readonly string[],
): ReadonlyMap<string, KnownLabel> {
  if (unknown === undefined || unknown === null) return new Map();
  if (typeof unknown !== "object") {
    return new Map(encoded.map((key) => [key, unknown]));
  }
  if (!isRecord(unknown)) {
    throw wrong("unknownLabel is no label, and no record of them by column");
  }
  const stray = Object.keys(unknown).find((key) => !encoded.includes(key));
  if (stray === undefined) return new Map(Object.entries(unknown));
  throw wrong(
    `unknownLabel has ${text(stray)}, which is not among the keys ` +
      "whose labels are encoded",
  );
}

function filtersOf(
  obsFilter: ObsFilter | null | undefined,
): CheckedOptions["filters"] {
  if (obsFilter === undefined || obsFilter === null) return undefined;
  if (!isRecord(obsFilter)) {
    throw wrong("obsFilter is no record of columns and their labels");
  }
  return new Map(
    Object.entries(obsFilter).map(([key, wanted]) => {
      const list: readonly Label[] = Array.isArray(wanted)
        ? wanted
        : [wanted as Label];
      return [key, new Set(list.map((label) => filterLabel(key, label)))];
    }),
  );
}

/** In JavaScript as in Python, NaN is what people write for what is missing. */
function filterLabel(key: string, label: unknown): Label {
  if (label === null || Number.isNaN(label)) return null;
  if (["string", "number", "boolean"].includes(typeof label)) {
    return label as Label;
  }
  throw wrong(`obsFilter of ${key} has ${text(label)}, which is no label`);
}

/** A map has no entries that an object has, and would be taken for empty. */
function isRecord(value: object | string): boolean {
  return typeof value === "object" && !(Symbol.iterator in value);
}

function bytesOf(bytes: number | undefined, name: string): number | undefined {
  const isFine = bytes === undefined || typeof bytes === "number" && bytes >= 0;
  if (isFine) return bytes;
  throw wrong(`${name} is ${text(bytes)}, and not a number of 0 or more`);
}

/** The parts of a sample have different names. */
function checkNames({ layersKeys, obsKeys, obsmKeys }: CheckedOptions): void {
  const names = [
    "_store_idx",
    ...layersKeys,
    ...obsmKeys.map((key) => `obsm_${key}`),
    ...obsKeys,
  ];
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice === undefined) return;
  throw wrong(`two parts of a sample are called ${text(twice)}`);
}

function wrong(why: string): TypeError {
  return new TypeError(`Cannot open a collection: ${why}`);
}

function text(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
