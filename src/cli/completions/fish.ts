import type { OptionSpec } from "../options.ts";
import {
  type CompletionTable,
  firstWords,
  groupsOfCommands,
  lastWord,
} from "./table.ts";

/**
 * The completions for fish.
 *
 * @param tables What the commands take.
 * @returns A file for fish's folder of completions.
 */
export function fishCompletions(tables: readonly CompletionTable[]): string {
  const groups = groupsOfCommands(tables);
  const words = groups.map(([word]) => word);
  const lines = firstWords(tables).map((word) => firstLine(word, tables));
  for (const [word, commands] of groups) {
    const unless = commands.map(lastWord).join(" ");
    lines.push(
      ...commands.map((table) =>
        `complete -c metacell -n '__fish_seen_subcommand_from ${word}; ` +
        `and not __fish_seen_subcommand_from ${unless}' -f ` +
        `-a ${lastWord(table)} -d ${quote(table.summary)}`
      ),
    );
  }
  lines.push(...tables.flatMap((table) => [
    ...table.options.map((option) => optionLine(table.name, option, words)),
    ...argumentLines(table, words),
  ]));
  return `# fish completion for metacell
complete -c metacell -n __fish_use_subcommand -f -l help -s h -d 'Show help'
complete -c metacell -n __fish_use_subcommand -f -l version -d 'Print the version'
${lines.join("\n")}
`;
}

function firstLine(word: string, tables: readonly CompletionTable[]): string {
  const whole = tables.find(({ name }) => name === word);
  const start = `complete -c metacell -n __fish_use_subcommand -f -a ${word}`;
  const summary = whole?.summary ??
    tables.filter(({ name }) => name.startsWith(`${word} `))
      .map(lastWord).join(", ");
  return `${start} -d ${quote(summary)}`;
}

function optionLine(
  command: string,
  option: OptionSpec,
  groups: readonly string[],
): string {
  const { name, short, value, description } = option;
  const letter = short === undefined ? "" : ` -s ${short}`;
  const takes = value === undefined ? "" : valueFlags(option);
  return `${within(command, groups)} -l ${name}${letter}${takes} ` +
    `-d ${quote(description)}`;
}

function valueFlags({ choices, completes }: OptionSpec): string {
  if (choices) return ` -x -a ${quote(choices.join(" "))}`;
  if (completes === "folder") return " -x -a '(__fish_complete_directories)'";
  return completes === undefined ? " -x" : " -r -F";
}

function argumentLines(
  table: CompletionTable,
  groups: readonly string[],
): string[] {
  const [first] = table.arguments;
  const start = within(table.name, groups);
  if (first?.choices) {
    return [`${start} -f -a ${quote(first.choices.join(" "))}`];
  }
  const isFolder = table.arguments
    .every((argument) => argument.completes === "folder");
  return isFolder ? [`${start} -f -a '(__fish_complete_directories)'`] : [];
}

/** All words of the name of the command are there, and of no other one. */
function within(command: string, groups: readonly string[]): string {
  const words = command.split(" ");
  const seen = words.map((word) => `__fish_seen_subcommand_from ${word}`);
  if (words.length === 1 && groups.length > 0) {
    seen.push(`not __fish_seen_subcommand_from ${groups.join(" ")}`);
  }
  return `complete -c metacell -n '${seen.join("; and ")}'`;
}

function quote(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
