/** Which genes of several sources are the same, and what they are called. */
import { type DuplicateGenes, nameGenes } from "./gene_names.ts";
import type { SourceGenes } from "./importer.ts";
import { joinColumns } from "./join_columns.ts";

/** Whether the genes of any source are wanted, or those of all. */
export type JoinKind = "union" | "intersection";

/** Genes of several sources as if they were of one. */
export interface JoinedGenes {
  /** The genes, each once; an id is empty where it is not known. */
  readonly genes: SourceGenes;
  /** Whether they were the same by their ids or by their names. */
  readonly matchedBy: "ids" | "names";
  /** For each source how many genes it has, and how many of these are joined. */
  readonly sources: readonly {
    readonly genesCount: number;
    readonly includedCount: number;
  }[];
  /** How many genes are in all sources. */
  readonly commonCount: number;
}

/** One gene of one source. */
interface KeyedGene {
  readonly key: string;
  readonly name: string;
  readonly id: string;
  /** Its row in the source. */
  readonly row: number;
}

/** A gene of the join. */
interface JoinedGene {
  name: string;
  /** Empty where none is known, or sources differ. */
  id: string;
  hasConflict: boolean;
  sourcesCount: number;
}

/**
 * Joins the genes of sources.
 *
 * They are matched by id if every gene of each source has an id that is its
 * own, and repeats of a name are not added up. Else they are matched by the
 * names that an import of the source alone would give them, and an id is kept
 * only where all sources that have one for the gene agree, and no other gene
 * has it: so an import onto the set finds the same genes by ids as by names.
 * Other data of genes are kept where the sources agree on them.
 *
 * @param sources The genes of each source.
 * @param options Which genes are wanted, and what is done with repeats.
 * @returns The genes, which are not named yet where they were matched by id.
 */
export function joinGenes(
  sources: readonly SourceGenes[],
  options: { readonly duplicates: DuplicateGenes; readonly join: JoinKind },
): JoinedGenes {
  const { duplicates, join } = options;
  const isById = duplicates !== "sum" && sources.every(hasOwnIds);
  const keyed = sources.map((source) =>
    isById ? genesById(source) : genesByName(source, duplicates)
  );
  const joined = new Map<string, JoinedGene>();
  for (const genes of keyed) addSource(joined, genes);
  clearIds(joined, keyed);
  const isCommon = (key: string) =>
    joined.get(key)!.sourcesCount === sources.length;
  const isWanted = (key: string) => join === "union" || isCommon(key);
  const keys = [...joined.keys()];
  const wanted = keys.filter(isWanted);
  const genes = asSource(wanted.map((key) => joined.get(key)!));
  const genesOfRows = findGenes(sources, keyed, wanted);
  return {
    genes: {
      ...genes,
      columns: joinColumns(sources, genesOfRows, wanted.length),
    },
    matchedBy: isById ? "ids" : "names",
    sources: keyed.map((genes) => countGenes(genes, isWanted)),
    commonCount: keys.filter(isCommon).length,
  };
}

/** Whether every gene has an id, and no two the same. */
function hasOwnIds(source: SourceGenes): boolean {
  const rows = includedRows(source);
  const ids = new Set(rows.map((row) => source.ids?.[row] ?? ""));
  return !ids.has("") && ids.size === rows.length;
}

function includedRows({ names, included }: SourceGenes): number[] {
  return [...names.keys()].filter((row) => included?.[row] !== 0);
}

function genesById(source: SourceGenes): KeyedGene[] {
  return includedRows(source).map((row) => {
    const id = source.ids![row]!;
    return { key: id, name: source.names[row]!, id, row };
  });
}

/** Rows that are added up share a key. */
function genesByName(
  source: SourceGenes,
  duplicates: DuplicateGenes,
): KeyedGene[] {
  const { names, sourceIndex } = nameGenes(source, { duplicates });
  return includedRows(source).map((row) => {
    const name = names[sourceIndex[row]!]!;
    return { key: name, name, id: source.ids?.[row] ?? "", row };
  });
}

function addSource(
  joined: Map<string, JoinedGene>,
  genes: readonly KeyedGene[],
): void {
  const own = new Set<string>();
  for (const { key, name, id } of genes) {
    const known = joined.get(key);
    if (!known) {
      joined.set(key, { name, id, hasConflict: false, sourcesCount: 1 });
    } else {
      if (!own.has(key)) known.sourcesCount++;
      if (known.name === key) known.name = name;
      if (known.id === "") known.id = id;
      else if (id !== "" && id !== known.id) known.hasConflict = true;
    }
    own.add(key);
  }
}

function countGenes(
  genes: readonly KeyedGene[],
  isWanted: (key: string) => boolean,
): JoinedGenes["sources"][number] {
  const keys = [...new Set(genes.map(({ key }) => key))];
  const includedCount = keys.filter(isWanted).length;
  return { genesCount: keys.length, includedCount };
}

/** Forgets the ids that do not tell one gene from all others. */
function clearIds(
  joined: ReadonlyMap<string, JoinedGene>,
  sources: readonly (readonly KeyedGene[])[],
): void {
  const keyOfId = new Map<string, string>();
  const shared = new Set<string>();
  for (const { key, id } of sources.flat()) {
    if ((keyOfId.get(id) ?? key) !== key) shared.add(id);
    keyOfId.set(id, key);
  }
  for (const gene of joined.values()) {
    if (gene.hasConflict || shared.has(gene.id)) gene.id = "";
  }
}

/** For each row of each source its place among the genes, -1 for none. */
function findGenes(
  sources: readonly SourceGenes[],
  keyed: readonly (readonly KeyedGene[])[],
  keys: readonly string[],
): Int32Array[] {
  const places = new Map(keys.map((key, gene) => [key, gene]));
  return sources.map(({ names }, at) => {
    const genes = new Int32Array(names.length).fill(-1);
    for (const { key, row } of keyed[at]!) genes[row] = places.get(key) ?? -1;
    return genes;
  });
}

function asSource(genes: readonly JoinedGene[]): SourceGenes {
  const names = genes.map(({ name }) => name);
  const ids = genes.map(({ id }) => id);
  const hasIds = ids.some((id) => id !== "");
  return { names, columns: {}, ...hasIds && { ids } };
}
