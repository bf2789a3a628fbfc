import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { inFolder, runCli } from "./_cli.ts";

/** Writes two tables, of which each has a gene of its own. */
async function writeTables(folder: string): Promise<readonly [string, string]> {
  const one = `${folder}/one.csv`;
  const two = `${folder}/two.csv`;
  await Deno.writeTextFile(one, "gene,a1,a2\nCD3D,4,0\nLYZ,0,9\n");
  await Deno.writeTextFile(two, "gene,b1,b2,b3\nLYZ,7,1,0\nMS4A1,5,0,2\n");
  return [one, two];
}

const namesIn = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

const ROWS = ["--genes-in", "rows"];

Deno.test("import makes a collection of several sources, and says so", () =>
  inFolder(async (folder) => {
    const [one, two] = await writeTables(folder);
    const study = `${folder}/study`;
    const words = ["import", one, `second=${two}`, study, ...ROWS];
    const { code, stdout, stderr } = await runCli(words);
    assertEquals([code, stdout], [0, ""], stderr);
    const lines = stderr.trimEnd().split("\n");
    assertEquals(
      lines[0],
      `${study}: 5 cells x 3 genes of unknown, 1 of them in all, from 2 sources`,
    );
    assertMatch(lines[1]!, /^6 entries, 28 UMIs, \d+ bytes .*, \d\.\d\d s$/);
    assertEquals(lines[2], `one: 2 cells, from dense table ${one}`);
    assertMatch(lines[3]!, /^2 entries, 13 UMIs, \d+ bytes \(.+ an entry\)$/);
    assert(
      lines.includes("note: 1 gene of the genes set is not measured here"),
    );
    const totals = await runCli(["totals", study, "--per", "profile"]);
    assertEquals(
      totals.stdout,
      "name\ttotal\none:a1\t4\none:a2\t9\nsecond:b1\t12\nsecond:b2\t1\n" +
        "second:b3\t2\n",
    );
    assertEquals((await runCli(["verify", study, "--deep"])).code, 0);
  }));

Deno.test("import --json describes each source", () =>
  inFolder(async (folder) => {
    const [one, two] = await writeTables(folder);
    const study = `${folder}/study`;
    const words = ["import", one, two, study, ...ROWS, "--json", "--quiet"];
    const { stdout, stderr } = await runCli(words);
    assertEquals(stderr, "");
    const json = JSON.parse(stdout);
    assertEquals(
      [json.path, json.profiles_count, json.genes_in_all, json.umis],
      [study, 5, 1, 28],
    );
    assertEquals(
      json.sources.map((
        source: Record<string, unknown>,
      ) => [source["name"], source["path"], source["umis"]]),
      [["one", `${study}/one`, 13], ["two", `${study}/two`, 15]],
    );
    const info = JSON.parse((await runCli(["info", study, "--json"])).stdout);
    assertEquals(info.uuid, json.uuid);
  }));

Deno.test("import --join intersection keeps the genes of all", () =>
  inFolder(async (folder) => {
    const [one, two] = await writeTables(folder);
    const study = `${folder}/study`;
    const words = ["import", one, two, study, ...ROWS];
    const { code } = await runCli([...words, "--join", "intersection"]);
    assertEquals(code, 0);
    const totals = await runCli(["totals", study, "--per", "gene"]);
    assertEquals(totals.stdout, "name\ttotal\nLYZ\t17\n");
    const genes = ["--genes-set", `${study}/genes`, "--force"];
    const both = await runCli([...words, "--join", "union", ...genes]);
    assertEquals(both.code, 2);
    assertStringIncludes(both.stderr, "--join makes a genes set");
  }));

Deno.test("import takes what has a = in its path", () =>
  inFolder(async (folder) => {
    const [one, two] = await writeTables(folder);
    const odd = `${folder}/a=b.csv`;
    await Deno.rename(one, odd);
    const study = `${folder}/study`;
    const { code, stderr } = await runCli(
      ["import", odd, `x=${two}`, study, ...ROWS],
    );
    assertEquals(code, 0, stderr);
    assertEquals(namesIn(study), ["a_b", "genes", "profiles.yaml", "x"]);
  }));

Deno.test("import asks for names where those of files are the same", () =>
  inFolder(async (folder) => {
    const [one] = await writeTables(folder);
    await Deno.mkdir(`${folder}/other`);
    await Deno.copyFile(one, `${folder}/other/one.csv`);
    const words = ["import", one, `${folder}/other/one.csv`, `${folder}/s`];
    const { code, stderr } = await runCli([...words, ...ROWS]);
    assertEquals(code, 1);
    assertMatch(stderr, /^error: .+ would be named one; .+ NAME=SOURCE\n$/);
    assertEquals(namesIn(folder), ["one.csv", "other", "two.csv"]);
  }));

