import type { Command } from "../command.ts";
import { bashCompletions } from "../completions/bash.ts";
import { fishCompletions } from "../completions/fish.ts";
import { type CompletionTable, completionTable } from "../completions/table.ts";
import { zshCompletions } from "../completions/zsh.ts";

const SHELLS: Readonly<
  Record<string, (table: readonly CompletionTable[]) => string>
> = { bash: bashCompletions, zsh: zshCompletions, fish: fishCompletions };

/** `metacell completions`. */
export const COMPLETIONS_COMMAND: Command = {
  name: "completions",
  summary: "Print what a shell needs to complete metacell's command lines",
  usage: "SHELL",
  arguments: [{
    name: "SHELL",
    choices: Object.keys(SHELLS),
    description: "The shell",
  }],
  options: [],
  examples: [
    {
      line: "completions bash > ~/.metacell.bash",
      what: "For bash; then source it in ~/.bashrc",
    },
    {
      line: 'completions zsh > "${fpath[1]}/_metacell"',
      what: "For zsh, into a folder of $fpath",
    },
    {
      line: "completions fish > ~/.config/fish/completions/metacell.fish",
      what: "For fish",
    },
  ],
  async run({ stdout }, parsed) {
    // The registry imports this file: it is there once a command runs.
    const { COMMANDS } = await import("../commands.ts");
    const render = SHELLS[parsed.argument("SHELL")]!;
    stdout.writeStyled(render(completionTable(COMMANDS)));
  },
};
