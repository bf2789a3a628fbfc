import { assertEquals } from "@std/assert";
import type { Command } from "../../src/cli/command.ts";
import { ProgressBar } from "../../src/cli/progress.ts";
import { runCli } from "./_cli.ts";

const COMMAND: Command = {
  name: "work",
  summary: "Work",
  usage: "",
  arguments: [],
  options: [],
  examples: [],
  run(context) {
    using progress = new ProgressBar(context, "Working");
    progress.update(1, 4);
    progress.update(2, 4);
  },
};

const work = (isTerminal: boolean, ...words: string[]) =>
  runCli(["work", ...words], { commands: [COMMAND], stderr: { isTerminal } });

Deno.test("ProgressBar draws at most ten times a second, and goes", async () => {
  const { stderr } = await work(true);
  assertEquals(stderr, `\rWorking [${"======".padEnd(24)}] 25%\x1b[K\r\x1b[K`);
});

Deno.test("ProgressBar draws on a terminal alone, unless --quiet", async () => {
  assertEquals((await work(false)).stderr, "");
  assertEquals((await work(true, "--quiet")).stderr, "");
});