Deno.test("import of one source takes no name, and needs a destination", () =>
  inFolder(async (folder) => {
    const [one] = await writeTables(folder);
    const cells = `${folder}/cells`;
    const named = await runCli(["import", `x=${one}`, cells, ...ROWS]);
    assertEquals(named.code, 0);
    assertStringIncludes(
      named.stderr,
      "note: one source is no collection: x names nothing\n",
    );
    assert(namesIn(cells).includes("gp.umis.mmm"));
    const alone = await runCli(["import", one]);
    assertEquals(alone.code, 2);
    assertStringIncludes(alone.stderr, "DEST is missing");
  }));

Deno.test("import --split-lanes makes a batch of each lane", () =>
  inFolder(async (folder) => {
    const source = `${folder}/plates.csv`;
    await Deno.writeTextFile(
      source,
      "cell,CD3D,LYZ\nx_P1.A1,4,0\ny_P2.A1,0,9\nx_P1.A2,1,0\n",
    );
    const words = ["import", source, `${folder}/plates`];
    const pattern = "^(?<lane>(?<donor>[a-z])_P\\d)\\.(?<barcode>.+)";
    const options = ["--genes-in", "columns", "--split-lanes"];
    const { code, stderr } = await runCli([...words, ...options, pattern]);
    assertEquals(code, 0, stderr);
    assertMatch(stderr, /^ {2}x_P1: 2 cells, 2 entries, 5 UMIs, /m);
    const names = await runCli([
      "totals",
      `${folder}/plates`,
      "--per",
      "profile",
    ]);
    assertEquals(
      names.stdout,
      "name\ttotal\nx_P1:A1\t4\nx_P1:A2\t1\ny_P2:A1\t9\n",
    );
    const info = await runCli(["info", `${folder}/plates`]);
    assertStringIncludes(info.stdout, "barcode, donor, total_umis");
    const wrong = await runCli([...words, "--force", ...options, "^(x_P1)"]);
    assertEquals(wrong.code, 1);
    assertStringIncludes(wrong.stderr, "1 of its 3 barcodes does not match");
    for (const [bad, why] of [["(", "no regular expression"], ["x", "group"]]) {
      const usage = await runCli([...words, ...options, bad!]);
      assertEquals(usage.code, 2, usage.stderr);
      assertStringIncludes(usage.stderr, why!);
      assertStringIncludes(usage.stderr, "(see metacell import --help)");
    }
  }));

Deno.test("import --split-bytes makes parts that show in info alone", () =>
  inFolder(async (folder) => {
    const [one] = await writeTables(folder);
    const cells = `${folder}/cells`;
    const words = ["import", one, cells, ...ROWS, "--split-bytes", "68"];
    const { code, stderr } = await runCli(words);
    assertEquals(code, 0, stderr);
    assertMatch(stderr, /^ {2}part-0002: 1 cell, 1 entry, 9 UMIs, /m);
    assertStringIncludes(stderr, "note: The batch is in 2 parts, ");
    const totals = await runCli(["totals", cells, "--per", "profile"]);
    assertEquals(totals.stdout, "name\ttotal\na1\t4\na2\t9\n");
    const info = await runCli(["info", cells]);
    assertMatch(info.stdout, /part-0002: batch, 1 cell x 2 genes/);
    for (const size of ["0", "x", "1T", "-5", "1e30"]) {
      const wrong = await runCli([
        "import",
        one,
        cells,
        `--split-bytes=${size}`,
      ]);
      assertEquals(wrong.code, 2, size);
    }
    const large = ["--split-bytes", "1.5M", "--force"];
    assertEquals(
      (await runCli(["import", one, cells, ...ROWS, ...large])).code,
      0,
    );
    assert(namesIn(cells).includes("gp.umis.mmm"));
  }));

Deno.test("import passes separator and columns on", () =>
  inFolder(async (folder) => {
    const [one] = await writeTables(folder);
    const cells = `${folder}/cells`;
    const table = `${folder}/semicolons.txt`;
    const text = (await Deno.readTextFile(one)).replaceAll(",", ";");
    await Deno.writeTextFile(table, text);
    const words = ["import", table, cells, ...ROWS, "--from", "table"];
    assertEquals((await runCli([...words, "--separator", ";"])).code, 0);
    const wrong = await runCli([...words, "--force", "--separator", "abc"]);
    assertEquals(wrong.code, 1);
    assertStringIncludes(wrong.stderr, "separate fields by");
    const triplets = `${folder}/triplets.csv`;
    await Deno.writeTextFile(triplets, "a,b,n,m\nc1,CD3D,4,7\nc2,LYZ,1,8\n");
    const columns = ["--columns", "b,a,m", "--from", "triplets", "--force"];
    const { code, stderr } = await runCli(
      ["import", triplets, cells, ...columns],
    );
    assertEquals(code, 0, stderr);
    const totals = await runCli(["totals", cells, "--per", "profile"]);
    assertEquals(totals.stdout, "name\ttotal\nc1\t7\nc2\t8\n");
  }));
