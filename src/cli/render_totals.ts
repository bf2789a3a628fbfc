import { encodeNpy } from "../arrays/npy.ts";
import { writeFileAtomically } from "../io/atomic.ts";
import type { CommandContext } from "./context.ts";
import type { OptionSpec, ParsedArguments } from "./options.ts";
import { tsvField } from "./text.ts";
import { UsageError } from "./usage_error.ts";

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
