import type { Command } from "./command.ts";
import {
  COMMON_OPTIONS,
  FORCE_OPTION,
  HELP_OPTION,
  QUIET_OPTION,
} from "./global_options.ts";
import type { ArgumentSpec, OptionSpec } from "./options.ts";
import type { Style } from "./style.ts";

const WIDTH = 80;
const INDENT = "  ";

/**
 * All options of a command that change what it does, those of every command
 * last.
 *
 * @param command The command.
 * @returns Its options in the order of help.
 */
export function allOptions(command: Command): OptionSpec[] {
  return [...command.options, QUIET_OPTION, HELP_OPTION];
}

/**
 * The options that a command takes although they change nothing: scripts pass
 * the same ones everywhere.
 *
 * @param command The command.
 * @returns Those of the common options that it has no use for.
 */
export function idleOptions(command: Command): OptionSpec[] {
  const names = command.options.map(({ name }) => name);
  return [...COMMON_OPTIONS, ...command.isReplacing ? [FORCE_OPTION] : []]
    .filter(({ name }) => !names.includes(name));
}

/**
 * All options that a command takes.
 *
 * @param command The command.
 * @returns Its options, those that change nothing last.
 */
export function acceptedOptions(command: Command): OptionSpec[] {
  return [...allOptions(command), ...idleOptions(command)];
}

/**
 * The help of the whole program.
 *
 * @param commands All commands.
 * @param style How to mark it up.
 * @returns The text.
 */
export function renderHelp(commands: readonly Command[], style: Style): string {
  const rows = commands.map(({ name, summary }) => [name, summary] as const);
  return [
    wrap(
      "metacell keeps single-cell UMI counts in a compact file and computes " +
        "over them.",
    ),
    `\n${style.bold("Usage:")} metacell COMMAND [ARGUMENTS] [OPTIONS]\n`,
    style.bold("Commands:"),
    renderTable([...rows, ["help", "Explain a command"]], style),
    `\n${style.bold("Options:")}`,
    renderTable([
      ["-h, --help", "Show this help, or that of a command"],
      ["-V, --version", "Print the version"],
    ], style),
    `\n${style.bold("Options of every command:")}`,
    renderTable([QUIET_OPTION, ...COMMON_OPTIONS].map(optionRow), style),
    `\n${style.bold("To begin:")}`,
    renderTable([
      ["metacell demo", "See it work on data that it makes"],
      ["metacell import FOLDER cells", "Import a 10x folder of your own"],
    ], style),
    "",
  ].join("\n");
}

/**
 * The help of one command.
 *
 * @param command The command.
 * @param style How to mark it up.
 * @returns The text.
 */
export function renderCommandHelp(command: Command, style: Style): string {
  const parts = [wrap(`${command.summary}.`)];
  if (command.description) parts.push("", wrap(command.description));
  parts.push("", `${style.bold("Usage:")} ${usageLine(command)}`);
  if (command.arguments.length > 0) {
    parts.push("", style.bold("Arguments:"));
    parts.push(renderTable(command.arguments.map(argumentRow), style));
  }
  parts.push("", style.bold("Options:"));
  parts.push(renderTable(allOptions(command).map(optionRow), style));
  parts.push(...renderIdle(command));
  parts.push("", style.bold("Examples:"));
  for (const { line, what } of command.examples) {
    parts.push(style.dim(wrap(`# ${what}`, INDENT)));
    parts.push(`${INDENT}${style.cyan(`metacell ${line}`)}`);
  }
  return parts.join("\n") + "\n";
}

function renderIdle(command: Command): string[] {
  const terms = idleOptions(command).map(optionTerm);
  if (terms.length === 0) return [];
  const text = `Also taken, without effect here: ${terms.join(", ")}`;
  return ["", wrap(text)];
}

function usageLine(command: Command): string {
  const text = `metacell ${command.name} ${command.usage}`;
  return wrap(text, " ".repeat("Usage: ".length)).trimStart();
}

function argumentRow(argument: ArgumentSpec): [string, string] {
  const { name, description, choices } = argument;
  return [name, withChoices(description, choices)];
}

function optionRow(option: OptionSpec): [string, string] {
  const { choices, description } = option;
  return [optionTerm(option), withChoices(description, choices)];
}

function optionTerm({ name, short, value }: OptionSpec): string {
  const dashed = short === undefined ? `--${name}` : `-${short}, --${name}`;
  return value === undefined ? dashed : `${dashed} ${value}`;
}

function withChoices(
  description: string,
  choices: readonly string[] | undefined,
): string {
  return choices ? `${description}: ${choices.join(", ")}` : description;
}

function renderTable(
  rows: readonly (readonly [string, string])[],
  style: Style,
): string {
  const width = Math.max(...rows.map(([term]) => term.length)) + 2;
  const indent = INDENT + " ".repeat(width);
  return rows.map(([term, text]) =>
    INDENT + style.cyan(term) + " ".repeat(width - term.length) +
    wrap(text, indent).trimStart()
  ).join("\n");
}

/** Breaks paragraphs into lines that fit. */
function wrap(text: string, indent = ""): string {
  return text.split("\n").map((paragraph) => {
    const lines: string[] = [];
    let line = indent;
    for (const word of paragraph.split(" ")) {
      if (line.length + 1 + word.length > WIDTH && line.trim() !== "") {
        lines.push(line);
        line = indent;
      }
      line += line === indent ? word : ` ${word}`;
    }
    return [...lines, line].join("\n");
  }).join("\n");
}
