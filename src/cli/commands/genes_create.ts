import {
  type CreateGenesOptions,
  createGenesSet,
  type GenesSetSummary,
} from "../../imports/create_genes.ts";
import { IMPORTERS } from "../../imports/registry.ts";
import type { Command } from "../command.ts";
import { type CommandContext, note } from "../context.ts";
import { FORCE_OPTION } from "../global_options.ts";
import { readSourceOptions, SOURCE_OPTIONS } from "../import_options.ts";
import type { ParsedArguments } from "../options.ts";
import { formatCount, formatMany } from "../text.ts";

const JOINS = ["union", "intersection"] as const;

/** `metacell genes create`. */
export const GENES_CREATE_COMMAND: Command = {
  name: "genes create",
  summary: "Make one genes set for several sources",
  description: "What is imported onto the set by import --genes-set can be " +
    "collected. Genes are the same where their ids are, if all sources have " +
    "ids, else where their names are, in any case.",
  usage: "DEST --from SOURCE... [--join union|intersection] [OPTIONS]",
  arguments: [{
    name: "DEST",
    completes: "folder",
    description: "The genes set to make, a folder",
  }],
  options: [
    {
      name: "from",
      value: "SOURCE...",
      many: true,
      required: true,
      completes: "file",
      description: "The sources, as import takes them",
    },
    {
      name: "join",
      value: "HOW",
      choices: JOINS,
      description: "The genes of any source (the default), or those of all",
    },
    {
      name: "format",
      value: "FORMAT",
      choices: IMPORTERS.map(({ name }) => name),
      description: "The format of the sources, where it is not to be guessed",
    },
    ...SOURCE_OPTIONS,
    {
      name: "organism",
      value: "NAME",
      description: "The organism; by default what the ids of the genes say",
    },
    FORCE_OPTION,
  ],
  otherNames: { from: "format" },
  examples: [
    {
      line: "genes create genes --from donor1.csv.gz donor2.csv.gz",
      what: "The genes of either of two tables",
    },
    {
      line: "genes create shared --from run1 run2 run3 --join intersection",
      what: "The genes that three folders have",
    },
  ],
  async run(context, parsed) {
    const sources = parsed.texts("from");
    const path = parsed.argument("DEST");
    const summary = await createGenesSet(sources, path, readOptions(parsed));
    noteSummary(context, summary);
  },
};

/** Only what was given: the library knows what else to do. */
function readOptions(parsed: ParsedArguments): CreateGenesOptions {
  const join = parsed.choice("join", JOINS);
  const from = parsed.text("format");
  return {
    force: parsed.flag("force"),
    ...readSourceOptions(parsed),
    ...(join !== undefined && { join }),
    ...(from !== undefined && { from }),
  };
}

function noteSummary(context: CommandContext, summary: GenesSetSummary): void {
  const { commonCount, genesCount, matchedBy, sources } = summary;
  note(
    context,
    `${summary.path}: ${formatMany(genesCount, "gene")} of ` +
      `${summary.organism}, the ${summary.join} of ` +
      `${formatMany(sources.length, "source")} by their ${matchedBy}; ` +
      `${formatMany(commonCount, "is", "are")} in all`,
  );
  for (const source of sources) {
    const count = formatMany(source.genesCount, "gene");
    const left = source.genesCount - source.includedCount;
    const out = left > 0 ? `, ${formatCount(left)} of them left out` : "";
    note(context, `${source.path}: ${count}${out}, from ${source.format}`);
    for (const line of source.notes) note(context, `note: ${line}`);
  }
}
