import { ChunkCache } from "./chunk_cache.ts";
import { FileSource } from "./file_source.ts";
import { type Hdf5Attribute, readHdf5Attributes } from "./hdf5_attributes.ts";
import { Hdf5Dataset } from "./hdf5_dataset.ts";
import { checkFilterLengths, loadFilter } from "./hdf5_filters.ts";
import { checkHdf5Chunks } from "./hdf5_index.ts";
import {
  type Hdf5Call,
  type Hdf5Filter,
  type Hdf5Library,
  type Hdf5Metadata,
  loadHdf5,
} from "./hdf5_library.ts";
import { checkHdf5Object, checkHdf5Root } from "./hdf5_messages.ts";
import { numbersClassOf } from "./hdf5_types.ts";
import { areKnownFilters } from "./hdf5_unfilter.ts";

/** What there is at a path in an HDF5 file. */
export type Hdf5Kind = "group" | "dataset" | "other" | "missing";

/** What of chunks is kept in memory, of all datasets together. */
const CACHE_BYTES = 2 ** 25;

/**
 * An HDF5 file, opened for reading. Nothing outside of it is ever read: links
 * to other files are errors, and so are data that are kept in other files.
 */
export class Hdf5File implements Disposable {
  /** The path of the file. */
  readonly name: string;
  /** The size of the file in bytes. */
  readonly byteLength: number;
  readonly #library: Hdf5Library;
  readonly #source: FileSource;
  readonly #path: string;
  readonly #file: bigint;
  readonly #cache: ChunkCache;
  /** The paths of objects that are described by what the file has. */
  readonly #checked = new Set<string>();
  #isClosed = false;

  private constructor(
    library: Hdf5Library,
    source: FileSource,
    opened: {
      readonly path: string;
      readonly file: bigint;
      readonly cache: ChunkCache | undefined;
    },
  ) {
    this.#cache = new ChunkCache(opened.cache ?? CACHE_BYTES);
    this.#library = library;
    this.#source = source;
    this.#path = opened.path;
    this.#file = opened.file;
    this.name = source.name;
    this.byteLength = source.byteLength;
  }

  /**
   * Opens a file. Needs `--allow-read` for it, and nothing else.
   *
   * @param name The path of the file.
   * @param cache What keeps its chunks with those of other files, if anything.
   * @returns The open file.
   * @throws {Error} If it can't be read, is not HDF5, or is cut off.
   */
  static async open(name: string, cache?: ChunkCache): Promise<Hdf5File> {
    const library = await loadHdf5();
    const source = FileSource.open(name);
    const path = library.addFile(source);
    try {
      checkHdf5Root(source);
      const file = library.call(({ open }) => open(path, 0, false, -1, -1));
      return new Hdf5File(library, source, { path, file, cache });
    } catch (error) {
      library.removeFile(path);
      source.close();
      const { message } = error as Error;
      const why = message.includes("signature not found")
        ? "it is not an HDF5 file"
        : message;
      throw new Error(`Cannot read ${name}: ${why}`, { cause: error });
    }
  }

  /**
   * Says what there is at a path.
   *
   * @param path The path, of names and slashes.
   * @returns What it is; `"other"` for what is neither group nor dataset.
   * @throws {Error} If it is a link to another file.
   */
  kind(path: string): Hdf5Kind {
    const { H5G_GROUP, H5G_DATASET, H5G_UDLINK } = this.#library.functions;
    // Step by step: a group on the way can be a link to another file.
    for (const step of [...stepsAbove(path), path]) {
      this.#checkObject(step);
      const type = this.#call(
        step,
        ({ get_type }) => get_type(this.#file, step),
      );
      if (type === H5G_UDLINK) {
        throw this.#error(step, "it is a link to another file");
      }
      if (step !== path) {
        if (type !== H5G_GROUP) return "missing";
        continue;
      }
      if (type === H5G_GROUP) return "group";
      if (type === H5G_DATASET) return "dataset";
      return type < 0 ? "missing" : "other";
    }
    return "missing";
  }

  /**
   * Lists what is in a group.
   *
   * @param path The path of the group, `/` for the root.
   * @returns The names, sorted by the library.
   */
  keys(path: string): string[] {
    this.#checkObject(path);
    return this.#call(
      path,
      ({ get_names }) => get_names(this.#file, path, false),
    );
  }

