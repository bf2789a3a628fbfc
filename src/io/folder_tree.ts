import { realpathSync } from "node:fs";
import { FileSource, type FileState, fileState } from "./file_source.ts";
import { type FileTree, joinTreePath, splitTreePath } from "./file_tree.ts";
import { describeSystemError } from "./system_errors.ts";

/** Of how many files parts can be read anew; their descriptors are fewer. */
const MOST_OPEN = 1024;

/**
 * A folder as a tree of files. Links are followed where they lead to something
 * that is in the folder as well; nothing outside of it is read.
 */
export class FolderTree implements FileTree {
  /** The path of the folder. */
  readonly name: string;
  /** Files have no checksums. */
  readonly hasChecksums = false;
  /** Folders that are no links, and in which no links lead. */
  readonly #plainFolders = new Set<string>();
  readonly #states = new Map<string, FileState>();
  readonly #open = new Map<string, FileSource>();
  readonly #openedTime = Date.now();
  #isClosed = false;

  /** @param path The path of the folder, which there must be. */
  constructor(path: string) {
    this.name = path;
  }

  /**
   * The size of a file, or undefined where there is none.
   *
   * @param path The path of the file.
   * @returns The size in bytes.
   * @throws {Error} If a link on the way leads out of the folder.
   */
  byteLength(path: string): number | undefined {
    const open = this.#open.get(path);
    if (open !== undefined) return open.byteLength;
    const stats = this.#stats(path);
    return stats?.isFile ? stats.size : undefined;
  }

  /**
   * Reads a file.
   *
   * @param path The path of the file.
   * @returns Its bytes; undefined if there is none.
   * @throws {Error} If it can't be read, or changed since it was read before.
   */
  read(path: string): Uint8Array | undefined {
    if (this.byteLength(path) === undefined) return undefined;
    const isNew = !this.#states.has(this.#fullPath(path));
    using source = this.#openSource(path);
    const { byteLength } = source;
    const bytes = new Uint8Array(byteLength);
    // What was not looked at before can't have changed since.
    if (isNew) source.readUnchecked(0, bytes, 0, byteLength);
    else source.read(0, bytes);
    return bytes;
  }

  /**
   * Reads a part of a file.
   *
   * @param path The path of the file.
   * @param offset The first byte.
   * @param length How many bytes.
   * @param into Memory for them, of any size; it is used where it is enough.
   * @returns The bytes.
   * @throws {RangeError} If they pass the end.
   * @throws {Error} If there is no such file, or it changed.
   */
  readRange(
    path: string,
    offset: number,
    length: number,
    into?: Uint8Array,
  ): Uint8Array {
    const source = this.#keepOpen(path);
    if (offset + length > source.byteLength) {
      throw new RangeError(
        `Cannot read ${source.name}: it has ${source.byteLength} bytes, ` +
          `and not ${length} from ${offset} on`,
      );
    }
    const isEnough = into !== undefined && into.length >= length;
    const bytes = isEnough ? into.subarray(0, length) : new Uint8Array(length);
    source.read(offset, bytes);
    return bytes;
  }

  /**
   * Checks that a file that is not there was not there either when the tree was
   * opened. That the folder was written to since is all that tells.
   *
   * @param path The path of the file.
   * @throws {Error} If it may have been there.
   */
  checkMissing(path: string): void {
    const full = this.#fullPath(path);
    if (this.#states.has(full)) {
      throw new Error(
        `Cannot read ${full}: it changed since it was opened: it was removed`,
      );
    }
    let folder = path;
    let stats: Deno.FileInfo | undefined;
    do {
      folder = folder.replace(/(^|\/)[^/]*$/, "");
      stats = this.#stats(folder);
    } while (stats === undefined && folder !== "");
    if (
      stats !== undefined && (stats.mtime?.getTime() ?? 0) <= this.#openedTime
    ) return;
    throw new Error(
      `Cannot read ${full}: it is not there, and may have been: ` +
        "its folder was written to since it was opened",
    );
  }

