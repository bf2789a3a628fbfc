import type { CommandContext } from "./context.ts";
import type { ArgumentTable, ParsedArguments } from "./options.ts";

/** A command line that shows what a command is for. */
export interface CommandExample {
  /** What follows `metacell`. */
  readonly line: string;
  /** What it does. */
  readonly what: string;
}

/** One command; adding one is a file, and a line in `commands.ts`. */
export interface Command extends ArgumentTable {
  /** What is typed after `metacell`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** More, for the command's own help: paragraphs. */
  readonly description?: string;
  /** What follows the name, as help shows it. */
  readonly usage: string;
  /**
   * Whether it replaces older files of its own without being told to: it then
   * takes `--force`, which changes nothing.
   */
  readonly isReplacing?: boolean;
  /**
   * What it calls options of the module that have another name there, for
   * messages.
   */
  readonly otherNames?: Readonly<Record<string, string>>;
  /** At least one. */
  readonly examples: readonly CommandExample[];
  /**
   * Does it.
   *
   * @param context Where output goes and what it may ask.
   * @param parsed The checked command line.
   * @returns The exit code, 0 where there is none.
   */
  run(
    context: CommandContext,
    parsed: ParsedArguments,
  ): Promise<number | void> | number | void;
}
