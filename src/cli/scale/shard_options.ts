import { isUuid } from "../../io/digest.ts";
import { pathKind } from "../../io/files.ts";
import { joinPath } from "../../io/paths.ts";
import type { Plan, PlanJob } from "../../scale/plan.ts";
import { computeOptions } from "../compute_options.ts";
import { type CommandContext, note } from "../context.ts";
import { openGenes } from "../open_profiles.ts";
import type { OptionSpec, ParsedArguments } from "../options.ts";
import { ProgressBar } from "../progress.ts";
import { formatMany } from "../text.ts";
import { UsageError } from "../usage_error.ts";

/** What is said of a shard that there is not, until it is refused. */
const NO_SHARD = { key: "none", first: 0, end: 0 };

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
  description: "The shard of the plan: its number from 0, or its key",
};

/**
 * The name that a part has in a folder of parts: it stays when the plan is
 * made again, for as long as what it is of is the same.
 *
 * @param key The key of the shard.
 * @returns The name of the file.
 */
export function partName(key: string): string {
  return `${key}.part`;
}

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
  const wanted = parsed.text("shard");
  if (wanted === undefined) {
    throw new UsageError("--plan needs --shard I, the shard to compute");
  }
  const place = parsed.text("output");
  if (place === undefined) {
    throw new UsageError("--plan needs --output PART, the file of the part");
  }
  // Who computes no shard does not wait for this code.
  const { readPlan } = await import("../../scale/plan_file.ts");
  const { computeShard } = await import("../../scale/compute_shard.ts");
  const path = parsed.text("plan")!;
  const plan = readPlan(path);
  if (plan.job.kind !== kind) {
    const command = plan.job.kind === "sum" ? "sum" : "totals";
    throw new Error(
      `Cannot use the plan ${path}: it is for metacell ${command}`,
    );
  }
  const shard = findShard(plan, path, wanted);
  using progress = new ProgressBar(context, "Computing");
  const { key, first, end } = plan.shards[shard] ?? NO_SHARD;
  const output = pathKind(place) === "folder"
    ? joinPath(place, partName(key))
    : place;
  let done = 0;
  const { isDone, profilesCount } = await computeShard(plan, shard, output, {
    ...computeOptions(context, parsed),
    container: parsed.optionalArgument("DIR"),
    genes: await openGenes(parsed),
    advance: (count) => progress.update(done += count, end - first),
  });
  const of = `shard ${shard} of ${plan.shards.length}`;
  const what = isDone
    ? "was computed before: nothing to do"
    : formatMany(profilesCount, "profile");
  note(context, `${output}: ${of}, ${what}`);
}

/** Keys stay when a plan is made again, where numbers may not. */
function findShard(plan: Plan, path: string, wanted: string): number {
  if (/^\d{1,9}$/.test(wanted)) return Number(wanted);
  const shard = plan.shards.findIndex(({ key }) => key === wanted);
  if (shard >= 0) return shard;
  if (!isUuid(wanted)) {
    throw new UsageError(
      `--shard can't be ${wanted}: it is a number from 0, or a key`,
    );
  }
  throw new Error(
    `Cannot compute shard ${wanted}: ${path} has none of the key`,
  );
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
