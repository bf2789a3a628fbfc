import { encodeNpy } from "../../arrays/npy.ts";
import { writeFileAtomically } from "../../io/atomic.ts";
import type { Profiles } from "../../profiles/profiles.ts";
import type { Command } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { GENES_SET_OPTION, NO_CACHE_OPTION } from "../global_options.ts";
import { DIR_ARGUMENT, openProfiles } from "../open_profiles.ts";
import type { ParsedArguments } from "../options.ts";
import { readProfilesFile } from "../profile_choice.ts";
import { ProgressBar } from "../progress.ts";
import { tsvField } from "../text.ts";
import { UsageError } from "../usage_error.ts";

const KINDS = ["profile", "gene"] as const;
const FORMATS = ["tsv", "npy", "json"] as const;

type Kind = typeof KINDS[number];
type Format = typeof FORMATS[number];

/** Totals and the names of what they are of. */
interface NamedTotals {
  readonly per: Kind;
  readonly names: readonly string[];
  readonly totals: Float64Array;
}

/** `metacell totals`. */
export const TOTALS_COMMAND: Command = {
  name: "totals",
  summary: "Sum the UMIs of each cell, or of each gene",
  usage: "DIR --per profile|gene [--profiles-file FILE] " +
    "[--to tsv|npy|json] [--output FILE]",
  arguments: [DIR_ARGUMENT],
  options: [
    {
      name: "per",
      value: "KIND",
      choices: KINDS,
      required: true,
      description: "What to sum",
    },
    {
      name: "profiles-file",
      value: "FILE",
      completes: "file",
      description: "Sum these profiles alone: a name a line, or an index " +
        "from 0",
    },
    {
      name: "to",
      value: "FORMAT",
      choices: FORMATS,
      description: "A table (the default), the totals alone as float64, " +
        "or names and totals as JSON",
    },
    {
      name: "output",
      short: "o",
      value: "FILE",
      completes: "file",
      description: "Write to a file instead of stdout, whole or not at all",
    },
    GENES_SET_OPTION,
    NO_CACHE_OPTION,
  ],
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
  ],
  async run(context, parsed) {
    const format = parsed.choice("to", FORMATS) ?? "tsv";
    const output = parsed.text("output");
    if (
      format === "npy" && output === undefined && context.stdout.isTerminal
    ) {
      throw new UsageError("npy is binary: --output FILE says where to put it");
    }
    using profiles = await openProfiles(parsed);
    const totals = await sum(profiles, context, parsed);
    const chunks = render(totals, format);
    if (output !== undefined) writeFileAtomically(output, join(chunks));
    else deliver(context, chunks);
  },
};

async function sum(
  profiles: Profiles,
  context: CommandContext,
  parsed: ParsedArguments,
): Promise<NamedTotals> {
  const per = parsed.choice("per", KINDS)!;
  const names = await profiles.profileNames();
  const file = parsed.text("profiles-file");
  const indices = file === undefined
    ? undefined
    : readProfilesFile(file, names);
  const totals = await sumWithProgress(profiles, context, per, indices);
  if (per === "gene") {
    return { per, names: await profiles.genes.names(), totals };
  }
  const chosen = indices && Array.from(indices, (index) => names[index]!);
  return { per, names: chosen ?? names, totals };
}

async function sumWithProgress(
  profiles: Profiles,
  context: CommandContext,
  per: Kind,
  indices: Int32Array | undefined,
): Promise<Float64Array> {
  using progress = new ProgressBar(context, "Summing");
  const expected = indices?.length ?? profiles.profilesCount;
  let done = 0;
  return await profiles.totalUmis(per === "gene" ? "g" : "p", indices, {
    advance: (count) => progress.update(done += count, expected),
  });
}

function render(
  named: NamedTotals,
  format: Format,
): Iterable<string> | Uint8Array {
  const { per, names, totals } = named;
  if (format === "tsv") return renderTable(named);
  if (format === "json") {
    return [`${JSON.stringify({ per, names, totals: [...totals] })}\n`];
  }
  const shape = [totals.length];
  return encodeNpy({ dtype: "float64", shape, data: totals });
}

function* renderTable({ names, totals }: NamedTotals): Generator<string, void> {
  yield "name\ttotal\n";
  for (let at = 0; at < totals.length; at++) {
    yield `${tsvField(names[at]!)}\t${totals[at]!}\n`;
  }
}

function join(chunks: Iterable<string> | Uint8Array): string | Uint8Array {
  return chunks instanceof Uint8Array ? chunks : [...chunks].join("");
}

function deliver(
  { stdout }: CommandContext,
  chunks: Iterable<string> | Uint8Array,
): void {
  if (chunks instanceof Uint8Array) return stdout.writeBytes(chunks);
  for (const chunk of chunks) stdout.write(chunk);
}
