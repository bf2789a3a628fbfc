import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { describeSystemError } from "./system_errors.ts";

/** What a path leads to. */
export type PathKind = "file" | "folder" | "missing";

/**
 * Says what a path leads to.
 *
 * @param path The path; links are followed.
 * @returns `"file"` for all that is not a folder.
 */
export function pathKind(path: string): PathKind {
  try {
    return statSync(path).isDirectory() ? "folder" : "file";
  } catch (error) {
    if (isMissing(error)) return "missing";
    throw describeSystemError(`look at ${path}`, error);
  }
}

/**
 * Whether something can be read as often as one likes: a pipe can't, and would
 * keep the process waiting.
 *
 * @param path The path of what is there.
 * @returns True for files and folders.
 */
export function isFileOrFolder(path: string): boolean {
  try {
    const stats = statSync(path);
    return stats.isFile() || stats.isDirectory();
  } catch (error) {
    throw describeSystemError(`look at ${path}`, error);
  }
}

/**
 * The size of a file.
 *
 * @param path The path of the file.
 * @returns The size in bytes.
 */
export function fileSize(path: string): number {
  try {
    return statSync(path).size;
  } catch (error) {
    throw describeSystemError(`look at ${path}`, error);
  }
}

/**
 * Reads a whole file.
 *
 * @param path The path of the file.
 * @returns Its bytes, aligned to 8 in memory.
 */
export function readFileBytes(path: string): Uint8Array {
  try {
    const bytes = readFileSync(path);
    const aligned = bytes.byteOffset % 8 === 0;
    return aligned
      ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      : new Uint8Array(bytes);
  } catch (error) {
    throw describeSystemError(`read ${path}`, error);
  }
}

/**
 * Reads a whole text file.
 *
 * @param path The path of the file.
 * @returns Its text.
 * @throws {SyntaxError} If it is not UTF-8.
 */
export function readFileText(path: string): string {
  const bytes = readFileBytes(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new SyntaxError(`Cannot read ${path}: it is not UTF-8 text`, {
      cause: error,
    });
  }
}

/**
 * Lists what a folder holds.
 *
 * @param path The path of the folder.
 * @returns The names, sorted.
 */
export function listFolder(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch (error) {
    throw describeSystemError(`list ${path}`, error);
  }
}

/**
 * Makes a folder, and those above it where they are missing.
 *
 * @param path The path of the folder.
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw describeSystemError(`make ${path}`, error);
  }
}

/**
 * Removes a file, or a folder with all that it holds. What is not there needs
 * no removing.
 *
 * @param path The path.
 */
export function removePath(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    throw describeSystemError(`remove ${path}`, error);
  }
}

/**
 * Whether a path may be written without asking anybody: optional writing, such
 * as of a cache, is left out where it may not.
 *
 * @param path The path.
 * @returns True where the permission was granted.
 */
export function mayWrite(path: string): boolean {
  return Deno.permissions.querySync({ name: "write", path }).state ===
    "granted";
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : "";
  return code === "ENOENT" || code === "ENOTDIR";
}

/**
 * Sets the time at which a file was changed to now.
 *
 * @param path The path of the file.
 */
export function touchFile(path: string): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch (error) {
    throw describeSystemError(`touch ${path}`, error);
  }
}
