/**
 * Writing that leaves the old state or the new one, whenever it is killed:
 * what is new is built beside its place, made durable, then renamed.
 */
import { lstatSync, readdirSync, renameSync } from "node:fs";
import { deferSync, syncFolder, syncTree } from "./deferred_sync.ts";
import { FileSink } from "./file_sink.ts";
import { isFileOrFolder, makeFolder, pathKind, removePath } from "./files.ts";
import { absolutePath, baseName, joinPath, parentPath } from "./paths.ts";
import { describeSystemError } from "./system_errors.ts";

/** How a folder may take the place of what is there. */
export interface BuildOptions {
  /** Whether something that is there may be replaced. */
  readonly force?: boolean;
  /**
   * Whether what is at the path is of the kind that `force` may replace.
   *
   * @param path The path of what is there.
   */
  isReplaceable?(path: string): boolean;
}

/**
 * Writes a file so that a reader, or a kill at any moment, meets the old
 * content or the new one and nothing between.
 *
 * @param path The path of the file; an old one is replaced.
 * @param content The new content; text is written as UTF-8.
 */
export function writeFileAtomically(
  path: string,
  content: Uint8Array | string,
): void {
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
  const sink = createFileSink(path);
  try {
    sink.write(bytes);
    sink.finish();
    moveFileIntoPlace(sink, path);
  } catch (error) {
    sink.abort();
    throw error;
  }
}

/**
 * Creates the temporary file in which the new content of a file is written,
 * where that is too large to have in memory.
 *
 * @param path The path that the file is to have in the end.
 * @returns A sink beside it, for {@linkcode moveFileIntoPlace}.
 */
export function createFileSink(path: string): FileSink {
  checkFilePlace(path);
  const partial = besidePath(path, "partial");
  try {
    return FileSink.create(partial);
  } catch (error) {
    throw nameDestination(error, partial, path);
  }
}

/**
 * Puts a finished temporary file in its place.
 *
 * @param sink What {@linkcode createFileSink} gave, finished.
 * @param path The path of the file; an old one is replaced.
 */
export function moveFileIntoPlace(sink: FileSink, path: string): void {
  renamePath(sink.name, path);
  syncFolder(parentPath(path));
}

/**
 * Builds a file beside its place and moves it there when it is whole. When the
 * build throws, what it wrote is removed.
 *
 * @param path The path of the file; an old one is replaced.
 * @param build Writes, and makes durable, the file whose path it is given.
 * @returns What `build` returns.
 */
export async function buildFileAtomically<T>(
  path: string,
  build: (partialPath: string) => Promise<T>,
): Promise<T> {
  checkFilePlace(path);
  const partial = besidePath(path, "partial");
  try {
    const result = await build(partial);
    renamePath(partial, path);
    syncFolder(parentPath(path));
    return result;
  } catch (error) {
    removePath(partial);
    throw nameDestination(error, partial, path);
  }
}

/**
 * Builds a folder beside its place and moves it there when it is whole. With
 * `force` an old one is renamed aside first and removed last, so that a kill
 * leaves the old one or the new one; one that was left aside is put back when
 * the next build starts. When the build throws, all that it wrote is removed.
 *
 * @param path Where the folder is to be.
 * @param options Whether, and what, it may replace.
 * @param build Fills the folder whose path it is given.
 * @returns What `build` returns.
 * @throws {Error} If something is there that may not be replaced.
 */
export async function buildFolderAtomically<T>(
  path: string,
  options: BuildOptions,
  build: (partialPath: string) => Promise<T>,
): Promise<T> {
  const place = namedPath(path);
  restoreFolder(place);
  checkReplaceable(place, options);
  const partial = besidePath(place, "partial");
  try {
    makeFolder(partial);
    const result = await buildDeferred(partial, build);
    await syncTree(partial);
    moveIntoPlace(partial, place, options);
    return result;
  } catch (error) {
    removePath(partial);
    throw nameDestination(error, partial, path);
  }
}

