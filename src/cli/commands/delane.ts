import { delane, type DelaneSummary } from "../../imports/standard/delane.ts";
import type { Command } from "../command.ts";
import { type CommandContext, note } from "../context.ts";
import { FORCE_OPTION, JSON_OPTION } from "../global_options.ts";
import type { ParsedArguments } from "../options.ts";
import { ProgressBar } from "../progress.ts";
import { formatMany } from "../text.ts";

/** `metacell delane`. */
export const DELANE_COMMAND: Command = {
  name: "delane",
  summary: "Split a multi-lane source into a folder a lane",
  description: "Reads a folder in the multi-lane standard format: " +
    "format.yaml, genes.csv, profiles.csv with a field lane, and umis.mtx. " +
    "Lanes may take turns. Each becomes a folder in DEST that is in the same " +
    "format, with the genes of all and its own profiles and counts, and is " +
    "what `import` takes. DEST appears when all of it is there.",
  usage: "SOURCE DEST [--force] [--json]",
  arguments: [
    {
      name: "SOURCE",
      completes: "folder",
      description: "The multi-lane folder",
    },
    {
      name: "DEST",
      completes: "folder",
      description: "The folder to make, which gets a folder a lane",
    },
  ],
  options: [
    {
      ...FORCE_OPTION,
      description: "Replace lanes that were split before",
    },
    JSON_OPTION,
  ],
  examples: [
    { line: "delane study lanes", what: "A folder a lane in lanes/" },
    {
      line: "delane study lanes --force",
      what: "The same, in the place of older ones",
    },
  ],
  async run(context, parsed) {
    const summary = await delaneWithProgress(context, parsed);
    describe(context, summary);
    if (!parsed.flag("json")) return;
    const json = JSON.stringify(summaryJson(summary), undefined, 2);
    context.stdout.write(`${json}\n`);
  },
};

async function delaneWithProgress(
  context: CommandContext,
  parsed: ParsedArguments,
): Promise<DelaneSummary> {
  using progress = new ProgressBar(context, "Splitting");
  return await delane(parsed.argument("SOURCE"), parsed.argument("DEST"), {
    force: parsed.flag("force"),
    signal: context.signal,
    progress: (done, total) => progress.update(done, total),
  });
}

function describe(context: CommandContext, summary: DelaneSummary): void {
  const { genesCount, lanes, path } = summary;
  const size = `${formatMany(lanes.length, "lane")} of ` +
    formatMany(genesCount, "gene");
  note(context, `${path}: ${size}`);
  for (const lane of lanes) {
    const profiles = formatMany(lane.profilesCount, "profile");
    const entries = formatMany(lane.entriesCount, "entry", "entries");
    note(context, `${lane.path}: ${profiles}, ${entries}`);
  }
}

function summaryJson(summary: DelaneSummary): Record<string, unknown> {
  return {
    source: summary.source,
    path: summary.path,
    genes_count: summary.genesCount,
    lanes: summary.lanes.map((lane) => ({
      name: lane.name,
      path: lane.path,
      profiles_count: lane.profilesCount,
      entries_count: lane.entriesCount,
    })),
  };
}
