import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { writeStudy } from "../imports/standard/_standard_folder.ts";
import { inFolder, runCli } from "./_cli.ts";

Deno.test("delane splits a source, and says what into", () =>
  inFolder(async (folder) => {
    const source = writeStudy(`${folder}/study`);
    const lanes = `${folder}/lanes`;
    const { code, stdout, stderr } = await runCli(["delane", source, lanes]);
    assertEquals([code, stdout], [0, ""]);
    assertEquals(
      stderr,
      `${lanes}: 2 lanes of 3 genes\n` +
        `${lanes}/L1: 3 profiles, 4 entries\n` +
        `${lanes}/L2: 2 profiles, 3 entries\n`,
    );
    const cells = await runCli(["import", `${lanes}/L1`, `${folder}/cells`]);
    assertEquals(cells.code, 0, cells.stderr);
    assertStringIncludes(cells.stderr, "3 cells x 3 genes of human");
  }));

Deno.test("delane replaces lanes with --force, and is silent with --quiet", () =>
  inFolder(async (folder) => {
    const source = writeStudy(`${folder}/study`);
    const words = ["delane", source, `${folder}/lanes`];
    assertEquals((await runCli(words)).code, 0);
    const { code, stderr } = await runCli(words);
    assertEquals(code, 1);
    assertMatch(stderr, /^error: Cannot write .*\(--force replaces it\)\n$/);
    const again = await runCli([...words, "--force", "--quiet"]);
    assertEquals(again, { ...again, code: 0, stdout: "", stderr: "" });
  }));

Deno.test("delane --json tells scripts where the lanes are", () =>
  inFolder(async (folder) => {
    const source = writeStudy(`${folder}/study`);
    const path = `${folder}/lanes`;
    const { stdout } = await runCli(["delane", source, path, "--json"]);
    assertEquals(JSON.parse(stdout), {
      source,
      path,
      genes_count: 3,
      lanes: [
        { name: "L1", path: `${path}/L1`, profiles_count: 3, entries_count: 4 },
        { name: "L2", path: `${path}/L2`, profiles_count: 2, entries_count: 3 },
      ],
    });
  }));

Deno.test("delane fails in one line", () =>
  inFolder(async (folder) => {
    const { code, stderr } = await runCli([
      "delane",
      `${folder}/none`,
      `${folder}/lanes`,
    ]);
    assertEquals(code, 1);
    assertEquals(
      stderr,
      `error: Cannot delane ${folder}/none: there is no such file or folder\n`,
    );
    assertEquals((await runCli(["delane", folder])).code, 2);
  }));
