/** The stores of a collection, open or opened for each use. */
import { ChunkCache } from "../../io/chunk_cache.ts";
import { pathKind } from "../../io/files.ts";
import { isProfilesFolder } from "../../profiles/profiles.ts";
import { openAnnDataStore } from "./anndata_store.ts";
import type { CheckedOptions } from "../collection_options.ts";
import { openContainerStore } from "./container_store.ts";
import { checkFiles, type WatchedFile } from "./watch.ts";
import type { MappedStore, StoreOptions } from "./store.ts";

/** The stores of a collection. */
export class OpenStores {
  /** The paths. */
  readonly paths: readonly string[];
  readonly #stores: MappedStore[] = [];
  readonly #options: StoreOptions;
  readonly #isParallel: boolean;
  #isClosed = false;

  private constructor(options: CheckedOptions) {
    this.paths = options.pathList;
    this.#isParallel = options.parallel;
    this.#options = {
      cache: new ChunkCache(options.cacheBytes),
      // What is opened for each use would be read for that alone.
      keepsFiles: !options.parallel,
      transposeBytes: options.transposeBytes,
      matrices: [
        "X",
        ...options.layersKeys.map(pathOfLayer),
        ...options.obsmKeys.map((key) => `obsm/${key}`),
      ],
    };
  }

  /**
   * Opens stores.
   *
   * @param options Their paths, and how they are opened.
   * @param visit Reads what is needed of each, which is open then.
   * @returns The stores.
   * @throws {Error} If one can't be opened; none is open then.
   */
  static async open(
    options: CheckedOptions,
    visit: (store: MappedStore) => Promise<void>,
  ): Promise<OpenStores> {
    const stores = new OpenStores(options);
    try {
      for (const path of options.pathList) {
        const store = await openStore(path, stores.#options);
        stores.#stores.push(store);
        await visit(store);
        if (options.parallel) store.close();
      }
    } catch (error) {
      stores.#closeAll();
      throw error;
    }
    return stores;
  }

  /** The files of all stores, as they were. */
  get files(): readonly WatchedFile[] {
    return this.#stores.flatMap(({ files }) => files);
  }

  /** Whether the stores were closed. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Uses a store, which is opened for that where nothing is held open.
   *
   * @param index Which one.
   * @param run Uses it.
   * @returns What that returns.
   * @throws {Error} If the store changed since it was opened, or is closed.
   */
  async use<T>(
    index: number,
    run: (store: MappedStore) => Promise<T>,
  ): Promise<T> {
    this.checkOpen();
    const store = this.#stores[index]!;
    if (!this.#isParallel) {
      store.checkUnchanged();
      return await run(store);
    }
    checkFiles(store.files);
    const opened = await openStore(store.path, this.#options);
    try {
      return await run(opened);
    } finally {
      opened.close();
    }
  }

  /**
   * Uses a store for its columns or genes.
   *
   * @param index Which one.
   * @param run Uses it.
   * @returns What that returns.
   * @throws {Error} As {@linkcode use} does, and if data of it changed.
   */
  async useTables<T>(
    index: number,
    run: (store: MappedStore) => Promise<T>,
  ): Promise<T> {
    this.checkOpen();
    this.#stores[index]!.checkTables();
    return await this.use(index, run);
  }

  /** Throws where the stores are closed, and not opened for each use. */
  checkOpen(): void {
    if (!this.#isClosed || this.#isParallel) return;
    const [first] = this.paths;
    const rest = this.paths.length - 1;
    const which = rest === 0 ? first : `${first} and ${rest} more`;
    throw new Error(`Cannot read the collection of ${which}: it is closed`);
  }

  /** Closes all stores; closing twice is fine. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#closeAll();
  }

  #closeAll(): void {
    for (const store of this.#stores) store.close();
  }
}

async function openStore(
  path: string,
  options: StoreOptions,
): Promise<MappedStore> {
  const kind = pathKind(path);
  if (kind === "missing") {
    throw new Error(`Cannot open ${path}: there is no such file or folder`);
  }
  return isProfilesFolder(path)
    ? await openContainerStore(path, options)
    : await openAnnDataStore(path, options);
}

function pathOfLayer(key: string): string {
  if (key === "X") return key;
  return key === "raw.X" ? "raw/X" : `layers/${key}`;
}
