import type { Genes } from "../genes/genes.ts";
import { type DuplicateGenes, nameGenes } from "./gene_names.ts";
import type { SourceGenes } from "./importer.ts";
import { LEFT_OUT, MISSING } from "./profile_accumulator.ts";

/** Where the rows of a source have their places in a genes set. */
export interface GeneMatch {
  /** For each source row the index of its gene, or why it has none. */
  readonly sourceIndex: Int32Array;
  /** The names of the rows that the set has no place for. */
  readonly missingNames: readonly string[];
  /** Whether the rows were matched by their ids, and not by their names. */
  readonly isById: boolean;
}

/**
 * Finds the genes of a source in a genes set: by their ids where all of both
 * have one, else by their names, in any case and numbered where they repeat,
 * as they would be in a genes set of the source's own.
 *
 * @param source The genes of the source.
 * @param genes The genes set.
 * @param options What to do where a name repeats.
 * @returns The gene of each row.
 */
export async function matchGenes(
  source: SourceGenes,
  genes: Genes,
  options: { readonly duplicates?: DuplicateGenes } = {},
): Promise<GeneMatch> {
  const ids = await allIds(genes);
  const isById = ids !== undefined && hasAllIds(source);
  const keys = isById ? source.ids! : numberedNames(source, options);
  const index = indexOf(isById ? ids : await genes.names());
  const sourceIndex = new Int32Array(keys.length).fill(LEFT_OUT);
  const missingNames: string[] = [];
  keys.forEach((key, row) => {
    if (source.included?.[row] === 0) return;
    const gene = index.get(key);
    sourceIndex[row] = gene ?? MISSING;
    if (gene === undefined) missingNames.push(source.names[row]!);
  });
  return { sourceIndex, missingNames, isById };
}

async function allIds(genes: Genes): Promise<readonly string[] | undefined> {
  if (!await genes.hasArray("id")) return undefined;
  const ids = await genes.anyArray("id");
  const isWhole = ids.kind === "text" && !ids.mask && !ids.values.includes("");
  return isWhole ? ids.values : undefined;
}

function hasAllIds({ ids, included }: SourceGenes): boolean {
  return ids !== undefined &&
    ids.every((id, row) => id !== "" || included?.[row] === 0);
}

/** The name that each row would have in a genes set of its own. */
function numberedNames(
  source: SourceGenes,
  options: { readonly duplicates?: DuplicateGenes },
): string[] {
  const { names, sourceIndex } = nameGenes(source, options);
  return Array.from(sourceIndex, (gene) => names[gene] ?? "");
}

function indexOf(keys: readonly string[]): Map<string, number> {
  const index = new Map<string, number>();
  keys.forEach((key, gene) => {
    if (!index.has(key)) index.set(key, gene);
  });
  return index;
}
