import {
  type CategoricalData,
  type DataArray,
  dataArrayLength,
  isMissing,
  type NumberData,
  textAt,
  type TextData,
} from "../arrays/data_array.ts";
import { dtypeOf, type TypedArray } from "../arrays/dtypes.ts";
import { thereAre } from "../io/plural.ts";
import type {
  CategoricalLayout,
  ColumnLayout,
  MaskedLayout,
  PlainLayout,
} from "./column_layout.ts";
import type { ArrayNode, NodeStore, StoredNumbers } from "./nodes.ts";

/**
 * Reads the values of a column.
 *
 * @param store The store.
 * @param layout How the column is stored.
 * @param path The path of the column, for messages.
 * @returns The values, with their type, their categories and what is missing.
 * @throws {Error} If it is no column that can be read, or its parts do not fit.
 */
export async function readColumn(
  store: NodeStore,
  layout: ColumnLayout,
  path: string,
): Promise<DataArray> {
  switch (layout.kind) {
    case "odd":
      throw store.error(path, layout.why);
    case "categorical":
      return await readCategorical(store, layout);
    default:
      return await readValues(store, layout);
  }
}

/**
 * Reads values that have no categories.
 *
 * @param store The store.
 * @param layout How they are stored.
 * @returns The values, with their type and what is missing.
 * @throws {Error} If the mask does not fit the values.
 */
export async function readValues(
  store: NodeStore,
  layout: PlainLayout | MaskedLayout,
): Promise<NumberData | TextData> {
  const values = await readArray(layout.values);
  if (layout.kind === "plain") return values;
  const mask = await readMask(store, layout.mask, values);
  return mask.includes(1) ? { ...values, mask } : values;
}

async function readArray(node: ArrayNode): Promise<NumberData | TextData> {
  const [length = 0] = node.shape;
  if (node.elementClass === "string") {
    const values = await node.readTexts(0, length);
    return { kind: "text", dtype: "string", values };
  }
  const values = await node.readNumbers(0, length) as TypedArray;
  return node.elementClass === "bool"
    ? { kind: "number", dtype: "bool", values: toBools(values) }
    : { kind: "number", dtype: dtypeOf(values), values };
}

function toBools(flags: ArrayLike<number | bigint>): Uint8Array {
  return Uint8Array.from(flags, (flag) => Number(flag) === 0 ? 0 : 1);
}

async function readMask(
  store: NodeStore,
  node: ArrayNode,
  values: NumberData | TextData,
): Promise<Uint8Array> {
  const length = dataArrayLength(values);
  if (node.shape.length !== 1 || node.shape[0] !== length) {
    const why = `it is of ${describeShape(node)}, and ` +
      thereAre(length, "value");
    throw store.error(node.path, why);
  }
  const mask = await readArray(node);
  if (mask.kind === "number") return toBools(mask.values);
  throw store.error(node.path, "it holds strings and no bools");
}

async function readCategorical(
  store: NodeStore,
  { codes: node, categories: layout, ordered }: CategoricalLayout,
): Promise<CategoricalData> {
  const list = await readValues(store, layout);
  const categories = toTexts(store, list, layout.values.path);
  checkUnique(store, categories, layout.values.path);
  const codes = await readCodes(store, node, categories.length);
  return {
    kind: "categorical",
    dtype: "categorical",
    codes,
    categories,
    ordered,
  };
}

async function readCodes(
  store: NodeStore,
  node: ArrayNode,
  categoriesCount: number,
): Promise<CategoricalData["codes"]> {
  if (node.elementClass !== "integer" || node.shape.length !== 1) {
    const why = `it is of ${describeShape(node)} and holds ${node.typeName}`;
    throw store.error(node.path, `${why} instead of codes of categories`);
  }
  const stored = await node.readNumbers(0, node.shape[0]!);
  for (let at = 0; at < stored.length; at++) {
    const code = stored[at]!;
    if (code >= -1 && code < categoriesCount) continue;
    throw store.error(
      node.path,
      `element ${at} is ${code}, but ` +
        thereAre(categoriesCount, "category", "categories"),
    );
  }
  return toCodes(stored);
}

/** The codes are checked: those of wider types fit. */
function toCodes(stored: StoredNumbers): CategoricalData["codes"] {
  if (stored instanceof Int8Array || stored instanceof Int16Array) {
    return stored;
  }
  return stored instanceof Int32Array
    ? stored
    : stored instanceof Uint8Array
    ? Int16Array.from(stored)
    : Int32Array.from(stored as Iterable<number | bigint>, Number);
}

/**
 * Values as texts, of which none may be missing.
 *
 * @param store The store.
 * @param values The values.
 * @param path Where they come from.
 * @returns The texts.
 * @throws {Error} If one is missing; with its index.
 */
export function toTexts(
  store: NodeStore,
  values: DataArray,
  path: string,
): readonly string[] {
  if (values.kind === "text" && !values.mask) return values.values;
  return Array.from({ length: dataArrayLength(values) }, (_, at) => {
    if (!isMissing(values, at)) return textAt(values, at);
    throw store.error(path, `element ${at} is missing`);
  });
}

function checkUnique(
  store: NodeStore,
  categories: readonly string[],
  path: string,
): void {
  const seen = new Set<string>();
  categories.forEach((category, at) => {
    if (seen.size < seen.add(category).size) return;
    const text = JSON.stringify(category);
    throw store.error(path, `element ${at}, ${text}, is there already`);
  });
}

function describeShape({ shape }: ArrayNode): string {
  return shape.length === 0 ? "a single value" : `${shape.join(" x ")} values`;
}
