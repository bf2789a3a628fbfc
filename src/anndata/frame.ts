import { type DataArray, dataArrayLength } from "../arrays/data_array.ts";
import { countOf } from "../io/plural.ts";
import { textAttribute, textsAttribute } from "./attributes.ts";
import {
  categoricalLayout,
  type ColumnLayout,
  findLayout,
  plainLayout,
} from "./column_layout.ts";
import type { ArrayNode, GroupNode, NodeStore, StoreNode } from "./nodes.ts";
import { readColumn, readValues, toTexts } from "./read_column.ts";

/** Beside the columns of version 0.7: the categories of some of them. */
const CATEGORIES_GROUP = "__categories";
/** What the index is called where nothing says it. */
const INDEX_NAMES = ["_index", "index"];

/** What a frame is made of. */
export interface FrameParts {
  /** The path in the store. */
  readonly path: string;
  /** The number of rows. */
  readonly length: number;
  /** What the index is called. */
  readonly indexName: string;
  /** The names of the columns, without the index. */
  readonly columns: readonly string[];
  /** Finds out how a column is stored, the index among them. */
  find(column: string): Promise<ColumnLayout>;
}

/**
 * The table of obs or var: names, and columns of a value each. Only what is
 * asked for is read.
 */
export class AnnDataFrame {
  /** The path in the store. */
  readonly path: string;
  /** The number of rows. */
  readonly length: number;
  /** What the index is called. */
  readonly indexName: string;
  /** The names of the columns, in order, without the index. */
  readonly columns: readonly string[];
  readonly #store: NodeStore;
  readonly #find: FrameParts["find"];

  /**
   * Makes a frame; {@linkcode openFrame} does.
   *
   * @param store The store.
   * @param parts What it is made of.
   */
  constructor(store: NodeStore, parts: FrameParts) {
    this.path = parts.path;
    this.length = parts.length;
    this.indexName = parts.indexName;
    this.columns = parts.columns;
    this.#store = store;
    this.#find = parts.find;
  }

  /**
   * Reads the names of the rows.
   *
   * @returns The index; numbers as texts.
   * @throws {Error} If a name is missing, or they can't be read.
   */
  async names(): Promise<readonly string[]> {
    const path = this.pathOf(this.indexName);
    return toTexts(this.#store, await this.#read(this.indexName), path);
  }

  /**
   * Why a column can't be read by its kind, as one of nested data can't.
   *
   * @param column The name of a column.
   * @returns The reason, or undefined where it can be.
   * @throws {Error} If there is no such column, or it is damaged.
   */
  async whyUnreadable(column: string): Promise<string | undefined> {
    const layout = await this.#layout(column);
    return layout.kind === "odd" ? layout.why : undefined;
  }

  /**
   * Reads a column.
   *
   * @param column The name of a column.
   * @returns Its values, with type, categories and what is missing. A legacy
   * code of -1 is a missing value. Categories are texts, whatever they were.
   * @throws {Error} If there is no such column, or it can't be read.
   */
  async readColumn(column: string): Promise<DataArray> {
    this.#checkColumn(column);
    return await this.#read(column);
  }

  /**
   * Reads the categories of a column as they are: numbers, if they are such.
   *
   * @param column The name of a column.
   * @returns The categories, or undefined where it has none.
   * @throws {Error} If there is no such column, or they can't be read.
   */
  async readCategories(column: string): Promise<DataArray | undefined> {
    const layout = await this.#layout(column);
    if (layout.kind !== "categorical") return undefined;
    return await readValues(this.#store, layout.categories);
  }

  /**
   * The path of a column, for messages.
   *
   * @param column The name of the column.
   * @returns The path in the store.
   */
  pathOf(column: string): string {
    return `${this.path}/${column}`;
  }

  #layout(column: string): Promise<ColumnLayout> {
    this.#checkColumn(column);
    return this.#find(column);
  }

  async #read(column: string): Promise<DataArray> {
    const path = this.pathOf(column);
    const values = await readColumn(
      this.#store,
      await this.#find(column),
      path,
    );
    const length = dataArrayLength(values);
    if (length === this.length) return values;
    throw this.#store.error(
      path,
      `it has ${countOf(length, "value")}, but ${this.path} has ` +
        countOf(this.length, "row"),
    );
  }

  #checkColumn(column: string): void {
    if (this.columns.includes(column)) return;
    throw this.#store.error(this.path, `it has no column ${column}`);
  }
}

