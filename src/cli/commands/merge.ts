import { listFolder, pathKind } from "../../io/files.ts";
import { joinPath } from "../../io/paths.ts";
import {
  type MergeOptions,
  mergeParts,
  mergeTotals,
  openPlanned,
} from "../../scale/merge_parts.ts";
import type { Plan } from "../../scale/plan.ts";
import { readPlan } from "../../scale/plan_file.ts";
import type { Command } from "../command.ts";
import { type CommandContext, note } from "../context.ts";
import { FORCE_OPTION, GENES_SET_OPTION } from "../global_options.ts";
import { openGenes } from "../open_profiles.ts";
import type { ParsedArguments } from "../options.ts";
import { ProgressBar } from "../progress.ts";
import {
  TOTALS_FORMAT_OPTION,
  totalsFormat,
  writeTotals,
} from "../render_totals.ts";
import { partName, PLAN_OPTION } from "../scale/shard_options.ts";
import { formatMany } from "../text.ts";

/** `metacell merge`. */
export const MERGE_COMMAND: Command = {
  name: "merge",
  summary: "Merge the parts of a plan",
  description: "Parts that are damaged, of another plan or another version, " +
    "twice there or missing are refused. The result has the bits that one " +
    "process gives.",
  usage: "--plan PLAN PART... DEST [--to tsv|npy|json] [--discard] [--force]",
  arguments: [
    {
      name: "PART",
      many: true,
      optional: true,
      completes: "file",
      description: "The part of each shard, in any order; a folder stands " +
        "for those parts in it that are named by the keys of the plan",
    },
    {
      name: "DEST",
      completes: "file",
      description: "The file of the totals, or the folder of the groups",
    },
  ],
  options: [
    {
      ...PLAN_OPTION,
      required: true,
      description: "The plan that the parts are of",
    },
    { ...TOTALS_FORMAT_OPTION, description: "As of totals; not for sums" },
    {
      name: "container",
      value: "DIR",
      completes: "folder",
      description: "The container, if it was moved since the plan was made",
    },
    {
      name: "discard",
      description: "Remove parts that are damaged or of another plan, so " +
        "that they are computed again",
    },
    GENES_SET_OPTION,
    {
      ...FORCE_OPTION,
      description: "Replace the groups that are there, if metacell wrote " +
        "them; a file of totals is always replaced",
    },
  ],
  examples: [
    {
      line: "merge --plan plan.json parts/*.part totals.tsv",
      what: "Totals, as `totals` prints them",
    },
    {
      line: "merge --plan sums.json parts types",
      what: "Groups, as `sum` makes them, of the parts in a folder",
    },
  ],
  async run(context, parsed) {
    const plan = readPlan(parsed.text("plan")!);
    const parts = findParts(plan, parsed.manyArguments("PART"));
    const path = parsed.argument("DEST");
    const merge = plan.job.kind === "sum" ? mergeSums : mergeAndWrite;
    await merge(context, parsed, { plan, parts });
    note(context, `${path}: merged of ${formatMany(parts.length, "part")}`);
  },
};

/** What is merged. */
interface Merged {
  readonly plan: Plan;
  readonly parts: readonly string[];
}

/**
 * A line may not have as many words as there are parts. Those in a folder that
 * the plan has no shard of, as of a batch that changed since, are left alone.
 */
function findParts({ shards }: Plan, paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (pathKind(path) !== "folder") return [path];
    const names = new Set(listFolder(path));
    return shards.map(({ key }) => partName(key))
      .filter((name) => names.has(name))
      .map((name) => joinPath(path, name));
  });
}

async function mergeSums(
  context: CommandContext,
  parsed: ParsedArguments,
  { plan, parts }: Merged,
): Promise<void> {
  const path = parsed.argument("DEST");
  using progress = new ProgressBar(context, "Merging");
  const options = await mergeOptions(parsed, parts.length, progress);
  await mergeParts(plan, parts, path, options);
}

async function mergeAndWrite(
  context: CommandContext,
  parsed: ParsedArguments,
  { plan, parts }: Merged,
): Promise<void> {
  const path = parsed.argument("DEST");
  const format = totalsFormat(parsed, context, path);
  if (pathKind(path) === "folder") {
    throw new Error(`Cannot write ${path}: it is a folder`);
  }
  if (plan.job.kind !== "totals") return;
  const { per } = plan.job;
  using progress = new ProgressBar(context, "Merging");
  const options = await mergeOptions(parsed, parts.length, progress);
  if (format === "npy") return await mergeParts(plan, parts, path, options);
  const totals = await mergeTotals(plan, parts, options);
  using profiles = await openPlanned(plan, options);
  const names = per === "gene"
    ? await profiles.genes.names()
    : await profiles.profileNames();
  writeTotals(context, { per, names, totals }, format, path);
}

async function mergeOptions(
  parsed: ParsedArguments,
  total: number,
  progress: ProgressBar,
): Promise<MergeOptions> {
  let done = 0;
  return {
    container: parsed.text("container"),
    genes: await openGenes(parsed),
    force: parsed.flag("force"),
    discard: parsed.flag("discard"),
    advance: (count: number) => progress.update(done += count, total),
  };
}
