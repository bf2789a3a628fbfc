/** What scripts pass to every command, whatever it has a use for. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { COMMANDS } from "../../src/cli/commands.ts";
import { COMMON_OPTIONS } from "../../src/cli/global_options.ts";
import { makeBatch } from "./_batch.ts";
import { inFolder, runCli } from "./_cli.ts";

/** A line of each command; `@` stands for a folder. */
const LINES: Readonly<Record<string, string>> = {
  "import": "import @/table.csv @/imported --genes-in rows",
  "genes create": "genes create @/set --from @/table.csv --genes-in rows",
  "genes info": "genes info @/cells/genes",
  "info": "info @/cells",
  "totals": "totals @/cells --per gene -o @/totals.tsv",
  "show": "show @/cells --gene ACTB",
  "annotate": "annotate @/cells @/labels.csv",
  "view": "view @/some --base @/cells --where p.total_umis>5",
  "collect": "collect @/study a=@/cells",
  "sum": "sum @/cells @/types --by @/labels.csv:type",
  "export": "export @/cells @/tenx",
  "plan": "plan @/cells --per gene -o @/plan.json",
  "merge": "merge --plan @/plan.json @/merged.tsv",
  "delane": "delane @/study @/lanes",
  "verify": "verify @/cells --deep",
  "devices": "devices",
  "demo": "demo @/demo",
  "completions": "completions bash",
};

/** Those that take seconds are only asked what they refuse. */
const SLOW = ["devices", "demo"];

/** Those that need more than the batch: what they take is seen elsewhere. */
const NEEDS_MORE = ["merge", "delane"];

/** Those that write where the user says. */
const WRITERS = COMMANDS.map(({ name }) => name).filter((name) =>
  !["genes info", "info", "show", "verify", "devices", "completions"]
    .includes(name)
);

Deno.test("every command has a line here", () => {
  assertEquals(Object.keys(LINES), COMMANDS.map(({ name }) => name));
});

Deno.test("every command takes the options that scripts pass everywhere", () =>
  inFolder(async (folder) => {
    await prepare(folder);
    const genes = ["--genes-set", `${folder}/cells/genes`];
    const compute = ["--device", "cpu", "--threads", "1", "--no-cache"];
    const options = [...genes, ...compute, "--quiet"];
    for (const { name } of COMMANDS) {
      if (SLOW.includes(name) || NEEDS_MORE.includes(name)) continue;
      const force = WRITERS.includes(name) ? ["--force"] : [];
      const line = [...lineOf(name, folder), ...options, ...force];
      const { code, stderr } = await runCli(line);
      assertEquals([code, stderr], [0, ""], line.join(" "));
    }
    const cached = [...Deno.readDirSync(`${folder}/cells`)]
      .some(({ name }) => name === "cache");
    assert(!cached, "--no-cache kept something");
  }));

Deno.test("every command refuses what can't be a device or threads, with 2", async () => {
  for (const { name } of COMMANDS) {
    for (
      const [words, why] of [
        [["--threads", "none"], "--threads can't be none"],
        [["--threads", "0"], "--threads can't be 0"],
        [["--device", "tpu"], "--device can't be tpu"],
        [["--device="], "--device needs a value"],
        [["--genes-set="], "--genes-set needs a value"],
      ] as const
    ) {
      const { code, stdout, stderr } = await runCli([
        ...lineOf(name),
        ...words,
      ]);
      assertEquals([code, stdout], [2, ""], name);
      assertStringIncludes(stderr, why);
    }
  }
});

Deno.test("what writes takes --force, and what only reads refuses it", async () => {
  for (const { name } of COMMANDS) {
    const isWriter = WRITERS.includes(name);
    const { stdout } = await runCli(["help", ...name.split(" ")]);
    assertEquals(stdout.includes("--force"), isWriter, name);
    if (isWriter) continue;
    const { code, stderr } = await runCli([...lineOf(name), "--force"]);
    assertEquals(code, 2, name);
    assertStringIncludes(stderr, "there is no option --force");
  }
});

Deno.test("help names the common options, and which have no effect", async () => {
  for (const { name, options } of COMMANDS) {
    const { stdout } = await runCli(["help", ...name.split(" ")]);
    const [own, ...rest] = stdout.replaceAll(/\s+/g, " ")
      .split("Also taken, without effect here:");
    for (const common of COMMON_OPTIONS) {
      const isOwn = options.some((option) => option.name === common.name);
      const part = isOwn ? own! : rest.join();
      assertStringIncludes(part, `--${common.name}`, name);
    }
  }
});

async function prepare(folder: string): Promise<void> {
  await makeBatch(`${folder}/cells`);
  const table = "gene,c1,c2\nACTB,1,0\nCD3D,2,3\nLYZ,0,4\n";
  await Deno.writeTextFile(`${folder}/table.csv`, table);
  const labels = "barcode,type\nAAAC-1,T\nAAAG-1,B\nAACG-1,T\n";
  await Deno.writeTextFile(`${folder}/labels.csv`, labels);
}

function lineOf(name: string, folder = "nowhere"): string[] {
  return LINES[name]!.replaceAll("@", folder).split(" ");
}