/**
 * Opens obs or var, of any generation.
 *
 * @param store The store.
 * @param node The node: a group of columns, or of old a compound array.
 * @returns The frame.
 * @throws {Error} If it is no table, or has no index.
 */
export async function openFrame(
  store: NodeStore,
  node: StoreNode,
): Promise<AnnDataFrame> {
  return node.kind === "group"
    ? await openGroup(store, node)
    : openCompound(store, node);
}

async function openGroup(
  store: NodeStore,
  group: GroupNode,
): Promise<AnnDataFrame> {
  const attributes = await group.attributes();
  const names = await group.keys();
  const indexName = textAttribute(attributes, "_index") ??
    INDEX_NAMES.find((name) => names.includes(name));
  if (indexName === undefined) {
    throw store.error(group.path, "it does not say which column is its index");
  }
  const columns = textsAttribute(attributes, "column-order") ??
    names.filter((name) => name !== CATEGORIES_GROUP);
  const find = async (column: string) => {
    const node = await group.get(column);
    if (node) return await findLayout(store, node);
    throw store.error(`${group.path}/${column}`, "it is missing");
  };
  return new AnnDataFrame(store, {
    path: group.path,
    length: await lengthOf(
      store,
      `${group.path}/${indexName}`,
      find(indexName),
    ),
    indexName,
    columns: columns.filter((name) => name !== indexName),
    find,
  });
}

async function lengthOf(
  store: NodeStore,
  path: string,
  found: Promise<ColumnLayout>,
): Promise<number> {
  const layout = await found;
  if (layout.kind === "odd") throw store.error(path, layout.why);
  const node = layout.kind === "categorical" ? layout.codes : layout.values;
  return node.shape[0] ?? 0;
}

/**
 * Up to version 0.6: an array of records, whose first field is the index, and
 * categories that `uns` has under the name of the field.
 */
function openCompound(store: NodeStore, node: ArrayNode): AnnDataFrame {
  const [indexName, ...columns] = node.fields;
  if (node.elementClass !== "compound" || indexName === undefined) {
    throw store.error(node.path, `it holds ${node.typeName} and is no table`);
  }
  if (node.shape.length !== 1) {
    const why = "it has " +
      `${countOf(node.shape.length, "dimension")} instead of one`;
    throw store.error(node.path, why);
  }
  return new AnnDataFrame(store, {
    path: node.path,
    length: node.shape[0]!,
    indexName,
    columns,
    find: (column) => fieldLayout(store, node.field(column), column),
  });
}

async function fieldLayout(
  store: NodeStore,
  field: ArrayNode,
  name: string,
): Promise<ColumnLayout> {
  const plain = plainLayout(field);
  if (plain.kind === "odd" || field.elementClass !== "integer") return plain;
  const categories = await store.root.get(`uns/${name}_categories`);
  if (categories?.kind !== "array") return plain;
  const found = { categories, ordered: false };
  const layout = await categoricalLayout(store, field, found);
  if (layout.kind !== "categorical") return plain;
  return await areCodes(field, layout.categories.values) ? layout : plain;
}

/** Obs and var may both have a field of the name: only one has these codes. */
async function areCodes(
  field: ArrayNode,
  categories: ArrayNode,
): Promise<boolean> {
  const [count = 0] = categories.shape;
  const codes = await field.readNumbers(0, field.shape[0]!);
  return codes.every((code: number | bigint) => code >= -1 && code < count);
}
