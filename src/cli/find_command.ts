import type { Command } from "./command.ts";
import { didYouMean, suggestNames } from "./suggest.ts";
import { UsageError } from "./usage_error.ts";

/** A command, and what follows it. */
export interface FoundCommand {
  /** The command. */
  readonly command: Command;
  /** The words behind its name. */
  readonly rest: readonly string[];
}

/**
 * Finds the command that a command line begins with; the names of some are two
 * words.
 *
 * @param words What follows `metacell`; there is at least one.
 * @param commands The commands that there are.
 * @returns The command, and what follows it.
 * @throws {UsageError} If there is none.
 */
export function findCommand(
  words: readonly string[],
  commands: readonly Command[],
): FoundCommand {
  for (const command of commands) {
    const { length } = command.name.split(" ");
    if (words.slice(0, length).join(" ") !== command.name) continue;
    return { command, rest: words.slice(length) };
  }
  const [first = "", second] = words;
  if (first.startsWith("-")) {
    throw new UsageError(`the command comes first, and ${first} after it`);
  }
  throw unknownCommand(first, second, commands);
}

/**
 * The commands whose names begin with a word, and have another.
 *
 * @param word The word, as `genes`.
 * @param commands The commands that there are.
 * @returns As `genes create` and `genes info`; none for any other word.
 */
export function commandsOfGroup(
  word: string,
  commands: readonly Command[],
): readonly Command[] {
  return commands.filter(({ name }) => name.startsWith(`${word} `));
}

/**
 * How much of a command line names a command, for messages.
 *
 * @param words What follows `metacell`.
 * @param commands The commands that there are.
 * @returns The name, or `""` where no command begins so.
 */
export function nameOfCommand(
  words: readonly string[],
  commands: readonly Command[],
): string {
  const [first = "", second = ""] = words;
  const names = commands.map(({ name }) => name);
  return [`${first} ${second}`, first].find((name) => names.includes(name)) ??
    (commandsOfGroup(first, commands).length > 0 ? first : "");
}

function unknownCommand(
  first: string,
  second: string | undefined,
  commands: readonly Command[],
): UsageError {
  const group = commandsOfGroup(first, commands).map(({ name }) => name);
  if (group.length > 0) {
    const isCommand = second !== undefined && !second.startsWith("-");
    return new UsageError(
      isCommand
        ? `there is no command ${first} ${second}, there are ` +
          group.join(" and ")
        : `there are ${group.join(" and ")}`,
    );
  }
  const known = ["help", ...commands.map(({ name }) => name)];
  const near = suggestNames(first, known, 1);
  return new UsageError(`there is no command ${first}${didYouMean(near)}`);
}
