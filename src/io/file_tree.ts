/**
 * Files by their paths in a folder, or in a zip file of one. A path is of
 * names and slashes, with none in front; empty for the folder itself.
 */
export interface FileTree extends Disposable {
  /** The path of the folder or zip file. */
  readonly name: string;
  /** Whether files have checksums, which `read` checks and `readRange` can't. */
  readonly hasChecksums: boolean;
  /**
   * The size of a file, or undefined where there is none.
   *
   * @param path The path of the file.
   */
  byteLength(path: string): number | undefined;
  /**
   * Reads a file.
   *
   * @param path The path of the file.
   * @returns Its bytes, in memory of their own; undefined if there is none.
   */
  read(path: string): Uint8Array | undefined;
  /**
   * Reads a part of a file.
   *
   * @param path The path of the file, which there must be.
   * @param offset The first byte.
   * @param length How many bytes.
   * @param into Memory for them, of any size; it is used where it is enough.
   */
  readRange(
    path: string,
    offset: number,
    length: number,
    into?: Uint8Array,
  ): Uint8Array;
  /**
   * Throws where a file that is not there may have been there when the tree was
   * opened.
   *
   * @param path The path of the file.
   */
  checkMissing(path: string): void;
  /**
   * The names in a folder, sorted.
   *
   * @param path The path of the folder.
   */
  keys(path: string): readonly string[];
  /**
   * Adds up the bytes that the files under a folder have on the disk.
   *
   * @param path The path of the folder.
   * @param enough From how many on it does not matter any more.
   */
  storedBytes(path: string, enough: number): number;
  /** Throws where what was read has changed since. */
  checkUnchanged(): void;
  /** Closes all files; closing twice is fine. */
  close(): void;
}

/**
 * Puts a path together.
 *
 * @param parts Paths; those that are empty are left out.
 * @returns The path.
 */
export function joinTreePath(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("/");
}

/**
 * Splits a path, where all names in it are such that stay inside.
 *
 * @param path The path.
 * @returns The names, or undefined if one is none.
 */
export function splitTreePath(path: string): string[] | undefined {
  const names = path.split("/").filter((name) => name !== "");
  const isFine = names.every((name) =>
    name !== "." && name !== ".." && !/[\0\\]/.test(name)
  );
  return isFine ? names : undefined;
}
