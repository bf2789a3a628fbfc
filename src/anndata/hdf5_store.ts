/** HDF5 files as stores of nodes. */
import type { ChunkCache } from "../io/chunk_cache.ts";
import type { Hdf5Dataset } from "../io/hdf5_dataset.ts";
import { Hdf5File } from "../io/hdf5_file.ts";
import type {
  ArrayNode,
  Attributes,
  ElementClass,
  GroupNode,
  NodeStore,
  StoredNumbers,
  StoreNode,
} from "./nodes.ts";

/**
 * Opens an HDF5 file. Needs `--allow-read` for it.
 *
 * Nothing outside of it is ever read: links to other files are errors, and so
 * are data that are kept in other files.
 *
 * @param path The path of the file.
 * @param cache What keeps its chunks with those of other files, if anything.
 * @returns The store.
 * @throws {Error} If it can't be read, is not HDF5, or is cut off.
 */
export async function openHdf5Store(
  path: string,
  cache?: ChunkCache,
): Promise<NodeStore> {
  return new Hdf5Store(await Hdf5File.open(path, cache));
}

class Hdf5Store implements NodeStore {
  readonly name: string;
  readonly format = "HDF5";
  readonly root: GroupNode;
  readonly #file: Hdf5File;

  constructor(file: Hdf5File) {
    this.#file = file;
    this.name = file.name;
    this.root = new Hdf5Group(file, "");
  }

  error(path: string, why: string): Error {
    return new Error(`Cannot read ${this.name}: ${path || "/"}: ${why}`);
  }

  checkUnchanged(): void {
    this.#file.checkUnchanged();
  }

  close(): void {
    this.#file.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** What a group and an array have in common. */
abstract class Hdf5Node {
  readonly path: string;
  protected readonly file: Hdf5File;
  #attributes: Attributes | undefined;

  constructor(file: Hdf5File, path: string) {
    this.file = file;
    this.path = path;
  }

  // deno-lint-ignore require-await
  async attributes(): Promise<Attributes> {
    this.#attributes ??= this.file.attributes(this.path || "/");
    return this.#attributes;
  }
}

class Hdf5Group extends Hdf5Node implements GroupNode {
  readonly kind = "group";

  // deno-lint-ignore require-await
  async keys(): Promise<readonly string[]> {
    return this.file.keys(this.path || "/");
  }

  // deno-lint-ignore require-await
  async get(path: string): Promise<StoreNode | undefined> {
    const names = path.split("/").filter((name) => name !== "");
    if (names.includes(".") || names.includes("..")) return undefined;
    const full = [this.path, ...names].filter((part) => part !== "").join("/");
    if (full === "") return new Hdf5Group(this.file, full);
    switch (this.file.kind(full)) {
      case "group":
        return new Hdf5Group(this.file, full);
      case "dataset":
        return new Hdf5Array(this.file, this.file.dataset(full));
      default:
        return undefined;
    }
  }
}

class Hdf5Array extends Hdf5Node implements ArrayNode {
  readonly kind = "array";
  readonly shape: readonly number[];
  readonly elementClass: ElementClass;
  readonly typeName: string;
  readonly chunks: readonly number[] | undefined;
  readonly fields: readonly string[];
  readonly #dataset: Hdf5Dataset;

  constructor(file: Hdf5File, dataset: Hdf5Dataset) {
    super(file, dataset.path);
    this.#dataset = dataset;
    this.shape = dataset.shape;
    this.elementClass = dataset.typeClass;
    this.typeName = dataset.typeName;
    this.chunks = dataset.chunks;
    this.fields = dataset.fields;
  }

  // deno-lint-ignore require-await
  async readNumbers(
    start: number,
    end: number,
    into?: StoredNumbers,
  ): Promise<StoredNumbers> {
    return this.#dataset.readRows(start, end, into);
  }

  // deno-lint-ignore require-await
  async readTexts(start: number, end: number): Promise<string[]> {
    return this.#dataset.readRowTexts(start, end);
  }

  field(name: string): ArrayNode {
    return new Hdf5Field(this.file, this.#dataset.field(name));
  }
}

class Hdf5Field extends Hdf5Array {
  // deno-lint-ignore require-await
  override async attributes(): Promise<Attributes> {
    return {};
  }
}
