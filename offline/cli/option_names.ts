import type { ParseOptions } from "./types.ts";

/** The names of the options of each kind, aliases among them. */
export interface OptionNames {
  /** The other names of each name that has some. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  /** Options without a value. */
  readonly booleans: ReadonlySet<string>;
  /** Options with a value that stays text. */
  readonly strings: ReadonlySet<string>;
  /** Options that may be repeated. */
  readonly collected: ReadonlySet<string>;
  /** Options that `--no-` turns off. */
  readonly negatable: ReadonlySet<string>;
}

/**
 * Sorts out the names of the options.
 *
 * @param options What the caller of `parseArgs` gave.
 * @returns The names by kind.
 */
export function readNames(options: ParseOptions): OptionNames {
  const aliases = readAliases(options.alias ?? {});
  function withAliases(names: unknown): Set<string> {
    return new Set(
      asList(names).flatMap((name) => [name, ...aliases.get(name) ?? []]),
    );
  }
  return {
    aliases,
    booleans: withAliases(options.boolean),
    strings: withAliases(options.string),
    collected: withAliases(options.collect),
    negatable: withAliases(options.negatable),
  };
}

/**
 * Gives the aliases of an option the default of the option.
 *
 * @param defaults The defaults by the names that the caller used.
 * @param names The names of the options.
 * @returns The defaults by every name.
 */
export function spreadDefaults(
  defaults: Readonly<Record<string, unknown>>,
  { aliases }: OptionNames,
): Record<string, unknown> {
  const spread = { ...defaults };
  for (const [name, value] of Object.entries(defaults)) {
    for (const alias of aliases.get(name) ?? []) spread[alias] ??= value;
  }
  return spread;
}

function readAliases(given: object): Map<string, readonly string[]> {
  const aliases = new Map<string, readonly string[]>();
  for (const [name, others] of Object.entries(given)) {
    const group = [name, ...asList(others)];
    for (const one of group) {
      aliases.set(one, group.filter((other) => other !== one));
    }
  }
  return aliases;
}

function asList(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value : [];
}
