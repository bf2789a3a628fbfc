import { encodeNpy } from "../arrays/npy.ts";
import { startsWith } from "../exports/export_file.ts";
import { writeFileAtomically } from "../io/atomic.ts";
import { parentPath } from "../io/paths.ts";
import { isProfilesFolder } from "../profiles/profiles.ts";
import type { CommandContext } from "./context.ts";
import type { OptionSpec, ParsedArguments } from "./options.ts";
import { tsvField } from "./text.ts";
import { UsageError } from "./usage_error.ts";

/** How files of totals start. */
const TOTALS_STARTS = ["name\ttotal\n", '{"per":', "\x93NUMPY"];

/** What totals are of. */
export const TOTALS_KINDS = ["profile", "gene"] as const;

/** The forms that totals are written in. */
export const TOTALS_FORMATS = ["tsv", "npy", "json"] as const;

/** What totals are of. */
export type TotalsKind = typeof TOTALS_KINDS[number];

/** A form that totals are written in. */
export type TotalsFormat = typeof TOTALS_FORMATS[number];

/** Totals and the names of what they are of. */
export interface NamedTotals {
  /** What they are of. */
  readonly per: TotalsKind;
  /** A name a total. */
  readonly names: readonly string[];
  /** The totals. */
  readonly totals: Float64Array;
}

/** The form of totals, as an option. */
export const TOTALS_FORMAT_OPTION: OptionSpec = {
  name: "to",
  value: "FORMAT",
  choices: TOTALS_FORMATS,
  description: "A table (the default), the totals alone as float64, " +
    "or names and totals as JSON",
};

/**
 * Reads the form that a command line asks for.
 *
 * @param parsed The command line.
 * @param context Where the totals go without a file.
 * @param file The file that they go to, where there is one.
 * @returns The form.
 * @throws {UsageError} If bytes would go to a terminal.
 */
export function totalsFormat(
  parsed: ParsedArguments,
  context: CommandContext,
  file: string | undefined,
): TotalsFormat {
  const format = parsed.choice("to", TOTALS_FORMATS) ?? "tsv";
  if (format === "npy" && file === undefined && context.stdout.isTerminal) {
    throw new UsageError("npy is binary: --output FILE says where to put it");
  }
  return format;
}

/**
 * Checks that totals may be put at a path, before they are computed: those of
 * before are replaced, and nothing else is.
 *
 * @param file The file; undefined where they go elsewhere.
 * @throws {Error} If something is there that is no totals, or belongs to a
 * container.
 */
export function checkTotalsFile(file: string | undefined): void {
  if (file === undefined) return;
  const stats = statOf(file);
  // What is no regular file, as a device, is written to as it is.
  if (!stats?.isFile) return;
  const isPart = isProfilesFolder(parentPath(file));
  const isTotals = stats.size === 0 ||
    TOTALS_STARTS.some((start) => startsWith(file, start));
  if (isTotals && !isPart) return;
  const why = isPart ? "it belongs to a container" : "it holds no totals";
  throw new Error(
    `Cannot write ${file}: it is there, and ${why}; remove it, or name another`,
  );
}

function statOf(file: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(file);
  } catch {
    // What is wrong with the path is told when it is written to.
    return undefined;
  }
}

/**
 * Writes totals.
 *
 * @param context Where they go without a file.
 * @param named The totals.
 * @param format The form.
 * @param file The file, which is written whole or not at all.
 */
export function writeTotals(
  context: CommandContext,
  named: NamedTotals,
  format: TotalsFormat,
  file: string | undefined,
): void {
  const chunks = render(named, format);
  if (file !== undefined) writeFileAtomically(file, join(chunks));
  else deliver(context, chunks);
}

function render(
  named: NamedTotals,
  format: TotalsFormat,
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
