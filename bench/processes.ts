/** Programs that benchmarks run, and what they say. */
import process from "node:process";

/**
 * Tells whether a program is there and works.
 *
 * @param program Its name or path.
 * @param args What it is tried with.
 * @returns Whether it ended well.
 */
export async function canRun(
  program: string,
  args: readonly string[],
): Promise<boolean> {
  try {
    const command = new Deno.Command(program, {
      args: [...args],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    });
    return (await command.output()).success;
  } catch {
    return false;
  }
}

/**
 * Runs a program to its end.
 *
 * @param program Its name or path.
 * @param args Its arguments.
 * @returns What it printed.
 * @throws {Error} If it failed.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
): Promise<string> {
  const command = new Deno.Command(program, {
    args: [...args],
    stdin: "null",
    stderr: "inherit",
  });
  const { success, stdout } = await command.output();
  if (!success) {
    throw new Error(`Cannot run ${program} ${args.join(" ")}: it failed`);
  }
  return new TextDecoder().decode(stdout);
}

/** Debian's Python, which is where its scipy, anndata and h5py are. */
export const PYTHON = "/usr/bin/python3";

/**
 * Tells whether Debian's Python has modules.
 *
 * @param modules Their names, as `scipy.sparse`.
 * @returns Whether it can import all of them.
 */
export async function hasPython(...modules: string[]): Promise<boolean> {
  return await canRun(PYTHON, ["-c", `import ${modules.join(", ")}`]);
}

/**
 * The most memory that this process ever had.
 *
 * @returns Bytes.
 */
export function peakMemory(): number {
  try {
    // What the system counts for a process starts with that of its parent;
    // this starts with the program.
    const status = Deno.readTextFileSync("/proc/self/status");
    const [, kilobytes] = status.match(/^VmHWM:\s*(\d+) kB$/m)!;
    return 1024 * Number(kilobytes);
  } catch {
    return 1024 * process.resourceUsage().maxRSS;
  }
}

/**
 * The path of a file of the benchmarks.
 *
 * @param file The name of the file.
 * @returns The path.
 */
export function benchPath(file: string): string {
  return decodeURI(new URL(file, import.meta.url).pathname);
}
