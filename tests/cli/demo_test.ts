import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { totalEverywhere } from "../../src/cli/demo/total_everywhere.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import { makeBatch } from "./_batch.ts";
import { inFolder, runCli } from "./_cli.ts";

Deno.test("demo makes, imports, totals and draws, again and again", () =>
  inFolder(async (folder) => {
    const path = `${folder}/demo`;
    const first = await runCli(["demo", path]);
    assertEquals([first.code, first.stderr], [0, ""]);
    for (
      const text of [
        "8,000 barcodes x 32,738 genes, 2,686,352 counts, 6,818,160 UMIs",
        "First barcodes",
        "Top genes",
        "knee",
        "inflection",
        "⣤",
        `metacell totals ${path}/cells --per profile`,
        "metacell import FOLDER_WITH_MATRIX_MTX my-cells",
      ]
    ) assertStringIncludes(first.stdout, text);
    const lines = first.stdout.split("\n");
    assert(lines.length < 40, String(lines.length));
    const info = await runCli(["info", `${path}/cells`, "--json"]);
    const { profiles_count, entries_count, matrix_bytes } = JSON.parse(
      info.stdout,
    );
    assertEquals([profiles_count, entries_count], [8000, 2686352]);
    assert(matrix_bytes / entries_count < 2.5);
    const second = await runCli(["demo", path], {
      environment: { LC_ALL: "C" },
      stdout: { columns: 60 },
    });
    assertEquals(second.code, 0);
    assert(/^[\x20-\x7e\n]*$/.test(second.stdout));
  }));

Deno.test("demo leaves folders of others alone", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/thesis.txt`, "");
    const { code, stderr } = await runCli(["demo", folder]);
    assertEquals(code, 1);
    assertEquals(
      stderr,
      `error: Cannot make a demo in ${folder}: it is there, and not of an ` +
        "earlier demo\n",
    );
    assertEquals([...Deno.readDirSync(folder)].length, 1);
  }));

Deno.test("totalEverywhere() stops when it is told to", () =>
  inFolder(async (folder) => {
    await makeBatch(folder);
    using profiles = await Profiles.load(folder, undefined, { cache: false });
    const signal = AbortSignal.abort(new Error("enough"));
    await assertRejects(
      () => totalEverywhere(profiles, { signal }),
      Error,
      "enough",
    );
  }));
