import { COMMANDS } from "../../src/cli/commands.ts";
import type { Command } from "../../src/cli/command.ts";
import type { CommandContext } from "../../src/cli/context.ts";
import { Output, type OutputOptions } from "../../src/cli/output.ts";
import { runCommandLine } from "../../src/cli/run.ts";

/** What a command line left behind. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stdoutBytes: Uint8Array;
  readonly stderr: string;
}

/** The world that a command line runs in. */
export interface CliWorld {
  readonly stdout?: OutputOptions;
  readonly stderr?: OutputOptions;
  readonly environment?: Readonly<Record<string, string>>;
  readonly commands?: readonly Command[];
  readonly controller?: AbortController;
}

/** Runs a command line in this process. */
export async function runCli(
  words: readonly string[],
  world: CliWorld = {},
): Promise<CliResult> {
  const stdout = new Capture();
  const stderr = new Capture();
  const { signal } = world.controller ?? new AbortController();
  const context: CommandContext = {
    stdout: new Output(stdout.write, world.stdout),
    stderr: new Output(stderr.write, world.stderr),
    quiet: false,
    program: "metacell",
    signal,
    get isInterrupted() {
      return signal.aborted;
    },
    environment: (name) => world.environment?.[name],
  };
  const commands = world.commands ?? COMMANDS;
  const code = await runCommandLine(words, commands, context);
  return {
    code,
    stdout: stdout.text(),
    stdoutBytes: stdout.bytes(),
    stderr: stderr.text(),
  };
}

class Capture {
  readonly #chunks: Uint8Array[] = [];

  readonly write = (bytes: Uint8Array): void => {
    this.#chunks.push(bytes.slice());
  };

  bytes(): Uint8Array {
    return new Uint8Array(this.#chunks.flatMap((chunk) => [...chunk]));
  }

  text(): string {
    return new TextDecoder().decode(this.bytes());
  }
}

/** Runs a test in a folder that is removed afterwards. */
export async function inFolder(
  test: (folder: string) => Promise<void> | void,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
