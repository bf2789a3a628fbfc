import type { OptionSpec } from "../options.ts";
import {
  type CompletionTable,
  firstWords,
  groupsOfCommands,
  HELP,
  lastWord,
  summaryOf,
} from "./table.ts";

/**
 * The completions for fish.
 *
 * @param tables What the commands take.
 * @returns A file for fish's folder of completions.
 */
export function fishCompletions(tables: readonly CompletionTable[]): string {
  const explained = tables.filter(({ name }) => name !== HELP);
  const lines = firstWords(tables)
    .map((word) => wordLine("", word, summaryOf(word, tables)));
  lines.push(
    `complete -c metacell -n '__metacell_begins ${HELP}' -f`,
    ...firstWords(explained)
      .map((word) => wordLine(HELP, word, summaryOf(word, tables))),
  );
  for (const [word, commands] of groupsOfCommands(tables)) {
    for (const before of [word, `${HELP} ${word}`]) {
      lines.push(
        ...commands.map((table) =>
          wordLine(before, lastWord(table), table.summary)
        ),
      );
    }
  }
  lines.push(...explained.flatMap((table) => [
    ...table.options.map((option) => optionLine(table.name, option)),
    ...argumentLines(table),
  ]));
  return `# fish completion for metacell
function __metacell_is
  set -l words (commandline -opc)
  set -e words[1]
  test "$words" = "$argv"
end
function __metacell_begins
  set -l words (commandline -opc)
  set -e words[1]
  set -l length (count $argv)
  test (count $words) -ge $length
  and test "$words[1..$length]" = "$argv"
end
complete -c metacell -n __metacell_is -f -l help -s h -d 'Show help'
complete -c metacell -n __metacell_is -f -l version -d 'Print the version'
${lines.join("\n")}
`;
}

/** A word that is offered behind others, and nowhere else. */
function wordLine(before: string, word: string, summary: string): string {
  const condition = quote(`__metacell_is ${before}`.trim());
  return `complete -c metacell -n ${condition} -f -a ${word} ` +
    `-d ${quote(summary)}`;
}

function optionLine(command: string, option: OptionSpec): string {
  const { name, short, value, description } = option;
  const letter = short === undefined ? "" : ` -s ${short}`;
  const takes = value === undefined ? "" : valueFlags(option);
  return `${within(command)} -l ${name}${letter}${takes} ` +
    `-d ${quote(description)}`;
}

function valueFlags({ choices, completes }: OptionSpec): string {
  if (choices) return ` -x -a ${quote(choices.join(" "))}`;
  if (completes === "folder") return " -x -a '(__fish_complete_directories)'";
  return completes === undefined ? " -x" : " -r -F";
}

function argumentLines(table: CompletionTable): string[] {
  const [first] = table.arguments;
  const start = within(table.name);
  if (first?.choices) {
    return [`${start} -f -a ${quote(first.choices.join(" "))}`];
  }
  const isFolder = table.arguments
    .every((argument) => argument.completes === "folder");
  return isFolder ? [`${start} -f -a '(__fish_complete_directories)'`] : [];
}

/** The command line begins with the command. */
function within(command: string): string {
  return `complete -c metacell -n '__metacell_begins ${command}'`;
}

function quote(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
