/** Zarr stores of versions 2 and 3 as stores of nodes. */
import { type FileTree, joinTreePath, splitTreePath } from "../io/file_tree.ts";
import { ChunkCache } from "../io/chunk_cache.ts";
import type {
  Attributes,
  AttributeValue,
  GroupNode,
  NodeStore,
  StoreNode,
} from "./nodes.ts";
import { ZarrArray } from "./zarr_array.ts";
import { parseArrayV2, parseArrayV3, type ZarrSpec } from "./zarr_metadata.ts";
import { openFileTree } from "../io/open_file_tree.ts";

/** What of chunks is kept in memory, of all arrays together. */
const CACHE_BYTES = 2 ** 25;
/** Metadata that are larger are none. */
const MOST_JSON_BYTES = 2 ** 26;

type Json = Readonly<Record<string, unknown>>;

/** The metadata that a group or array has in version 2. */
const V2_NAMES = [".zarray", ".zgroup"] as const;
const V3_NAME = "zarr.json";
const V2_ALL = ".zmetadata";
/** What is in the folder of a node and is none itself. */
const METADATA_NAMES: ReadonlySet<string> = new Set([
  ...V2_NAMES,
  ".zattrs",
  V2_ALL,
  V3_NAME,
]);

/** The files that tell a zarr store. */
export const ZARR_MARKS: readonly string[] = [V3_NAME, ".zgroup", V2_ALL];

/**
 * Opens a zarr store, of version 2 or 3: a folder, or a zip file of one. Needs
 * `--allow-read` for it.
 *
 * @param path The path of the folder or zip file.
 * @param cache What keeps its chunks with those of other stores, if anything.
 * @returns The store.
 * @throws {Error} If it can't be read, or is none.
 */
// deno-lint-ignore require-await
export async function openZarrStore(
  path: string,
  cache?: ChunkCache,
): Promise<NodeStore> {
  const tree = openFileTree(path, ZARR_MARKS);
  try {
    return new ZarrStore(tree, cache);
  } catch (error) {
    tree.close();
    throw error;
  }
}

class ZarrStore implements NodeStore {
  readonly name: string;
  readonly format: "zarr v2" | "zarr v3";
  readonly root: GroupNode;
  readonly #tree: FileTree;
  readonly #cache: ChunkCache;
  /** The metadata of all nodes, where they have none of their own. */
  readonly #all: Json | undefined;

  constructor(tree: FileTree, cache: ChunkCache | undefined) {
    this.#cache = new ChunkCache(cache ?? CACHE_BYTES);
    this.#tree = tree;
    this.name = tree.name;
    const isV3 = tree.byteLength(V3_NAME) !== undefined;
    this.format = isV3 ? "zarr v3" : "zarr v2";
    if (!isV3 && tree.byteLength(".zgroup") === undefined) {
      this.#all = this.#readAll();
    }
    const root = this.node("");
    if (root?.kind !== "group") {
      throw new Error(`Cannot read ${this.name}: it is no zarr group`);
    }
    this.root = root;
  }

  error(path: string, why: string): Error {
    return new Error(`Cannot read ${this.name}: ${path || "/"}: ${why}`);
  }

  checkUnchanged(): void {
    this.#tree.checkUnchanged();
  }

  close(): void {
    this.#cache.clear();
    this.#tree.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** What there is at a path, of which the metadata alone are read. */
  node(path: string): StoreNode | undefined {
    return this.format === "zarr v3" ? this.#nodeV3(path) : this.#nodeV2(path);
  }

  keys(path: string): readonly string[] {
    const names = this.#all === undefined
      ? this.#tree.keys(path)
      : keysOf(this.#all, path);
    return names.filter((name) =>
      !METADATA_NAMES.has(name) && this.#isNode(joinTreePath(path, name))
    );
  }

  #isNode(path: string): boolean {
    const marks = this.format === "zarr v3" ? [V3_NAME] : V2_NAMES;
    return marks.some((mark) => {
      const file = joinTreePath(path, mark);
      return this.#all === undefined
        ? this.#tree.byteLength(file) !== undefined
        : Object.hasOwn(this.#all, file);
    });
  }

  #nodeV2(path: string): StoreNode | undefined {
    const array = this.#json(path, ".zarray");
    const group = array ? undefined : this.#json(path, ".zgroup");
    const json = array ?? group;
    if (json === undefined) return undefined;
    if (json["zarr_format"] !== 2) {
      throw this.error(path, "its metadata are not those of zarr v2");
    }
    const attributes = this.#json(path, ".zattrs") ?? {};
    return array
      ? this.#array(path, attributes, () => parseArrayV2(array))
      : new ZarrGroup(this, path, attributesOf(attributes));
  }

  #nodeV3(path: string): StoreNode | undefined {
    const json = this.#json(path, V3_NAME);
    if (json === undefined) return undefined;
    const attributes = json["attributes"] ?? {};
    const type = json["node_type"];
    if (json["zarr_format"] !== 3 || type !== "group" && type !== "array") {
      throw this.error(path, "its metadata are not those of zarr v3");
    }
    return type === "array"
      ? this.#array(path, attributes, () => parseArrayV3(json))
      : new ZarrGroup(this, path, attributesOf(attributes));
  }

