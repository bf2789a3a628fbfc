import { compareCodePoints } from "../arrays/compare.ts";
import type { SourceGenes } from "./importer.ts";
import { listSome } from "./import_error.ts";

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
  const names = source.names.map((name) => name.toUpperCase());
  const { firstRows, repeated } = groupRows(names, source.included);
  for (const rows of repeated.values()) sortById(rows, source.ids);
  let repeatsCount = 0;
  for (const rows of repeated.values()) repeatsCount += rows.length - 1;
  if (duplicates === "error") refuseRepeats([...repeated.keys()]);
  if (duplicates === "suffix") separate(firstRows, repeated);
  return { ...indexRows(firstRows, names.length, repeated), repeatsCount };
}

/**
 * The first row of each name, and all rows of those that repeat: an array for
 * every name would be most of what the naming takes.
 */
function groupRows(
  names: readonly string[],
  included: Uint8Array | undefined,
): { firstRows: Map<string, number>; repeated: Map<string, number[]> } {
  const firstRows = new Map<string, number>();
  const repeated = new Map<string, number[]>();
  names.forEach((name, row) => {
    if (included?.[row] === 0) return;
    const first = firstRows.get(name);
    if (first === undefined) firstRows.set(name, row);
    else if (repeated.has(name)) repeated.get(name)!.push(row);
    else repeated.set(name, [first, row]);
  });
  return { firstRows, repeated };
}

function sortById(rows: number[], ids: readonly string[] | undefined): void {
  if (!ids) return;
  rows.sort((left, right) =>
    compareCodePoints(ids[left]!, ids[right]!) || left - right
  );
}

function refuseRepeats(names: readonly string[]): void {
  if (names.length === 0) return;
  const sorted = names.toSorted(compareCodePoints);
  throw new Error(
    `Cannot name the genes: ${names.length} names repeat: ` +
      `${listSome(sorted)}; --duplicate-genes suffix keeps them apart, ` +
      "sum adds them up",
  );
}

/** Gives all rows but the first of each name a name of their own. */
function separate(
  firstRows: Map<string, number>,
  repeated: Map<string, number[]>,
): void {
  for (const name of [...repeated.keys()].sort(compareCodePoints)) {
    const [first, ...others] = repeated.get(name)!;
    firstRows.set(name, first!);
    let suffix = 1;
    for (const row of others) {
      while (firstRows.has(`${name}-${suffix}`)) suffix++;
      firstRows.set(`${name}-${suffix}`, row);
    }
  }
  repeated.clear();
}

function indexRows(
  firstRows: ReadonlyMap<string, number>,
  rowsCount: number,
  summed: ReadonlyMap<string, readonly number[]>,
): Pick<NamedGenes, "names" | "sourceIndex" | "geneRows"> {
  const names = [...firstRows.keys()].sort(compareCodePoints);
  const sourceIndex = new Int32Array(rowsCount).fill(-1);
  const geneRows = new Uint32Array(names.length);
  names.forEach((name, gene) => {
    const rows = summed.get(name) ?? [firstRows.get(name)!];
    geneRows[gene] = rows[0]!;
    for (const row of rows) sourceIndex[row] = gene;
  });
  return { names, sourceIndex, geneRows };
}
