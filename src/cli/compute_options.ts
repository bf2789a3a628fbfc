import type { ComputeOptions, Device } from "../compute/choose_engine.ts";
import { type CommandContext, note } from "./context.ts";
import type { OptionSpec, ParsedArguments } from "./options.ts";
import { silenceMesa } from "./silence_mesa.ts";
import { UsageError } from "./usage_error.ts";

const DEVICES = ["auto", "cpu", "gpu"] as const satisfies readonly Device[];

/** Where something is computed. */
export const COMPUTE_OPTIONS: readonly OptionSpec[] = [
  {
    name: "device",
    value: "DEVICE",
    choices: DEVICES,
    description: "What computes; auto takes the GPU where it is faster",
  },
  {
    name: "threads",
    value: "N",
    description:
      "The most threads of the CPU; by default one a core, 8 at most",
  },
];

/**
 * Reads what a command line says of how to compute.
 *
 * @param parsed The command line.
 * @param context Whose interrupt stops the work.
 * @returns The options of the computation.
 */
export function computeOptions(
  parsed: ParsedArguments,
  context: CommandContext,
): ComputeOptions {
  const device = parsed.choice("device", DEVICES);
  if (device !== "cpu") silenceMesa();
  return {
    device,
    report: (line) => note(context, `note: ${line}`),
    threads: readThreads(parsed),
    signal: context.signal,
  };
}

function readThreads(parsed: ParsedArguments): number | undefined {
  const text = parsed.text("threads");
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new UsageError(
    `--threads can't be ${text}: it is a number from 1 to 9999`,
  );
}
