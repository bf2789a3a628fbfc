import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { makeBatch } from "./_batch.ts";
import { inFolder, runCli } from "./_cli.ts";

Deno.test("verify finds nothing wrong with a good container", () =>
  inFolder(async (folder) => {
    await makeBatch(folder);
    for (const words of [[], ["--deep"]]) {
      const { code, stdout, stderr } = await runCli([
        "verify",
        folder,
        ...words,
      ]);
      assertEquals([code, stdout], [0, ""]);
      assertStringIncludes(stderr, "nothing is wrong");
    }
  }));

Deno.test("verify lists what is wrong, a line each, with 1", () =>
  inFolder(async (folder) => {
    await makeBatch(folder);
    await Deno.writeTextFile(`${folder}/p.barcode.txt`, "A\n");
    await Deno.writeTextFile(`${folder}/p.bad.npy`, "no npy");
    const { code, stdout } = await runCli(["verify", folder, "--quiet"]);
    assertEquals(code, 1);
    const lines = stdout.trimEnd().split("\n");
    assert(lines.length >= 2, stdout);
    assert(lines.every((line) => line.includes(folder)), stdout);
  }));

Deno.test("verify --json tells a script", () =>
  inFolder(async (folder) => {
    await makeBatch(folder);
    await Deno.writeTextFile(`${folder}/p.bad.npy`, "no npy");
    const { code, stdout } = await runCli(["verify", folder, "--json"]);
    assertEquals(code, 1);
    const { deep, problems } = JSON.parse(stdout);
    assertEquals(deep, false);
    assertEquals(problems.length, 1);
    assertStringIncludes(problems[0].path + problems[0].message, "p.bad");
  }));
