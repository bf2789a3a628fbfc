import type { Completes, OptionSpec } from "../options.ts";
import {
  type CompletionTable,
  firstWords,
  groupsOfCommands,
  HELP,
  lastWord,
  quoteShell,
  spellings,
} from "./table.ts";

/**
 * The completions for bash 3.2 and later.
 *
 * @param tables What the commands take.
 * @returns A script to source.
 */
export function bashCompletions(tables: readonly CompletionTable[]): string {
  const names = [...firstWords(tables), "--help", "--version"];
  const explained = firstWords(tables).filter((word) => word !== HELP);
  return `# bash completion for metacell
_metacell_words() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(printf '%s\\n' "\${@:2}")" -- "$1"))
}
_metacell_paths() {
  local IFS=$'\\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen "$2" -- "$1"))
}
_metacell() {
  local current="\${COMP_WORDS[COMP_CWORD]}"
  local previous="\${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]]; then
    previous="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  if ((COMP_CWORD == 1)); then
    _metacell_words "$current" ${words(names)}
    return
  fi
  local first=1
  if [[ \${COMP_WORDS[1]} == ${HELP} ]]; then
    first=2
    if ((COMP_CWORD == 2)); then
      _metacell_words "$current" ${words(explained)}
      return
    fi
  fi
  local command="\${COMP_WORDS[first]}"
  case $command in
${groupsOfCommands(tables).map(groupCase).join("\n")}
  esac
  ((first == 2)) && return
  case "$command $previous" in
${tables.flatMap(valueCases).join("\n")}
  esac
  case "$command $current" in
${tables.flatMap(optionCases).join("\n")}
${tables.flatMap(argumentCases).join("\n")}
  *) _metacell_paths "$current" -f ;;
  esac
}
complete -F _metacell metacell
`;
}

/** The second word, then what follows both. */
function groupCase(
  [word, tables]: readonly [string, readonly CompletionTable[]],
): string {
  return `  ${word})
    if ((COMP_CWORD == first + 1)); then
      _metacell_words "$current" ${words(tables.map(lastWord))}
      return
    fi
    command="$command \${COMP_WORDS[first + 1]}"
    ;;`;
}

function valueCases({ name, options }: CompletionTable): string[] {
  return options
    .filter((option) => option.value !== undefined)
    .map((option) => {
      const pattern = spellings(option)
        .map((spelling) => quoteShell(`${name} ${spelling}`)).join(" | ");
      return `  ${pattern}) ${valueAction(option)}return ;;`;
    });
}

function valueAction({ choices, completes }: OptionSpec): string {
  if (choices) return `_metacell_words "$current" ${words(choices)}; `;
  return completes ? `${pathAction(completes)}; ` : "";
}

function optionCases({ name, options }: CompletionTable): string[] {
  if (options.length === 0) return [];
  const all = words(options.map((option) => `--${option.name}`));
  return [
    `  ${quoteShell(`${name} -`)}*) _metacell_words "$current" ${all} ;;`,
  ];
}

function argumentCases(table: CompletionTable): string[] {
  const [first] = table.arguments;
  const action = first?.choices
    ? `_metacell_words "$current" ${words(first.choices)}`
    : pathAction(commonPath(table));
  return [`  ${quoteShell(`${table.name} `)}*) ${action} ;;`];
}

/** Files, unless all arguments are folders. */
function commonPath(table: CompletionTable): Completes {
  const isFolder = table.arguments
    .every((argument) => argument.completes === "folder");
  return isFolder ? "folder" : "file";
}

function pathAction(completes: Completes): string {
  return `_metacell_paths "$current" ${completes === "folder" ? "-d" : "-f"}`;
}

function words(texts: readonly string[]): string {
  return texts.map((text) => /^[\w-]+$/.test(text) ? text : quoteShell(text))
    .join(" ");
}
