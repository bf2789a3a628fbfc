import { parseArgs } from "@std/cli/parse-args";
import { didYouMean, suggestNames } from "./suggest.ts";
import { UsageError } from "./usage_error.ts";

/** What a shell offers where a value or an argument is typed. */
export type Completes = "file" | "folder" | "command";

/** One option of a command. */
export interface OptionSpec {
  /** The name without the dashes. */
  readonly name: string;
  /** The one letter that stands for it. */
  readonly short?: string;
  /** What help calls its value; an option without one is a flag. */
  readonly value?: string;
  /** The values that it takes, where they are few. */
  readonly choices?: readonly string[];
  /** Whether the command can't do without it. */
  readonly required?: boolean;
  /** Whether it takes all words up to the next option, and may come again. */
  readonly many?: boolean;
  /** What it does, as help says it. */
  readonly description: string;
  /** What a shell offers for the value. */
  readonly completes?: Completes;
}

/** One argument of a command, by its place. */
export interface ArgumentSpec {
  /** What help calls it, in capitals. */
  readonly name: string;
  /** Whether it can be left out. */
  readonly optional?: boolean;
  /** Whether it may come several times; one argument alone may. */
  readonly many?: boolean;
  /** The values that it takes, where they are few. */
  readonly choices?: readonly string[];
  /** What it is, as help says it. */
  readonly description: string;
  /** What a shell offers for it. */
  readonly completes?: Completes;
}

/** The options and arguments that a command takes. */
export interface ArgumentTable {
  /** The arguments, in order. */
  readonly arguments: readonly ArgumentSpec[];
  /** The options, in the order of help. */
  readonly options: readonly OptionSpec[];
}

/** A command line, checked against a table. */
export class ParsedArguments {
  readonly #arguments: ReadonlyMap<string, readonly string[]>;
  readonly #options: ReadonlyMap<string, readonly string[] | true>;

  /**
   * @param named The arguments by their names.
   * @param options The options by their names, flags as true.
   */
  constructor(
    named: ReadonlyMap<string, readonly string[]>,
    options: ReadonlyMap<string, readonly string[] | true>,
  ) {
    this.#arguments = named;
    this.#options = options;
  }

  /**
   * @param name The name of an argument that is not optional.
   * @returns The argument.
   */
  argument(name: string): string {
    const value = this.optionalArgument(name);
    if (value === undefined) throw new UsageError(`${name} is missing`);
    return value;
  }

  /**
   * @param name The name of an optional argument.
   * @returns The argument, where there is one.
   */
  optionalArgument(name: string): string | undefined {
    return this.#arguments.get(name)?.[0];
  }

  /**
   * @param name The name of an argument that may come several times.
   * @returns All of them, in order.
   */
  manyArguments(name: string): readonly string[] {
    return this.#arguments.get(name) ?? [];
  }

  /**
   * @param name The name of a flag.
   * @returns Whether it was given.
   */
  flag(name: string): boolean {
    return this.#options.get(name) === true;
  }

  /**
   * @param name The name of an option with a value.
   * @returns The value as it was typed, where there is one.
   */
  text(name: string): string | undefined {
    return this.texts(name)[0];
  }

  /**
   * @param name The name of an option that may come several times.
   * @returns All its values as they were typed, in order.
   */
  texts(name: string): readonly string[] {
    const values = this.#options.get(name);
    return values === undefined || values === true ? [] : values;
  }

  /**
   * @param name The name of an option with choices.
   * @param choices The choices, all of them.
   * @returns The value, as one of the choices.
   */
  choice<T extends string>(
    name: string,
    choices: readonly T[],
  ): T | undefined {
    const value = this.text(name);
    return choices.find((choice) => choice === value);
  }
}

/**
 * Reads a command line by a table. Values stay the strings that were typed.
 *
 * @param words The words after the name of the command.
 * @param table What the command takes.
 * @returns The checked command line.
 * @throws {UsageError} If an option is unknown, lacks its value, has one that
 * it does not take, or if there are too many or too few arguments.
 */
export function parseCommandLine(
  words: readonly string[],
  table: ArgumentTable,
): ParsedArguments {
  checkNames(words, table.options);
  words = repeatOptions(words, table.options);
  const flags = table.options.filter((option) => option.value === undefined);
  const valued = table.options.filter((option) => option.value !== undefined);
  const parsed: Record<string, unknown> = parseArgs([...words], {
    boolean: flags.map((option) => positiveName(option)),
    negatable: flags.filter(isNegated).map((option) => positiveName(option)),
    string: ["_", ...valued.map((option) => option.name)],
    collect: valued.map((option) => option.name),
    alias: shortNames(table.options),
    unknown: (word: string) => checkKnown(word, table.options),
  });
  const options = new Map<string, readonly string[] | true>();
  for (const flag of flags) {
    const on = parsed[positiveName(flag)] === !isNegated(flag);
    if (on && wasNamed(words, flag)) options.set(flag.name, true);
  }
  for (const option of valued) readValue(option, parsed, options);
  const positional = (parsed._ as unknown[]).map(String);
  return new ParsedArguments(nameArguments(positional, table), options);
}

