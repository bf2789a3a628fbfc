import { checkNewOrPlan } from "../scale/plan_place.ts";
import { plan, SHARD_BYTES } from "../../scale/plan.ts";
import { writePlan } from "../../scale/plan_file.ts";
import { parseByteSize } from "../byte_size.ts";
import type { Command } from "../command.ts";
import { note } from "../context.ts";
import { FORCE_OPTION, GENES_SET_OPTION } from "../global_options.ts";
import { BY_OPTION, findGroups } from "../grouping/find_groups.ts";
import { DIR_ARGUMENT, openProfiles } from "../open_profiles.ts";
import { TOTALS_KINDS } from "../render_totals.ts";
import { formatBytes, formatMany } from "../text.ts";
import { UsageError } from "../usage_error.ts";

/** `metacell plan`. */
export const PLAN_COMMAND: Command = {
  name: "plan",
  summary: "Cut a job into shards for a cluster",
  description: "A shard is a range of the cells of one batch. Each is " +
    "computed by `totals` or `sum` with --plan, wherever and whenever, and " +
    "`merge` puts the parts together: with the bits of one process. No " +
    "counts are read, and the same container gives the same plan.",
  usage: "DIR --per profile|gene | --by NAME|FILE[:COLUMN] " +
    "[--shard-bytes 2GiB] --output PLAN",
  arguments: [DIR_ARGUMENT],
  options: [
    {
      name: "per",
      value: "KIND",
      choices: TOTALS_KINDS,
      description: "Plan totals of profiles or genes",
    },
    { ...BY_OPTION, required: false },
    {
      name: "shard-bytes",
      value: "SIZE",
      description: "The most bytes of a shard, as 500MB; by default 2GiB",
    },
    {
      name: "output",
      short: "o",
      value: "PLAN",
      completes: "file",
      required: true,
      description: "The file of the plan; the groups of a sum go beside it",
    },
    GENES_SET_OPTION,
    {
      ...FORCE_OPTION,
      description: "Replace a file that is no plan; an older plan always is",
    },
  ],
  examples: [
    { line: "plan atlas --per gene -o plan.json", what: "Totals of genes" },
    {
      line: "plan atlas --by type --shard-bytes 500MB -o types.json",
      what: "Sums by the data p.type, in smaller shards",
    },
  ],
  async run(context, parsed) {
    const per = parsed.choice("per", TOTALS_KINDS);
    const by = parsed.text("by");
    if ((per === undefined) === (by === undefined)) {
      throw new UsageError("give one of --per KIND and --by LABELS");
    }
    const size = parsed.text("shard-bytes");
    const shardBytes = size === undefined
      ? SHARD_BYTES
      : parseByteSize(size, "--shard-bytes");
    const path = parsed.text("output")!;
    checkNewOrPlan(path, parsed.flag("force"));
    using profiles = await openProfiles(context, parsed);
    const grouping = by === undefined
      ? undefined
      : await findGroups(context, profiles, by);
    const made = await plan(profiles, path, { per, grouping, shardBytes });
    writePlan(path, made);
    const bytes = made.shards.reduce((sum, shard) => sum + shard.bytes, 0);
    const shards = formatMany(made.shards.length, "shard");
    note(context, `${path}: ${shards} of ${formatBytes(bytes)} in all`);
  },
};
