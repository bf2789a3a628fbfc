import {
  assert,
  assertEquals,
  assertFalse,
  assertStringIncludes,
} from "@std/assert";
import { COMMANDS } from "../../src/cli/commands.ts";
import { inFolder, runCli } from "./_cli.ts";

const SHELLS = ["bash", "zsh", "fish"];

for (const shell of SHELLS) {
  Deno.test(`completions ${shell} names all commands and options`, async () => {
    const { code, stdout, stderr } = await runCli(["completions", shell]);
    assertEquals([code, stderr], [0, ""]);
    for (const { name, options } of COMMANDS) {
      assertStringIncludes(stdout, name.split(" ").at(-1)!);
      for (const option of options) {
        const written = shell === "fish"
          ? `-l ${option.name}`
          : `--${option.name}`;
        assertStringIncludes(stdout, written);
      }
    }
  });

  Deno.test({
    name: `completions ${shell} is a script that parses (${shell})`,
    ignore: !await hasShell(shell),
    fn: () =>
      inFolder(async (folder) => {
        const { stdout } = await runCli(["completions", shell]);
        await Deno.writeTextFile(`${folder}/script`, stdout);
        const { success, stderr } = await new Deno.Command(shell, {
          args: ["-n", `${folder}/script`],
        }).output();
        assert(success, new TextDecoder().decode(stderr));
      }),
  });
}

Deno.test({
  name: "completions bash completes command lines",
  ignore: !await hasShell("bash"),
  fn: () =>
    inFolder(async (folder) => {
      await Deno.mkdir(`${folder}/a folder`);
      await Deno.writeTextFile(`${folder}/a file`, "");
      const { stdout } = await runCli(["completions", "bash"]);
      await Deno.writeTextFile(`${folder}/script`, stdout);
      for (
        const [words, expected] of [
          [["inf"], ["info"]],
          [["--v"], ["--version"]],
          [["totals", "--per", ""], ["profile", "gene"]],
          [["totals", "--per", "=", "g"], ["gene"]],
          [["totals", "--per", "="], ["profile", "gene"]],
          [["totals", "x", "--prof"], ["--profiles-file"]],
          [["totals", "--output", "a"], ["a file", "a folder"]],
          [["totals", "-o", "a f"], ["a file", "a folder"]],
          [["info", "a"], ["a folder"]],
          [["annotate", "x", "a"], ["a file", "a folder"]],
          [["show", "x", "--gene", "a"], []],
          [["completions", ""], SHELLS],
          [["help", "tot"], ["totals"]],
          [["help", "genes", "--"], []],
          [["gen"], ["genes"]],
          [["genes", ""], ["create", "info"]],
          [["genes", "create", "--jo"], ["--join"]],
          [["genes", "create", "--join", ""], ["union", "intersection"]],
          [["genes", "create", "x", "--from", "a"], ["a file", "a folder"]],
          [["genes", "info", "a"], ["a folder"]],
          [["view", "x", "--base", "a"], ["a folder"]],
          [["view", "x", "--where", "a"], []],
        ] as const
      ) {
        const found = await completeInBash(folder, words);
        assertEquals(found.sort(), [...expected].sort(), words.join(" "));
      }
    }),
});

/** What all shells complete in the same way, but for the order. */
const LINES: readonly (readonly [line: string, words: readonly string[]])[] = [
  ["inf", ["info"]],
  ["genes ", ["create", "info"]],
  ["genes create --jo", ["--join"]],
  ["genes create --join ", ["intersection", "union"]],
  ["info genes --js", ["--json"]],
  ["completions ", [...SHELLS].sort()],
  ["help ", allWords()],
  ["help ge", ["genes"]],
  ["help genes ", ["create", "info"]],
  ["help genes c", ["create"]],
  ["help genes create ", []],
  ["help totals ", []],
];

const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  bash: ["bash", new URL("./completions.bash", import.meta.url).pathname],
  fish: ["fish", new URL("./completions.fish", import.meta.url).pathname],
  zsh: ["zsh", "-f", new URL("./completions.zsh", import.meta.url).pathname],
};

for (const shell of SHELLS) {
  Deno.test({
    name: `completions ${shell} completes words, also after help (${shell})`,
    ignore: !await hasShell(shell),
    fn: () =>
      inFolder(async (folder) => {
        const { stdout } = await runCli(["completions", shell]);
        await Deno.writeTextFile(`${folder}/script`, stdout);
        const [program, ...words] = PROGRAMS[shell]!;
        const lines = LINES.map(([line]) => `metacell ${line}`);
        const output = await new Deno.Command(program!, {
          args: [...words, `${folder}/script`, ...lines],
          cwd: folder,
          signal: AbortSignal.timeout(60_000), // a terminal that says nothing
        }).output();
        const text = new TextDecoder().decode(output.stdout);
        const found = text.split("<end>\n").slice(0, -1)
          .map((offered) => offered.split("\n").filter(Boolean).sort());
        assertEquals(found, LINES.map(([, offered]) => [...offered]));
      }),
  });
}

function allWords(): string[] {
  const words = COMMANDS.map(({ name }) => name.split(" ")[0]!);
  return [...new Set(words)].sort();
}

Deno.test("completions zsh completes many arguments before the last as either", async () => {
  const { stdout } = await runCli(["completions", "zsh"]);
  assertStringIncludes(stdout, "'*:SOURCE or DEST:_files'");
  // An argument after many would be taken for the first of all.
  assertFalse(/'\*:[A-Z][^']*' \\\n *'::?[A-Z]/.test(stdout));
});

/** Asks the function as bash does when the last word is completed. */
async function completeInBash(
  folder: string,
  words: readonly string[],
): Promise<string[]> {
  const script = 'source ./script; COMP_WORDS=(metacell "$@"); ' +
    "COMP_CWORD=$#; _metacell; " +
    '((${#COMPREPLY[@]})) && printf "%s\\n" "${COMPREPLY[@]}"; true';
  const { success, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", script, "bash", ...words],
    cwd: folder,
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).split("\n").filter(Boolean);
}

async function hasShell(shell: string): Promise<boolean> {
  try {
    const command = new Deno.Command(shell, { args: ["-c", "true"] });
    return (await command.output()).success;
  } catch {
    return false;
  }
}
