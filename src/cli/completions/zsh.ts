import type { ArgumentSpec, Completes, OptionSpec } from "../options.ts";
import { type CompletionTable, quoteShell, spellings } from "./table.ts";

/**
 * The completions for zsh.
 *
 * @param tables What the commands take.
 * @returns A file for a folder of `$fpath`, or to source.
 */
export function zshCompletions(tables: readonly CompletionTable[]): string {
  const commands = tables.map(({ name, summary }) =>
    `    ${quoteShell(`${name}:${summary}`)}`
  );
  return `#compdef metacell
_metacell() {
  local -a commands
  commands=(
${commands.join("\n")}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${tables.map(commandCase).join("\n")}
  esac
}
if [[ $funcstack[1] == _metacell ]]; then
  _metacell "$@"
else
  compdef _metacell metacell
fi
`;
}

function commandCase(table: CompletionTable): string {
  const specs = [
    ...table.options.flatMap(optionSpecs),
    ...table.arguments.map(argumentSpec),
  ];
  const lines = specs.map((spec) => `      ${quoteShell(spec)}`);
  return `  ${table.name})\n    _arguments \\\n${lines.join(" \\\n")}\n    ;;`;
}

function optionSpecs(option: OptionSpec): string[] {
  const { value, description } = option;
  const action = value === undefined
    ? ""
    : `:${value}:${actionOf(option.choices, option.completes)}`;
  return spellings(option)
    .map((spelling) => `${spelling}[${escape(description)}]${action}`);
}

function argumentSpec(argument: ArgumentSpec): string {
  const { name, choices, completes, optional } = argument;
  return `${optional ? "::" : ":"}${name}:${actionOf(choices, completes)}`;
}

function actionOf(
  choices: readonly string[] | undefined,
  completes: Completes | undefined,
): string {
  if (choices) return `(${choices.join(" ")})`;
  if (completes === undefined) return " ";
  return completes === "folder" ? "_files -/" : "_files";
}

/** Brackets and colons have a meaning in a spec. */
function escape(text: string): string {
  return text.replace(/[[\]:\\]/g, "\\$&");
}
