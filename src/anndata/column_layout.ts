/**
 * How a column of obs or var is stored, in every generation: an array; values
 * and a mask; codes and categories, either beside each other in a group or
 * tied by an attribute.
 */
import { countOf } from "../io/plural.ts";
import { boolAttribute, linkAttribute, textAttribute } from "./attributes.ts";
import type { ArrayNode, GroupNode, NodeStore, StoreNode } from "./nodes.ts";

/** An array of numbers, bools or texts. */
export interface PlainLayout {
  /** Tells the layouts apart. */
  readonly kind: "plain";
  /** The values. */
  readonly values: ArrayNode;
}

/** Values of which some are missing. */
export interface MaskedLayout {
  /** Tells the layouts apart. */
  readonly kind: "masked";
  /** The values; where one is missing, anything. */
  readonly values: ArrayNode;
  /** True where a value is missing. */
  readonly mask: ArrayNode;
}

/** Codes of categories. */
export interface CategoricalLayout {
  /** Tells the layouts apart. */
  readonly kind: "categorical";
  /** The code of each value, -1 where it is missing. */
  readonly codes: ArrayNode;
  /** The categories. */
  readonly categories: PlainLayout | MaskedLayout;
  /** Whether the order of the categories means something. */
  readonly ordered: boolean;
}

/** Something that is no column of a table of numbers and texts. */
export interface OddLayout {
  /** Tells the layouts apart. */
  readonly kind: "odd";
  /** Why it can't be read. */
  readonly why: string;
}

/** How a column is stored. */
export type ColumnLayout =
  | PlainLayout
  | MaskedLayout
  | CategoricalLayout
  | OddLayout;

/** What columns can hold. */
const READABLE: readonly string[] = ["integer", "float", "bool", "string"];

/**
 * Finds out how a column is stored.
 *
 * @param store The store.
 * @param node The column.
 * @returns Its layout.
 * @throws {Error} If it says what it is, and a part of that is missing.
 */
export async function findLayout(
  store: NodeStore,
  node: StoreNode,
): Promise<ColumnLayout> {
  if (node.kind === "group") return await groupLayout(store, node);
  const categories = linkAttribute(await node.attributes(), "categories");
  if (!categories) return plainLayout(node);
  return await linkedLayout(store, node, categories);
}

/**
 * The layout of an array that has nothing beside it.
 *
 * @param node The array.
 * @returns Its layout; odd, where it is no list of numbers or texts.
 */
export function plainLayout(node: ArrayNode): PlainLayout | OddLayout {
  if (!READABLE.includes(node.elementClass)) {
    return { kind: "odd", why: `it holds ${node.typeName}` };
  }
  if (node.shape.length === 1) return { kind: "plain", values: node };
  const why = "it has " +
    `${countOf(node.shape.length, "dimension")} instead of one`;
  return { kind: "odd", why };
}

async function groupLayout(
  store: NodeStore,
  group: GroupNode,
): Promise<ColumnLayout> {
  const attributes = await group.attributes();
  const encoding = textAttribute(attributes, "encoding-type") ?? "";
  if (isMasked(encoding)) return await maskedLayout(store, group);
  const isCategorical = encoding === "categorical" ||
    encoding === "" && await hasCategories(group);
  if (!isCategorical) return oddGroup(encoding);
  const codes = await findArray(store, group, "codes");
  const categories = await group.get("categories");
  if (!categories) throw store.error(group.path, "it has no categories");
  const ordered = boolAttribute(attributes, "ordered");
  return await categoricalLayout(store, codes, { categories, ordered });
}

function isMasked(encoding: string): boolean {
  return encoding.startsWith("nullable-");
}

async function maskedLayout(
  store: NodeStore,
  group: GroupNode,
): Promise<MaskedLayout> {
  const values = await findArray(store, group, "values");
  const mask = await findArray(store, group, "mask");
  return { kind: "masked", values, mask };
}

function oddGroup(encoding: string): OddLayout {
  const what = encoding === "" ? "" : ` of the encoding ${encoding}`;
  return { kind: "odd", why: `it is a group${what}` };
}

async function hasCategories(group: GroupNode): Promise<boolean> {
  const names = await group.keys();
  return names.includes("codes") && names.includes("categories");
}

/** Up to version 0.7: an attribute of the codes leads to the categories. */
async function linkedLayout(
  store: NodeStore,
  codes: ArrayNode,
  link: { readonly path: string; readonly isFromRoot: boolean },
): Promise<ColumnLayout> {
  const parent = codes.path.slice(0, codes.path.lastIndexOf("/") + 1);
  const path = link.isFromRoot ? link.path : parent + link.path;
  const categories = await store.root.get(path);
  if (!categories) {
    throw store.error(codes.path, `its categories, ${path}, are missing`);
  }
  const ordered = boolAttribute(await categories.attributes(), "ordered");
  return await categoricalLayout(store, codes, { categories, ordered });
}

/**
 * The layout of codes and their categories.
 *
 * @param store The store.
 * @param codes The codes.
 * @param found The categories, and whether they are ordered.
 * @returns The layout; odd, where the categories are no list of values.
 */
export async function categoricalLayout(
  store: NodeStore,
  codes: ArrayNode,
  found: { readonly categories: StoreNode; readonly ordered: boolean },
): Promise<ColumnLayout> {
  const { categories, ordered } = found;
  const layout = await categoriesLayout(store, categories);
  if (layout.kind !== "odd") {
    return { kind: "categorical", codes, categories: layout, ordered };
  }
  const why = `its categories can not be read: ${layout.why}`;
  return { kind: "odd", why };
}

/** Categories have none of their own: links could lead in a circle. */
async function categoriesLayout(
  store: NodeStore,
  node: StoreNode,
): Promise<PlainLayout | MaskedLayout | OddLayout> {
  if (node.kind === "array") return plainLayout(node);
  const attributes = await node.attributes();
  const encoding = textAttribute(attributes, "encoding-type") ?? "";
  return isMasked(encoding)
    ? await maskedLayout(store, node)
    : oddGroup(encoding);
}

async function findArray(
  store: NodeStore,
  group: GroupNode,
  name: string,
): Promise<ArrayNode> {
  const node = await group.get(name);
  if (node?.kind === "array") return node;
  throw store.error(group.path, `it has no array ${name}`);
}