  #array(path: string, attributes: unknown, parse: () => ZarrSpec): ZarrArray {
    let spec: ZarrSpec;
    try {
      spec = parse();
    } catch (error) {
      throw this.error(path, (error as Error).message);
    }
    return new ZarrArray({
      tree: this.#tree,
      path,
      spec,
      attributes: attributesOf(attributes),
      cache: this.#cache,
      error: (why) => this.error(path, why),
    });
  }

  #json(path: string, name: string): Json | undefined {
    const file = joinTreePath(path, name);
    if (this.#all === undefined) return this.#readJson(file);
    const json = Object.hasOwn(this.#all, file) ? this.#all[file] : undefined;
    if (json === undefined || isJson(json)) return json;
    throw this.error(path, "its metadata are no object");
  }

  #readAll(): Json | undefined {
    const all = this.#readJson(V2_ALL)?.["metadata"];
    if (all === undefined || isJson(all)) return all;
    throw this.error(V2_ALL, "it has no metadata");
  }

  #readJson(file: string): Json | undefined {
    const size = this.#tree.byteLength(file);
    if (size === undefined) return undefined;
    if (size > MOST_JSON_BYTES) {
      throw this.error(file, `metadata of ${size} bytes are too large`);
    }
    const bytes = this.#tree.read(file);
    if (bytes === undefined) return undefined;
    let json: unknown;
    try {
      json = JSON.parse(new TextDecoder().decode(bytes));
    } catch (error) {
      // The rest of the message shows a part of the file, on several lines.
      const [place] = /at position \d+/.exec((error as Error).message) ?? [];
      throw this.error(
        file,
        place ? `it is no JSON ${place}` : "it is no JSON",
      );
    }
    if (isJson(json)) return json;
    throw this.error(file, "it is no JSON object");
  }
}

class ZarrGroup implements GroupNode {
  readonly kind = "group";
  readonly path: string;
  readonly #store: ZarrStore;
  readonly #attributes: Attributes;

  constructor(store: ZarrStore, path: string, attributes: Attributes) {
    this.#store = store;
    this.path = path;
    this.#attributes = attributes;
  }

  // deno-lint-ignore require-await
  async attributes(): Promise<Attributes> {
    return this.#attributes;
  }

  // deno-lint-ignore require-await
  async keys(): Promise<readonly string[]> {
    return this.#store.keys(this.path);
  }

  // deno-lint-ignore require-await
  async get(path: string): Promise<StoreNode | undefined> {
    const names = splitTreePath(path);
    if (names === undefined) return undefined;
    return this.#store.node(joinTreePath(this.path, ...names));
  }
}

function keysOf(all: Json, path: string): string[] {
  const start = path === "" ? "" : `${path}/`;
  const names = Object.keys(all)
    .filter((file) => file.startsWith(start))
    .map((file) => file.slice(start.length).split("/"))
    .filter((parts) => parts.length > 1)
    .map(([name]) => name!);
  return [...new Set(names)].sort();
}

/** What is no text, number, bool, or list of those, is left out. */
function attributesOf(json: unknown): Attributes {
  if (!isJson(json)) return {};
  const entries = Object.entries(json)
    .map(([name, value]) => [name, attributeOf(value)] as const)
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Attributes;
}

function attributeOf(value: unknown): AttributeValue | undefined {
  if (Array.isArray(value)) {
    const values = value.map(attributeOf);
    return values.includes(undefined) ? undefined : values as AttributeValue[];
  }
  return value === null || typeof value !== "object"
    ? value as AttributeValue
    : undefined;
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
