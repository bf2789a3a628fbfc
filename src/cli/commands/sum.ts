import { pathKind } from "../../io/files.ts";
import { Profiles } from "../../profiles/profiles.ts";
import { sumGroups } from "../../profiles/sum_groups.ts";
import type { Command } from "../command.ts";
import { type CommandContext, note } from "../context.ts";
import { describeSize, noteNotMeasured } from "../genes_note.ts";
import { FORCE_OPTION, GENES_SET_OPTION } from "../global_options.ts";
import { readLabels } from "../grouping/label_file.ts";
import { groupByData, groupByLabels, type Groups } from "../grouping/labels.ts";
import { DEST_ARGUMENT, DIR_ARGUMENT, openProfiles } from "../open_profiles.ts";
import { ProgressBar } from "../progress.ts";
import { formatCount, formatMany, listNames } from "../text.ts";

/** `metacell sum`. */
export const SUM_COMMAND: Command = {
  name: "sum",
  summary: "Sum cells by their labels into a container of groups",
  description: "The counts of the cells of a label are added up; cells " +
    "without a label are in no group. Groups come in the order of the " +
    "categories, where the labels have one, else sorted. A value that is " +
    "empty, NA, NaN, null or None is no label.",
  usage: "DIR DEST --by NAME|FILE[:COLUMN] [--force]",
  arguments: [DIR_ARGUMENT, DEST_ARGUMENT],
  options: [
    {
      name: "by",
      value: "LABELS",
      required: true,
      completes: "file",
      description: "The name of p. data: categories, texts, integers or " +
        "bools; or a file: a label a line, two columns (barcode and label), " +
        "or a CSV or TSV with a header and the name of its COLUMN",
    },
    GENES_SET_OPTION,
    FORCE_OPTION,
  ],
  examples: [
    { line: "sum cells types --by type", what: "By the data p.type" },
    {
      line: "sum cells types --by labels.csv:classified",
      what: "By a column of a table, matched by barcode",
    },
    {
      line: "sum cells clusters --by clusters.txt",
      what: "By a file that has a label a line",
    },
  ],
  async run(context, parsed) {
    const path = parsed.argument("DEST");
    using profiles = await openProfiles(parsed);
    const by = parsed.text("by")!;
    const groups = await findGroups(context, profiles, by);
    if (groups.names.length === 0) {
      throw new Error(`Cannot sum by ${by}: no profile has a label`);
    }
    await sumWithProgress(context, profiles, path, {
      groups,
      force: parsed.flag("force"),
    });
    using sums = await Profiles.load(path, profiles.genes.full);
    const kind = profiles.metadata.profilesKind;
    const all = profiles.profilesCount;
    const without = groups.groupIndices.filter((group) => group < 0).length;
    note(
      context,
      `${path}: ${describeSize(sums)}, the sums of ` +
        `${formatCount(all - without)} of ${formatCount(all)} ${kind}`,
    );
    if (without > 0) {
      const share = `${formatCount(without)} of ${formatCount(all)} ${kind}`;
      note(context, `note: ${share} had no label`);
    }
    await noteNotMeasured(context, sums);
  },
};

/** Data come before files; `./NAME` is a file always. */
async function findGroups(
  context: CommandContext,
  profiles: Profiles,
  by: string,
): Promise<Groups> {
  const name = by.replace(/^p\./, "");
  const available = await profiles.availableData("p");
  for (const wanted of [by, name]) {
    if (!available.includes(wanted)) continue;
    const data = await profiles.anyArray("p", wanted);
    return groupByData(data, `p.${wanted}`);
  }
  const { column, path } = splitColumn(by);
  if (path === undefined) {
    // Collections have reasons of their own.
    const reason = await whyNoData(profiles, name);
    throw new Error(`Cannot sum by ${by}: there is no such file; ${reason}`);
  }
  const { labels, rowsLeft } = await readLabels(path, profiles, column);
  if (rowsLeft > 0) {
    note(
      context,
      `note: ${formatMany(rowsLeft, "row")} of ${path} without a profile`,
    );
  }
  return groupByLabels(labels);
}

async function whyNoData(profiles: Profiles, name: string): Promise<string> {
  const names = await profiles.availableData("p");
  try {
    await profiles.anyArray("p", name);
  } catch (error) {
    if (error instanceof Error && /member|base/.test(error.message)) {
      return error.message;
    }
  }
  const shown = names.map((known) => `p.${known}`);
  return `and no p.${name}, there are ${listNames(shown)}`;
}

/** A path may have a colon. */
function splitColumn(by: string): { path?: string; column?: string } {
  if (pathKind(by) === "file") return { path: by };
  for (let at = by.length; (at = by.lastIndexOf(":", at - 1)) > 0;) {
    const path = by.slice(0, at);
    const column = by.slice(at + 1);
    if (column !== "" && pathKind(path) === "file") return { path, column };
  }
  return {};
}

async function sumWithProgress(
  context: CommandContext,
  profiles: Profiles,
  path: string,
  { groups, force }: { readonly groups: Groups; readonly force: boolean },
): Promise<void> {
  using progress = new ProgressBar(context, "Summing");
  let done = 0;
  await sumGroups(profiles, path, groups, {
    force,
    advance: (count) => progress.update(done += count, profiles.profilesCount),
  });
}
