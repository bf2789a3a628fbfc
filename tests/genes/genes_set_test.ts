import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { writeDataArray } from "../../src/arrays/data_array_files.ts";
import { toDataArray } from "../../src/arrays/to_data_array.ts";
import { Genes } from "../../src/genes/genes.ts";
import { GenesSet } from "../../src/genes/genes_set.ts";
import { fileUuid } from "../../src/io/digest.ts";
import { withTempFolder } from "../helpers.ts";

function writeNames(folder: string, names: readonly string[]): void {
  writeDataArray(folder, "g.name", toDataArray(names));
}

Deno.test("GenesSet.created() describes the names of a folder", () =>
  withTempFolder(async (folder) => {
    writeNames(folder, ["A1BG", "CD3D", "LYZ"]);
    writeDataArray(folder, "g.id", toDataArray(["ENSG3", "", "ENSG1"]));
    const created = await GenesSet.created(folder, "human");
    assertEquals(created.uuid, fileUuid(`${folder}/g.name.txt`));
    const genes = await Genes.load(folder);
    assertEquals(genes.uuid, created.uuid);
    assertEquals([genes.count, genes.organism], [3, "human"]);
    assertEquals(await genes.availableData(), ["id", "name"]);
    assertEquals(await genes.array("id", "string"), ["ENSG3", "", "ENSG1"]);
    assertEquals(await genes.hasArray("length"), false);
    const lookup = await genes.lookup();
    assertEquals(lookup.find("cd3d"), 1);
    assertEquals(lookup.find("ensg1"), 2);
    assertEquals(lookup.find(""), undefined);
    assertEquals(lookup.find("CD3E"), undefined);
  }));

Deno.test("GenesSet.created() refuses names that are not those of a set", () =>
  withTempFolder(async (folder) => {
    const cases: [string[], string][] = [
      [["A", "C", "B"], 'line 3, "B": it does not sort after "C"'],
      [["A", "A"], 'line 2, "A": it does not sort after "A"'],
      [["A", "b"], 'line 2, "b": it is not upper-case'],
      [["", "B"], 'line 1, "": it is empty'],
      // U+FF5E sorts after U+1D400 by UTF-16 units, before it by code point.
      [["\u{1D400}", "\uFF5E"], 'line 2, "\uFF5E": it does not sort after'],
    ];
    for (const [names, message] of cases) {
      writeNames(folder, names);
      const create = () => GenesSet.created(folder, "human");
      await assertRejects(create, SyntaxError, message);
    }
    assertEquals([...Deno.readDirSync(folder)].length, 1);
  }));

Deno.test("Genes.load() refuses other folders, organisms and lengths", () =>
  withTempFolder(async (folder) => {
    await assertRejects(() => Genes.load(folder), Error, "no genes.yaml");
    writeNames(folder, ["A", "B"]);
    await GenesSet.created(folder, "mouse");
    await assertRejects(
      () => Genes.load(folder, "human"),
      Error,
      "they are of mouse, not of human",
    );
    await Genes.load(folder, "unknown");
    writeDataArray(folder, "g.length", toDataArray(new Int32Array(3)));
    const genes = await Genes.load(folder);
    await assertRejects(
      () => genes.anyArray("length"),
      RangeError,
      "it has 3 values, and there are 2 genes",
    );
    await assertRejects(() => genes.anyArray("none"), Error, "none");
  }));

Deno.test("GenesSet reads arrays whose names are encoded", () =>
  withTempFolder(async (folder) => {
    writeNames(folder, ["A", "B"]);
    const genes = await GenesSet.created(folder, "human");
    writeDataArray(folder, "g.a%20name", toDataArray(Int8Array.of(1, 2)));
    writeDataArray(folder, "g.a-name", toDataArray(Int8Array.of(3, 4)));
    writeDataArray(folder, "g.%25", toDataArray(["x", "y"]));
    assertEquals(await genes.availableData(), [
      "%",
      "a name",
      "a-name",
      "name",
    ]);
    assertEquals(await genes.hasArray("a name"), true);
    assertEquals(await genes.hasArray("a%20name"), false);
    assertEquals([...await genes.array("a name", "int8")], [1, 2]);
    assertEquals(await genes.array("%", "string"), ["x", "y"]);
  }));

Deno.test("Genes.names() and Genes.lookup() try again after a failure", () =>
  withTempFolder(async (folder) => {
    writeNames(folder, ["A", "B"]);
    const genes = await GenesSet.created(folder, "human");
    Deno.renameSync(`${folder}/g.name.txt`, `${folder}/away`);
    await assertRejects(() => genes.lookup(), Error);
    await assertRejects(() => genes.names(), Error);
    Deno.renameSync(`${folder}/away`, `${folder}/g.name.txt`);
    assertEquals((await genes.lookup()).find("b"), 1);
    const names = await genes.names();
    assertEquals(names, ["A", "B"]);
    assertStrictEquals(await genes.names(), names);
  }));
