import { assertEquals, assertStringIncludes } from "@std/assert";
import { makeBatch } from "./_batch.ts";
import { inFolder, runCli } from "./_cli.ts";

Deno.test("show prints the counts of a profile, by name or index", () =>
  inFolder(async (folder) => {
    await makeBatch(folder);
    for (const profile of ["AACG-1", "3"]) {
      const { code, stdout } = await runCli([
        "show",
        folder,
        "--profile",
        profile,
      ]);
      assertEquals([code, stdout], [0, "gene\tumis\nACTB\t1\nLYZ\t7\n"]);
    }
  }));

Deno.test("show prints the counts of a gene, by name in any case or id", () =>
  inFolder(async (folder) => {
    await makeBatch(folder);
    for (const gene of ["CD3D", "cd3d", "ensg2"]) {
      const { code, stdout } = await runCli(["show", folder, "--gene", gene]);
      const expected = "profile\tumis\nAAAC-1\t2\nAAAG-1\t300\n";
      assertEquals([code, stdout], [0, expected]);
    }
  }));

Deno.test("show --json holds the same", () =>
  inFolder(async (folder) => {
    await makeBatch(folder);
    const profile = await runCli(["show", folder, "--profile", "0", "--json"]);
    assertEquals(JSON.parse(profile.stdout), {
      profile: "AAAC-1",
      index: 0,
      genes: ["ACTB", "CD3D"],
      umis: [5, 2],
    });
    const gene = await runCli(["show", folder, "--gene", "lyz", "--json"]);
    assertEquals(JSON.parse(gene.stdout), {
      gene: "LYZ",
      index: 2,
      profiles: ["AACG-1"],
      umis: [7],
    });
  }));

Deno.test("show suggests names that are like an unknown one", () =>
  inFolder(async (folder) => {
    await makeBatch(folder);
    for (
      const [words, message] of [
        [["--gene", "CD3"], "gene CD3 of"],
        [["--gene", "CD3"], "did you mean CD3D?"],
        [["--profile", "AAAC-2"], "did you mean AAAC-1"],
        [["--profile", "4"], "it has 4, counted from 0"],
      ] as const
    ) {
      const { code, stdout, stderr } = await runCli(["show", folder, ...words]);
      assertEquals([code, stdout], [1, ""]);
      assertStringIncludes(stderr, "error: Cannot find");
      assertStringIncludes(stderr, message);
    }
  }));

Deno.test("show refuses a name that several profiles have", () =>
  inFolder(async (folder) => {
    await makeBatch(folder, ["A", "B", "B", "C"]);
    const { code, stderr } = await runCli(["show", folder, "--profile", "B"]);
    assertEquals(code, 1);
    assertStringIncludes(stderr, "several have that name, at 1 and 2");
  }));

Deno.test("show wants a profile or a gene", async () => {
  for (const words of [[], ["--gene", "A", "--profile", "B"]]) {
    const { code, stderr } = await runCli(["show", "x", ...words]);
    assertEquals(code, 2);
    assertStringIncludes(stderr, "give one of --profile P and --gene G");
  }
});

Deno.test("show shields a terminal from names", () =>
  inFolder(async (folder) => {
    await makeBatch(folder, ["A\x1b[2J", "B", "C", "D"]);
    const { stdout } = await runCli(["show", folder, "--gene", "ACTB"], {
      stdout: { isTerminal: true },
    });
    assertStringIncludes(stdout, "A\\x1b[2J\t5\n");
  }));
