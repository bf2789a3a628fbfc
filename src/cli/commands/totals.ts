import type { Profiles } from "../../profiles/profiles.ts";
import type { Command } from "../command.ts";
import { computeOptions } from "../compute_options.ts";
import type { CommandContext } from "../context.ts";
import { COMPUTE_OPTIONS, GENES_SET_OPTION } from "../global_options.ts";
import { DIR_ARGUMENT, openProfiles } from "../open_profiles.ts";
import type { ParsedArguments } from "../options.ts";
import { readProfilesFile } from "../profile_choice.ts";
import { ProgressBar } from "../progress.ts";
import {
  checkTotalsFile,
  type NamedTotals,
  TOTALS_FORMAT_OPTION,
  TOTALS_KINDS,
  totalsFormat,
  type TotalsKind,
  writeTotals,
} from "../render_totals.ts";
import {
  checkNoShard,
  PLAN_OPTION,
  runShard,
  SHARD_OPTION,
} from "../scale/shard_options.ts";
import { UsageError } from "../usage_error.ts";

/** `metacell totals`. */
export const TOTALS_COMMAND: Command = {
  name: "totals",
  summary: "Sum the UMIs of each cell, or of each gene",
  usage: "DIR --per profile|gene [--profiles-file FILE] " +
    "[--to tsv|npy|json] [--output FILE], or " +
    "[DIR] --plan PLAN --shard I --output PART",
  arguments: [{ ...DIR_ARGUMENT, optional: true }],
  options: [
    {
      name: "per",
      value: "KIND",
      choices: TOTALS_KINDS,
      description: "What to sum",
    },
    {
      name: "profiles-file",
      value: "FILE",
      completes: "file",
      description: "Sum these profiles alone: a name a line, or an index " +
        "from 0",
    },
    TOTALS_FORMAT_OPTION,
    {
      name: "output",
      short: "o",
      value: "FILE",
      completes: "file",
      description: "Write to a file instead of stdout, whole or not at all; " +
        "totals that are there are replaced",
    },
    PLAN_OPTION,
    SHARD_OPTION,
    ...COMPUTE_OPTIONS,
    GENES_SET_OPTION,
  ],
  isReplacing: true,
  examples: [
    { line: "totals cells --per profile", what: "UMIs of each cell" },
    {
      line: "totals cells --per gene | sort -k2 -nr | head",
      what: "The genes with the most UMIs",
    },
    {
      line: "totals cells --per gene --profiles-file t_cells.txt --to npy " +
        "-o t.npy",
      what: "UMIs of each gene in some cells, for numpy",
    },
    {
      line: "totals --plan plan.json --shard 0 -o 0.part",
      what: "One shard of a plan",
    },
  ],
  async run(context, parsed) {
    if (parsed.text("plan") !== undefined) {
      return await runShard(context, parsed, "totals");
    }
    checkNoShard(parsed);
    const per = parsed.choice("per", TOTALS_KINDS);
    if (per === undefined) throw new UsageError("--per KIND is missing");
    const output = parsed.text("output");
    const format = totalsFormat(parsed, context, output);
    checkTotalsFile(output);
    using profiles = await openProfiles(context, parsed);
    const totals = await sum(profiles, context, parsed, per);
    writeTotals(context, totals, format, output);
  },
};

async function sum(
  profiles: Profiles,
  context: CommandContext,
  parsed: ParsedArguments,
  per: TotalsKind,
): Promise<NamedTotals> {
  const file = parsed.text("profiles-file");
  const indices = file === undefined
    ? undefined
    : readProfilesFile(file, await profiles.profileNames());
  using progress = new ProgressBar(context, "Summing");
  const expected = indices?.length ?? profiles.profilesCount;
  let done = 0;
  const kind = per === "gene" ? "g" : "p";
  const totals = await profiles.totalUmis(kind, indices, {
    ...computeOptions(context, parsed),
    advance: (count) => progress.update(done += count, expected),
  });
  if (per === "gene") {
    return { per, names: await profiles.genes.names(), totals };
  }
  const names = await profiles.profileNames();
  const chosen = indices && Array.from(indices, (index) => names[index]!);
  return { per, names: chosen ?? names, totals };
}
