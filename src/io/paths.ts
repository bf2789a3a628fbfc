import {
  basename,
  dirname,
  isAbsolute,
  join,
  relative,
  resolve,
  sep,
} from "node:path";

/**
 * Joins parts of a path.
 *
 * @param parts The parts, of which the first may be absolute.
 * @returns The path.
 */
export function joinPath(...parts: string[]): string {
  return join(...parts);
}

/**
 * The folder that a path is in.
 *
 * @param path A path.
 * @returns The path of the folder.
 */
export function parentPath(path: string): string {
  return dirname(path);
}

/**
 * The last segment of a path.
 *
 * @param path A path.
 * @returns The name, without the folders.
 */
export function baseName(path: string): string {
  return basename(path);
}

/**
 * A path made absolute by the current folder.
 *
 * @param path A path.
 * @returns The absolute path; `.` and `..` are resolved.
 */
export function absolutePath(path: string): string {
  return resolve(path);
}

/**
 * How to get from one folder to a path, with `/` between segments on every
 * system, so that containers move between systems.
 *
 * @param from The folder to start in.
 * @param to Where to go.
 * @returns The relative path, `.` where both are the same.
 */
export function relativePath(from: string, to: string): string {
  return relative(from, to).replaceAll(sep, "/") || ".";
}

/**
 * Whether a path is a folder or inside it.
 *
 * @param path The path to look at.
 * @param folder The folder that may hold it.
 * @returns True where they overlap in that way.
 */
export function isWithin(path: string, folder: string): boolean {
  const steps = relative(resolve(folder), resolve(path));
  return steps === "" ||
    (steps.split(sep)[0] !== ".." && !isAbsolute(steps));
}

/**
 * Resolves a path that stands in a file of a container, relative to it.
 *
 * @param folder The folder of the container.
 * @param path A path with `/`, absolute or relative to the folder.
 * @returns The path.
 */
export function resolveWithin(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}
