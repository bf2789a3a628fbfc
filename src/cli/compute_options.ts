import type { ComputeOptions } from "../compute/choose_engine.ts";
import { type CommandContext, note } from "./context.ts";
import { DEVICES } from "./global_options.ts";
import { readMeasuredCosts } from "./measured_costs.ts";
import type { ParsedArguments } from "./options.ts";
import { silenceMesa } from "./silence_mesa.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Reads what a command line says of how to compute, with what stops it.
 *
 * @param context Whose interrupt stops the work.
 * @param parsed The command line.
 * @returns The options of the computation.
 */
export function computeOptions(
  context: CommandContext,
  parsed: ParsedArguments,
): ComputeOptions {
  return { ...engineOptions(context, parsed), signal: context.signal };
}

/**
 * Reads what a command line says of how to compute, for work that an interrupt
 * may end with the process.
 *
 * @param context Where notes go.
 * @param parsed The command line.
 * @returns The options of the computation.
 */
export function engineOptions(
  context: CommandContext,
  parsed: ParsedArguments,
): ComputeOptions {
  const device = parsed.choice("device", DEVICES) ?? "auto";
  if (device !== "cpu") silenceMesa();
  const isMeasured = device === "auto" && !parsed.flag("no-cache");
  return {
    device,
    threads: readThreads(parsed),
    costs: isMeasured ? readMeasuredCosts(context) : undefined,
    report: (line) => note(context, `note: ${line}`),
  };
}

/**
 * Reads how many threads a command line allows.
 *
 * @param parsed The command line.
 * @returns The number, or undefined where it says nothing.
 * @throws {UsageError} If it is none from 1 to 9999.
 */
export function readThreads(parsed: ParsedArguments): number | undefined {
  const text = parsed.text("threads");
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new UsageError(
    `--threads can't be ${text}: it is a number from 1 to 9999`,
  );
}
