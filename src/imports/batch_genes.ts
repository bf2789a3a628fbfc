/** Which genes a batch has, and where those of its source are among them. */
import { type GenesSet, sameOrganism } from "../genes/genes_set.ts";
import { joinPath } from "../io/paths.ts";
import { countOf } from "../io/plural.ts";
import { writeGenesSet } from "./batch_files.ts";
import { matchGenes } from "./gene_match.ts";
import { nameGenes } from "./gene_names.ts";
import { listSome } from "./import_error.ts";
import type { ImportOptions } from "./import_options.ts";
import type { ImportSource, SourceGenes } from "./importer.ts";
import { guessOrganism } from "./organism.ts";
import type { SkippedEntries } from "./profile_accumulator.ts";

/** The genes of a batch, and where the rows of its source are among them. */
export interface BatchGenes {
  /** The genes set. */
  readonly genes: GenesSet;
  /** For each source row the index of its gene, or why it has none. */
  readonly sourceIndex: Int32Array;
  /** The names of the rows that the set has no place for. */
  readonly missingNames: readonly string[];
  /** How many rows got a suffix, or were added up. */
  readonly repeatedGenes: number;
  /** What a user should know. */
  readonly notes: readonly string[];
}

/**
 * Makes a genes set of a source's own, `genes` in a folder.
 *
 * @param source The source.
 * @param folder The folder of the container.
 * @param options What is done with repeats, and the organism.
 * @returns The genes.
 */
export async function makeGenes(
  source: ImportSource,
  folder: string,
  options: ImportOptions,
): Promise<BatchGenes> {
  const { duplicateGenes: duplicates = "suffix" } = options;
  const named = nameGenes(source.genes, { duplicates });
  const organism = options.organism ?? organismOf(source.genes);
  const genes = await writeGenesSet(joinPath(folder, "genes"), source.genes, {
    named,
    organism,
  });
  const { sourceIndex, repeatsCount: repeatedGenes } = named;
  const what = duplicates === "sum"
    ? countOf(repeatedGenes, "gene is", "genes are") +
      " added to another one of the name"
    : `${countOf(repeatedGenes, "gene")} got a suffix, for the name repeats`;
  const notes = repeatedGenes > 0 ? [what] : [];
  return { genes, sourceIndex, missingNames: [], repeatedGenes, notes };
}

/**
 * Finds the genes of a source in a genes set.
 *
 * @param source The source.
 * @param genes The genes set.
 * @param options What is done with repeats, and the organism.
 * @returns The genes.
 * @throws {Error} If the set is of another organism.
 */
export async function useGenes(
  source: ImportSource,
  genes: GenesSet,
  options: ImportOptions,
): Promise<BatchGenes> {
  const organism = options.organism ?? organismOf(source.genes);
  if (!sameOrganism(organism, genes.organism)) {
    throw new Error(
      `Cannot import ${source.path}: it is of ${organism}, ` +
        `and the genes set ${genes.place} of ${genes.organism}`,
    );
  }
  const { duplicateGenes: duplicates = "suffix" } = options;
  const match = await matchGenes(source.genes, genes, { duplicates });
  const by = match.isById ? "ids" : "names";
  const notes = [
    `Genes are matched by their ${by}`,
    ...await noteColumns(source.genes, genes),
  ];
  return { genes, ...match, repeatedGenes: 0, notes };
}

/** What a source says of genes is kept by the genes set, or by nobody. */
async function noteColumns(
  { columns }: SourceGenes,
  genes: GenesSet,
): Promise<string[]> {
  const known = await genes.availableData();
  const lost = Object.keys(columns).filter((name) => !known.includes(name));
  if (lost.length === 0) return [];
  return [
    `Data of genes that the genes set lacks are left out: ${listSome(lost)}`,
  ];
}

/**
 * Tells the organism of genes that are imported.
 *
 * @param genes The genes of a source.
 * @returns What their ids say, or their names where they have none.
 */
export function organismOf(genes: SourceGenes): string {
  const texts = genes.ids ?? genes.names;
  const { included } = genes;
  return guessOrganism(
    included ? texts.filter((_, row) => included[row] !== 0) : texts,
  );
}

/**
 * Checks that a genes set had a place for all genes of a source, unless they
 * may be left out.
 *
 * @param source The source.
 * @param batch The genes.
 * @param missing What the others had.
 * @param options Whether they may be left out.
 * @throws {Error} If they may not, and there are some.
 */
export function checkMissing(
  source: ImportSource,
  { missingNames, genes }: BatchGenes,
  missing: SkippedEntries,
  { allowMissingGenes }: ImportOptions,
): void {
  if (missingNames.length === 0 || allowMissingGenes) return;
  throw new Error(
    `Cannot import ${source.path}: the genes set ${genes.place} has no ` +
      `place for ${countOf(missingNames.length, "gene")} with ` +
      countOf(missing.totalUmis, "UMI") +
      ` (\`allowMissingGenes\` leaves them ` +
      `out): ${listSome(missingNames, 5)}`,
  );
}
