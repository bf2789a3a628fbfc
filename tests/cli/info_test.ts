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
      base: null,
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
