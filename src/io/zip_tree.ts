import { type FileTree, joinTreePath } from "./file_tree.ts";
import type { ZipArchive } from "./zip_archive.ts";

/** A folder in a zip file as a tree of files. */
export class ZipTree implements FileTree {
  /** The path of the zip file. */
  readonly name: string;
  /** Every file of a zip file has a checksum. */
  readonly hasChecksums = true;
  readonly #archive: ZipArchive;
  readonly #top: string;
  readonly #names = new Map<string, Set<string>>();
  readonly #bytes = new Map<string, number>();

  /**
   * Lists what is in a zip file.
   *
   * @param archive The zip file, which the tree takes over.
   * @param top The path of the folder in it; empty for all.
   */
  constructor(archive: ZipArchive, top: string) {
    this.name = archive.name;
    this.#archive = archive;
    this.#top = top;
    for (const name of archive.names) this.#add(name);
  }

  /**
   * The size of a file, or undefined where there is none.
   *
   * @param path The path of the file.
   * @returns The size in bytes.
   */
  byteLength(path: string): number | undefined {
    return this.#archive.sizes(joinTreePath(this.#top, path))?.byteLength;
  }

  /**
   * Reads a file.
   *
   * @param path The path of the file.
   * @returns Its bytes; undefined if there is none.
   * @throws {Error} If it is damaged.
   */
  read(path: string): Uint8Array | undefined {
    return this.#archive.read(joinTreePath(this.#top, path));
  }

  /**
   * Reads a part of a file.
   *
   * @param path The path of the file.
   * @param offset The first byte.
   * @param length How many bytes.
   * @returns The bytes.
   * @throws {RangeError} If they pass the end.
   * @throws {Error} If there is no such file, or it is damaged.
   */
  readRange(path: string, offset: number, length: number): Uint8Array {
    const name = joinTreePath(this.#top, path);
    return this.#archive.readRange(name, offset, length);
  }

  /** What is not in the list of a zip file never was there. */
  checkMissing(): void {}

  /**
   * The names in a folder.
   *
   * @param path The path of the folder.
   * @returns The names, sorted; none if there is no such folder.
   */
  keys(path: string): readonly string[] {
    return [...this.#names.get(joinTreePath(this.#top, path)) ?? []].sort();
  }

  /**
   * Adds up the bytes that the files under a folder take.
   *
   * @param path The path of the folder.
   * @returns The bytes.
   */
  storedBytes(path: string): number {
    return this.#bytes.get(joinTreePath(this.#top, path)) ?? 0;
  }

  /**
   * Checks that the zip file is as it was.
   *
   * @throws {Error} If it is not.
   */
  checkUnchanged(): void {
    this.#archive.checkUnchanged();
  }

  /** Closes the zip file; closing twice is fine. */
  close(): void {
    this.#archive.close();
  }

  /** Closes the zip file at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }

  #add(name: string): void {
    const { packedBytes } = this.#archive.sizes(name)!;
    let end = name.length;
    while (end >= 0) {
      const slash = name.lastIndexOf("/", end - 1);
      const folder = slash < 0 ? "" : name.slice(0, slash);
      let names = this.#names.get(folder);
      if (names === undefined) this.#names.set(folder, names = new Set());
      names.add(name.slice(slash + 1, end));
      this.#bytes.set(folder, (this.#bytes.get(folder) ?? 0) + packedBytes);
      if (slash < 0) break;
      end = slash;
    }
  }
}
