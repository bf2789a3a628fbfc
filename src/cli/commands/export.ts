import {
  exportProfiles,
  type ExportSummary,
} from "../../exports/export_profiles.ts";
import { EXPORTERS, findExporter } from "../../exports/registry.ts";
import type { Command } from "../command.ts";
import { type CommandContext, note } from "../context.ts";
import {
  COMPUTE_OPTIONS,
  FORCE_OPTION,
  GENES_SET_OPTION,
} from "../global_options.ts";
import { DIR_ARGUMENT, openProfiles } from "../open_profiles.ts";
import type { ParsedArguments } from "../options.ts";
import { ProgressBar } from "../progress.ts";
import { formatMany, listNames } from "../text.ts";
import { UsageError } from "../usage_error.ts";

const GENES_IN = ["rows", "columns"] as const;

/** `metacell export`. */
export const EXPORT_COMMAND: Command = {
  name: "export",
  summary: "Write counts in a format of others",
  description:
    "Writes what the container shows, whatever it is made of, with " +
    "the spelling of genes of its source. The end of the name of DEST tells " +
    "the format, if it is .h5ad, .h5 (of 10x), .npz, .npy or .csv; a name " +
    "without an end is a 10x folder. What a format has no place for is listed.",
  usage: "DIR DEST [--to FORMAT] [--force]",
  arguments: [DIR_ARGUMENT, {
    name: "DEST",
    completes: "file",
    description: "The file or folder to make",
  }],
  options: [
    {
      name: "to",
      value: "FORMAT",
      choices: EXPORTERS.map(({ name }) => name),
      description: "The format, by default what the name of DEST says: " +
        EXPORTERS.map(({ name, summary }) => `${name}, ${summary}`).join("; "),
    },
    {
      name: "genes-in",
      value: "WHERE",
      choices: GENES_IN,
      description: "Where genes are in a CSV file, by default in its rows",
    },
    ...COMPUTE_OPTIONS,
    GENES_SET_OPTION,
    FORCE_OPTION,
  ],
  examples: [
    { line: "export cells filtered_matrix", what: "For scanpy, Seurat and R" },
    {
      line: "export cells cells.h5ad",
      what: "For scanpy, with all data of cells and genes",
    },
    { line: "export cells cells.npz", what: "For scipy" },
    {
      line: "export types types.csv --genes-in columns",
      what: "A table, a group a row",
    },
  ],
  async run(context, parsed) {
    checkOptions(parsed);
    const summary = await exportWithProgress(context, parsed);
    const { format, genesCount, path, profilesCount } = summary;
    const size = `${formatMany(profilesCount, "profile")}, ` +
      formatMany(genesCount, "gene");
    note(context, `${path}: ${format}, ${size}`);
    for (const text of summary.notes) note(context, `note: ${text}`);
    if (summary.leftOut.length === 0) return;
    const names = listNames(summary.leftOut);
    note(context, `note: ${format} has no place for ${names}`);
  },
};

function checkOptions(parsed: ParsedArguments): void {
  const { name } = findExporter(parsed.argument("DEST"), parsed.text("to"));
  if (parsed.text("genes-in") === undefined || name === "csv") return;
  throw new UsageError(`--genes-in is for csv, and not for ${name}`);
}

async function exportWithProgress(
  context: CommandContext,
  parsed: ParsedArguments,
): Promise<ExportSummary> {
  const to = parsed.text("to");
  const genesIn = parsed.choice("genes-in", GENES_IN);
  using profiles = await openProfiles(context, parsed);
  using progress = new ProgressBar(context, "Exporting");
  return await exportProfiles(profiles, parsed.argument("DEST"), {
    force: parsed.flag("force"),
    ...(to !== undefined && { to }),
    ...(genesIn !== undefined && { genesIn }),
    signal: context.signal,
    progress: (done, total) => progress.update(done, total),
  });
}
