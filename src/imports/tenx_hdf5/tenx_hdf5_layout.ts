import type { Hdf5Dataset } from "../../io/hdf5_dataset.ts";
import type { Hdf5File } from "../../io/hdf5_file.ts";
import { listSome } from "../import_error.ts";
import { describeUnreadHdf5 } from "../unread_formats.ts";

/** The datasets that a group needs to be a matrix. */
const MATRIX_PARTS = ["data", "indices", "indptr"] as const;
/** The group of version 3, which holds all genomes. */
const V3_GROUP = "matrix";

/** Where the parts of a 10x matrix are in a file. */
export interface TenxHdf5Layout {
  /** The group of the matrix. */
  readonly group: string;
  /** Whether it is of version 3, with types and genomes of features. */
  readonly isV3: boolean;
}

/**
 * Finds the matrix in a 10x file: the group `matrix` of version 3, else the
 * group of a genome.
 *
 * @param file The file.
 * @param genome The genome to take, where the caller names one.
 * @returns Where it is.
 * @throws {Error} If there is none, none of the genome, or several of them and
 * no genome is named.
 */
export function findTenxMatrix(
  file: Hdf5File,
  genome?: string,
): TenxHdf5Layout {
  const groups = file.keys("/").filter((name) => isMatrix(file, name));
  if (groups.includes(V3_GROUP) && hasFeatures(file, V3_GROUP)) {
    return { group: V3_GROUP, isV3: true };
  }
  if (groups.length === 0) throw noMatrix(file);
  if (genome === undefined && groups.length > 1) {
    throw tenxError(
      file.name,
      `it has ${groups.length} genomes, ${listSome(groups)}: ` +
        "`genome` names the one to import",
    );
  }
  const group = genome ?? groups[0]!;
  if (!groups.includes(group)) throw unknownGenome(file.name, group, groups);
  return { group, isV3: hasFeatures(file, group) };
}

/**
 * Makes the error of a file that has no such genome.
 *
 * @param name The path of the file.
 * @param genome The genome that was asked for.
 * @param genomes Those that there are.
 * @returns The error, to be thrown.
 */
export function unknownGenome(
  name: string,
  genome: string,
  genomes: readonly string[],
): Error {
  return tenxError(
    name,
    `it has no genome ${genome}, only ${listSome(genomes) || "unnamed ones"}`,
  );
}

/**
 * Makes the error that a 10x file can't be imported for.
 *
 * @param name The path of the file.
 * @param why What is wrong, after the part of the file where it is.
 * @returns The error, to be thrown.
 */
export function tenxError(name: string, why: string): Error {
  return new Error(`Cannot import ${name}: ${why}`);
}

/**
 * Opens a dataset that may be missing.
 *
 * @param file The file.
 * @param paths The paths that it can have; the first that there is counts.
 * @returns The dataset, or undefined.
 */
export function findDataset(
  file: Hdf5File,
  ...paths: readonly string[]
): Hdf5Dataset | undefined {
  const path = paths.find((name) => file.kind(name) === "dataset");
  return path === undefined ? undefined : file.dataset(path);
}

/** A link to another file is an error where it would be a part of a matrix. */
function isMatrix(file: Hdf5File, name: string): boolean {
  return file.kind(name) === "group" &&
    MATRIX_PARTS.every((part) => file.kind(`${name}/${part}`) === "dataset");
}

function hasFeatures(file: Hdf5File, group: string): boolean {
  return file.kind(`${group}/features`) === "group";
}

function noMatrix(file: Hdf5File): Error {
  const what = describeUnreadHdf5(file);
  if (what !== undefined) return tenxError(file.name, what);
  const names = file.keys("/");
  const has = names.length === 0 ? "nothing" : listSome(names);
  return tenxError(
    file.name,
    "it is not a 10x file: none of its groups has " +
      `${MATRIX_PARTS.join(", ")}; at its root it has ${has}`,
  );
}
