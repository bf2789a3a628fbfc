import { assertEquals, assertStringIncludes } from "@std/assert";
import { inFolder, runCli } from "./_cli.ts";
import { runBadly, runWell } from "./_study.ts";

async function makeTables(folder: string): Promise<string[]> {
  const tables = [`${folder}/one.csv`, `${folder}/two.csv`];
  await Deno.writeTextFile(tables[0]!, "gene,c1,c2\nCd3d,1,0\nLyz,2,2\n");
  await Deno.writeTextFile(tables[1]!, "gene,c3\nLYZ,3\nActb,4\n");
  return tables;
}

const IN_ROWS = ["--genes-in", "rows"];

Deno.test("genes create makes a genes set for several sources", () =>
  inFolder(async (folder) => {
    const tables = await makeTables(folder);
    const dest = `${folder}/genes`;
    const words = ["genes", "create", dest, "--from", ...tables, ...IN_ROWS];
    const { stdout, stderr } = await runWell(
      [...words, "--organism", "mouse"],
    );
    assertEquals(stdout, "");
    assertStringIncludes(
      stderr,
      `${dest}: 3 genes of mouse, the union of 2 sources by their names; ` +
        "1 is in all\n",
    );
    const names = Deno.readTextFileSync(`${dest}/g.name.txt`);
    assertEquals(names, "ACTB\nCD3D\nLYZ\n");
    assertStringIncludes(await runBadly(words), "--force");
    await runWell([...words, "--force", "--join", "intersection"]);
    assertEquals(Deno.readTextFileSync(`${dest}/g.name.txt`), "LYZ\n");
  }));

Deno.test("genes info says what a genes set holds", () =>
  inFolder(async (folder) => {
    const tables = await makeTables(folder);
    const dest = `${folder}/genes`;
    await runWell(["genes", "create", dest, "--from", ...tables, ...IN_ROWS]);
    const { stdout } = await runWell(["genes", "info", dest, "--json"]);
    const { uuid, bytes, ...rest } = JSON.parse(stdout);
    assertEquals([typeof uuid, bytes > 0], ["string", true]);
    assertEquals(rest, {
      path: dest,
      organism: "unknown",
      genes_count: 3,
      available: ["name"],
    });
    const text = (await runWell(["genes", "info", dest])).stdout;
    assertStringIncludes(text, "genes       3\norganism    unknown\n");
    await runBadly(["genes", "info", folder]);
  }));

Deno.test("genes create reads sources as import does", () =>
  inFolder(async (folder) => {
    const table = `${folder}/counts.txt`;
    Deno.writeTextFileSync(
      table,
      "how;who;what\n3;AAAC-1;Cd3d\n1;AAAG-1;Lyz\n",
    );
    const words = ["--format", "triplets", "--separator", ";"];
    const columns = ["--columns", "what,who,how"];
    const one = `${folder}/one`;
    await runWell(
      ["genes", "create", one, "--from", table, ...words, ...columns],
    );
    assertEquals(Deno.readTextFileSync(`${one}/g.name.txt`), "CD3D\nLYZ\n");
    const tenx = `${folder}/tenx`;
    Deno.mkdirSync(tenx);
    Deno.writeTextFileSync(`${tenx}/genes.tsv`, "ENSG2\tLYZ\nENSG1\tCD3D\n");
    Deno.writeTextFileSync(`${tenx}/barcodes.tsv`, "AAAC-1\n");
    Deno.writeTextFileSync(
      `${tenx}/matrix.mtx`,
      "%%MatrixMarket matrix coordinate integer general\n2 1 1\n1 1 5\n",
    );
    const ids = ["genes", "create", `${folder}/ids`, "--from", tenx];
    await runWell([...ids, "--gene-names", "id"]);
    assertEquals(
      Deno.readTextFileSync(`${folder}/ids/g.name.txt`),
      "ENSG1\nENSG2\n",
    );
  }));

Deno.test("genes create wants sources, and leaves nothing of a failure", () =>
  inFolder(async (folder) => {
    const dest = `${folder}/genes`;
    assertEquals((await runCli(["genes", "create", dest])).code, 2);
    await runBadly(["genes", "create", dest, "--from", `${folder}/none`]);
    assertEquals([...Deno.readDirSync(folder)], []);
  }));

Deno.test("import onto a genes set says what was missing", () =>
  inFolder(async (folder) => {
    const [one, two] = await makeTables(folder);
    const genes = `${folder}/genes`;
    await runWell(["genes", "create", genes, "--from", one!, ...IN_ROWS]);
    const words = ["import", two!, `${folder}/cells`, ...IN_ROWS];
    const onto = [...words, "--genes-set", genes];
    const refused = await runBadly(onto);
    assertStringIncludes(refused, "1 gene with 4 UMIs (--allow-missing-genes");
    const { stderr } = await runWell([...onto, "--allow-missing-genes"]);
    assertStringIncludes(stderr, "1 gene with 4 UMIs is left out");
    assertStringIncludes(stderr, "1 gene of the genes set is not measured");
  }));

Deno.test("genes info says what is not there", () =>
  inFolder(async (folder) => {
    for (
      const [path, why] of [
        [`${folder}/nowhere`, "there is no such folder"],
        [folder, "it is not a genes set, it has no genes.yaml"],
      ] as const
    ) {
      const { code, stderr } = await runCli(["genes", "info", path]);
      assertEquals([code, stderr], [1, `error: Cannot open ${path}: ${why}\n`]);
    }
  }));
