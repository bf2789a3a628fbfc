import { GenesMetadata } from "../genes/genes_metadata.ts";
import { GENES_YAML } from "../genes/genes_set.ts";
import { buildFolderAtomically, checkReplaceable } from "../io/atomic.ts";
import { isOverlapping, joinPath } from "../io/paths.ts";
import {
  type GenesOfSource,
  joinSources,
  readGenes,
  writeCommonGenes,
} from "./common_genes.ts";
import type { DuplicateGenes } from "./gene_names.ts";
import type { SourceOptions } from "./importer.ts";
import type { JoinedGenes, JoinKind } from "./join_genes.ts";
import { findImporter } from "./registry.ts";
import { checkSourceOptions, type SourceFormat } from "./source_options.ts";

/** How a genes set is made of sources. */
export interface CreateGenesOptions extends SourceOptions {
  /** Whether it has the genes of any source or of all, `union` if unset. */
  readonly join?: JoinKind;
  /** The organism; else the ids of the genes tell. */
  readonly organism?: string;
  /**
   * What is done where names of genes repeat, `suffix` if unset. With `sum` the
   * sources are matched by name, and are to be imported with `sum` too.
   */
  readonly duplicateGenes?: DuplicateGenes;
  /** The name of the importer, where it is not to be found out. */
  readonly from?: string;
  /** Whether a genes set at the destination is replaced. */
  readonly force?: boolean;
}

/** One of the sources of a genes set. */
export interface GenesSetSource {
  /** The path of the source. */
  readonly path: string;
  /** What kind of source it is, for people. */
  readonly format: string;
  /** How many genes it has. */
  readonly genesCount: number;
  /** How many of them are in the genes set. */
  readonly includedCount: number;
  /** What a user should know of how it was read. */
  readonly notes: readonly string[];
}

/** What a genes set was made of. */
export interface GenesSetSummary {
  /** The path of the genes set. */
  readonly path: string;
  /** Its identifier. */
  readonly uuid: string;
  /** The organism. */
  readonly organism: string;
  /** Whether it has the genes of any source or of all. */
  readonly join: JoinKind;
  /** Whether genes of several sources are the same by their ids or names. */
  readonly matchedBy: "ids" | "names";
  /** The sources, in the order in which they were given. */
  readonly sources: readonly GenesSetSource[];
  /** How many genes are in all sources. */
  readonly commonCount: number;
  /** How many genes the set has. */
  readonly genesCount: number;
}

/**
 * Makes one genes set for several sources, so that what is imported onto it
 * can be joined. Genes are the same where their ids are, if every gene of each
 * source has an id of its own; else where their names are, in any case, after
 * those that repeat in a source were told apart as its import would.
 *
 * A gene is called what the first source calls it that has more than its id;
 * where genes of one name differ by id they are told apart like repeats. Ids
 * and other data of genes are kept where the sources agree on them.
 *
 * @param sources The paths of the sources, at least one.
 * @param destination The path of the genes set.
 * @param options How to make it.
 * @returns What it was made of.
 * @throws {TypeError} If an option means nothing to the formats of the sources.
 * @throws {Error} If a source can't be read, no gene is in all of them and only
 * such genes are asked for, they are of different organisms, or something is
 * at the destination that may not be replaced.
 *
 * @example Make a genes set for two tables
 * ```ts
 * import { createGenesSet, Genes } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const tables = [`${folder}/one.csv`, `${folder}/two.csv`];
 * await Deno.writeTextFile(tables[0]!, "gene,c1\nCd3d,1\nLyz2,2\n");
 * await Deno.writeTextFile(tables[1]!, "gene,c1\nLYZ2,3\nActb,4\n");
 *
 * const { commonCount } = await createGenesSet(tables, `${folder}/genes`, {
 *   genesIn: "rows",
 *   organism: "mouse",
 * });
 * assertEquals(commonCount, 1);
 *
 * const genes = await Genes.load(`${folder}/genes`);
 * assertEquals(await genes.names(), ["ACTB", "CD3D", "LYZ2"]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function createGenesSet(
  sources: readonly string[],
  destination: string,
  options: CreateGenesOptions = {},
): Promise<GenesSetSummary> {
  const replacement = {
    force: options.force ?? false,
    isReplaceable: isGenesSet,
  };
  for (const source of sources) checkApart(source, destination);
  await checkOptions(sources, options);
  checkReplaceable(destination, replacement);
  const opened: GenesOfSource[] = [];
  for (const path of sources) opened.push(await readGenes(path, options));
  const common = joinSources(opened, destination, options);
  const { joined, organism } = common;
  return await buildFolderAtomically(
    destination,
    replacement,
    async (folder) => {
      const { uuid, count } = await writeCommonGenes(folder, common, options);
      return {
        path: destination,
        uuid,
        organism,
        join: options.join ?? "union",
        matchedBy: joined.matchedBy,
        sources: summarizeSources(opened, joined),
        commonCount: joined.commonCount,
        genesCount: count,
      };
    },
  );
}

async function checkOptions(
  sources: readonly string[],
  options: CreateGenesOptions,
): Promise<void> {
  const formats: SourceFormat[] = [];
  for (const path of sources) {
    formats.push({ path, importer: await findImporter(path, options.from) });
  }
  checkSourceOptions(formats, options);
}

/** Whether something may be replaced: a genes set that opens alone is. */
function isGenesSet(path: string): boolean {
  try {
    return GenesMetadata.load(joinPath(path, GENES_YAML)).genesCount >= 0;
  } catch {
    return false;
  }
}

function checkApart(source: string, destination: string): void {
  if (!isOverlapping(source, destination)) return;
  throw new Error(
    `Cannot make a genes set of ${source} at ${destination}: ` +
      "one of them is inside the other",
  );
}

function summarizeSources(
  sources: readonly GenesOfSource[],
  joined: JoinedGenes,
): GenesSetSource[] {
  return sources.map(({ format, notes, path }, at) => ({
    path,
    format,
    ...joined.sources[at]!,
    notes,
  }));
}
