/** The genes of several sources as one genes set. */
import { type GenesSet, sameOrganism } from "../genes/genes_set.ts";
import { organismOf } from "./batch_genes.ts";
import { writeGenesSet } from "./batch_files.ts";
import { type DuplicateGenes, nameGenes } from "./gene_names.ts";
import type { ImportSource, SourceOptions } from "./importer.ts";
import { type JoinedGenes, joinGenes, type JoinKind } from "./join_genes.ts";
import { openSource } from "./open_source.ts";
import { UNKNOWN_ORGANISM } from "./organism.ts";
import { findImporter } from "./registry.ts";

/** A source, of which only the genes were read. */
export interface GenesOfSource
  extends Pick<ImportSource, "format" | "genes" | "notes" | "path"> {
  /** How many profiles it has. */
  readonly profilesCount: number;
}

/** How the genes of sources are joined. */
export interface CommonGenesOptions {
  /** Whether those of any source are wanted or of all, `union` if unset. */
  readonly join?: JoinKind;
  /** The organism; else the ids of the genes tell. */
  readonly organism?: string;
  /** What is done where names of genes repeat, `suffix` if unset. */
  readonly duplicateGenes?: DuplicateGenes;
}

/** The genes that sources have in common, or together. */
export interface CommonGenes {
  /** The genes. */
  readonly joined: JoinedGenes;
  /** The one organism that all sources can be of. */
  readonly organism: string;
}

/**
 * Reads the genes of a source, which is closed again.
 *
 * @param path The path of the source.
 * @param options What it is asked for.
 * @returns Its genes.
 */
export async function readGenes(
  path: string,
  options: SourceOptions & { readonly from?: string },
): Promise<GenesOfSource> {
  const importer = await findImporter(path, options.from);
  const source = await openSource(importer, path, options);
  await source.close?.();
  const { format, genes, notes, profiles } = source;
  return { format, genes, notes, path, profilesCount: profiles.count };
}

/**
 * Joins the genes of sources.
 *
 * @param sources The sources.
 * @param destination What is made of them, for messages.
 * @param options How they are joined.
 * @returns The genes.
 * @throws {Error} If there are none, or the sources are of different
 * organisms.
 */
export function joinSources(
  sources: readonly GenesOfSource[],
  destination: string,
  options: CommonGenesOptions,
): CommonGenes {
  const organism = chooseOrganism(sources, options.organism);
  const { duplicateGenes: duplicates = "suffix", join = "union" } = options;
  const genes = sources.map((source) => source.genes);
  const joined = joinGenes(genes, { duplicates, join });
  if (joined.genes.names.length > 0) return { joined, organism };
  const why = sources.length === 0
    ? "there are no sources"
    : `no gene is in all ${sources.length} sources, ` +
      `matched by their ${joined.matchedBy}`;
  throw new Error(`Cannot make the genes set ${destination}: ${why}`);
}

/**
 * Writes the genes set of joined genes.
 *
 * @param folder The folder of the set, which is made.
 * @param common The genes.
 * @param options What is done where their names repeat.
 * @returns The genes set.
 */
export async function writeCommonGenes(
  folder: string,
  { joined, organism }: CommonGenes,
  options: CommonGenesOptions,
): Promise<GenesSet> {
  const { duplicateGenes: duplicates = "suffix" } = options;
  const named = nameGenes(joined.genes, { duplicates });
  return await writeGenesSet(folder, joined.genes, { named, organism });
}

function chooseOrganism(
  sources: readonly GenesOfSource[],
  organism: string | undefined,
): string {
  let chosen = organism ?? UNKNOWN_ORGANISM;
  for (const { genes, path } of sources) {
    const found = organismOf(genes);
    if (!sameOrganism(found, chosen)) {
      throw new Error(
        `Cannot make a genes set of ${path}: it is of ${found}, ` +
          `and the set of ${chosen}`,
      );
    }
    if (chosen === UNKNOWN_ORGANISM) chosen = found;
  }
  return chosen;
}
