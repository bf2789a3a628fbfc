import { assertEquals, assertStringIncludes } from "@std/assert";
import { nameOptions } from "../../src/cli/option_names.ts";
import { makeBatch } from "./_batch.ts";
import { inFolder, runCli } from "./_cli.ts";

Deno.test("nameOptions() names the options that a command has", () => {
  const options = ["force", "genes-in", "genes-set", "format"]
    .map((name) => ({ name, description: "" }));
  for (
    const [message, expected] of [
      ["x (`force` replaces it)", "x (--force replaces it)"],
      [
        "`genesIn` rows or `genesIn` columns",
        "--genes-in rows or --genes-in columns",
      ],
      ["`genes` or `genesSet`", "--genes-set or --genes-set"],
      ["`from` h5ad", "--format h5ad"],
      [
        "`layer`, `constructor`, `a b`, ``",
        "`layer`, `constructor`, `a b`, ``",
      ],
      ["force", "force"],
    ] as const
  ) assertEquals(nameOptions(message, options, { from: "format" }), expected);
});

Deno.test("messages name options as the command line has them", () =>
  inFolder(async (folder) => {
    const cells = `${folder}/cells`;
    await makeBatch(cells);
    await Deno.writeTextFile(`${folder}/a.csv`, "x,c1\nA,1\nB,2\n");
    await Deno.rename(`${cells}/genes`, `${folder}/elsewhere`);
    for (
      const [line, why] of [
        [`import ${folder}/a.csv ${cells}`, "(--force replaces it)"],
        [`import ${folder}/a.csv ${folder}/b`, "--genes-in rows or --genes-in"],
        [`info ${cells}`, "(--genes-set names one)"],
        [`export ${cells} x.what --genes-set ${folder}/elsewhere`, "by --to"],
      ] as const
    ) {
      const { code, stderr } = await runCli(line.split(" "));
      assertEquals(code, 1, line);
      assertStringIncludes(stderr, why);
    }
    const { stdout } = await runCli(["verify", cells]);
    assertStringIncludes(stdout, "(--genes-set names one)");
  }));
