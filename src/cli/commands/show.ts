import type { Profiles } from "../../profiles/profiles.ts";
import type { Command } from "../command.ts";
import { computeOptions } from "../compute_options.ts";
import type { CommandContext } from "../context.ts";
import {
  COMPUTE_OPTIONS,
  GENES_SET_OPTION,
  JSON_OPTION,
} from "../global_options.ts";
import { DIR_ARGUMENT, openProfiles } from "../open_profiles.ts";
import type { ParsedArguments } from "../options.ts";
import { findProfile } from "../profile_choice.ts";
import { ProgressBar } from "../progress.ts";
import { didYouMean, suggestNames } from "../suggest.ts";
import { tsvField } from "../text.ts";
import { UsageError } from "../usage_error.ts";

/** The counts of one profile or gene. */
interface Counts {
  /** What the counts are of: `gene` where a profile is shown, and back. */
  readonly of: "gene" | "profile";
  /** Name and index of what is shown. */
  readonly shown: { readonly name: string; readonly index: number };
  readonly names: readonly string[];
  readonly umis: Uint32Array;
}

/** `metacell show`. */
export const SHOW_COMMAND: Command = {
  name: "show",
  summary: "Show the counts of one cell, or of one gene",
  description: "Prints a table of the counts that are not zero.",
  usage: "DIR --profile P | --gene G",
  arguments: [DIR_ARGUMENT],
  options: [
    {
      name: "profile",
      value: "P",
      description: "The profile: its name, else its index from 0",
    },
    {
      name: "gene",
      value: "G",
      description: "The gene: its name in any case, or its id",
    },
    JSON_OPTION,
    ...COMPUTE_OPTIONS,
    GENES_SET_OPTION,
  ],
  examples: [
    {
      line: "show cells --profile AAACATACAACCAC-1",
      what: "The genes of one cell",
    },
    { line: "show cells --gene cd3d", what: "The cells that express a gene" },
  ],
  async run(context, parsed) {
    const profile = parsed.text("profile");
    const gene = parsed.text("gene");
    if ((profile === undefined) === (gene === undefined)) {
      throw new UsageError("give one of --profile P and --gene G");
    }
    using profiles = await openProfiles(context, parsed);
    const counts = profile === undefined
      ? await countsOfGene(profiles, gene!, { context, parsed })
      : await countsOfProfile(profiles, profile);
    if (parsed.flag("json")) writeJson(context, counts);
    else writeTable(context, counts);
  },
};

async function countsOfProfile(
  profiles: Profiles,
  wanted: string,
): Promise<Counts> {
  const names = await profiles.profileNames();
  const index = findProfile(wanted, names, profiles.metadata.path);
  const entries = await profiles.profileEntries(index);
  const geneNames = await profiles.genes.names();
  return {
    of: "gene",
    shown: { name: names[index]!, index },
    names: Array.from(entries.genes, (gene) => geneNames[gene]!),
    umis: entries.counts,
  };
}

async function countsOfGene(
  profiles: Profiles,
  wanted: string,
  { context, parsed }: {
    readonly context: CommandContext;
    readonly parsed: ParsedArguments;
  },
): Promise<Counts> {
  const geneNames = await profiles.genes.names();
  const index = (await profiles.genes.lookup()).find(wanted);
  if (index === undefined) {
    const near = didYouMean(suggestNames(wanted, geneNames));
    throw new Error(
      `Cannot find gene ${wanted} of ${profiles.metadata.path}: ` +
        `no name or id is like it${near}`,
    );
  }
  const names = await profiles.profileNames();
  using progress = new ProgressBar(context, "Looking");
  let done = 0;
  const entries = await profiles.geneEntries(index, {
    ...computeOptions(context, parsed),
    advance: (count) => progress.update(done += count, names.length),
  });
  return {
    of: "profile",
    shown: { name: geneNames[index]!, index },
    names: Array.from(entries.profiles, (profile) => names[profile]!),
    umis: entries.counts,
  };
}

function writeTable({ stdout }: CommandContext, counts: Counts): void {
  stdout.write(`${counts.of}\tumis\n`);
  counts.names.forEach((name, at) =>
    stdout.write(`${tsvField(name)}\t${counts.umis[at]!}\n`)
  );
}

function writeJson({ stdout }: CommandContext, counts: Counts): void {
  const { of, shown, names, umis } = counts;
  const what = of === "gene" ? "profile" : "gene";
  const json = {
    [what]: shown.name,
    index: shown.index,
    [`${of}s`]: names,
    umis: [...umis],
  };
  stdout.write(`${JSON.stringify(json)}\n`);
}
