import { assertEquals, assertStringIncludes } from "@std/assert";
import { makeBatch } from "./_batch.ts";
import { inFolder, runCli } from "./_cli.ts";
import { runBadly, runWell, totalsOf } from "./_study.ts";

Deno.test("collect makes a collection of links", () =>
  inFolder(async (folder) => {
    const [a, b, study] = [`${folder}/a`, `${folder}/b`, `${folder}/study`];
    await makeBatch(a);
    await makeBatch(b);
    const { stdout, stderr } = await runWell(
      ["collect", study, `${a}/`, `second=${b}`],
    );
    const expected = `${study}: 2 members, 8 cells x 3 genes\n`;
    assertEquals([stdout, stderr], ["", expected]);
    const totals = await totalsOf(study, "profile");
    assertEquals(totals["a:AAAC-1"], 7);
    assertEquals(totals["second:AACG-1"], 8);
    assertEquals(await totalsOf(study, "gene"), {
      ACTB: 12,
      CD3D: 604,
      LYZ: 14,
    });
    const shown = await runWell(["show", study, "--gene", "lyz"]);
    assertEquals(
      shown.stdout,
      "profile\tumis\na:AACG-1\t7\nsecond:AACG-1\t7\n",
    );
    await runWell(["verify", study, "--deep"]);
    assertStringIncludes(
      await runBadly(["collect", study, a]),
      "--force",
    );
    await runWell(["collect", study, a, "--force"]);
  }));

Deno.test("collect says what only some members have", () =>
  inFolder(async (folder) => {
    const [a, b] = [`${folder}/a`, `${folder}/b`];
    await makeBatch(a);
    await makeBatch(b);
    await Deno.writeTextFile(`${folder}/t.csv`, "cell,age\nAAAC-1,3\n");
    await runWell(["annotate", a, `${folder}/t.csv`]);
    const { stderr } = await runWell(["collect", `${folder}/study`, a, b]);
    assertStringIncludes(stderr, "note: only some members have p.age\n");
  }));

Deno.test("collect refuses names that can't be", () =>
  inFolder(async (folder) => {
    const [a, b] = [`${folder}/a/cells`, `${folder}/b/cells`];
    await makeBatch(a);
    await makeBatch(b);
    for (
      const [members, why] of [
        [[a, b], "both would be named cells, name one of them by NAME=DIR"],
        [[`x=${a}`, `x=${b}`], "both would be named x"],
        [[`x=${a}`, `X=${b}`], "differ only by case"],
        [[`=${a}`], "it is empty"],
        [[`genes=${a}`], "for other things"],
        [[`x=${folder}/none`], "there is no such folder"],
      ] as const
    ) {
      const words = ["collect", `${folder}/study`, ...members];
      assertStringIncludes(await runBadly(words), why);
    }
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assertEquals(names.sort(), ["a", "b"]);
    assertEquals((await runCli(["collect", `${folder}/study`])).code, 2);
  }));

Deno.test("collect takes a path with a sign of equality", () =>
  inFolder(async (folder) => {
    await makeBatch(`${folder}/a=b`);
    await runWell(["collect", `${folder}/study`, `${folder}/a=b`]);
    const totals = await totalsOf(`${folder}/study`, "profile");
    assertEquals(totals["a=b:AAAC-1"], 7);
  }));
