import type { PlanJob } from "../../scale/plan.ts";
import { computeShard } from "../../scale/compute_shard.ts";
import { readPlan } from "../../scale/plan_file.ts";
import { computeOptions } from "../compute_options.ts";
import { type CommandContext, note } from "../context.ts";
import { openGenes } from "../open_profiles.ts";
import type { OptionSpec, ParsedArguments } from "../options.ts";
import { ProgressBar } from "../progress.ts";
import { formatCount } from "../text.ts";
import { UsageError } from "../usage_error.ts";

/** The file of a plan. */
export const PLAN_OPTION: OptionSpec = {
  name: "plan",
  value: "PLAN",
  completes: "file",
  description: "Compute one shard of a plan instead, with --shard and --output",
};

/** One shard of a plan. */
export const SHARD_OPTION: OptionSpec = {
  name: "shard",
  value: "I",
  description: "The shard of the plan, from 0",
};

/**
 * Computes the shard that a command line names, and writes its part.
 *
 * @param context Where notes go.
 * @param parsed The command line, which has `--plan`.
 * @param kind What the plan must be of.
 */
export async function runShard(
  context: CommandContext,
  parsed: ParsedArguments,
  kind: PlanJob["kind"],
): Promise<void> {
  const shard = readShard(parsed);
  const output = parsed.text("output");
  if (output === undefined) {
    throw new UsageError("--plan needs --output PART, the file of the part");
  }
  const path = parsed.text("plan")!;
  const plan = readPlan(path);
  if (plan.job.kind !== kind) {
    const command = plan.job.kind === "sum" ? "sum" : "totals";
    throw new Error(
      `Cannot use the plan ${path}: it is for metacell ${command}`,
    );
  }
  using progress = new ProgressBar(context, "Computing");
  const { first, end } = plan.shards[shard] ?? { first: 0, end: 0 };
  let done = 0;
  const { isDone, profilesCount } = await computeShard(plan, shard, output, {
    ...computeOptions(parsed, context),
    container: parsed.optionalArgument("DIR"),
    genes: await openGenes(parsed),
    advance: (count) => progress.update(done += count, end - first),
  });
  const of = `shard ${shard} of ${plan.shards.length}`;
  const what = isDone
    ? "was computed before: nothing to do"
    : `${formatCount(profilesCount)} profiles`;
  note(context, `${output}: ${of}, ${what}`);
}

function readShard(parsed: ParsedArguments): number {
  const text = parsed.text("shard");
  if (text === undefined) {
    throw new UsageError("--plan needs --shard I, the shard to compute");
  }
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`--shard can't be ${text}: it is a number from 0`);
}

/**
 * Checks that options that go with `--plan` are not without it.
 *
 * @param parsed The command line, which has no `--plan`.
 */
export function checkNoShard(parsed: ParsedArguments): void {
  if (parsed.text("shard") === undefined) return;
  throw new UsageError("--shard is of a plan: --plan PLAN names it");
}