  /**
   * Reads the attributes of a group or dataset.
   *
   * @param path Its path, `/` for the root.
   * @returns The attributes by their names; those of types that are neither
   * text, number, bool nor a reference to an object are left out.
   * @throws {Error} If one can't be read.
   */
  attributes(path: string): Record<string, Hdf5Attribute> {
    this.#checkObject(path);
    try {
      return readHdf5Attributes({
        path,
        source: this.#source,
        fileLength: this.byteLength,
        file: this.#file,
        call: (run) => this.#call(path, run),
      });
    } catch (error) {
      if ((error as Error).message.startsWith("Cannot ")) throw error;
      throw this.#error(path, (error as Error).message, error);
    }
  }

  /**
   * Opens a dataset.
   *
   * @param path The path of the dataset.
   * @returns The dataset, of which only the description is read.
   * @throws {Error} If there is none, its data are in other files, a filter of
   * it is not known, or it claims to hold more than the file can.
   */
  dataset(path: string): Hdf5Dataset {
    const kind = this.kind(path);
    if (kind !== "dataset") {
      const why = kind === "missing" ? "it is missing" : "it is no dataset";
      throw this.#error(path, why);
    }
    const metadata = this.#call(
      path,
      ({ get_dataset_metadata }) => get_dataset_metadata(this.#file, path),
    );
    const filters = this.#call(
      path,
      ({ get_dataset_filters }) => get_dataset_filters(this.#file, path),
    );
    const dataset = new Hdf5Dataset({
      path,
      fileLength: this.byteLength,
      metadata,
      filters,
      file: this.#file,
      source: this.#source,
      cache: this.#cache,
      isKnown: (filter) => loadFilter(this.#library, filter),
      call: (run) => this.#call(path, run),
      error: (why) => this.#error(path, why),
    });
    this.#checkChunks(path, metadata, filters);
    return dataset;
  }

  /**
   * Checks that the file is still the one that was opened.
   *
   * @throws {Error} If it is not.
   */
  checkUnchanged(): void {
    this.#source.checkUnchanged();
  }

  /** Closes the file; closing twice is fine. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      this.#library.call(({ close_file }) => close_file(this.#file));
    } catch {
      // What could not be read can't be closed either; nothing was written.
    }
    this.#library.removeFile(this.#path);
    this.#source.close();
    this.#cache.clear();
  }

  /** Closes the file at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Before the library looks at an object, and believes what it says. */
  #checkObject(path: string): void {
    if (this.#isClosed || this.#checked.has(path)) return;
    const reference = this.#reference(path);
    // There is none, or it is in another file.
    if (reference === undefined) return;
    try {
      checkHdf5Object(this.#source, reference);
    } catch (error) {
      throw this.#error(path, (error as Error).message, error);
    }
    this.#checked.add(path);
  }

  /** Numbers and texts of any length are read without the library. */
  #checkChunks(
    path: string,
    metadata: Hdf5Metadata,
    filters: readonly Hdf5Filter[],
  ): void {
    const { chunks, shape } = metadata;
    const isOwn = areKnownFilters(filters) &&
      (numbersClassOf(metadata) !== undefined || metadata.vlen);
    const reference = isOwn ? undefined : this.#reference(path);
    if (!chunks || !shape || reference === undefined) return;
    try {
      checkFilterLengths(filters, chunks);
      checkHdf5Chunks(this.#source, reference, { chunks, shape });
    } catch (error) {
      throw this.#error(path, (error as Error).message, error);
    }
  }

  #reference(path: string): Uint8Array | undefined {
    try {
      return Uint8Array.from(
        this.#library.call(({ create_object_reference }) =>
          create_object_reference(this.#file, path)
        ),
      );
    } catch {
      return undefined;
    }
  }

  #call<T>(path: string, run: Hdf5Call<T>): T {
    if (this.#isClosed) throw this.#error(path, "the file is closed");
    try {
      return this.#library.call(run);
    } catch (error) {
      throw this.#error(path, (error as Error).message, error);
    }
  }

  #error(path: string, why: string, cause?: unknown): Error {
    return new Error(`Cannot read ${this.name}: ${path}: ${why}`, { cause });
  }
}

/** The groups that a path leads through. */
function stepsAbove(path: string): string[] {
  const names = path.split("/").filter((name) => name !== "");
  return names.slice(0, -1).map((_, at) => names.slice(0, at + 1).join("/"));
}
