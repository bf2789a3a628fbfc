import { realpathSync } from "node:fs";
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
 * A path made absolute and free of links. What does not exist yet is taken
 * from the nearest folder above it that does.
 *
 * @param path A path.
 * @returns The real path; where a link may not be looked at, as it is.
 */
export function realPath(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    const folder = dirname(whole);
    return folder === whole ? whole : join(realPath(folder), basename(whole));
  }
}

/**
 * How to get from one folder to a path, with `/` between segments on every
 * system, so that containers move between systems. Links are followed.
 *
 * @param from The folder to start in.
 * @param to Where to go.
 * @returns The relative path, `.` where both are the same.
 */
export function relativePath(from: string, to: string): string {
  const steps = relative(realPath(from), realPath(to));
  return steps.replaceAll(sep, "/") || ".";
}

/**
 * Whether a path is a folder or inside it, also by way of links.
 *
 * @param path The path to look at.
 * @param folder The folder that may hold it.
 * @returns True where they overlap in that way.
 */
export function isWithin(path: string, folder: string): boolean {
  const steps = relative(realPath(folder), realPath(path));
  return steps === "" ||
    (steps.split(sep)[0] !== ".." && !isAbsolute(steps));
}

/**
 * Whether one of two paths is the other or inside it, also by way of links.
 *
 * @param left One path.
 * @param right The other.
 * @returns True where what is written to one can be in the other.
 */
export function isOverlapping(left: string, right: string): boolean {
  return isWithin(left, right) || isWithin(right, left);
}

/**
 * Resolves a path that stands in a file of a container, relative to it. Where
 * the folder was reached by a link, it counts from where the folder really is.
 *
 * @param folder The folder of the container.
 * @param path A path with `/`, absolute or relative to the folder.
 * @returns The path.
 */
export function resolveWithin(folder: string, path: string): string {
  if (isAbsolute(path)) return path;
  const place = realPath(folder);
  return join(place === resolve(folder) ? folder : place, path);
}
