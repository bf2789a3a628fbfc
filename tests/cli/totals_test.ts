import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { decodeNpy } from "../../src/arrays/npy.ts";
import { makeBatch } from "./_batch.ts";
import { inFolder, runCli } from "./_cli.ts";

const OF_PROFILES =
  "name\ttotal\nAAAC-1\t7\nAAAG-1\t300\nAACC-1\t0\nAACG-1\t8\n";
const OF_GENES = "name\ttotal\nACTB\t6\nCD3D\t302\nLYZ\t7\n";

Deno.test("totals prints a table a profile or a gene", () =>
  inFolder(async (folder) => {
    await makeBatch(folder);
    for (
      const [per, expected] of [
        ["profile", OF_PROFILES],
        ["gene", OF_GENES],
      ] as const
    ) {
      const { code, stdout, stderr } = await runCli([
        "totals",
        folder,
        "--per",
        per,
      ]);
      assertEquals([code, stdout, stderr], [0, expected, ""]);
    }
  }));

Deno.test("totals reads no names of profiles for totals of genes", () =>
  inFolder(async (folder) => {
    await makeBatch(folder);
    await Deno.writeTextFile(`${folder}/p.barcode.txt`, "too\nfew\n");
    const genes = await runCli(["totals", folder, "--per", "gene"]);
    assertEquals([genes.code, genes.stdout], [0, OF_GENES]);
    const profiles = await runCli(["totals", folder, "--per", "profile"]);
    assertEquals([profiles.code, profiles.stdout], [1, ""]);
  }));

Deno.test("totals keeps nothing with --no-cache", () =>
  inFolder(async (folder) => {
    await makeBatch(folder);
    const words = ["totals", folder, "--per", "gene"];
    await runCli([...words, "--no-cache"]);
    const names = () => [...Deno.readDirSync(folder)].map(({ name }) => name);
    assert(!names().includes("cache"));
    await runCli(words);
    assert(names().includes("cache"));
  }));

Deno.test("totals --to json and npy hold the same", () =>
  inFolder(async (folder) => {
    await makeBatch(folder);
    const words = ["totals", folder, "--per", "gene", "--to"];
    const json = await runCli([...words, "json"]);
    assertEquals(JSON.parse(json.stdout), {
      per: "gene",
      names: ["ACTB", "CD3D", "LYZ"],
      totals: [6, 302, 7],
    });
    const npy = await runCli([...words, "npy"]);
    const { dtype, data } = decodeNpy(npy.stdoutBytes);
    assertEquals(dtype, "float64");
    assertEquals(data, new Float64Array([6, 302, 7]));
  }));

Deno.test("totals never prints npy on a terminal", () =>
  inFolder(async (folder) => {
    await makeBatch(folder);
    const { code, stdout, stderr } = await runCli(
      ["totals", folder, "--per", "gene", "--to", "npy"],
      { stdout: { isTerminal: true } },
    );
    assertEquals([code, stdout], [2, ""]);
    assertStringIncludes(stderr, "npy is binary: --output FILE");
  }));

Deno.test("totals --output writes a file and nothing else", () =>
  inFolder(async (folder) => {
    await makeBatch(folder);
    const output = `${folder}/totals.tsv`;
    const { code, stdout } = await runCli([
      "totals",
      folder,
      "--per",
      "profile",
      "-o",
      output,
    ]);
    assertEquals([code, stdout], [0, ""]);
    assertEquals(await Deno.readTextFile(output), OF_PROFILES);
  }));

Deno.test("totals --output replaces totals, and nothing else", () =>
  inFolder(async (folder) => {
    await makeBatch(folder);
    const words = ["totals", folder, "--per", "profile", "-o"];
    const output = `${folder}.tsv`;
    for (const text of ["", OF_PROFILES, '{"per":"gene"}']) {
      await Deno.writeTextFile(output, text);
      assertEquals((await runCli([...words, output])).code, 0);
      assertEquals(await Deno.readTextFile(output), OF_PROFILES);
    }
    await Deno.writeTextFile(output, "my notes");
    const notes = await runCli([...words, output]);
    assertEquals([notes.code, notes.stdout], [1, ""]);
    assertStringIncludes(notes.stderr, "it is there, and it holds no totals");
    assertEquals(await Deno.readTextFile(output), "my notes");
    const yaml = `${folder}/profiles.yaml`;
    const before = await Deno.readTextFile(yaml);
    const part = await runCli([...words, yaml]);
    assertEquals(part.code, 1);
    assertStringIncludes(part.stderr, "it belongs to a container");
    assertEquals(await Deno.readTextFile(yaml), before);
    await Deno.remove(output);
  }));

Deno.test("totals --profiles-file takes names, or indices", () =>
  inFolder(async (folder) => {
    await makeBatch(folder);
    const file = `${folder}/some.txt`;
    for (const text of ["AACG-1\nAAAC-1\n", "3\r\n0\r\n"]) {
      await Deno.writeTextFile(file, text);
      const words = ["totals", folder, "--profiles-file", file, "--per"];
      const profiles = await runCli([...words, "profile"]);
      assertEquals(profiles.stdout, "name\ttotal\nAACG-1\t8\nAAAC-1\t7\n");
      const genes = await runCli([...words, "gene"]);
      assertEquals(genes.stdout, "name\ttotal\nACTB\t6\nCD3D\t2\nLYZ\t7\n");
    }
  }));

Deno.test("totals lists the profiles of a file that it can't find", () =>
  inFolder(async (folder) => {
    await makeBatch(folder, ["A", "B", "B", "C"]);
    const file = `${folder}/some.txt`;
    for (
      const [text, why] of [
        ["A\nX\nB\nY\n", "2 unknown: X, Y; 1 ambiguous: B"],
        ["A\nC\nA\n", "1 given more than once: A"],
        ["0\n4\n", "1 is neither names nor below 4: 4"],
        ["1\n1\n", "1 given more than once: 1"],
        ["\n", "it names no profile"],
      ] as const
    ) {
      await Deno.writeTextFile(file, text);
      const { code, stderr } = await runCli([
        "totals",
        folder,
        "--per",
        "gene",
        "--profiles-file",
        file,
      ]);
      assertEquals(code, 1);
      assertEquals(
        stderr,
        `error: Cannot use ${file} as a list of profiles: ${why}\n`,
      );
    }
  }));

Deno.test("totals needs --per", async () => {
  const { code, stderr } = await runCli(["totals", "x"]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, "--per KIND is missing");
});
