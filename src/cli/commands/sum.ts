import { Profiles } from "../../profiles/profiles.ts";
import { sumGroups, type SumGroupsOptions } from "../../profiles/sum_groups.ts";
import type { Command } from "../command.ts";
import { computeOptions } from "../compute_options.ts";
import { type CommandContext, note } from "../context.ts";
import { describeSize, noteNotMeasured } from "../genes_note.ts";
import {
  COMPUTE_OPTIONS,
  FORCE_OPTION,
  GENES_SET_OPTION,
} from "../global_options.ts";
import { BY_OPTION, findGroups } from "../grouping/find_groups.ts";
import type { Groups } from "../grouping/labels.ts";
import { DEST_ARGUMENT, DIR_ARGUMENT, openProfiles } from "../open_profiles.ts";
import { ProgressBar } from "../progress.ts";
import {
  checkNoShard,
  PLAN_OPTION,
  runShard,
  SHARD_OPTION,
} from "../scale/shard_options.ts";
import { formatCount, formatKind } from "../text.ts";
import { UsageError } from "../usage_error.ts";

/** `metacell sum`. */
export const SUM_COMMAND: Command = {
  name: "sum",
  summary: "Sum cells by their labels into a container of groups",
  description: "The counts of the cells of a label are added up; cells " +
    "without a label are in no group. Groups come in the order of the " +
    "categories, where the labels have one, else sorted. A value that is " +
    "empty, NA, NaN, null or None is no label.",
  usage: "DIR DEST --by NAME|FILE[:COLUMN] [--force], or " +
    "[DIR] --plan PLAN --shard I --output PART",
  arguments: [
    { ...DIR_ARGUMENT, optional: true },
    { ...DEST_ARGUMENT, optional: true },
  ],
  options: [
    { ...BY_OPTION, required: false },
    PLAN_OPTION,
    SHARD_OPTION,
    {
      name: "output",
      short: "o",
      value: "PART",
      completes: "file",
      description: "The file of the part, with --plan",
    },
    ...COMPUTE_OPTIONS,
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
    if (parsed.text("plan") !== undefined) {
      return await runShard(context, parsed, "sum");
    }
    checkNoShard(parsed);
    const by = parsed.text("by");
    if (by === undefined) throw new UsageError("--by LABELS is missing");
    const source = parsed.argument("DIR");
    const path = parsed.argument("DEST");
    using profiles = await openProfiles(context, parsed, source);
    const groups = await findGroups(context, profiles, by);
    if (groups.names.length === 0) {
      throw new Error(`Cannot sum by ${by}: no profile has a label`);
    }
    await sumWithProgress(context, profiles, path, {
      ...computeOptions(context, parsed),
      groups,
      force: parsed.flag("force"),
    });
    using sums = await Profiles.load(path, profiles.genes.full);
    const kind = profiles.metadata.profilesKind;
    const count = profiles.profilesCount;
    const all = formatKind(count, kind);
    const without = groups.groupIndices.filter((group) => group < 0).length;
    note(
      context,
      `${path}: ${describeSize(sums)}, the sums of ` +
        `${formatCount(count - without)} of ${all}`,
    );
    if (without > 0) {
      note(context, `note: ${formatCount(without)} of ${all} had no label`);
    }
    await noteNotMeasured(context, sums);
  },
};

async function sumWithProgress(
  context: CommandContext,
  profiles: Profiles,
  path: string,
  { groups, ...options }: SumGroupsOptions & { readonly groups: Groups },
): Promise<void> {
  using progress = new ProgressBar(context, "Summing");
  let done = 0;
  await sumGroups(profiles, path, groups, {
    ...options,
    advance: (count) => progress.update(done += count, profiles.profilesCount),
  });
}
