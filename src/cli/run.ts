import { VERSION } from "../io/version.ts";
import type { Command } from "./command.ts";
import { readThreads } from "./compute_options.ts";
import { type CommandContext, note } from "./context.ts";
import { describeFailure } from "./failure.ts";
import { commandsOfGroup, findCommand, nameOfCommand } from "./find_command.ts";
import { acceptedOptions, renderCommandHelp, renderHelp } from "./help.ts";
import { nameOptions } from "./option_names.ts";
import { type Output, OutputClosedError } from "./output.ts";
import { parseCommandLine } from "./options.ts";
import { createStyle } from "./style.ts";
import { UsageError } from "./usage_error.ts";

const FAILURE = 1;
const USAGE = 2;
const INTERRUPTED = 130;

/**
 * Runs one command line.
 *
 * @param words What follows `metacell`.
 * @param commands The commands that there are.
 * @param context Where output goes and what may be asked.
 * @returns The exit code: 0, 1 for a failure, 2 for a command line that can't
 * be understood, 130 for an interrupt.
 */
export async function runCommandLine(
  words: readonly string[],
  commands: readonly Command[],
  context: CommandContext,
): Promise<number> {
  let code: number;
  try {
    code = await dispatch(words, commands, context);
    context.stdout.flush();
  } catch (error) {
    const name = nameOfCommand(words, commands);
    const command = commands.find((known) => known.name === name);
    code = reportFailure(error, { name, command }, context);
  }
  flushQuietly(context.stdout);
  flushQuietly(context.stderr);
  return code;
}

function dispatch(
  words: readonly string[],
  commands: readonly Command[],
  context: CommandContext,
): Promise<number> | number {
  const [name, ...rest] = words;
  if (name === undefined) {
    context.stderr.writeStyled(help(commands, context.stderr));
    return USAGE;
  }
  if (name === "--version" || name === "-V") {
    context.stdout.write(`metacell ${VERSION}\n`);
    return 0;
  }
  if (name === "help") return explain(rest, commands, context);
  if (name === "--help" || name === "-h") return explain([], commands, context);
  const isAsked = rest.some((word) => word === "--help" || word === "-h");
  if (isAsked && isGroup(words, commands)) {
    return explain([name], commands, context);
  }
  const found = findCommand(words, commands);
  return runCommand(found.command, found.rest, context);
}

/** Whether words name several commands, and none of them. */
function isGroup(
  words: readonly string[],
  commands: readonly Command[],
): boolean {
  const name = nameOfCommand(words, commands);
  return commandsOfGroup(name, commands).length > 0;
}

function explain(
  words: readonly string[],
  commands: readonly Command[],
  context: CommandContext,
): number {
  const name = words.filter((word) => !word.startsWith("-"))
    .flatMap((word) => word.split(" "));
  const { stdout } = context;
  const style = styleOf(stdout);
  const text = name.length === 0
    ? help(commands, stdout)
    : name.length === 1 && isGroup(name, commands)
    ? commandsOfGroup(name[0]!, commands)
      .map((command) => renderCommandHelp(command, style)).join("\n")
    : renderCommandHelp(findCommand(name, commands).command, style);
  stdout.writeStyled(text);
  return 0;
}

async function runCommand(
  command: Command,
  words: readonly string[],
  context: CommandContext,
): Promise<number> {
  const end = words.indexOf("--");
  const asked = end < 0 ? words : words.slice(0, end);
  if (asked.includes("--help") || asked.includes("-h")) {
    context.stdout.writeStyled(
      renderCommandHelp(command, styleOf(context.stdout)),
    );
    return 0;
  }
  const options = acceptedOptions(command);
  const parsed = parseCommandLine(words, { ...command, options });
  readThreads(parsed); // a wrong one is, also where there is nothing to compute
  const quiet = context.quiet || parsed.flag("quiet");
  const own: CommandContext = {
    stdout: context.stdout,
    stderr: context.stderr,
    quiet,
    program: context.program,
    // Asking for the signal is what takes over the interrupt: not here.
    get signal() {
      return context.signal;
    },
    get isInterrupted() {
      return context.isInterrupted;
    },
    environment: (variable) => context.environment(variable),
  };
  return await command.run(own, parsed) ?? 0;
}

/** The command that a line names, or the first word of several. */
interface NamedCommand {
  readonly name: string;
  readonly command: Command | undefined;
}

function reportFailure(
  error: unknown,
  { name, command }: NamedCommand,
  context: CommandContext,
): number {
  if (error instanceof OutputClosedError) return 0;
  if (context.isInterrupted) {
    note(context, "interrupted");
    return INTERRUPTED;
  }
  const { stderr } = context;
  const style = styleOf(stderr);
  const isUsage = error instanceof UsageError;
  const text = isUsage
    ? usageLine(error, name)
    : describeFailure(error, `run metacell ${name}`);
  const line = command === undefined
    ? text
    : nameOptions(text, acceptedOptions(command), command.otherNames);
  writeQuietly(stderr, `${style.red("error:")} ${line}\n`);
  if (context.environment("METACELL_DEBUG") && error instanceof Error) {
    writeQuietly(stderr, describeStack(error));
  }
  return isUsage ? USAGE : FAILURE;
}

function usageLine(error: UsageError, name: string): string {
  const command = `metacell ${name}`.trim();
  const what = `run ${command}`;
  return `${describeFailure(error.message, what)} (see ${command} --help)`;
}

function describeStack(error: Error): string {
  const causes: string[] = [];
  for (let cause: unknown = error; cause; cause = (cause as Error).cause) {
    causes.push(cause instanceof Error ? cause.stack ?? "" : String(cause));
    if (!(cause instanceof Error)) break;
  }
  return `${causes.join("\ncaused by: ")}\n`;
}

function help(commands: readonly Command[], output: Output): string {
  return renderHelp(commands, styleOf(output));
}

function styleOf(output: Output): ReturnType<typeof createStyle> {
  return createStyle(output.hasColor);
}

function writeQuietly(output: Output, text: string): void {
  try {
    output.writeStyled(text);
  } catch (error) {
    if (!(error instanceof OutputClosedError)) throw error;
  }
}

/** What can't be delivered any more is nobody's loss. */
function flushQuietly(output: Output): void {
  try {
    output.flush();
  } catch (error) {
    if (!(error instanceof OutputClosedError)) throw error;
  }
}
