import { type AnnDataFile, openAnnData } from "../../anndata/anndata_file.ts";
import type { StoredMatrix } from "../../anndata/matrix.ts";
import { EntriesMatrix } from "../matrices/entries_matrix.ts";
import { type LabelColumn, toLabels } from "../labels.ts";
import type { MappedStore, StoreOptions } from "./store.ts";
import type { StoreMatrix } from "../matrices/store_matrix.ts";
import { ValuesMatrix } from "../matrices/values_matrix.ts";
import {
  checkFiles,
  watchColumns,
  type WatchedFile,
  watchFiles,
} from "./watch.ts";

/**
 * Opens an AnnData file as a store: h5ad, a zarr folder, or a zip of one. Of
 * its matrices the sizes alone are read.
 *
 * @param path The path.
 * @param options What it may take of memory.
 * @returns The store.
 * @throws {Error} If it can't be read, or has no X.
 */
export async function openAnnDataStore(
  path: string,
  options: StoreOptions,
): Promise<MappedStore> {
  // Before it is opened, or a change in between would not be noticed.
  const files = watchFiles(path, options.matrices);
  const tables = watchColumns(path);
  const file = await openAnnData(path, options.cache);
  try {
    const matrix = await file.layer("X");
    if (!matrix) throw file.error("X", "it is missing");
    return new AnnDataStore(file, { ...options, matrix, files, tables });
  } catch (error) {
    file.close();
    throw error;
  }
}

class AnnDataStore implements MappedStore {
  readonly path: string;
  readonly rows: number;
  readonly columns: number;
  readonly #file: AnnDataFile;
  readonly #options: StoreOptions;
  readonly files: readonly WatchedFile[];
  readonly #tables: readonly WatchedFile[];
  readonly #matrices = new Map<string, Promise<StoreMatrix | undefined>>();

  constructor(
    file: AnnDataFile,
    parts: StoreOptions & {
      readonly matrix: StoredMatrix;
      readonly files: readonly WatchedFile[];
      readonly tables: readonly WatchedFile[];
    },
  ) {
    this.#file = file;
    this.#options = parts;
    this.files = parts.files;
    this.#tables = parts.tables;
    this.path = file.name;
    [this.rows, this.columns] = parts.matrix.shape;
    const matrix = this.#toRows(parts.matrix);
    this.#matrices.set("layer X", Promise.resolve(matrix));
  }

  genes(): Promise<readonly string[]> {
    return this.#file.var.names();
  }

  async column(key: string): Promise<LabelColumn | undefined> {
    const { obs } = this.#file;
    if (!obs.columns.includes(key)) return undefined;
    const values = await obs.readColumn(key);
    const mayBeNumbers = values.kind === "categorical" &&
      values.categories.every(looksLikeNumber);
    if (!mayBeNumbers) return toLabels(values);
    return toLabels(values, await obs.readCategories(key));
  }

  layer(key: string): Promise<StoreMatrix | undefined> {
    return this.#find(`layer ${key}`, () => this.#file.layer(key));
  }

  obsm(key: string): Promise<StoreMatrix | undefined> {
    return this.#find(`obsm ${key}`, () => this.#file.obsm(key));
  }

  checkUnchanged(): void {
    checkFiles(this.files);
  }

  checkTables(): void {
    checkFiles(this.#tables);
  }

  close(): void {
    this.#file.close();
  }

  #find(
    name: string,
    open: () => Promise<StoredMatrix | undefined>,
  ): Promise<StoreMatrix | undefined> {
    const known = this.#matrices.get(name);
    if (known) return known;
    const found = open().then((matrix) => matrix && this.#toRows(matrix));
    found.catch(() => this.#matrices.delete(name));
    this.#matrices.set(name, found);
    return found;
  }

  #toRows(matrix: StoredMatrix): StoreMatrix {
    if (matrix.kind === "dense") return new ValuesMatrix(this.#file, matrix);
    const { transposeBytes } = this.#options;
    return new EntriesMatrix(this.#file, matrix, transposeBytes);
  }
}

/** To find a column again takes as long as to read it: most need not be. */
function looksLikeNumber(text: string): boolean {
  return !Number.isNaN(Number(text)) || /^(nan|true|false)$/i.test(text);
}
