import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { makeBatch } from "./_batch.ts";
import { inFolder, runCli } from "./_cli.ts";

Deno.test("info --json says what a container holds", () =>
  inFolder(async (folder) => {
    const path = `${folder}/cells`;
    await makeBatch(path);
    const { code, stdout, stderr } = await runCli(["info", path, "--json"]);
    assertEquals([code, stderr], [0, ""]);
    const { uuid, bytes, matrix_bytes, genes, ...rest } = JSON.parse(stdout);
    assertMatch(uuid, /^[0-9a-f-]{36}$/);
    assertMatch(genes.uuid, /^[0-9a-f-]{36}$/);
    assertEquals(genes.path.endsWith("genes"), true);
    assertEquals(matrix_bytes, Deno.statSync(`${path}/gp.umis.mmm`).size);
    assertEquals(bytes > matrix_bytes, true);
    assertEquals(rest, {
      kind: "batch",
      path,
      organism: "human",
      profiles_kind: "cells",
      profiles_count: 4,
      genes_count: 3,
      genes_not_measured: 0,
      entries_count: 5,
      available: {
        g: ["id", "name", "total_umis"],
        p: ["barcode", "total_umis"],
      },
      name: null,
      base: null,
      grouped: null,
      members: null,
    });
  }));

Deno.test("info prints a table for people", () =>
  inFolder(async (folder) => {
    await makeBatch(folder);
    const { stdout } = await runCli(["info", folder]);
    assertMatch(stdout, /^kind {8}batch\nprofiles {4}4 cells\ngenes {7}3\n/);
    assertStringIncludes(stdout, "entries     5 (41.7% of all counts)\n");
  }));

Deno.test("info refuses what is no container", () =>
  inFolder(async (folder) => {
    await makeBatch(folder);
    await Deno.mkdir(`${folder}/cache`);
    for (
      const [path, why] of [
        [`${folder}/none`, "there is no such folder"],
        [`${folder}/cache`, "it is not a container of profiles"],
        [`${folder}/genes`, "it is a genes set, not a container of profiles"],
      ] as const
    ) {
      const { code, stdout, stderr } = await runCli(["info", path]);
      assertEquals([code, stdout], [1, ""]);
      assertStringIncludes(stderr, `error: Cannot open ${path}: ${why}`);
    }
  }));

Deno.test("info takes the genes of --genes-set", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a/cells`;
    await makeBatch(path);
    await Deno.rename(`${path}/genes`, `${folder}/elsewhere`);
    const lost = await runCli(["info", path]);
    assertEquals(lost.code, 1);
    assertStringIncludes(lost.stderr, "--genes-set");
    const { code } = await runCli([
      "info",
      path,
      "--genes-set",
      `${folder}/elsewhere`,
    ]);
    assertEquals(code, 0);
  }));

/** A collection of two links, a view of it, and the sums of that. */
async function makeStudy(folder: string): Promise<void> {
  await makeBatch(`${folder}/a`);
  await makeBatch(`${folder}/b`);
  const run = async (...words: string[]) => {
    const { code, stderr } = await runCli(words);
    assertEquals(code, 0, stderr);
  };
  await run("collect", `${folder}/study`, `${folder}/a`, `x=${folder}/b`);
  const where = ["--where", "p.total_umis > 7"];
  await run("view", `${folder}/some`, "--base", `${folder}/study`, ...where);
  await Deno.writeTextFile(`${folder}/labels`, "T\nT\nB\n\n");
  const by = ["--by", `${folder}/labels`];
  await run("sum", `${folder}/some`, `${folder}/sums`, ...by);
}

Deno.test("info draws what a container is made of", () =>
  inFolder(async (folder) => {
    await makeStudy(folder);
    const tree = async () => {
      const { stdout } = await runCli(["info", `${folder}/sums`]);
      return stdout.split("\n\n")[1]!.replaceAll(`${folder}/`, "");
    };
    assertEquals(
      await tree(),
      `sums: groups, 2 metacells x 3 genes
└─ grouped some: view, 4 cells x 3 genes
   └─ base study: collection, 8 cells x 3 genes
      ├─ a: view, 4 cells x 3 genes
      │  └─ base a: batch, 4 cells x 3 genes
      └─ x: view, 4 cells x 3 genes
         └─ base b: batch, 4 cells x 3 genes
`,
    );
    await Deno.remove(`${folder}/some`, { recursive: true });
    const lost = await tree();
    assertStringIncludes(lost, "└─ grouped: Cannot open sums: its grouped");
    assertStringIncludes(lost, "is missing");
  }));

Deno.test("info draws with ASCII where a terminal has no more", () =>
  inFolder(async (folder) => {
    await makeStudy(folder);
    const { stdout } = await runCli(["info", `${folder}/study`], {
      environment: { TERM: "linux" },
    });
    assertStringIncludes(stdout, "\n|- a: view");
    assertStringIncludes(stdout, "\n`- x: view");
  }));

Deno.test("info --json has base, grouped and members", () =>
  inFolder(async (folder) => {
    await makeStudy(folder);
    const words = ["info", `${folder}/sums`, "--json"];
    const json = JSON.parse((await runCli(words)).stdout);
    const view = json.grouped;
    const study = view.base;
    assertEquals(
      [json.kind, view.kind, study.kind],
      ["groups", "view", "collection"],
    );
    assertEquals(json.profiles_kind, "metacells");
    const members: { name: string; kind: string; base: { path: string } }[] =
      study.members;
    assertEquals(
      members.map(({ name, kind, base }) => [name, kind, base.path]),
      [["a", "view", `${folder}/a`], ["x", "view", `${folder}/b`]],
    );
    assertEquals(study.base, null);
  }));
