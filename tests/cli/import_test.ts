import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { inFolder, runCli } from "./_cli.ts";

const HEADER = "%%MatrixMarket matrix coordinate integer general\n";

interface Source {
  readonly genes?: string;
  readonly barcodes?: string;
  readonly matrix?: string;
}

async function makeSource(path: string, source: Source = {}): Promise<void> {
  await Deno.mkdir(path);
  const {
    genes = "ENSG1\tLyz\nENSG2\tCD3D\nENSG3\tCD3D\n",
    barcodes = "AAAC-1\nAAAG-1\n",
    matrix = "3 2 4\n1 1 5\n2 1 1\n3 2 300\n2 2 0\n",
  } = source;
  await Deno.writeTextFile(`${path}/genes.tsv`, genes);
  await Deno.writeTextFile(`${path}/barcodes.tsv`, barcodes);
  await Deno.writeTextFile(`${path}/matrix.mtx`, HEADER + matrix);
}

const namesIn = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test("import makes a container, and says what it did", () =>
  inFolder(async (folder) => {
    const [source, dest] = [`${folder}/tenx`, `${folder}/cells`];
    await makeSource(source);
    const { code, stdout, stderr } = await runCli(["import", source, dest]);
    assertEquals([code, stdout], [0, ""]);
    const [first, second, ...notes] = stderr.trimEnd().split("\n");
    assertStringIncludes(
      first!,
      `${dest}: 2 cells x 3 genes of unknown, from `,
    );
    assertMatch(
      second!,
      /^3 entries, 306 UMIs, \d+ bytes \(\d+\.\d{3} bytes an entry\), \d\.\d\d s$/,
    );
    assertEquals(notes, [
      "note: 1 gene got a suffix, for the name repeats",
      "note: 1 explicit zero was dropped",
    ]);
    const totals = await runCli(["totals", dest, "--per", "gene"]);
    assertEquals(totals.stdout, "name\ttotal\nCD3D\t1\nCD3D-1\t300\nLYZ\t5\n");
  }));

Deno.test("import --json and --quiet serve scripts", () =>
  inFolder(async (folder) => {
    const [source, dest] = [`${folder}/tenx`, `${folder}/cells`];
    await makeSource(source);
    const { code, stdout, stderr } = await runCli(
      ["import", source, dest, "--json", "--quiet"],
    );
    assertEquals([code, stderr], [0, ""]);
    const json = JSON.parse(stdout);
    assertEquals(json.path, dest);
    assertEquals(json.entries_count, 3);
    assertEquals(json.umis, 306);
    assertEquals(json.zeros_dropped, 1);
    assertEquals(json.genes_renamed, 1);
    assertEquals(json.bytes, Deno.statSync(`${dest}/gp.umis.mmm`).size);
    const info = JSON.parse((await runCli(["info", dest, "--json"])).stdout);
    assertEquals(info.uuid, json.uuid);
  }));

Deno.test("import takes organism, kind and a way with repeated names", () =>
  inFolder(async (folder) => {
    const [source, dest] = [`${folder}/tenx`, `${folder}/cells`];
    await makeSource(source);
    const { code, stderr } = await runCli([
      "import",
      source,
      dest,
      "--organism",
      "mouse",
      "--kind",
      "nuclei",
      "--duplicate-genes",
      "sum",
    ]);
    assertEquals(code, 0);
    assertStringIncludes(stderr, "2 nuclei x 2 genes of mouse");
    const info = JSON.parse((await runCli(["info", dest, "--json"])).stdout);
    assertEquals(
      [info.organism, info.profiles_kind, info.genes_count],
      ["mouse", "nuclei", 2],
    );
  }));

Deno.test("import uses a genes set, and leaves genes out when told", () =>
  inFolder(async (folder) => {
    const [first, second] = [`${folder}/first`, `${folder}/second`];
    await makeSource(first, { genes: "E1\tA\nE2\tB\nE3\tC\n" });
    await makeSource(second, { genes: "E1\tA\nE2\tB\nE4\tD\n" });
    await runCli(["import", first, `${folder}/a`]);
    const words = [
      "import",
      second,
      `${folder}/b`,
      "--genes-set",
      `${folder}/a/genes`,
    ];
    const refused = await runCli(words);
    assertEquals(refused.code, 1);
    assertStringIncludes(refused.stderr, "--allow-missing-genes");
    assert(!namesIn(folder).includes("b"));
    const { code } = await runCli([...words, "--allow-missing-genes"]);
    assertEquals(code, 0);
    assert(!namesIn(`${folder}/b`).includes("genes"));
    const info = JSON.parse(
      (await runCli(["info", `${folder}/b`, "--json"])).stdout,
    );
    assertEquals([info.genes_count, info.genes_not_measured], [3, 1]);
    const text = await runCli(["info", `${folder}/b`]);
    assertStringIncludes(text.stdout, "3, of which 1 was not measured");
  }));

