import type { ArgumentSpec, Completes, OptionSpec } from "../options.ts";
import {
  type CompletionTable,
  firstWords,
  groupsOfCommands,
  HELP,
  lastWord,
  quoteShell,
  spellings,
  summaryOf,
} from "./table.ts";

/**
 * The completions for zsh.
 *
 * @param tables What the commands take.
 * @returns A file for a folder of `$fpath`, or to source.
 */
export function zshCompletions(tables: readonly CompletionTable[]): string {
  const groups = groupsOfCommands(tables);
  const explained = tables.filter(({ name }) => name !== HELP);
  const commands = firstWords(tables).map((word) =>
    `    ${quoteShell(`${word}:${summaryOf(word, tables)}`)}`
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
  local help=0
  if [[ $words[2] == ${HELP} ]]; then
    help=1
    shift words
    ((CURRENT--))
    if ((CURRENT == 2)); then
      commands=(\${commands:#${HELP}:*})
      _describe command commands
      return
    fi
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${groups.map(groupCase).join("\n")}
  esac
  ((help)) && return
  case $command in
${explained.map(commandCase).join("\n")}
  esac
}
if [[ $funcstack[1] == _metacell ]]; then
  _metacell "$@"
else
  compdef _metacell metacell
fi
`;
}

/** The second word, then what follows both. */
function groupCase(
  [word, tables]: readonly [string, readonly CompletionTable[]],
): string {
  const described = tables.map((table) =>
    `      ${quoteShell(`${lastWord(table)}:${table.summary}`)}`
  );
  return `  ${word})
    commands=(
${described.join("\n")}
    )
    if ((CURRENT == 2)); then
      _describe command commands
      return
    fi
    command="$command $words[2]"
    shift words
    ((CURRENT--))
    ;;`;
}

function quoteName(name: string): string {
  return name.includes(" ") ? quoteShell(name) : name;
}

function commandCase(table: CompletionTable): string {
  const specs = [
    ...table.options.flatMap(optionSpecs),
    ...argumentSpecs(table.arguments),
  ];
  const lines = specs.map((spec) => `      ${quoteShell(spec)}`);
  return `  ${quoteName(table.name)})\n    _arguments \\\n${
    lines.join(" \\\n")
  }\n    ;;`;
}

function optionSpecs(option: OptionSpec): string[] {
  const { value, description } = option;
  const action = value === undefined
    ? ""
    : `:${value}:${actionOf(option.choices, option.completes)}`;
  return spellings(option)
    .map((spelling) => `${spelling}[${escape(description)}]${action}`);
}

/**
 * What follows many arguments can't be told from them before the line is
 * whole, so all of them are completed as one of either.
 */
function argumentSpecs(specs: readonly ArgumentSpec[]): string[] {
  const at = specs.findIndex(({ many }) => many);
  if (at < 0 || at === specs.length - 1) return specs.map(argumentSpec);
  const rest = specs.slice(at);
  const [first] = rest as [ArgumentSpec];
  const isSame = rest.every(({ completes }) => completes === first.completes);
  const either: ArgumentSpec = {
    ...first,
    name: rest.map(({ name }) => name).join(" or "),
    ...!isSame && { completes: "file" },
  };
  return [...specs.slice(0, at), either].map(argumentSpec);
}

function argumentSpec(argument: ArgumentSpec): string {
  const { name, choices, completes, many, optional } = argument;
  const start = many ? "*:" : optional ? "::" : ":";
  return `${start}${name}:${actionOf(choices, completes)}`;
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
