import { assertEquals } from "@std/assert";
import { runCli } from "./_cli.ts";

/** Runs a command line that must go well, and gives what it printed. */
export async function runWell(
  words: readonly string[],
): Promise<{ stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await runCli(words);
  assertEquals(code, 0, stderr);
  return { stdout, stderr };
}

/** Runs a command line that must fail, and gives its one line. */
export async function runBadly(words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli(words);
  assertEquals([code, stdout], [1, ""], stderr);
  assertEquals(stderr.split("\n").length, 2, stderr);
  return stderr;
}

/** The totals of profiles or genes by their names. */
export async function totalsOf(
  path: string,
  per: "gene" | "profile",
): Promise<Record<string, number>> {
  const { stdout } = await runWell(["totals", path, "--per", per]);
  const lines = stdout.trimEnd().split("\n").slice(1);
  return Object.fromEntries(lines.map((line) => {
    const [name, total] = line.split("\t");
    return [name!, Number(total)];
  }));
}
