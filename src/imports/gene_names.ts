import { compareCodePoints } from "../arrays/compare.ts";
import { countOf } from "../io/plural.ts";
import type { SourceGenes } from "./importer.ts";
import { listSome } from "./import_error.ts";
import { findPlace, sortByName } from "./sort_by_name.ts";

/** What is done where several genes of a source have one name. */
export type DuplicateGenes = "suffix" | "sum" | "error";

/** The genes of a set, named after those of a source. */
export interface NamedGenes {
  /** The names: upper-case, sorted by code point, each once. */
  readonly names: readonly string[];
  /** For each source row the index of its gene, -1 where it is left out. */
  readonly sourceIndex: Int32Array;
  /** For each gene the first of its source rows. */
  readonly geneRows: Uint32Array;
  /** How many rows have a name that another row has before them. */
  readonly repeatsCount: number;
}

/**
 * Names genes by the names of a source, in upper case. Rows that share a name
 * are taken in the order of their ids, else of the source: the first keeps the
 * bare name, the others get the next of `-1`, `-2`, … that no other has.
 *
 * @param source The genes of the source; rows that it leaves out get no gene.
 * @param options What to do where a name repeats, `suffix` if unset.
 * @returns The names, and the gene of each row.
 * @throws {Error} If a name repeats and that is to be an error.
 */
export function nameGenes(
  source: Pick<SourceGenes, "names" | "ids" | "included">,
  options: { readonly duplicates?: DuplicateGenes } = {},
): NamedGenes {
  const { duplicates = "suffix" } = options;
  const upperNames = source.names.map((name) => name.toUpperCase());
  const { names, firstRows, repeats } = findRepeats(upperNames, source);
  if (duplicates === "error") refuseRepeats(repeats);
  const extra = duplicates === "suffix" ? numberRepeats(names, repeats) : [];
  const named = mergeNames({ names, firstRows }, extra);
  const sourceIndex = new Int32Array(upperNames.length).fill(-1);
  named.geneRows.forEach((row, gene) => sourceIndex[row] = gene);
  if (duplicates === "sum") {
    for (const { row, firstRow } of repeats) {
      sourceIndex[row] = sourceIndex[firstRow]!;
    }
  }
  return { ...named, sourceIndex, repeatsCount: repeats.length };
}

/** A row whose name another row has before it. */
interface Repeat {
  readonly name: string;
  readonly row: number;
  readonly firstRow: number;
}

/** All names in order, each once, with its first row; and all other rows. */
function findRepeats(
  upperNames: readonly string[],
  { ids, included }: Pick<SourceGenes, "ids" | "included">,
): { names: string[]; firstRows: number[]; repeats: Repeat[] } {
  const names: string[] = [];
  const firstRows: number[] = [];
  const repeats: Repeat[] = [];
  const all = sortByName(upperNames);
  const order = included ? all.filter((row) => included[row] !== 0) : all;
  for (let start = 0, end = 0; start < order.length; start = end) {
    const name = upperNames[order[start]!]!;
    while (end < order.length && upperNames[order[end]!] === name) end++;
    if (end - start > 1) sortById(order.subarray(start, end), ids);
    const firstRow = order[start]!;
    names.push(name);
    firstRows.push(firstRow);
    for (let at = start + 1; at < end; at++) {
      repeats.push({ name, row: order[at]!, firstRow });
    }
  }
  return { names, firstRows, repeats };
}

function sortById(rows: Uint32Array, ids: readonly string[] | undefined): void {
  if (!ids) return;
  rows.sort((left, right) =>
    compareCodePoints(ids[left]!, ids[right]!) || left - right
  );
}

function refuseRepeats(repeats: readonly Repeat[]): void {
  const names = [...new Set(repeats.map(({ name }) => name))];
  if (names.length === 0) return;
  throw new Error(
    "Cannot name the genes: " +
      `${countOf(names.length, "name repeats", "names repeat")}: ` +
      `${listSome(names)}; \`duplicateGenes\` suffix keeps them apart, ` +
      "sum adds them up",
  );
}

/** Gives each repeat the next name that nobody has, and sorts them. */
function numberRepeats(
  names: readonly string[],
  repeats: readonly Repeat[],
): { name: string; row: number }[] {
  const extra: { name: string; row: number }[] = [];
  const added = new Set<string>();
  const isTaken = (name: string) =>
    added.has(name) || names[findPlace(names, name)] === name;
  let last = "";
  let suffix = 1;
  for (const { name, row } of repeats) {
    if (name !== last) suffix = 1;
    last = name;
    while (isTaken(`${name}-${suffix}`)) suffix++;
    added.add(`${name}-${suffix}`);
    extra.push({ name: `${name}-${suffix}`, row });
  }
  return extra.sort((left, right) => compareCodePoints(left.name, right.name));
}

/** Merges names in order with a few more names in order. */
function mergeNames(
  { names, firstRows }: { names: string[]; firstRows: number[] },
  extra: readonly { name: string; row: number }[],
): Pick<NamedGenes, "names" | "geneRows"> {
  const merged: string[] = [];
  const geneRows = new Uint32Array(names.length + extra.length);
  let copied = 0;
  const copyTo = (end: number): void => {
    for (; copied < end; copied++) {
      geneRows[merged.length] = firstRows[copied]!;
      merged.push(names[copied]!);
    }
  };
  for (const { name, row } of extra) {
    copyTo(findPlace(names, name));
    geneRows[merged.length] = row;
    merged.push(name);
  }
  copyTo(names.length);
  return { names: merged, geneRows };
}
