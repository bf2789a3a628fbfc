import { listFolder, pathKind } from "../io/files.ts";
import { joinPath } from "../io/paths.ts";
import { H5AD, ZARR } from "./anndata/anndata.ts";
import { DENSE_TABLE } from "./tables/dense_table.ts";
import { listSome } from "./import_error.ts";
import type { Importer } from "./importer.ts";
import { MATRIX_MARKET } from "./mtx/matrix_market.ts";
import { requireSource } from "./readable.ts";
import { STANDARD_FORMAT } from "./standard/standard_format.ts";
import { TENX_HDF5 } from "./tenx_hdf5/tenx_hdf5.ts";
import { TRIPLETS } from "./tables/triplets.ts";
import { describeUnreadFile, describeUnreadFolder } from "./unread_formats.ts";

/** All importers, in the order in which they are asked. */
export const IMPORTERS: readonly Importer[] = [
  MATRIX_MARKET,
  STANDARD_FORMAT,
  H5AD,
  ZARR,
  TENX_HDF5,
  TRIPLETS,
  DENSE_TABLE,
];

/** How deep below a folder sources are looked for, to name them. */
const SEARCH_DEPTH = 3;
/** How many folders are looked into for that. */
const SEARCH_FOLDERS = 200;

/**
 * Finds the importer of a source.
 *
 * @param path The path of the source.
 * @param from The name of the importer, where the caller knows.
 * @returns The importer.
 * @throws {Error} If there is nothing, it can't be read, or no importer knows what is there; the
 * message says what was looked for, and where below it there are sources.
 */
export async function findImporter(
  path: string,
  from?: string,
): Promise<Importer> {
  requireSource(path);
  const named = from === undefined ? undefined : namedImporter(path, from);
  // A file may have any name, if its format was given; a folder must fit.
  if (named && pathKind(path) === "file") return named;
  const importers = named ? [named] : IMPORTERS;
  const importer = await probeAll(path, importers);
  if (importer) return importer;
  throw await unknownSource(path, importers);
}

function namedImporter(path: string, from: string): Importer {
  const found = IMPORTERS.find(({ name }) => name === from);
  if (found) return found;
  const names = IMPORTERS.map(({ name }) => name).join(", ");
  throw new Error(
    `Cannot import ${path}: there is no format ${from}, only ${names}`,
  );
}

async function probeAll(
  path: string,
  importers: readonly Importer[],
): Promise<Importer | undefined> {
  for (const importer of importers) {
    if (await importer.probe(path)) return importer;
  }
  return undefined;
}

async function unknownSource(
  path: string,
  importers: readonly Importer[],
): Promise<Error> {
  const isFolder = pathKind(path) === "folder";
  const what = isFolder
    ? describeUnreadFolder(listFolder(path))
    : describeUnreadFile(path);
  if (what !== undefined) return new Error(`Cannot import ${path}: ${what}`);
  const looked = importers.map(({ summary }) => summary).join("; or ");
  if (!isFolder) {
    const hint = /\.(mtx|tsv)(\.gz)?$/.test(path)
      ? "; name the folder that it is in"
      : "";
    return new Error(`Cannot import ${path}: it is not ${looked}${hint}`);
  }
  if (listFolder(path).length === 0) {
    return new Error(
      `Cannot import ${path}: the folder is empty; looked for ${looked}`,
    );
  }
  const below = await findBelow(path, importers);
  const hint = below.length > 0 ? `; below it there is ${listSome(below)}` : "";
  return new Error(`Cannot import ${path}: it is not ${looked}${hint}`);
}

/** Folders below a folder that some importer knows, the nearest first. */
async function findBelow(
  path: string,
  importers: readonly Importer[],
): Promise<string[]> {
  const found: string[] = [];
  let level = [path];
  let looked = 0;
  for (let depth = 0; depth < SEARCH_DEPTH; depth++) {
    const folders = level.flatMap(subfolders);
    level = [];
    for (const folder of folders) {
      if (++looked > SEARCH_FOLDERS) return found;
      if (await probeAll(folder, importers)) found.push(folder);
      else level.push(folder);
    }
  }
  return found;
}

function subfolders(path: string): string[] {
  try {
    return listFolder(path)
      .filter((name) => !name.startsWith("."))
      .map((name) => joinPath(path, name))
      .filter((inner) => pathKind(inner) === "folder");
  } catch {
    return []; // one that can't be looked into has nothing to suggest
  }
}
