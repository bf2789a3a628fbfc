import type { LeafSpan } from "../compute/leaf_spans.ts";
import { joinFacts, layerOf, obsmOf, shareGenes } from "./collection_layers.ts";
import {
  type CheckedOptions,
  checkOptions,
  checkRowsOptions,
  type MappedCollectionOptions,
  type VarJoin,
} from "./collection_options.ts";
import { areSorted, isSame } from "./joined_vars.ts";
import {
  checkScaler,
  type LabelWeightsOptions,
  weighLabels,
} from "./label_weights.ts";
import type { Encoder, KnownLabel } from "./labels.ts";
import { findSpans, type Layer, readLayer } from "./layer_rows.ts";
import { categoriesOf, labelsOf } from "./stores/obs_columns.ts";
import { ObsLabels } from "./stores/obs_labels.ts";
import { OpenStores } from "./stores/open_stores.ts";
import { learnStore, type StoreFacts } from "./stores/opened_store.ts";
import { RowPlaces } from "./row_places.ts";
import type {
  DenseMatrixRows,
  GetRowsOptions,
  Label,
  MatrixRows,
  RowsBatch,
  RowSource,
  RowType,
} from "./rows.ts";
import { readSamples, type Sample } from "./samples.ts";
import { checkFiles, type WatchedFile } from "./stores/watch.ts";

export type { Sample } from "./samples.ts";

/** What a worker opens a collection by: it can be posted to it. */
export interface SharedCollection {
  /** The paths. */
  readonly pathList: readonly string[];
  /** How they are opened. */
  readonly options: MappedCollectionOptions;
  /** The files, as they were. */
  readonly files: readonly WatchedFile[];
}

/** How many values are read at once when a collection is gone through. */
const VALUES_AT_ONCE = 2 ** 21;
const MOST_ROWS_AT_ONCE = 64;

