import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { makeBatch } from "./_batch.ts";
import { inFolder } from "./_cli.ts";

const ROOT = new URL("../../", import.meta.url);

/** What the README gives: reading and writing, no environment. */
const PERMISSIONS = ["--allow-read", "--allow-write"];

async function runProcess(
  words: readonly string[],
  permissions: readonly string[] = PERMISSIONS,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", ...permissions, "cli.ts", ...words],
    cwd: ROOT,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

Deno.test("cli.ts asks for no permission but those of the README", () =>
  inFolder(async (folder) => {
    await makeBatch(folder);
    for (
      const words of [
        ["--version"],
        ["info", folder, "--json"],
        ["totals", folder, "--per", "gene"],
        ["show", folder, "--gene", "LYZ"],
        ["verify", folder, "--deep", "--quiet"],
        ["completions", "bash"],
      ]
    ) {
      const { code, stderr } = await runProcess(words);
      assertEquals([code, stderr], [0, ""], words.join(" "));
    }
  }));

Deno.test("cli.ts reads with --allow-read of the container alone", () =>
  inFolder(async (folder) => {
    await makeBatch(folder);
    const { code, stdout, stderr } = await runProcess(
      ["totals", folder, "--per", "gene"],
      [`--allow-read=${folder}`],
    );
    assertEquals([code, stderr], [0, ""]);
    assertStringIncludes(stdout, "CD3D\t302\n");
  }));

Deno.test("cli.ts says which permission it lacks", () =>
  inFolder(async (folder) => {
    await makeBatch(folder);
    const { code, stdout, stderr } = await runProcess(["info", folder], []);
    assertEquals([code, stdout], [1, ""]);
    assert(/^error: Cannot .+: it needs --allow-read\n$/.test(stderr), stderr);
  }));

Deno.test("cli.ts exits with 1 for a failure, with 2 for misuse", async () => {
  const failed = await runProcess(["info", "not/there"]);
  assertEquals(failed.code, 1);
  assertEquals(failed.stderr.split("\n").length, 2);
  assertEquals((await runProcess(["nonsense"])).code, 2);
});

Deno.test({
  name: "cli.ts ends quietly when its reader goes away",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (folder) => {
      const barcodes = Array.from({ length: 4 }, (_, at) =>
        `${at}`.padEnd(100_000, "A"));
      await makeBatch(folder, barcodes);
      const { stdout, stderr } = await new Deno.Command("bash", {
        args: [
          "-c",
          `"$0" run --quiet --allow-read cli.ts totals "$1" --per profile ` +
          `| head -c 5; echo " \${PIPESTATUS[0]}"`,
          Deno.execPath(),
          folder,
        ],
        cwd: ROOT,
      }).output();
      const decoder = new TextDecoder();
      assertEquals(decoder.decode(stderr), "");
      assertEquals(decoder.decode(stdout), "name\t 0\n");
    }),
});

Deno.test({
  name: "cli.ts leaves nothing of an import that is interrupted",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (folder) => {
      await makeLargeSource(`${folder}/tenx`);
      for (const signal of ["SIGINT", "SIGTERM"] as const) {
        const child = new Deno.Command(Deno.execPath(), {
          args: [
            ...["run", "--quiet", ...PERMISSIONS, "cli.ts", "import"],
            `${folder}/tenx`,
            `${folder}/cells`,
          ],
          cwd: ROOT,
          stdin: "null",
          stdout: "null",
          stderr: "piped",
        }).spawn();
        while (countPartial(folder) === 0) await delay(5);
        child.kill(signal);
        const { code, stderr } = await child.output();
        assertEquals(new TextDecoder().decode(stderr), "interrupted\n");
        assertEquals(code, 130);
        assertEquals([...Deno.readDirSync(folder)].length, 1);
      }
    }),
});

/** Enough that there is time to interrupt: 6 million entries. */
async function makeLargeSource(path: string): Promise<void> {
  const [genes, cells] = [2000, 3000];
  await Deno.mkdir(path);
  const lines = (count: number, line: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => line(at + 1)).join("");
  await Deno.writeTextFile(
    `${path}/genes.tsv`,
    lines(genes, (gene) => `ENSG${gene}\tG${gene}\n`),
  );
  await Deno.writeTextFile(
    `${path}/barcodes.tsv`,
    lines(cells, (cell) => `A${cell}-1\n`),
  );
  using file = await Deno.create(`${path}/matrix.mtx`);
  const write = (text: string) => file.write(new TextEncoder().encode(text));
  await write("%%MatrixMarket matrix coordinate integer general\n");
  await write(`${genes} ${cells} ${genes * cells}\n`);
  const ones = Array.from({ length: genes }, (_, gene) => gene + 1);
  for (let cell = 1; cell <= cells; cell++) {
    await write(ones.map((gene) => `${gene} ${cell} 1\n`).join(""));
  }
}

function countPartial(folder: string): number {
  return [...Deno.readDirSync(folder)]
    .filter(({ name }) => name.endsWith(".partial")).length;
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
