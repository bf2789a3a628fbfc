/** A store in memory, to say what a file holds in the words of a test. */
import type {
  ArrayNode,
  Attributes,
  ElementClass,
  GroupNode,
  NodeStore,
  StoredNumbers,
  StoreNode,
} from "../../src/anndata/nodes.ts";

/** An array: numbers or texts, perhaps of a shape; bools; or records. */
export type MemoryArray =
  | StoredNumbers
  | readonly string[]
  | readonly boolean[]
  | {
    readonly values: StoredNumbers;
    readonly shape: readonly number[];
    readonly chunks?: readonly number[];
  }
  | { readonly fields: Readonly<Record<string, MemoryArray>> };

/** What is at each path: an array, or only attributes for a group. */
export type MemoryTree = Readonly<Record<string, MemoryArray | "group">>;

/**
 * Makes a store.
 *
 * @param tree The arrays, by path; groups come by themselves.
 * @param attributes The attributes of nodes, by path.
 * @returns The store.
 */
export function memoryStore(
  tree: MemoryTree,
  attributes: Readonly<Record<string, Attributes>> = {},
): NodeStore & { readonly isClosed: boolean } {
  const nodes = new Map<string, StoreNode>();
  const add = (path: string): void => {
    if (nodes.has(path)) return;
    const node = Object.hasOwn(tree, path) ? tree[path]! : "group";
    nodes.set(
      path,
      node === "group"
        ? new MemoryGroup(path, attributes[path] ?? {}, nodes)
        : new MemoryArrayNode(path, attributes[path] ?? {}, node),
    );
  };
  add("");
  for (const path of [...Object.keys(tree), ...Object.keys(attributes)]) {
    const names = path.split("/");
    names.forEach((_, at) => add(names.slice(0, at + 1).join("/")));
  }
  return new MemoryStore(nodes.get("") as GroupNode);
}

class MemoryStore implements NodeStore {
  readonly name = "FILE";
  readonly format = "HDF5";
  readonly root: GroupNode;
  isClosed = false;

  constructor(root: GroupNode) {
    this.root = root;
  }

  error(path: string, why: string): Error {
    return new Error(`Cannot read FILE: ${path}: ${why}`);
  }

  checkUnchanged(): void {}

  close(): void {
    this.isClosed = true;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

class MemoryGroup implements GroupNode {
  readonly kind = "group";
  readonly path: string;
  readonly #attributes: Attributes;
  readonly #nodes: ReadonlyMap<string, StoreNode>;

  constructor(
    path: string,
    attributes: Attributes,
    nodes: ReadonlyMap<string, StoreNode>,
  ) {
    this.path = path;
    this.#attributes = attributes;
    this.#nodes = nodes;
  }

  attributes(): Promise<Attributes> {
    return Promise.resolve(this.#attributes);
  }

  keys(): Promise<readonly string[]> {
    const front = this.path === "" ? "" : `${this.path}/`;
    const names = [...this.#nodes.keys()]
      .filter((path) => path !== "" && path.startsWith(front))
      .map((path) => path.slice(front.length))
      .filter((name) => !name.includes("/"));
    return Promise.resolve(names);
  }

  get(path: string): Promise<StoreNode | undefined> {
    const full = this.path === "" ? path : `${this.path}/${path}`;
    return Promise.resolve(this.#nodes.get(full));
  }
}

class MemoryArrayNode implements ArrayNode {
  readonly kind = "array";
  readonly path: string;
  readonly shape: readonly number[];
  readonly elementClass: ElementClass;
  readonly typeName: string;
  readonly chunks: readonly number[] | undefined;
  readonly fields: readonly string[];
  readonly #attributes: Attributes;
  readonly #array: MemoryArray;

  constructor(path: string, attributes: Attributes, array: MemoryArray) {
    this.path = path;
    this.#attributes = attributes;
    this.#array = array;
    this.fields = "fields" in array ? Object.keys(array.fields) : [];
    this.shape = shapeOf(array);
    this.chunks = "chunks" in array ? array.chunks : undefined;
    this.elementClass = classOf(array);
    this.typeName = typeNameOf(array, this.elementClass);
  }

  attributes(): Promise<Attributes> {
    return Promise.resolve(this.#attributes);
  }

  async readNumbers(start: number, end: number): Promise<StoredNumbers> {
    const values = await Promise.resolve(this.#numbers());
    const row = this.shape.slice(1).reduce((all, extent) => all * extent, 1);
    return values.slice(start * row, end * row);
  }

  async readTexts(start: number, end: number): Promise<string[]> {
    const array = await Promise.resolve(this.#array);
    return (array as readonly string[]).slice(start, end);
  }

  field(name: string): ArrayNode {
    const { fields } = this.#array as { fields: Record<string, MemoryArray> };
    return new MemoryArrayNode(`${this.path}/${name}`, {}, fields[name]!);
  }

  #numbers(): StoredNumbers {
    const array = this.#array;
    if ("shape" in array) return array.values;
    if (!Array.isArray(array)) return array as StoredNumbers;
    return Int8Array.from(array, (flag) => flag ? 1 : 0);
  }
}

function shapeOf(array: MemoryArray): readonly number[] {
  if ("shape" in array) return array.shape;
  if ("fields" in array) return shapeOf(Object.values(array.fields)[0]!);
  return [array.length];
}

function classOf(array: MemoryArray): ElementClass {
  if ("fields" in array) return "compound";
  if (Array.isArray(array)) {
    return typeof array[0] === "boolean" ? "bool" : "string";
  }
  return isFloat(array) ? "float" : "integer";
}

function isFloat(array: MemoryArray): boolean {
  const values = "shape" in array ? array.values : array;
  return values instanceof Float64Array || values instanceof Float32Array ||
    values instanceof Float16Array;
}

function typeNameOf(array: MemoryArray, elementClass: ElementClass): string {
  if (elementClass !== "integer" && elementClass !== "float") {
    return elementClass;
  }
  const values = "shape" in array ? array.values : array;
  return values.constructor.name.replace(/(Big)?(\w+)Array/, "$2")
    .toLowerCase();
}