  /**
   * The names in a folder.
   *
   * @param path The path of the folder.
   * @returns The names, sorted; none if there is no such folder.
   */
  keys(path: string): readonly string[] {
    if (!this.#stats(path)?.isDirectory) return [];
    const full = this.#fullPath(path);
    try {
      return Array.from(Deno.readDirSync(full), ({ name }) => name).sort();
    } catch (error) {
      throw describeSystemError(`read ${full}`, error);
    }
  }

  /**
   * Adds up the sizes of the files under a folder.
   *
   * @param path The path of the folder.
   * @param enough From how many bytes on it stops.
   * @returns The bytes.
   */
  storedBytes(path: string, enough: number): number {
    let bytes = 0;
    const folders = [path];
    while (folders.length > 0 && bytes < enough) {
      const folder = folders.pop()!;
      for (const name of this.keys(folder)) {
        const inner = joinTreePath(folder, name);
        // A link to a folder above would be walked for ever.
        const stats = lstat(this.#fullPath(inner));
        if (stats?.isDirectory) folders.push(inner);
        else bytes += this.byteLength(inner) ?? 0;
        if (bytes >= enough) break;
      }
    }
    return bytes;
  }

  /**
   * Checks that the files that were read are as they were.
   *
   * @throws {Error} If one is not.
   */
  checkUnchanged(): void {
    for (const [path, state] of this.#states) {
      const now = fileState(path);
      const isSame = now !== undefined && now.size === state.size &&
        now.modified === state.modified && now.inode === state.inode;
      if (isSame) continue;
      const how = now === undefined ? "it was removed" : "it was written to";
      throw new Error(
        `Cannot read ${path}: it changed since it was opened: ${how}`,
      );
    }
  }

  /** Closes all files; closing twice is fine. */
  close(): void {
    this.#isClosed = true;
    for (const source of this.#open.values()) source.close();
    this.#open.clear();
  }

  /** Closes all files at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }

  #keepOpen(path: string): FileSource {
    const kept = this.#open.get(path);
    if (kept !== undefined) {
      this.#open.delete(path);
      this.#open.set(path, kept);
      return kept;
    }
    if (this.byteLength(path) === undefined) {
      const full = this.#fullPath(path);
      throw new Error(`Cannot read ${full}: there is no such file`);
    }
    const source = this.#openSource(path);
    this.#open.set(path, source);
    const [oldest] = this.#open.keys();
    if (this.#open.size > MOST_OPEN) {
      this.#open.get(oldest!)?.close();
      this.#open.delete(oldest!);
    }
    return source;
  }

  #openSource(path: string): FileSource {
    if (this.#isClosed) {
      throw new Error(`Cannot read ${this.name}: it is closed`);
    }
    const full = this.#fullPath(path);
    const state = this.#states.get(full);
    const source = FileSource.open(full, state);
    if (state === undefined) this.#states.set(full, source.state);
    return source;
  }

  #fullPath(path: string): string {
    return path === "" ? this.name : `${this.name}/${path}`;
  }

  /** What there is at a path, if it is inside. */
  #stats(path: string): Deno.FileInfo | undefined {
    const names = splitTreePath(path);
    if (names === undefined) return undefined;
    let stats: Deno.FileInfo | undefined;
    let full = this.name;
    if (names.length === 0) return lstatFollowed(full);
    for (const [at, name] of names.entries()) {
      full = `${full}/${name}`;
      if (at < names.length - 1 && this.#plainFolders.has(full)) continue;
      stats = lstat(full);
      if (stats?.isSymlink) stats = this.#followLink(full);
      else if (stats?.isDirectory) this.#plainFolders.add(full);
      if (!stats || at < names.length - 1 && !stats.isDirectory) {
        return undefined;
      }
    }
    return stats;
  }

  #followLink(full: string): Deno.FileInfo | undefined {
    let real: string;
    try {
      real = realpathSync(full);
    } catch (error) {
      throw describeSystemError(`read ${full}`, error);
    }
    const root = realpathSync(this.name);
    const isInside = real === root ||
      real.startsWith(root.endsWith("/") ? root : `${root}/`);
    if (isInside) return lstat(real);
    throw new Error(`Cannot read ${full}: it is a link that leads out`);
  }
}

/** Those of `node:fs` take four times as long. */
function lstat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    const isMissing = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (isMissing) return undefined;
    throw describeSystemError(`read ${path}`, error);
  }
}

/** The folder itself may be given as a link to it. */
function lstatFollowed(path: string): Deno.FileInfo | undefined {
  const stats = lstat(path);
  return stats?.isSymlink ? lstat(realpathSync(path)) : stats;
}
