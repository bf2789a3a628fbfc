import { systemContext } from "./context.ts";
import { loadCommands } from "./load_commands.ts";
import { runCommandLine } from "./run.ts";

/**
 * The command line `metacell`.
 *
 * @param words The arguments of the process.
 * @returns The exit code.
 */
export async function main(words: readonly string[]): Promise<number> {
  return await runCommandLine(
    words,
    await loadCommands(words),
    systemContext(),
  );
}
