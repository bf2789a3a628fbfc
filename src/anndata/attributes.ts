/**
 * Attributes of nodes as the formats write them: a list of one may come as a
 * scalar, and a scalar as a list of one.
 */
import type { Attributes, NodeReference } from "./nodes.ts";

/**
 * A text among attributes.
 *
 * @param attributes The attributes of a node.
 * @param name The name of one.
 * @returns The text, or undefined where there is none.
 */
export function textAttribute(
  attributes: Attributes,
  name: string,
): string | undefined {
  const [value, ...more] = listAttribute(attributes, name);
  return typeof value === "string" && more.length === 0 ? value : undefined;
}

/**
 * A list of texts among attributes.
 *
 * @param attributes The attributes of a node.
 * @param name The name of one.
 * @returns The texts, or undefined where there is no such list.
 */
export function textsAttribute(
  attributes: Attributes,
  name: string,
): string[] | undefined {
  // What is empty has the type of numbers in HDF5.
  if (!Object.hasOwn(attributes, name)) return undefined;
  const values = listAttribute(attributes, name);
  const texts = values.filter((value) => typeof value === "string");
  return texts.length === values.length ? texts : undefined;
}

/**
 * Two extents among attributes.
 *
 * @param attributes The attributes of a node.
 * @param name The name of one.
 * @returns The extents, or undefined where there are none.
 */
export function shapeAttribute(
  attributes: Attributes,
  name: string,
): readonly [number, number] | undefined {
  const values = listAttribute(attributes, name);
  const [rows, columns] = values;
  if (values.length !== 2 || !isExtent(rows) || !isExtent(columns)) {
    return undefined;
  }
  return [rows, columns];
}

/**
 * Whether an attribute says yes; where it is a number, whether it is not 0.
 *
 * @param attributes The attributes of a node.
 * @param name The name of one.
 * @returns False also where there is none.
 */
export function boolAttribute(attributes: Attributes, name: string): boolean {
  const [value] = listAttribute(attributes, name);
  return value === true || typeof value === "number" && value !== 0;
}

/**
 * The path of another node among attributes: a reference, or a text.
 *
 * @param attributes The attributes of a node.
 * @param name The name of one.
 * @returns A path from the root for a reference; for a text what it says.
 */
export function linkAttribute(
  attributes: Attributes,
  name: string,
): { readonly path: string; readonly isFromRoot: boolean } | undefined {
  const [value] = listAttribute(attributes, name);
  if (typeof value === "string") return { path: value, isFromRoot: false };
  if (!isReference(value)) return undefined;
  return { path: value.reference.replace(/^\/+/, ""), isFromRoot: true };
}

function listAttribute(attributes: Attributes, name: string): unknown[] {
  if (!Object.hasOwn(attributes, name)) return [];
  const value: unknown = attributes[name];
  return Array.isArray(value) ? value : [value];
}

function isExtent(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isReference(value: unknown): value is NodeReference {
  return typeof value === "object" && value !== null && "reference" in value;
}