/**
 * Checks that a folder can be built at a path, before the work is done.
 *
 * @param path Where the folder is to be.
 * @param options Whether, and what, it may replace.
 * @throws {Error} If something is there that may not be replaced.
 */
export function checkReplaceable(path: string, options: BuildOptions): void {
  if (pathKind(path) === "missing") {
    if (!isLink(path)) return;
    throw new Error(`Cannot write ${path}: it is a link that leads nowhere`);
  }
  if (!options.force) {
    throw new Error(
      `Cannot write ${path}: it exists already (\`force\` replaces it)`,
    );
  }
  if (options.isReplaceable?.(path)) return;
  throw new Error(
    `Cannot replace ${path}: it is not a metacell folder, ` +
      "and nothing else is ever replaced",
  );
}

/**
 * The path that a folder has when the process that was replacing it was killed
 * after it had moved it aside, and before the new one was in its place.
 *
 * @param path The path that the folder should have.
 * @returns The path of the one that was moved aside, or undefined where the
 * folder is in place, or never was.
 */
export function findMovedAside(path: string): string | undefined {
  const folder = parentPath(path);
  if (pathKind(path) !== "missing" || pathKind(folder) !== "folder") return;
  const start = `.${baseName(path)}.`;
  const name = readdirSync(folder).find((name) =>
    name.startsWith(start) &&
    /^[0-9a-f]{12}\.old$/.test(name.slice(start.length))
  );
  return name === undefined ? undefined : joinPath(folder, name);
}

async function buildDeferred<T>(
  partial: string,
  build: (partialPath: string) => Promise<T>,
): Promise<T> {
  using _ = deferSync(partial);
  return await build(partial);
}

/** A path that ends in the name of what it leads to, not in `.` or `..`. */
function namedPath(path: string): string {
  return [".", "..", ""].includes(baseName(path)) ? absolutePath(path) : path;
}

function isLink(path: string): boolean {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats?.isSymbolicLink() ?? false;
  } catch (error) {
    throw describeSystemError(`write ${path}`, error);
  }
}

/** Puts a folder back that a killed process left aside. */
function restoreFolder(path: string): void {
  const aside = findMovedAside(path);
  if (aside !== undefined) renamePath(aside, path);
}

/**
 * Removes a folder that was replaced. It is renamed first, so that one that is
 * only partly removed is never taken for one to put back.
 */
function removeReplaced(aside: string, path: string): void {
  const partial = besidePath(path, "partial");
  renamePath(aside, partial);
  removePath(partial);
}

function moveIntoPlace(
  partial: string,
  path: string,
  options: BuildOptions,
): void {
  checkReplaceable(path, options);
  const folder = parentPath(path);
  if (pathKind(path) === "missing") {
    renamePath(partial, path);
    syncFolder(folder);
    return;
  }
  const aside = besidePath(path, "old");
  renamePath(path, aside);
  try {
    renamePath(partial, path);
  } catch (error) {
    renamePath(aside, path);
    throw error;
  }
  syncFolder(folder);
  removeReplaced(aside, path);
}

/** A name beside a path that nobody else has, hidden by its leading dot. */
function besidePath(path: string, purpose: string): string {
  const random = crypto.getRandomValues(new Uint8Array(6)).toHex();
  return joinPath(parentPath(path), `.${baseName(path)}.${random}.${purpose}`);
}

/** A device or a pipe would be gone: the new file is moved onto it. */
function checkFilePlace(path: string): void {
  const kind = pathKind(path);
  if (kind === "folder") {
    throw new Error(`Cannot write ${path}: it is a folder`);
  }
  if (kind === "file" && !isFileOrFolder(path)) {
    throw new Error(`Cannot write ${path}: it is a device or a pipe`);
  }
}

/** Whoever reads a message knows the destination, and not what was beside it. */
function nameDestination(
  error: unknown,
  partial: string,
  path: string,
): unknown {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (!cause.message.includes(partial)) continue;
    cause.message = cause.message.replaceAll(partial, path);
  }
  return error;
}

function renamePath(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    throw describeSystemError(`move ${from} to ${to}`, error);
  }
}
