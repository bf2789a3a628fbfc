import type { ChunkCache } from "../io/chunk_cache.ts";
import { countOf } from "../io/plural.ts";
import { type AnnDataFrame, openFrame } from "./frame.ts";
import {
  type FoundMatrix,
  isNull,
  openMatrix,
  type StoredMatrix,
} from "./matrix.ts";
import type { NodeStore, StoreNode } from "./nodes.ts";
import { openNodeStore } from "./open_store.ts";

/** The key of the matrix before genes were chosen. */
export const RAW_KEY = "raw.X";

/** Where in a store a matrix may be, and whose genes its columns are. */
interface Place {
  /** The paths that it can have; the first that there is counts. */
  readonly paths: readonly string[];
  readonly isRaw: boolean;
}

/**
 * AnnData as it is on disk, of every generation: the tables obs and var, and
 * matrices of a row a cell: X, `raw.X`, layers, and those of obsm. Nothing is
 * read but what is asked for.
 */
export class AnnDataFile implements Disposable {
  /** The path of the file or folder. */
  readonly name: string;
  /** What it is, for people: `HDF5`, `zarr v2` or `zarr v3`. */
  readonly format: NodeStore["format"];
  /** The table of the cells. */
  readonly obs: AnnDataFrame;
  /** The table of the genes. */
  readonly var: AnnDataFrame;
  readonly #store: NodeStore;
  readonly #rawVar: AnnDataFrame | undefined;

  private constructor(
    store: NodeStore,
    frames: {
      readonly obs: AnnDataFrame;
      readonly var: AnnDataFrame;
      readonly rawVar: AnnDataFrame | undefined;
    },
  ) {
    this.name = store.name;
    this.format = store.format;
    this.obs = frames.obs;
    this.var = frames.var;
    this.#store = store;
    this.#rawVar = frames.rawVar;
  }

  /**
   * Takes a store over: what is made closes it.
   *
   * @param store The store.
   * @returns The AnnData that it holds.
   * @throws {Error} If it has no obs or var, or these are no tables.
   */
  static async open(store: NodeStore): Promise<AnnDataFile> {
    const { root } = store;
    const [obs, vars] = [await root.get("obs"), await root.get("var")];
    if (!obs || !vars) throw await notAnnData(store, obs ? "var" : "obs");
    const rawVar = await findFirst(store, ["raw/var", "raw.var"]);
    return new AnnDataFile(store, {
      obs: await openFrame(store, obs),
      var: await openFrame(store, vars),
      rawVar: rawVar && await openFrame(store, rawVar),
    });
  }

  /** The table of the genes of `raw.X`, where there is one. */
  get rawVar(): AnnDataFrame | undefined {
    return this.#rawVar;
  }

