/** The README is followed word for word: its commands print what it shows. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { withTempFolder } from "../helpers.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const README = Deno.readTextFileSync(`${ROOT}README.md`);

/** A block of the tutorial: commands, and what they print where it is shown. */
interface Step {
  readonly commands: string;
  readonly output: string | undefined;
}

function stepsOfTutorial(): Step[] {
  return [
    ...stepsBetween("Import a folder of `matrix.mtx`", "### The same in"),
    ...stepsBetween("## What else there is", "## Commands"),
  ];
}

function stepsBetween(first: string, last: string): Step[] {
  const start = README.indexOf(first);
  const end = README.indexOf(last);
  assert(start > 0 && end > start);
  const blocks = README.slice(start, end)
    .matchAll(/```sh\n(.*?)```(?:\n\n```text\n(.*?)```)?/gs);
  return [...blocks].map(([_, commands, output]) => ({
    commands: commands!,
    output,
  }));
}

/** Runs shell commands in a folder where `metacell` is the command line. */
async function runShell(commands: string, folder: string): Promise<string> {
  const permissions = "--no-prompt --allow-read --allow-write " +
    "--allow-env=HOME,LANG,LC_ALL,LC_CTYPE,LOCALAPPDATA,METACELL_DEBUG,NODEVICE_SELECT,NO_COLOR,TERM,XDG_CACHE_HOME";
  const script = `metacell() {
    '${Deno.execPath()}' run ${permissions} '${ROOT}cli.ts' "$@"
  }
  set -e
  ${commands}`;
  const { success, stdout } = await new Deno.Command("sh", {
    args: ["-c", `exec 2>&1\n${script}`],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(stdout);
  assert(success, text);
  return text;
}

/** How long something took differs from run to run. */
function withoutSeconds(text: string): string {
  return text.replaceAll(/\d+\.\d\d s$/gm, "_ s");
}

const hasShell = Deno.build.os !== "windows";

Deno.test({
  name: "README.md shows what its commands print (a POSIX shell)",
  ignore: !hasShell,
  fn: () =>
    withTempFolder(async (folder) => {
      checkDemo(await runShell("LANG=C.UTF-8 metacell demo", folder));
      const steps = stepsOfTutorial();
      assert(steps.length >= 7, "the tutorial was not found");
      for (const { commands, output } of steps) {
        const printed = withoutSeconds(await runShell(commands, folder));
        if (output === undefined) continue;
        const expected = withoutSeconds(output);
        if (expected.endsWith("…\n")) {
          const lines = expected.split("\n").slice(0, -2);
          assertEquals(printed.split("\n").slice(0, lines.length), lines);
        } else assertEquals(printed, expected);
      }
      await checkScript(folder);
    }),
});

/** The README leaves out the GPU, which not all have, and what comes last. */
function checkDemo(printed: string): void {
  const [, expected] = README.match(/```text\n(8,000 barcodes.*?)```/s)!;
  const times = (text: string) => text.replaceAll(/\d+\.\d\d s/g, "_ s");
  const threads = (text: string) => text.replace(/CPU, \d+ threads? */, "CPU");
  const lines = printed.slice(0, printed.indexOf("\nNow you"))
    .replace(/^ {2}totalled by (?!the CPU).*\n/m, "");
  assertEquals(threads(times(lines)), threads(times(expected!)));
  for (const line of printed.split("\n")) assert(line.length <= 80, line);
}

/** Runs the script of the README in the folder that the tutorial left. */
async function checkScript(folder: string): Promise<void> {
  const script = README.match(/```ts ignore\n(.*?)```/s)![1]!;
  Deno.writeTextFileSync(`${folder}/first.ts`, script);
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--allow-read",
      "--allow-write",
      `--config=${ROOT}deno.json`,
      "first.ts",
    ],
    cwd: folder,
  }).output();
  const printed = new TextDecoder().decode(stdout);
  assert(printed.length > 0, new TextDecoder().decode(stderr));
  for (const line of printed.trim().split("\n")) {
    assertStringIncludes(README, `\`${line}\``);
  }
}
