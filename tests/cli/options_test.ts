import { assertEquals, assertThrows } from "@std/assert";
import { type ArgumentTable, parseCommandLine } from "../../src/cli/options.ts";
import { UsageError } from "../../src/cli/usage_error.ts";

const TABLE: ArgumentTable = {
  arguments: [
    { name: "DIR", description: "" },
    {
      name: "SHELL",
      description: "",
      optional: true,
      choices: ["bash", "zsh"],
    },
  ],
  options: [
    {
      name: "per",
      value: "KIND",
      choices: ["gene", "profile"],
      description: "",
    },
    { name: "output", short: "o", value: "FILE", description: "" },
    { name: "force", short: "f", description: "" },
    { name: "no-cache", description: "" },
    { name: "quiet", short: "q", description: "" },
  ],
};

const parse = (...words: string[]) => parseCommandLine(words, TABLE);

Deno.test("parseCommandLine() reads options in any place and form", () => {
  for (
    const words of [
      ["dir", "--per", "gene", "-o", "file", "--force"],
      ["--per=gene", "--output=file", "-f", "dir"],
      ["--force", "--per", "gene", "dir", "--output", "file"],
      ["-f", "--per", "gene", "--output", "file", "--", "dir"],
    ]
  ) {
    const parsed = parse(...words);
    assertEquals(parsed.argument("DIR"), "dir");
    assertEquals(parsed.text("per"), "gene");
    assertEquals(parsed.choice("per", ["gene", "profile"]), "gene");
    assertEquals(parsed.text("output"), "file");
    assertEquals(parsed.flag("force"), true);
    assertEquals(parsed.flag("quiet"), false);
    assertEquals(parsed.flag("no-cache"), false);
    assertEquals(parsed.optionalArgument("SHELL"), undefined);
  }
});

Deno.test("parseCommandLine() leaves values the strings they are", () => {
  const parsed = parse("007", "--output", "1e5");
  assertEquals(parsed.argument("DIR"), "007");
  assertEquals(parsed.text("output"), "1e5");
  assertEquals(parse("--", "-x").argument("DIR"), "-x");
  assertEquals(parse("dir", "--output=a=b").text("output"), "a=b");
  assertEquals(parse("dir", "--output=--x").text("output"), "--x");
});

Deno.test("parseCommandLine() knows flags that turn something off", () => {
  assertEquals(parse("dir", "--no-cache").flag("no-cache"), true);
});

Deno.test("parseCommandLine() reads letters that stand together", () => {
  const parsed = parse("dir", "-fq");
  assertEquals([parsed.flag("force"), parsed.flag("quiet")], [true, true]);
});

Deno.test("parseCommandLine() says what can't be understood", () => {
  for (
    const [words, message] of [
      [[], "DIR is missing"],
      [["a", "bash", "c"], "there is no place for the argument c"],
      [["a", "tcsh"], "SHELL can't be tcsh: it is bash or zsh"],
      [["a", "--outptu", "x"], "no option --outptu, did you mean --output?"],
      [["a", "--outptu=x"], "no option --outptu, did you mean --output?"],
      [["a", "--xyzzy"], "there is no option --xyzzy"],
      [["a", "-x"], "there is no option -x"],
      [["a", "--output"], "--output needs a value, FILE"],
      [["a", "--output="], "--output needs a value, FILE"],
      [["a", "--output", "--force"], "--output needs a value, FILE"],
      [["a", "--per"], "--per needs a value, gene or profile"],
      [["a", "--per", "cell"], "--per can't be cell: it is gene or profile"],
      [["a", "--per", "gene", "--per", "gene"], "--per is given twice"],
      [["a", "--force=yes"], "--force takes no value"],
    ] as const
  ) {
    assertThrows(() => parse(...words), UsageError, message, words.join(" "));
  }
});

Deno.test("parseCommandLine() misses an option that is required", () => {
  const options = [{
    name: "per",
    value: "K",
    required: true,
    description: "",
  }];
  assertThrows(
    () => parseCommandLine([], { arguments: [], options }),
    UsageError,
    "--per K is missing",
  );
});

const MANY: ArgumentTable = {
  arguments: [
    { name: "DEST", description: "" },
    { name: "DIR", description: "", optional: true, many: true },
  ],
  options: [
    { name: "from", value: "SOURCE", many: true, description: "" },
    { name: "join", value: "HOW", description: "" },
    { name: "force", description: "" },
  ],
};

Deno.test("parseCommandLine() takes many values up to the next option", () => {
  for (
    const [words, sources, rest] of [
      [["x", "--from", "a", "b", "--force"], ["a", "b"], []],
      [["--from", "a", "b", "--join", "c", "x", "y"], ["a", "b"], ["y"]],
      [["x", "--from=a", "y", "--from", "b", "c"], ["a", "b", "c"], ["y"]],
      [["--from", "a", "--", "x", "y"], ["a"], ["y"]],
      [["x", "--from", "--odd", "--from", "a"], undefined, []],
      [["--from", "a", "x"], undefined, []],
      [["x", "--from"], undefined, []],
    ] as const
  ) {
    const read = () => parseCommandLine(words, MANY);
    if (sources === undefined) {
      assertThrows(read, UsageError);
      continue;
    }
    assertEquals(read().texts("from"), [...sources]);
    assertEquals(read().argument("DEST"), "x");
    assertEquals(read().manyArguments("DIR"), [...rest]);
  }
});

Deno.test("parseCommandLine() takes many arguments before the last", () => {
  const table: ArgumentTable = {
    arguments: [
      { name: "SOURCE", description: "", many: true },
      { name: "DEST", description: "" },
    ],
    options: [],
  };
  const parsed = parseCommandLine(["a", "b", "c"], table);
  assertEquals(parsed.manyArguments("SOURCE"), ["a", "b"]);
  assertEquals(parsed.argument("DEST"), "c");
  assertEquals(parseCommandLine(["a", "b"], table).argument("DEST"), "b");
  const lone = () => parseCommandLine(["a"], table);
  assertThrows(lone, UsageError, "DEST is missing");
});
