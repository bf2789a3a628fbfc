import { importBatch, type ImportOptions } from "../../imports/import_batch.ts";
import type { ImportSummary } from "../../imports/import_summary.ts";
import { IMPORTERS } from "../../imports/registry.ts";
import type { Command } from "../command.ts";
import { type CommandContext, note } from "../context.ts";
import {
  FORCE_OPTION,
  GENES_SET_OPTION,
  JSON_OPTION,
} from "../global_options.ts";
import { describeImport, importJson } from "../import_report.ts";
import { openGenes } from "../open_profiles.ts";
import type { ParsedArguments } from "../options.ts";
import { ProgressBar } from "../progress.ts";

const DUPLICATES = ["suffix", "sum", "error"] as const;
const DEFAULT_KIND = "cells";
const GENES_IN = ["rows", "columns"] as const;

/** `metacell import`. */
export const IMPORT_COMMAND: Command = {
  name: "import",
  summary: "Import counts into a container",
  description: "The container appears at DEST when all of it is there; after " +
    "a failure or an interrupt nothing is. Without --genes-set it gets a " +
    "genes set of its own, DEST/genes.",
  usage: "SOURCE DEST [OPTIONS]",
  arguments: [
    {
      name: "SOURCE",
      completes: "file",
      description: IMPORTERS.map(({ summary }) => summary).join("; or "),
    },
    {
      name: "DEST",
      completes: "folder",
      description: "The container to make, a folder",
    },
  ],
  options: [
    {
      name: "from",
      value: "FORMAT",
      choices: IMPORTERS.map(({ name }) => name),
      description: "The format of the source, where it is not to be guessed",
    },
    {
      name: "features",
      value: "TYPE",
      description: 'The type of features to keep, or "all"; by default ' +
        '"Gene Expression"',
    },
    {
      name: "genome",
      value: "GENOME",
      description: "The genome to import, where the source has several",
    },
    {
      name: "genes-in",
      value: "WHERE",
      choices: GENES_IN,
      description: "Where genes are in the matrix, by default in its rows",
    },
    {
      name: "gene-names",
      value: "COLUMN",
      description: "What genes are called by: name (the default), id, or " +
        "another column that the source has of them",
    },
    {
      name: "duplicate-genes",
      value: "HOW",
      choices: DUPLICATES,
      description: "What to do with genes of one name: number them by suffix " +
        "(the default), sum them, or stop with an error",
    },
    {
      name: "organism",
      value: "NAME",
      description: "The organism; by default what the ids of the genes say",
    },
    {
      name: "kind",
      value: "KIND",
      description: 'What a profile is, by default "cells"',
    },
    {
      ...GENES_SET_OPTION,
      description: "Take the genes of this set instead of making one",
    },
    {
      name: "allow-missing-genes",
      description: "Leave out genes that --genes-set does not have",
    },
    FORCE_OPTION,
    JSON_OPTION,
  ],
  examples: [
    {
      line: "import filtered_feature_bc_matrix cells",
      what: "A folder of Cell Ranger",
    },
    {
      line: "import second_feature_bc_matrix cells2 " +
        "--genes-set cells/genes",
      what: "Another one, with the genes of the first",
    },
    {
      line: "import multi all --features all --organism human --force",
      what: "All types of features, in the place of an older container",
    },
  ],
  async run(context, parsed) {
    const started = performance.now();
    const summary = await importWithProgress(context, parsed);
    const seconds = (performance.now() - started) / 1000;
    const kind = parsed.text("kind") ?? DEFAULT_KIND;
    const lines = describeImport(summary, kind, seconds);
    for (const line of lines) note(context, line);
    if (!parsed.flag("json")) return;
    const json = importJson(summary, seconds);
    context.stdout.write(`${JSON.stringify(json, undefined, 2)}\n`);
  },
};

async function importWithProgress(
  context: CommandContext,
  parsed: ParsedArguments,
): Promise<ImportSummary> {
  const options = await readOptions(parsed);
  using progress = new ProgressBar(context, "Importing");
  return await importBatch(parsed.argument("SOURCE"), parsed.argument("DEST"), {
    ...options,
    signal: context.signal,
    progress: (done, total) => progress.update(done, total),
  });
}

/** Only what was given: the importer knows what else to do. */
async function readOptions(parsed: ParsedArguments): Promise<ImportOptions> {
  const from = parsed.text("from");
  const features = parsed.text("features");
  const genome = parsed.text("genome");
  const genesIn = parsed.choice("genes-in", GENES_IN);
  const geneNames = parsed.text("gene-names");
  const duplicateGenes = parsed.choice("duplicate-genes", DUPLICATES);
  const organism = parsed.text("organism");
  const genesSet = await openGenes(parsed);
  return {
    profilesKind: parsed.text("kind") ?? DEFAULT_KIND,
    force: parsed.flag("force"),
    allowMissingGenes: parsed.flag("allow-missing-genes"),
    ...(from !== undefined && { from }),
    ...(features !== undefined && { features }),
    ...(genome !== undefined && { genome }),
    ...(genesIn !== undefined && { genesIn }),
    ...(geneNames !== undefined && { geneNames }),
    ...(duplicateGenes !== undefined && { duplicateGenes }),
    ...(organism !== undefined && { organism }),
    ...(genesSet !== undefined && { genesSet }),
  };
}