Deno.test("import replaces a container only with --force", () =>
  inFolder(async (folder) => {
    const [source, dest] = [`${folder}/tenx`, `${folder}/cells`];
    await makeSource(source);
    const words = ["import", source, dest, "--quiet"];
    assertEquals((await runCli(words)).code, 0);
    const again = await runCli(words);
    assertEquals(again.code, 1);
    assertStringIncludes(again.stderr, "it exists already (--force");
    assertEquals((await runCli([...words, "--force"])).code, 0);
    await Deno.mkdir(`${folder}/mine`);
    await Deno.writeTextFile(`${folder}/mine/thesis.txt`, "");
    const mine = await runCli([
      "import",
      source,
      `${folder}/mine`,
      "--force",
    ]);
    assertEquals(mine.code, 1);
    assertEquals(namesIn(`${folder}/mine`), ["thesis.txt"]);
  }));

Deno.test("import leaves nothing behind where a source is wrong", () =>
  inFolder(async (folder) => {
    const [source, dest] = [`${folder}/tenx`, `${folder}/cells`];
    await makeSource(source, { matrix: "3 2 2\n1 1 5\n2 1 x\n" });
    const { code, stderr } = await runCli(["import", source, dest]);
    assertEquals(code, 1);
    assertMatch(stderr, /^error: Cannot .+matrix\.mtx.+\b4\b.*\n$/);
    assertEquals(namesIn(folder), ["tenx"]);
  }));

Deno.test("import says what it can't find", () =>
  inFolder(async (folder) => {
    const { code, stderr } = await runCli([
      "import",
      `${folder}/none`,
      `${folder}/cells`,
    ]);
    assertEquals(code, 1);
    assertMatch(stderr, /^error: Cannot import .+: there is no such .+\n$/);
  }));

Deno.test("import lets nothing of an interrupt behind, with 130", () =>
  inFolder(async (folder) => {
    const [source, dest] = [`${folder}/tenx`, `${folder}/cells`];
    await makeSource(source);
    const controller = new AbortController();
    controller.abort();
    const { code, stderr } = await runCli(["import", source, dest], {
      controller,
    });
    assertEquals([code, stderr], [130, "interrupted\n"]);
    assertEquals(namesIn(folder), ["tenx"]);
  }));

Deno.test("metacell import --gene-names chooses what genes are called by", () =>
  inFolder(async (folder) => {
    const source = `${folder}/source`;
    await Deno.mkdir(source);
    const matrix = "%%MatrixMarket matrix coordinate integer general\n" +
      "2 1 2\n1 1 5\n2 1 3\n";
    await Deno.writeTextFile(`${source}/matrix.mtx`, matrix);
    await Deno.writeTextFile(`${source}/genes.tsv`, "g2\tLYZ\ng1\tACTB\n");
    await Deno.writeTextFile(`${source}/barcodes.tsv`, "AAAC-1\n");
    const named = await runCli(["import", source, `${folder}/byname`]);
    assertEquals(named.code, 0, named.stderr);
    const words = ["import", source, `${folder}/byid`, "--gene-names", "id"];
    assertEquals((await runCli(words)).code, 0);
    const totals = ["totals", `${folder}/byid`, "--per", "gene"];
    assertEquals((await runCli(totals)).stdout, "name\ttotal\nG1\t3\nG2\t5\n");
    const wrong = ["import", source, `${folder}/no`, "--gene-names", "symbol"];
    const { code, stderr } = await runCli(wrong);
    assertEquals(code, 1);
    assertStringIncludes(
      stderr,
      `it has no names of genes "symbol"; there are name, id`,
    );
  }));

Deno.test("metacell import --force replaces containers alone", () =>
  inFolder(async (folder) => {
    const source = `${folder}/source`;
    await Deno.mkdir(source);
    const matrix = "%%MatrixMarket matrix coordinate integer general\n" +
      "1 1 1\n1 1 5\n";
    await Deno.writeTextFile(`${source}/matrix.mtx`, matrix);
    await Deno.writeTextFile(`${source}/genes.tsv`, "g1\tLYZ\n");
    await Deno.writeTextFile(`${source}/barcodes.tsv`, "AAAC-1\n");
    await Deno.mkdir(`${folder}/mine`);
    await Deno.writeTextFile(`${folder}/mine/profiles.yaml`, "hello: me\n");
    const genes = ["genes", "create", `${folder}/genes`, "--from", source];
    assertEquals((await runCli(genes)).code, 0);
    for (const name of ["mine", "genes"]) {
      const words = ["import", source, `${folder}/${name}`, "--force"];
      const { code, stderr } = await runCli(words);
      assertEquals(code, 1);
      assertStringIncludes(stderr, "it is not a metacell folder");
    }
    await Deno.symlink("source", `${folder}/link`);
    const inside = ["import", source, `${folder}/link/batch`];
    const { code, stderr } = await runCli(inside);
    assertEquals(code, 1);
    assertStringIncludes(stderr, "one of them is inside the other");
  }));
