import { assertEquals } from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";

/** Each must hold for the real package too: no case is the stand-in's own. */
const OPTIONS = {
  string: ["output", "tag", "_"],
  boolean: ["quiet", "cache"],
  collect: ["tag"],
  negatable: ["cache"],
  alias: { output: "o", quiet: "q" },
  default: { cache: true },
} as const;

const CASES: readonly [string, Record<string, unknown>][] = [
  ["a 3 b", { _: ["a", "3", "b"] }],
  ["--output x", { output: "x", o: "x" }],
  ["--output=x=y", { output: "x=y", o: "x=y" }],
  ["-o x", { output: "x", o: "x" }],
  ["-o -", { output: "-", o: "-" }],
  ["--output -", { output: "", o: "", _: ["-"] }],
  ["--output -1", { output: "", o: "", 1: true }],
  ["--output a --output b", { output: "b", o: "b" }],
  ["--output 1e3", { output: "1e3", o: "1e3" }],
  ["--tag a --tag=b", { tag: ["a", "b"] }],
  ["--quiet a", { quiet: true, q: true, _: ["a"] }],
  ["--quiet false a", { _: ["a"] }],
  ["--quiet=false", {}],
  ["-q a", { quiet: true, q: true, _: ["a"] }],
  ["--no-cache", { cache: false }],
  ["--cache --no-cache", { cache: false }],
  ["a -- --quiet", { _: ["a", "--quiet"] }],
];

for (const [line, expected] of CASES) {
  Deno.test(`parseArgs() reads ${line}`, () => {
    assertEquals({ ...parseArgs(line.split(" "), structuredClone(OPTIONS)) }, {
      _: [],
      cache: true,
      quiet: false,
      q: false,
      tag: [],
      ...expected,
    });
  });
}

Deno.test("parseArgs() asks about options that it does not know", () => {
  const asked: string[] = [];
  parseArgs(["--no-quiet", "--outptu=x", "a", "-z"], {
    string: ["output"],
    boolean: ["quiet"],
    unknown: (arg: string) => {
      asked.push(arg);
      return false;
    },
  });
  assertEquals(asked, ["--no-quiet", "--outptu=x", "a", "-z"]);
});

Deno.test("parseArgs() gives its options their types", () => {
  const args = parseArgs(["--tag=a"], {
    string: ["output", "tag"],
    boolean: ["quiet"],
    collect: ["tag"],
  });
  const output: string | undefined = args.output;
  const tags: string[] = args.tag;
  const quiet: boolean = args.quiet;
  assertEquals([output, tags, quiet], [undefined, ["a"], false]);
});
