import minimist from "minimist";
import { type OptionNames, readNames, spreadDefaults } from "./option_names.ts";
import { spellOut } from "./spell_out.ts";
import type {
  Aliases,
  Args,
  BooleanType,
  Collectable,
  Negatable,
  ParseOptions,
  StringType,
  Values,
} from "./types.ts";

export type { Args, ParseOptions };

/**
 * Reads command line arguments.
 *
 * minimist, of which the real package is a rewrite, does the work. What the
 * two read differently is put into the one form that they read alike before,
 * and repeated options, which minimist always collects, are sorted out after.
 *
 * @param args The arguments.
 * @param options Which options there are.
 * @returns The values by their options, and the rest in `_`.
 */
export function parseArgs<
  TArgs extends Values<
    TBooleans,
    TStrings,
    TCollectable,
    TNegatable,
    TDefaults,
    TAliases
  >,
  TDoubleDash extends boolean | undefined = undefined,
  TBooleans extends BooleanType = undefined,
  TStrings extends StringType = undefined,
  TCollectable extends Collectable = undefined,
  TNegatable extends Negatable = undefined,
  TDefaults extends Record<string, unknown> | undefined = undefined,
  TAliases extends Aliases<TAliasArgNames, TAliasNames> | undefined = undefined,
  TAliasArgNames extends string = string,
  TAliasNames extends string = string,
>(
  args: readonly string[],
  options?: ParseOptions<
    TBooleans,
    TStrings,
    TCollectable,
    TNegatable,
    TDefaults,
    TAliases,
    TDoubleDash
  >,
): Args<TArgs, TDoubleDash> {
  const names = readNames((options ?? {}) as ParseOptions);
  const originals = new Map<string, string>();
  const parsed = minimist(spellOut(args, names, originals), {
    ...options,
    boolean: [...names.booleans],
    default: spreadDefaults(options?.default ?? {}, names),
    unknown: (arg: string) =>
      options?.unknown?.(originals.get(arg) ?? arg) ?? true,
  });
  return keepLast(parsed, names) as Args<TArgs, TDoubleDash>;
}

/** Repeated options count by their last value, unless they are collected. */
function keepLast(
  parsed: Record<string, unknown>,
  { collected, strings }: OptionNames,
): Record<string, unknown> {
  for (const [name, value] of Object.entries(parsed)) {
    if (name === "_" || name === "--") continue;
    if (collected.has(name)) parsed[name] = [value].flat();
    else if (Array.isArray(value)) parsed[name] = value.at(-1);
  }
  for (const name of collected) {
    if (strings.has(name)) parsed[name] ??= [];
  }
  return parsed;
}
