import { createView } from "../../profiles/create_view.ts";
import type { Profiles } from "../../profiles/profiles.ts";
import { selectWhere } from "../../profiles/where/select.ts";
import type { Command } from "../command.ts";
import { type CommandContext, note } from "../context.ts";
import {
  COMPUTE_OPTIONS,
  FORCE_OPTION,
  GENES_SET_OPTION,
} from "../global_options.ts";
import { indexNames, readListFile } from "../list_file.ts";
import { DEST_ARGUMENT, openProfiles } from "../open_profiles.ts";
import type { ParsedArguments } from "../options.ts";
import { readProfilesFile } from "../profile_choice.ts";
import { formatCount, formatKind } from "../text.ts";
import { UsageError } from "../usage_error.ts";

/** What a view takes of its base; all of what is undefined. */
interface Chosen {
  readonly profileIndices: Int32Array | undefined;
  readonly geneIndices: Int32Array | undefined;
}

/** `metacell view`. */
export const VIEW_COMMAND: Command = {
  name: "view",
  summary: "Make a view: some cells and genes of another container",
  description: "The counts stay where they are. Lists have a name a line, or " +
    "with --indices an index from 0; profiles come in the order of their " +
    "list, genes keep theirs. --where takes an expression over data of " +
    "profiles, p.NAME, or genes, g.NAME, or both joined by and: comparisons " +
    "(== != < <= > >=), and, or, not, parentheses, in [..], matches " +
    '"regular expression", is missing; texts are in quotes. Lists and --where ' +
    "together keep what both have. Without any of them the view is a link.",
  usage: "DEST --base DIR [--genes-file FILE] [--profiles-file FILE] " +
    "[--indices] [--where EXPR] [--force]",
  arguments: [DEST_ARGUMENT],
  options: [
    {
      name: "base",
      value: "DIR",
      required: true,
      completes: "folder",
      description: "The container that it is to be a view of",
    },
    {
      name: "genes-file",
      value: "FILE",
      completes: "file",
      description: "The genes to keep: names in any case, or ids",
    },
    {
      name: "profiles-file",
      value: "FILE",
      completes: "file",
      description: "The profiles to keep, by their names",
    },
    { name: "indices", description: "The lists are of indices, from 0" },
    {
      name: "where",
      value: "EXPR",
      description: "Keep what an expression is true of",
    },
    ...COMPUTE_OPTIONS,
    GENES_SET_OPTION,
    FORCE_OPTION,
  ],
  examples: [
    {
      line: 'view good --base cells --where "p.total_umis >= 1000"',
      what: "Cells with enough counts",
    },
    {
      line: "view t --base cells " +
        `--where 'p.type in ["CD4 T", "CD8 T"]'`,
      what: "Cells of two types",
    },
    {
      line: "view nuclear --base cells " +
        `--where 'not g.name matches "^mt-"'`,
      what: "Without mitochondrial genes",
    },
    {
      line: "view markers --base cells --genes-file markers.txt",
      what: "The genes of a list",
    },
  ],
  async run(context, parsed) {
    const hasList = parsed.text("genes-file") ?? parsed.text("profiles-file");
    if (parsed.flag("indices") && hasList === undefined) {
      throw new UsageError("--indices is for --genes-file or --profiles-file");
    }
    const path = parsed.argument("DEST");
    using base = await openProfiles(context, parsed, parsed.text("base")!);
    const chosen = await choose(base, parsed);
    checkChosen(path, base, chosen);
    const force = parsed.flag("force");
    await createView(path, base, { ...chosen, force });
    noteChosen(context, path, base, chosen);
  },
};

async function choose(
  base: Profiles,
  parsed: ParsedArguments,
): Promise<Chosen> {
  const expression = parsed.text("where");
  const where = expression === undefined
    ? {}
    : await selectWhere(base, expression);
  return {
    profileIndices: intersect(
      await listedProfiles(base, parsed),
      where.profileIndices,
    ),
    geneIndices: intersect(await listedGenes(base, parsed), where.geneIndices),
  };
}

async function listedProfiles(
  base: Profiles,
  parsed: ParsedArguments,
): Promise<Int32Array | undefined> {
  const file = parsed.text("profiles-file");
  if (file === undefined) return undefined;
  const names = await base.profileNames();
  return readProfilesFile(file, names, parsed.flag("indices"));
}

async function listedGenes(
  base: Profiles,
  parsed: ParsedArguments,
): Promise<Int32Array | undefined> {
  const file = parsed.text("genes-file");
  if (file === undefined) return undefined;
  const { genes } = base;
  const [names, ids] = [await genes.names(), await idsOf(base)]
    .map((texts) => indexNames(texts.map((text) => text.toUpperCase())));
  const find = (name: string) => {
    const key = name.toUpperCase();
    return names!.get(key) ?? ids!.get(key);
  };
  const isIndices = parsed.flag("indices");
  return readListFile(file, {
    what: "gene",
    count: genes.count,
    find,
    isIndices,
  });
}

/** Several genes may have an id, unlike a name. */
async function idsOf({ genes }: Profiles): Promise<readonly string[]> {
  if (!await genes.hasArray("id")) return [];
  const ids = await genes.anyArray("id");
  return ids.kind === "text" ? ids.values : [];
}

/** What both have, in the order of the first. */
function intersect(
  listed: Int32Array | undefined,
  chosen: Int32Array | undefined,
): Int32Array | undefined {
  if (listed === undefined || chosen === undefined) return listed ?? chosen;
  const wanted = new Set(chosen);
  return listed.filter((index) => wanted.has(index));
}

function checkChosen(path: string, base: Profiles, chosen: Chosen): void {
  const { profileIndices, geneIndices } = chosen;
  const lacks = profileIndices?.length === 0
    ? base.metadata.profilesKind
    : geneIndices?.length === 0
    ? "genes"
    : undefined;
  if (lacks === undefined) return;
  throw new Error(
    `Cannot make the view ${path}: no ${lacks} of ${base.metadata.path} are ` +
      "left",
  );
}

function noteChosen(
  context: CommandContext,
  path: string,
  base: Profiles,
  { geneIndices, profileIndices }: Chosen,
): void {
  const { genes, metadata, profilesCount } = base;
  const profiles = share(profileIndices, profilesCount, metadata.profilesKind);
  const kept = share(geneIndices, genes.count, "genes");
  note(context, `${path}: ${profiles}, ${kept}`);
}

function share(
  indices: Int32Array | undefined,
  count: number,
  what: string,
): string {
  const all = formatKind(count, what);
  if (indices === undefined) return `all ${all}`;
  return `${formatCount(indices.length)} of ${all}`;
}
