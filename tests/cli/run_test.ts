import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import type { Command } from "../../src/cli/command.ts";
import { COMMANDS } from "../../src/cli/commands.ts";
import { OutputClosedError } from "../../src/cli/output.ts";
import { VERSION } from "../../src/io/version.ts";
import { runCli } from "./_cli.ts";

function failing(error: () => unknown): Command {
  return {
    name: "fail",
    summary: "Fail",
    usage: "",
    arguments: [],
    options: [],
    examples: [{ line: "fail", what: "Fail" }],
    run() {
      throw error();
    },
  };
}

const runFailing = (error: () => unknown, environment = {}) =>
  runCli(["fail"], { commands: [failing(error)], environment });

Deno.test("runCommandLine() prints help where nothing is asked, with 2", async () => {
  const { code, stdout, stderr } = await runCli([]);
  assertEquals([code, stdout], [2, ""]);
  for (const { name } of COMMANDS) assertStringIncludes(stderr, `\n  ${name} `);
});

Deno.test("runCommandLine() prints the version", async () => {
  const { code, stdout } = await runCli(["--version"]);
  assertEquals([code, stdout], [0, `metacell ${VERSION}\n`]);
});

Deno.test("runCommandLine() prints help on stdout where it is asked", async () => {
  const all = await runCli(["--help"]);
  assertEquals(all.code, 0);
  assertEquals((await runCli(["help"])).stdout, all.stdout);
  const one = await runCli(["help", "totals"]);
  assertEquals((await runCli(["totals", "--help"])).stdout, one.stdout);
  assertEquals((await runCli(["totals", "x", "-h"])).stdout, one.stdout);
  assertStringIncludes(one.stdout, "Usage: metacell totals DIR --per");
});

Deno.test("runCommandLine() explains commands of two words", async () => {
  const one = await runCli(["help", "genes", "create"]);
  assertStringIncludes(one.stdout, "Usage: metacell genes create DEST");
  assertEquals(
    (await runCli(["genes", "create", "--help"])).stdout,
    one.stdout,
  );
  const both = await runCli(["help", "genes"]);
  assertStringIncludes(both.stdout, one.stdout);
  assertStringIncludes(both.stdout, "Usage: metacell genes info DIR");
  assertEquals((await runCli(["genes", "--help"])).stdout, both.stdout);
});

for (const command of COMMANDS) {
  Deno.test(`the help of ${command.name} has all, in 80 columns`, async () => {
    const { stdout } = await runCli(["help", command.name]);
    for (const { name } of command.options) {
      assertStringIncludes(stdout, `--${name}`);
    }
    for (const { name } of command.arguments) {
      assertStringIncludes(stdout, name);
    }
    assert(command.examples.length > 0);
    for (const { line } of command.examples) {
      assert(line.startsWith(command.name), line);
      assertStringIncludes(stdout, `  metacell ${line}\n`);
    }
    const long = stdout.split("\n").filter((line) => line.length > 80);
    assertEquals(long, []);
    assert(!stdout.includes("\x1b"));
  });
}

Deno.test("help has colours on a terminal that takes them", async () => {
  const { stdout } = await runCli(["help"], {
    stdout: { isTerminal: true, hasColor: true },
  });
  assertStringIncludes(stdout, "\x1b[1mUsage:\x1b[22m");
});

Deno.test("runCommandLine() exits with 2 for what it can't understand", async () => {
  for (
    const [words, message] of [
      [
        ["improt"],
        "run metacell: there is no command improt, did you mean " +
        "import? (see metacell --help)",
      ],
      [
        ["--quiet", "info"],
        "run metacell: the command comes first, and " +
        "--quiet after it (see metacell --help)",
      ],
      [
        ["genes"],
        "run metacell genes: there are genes create and genes info (see " +
        "metacell genes --help)",
      ],
      [
        ["genes", "make", "x"],
        "run metacell genes: there is no command genes make, there are " +
        "genes create and genes info (see metacell genes --help)",
      ],
      [
        ["genes", "info"],
        "run metacell genes info: DIR is missing (see metacell genes info " +
        "--help)",
      ],
      [
        ["info"],
        "run metacell info: DIR is missing (see metacell info --help)",
      ],
      [
        ["help", "x"],
        "run metacell: there is no command x (see metacell --help)",
      ],
    ] as const
  ) {
    const { code, stdout, stderr } = await runCli(words);
    assertEquals([code, stdout], [2, ""]);
    assertEquals(stderr, `error: Cannot ${message}\n`);
  }
});

Deno.test("runCommandLine() reports a failure in one line, with 1", async () => {
  for (
    const [message, line] of [
      ["Cannot read x: it is a folder", "Cannot read x: it is a folder"],
      [
        "broken\n  in two\x1b[2J",
        "Cannot run metacell fail: broken in two\\x1b[2J",
      ],
    ] as const
  ) {
    const { code, stderr } = await runFailing(() => new Error(message));
    assertEquals([code, stderr], [1, `error: ${line}\n`]);
  }
});

Deno.test("runCommandLine() names the flag that is missing", async () => {
  for (const [access, action] of [["read", "read"], ["all", "use"]] as const) {
    const cause = new Deno.errors.NotCapable(
      `Requires ${access} access to "/x", run again with the ` +
        `--allow-${access} flag`,
    );
    const { code, stderr } = await runFailing(() =>
      new Error("Cannot look at /x: Requires", { cause })
    );
    assertEquals(code, 1);
    const line = `error: Cannot ${action} "/x": it needs --allow-${access}\n`;
    assertEquals(stderr, line);
  }
});

Deno.test("runCommandLine() shows a stack with METACELL_DEBUG alone", async () => {
  const error = () => new Error("Cannot do", { cause: new Error("deep") });
  const { stderr } = await runFailing(error, { METACELL_DEBUG: "1" });
  assertMatch(stderr, /^error: Cannot do\nError: Cannot do\n {4}at /);
  assertMatch(stderr, /\ncaused by: Error: deep\n {4}at /);
});

Deno.test("runCommandLine() ends quietly when its reader has gone", async () => {
  const { code, stderr } = await runFailing(() => new OutputClosedError());
  assertEquals([code, stderr], [0, ""]);
});

Deno.test("runCommandLine() exits with 130 after an interrupt", async () => {
  const controller = new AbortController();
  const command = failing(() => {
    controller.abort();
    return new Error("Cannot go on");
  });
  const { code, stderr } = await runCli(["fail"], {
    commands: [command],
    controller,
  });
  assertEquals([code, stderr], [130, "interrupted\n"]);
});

Deno.test("runCommandLine() gives the code of the command", async () => {
  const command = { ...failing(() => 0), run: () => 1 };
  assertEquals((await runCli(["fail"], { commands: [command] })).code, 1);
});