/**
 * Cells of several stores as one list, for training loops: h5ad files, zarr
 * folders and containers of this project, mixed as they come. Nothing of the
 * matrices is read before a row is asked for.
 *
 * A sample has `_store_idx`, the index of its store, and the matrices and
 * labels that were asked for. Labels are codes, unless that is turned off; a
 * missing one is null.
 *
 * @example Cells of a container
 * ```ts
 * import {
 *   GenesSet,
 *   MappedCollection,
 *   MemoryMappedMatrix,
 *   ProfilesBatch,
 * } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.mkdir(`${folder}/genes`);
 * await Deno.writeTextFile(`${folder}/genes/g.name.txt`, "ACTB\nCD3D\n");
 * const genes = await GenesSet.created(`${folder}/genes`, "human");
 * const data: [number, number][][] = [[[0, 5], [1, 2]], [[1, 300]]];
 * MemoryMappedMatrix.write(`${folder}/gp.umis.mmm`, 2, data);
 * await Deno.writeTextFile(`${folder}/p.type.txt`, "T\nB\n");
 * await ProfilesBatch.created(folder, genes, "cells");
 *
 * using cells = await MappedCollection.open(folder, { obsKeys: "type" });
 * assertEquals(cells.shape, [2, 2]);
 * assertEquals(cells.encoders, { type: { B: 0, T: 1 } });
 * const last = await cells.get(-1);
 * assertEquals(last, { _store_idx: 0, X: new Uint32Array([0, 300]), type: 0 });
 * const { layers } = await cells.getRows([1, 0], { dtype: "float32" });
 * assertEquals(layers["X"]!.data, new Float32Array([0, 300, 5, 2]));
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class MappedCollection implements RowSource, Disposable {
  /** The paths of the stores. */
  readonly pathList: readonly string[];
  /** The matrices that samples have. */
  readonly layersKeys: readonly string[];
  /** The columns of obs that samples have. */
  readonly obsKeys: readonly string[];
  /** The matrices of obsm that samples have. */
  readonly obsmKeys: readonly string[];
  /** The columns of obs whose labels are codes. */
  readonly encodeLabels: readonly string[];
  /** Whether nothing is held open. */
  readonly parallel: boolean;
  /** Whether only some of the cells are there. */
  readonly filtered: boolean;
  /** The type of values, where one was asked for. */
  readonly dtype: RowType | undefined;
  /** The code of each label, by column and label; -1 of the unknown label. */
  readonly encoders: Readonly<Record<string, Encoder>>;
  /** The number of cells of each store that are there. */
  readonly nObsList: readonly number[];
  /** The number of genes of each store. */
  readonly nVarsList: readonly number[];
  /** How genes are joined; null where they are all the same, or left alone. */
  readonly joinVars: VarJoin | null;
  /** The names of the genes; undefined where they are not joined. */
  readonly varJoint: readonly string[] | undefined;
  /**
   * For each store and each of its genes the place among all genes, -1 for
   * none; undefined where a store, or all, stay as they are.
   */
  readonly varIndices: readonly (Int32Array | undefined)[] | undefined;
  readonly #stores: OpenStores;
  readonly #options: CheckedOptions;
  readonly #facts: readonly StoreFacts[];
  readonly #places: RowPlaces;
  readonly #layers: readonly Layer[];
  readonly #obsm: readonly Layer[];
  readonly #labels: ObsLabels;
  #varLists: Promise<readonly (readonly string[])[]> | undefined;

  private constructor(
    stores: OpenStores,
    options: CheckedOptions,
    facts: readonly StoreFacts[],
  ) {
    this.#stores = stores;
    this.#options = options;
    this.#facts = facts.map((one) => ({ ...one, obs: new Map() }));
    this.#places = new RowPlaces(facts);
    const joined = joinFacts(facts, options);
    this.pathList = options.pathList;
    this.layersKeys = options.layersKeys;
    this.obsKeys = options.obsKeys;
    this.obsmKeys = options.obsmKeys;
    this.encodeLabels = options.encoded;
    this.parallel = options.parallel;
    this.filtered = options.filters !== undefined;
    this.dtype = options.dtype;
    this.nObsList = this.#places.counts;
    this.nVarsList = facts.map(({ columns }) => columns);
    this.joinVars = joined?.join ?? null;
    this.varJoint = joined?.names;
    this.varIndices = this.joinVars === null ? undefined : joined?.maps;
    this.#layers = options.layersKeys.map((key) => layerOf(key, facts, joined));
    this.#obsm = options.obsmKeys.map((key) => obsmOf(key, facts));
    this.#labels = new ObsLabels(stores, options, facts);
    this.encoders = this.#labels.encoders;
  }

  /**
   * Opens stores as one collection. Needs `--allow-read` for them.
   *
   * @param pathList The paths of AnnData files (h5ad, zarr folders, or zips of
   * them) and of containers.
   * @param options What samples have, which cells there are, how genes are
   * joined and labels encoded.
   * @returns The collection, to be closed.
   * @throws {TypeError} If the options are not right.
   * @throws {Error} If a store is missing or can't be read, has no X, or the
   * genes can't be joined.
   */
  static async open(
    pathList: string | URL | readonly (string | URL)[],
    options: MappedCollectionOptions = {},
  ): Promise<MappedCollection> {
    const checked = checkOptions(pathList, options);
    const facts: StoreFacts[] = [];
    const stores = await OpenStores.open(checked, async (store) => {
      const learned = await learnStore(store, checked);
      facts.push(shareGenes(learned, facts[0]));
    });
    try {
      return new MappedCollection(stores, checked, facts);
    } catch (error) {
      stores.close();
      throw error;
    }
  }

  /**
   * Opens a collection in a worker: what a worker calls first. Its files stay
   * open there.
   *
   * @param shared What {@linkcode share} gave, posted to the worker.
   * @returns The collection, which gives the same rows, to be closed.
   * @throws {Error} If a file changed since the collection was opened.
   */
  static async openInWorker(
    shared: SharedCollection,
  ): Promise<MappedCollection> {
    checkFiles(shared.files);
    const options = { ...shared.options, parallel: false };
    return await MappedCollection.open(shared.pathList, options);
  }

  /**
   * What a worker needs to open the same collection.
   *
   * @returns What {@linkcode openInWorker} takes.
   */
  share(): SharedCollection {
    const { filters, join, unknown, ...options } = this.#options;
    const obsFilter = filters && Object.fromEntries(
      [...filters].map(([key, labels]) => [key, [...labels]]),
    );
    return {
      pathList: this.pathList,
      options: {
        layersKeys: options.layersKeys,
        obsKeys: options.obsKeys,
        obsmKeys: options.obsmKeys,
        obsFilter,
        join,
        encodeLabels: options.encoded,
        unknownLabel: Object.fromEntries(unknown),
        cacheCategories: options.cacheCategories,
        parallel: options.parallel,
        dtype: options.dtype,
        cacheBytes: options.cacheBytes,
        transposeBytes: options.transposeBytes,
      },
      files: this.#stores.files,
    };
  }

  /** The number of cells. */
  get length(): number {
    return this.#places.length;
  }

  /** The number of cells and of genes; null where these are not joined. */
  get shape(): readonly [cells: number, genes: number | null] {
    return [this.length, this.varJoint?.length ?? null];
  }

  /** The number of cells of each store that are there, and of its genes. */
  get originalShapes(): readonly (readonly [cells: number, genes: number])[] {
    return this.nObsList.map((rows, at) => [rows, this.nVarsList[at]!]);
  }

  /** Whether the collection was closed. */
  get closed(): boolean {
    return this.#stores.isClosed;
  }

  /**
   * Reads a cell.
   *
   * @param index The cell; a negative one counts from the end.
   * @returns The sample.
   * @throws {TypeError} If the index is no integer.
   * @throws {RangeError} If there is no such cell.
   * @throws {Error} If the collection is closed, a file changed since it was
   * opened, or a value does not fit the type.
   */
  async get(index: number): Promise<Sample> {
    const [sample] = await this.#read([index]);
    return sample!;
  }

  /**
   * Reads cells in one go: those that lie together are read together, and no
   * chunk is decoded twice for them.
   *
   * @param indices The cells, in any order; repeats may be, and negative ones
   * count from the end.
   * @param options Dense or sparse, and the type of the values, by default the
   * least that holds those of all stores.
   * @returns The rows, in the order of the indices. A label that a store lacks
   * is missing; what none of the stores has is left out.
   * @throws {TypeError} If the format or the type is none that there is.
   * @throws {RangeError} If there is no such cell.
   * @throws {Error} If a file changed since it was opened, a value does not fit
   * the type, or the rows of a matrix are not alike: some stores lack it, or
   * dense ones have different lengths.
   */
  async getRows(
    indices: ArrayLike<number>,
    options: GetRowsOptions = {},
  ): Promise<RowsBatch> {
    this.#stores.checkOpen();
    const { format = "dense", keepZeros, signal } = checkRowsOptions(options);
    signal?.throwIfAborted();
    const dtype = options.dtype ?? this.dtype;
    const placed = this.#places.find(indices);
    const layers: [string, MatrixRows][] = [];
    for (const layer of this.#layers) {
      const { name } = layer;
      const request = {
        format,
        dtype,
        signal,
        keepZeros,
        into: memoryOf(options.into, name),
        intoSparse: memoryOf(options.intoSparse, name),
      };
      const rows = await readLayer(layer, this.#stores, placed, request);
      if (rows) layers.push([layer.name, rows]);
    }
    const obsm: [string, DenseMatrixRows][] = [];
    for (const layer of this.#obsm) {
      const request = { format: "dense", dtype, signal } as const;
      const rows = await readLayer(layer, this.#stores, placed, request);
      if (rows) obsm.push([layer.name, rows as DenseMatrixRows]);
    }
    return {
      indices: placed.indices,
      storeIndices: placed.stores,
      layers: Object.fromEntries(layers),
      obsm: Object.fromEntries(obsm),
      obs: await this.#labels.ofRows(placed),
    };
  }

  /**
   * Finds the byte pairs of cells, for what decodes them by itself.
   *
   * @param indices The cells, as for {@linkcode getRows}.
   * @param key The matrix, `X` by default.
   * @returns Where the pairs are and the number of columns; undefined where
   * some of the cells are of a store that is no container, or nothing is held
   * open.
   * @throws {Error} As `getRows` does.
   */
  async leafSpans(
    indices: ArrayLike<number>,
    key = "X",
  ): Promise<
    | { readonly spans: readonly LeafSpan[]; readonly columns: number }
    | undefined
  > {
    this.#stores.checkOpen();
    const layer = this.#layers.find(({ name }) => name === key);
    if (layer === undefined || this.parallel) return undefined;
    return await findSpans(layer, this.#stores, this.#places.find(indices));
  }

  /**
   * Goes through all cells.
   *
   * @returns The samples, in order.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Sample, void> {
    this.#stores.checkOpen();
    const columns = Math.max(1, ...this.nVarsList, this.shape[1] ?? 1);
    const step = Math.min(
      Math.max(Math.floor(VALUES_AT_ONCE / columns), 1),
      MOST_ROWS_AT_ONCE,
    );
    for (let start = 0; start < this.length; start += step) {
      const length = Math.min(step, this.length - start);
      yield* await this.#read(
        Array.from({ length }, (_, at) => start + at),
      );
    }
  }

  /**
   * The labels of a column of obs, of all cells; texts, where those of some
   * stores are of another type than those of others.
   *
   * @param labelKey The column, whether samples have it or not.
   * @returns A label a cell, null where it is missing or the store has no such
   * column.
   * @throws {Error} If no store has it.
   */
  async getMergedLabels(labelKey: string): Promise<Label[]> {
    const column = await this.#labels.column(labelKey);
    const rows = column.stores.map((_, store) => this.#places.rowsOf(store));
    return labelsOf(column, rows);
  }

  /**
   * The categories of a column of obs, of all stores.
   *
   * @param labelKey The column, whether samples have it or not.
   * @returns Each label once, those among them that no cell has or that the
   * filter leaves out, sorted: numbers by value, texts by code point.
   * @throws {Error} If no store has it.
   */
  async getMergedCategories(labelKey: string): Promise<KnownLabel[]> {
    return categoriesOf(await this.#labels.column(labelKey));
  }

  /**
   * Weights of cells for sampling: the more cells have a label, the less each
   * of them weighs. Several columns count together, their labels joined with
   * `__`. Cells without a label weigh as if that were one.
   *
   * @param obsKeys The columns, whether samples have them or not.
   * @param options What smooths the weights, and that they are wanted by label.
   * @returns A weight a cell, or a weight a label.
   * @throws {RangeError} If what smooths is no positive number.
   * @throws {Error} If no store has a column.
   */
  async getLabelWeights(
    obsKeys: string | readonly string[],
    options: LabelWeightsOptions & { readonly returnCategories: true },
  ): Promise<Record<string, number>>;
  /**
   * Weights of cells for sampling, a weight a cell.
   *
   * @param obsKeys The columns.
   * @param options What smooths the weights.
   * @returns A weight a cell.
   */
  async getLabelWeights(
    obsKeys: string | readonly string[],
    options?: LabelWeightsOptions & { readonly returnCategories?: false },
  ): Promise<Float64Array>;
  async getLabelWeights(
    obsKeys: string | readonly string[],
    options: LabelWeightsOptions = {},
  ): Promise<Float64Array | Record<string, number>> {
    const keys = typeof obsKeys === "string" ? [obsKeys] : obsKeys;
    checkScaler(options.scaler);
    if (keys.length === 0) {
      throw new TypeError("Cannot weigh labels: there are no columns");
    }
    const columns: Label[][] = [];
    for (const key of keys) columns.push(await this.getMergedLabels(key));
    const { categories, weights } = weighLabels(columns, options.scaler);
    return options.returnCategories ? { ...categories } : weights;
  }

  /**
   * Whether the genes of all stores are sorted by code point.
   *
   * @param ascending Whether they should ascend or descend.
   * @returns Whether they do.
   */
  async checkVarsSorted(ascending = true): Promise<boolean> {
    const lists = await this.varList();
    return lists.every((names) => areSorted(names, ascending));
  }

  /**
   * Which stores have other genes than those of a list, or in another order.
   *
   * @param vars The names of the genes.
   * @returns The indices of the stores.
   */
  async checkVarsNonAligned(vars: readonly string[]): Promise<number[]> {
    const lists = await this.varList();
    return lists.flatMap((names, at) => isSame(names, vars) ? [] : [at]);
  }

  /**
   * The names of the genes of each store; they are read once.
   *
   * @returns A list a store, numbers as texts.
   */
  async varList(): Promise<readonly (readonly string[])[]> {
    this.#stores.checkOpen();
    this.#varLists ??= this.#readGenes().catch((error) => {
      this.#varLists = undefined;
      throw error;
    });
    return await this.#varLists;
  }

  /**
   * Closes the files; closing twice is fine, reading afterwards an error.
   * Where nothing is held open (`parallel`) it can be read from all the same.
   */
  close(): void {
    this.#stores.close();
  }

  /** Closes the files at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }

  async #read(indices: readonly number[]): Promise<Sample[]> {
    this.#stores.checkOpen();
    const parts = {
      stores: this.#stores,
      layers: this.#layers,
      obsm: this.#obsm,
      labels: this.#labels,
      dtype: this.dtype,
    };
    return await readSamples(parts, this.#places.find(indices));
  }

  async #readGenes(): Promise<readonly (readonly string[])[]> {
    const lists: (readonly string[])[] = [];
    for (const [index, { genes }] of this.#facts.entries()) {
      lists.push(
        genes ?? await this.#stores.useTables(index, (store) => store.genes()),
      );
    }
    return lists;
  }
}

function memoryOf<Memory>(
  memory: Readonly<Record<string, Memory>> | undefined,
  name: string,
): Memory | undefined {
  return memory && Object.hasOwn(memory, name) ? memory[name] : undefined;
}
