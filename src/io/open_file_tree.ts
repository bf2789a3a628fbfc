import { fileState } from "./file_source.ts";
import type { FileTree } from "./file_tree.ts";
import { FolderTree } from "./folder_tree.ts";
import { describeSystemError } from "./system_errors.ts";
import { ZipArchive } from "./zip_archive.ts";
import { ZipTree } from "./zip_tree.ts";
import { statSync } from "node:fs";

/**
 * Opens a folder, or a zip file of one, which has it at its root or as the
 * only thing there.
 *
 * @param path The path of the folder or zip file.
 * @param marks Files of which the folder has one.
 * @returns The folder.
 * @throws {Error} If it can't be read, or has none of them.
 */
export function openFileTree(
  path: string,
  marks: readonly string[],
): FileTree {
  const tree = isFolder(path) ? new FolderTree(path) : openZip(path, marks);
  if (marks.some((mark) => tree.byteLength(mark) !== undefined)) return tree;
  tree.close();
  throw new Error(`Cannot read ${path}: it has no ${marks.join(", ")}`);
}

/** Whether a path is one of a folder. */
export function isFolder(path: string): boolean {
  try {
    if (fileState(path) === undefined) return false;
    return statSync(path).isDirectory();
  } catch (error) {
    throw describeSystemError(`open ${path}`, error);
  }
}

function openZip(path: string, marks: readonly string[]): ZipTree {
  const archive = ZipArchive.open(path);
  const whole = new ZipTree(archive, "");
  const isRoot = marks.some((mark) => whole.byteLength(mark) !== undefined);
  // What macOS adds to a zip file does not count.
  const folders = whole.keys("").filter((name) =>
    name !== "__MACOSX" && !name.startsWith(".")
  );
  if (isRoot || folders.length !== 1) return whole;
  return new ZipTree(archive, folders[0]!);
}
