import type { OptionNames } from "./option_names.ts";

/**
 * Writes long options as `--name=value`: minimist and the real package differ
 * over which next argument is a value, and over `--no-name`.
 *
 * @param args The arguments.
 * @param names The names of the options.
 * @param originals Filled with what each rewritten argument was.
 * @returns The arguments in the form that both read alike.
 */
export function spellOut(
  args: readonly string[],
  names: OptionNames,
  originals: Map<string, string>,
): string[] {
  const spelled: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]!;
    if (arg === "--") return [...spelled, ...args.slice(index)];
    const next = takenValue(arg, args[index + 1], names);
    const rewritten = next === undefined
      ? withoutValue(arg, names)
      : `${arg}=${next}`;
    originals.set(rewritten, arg);
    spelled.push(rewritten);
    if (next !== undefined) index++;
  }
  return spelled;
}

function takenValue(
  arg: string,
  next: string | undefined,
  names: OptionNames,
): string | undefined {
  if (!isBareOption(arg) || isNegation(arg, names) || !next) return undefined;
  const isTaken = names.booleans.has(arg.slice(2))
    ? next === "true" || next === "false"
    : !next.startsWith("-");
  return isTaken ? next : undefined;
}

function withoutValue(arg: string, names: OptionNames): string {
  if (!isBareOption(arg)) return arg.replace(/^--no-(?=[^=]+=)/, "--");
  if (isNegation(arg, names)) return arg;
  if (names.strings.has(arg.slice(2))) return `${arg}=`;
  const isTrue = names.booleans.has(arg.slice(2)) || arg.startsWith("--no-");
  return isTrue ? `${arg}=true` : arg;
}

function isBareOption(arg: string): boolean {
  return /^--[^=]+$/.test(arg);
}

function isNegation(arg: string, { negatable }: OptionNames): boolean {
  return arg.startsWith("--no-") && negatable.has(arg.slice("--no-".length));
}
