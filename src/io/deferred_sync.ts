/**
 * Files of a folder that is being built need not be durable one by one: nobody
 * sees them before the folder is moved into place. They are made so together
 * at the end, which the file system does at the price of a few.
 */
import { closeSync, fsyncSync, openSync, readdirSync } from "node:fs";
import { open } from "node:fs/promises";
import { absolutePath, joinPath } from "./paths.ts";
import { describeSystemError } from "./system_errors.ts";

/** The folders that are being built, by their absolute paths. */
const BUILDING = new Set<string>();

/**
 * Says that the files of a folder will be made durable together.
 *
 * @param folder The folder that is being built.
 * @returns Ends that at the end of a `using` block, or when it is disposed of.
 */
export function deferSync(folder: string): Disposable {
  const path = absolutePath(folder);
  BUILDING.add(path);
  return { [Symbol.dispose]: () => void BUILDING.delete(path) };
}

/**
 * Whether something is in a folder whose files are made durable together.
 *
 * @param path The path of a file or folder.
 * @returns True where it need not be made durable now.
 */
export function isSyncDeferred(path: string): boolean {
  if (BUILDING.size === 0) return false;
  const place = absolutePath(path);
  for (const folder of BUILDING) {
    if (place === folder || place.startsWith(joinPath(folder, "/"))) {
      return true;
    }
  }
  return false;
}

/**
 * Makes all files of a folder durable, at once, and then the names of all
 * folders.
 *
 * @param folder The folder.
 */
export async function syncTree(folder: string): Promise<void> {
  const folders: string[] = [];
  const files: string[] = [];
  listTree(folder, folders, files);
  await Promise.all(files.map(syncFile));
  for (const path of folders) syncFolder(path);
}

/**
 * Makes the names in a folder durable, where the system lets us.
 *
 * @param folder The folder.
 */
export function syncFolder(folder: string): void {
  if (isSyncDeferred(folder)) return;
  try {
    const descriptor = openSync(folder, "r");
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Windows opens no folders, some network file systems sync none: the
    // rename itself is atomic there too, only its durability is the system's.
  }
}

function listTree(folder: string, folders: string[], files: string[]): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = joinPath(folder, entry.name);
    if (entry.isDirectory()) listTree(path, folders, files);
    else if (entry.isFile()) files.push(path);
  }
  folders.push(folder);
}

async function syncFile(path: string): Promise<void> {
  try {
    const file = await open(path, "r+");
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw describeSystemError(`write ${path}`, error);
  }
}
