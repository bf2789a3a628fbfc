import { categorize } from "../arrays/data_array.ts";
import { compareCodePoints } from "../arrays/compare.ts";
import type { SourceGenes } from "./importer.ts";
import { lineError } from "./import_error.ts";
import { readTableLines } from "./table_lines.ts";

/** The type of the features that are genes. */
const GENE_EXPRESSION = "Gene Expression";

/** The genes of a source, and what was left out of them. */
export interface FeatureTable {
  /** The genes, a row each. */
  readonly genes: SourceGenes;
  /** What a user should know. */
  readonly notes: readonly string[];
}

/**
 * Reads a table of genes or features: a line each with its id, its name, and
 * perhaps its type; more columns are ignored. With one column that is both id
 * and name. A name that is empty is the id.
 *
 * @param path The path of the table.
 * @param features `"all"`, or the type to keep; genes if unset.
 * @returns The genes, with the rows of other types marked as left out.
 * @throws {SyntaxError} If a line has neither id nor name; with the line.
 * @throws {Error} If no row is of the type.
 */
export async function readFeatureTable(
  path: string,
  features?: string,
): Promise<FeatureTable> {
  const ids: string[] = [];
  const names: string[] = [];
  const types: string[] = [];
  await readTableLines(path, (line, number) => {
    const [id = "", name = "", type = ""] = splitLine(line);
    if (id === "" && name === "") {
      throw lineError(path, number, "it has neither an id nor a name");
    }
    ids.push(id);
    names.push(name === "" ? id : name);
    types.push(type);
  });
  return chooseFeatures({ names, ids, types }, { path, features });
}

/** The first three fields; `split` would be slower and make the others too. */
function splitLine(line: string): string[] {
  const fields: string[] = [];
  let start = 0;
  while (fields.length < 2) {
    const end = line.indexOf("\t", start);
    if (end < 0) break;
    fields.push(line.slice(start, end));
    start = end + 1;
  }
  const end = line.indexOf("\t", start);
  fields.push(end < 0 ? line.slice(start) : line.slice(start, end));
  return fields;
}

/**
 * Marks the rows of features that are kept.
 *
 * @param table The names, ids and types of the rows.
 * @param choice What to keep, and what messages call the table.
 * @returns The genes, and notes on what is left out.
 * @throws {Error} If no row is of the type.
 */
export function chooseFeatures(
  table: {
    readonly names: readonly string[];
    readonly ids: readonly string[];
    readonly types: readonly string[];
  },
  choice: { readonly path: string; readonly features: string | undefined },
): FeatureTable {
  const { names, ids, types } = table;
  const counts = countTypes(types);
  const wanted = choice.features ?? GENE_EXPRESSION;
  const isUntyped = counts.size === 0 || counts.size === 1 && counts.has("");
  if (wanted === "all" || isUntyped && isSame(wanted, GENE_EXPRESSION)) {
    const columns = counts.size > 1 ? { feature_type: categorize(types) } : {};
    return { genes: { names, ids, columns }, notes: [] };
  }
  const type = [...counts.keys()].find((known) => isSame(known, wanted));
  if (type === undefined) throw unknownType(counts, choice.path, wanted);
  counts.delete(type);
  if (counts.size === 0) {
    return { genes: { names, ids, columns: {} }, notes: [] };
  }
  const included = Uint8Array.from(types, (text) => text === type ? 1 : 0);
  const notes = [
    `Rows of other types than ${type} are left out: ${describeTypes(counts)}`,
  ];
  return { genes: { names, ids, columns: {}, included }, notes };
}

function isSame(left: string, right: string): boolean {
  return left.toUpperCase() === right.toUpperCase();
}

function countTypes(types: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}

function describeTypes(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort(([left], [right]) => compareCodePoints(left, right))
    .map(([type, count]) => `${type || "no type"} (${count})`).join(", ");
}

function unknownType(
  counts: ReadonlyMap<string, number>,
  path: string,
  wanted: string,
): Error {
  const types = counts.size === 1 && counts.has("")
    ? "it has no types of features"
    : `its types are ${describeTypes(counts)}; \`features\` names one, or all`;
  return new Error(
    `Cannot import ${path}: it has no features of type ${wanted}, ${types}`,
  );
}