  /**
   * Lists the matrices of cells and genes.
   *
   * @returns What {@linkcode layer} takes: `X` and `raw.X`, where they are
   * there, then the names of the layers.
   */
  async layerKeys(): Promise<readonly string[]> {
    const keys: string[] = [];
    for (const key of ["X", RAW_KEY]) {
      if (await this.#node(placeOf(key))) keys.push(key);
    }
    const layers = await this.#keysOf("layers");
    return [...keys, ...layers.map(layerKey)];
  }

  /**
   * Opens a matrix of cells and genes.
   *
   * @param key `X`, `raw.X`, the name of a layer, or that after `layers/`.
   * @returns The matrix, or undefined where there is none.
   * @throws {Error} If it is no matrix of numbers, or does not fit the tables.
   */
  async layer(key: string): Promise<StoredMatrix | undefined> {
    return this.#unwrap(await this.findLayer(key));
  }

  /**
   * Finds a matrix of cells and genes.
   *
   * @param key What {@linkcode layer} takes.
   * @returns The matrix; why, where it is something else; or undefined, where
   * there is nothing.
   * @throws {Error} If its parts do not fit each other, or it the tables.
   */
  async findLayer(
    key: string,
  ): Promise<FoundMatrix & { readonly path: string } | undefined> {
    const place = placeOf(key);
    const node = await this.#node(place);
    if (!node) return undefined;
    const genes = this.genesOf(key);
    const shape = [this.obs.length, genes.length] as const;
    const found = await openMatrix(this.#store, node, shape);
    if ("matrix" in found) this.#checkShape(found.matrix, genes);
    return { ...found, path: node.path };
  }

  /**
   * The table of the genes that the columns of a matrix are.
   *
   * @param key What {@linkcode layer} takes.
   * @returns That of the genes of `raw.X`, or of all others.
   * @throws {Error} If `raw.X` has none.
   */
  genesOf(key: string): AnnDataFrame {
    if (!placeOf(key).isRaw) return this.var;
    if (this.#rawVar) return this.#rawVar;
    throw this.#store.error("raw", "it has no var");
  }

  /**
   * Lists the matrices of obsm.
   *
   * @returns Their names.
   */
  async obsmKeys(): Promise<readonly string[]> {
    return await this.#keysOf("obsm");
  }

  /**
   * Opens a matrix of obsm.
   *
   * @param key Its name.
   * @returns The matrix, or undefined where there is none.
   * @throws {Error} If it is no matrix of numbers, or has other rows than obs.
   */
  async obsm(key: string): Promise<StoredMatrix | undefined> {
    const node = await this.#member("obsm", key);
    if (!node || await isNull(node)) return undefined;
    const shape = [this.obs.length, 1] as const;
    const found = await openMatrix(this.#store, node, shape);
    if ("matrix" in found) this.#checkShape(found.matrix, undefined);
    return this.#unwrap({ ...found, path: node.path });
  }

  /**
   * Makes an error that names the file and a part of it.
   *
   * @param path The path of the part.
   * @param why What is wrong.
   * @returns The error, to be thrown.
   */
  error(path: string, why: string): Error {
    return this.#store.error(path, why);
  }

  /** Throws where the file changed since it was opened. */
  checkUnchanged(): void {
    this.#store.checkUnchanged();
  }

  /** Closes the file; closing twice is fine. */
  close(): void {
    this.#store.close();
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.close();
  }

  #unwrap(
    found: FoundMatrix & { readonly path: string } | undefined,
  ): StoredMatrix | undefined {
    if (!found) return undefined;
    if ("matrix" in found) return found.matrix;
    throw this.#store.error(found.path, found.why);
  }

  #checkShape(matrix: StoredMatrix, genes: AnnDataFrame | undefined): void {
    const [rows, columns] = matrix.shape;
    const { obs } = this;
    if (rows === obs.length && (!genes || columns === genes.length)) return;
    const rest = genes ? ` and ${genes.path} ${genes.length}` : "";
    throw this.#store.error(
      matrix.path,
      `it is ${rows} x ${columns}, but obs has ` +
        `${countOf(obs.length, "row")}${rest}`,
    );
  }

  async #node({ paths }: Place): Promise<StoreNode | undefined> {
    return await findFirst(this.#store, paths);
  }

  async #keysOf(path: string): Promise<readonly string[]> {
    const node = await this.#store.root.get(path);
    if (!node) return [];
    return node.kind === "group" ? await node.keys() : node.fields;
  }

  /** Of old, obsm is an array of records, whose fields have a few columns. */
  async #member(path: string, key: string): Promise<StoreNode | undefined> {
    const node = await this.#store.root.get(path);
    if (!node || node.kind === "group") return await node?.get(key);
    return node.fields.includes(key) ? node.field(key) : undefined;
  }
}

/**
 * Opens an h5ad file, a zarr folder, or a zip of one.
 *
 * @param path The path.
 * @param cache What keeps its chunks with those of other files, if anything.
 * @returns The AnnData that it holds, to be closed.
 * @throws {Error} If it can't be read, or holds something else.
 */
export async function openAnnData(
  path: string,
  cache?: ChunkCache,
): Promise<AnnDataFile> {
  const store = await openNodeStore(path, cache);
  try {
    return await AnnDataFile.open(store);
  } catch (error) {
    store.close();
    throw error;
  }
}

function placeOf(key: string): Place {
  if (key === "X") return { paths: ["X"], isRaw: false };
  if (key === RAW_KEY || key === "raw/X") {
    return { paths: ["raw/X", "raw.X"], isRaw: true };
  }
  const isPath = key.startsWith("layers/");
  return { paths: [isPath ? key : `layers/${key}`], isRaw: false };
}

/** A layer that is called as another matrix is found by its path. */
function layerKey(name: string): string {
  const { paths } = placeOf(name);
  return paths[0] === `layers/${name}` ? name : `layers/${name}`;
}

async function findFirst(
  store: NodeStore,
  paths: readonly string[],
): Promise<StoreNode | undefined> {
  for (const path of paths) {
    const node = await store.root.get(path);
    if (node && !await isNull(node)) return node;
  }
  return undefined;
}

async function notAnnData(store: NodeStore, missing: string): Promise<Error> {
  const names = await store.root.keys();
  const some = names.slice(0, 10).join(", ");
  const has = names.length === 0 ? "nothing" : some;
  const why = `it has no ${missing}, so it is no AnnData; its root has ${has}`;
  return store.error("", why);
}
