import type { Command } from "../command.ts";
import { allOptions } from "../help.ts";
import type { ArgumentSpec, OptionSpec } from "../options.ts";

/** What is followed by the words of a command, and nothing else. */
export const HELP = "help";

/** What a shell needs to know of a command. */
export interface CompletionTable {
  /** Its name. */
  readonly name: string;
  /** What it does. */
  readonly summary: string;
  /** Its options, those of every command among them. */
  readonly options: readonly OptionSpec[];
  /** Its arguments, in order. */
  readonly arguments: readonly ArgumentSpec[];
}

/**
 * What shells need to know, from the tables that also parse and explain.
 *
 * @param commands The commands.
 * @returns A table for each, and one for `help`, whose words are those that a
 * command line can begin with.
 */
export function completionTable(
  commands: readonly Command[],
): CompletionTable[] {
  const tables: CompletionTable[] = commands.map((command) => ({
    name: command.name,
    summary: command.summary,
    options: allOptions(command),
    arguments: command.arguments,
  }));
  const help = { name: HELP, summary: "Explain a command" };
  return [...tables, { ...help, options: [], arguments: [] }];
}

/**
 * The words that a command line can begin with.
 *
 * @param tables What the commands take.
 * @returns Each once; of a name of two words the first.
 */
export function firstWords(tables: readonly CompletionTable[]): string[] {
  return [...new Set(tables.map(({ name }) => name.split(" ")[0]!))];
}

/**
 * What is said of a word that a command line can begin with.
 *
 * @param word The word.
 * @param tables What the commands take.
 * @returns What the command does; of several what they are called.
 */
export function summaryOf(
  word: string,
  tables: readonly CompletionTable[],
): string {
  const whole = tables.find(({ name }) => name === word);
  return whole?.summary ??
    tables.filter(({ name }) => name.startsWith(`${word} `))
      .map(lastWord).join(", ");
}

/**
 * The commands of two words, by the first of them.
 *
 * @param tables What the commands take.
 * @returns As `genes` and the tables of `genes create` and `genes info`.
 */
export function groupsOfCommands(
  tables: readonly CompletionTable[],
): [word: string, tables: readonly CompletionTable[]][] {
  return firstWords(tables).map((
    word,
  ): [string, readonly CompletionTable[]] => [
    word,
    tables.filter(({ name }) => name.startsWith(`${word} `)),
  ]).filter(([, group]) => group.length > 0);
}

/**
 * The last word of the name of a command.
 *
 * @param table What the command takes.
 * @returns As `create`, of `genes create`.
 */
export function lastWord({ name }: CompletionTable): string {
  return name.split(" ").at(-1)!;
}

/**
 * All ways to write an option.
 *
 * @param option The option.
 * @returns As `--output` and `-o`.
 */
export function spellings(option: OptionSpec): string[] {
  const { name, short } = option;
  return short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`];
}

/**
 * Quotes a text for a shell by single quotes.
 *
 * @param text The text.
 * @returns One word of the shell.
 */
export function quoteShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
