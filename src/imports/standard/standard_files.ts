/** The files of a folder in the multi-lane standard format. */
import { listFolder, pathKind } from "../../io/files.ts";
import { joinPath } from "../../io/paths.ts";
import { requireReadable } from "../readable.ts";

/** The name of the file that says how the others are laid out. */
export const FORMAT_FILE = "format.yaml";
/** The name of the table of genes. */
export const GENES_FILE = "genes.csv";
/** The name of the table of profiles. */
export const PROFILES_FILE = "profiles.csv";
/** The name of the counts. */
export const UMIS_FILE = "umis.mtx";

/** The paths of the files of a folder. */
export interface StandardFiles {
  /** Of the format. */
  readonly format: string;
  /** Of the table of genes, plain or gzip. */
  readonly genes: string;
  /** Of the table of profiles, plain or gzip. */
  readonly profiles: string;
  /** Of the counts, plain or gzip. */
  readonly umis: string;
}

/**
 * Whether a folder is in the multi-lane standard format, by the names of its
 * files.
 *
 * @param path The path.
 * @returns True where it has a format and counts, or a table.
 */
export function isStandardFolder(path: string): boolean {
  if (pathKind(path) !== "folder") return false;
  const names = listFolder(path);
  return names.includes(FORMAT_FILE) &&
    [UMIS_FILE, GENES_FILE, PROFILES_FILE]
      .some((name) => names.includes(name) || names.includes(`${name}.gz`));
}

/**
 * Finds the files of a folder in the multi-lane standard format.
 *
 * @param path The path of the folder.
 * @param action What messages say can't be done.
 * @returns The paths of the files.
 * @throws {Error} If one is missing, can't be read, or is there both plain and
 * as gzip.
 */
export function findStandardFiles(
  path: string,
  action: "import" | "delane",
): StandardFiles {
  const start = `Cannot ${action} ${path}: `;
  const kind = pathKind(path);
  if (kind === "missing") {
    throw new Error(`${start}there is no such file or folder`);
  }
  if (kind === "file") throw new Error(`${start}it is not a folder`);
  const names = listFolder(path);
  const find = (name: string) => {
    const found = [name, `${name}.gz`].filter((file) => names.includes(file));
    if (found.length === 1) return joinPath(path, found[0]!);
    const why = found.length === 0
      ? `it has no ${name}, plain or with .gz`
      : `it has both ${found.join(" and ")}: keep one of them`;
    throw new Error(start + why);
  };
  if (!names.includes(FORMAT_FILE)) {
    throw new Error(`${start}it has no ${FORMAT_FILE}`);
  }
  const files = {
    format: joinPath(path, FORMAT_FILE),
    genes: find(GENES_FILE),
    profiles: find(PROFILES_FILE),
    umis: find(UMIS_FILE),
  };
  for (const file of Object.values(files)) requireReadable(file, action);
  return files;
}
