import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { makeBatch } from "./_batch.ts";
import { inFolder, runCli } from "./_cli.ts";
import { runBadly, runWell, totalsOf } from "./_study.ts";

interface Place {
  readonly folder: string;
  readonly base: string;
  readonly dest: string;
}

function withBase(
  test: (place: Place) => Promise<void>,
  barcodes?: readonly string[],
): Promise<void> {
  return inFolder(async (folder) => {
    const base = `${folder}/cells`;
    await makeBatch(base, barcodes);
    await test({ folder, base, dest: `${folder}/some` });
  });
}

Deno.test("view keeps what --where is true of, and says how much", () =>
  withBase(async ({ base, dest }) => {
    const { stdout, stderr } = await runWell(
      ["view", dest, "--base", base, "--where", "p.total_umis > 7"],
    );
    assertEquals([stdout, stderr], [
      "",
      `${dest}: 2 of 4 cells, all 3 genes\n`,
    ]);
    assertEquals(await totalsOf(dest, "profile"), {
      "AAAG-1": 300,
      "AACG-1": 8,
    });
  }));

Deno.test("view takes --where of profiles and of genes at once", () =>
  withBase(async ({ base, dest }) => {
    const where = 'p.barcode matches "^AAA" and g.name in ["lyz", "cd3d"]';
    const words = ["view", dest, "--base", base, "--where", where];
    const { stderr } = await runWell(words);
    assertEquals(stderr, `${dest}: 2 of 4 cells, 2 of 3 genes\n`);
    assertEquals(await totalsOf(dest, "gene"), { CD3D: 302, LYZ: 0 });
  }));

Deno.test("view takes lists of names, ids and indices", () =>
  withBase(async ({ folder, base, dest }) => {
    const [genes, cells] = [`${folder}/genes.txt`, `${folder}/cells.txt`];
    await Deno.writeTextFile(genes, "lyz\r\nENSG2\n");
    await Deno.writeTextFile(cells, "AACG-1\nAAAC-1\n\n");
    const files = ["--genes-file", genes, "--profiles-file", cells];
    await runWell(["view", dest, "--base", base, ...files]);
    const { stdout } = await runWell(["totals", dest, "--per", "profile"]);
    assertEquals(stdout, "name\ttotal\nAACG-1\t7\nAAAC-1\t2\n");
    await Deno.writeTextFile(genes, "2\n1\n");
    await Deno.writeTextFile(cells, "3\n0\n");
    const words = ["view", dest, "--base", base, ...files, "--indices"];
    await runWell([...words, "--force"]);
    const again = await runWell(["totals", dest, "--per", "profile"]);
    assertEquals(again.stdout, stdout);
    assertEquals(Object.keys(await totalsOf(dest, "gene")), ["CD3D", "LYZ"]);
  }));

Deno.test("view keeps what a list and --where both have", () =>
  withBase(async ({ folder, base, dest }) => {
    const cells = `${folder}/cells.txt`;
    await Deno.writeTextFile(cells, "AACG-1\nAAAC-1\nAACC-1\n");
    const words = ["view", dest, "--base", base, "--profiles-file", cells];
    await runWell([...words, "--where", "p.total_umis > 0"]);
    const { stdout } = await runWell(["totals", dest, "--per", "profile"]);
    assertEquals(stdout, "name\ttotal\nAACG-1\t8\nAAAC-1\t7\n");
  }));

Deno.test("view without a choice is a link", () =>
  withBase(async ({ base, dest }) => {
    const { stderr } = await runWell(["view", dest, "--base", base]);
    assertEquals(stderr, `${dest}: all 4 cells, all 3 genes\n`);
    assertEquals(await totalsOf(dest, "gene"), await totalsOf(base, "gene"));
    for (const words of [["verify", dest], ["verify", dest, "--deep"]]) {
      await runWell(words);
    }
    const show = ["show", dest, "--profile", "AAAG-1"];
    assertEquals((await runWell(show)).stdout, "gene\tumis\nCD3D\t300\n");
  }));

Deno.test("view lists what is unknown and ambiguous", () =>
  withBase(async ({ folder, base, dest }) => {
    const list = `${folder}/list.txt`;
    for (
      const [option, text, why] of [
        ["profiles", "A\nB\nX\nY\n", "2 unknown: X, Y; 1 ambiguous: B"],
        ["profiles", "A\nA\n", "1 given more than once: A"],
        ["profiles", "0\n", "1 unknown: 0"],
        ["profiles", "", "it names no profile"],
        ["genes", "lyz\nnone\n", "1 unknown: none"],
        ["genes", "lyz\nENSG3\n", "1 given more than once: ENSG3"],
      ] as const
    ) {
      await Deno.writeTextFile(list, text);
      const words = ["view", dest, "--base", base, `--${option}-file`, list];
      const line = await runBadly(words);
      const start = `error: Cannot use ${list} as a list of ${option}: `;
      assertEquals(line, `${start}${why}\n`);
    }
    await Deno.writeTextFile(list, "0\n4\n-1\nx\n");
    const words = ["view", dest, "--base", base, "--profiles-file", list];
    const line = await runBadly([...words, "--indices"]);
    assertStringIncludes(line, ": 3 are no indices below 4: 4, -1, x\n");
    assertEquals(has(dest), false);
  }, ["A", "B", "B", "C"]));

Deno.test("view refuses an empty view, and a bad expression", () =>
  withBase(async ({ base, dest }) => {
    for (
      const [where, why] of [
        ["p.total_umis > 1e6", `no cells of ${base} are left`],
        ['g.name == "none"', `no genes of ${base} are left`],
        ["p.total_umis >", "Cannot parse p.total_umis >: at character 15"],
        ["p.age > 3", "there are barcode, total_umis"],
      ] as const
    ) {
      const words = ["view", dest, "--base", base, "--where", where];
      assertStringIncludes(await runBadly(words), why);
      assertEquals(has(dest), false);
    }
  }));

Deno.test("view replaces a container only with --force", () =>
  withBase(async ({ folder, base, dest }) => {
    const words = ["view", dest, "--base", base];
    await runWell(words);
    assertStringIncludes(await runBadly(words), "--force");
    await runWell([...words, "--force"]);
    await Deno.mkdir(`${folder}/mine`);
    await Deno.writeTextFile(`${folder}/mine/thesis.txt`, "");
    await runBadly(["view", `${folder}/mine`, "--base", base, "--force"]);
    assert(has(`${folder}/mine/thesis.txt`));
    await runBadly(["view", `${base}/inside`, "--base", base]);
  }));

Deno.test("view wants a base, and a list for --indices", async () => {
  for (
    const words of [["view", "x"], ["view", "x", "--base", "y", "--indices"]]
  ) {
    assertEquals((await runCli(words)).code, 2);
  }
});

function has(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
