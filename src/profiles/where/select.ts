import { toDataArray } from "../../arrays/to_data_array.ts";
import type { Profiles } from "../profiles.ts";
import { type Column, makeColumn } from "./columns.ts";
import { evaluateWhere } from "./evaluate.ts";
import { type NameNode, parseWhere, type WhereNode } from "./parse.ts";
import { type Axis, whereError } from "./tokens.ts";

/** What an expression chose. */
export interface WhereSelection {
  /** The profiles it is true of; unset where it says nothing of profiles. */
  readonly profileIndices?: Int32Array;
  /** The genes it is true of; unset where it says nothing of genes. */
  readonly geneIndices?: Int32Array;
}

/**
 * Chooses profiles by data of `p.`, genes by data of `g.`, or both where the
 * two are joined by `and`. docs/containers.md describes the expressions:
 * comparisons, `and`, `or`, `not`, `in [...]`, `matches "..."`, `is missing`.
 *
 * @param profiles The container.
 * @param expression The expression.
 * @returns The indices of what it is true of, ascending; maybe none.
 * @throws {SyntaxError} If it is no expression, compares what can't be
 * compared, or has profiles and genes in one part; the message has the place.
 * @throws {Error} If there are no data of a name.
 *
 * @example Choose cells by their totals and genes by their names
 * ```ts
 * import {
 *   GenesSet,
 *   MemoryMappedMatrix,
 *   Profiles,
 *   ProfilesBatch,
 *   selectWhere,
 * } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.mkdir(`${folder}/genes`);
 * await Deno.writeTextFile(`${folder}/genes/g.name.txt`, "LYZ\nMT-ND1\n");
 * const genes = await GenesSet.created(`${folder}/genes`, "human");
 * const data: [number, number][][] = [[[0, 5]], [[0, 1], [1, 7]]];
 * MemoryMappedMatrix.write(`${folder}/gp.umis.mmm`, 2, data);
 * await ProfilesBatch.created(folder, genes, "cells");
 *
 * using cells = await Profiles.load(folder);
 * const chosen = await selectWhere(
 *   cells,
 *   'p.total_umis >= 6 and not g.name matches "^mt-"',
 * );
 * assertEquals(chosen.profileIndices, Int32Array.of(1));
 * assertEquals(chosen.geneIndices, Int32Array.of(0));
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function selectWhere(
  profiles: Profiles,
  expression: string,
): Promise<WhereSelection> {
  const parts = splitByAxis(parseWhere(expression), expression);
  const profileIndices = parts.p &&
    await select(profiles, expression, parts.p, profiles.profilesCount);
  const geneIndices = parts.g &&
    await select(profiles, expression, parts.g, profiles.genes.count);
  return {
    ...(profileIndices && { profileIndices }),
    ...(geneIndices && { geneIndices }),
  };
}

/** What an expression says of profiles, and what of genes. */
function splitByAxis(
  node: WhereNode,
  expression: string,
): Partial<Record<Axis, WhereNode>> {
  const parts = node.kind === "and" ? node.parts.flatMap(flatten) : [node];
  const byAxis: Record<Axis, WhereNode[]> = { g: [], p: [] };
  for (const part of parts) byAxis[axisOf(part, expression)].push(part);
  return {
    ...(byAxis.p.length > 0 && { p: join(byAxis.p) }),
    ...(byAxis.g.length > 0 && { g: join(byAxis.g) }),
  };
}

/** Parentheses around an `and` in an `and` change nothing. */
function flatten(node: WhereNode): readonly WhereNode[] {
  return node.kind === "and" ? node.parts.flatMap(flatten) : [node];
}

function join(parts: readonly WhereNode[]): WhereNode {
  const [first] = parts;
  if (parts.length === 1) return first!;
  return { kind: "and", parts, position: first!.position };
}

function axisOf(node: WhereNode, expression: string): Axis {
  const [first, ...rest] = namesOf(node);
  const other = rest.find(({ axis }) => axis !== first!.axis);
  if (other === undefined) return first!.axis;
  const why = "data of profiles (p.) and of genes (g.) can only be joined by " +
    "and, outside of or and not";
  throw whereError(expression, other.position, why);
}

/** The names in an expression; there is at least one. */
function namesOf(node: WhereNode): NameNode[] {
  switch (node.kind) {
    case "and":
    case "or":
      return node.parts.flatMap(namesOf);
    case "not":
      return namesOf(node.part);
    case "compare":
      return [node.left, node.right].filter((side) => side.kind === "name");
    default:
      return [node.operand];
  }
}

async function select(
  profiles: Profiles,
  expression: string,
  node: WhereNode,
  length: number,
): Promise<Int32Array> {
  const columns = new Map<string, Column>();
  for (const { axis, name } of namesOf(node)) {
    const label = `${axis}.${name}`;
    if (columns.has(label)) continue;
    columns.set(label, await readColumn(profiles, axis, name));
  }
  const chosen = evaluateWhere(node, {
    expression,
    length,
    column: ({ axis, name }) => columns.get(`${axis}.${name}`)!,
  });
  const all = Int32Array.from(chosen, (_, index) => index);
  return all.filter((index) => chosen[index] === 1);
}

/** Every profile has a name, whether it is stored or not. */
async function readColumn(
  profiles: Profiles,
  axis: Axis,
  name: string,
): Promise<Column> {
  const label = `${axis}.${name}`;
  const data = axis === "p" && name === "name"
    ? toDataArray(await profiles.profileNames())
    : await profiles.anyArray(axis, name);
  return makeColumn(label, data);
}
