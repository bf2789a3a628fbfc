import { spelledGenes } from "../../exports/spelled_genes.ts";
import "../../profiles/load.ts";
import { Profiles } from "../../profiles/profiles.ts";
import {
  DENSE_MATRIX_FILE,
  MATRIX_FILE,
} from "../../profiles/profiles_batch.ts";
import type { ChunkCache } from "../../io/chunk_cache.ts";
import { joinPath } from "../../io/paths.ts";
import { type LabelColumn, toLabels } from "../labels.ts";
import { PairsMatrix } from "../matrices/pairs_matrix.ts";
import type { MappedStore, StoreOptions } from "./store.ts";
import type { StoreMatrix } from "../matrices/store_matrix.ts";
import {
  checkFiles,
  watchData,
  type WatchedFile,
  watchFiles,
  watchPaths,
} from "./watch.ts";

/**
 * Opens a container as a store: its UMIs are X, its data of profiles obs, and
 * its genes, as their source spells them, var.
 *
 * @param path The path of the folder.
 * @param options What it may take of memory.
 * @returns The store.
 * @throws {Error} If it can't be opened.
 */
export async function openContainerStore(
  path: string,
  { cache, keepsFiles }: StoreOptions,
): Promise<MappedStore> {
  const own = watchFiles(path, []);
  const profiles = await Profiles.load(path);
  try {
    const folders = profiles.dirPaths();
    const matrices = folders.flatMap((folder) =>
      [MATRIX_FILE, DENSE_MATRIX_FILE].map((name) => joinPath(folder, name))
    );
    const files = [...own, ...watchPaths(matrices)];
    return new ContainerStore(path, profiles, {
      own,
      files,
      tables: watchData(folders),
      cache: keepsFiles ? cache : undefined,
    });
  } catch (error) {
    profiles.close();
    throw error;
  }
}

class ContainerStore implements MappedStore {
  readonly path: string;
  readonly rows: number;
  readonly columns: number;
  readonly #profiles: Profiles;
  readonly #matrix: StoreMatrix;
  readonly files: readonly WatchedFile[];
  readonly #own: readonly WatchedFile[];
  readonly #tables: readonly WatchedFile[];

  constructor(
    path: string,
    profiles: Profiles,
    watched: {
      readonly own: readonly WatchedFile[];
      readonly files: readonly WatchedFile[];
      readonly tables: readonly WatchedFile[];
      readonly cache: ChunkCache | undefined;
    },
  ) {
    this.path = path;
    this.rows = profiles.profilesCount;
    this.columns = profiles.genes.count;
    this.#profiles = profiles;
    this.#matrix = new PairsMatrix(profiles, watched.cache);
    this.#own = watched.own;
    this.files = watched.files;
    this.#tables = watched.tables;
  }

  genes(): Promise<readonly string[]> {
    return spelledGenes(this.#profiles);
  }

  async column(key: string): Promise<LabelColumn | undefined> {
    if (!await this.#profiles.hasArray("p", key)) return undefined;
    return toLabels(await this.#profiles.anyArray("p", key));
  }

  // deno-lint-ignore require-await
  async layer(key: string): Promise<StoreMatrix | undefined> {
    return key === "X" ? this.#matrix : undefined;
  }

  // deno-lint-ignore require-await
  async obsm(_key: string): Promise<StoreMatrix | undefined> {
    return undefined;
  }

  checkUnchanged(): void {
    // The matrices are looked at by themselves, those alone that are read.
    checkFiles(this.#own);
  }

  checkTables(): void {
    checkFiles(this.#tables);
  }

  close(): void {
    this.#profiles.close();
  }
}