/** Writes `--from A B` as `--from=A --from=B`, which the parser collects. */
function repeatOptions(
  words: readonly string[],
  options: readonly OptionSpec[],
): readonly string[] {
  const repeated: string[] = [];
  let name: string | undefined;
  const end = beforeDashes(words).length;
  words.forEach((word, at) => {
    if (at < end && word.startsWith("-")) {
      name = options.find((option) =>
        option.many && word === `--${option.name}`
      )
        ?.name;
      const next = words[at + 1];
      const hasValue = next !== undefined && !next.startsWith("-");
      if (name === undefined || !hasValue) repeated.push(word);
    } else repeated.push(name && at < end ? `--${name}=${word}` : word);
  });
  return repeated;
}

/** `--no-cache` is to the parser the option `cache` turned off. */
function isNegated(option: OptionSpec): boolean {
  return option.name.startsWith("no-");
}

function positiveName(option: OptionSpec): string {
  return isNegated(option) ? option.name.slice("no-".length) : option.name;
}

function wasNamed(words: readonly string[], flag: OptionSpec): boolean {
  const { short } = flag;
  return beforeDashes(words).some((word) =>
    word === `--${flag.name}` ||
    short !== undefined && /^-[^-]/.test(word) && word.includes(short)
  );
}

function shortNames(options: readonly OptionSpec[]): Record<string, string> {
  const names: Record<string, string> = {};
  for (const { name, short } of options) {
    if (short !== undefined) names[name] = short;
  }
  return names;
}

/** Looks at what the parser would take without a word. */
function checkNames(
  words: readonly string[],
  options: readonly OptionSpec[],
): void {
  for (const word of beforeDashes(words)) {
    const name = /^--([^=]+)=/.exec(word)?.[1];
    const option = options.find((known) => known.name === name);
    if (name !== undefined && option === undefined) checkKnown(word, options);
    if (option === undefined) continue;
    if (option.value === undefined) {
      throw new UsageError(`--${option.name} takes no value`);
    }
    // Not all parsers tell an empty value from none at all.
    if (word === `--${option.name}=`) throw missingValue(option);
  }
}

function beforeDashes(words: readonly string[]): readonly string[] {
  const end = words.indexOf("--");
  return end < 0 ? words : words.slice(0, end);
}

/** Takes arguments; an unknown option is an error. */
function checkKnown(word: string, options: readonly OptionSpec[]): true {
  if (!/^-./.test(word)) return true;
  const name = word.replace(/^--?/, "").replace(/=.*$/s, "");
  if (options.some((option) => option.name === name)) return true;
  const near = suggestNames(name, options.map((option) => option.name), 1)
    .map((known) => `--${known}`);
  const shown = word.startsWith("--") ? `--${name}` : word;
  throw new UsageError(`there is no option ${shown}${didYouMean(near)}`);
}

function readValue(
  option: OptionSpec,
  parsed: Record<string, unknown>,
  options: Map<string, readonly string[] | true>,
): void {
  const values = [parsed[option.name] ?? []].flat().map(String);
  const { name, choices, many } = option;
  if (values.length > 1 && !many) {
    throw new UsageError(`--${name} is given twice`);
  }
  if (values.length === 0) {
    if (!option.required) return;
    throw new UsageError(`--${name} ${option.value} is missing`);
  }
  if (values.includes("")) throw missingValue(option);
  for (const value of values) checkChoice(`--${name}`, value, choices);
  options.set(name, values);
}

function missingValue({ name, choices, value }: OptionSpec): UsageError {
  const what = choices?.join(" or ") ?? value;
  return new UsageError(`--${name} needs a value, ${what}`);
}

function checkChoice(
  what: string,
  value: string,
  choices: readonly string[] | undefined,
): void {
  if (choices === undefined || choices.includes(value)) return;
  throw new UsageError(
    `${what} can't be ${value}: it is ${choices.join(" or ")}`,
  );
}

function nameArguments(
  positional: readonly string[],
  table: ArgumentTable,
): Map<string, readonly string[]> {
  const named = new Map<string, readonly string[]>();
  const many = table.arguments.findIndex((argument) => argument.many);
  // What may come several times takes what the others leave.
  const after = many < 0 ? 0 : table.arguments.length - 1 - many;
  const least = table.arguments[many]?.optional ? many : many + 1;
  const end = Math.max(least, positional.length - after);
  table.arguments.forEach((argument, index) => {
    const start = many >= 0 && index > many ? end + index - many - 1 : index;
    const values = positional.slice(start, argument.many ? end : start + 1)
      .filter((value) => value !== "");
    for (const value of values) {
      checkChoice(argument.name, value, argument.choices);
    }
    if (values.length > 0) named.set(argument.name, values);
    else if (!argument.optional) {
      throw new UsageError(`${argument.name} is missing`);
    }
  });
  const extra = positional[table.arguments.length];
  if (extra !== undefined && many < 0) {
    throw new UsageError(`there is no place for the argument ${extra}`);
  }
  return named;
}
