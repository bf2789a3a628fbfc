import { Genes } from "../genes/genes.ts";
import { GenesSet } from "../genes/genes_set.ts";
import "../profiles/load.ts";
import { Profiles } from "../profiles/profiles.ts";
import { engineOptions } from "./compute_options.ts";
import type { CommandContext } from "./context.ts";
import type { ParsedArguments } from "./options.ts";

/** Where a command makes a container. */
export const DEST_ARGUMENT = {
  name: "DEST",
  completes: "folder",
  description: "The container to make, a folder",
} as const;

/** The argument of most commands. */
export const DIR_ARGUMENT = {
  name: "DIR",
  completes: "folder",
  description: "The container, a folder with profiles.yaml",
} as const;

/**
 * Opens the container that a command line names by `DIR`, with the genes of
 * `--genes-set` where that is given. What is computed of it, as totals that are
 * read as data, is computed as the command line says.
 *
 * @param context Where notes go.
 * @param parsed The command line.
 * @param path The container, where it is not named by `DIR`.
 * @returns The container; the caller closes it.
 */
export async function openProfiles(
  context: CommandContext,
  parsed: ParsedArguments,
  path: string = parsed.argument("DIR"),
): Promise<Profiles> {
  const genes = await openGenes(parsed);
  const cache = !parsed.flag("no-cache");
  const compute = engineOptions(context, parsed);
  return await Profiles.load(path, genes, { cache, compute });
}

/**
 * Opens the genes set that a command line names by `--genes-set`.
 *
 * @param parsed The command line.
 * @returns The genes set, or undefined where none is named.
 */
export async function openGenes(
  parsed: ParsedArguments,
): Promise<GenesSet | undefined> {
  const path = parsed.text("genes-set");
  if (path === undefined) return undefined;
  const genes = await Genes.load(path);
  if (genes instanceof GenesSet) return genes;
  throw new Error(`Cannot use ${path}: it is not a full genes set`);
}
