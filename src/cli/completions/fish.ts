import type { OptionSpec } from "../options.ts";
import type { CompletionTable } from "./table.ts";

/**
 * The completions for fish.
 *
 * @param tables What the commands take.
 * @returns A file for fish's folder of completions.
 */
export function fishCompletions(tables: readonly CompletionTable[]): string {
  const lines = tables.flatMap((table) => [
    `complete -c metacell -n __fish_use_subcommand -f -a ${table.name} ` +
    `-d ${quote(table.summary)}`,
    ...table.options.map((option) => optionLine(table.name, option)),
    ...argumentLines(table),
  ]);
  return `# fish completion for metacell
complete -c metacell -n __fish_use_subcommand -f -l help -s h -d 'Show help'
complete -c metacell -n __fish_use_subcommand -f -l version -d 'Print the version'
${lines.join("\n")}
`;
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

function within(command: string): string {
  return `complete -c metacell -n '__fish_seen_subcommand_from ${command}'`;
}

function quote(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
