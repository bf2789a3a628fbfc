import { listFolder, pathKind } from "../../io/files.ts";
import { joinPath } from "../../io/paths.ts";
import { listSome } from "../import_error.ts";
import { requireReadable } from "../readable.ts";

/** The three files of a 10x MatrixMarket folder. */
export interface MatrixMarketFiles {
  /** The path of the counts. */
  readonly matrix: string;
  /** The path of the table of genes or features. */
  readonly genes: string;
  /** The path of the list of barcodes. */
  readonly barcodes: string;
}

type Part = keyof MatrixMarketFiles;
type FileSet = Record<Part, string[]>;

/** A prefix as GEO has it, one of the names, and perhaps `.gz`. */
const FILE_NAME =
  /^(?<prefix>|.*[._-])(?:(?<matrix>matrix\.mtx)|(?<genes>(?:genes|features)\.tsv)|(?<barcodes>barcodes\.tsv))(?:\.gz)?$/;

const PARTS: readonly { part: Part; what: string }[] = [
  { part: "matrix", what: "matrix.mtx" },
  { part: "genes", what: "genes.tsv or features.tsv" },
  { part: "barcodes", what: "barcodes.tsv" },
];

/**
 * Whether a folder has a file by one of the names, prefixed or not.
 *
 * @param path The path.
 * @returns True where it has; false also where it is no folder.
 */
export function hasMatrixMarketFiles(path: string): boolean {
  return pathKind(path) === "folder" && groupFiles(path).size > 0;
}

/**
 * Finds the files of a 10x MatrixMarket folder, plain or gzip, perhaps with a
 * prefix before all three names.
 *
 * @param path The path of the folder.
 * @returns The paths of the files.
 * @throws {Error} If a file is missing or can't be read, or there are several of one kind.
 */
export function findMatrixMarketFiles(path: string): MatrixMarketFiles {
  const sets = groupFiles(path);
  const whole = [...sets].filter(([, set]) => isWhole(set));
  if (whole.length > 1) throw severalError(path, whole);
  const [found] = whole.length > 0 ? whole : fullestFirst(sets);
  if (!found) throw new Error(`Cannot import ${path}: it has no matrix.mtx`);
  const [prefix, set] = found;
  for (const { part, what } of PARTS) checkPart(path, prefix, what, set[part]);
  const files = {
    matrix: joinPath(path, set.matrix[0]!),
    genes: joinPath(path, set.genes[0]!),
    barcodes: joinPath(path, set.barcodes[0]!),
  };
  for (const file of Object.values(files)) requireReadable(file);
  return files;
}

/** The files by the prefix of their names. */
function groupFiles(path: string): Map<string, FileSet> {
  const sets = new Map<string, FileSet>();
  for (const name of listFolder(path)) {
    const groups = FILE_NAME.exec(name)?.groups;
    // Names with a leading point are what macOS leaves beside files.
    if (!groups || name.startsWith(".")) continue;
    const { prefix = "", matrix, genes } = groups;
    const part = matrix ? "matrix" : genes ? "genes" : "barcodes";
    const set = sets.get(prefix) ?? { matrix: [], genes: [], barcodes: [] };
    set[part].push(name);
    sets.set(prefix, set);
  }
  return sets;
}

function isWhole(set: FileSet): boolean {
  return PARTS.every(({ part }) => set[part].length > 0);
}

function fullestFirst(sets: Map<string, FileSet>): [string, FileSet][] {
  const count = (set: FileSet) =>
    PARTS.filter(({ part }) => set[part].length > 0).length;
  return [...sets].sort(([, left], [, right]) => count(right) - count(left));
}

function checkPart(
  path: string,
  prefix: string,
  what: string,
  names: readonly string[],
): void {
  if (names.length === 1) return;
  const why = names.length === 0
    ? `it has no ${prefix}${what}, plain or with .gz`
    : `it has both ${names.join(" and ")}: keep one of them`;
  throw new Error(`Cannot import ${path}: ${why}`);
}

function severalError(
  path: string,
  sets: readonly [string, FileSet][],
): Error {
  const names = sets.map(([, { matrix }]) => matrix[0]!);
  return new Error(
    `Cannot import ${path}: it has ${sets.length} matrices, ` +
      `${listSome(names)}: put each with its files into a folder of its own`,
  );
}
