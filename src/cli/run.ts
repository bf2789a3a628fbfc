import { VERSION } from "../io/version.ts";
import type { Command } from "./command.ts";
import { type CommandContext, note } from "./context.ts";
import { describeFailure } from "./failure.ts";
import { allOptions, renderCommandHelp, renderHelp } from "./help.ts";
import { type Output, OutputClosedError } from "./output.ts";
import { parseCommandLine } from "./options.ts";
import { createStyle } from "./style.ts";
import { didYouMean, suggestNames } from "./suggest.ts";
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
    code = reportFailure(error, words, context);
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
  return runCommand(findCommand(name, commands), rest, context);
}

function explain(
  words: readonly string[],
  commands: readonly Command[],
  context: CommandContext,
): number {
  const name = words.find((word) => !word.startsWith("-"));
  const { stdout } = context;
  const text = name === undefined
    ? help(commands, stdout)
    : renderCommandHelp(findCommand(name, commands), styleOf(stdout));
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
  const options = allOptions(command);
  const parsed = parseCommandLine(words, { ...command, options });
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

function findCommand(name: string, commands: readonly Command[]): Command {
  const found = commands.find((command) => command.name === name);
  if (found !== undefined) return found;
  if (name.startsWith("-")) {
    throw new UsageError(`the command comes first, and ${name} after it`);
  }
  const known = ["help", ...commands.map((command) => command.name)];
  const near = suggestNames(name, known, 1);
  throw new UsageError(`there is no command ${name}${didYouMean(near)}`);
}

function reportFailure(
  error: unknown,
  words: readonly string[],
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
  const line = isUsage
    ? usageLine(error, words)
    : describeFailure(error, `run metacell ${words[0] ?? ""}`);
  writeQuietly(stderr, `${style.red("error:")} ${line}\n`);
  if (context.environment("METACELL_DEBUG") && error instanceof Error) {
    writeQuietly(stderr, describeStack(error));
  }
  return isUsage ? USAGE : FAILURE;
}

function usageLine(error: UsageError, words: readonly string[]): string {
  const isCommand = words[0] !== undefined && /^[a-z]/.test(words[0]) &&
    words[0] !== "help" && !error.message.startsWith("there is no command");
  const command = isCommand ? `metacell ${words[0]}` : "metacell";
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
