import { assertEquals, assertStringIncludes } from "@std/assert";
import { writeNpy } from "../../src/arrays/npy.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import { verifyContainer } from "../../src/profiles/verify.ts";
import { withTempFolder } from "../helpers.ts";
import { makeBatch } from "./batch_fixture.ts";

Deno.test("verifyContainer() finds nothing wrong with what is whole", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/batch`;
    await makeBatch(path);
    using batch = await Profiles.load(path);
    await batch.totalUmis("p");
    for (const deep of [false, true]) {
      const { problems, checkedCount } = await verifyContainer(path, { deep });
      assertEquals(problems, []);
      assertEquals(checkedCount > 5, true);
    }
    const genes = await verifyContainer(`${path}/genes`, { deep: true });
    assertEquals(genes.problems, []);
  }));

const DAMAGES: [string, boolean, (path: string) => void, string][] = [
  ["a missing matrix", false, (path) => {
    Deno.removeSync(`${path}/gp.umis.mmm`);
  }, "it has neither"],
  ["a truncated matrix", false, (path) => {
    Deno.truncateSync(`${path}/gp.umis.mmm`, 70);
  }, "do not fit a file of 70 bytes"],
  ["an index that goes back", false, (path) => {
    const bytes = Deno.readFileSync(`${path}/gp.umis.mmm`);
    bytes[bytes.length - 8] = 2;
    Deno.writeFileSync(`${path}/gp.umis.mmm`, bytes);
  }, "the index is not valid"],
  ["a short array", false, (path) => {
    writeNpy(`${path}/p.x.npy`, { dtype: "int8", data: new Int8Array(2) });
  }, "it has 2 values, and there should be 3"],
  ["an array that is no npy", false, (path) => {
    Deno.writeTextFileSync(`${path}/p.x.npy`, "text");
  }, "p.x.npy"],
  ["a source gene that is none", false, (path) => {
    const data = new Int32Array([9]);
    writeNpy(`${path}/genes.source_index.npy`, { dtype: "int32", data });
    Deno.writeTextFileSync(`${path}/genes.source_name.txt`, "a\n");
  }, "it leads to gene 9 of 4"],
  ["genes of another name", false, (path) => {
    Deno.writeTextFileSync(`${path}/genes/g.name.txt`, "A\nB\nC\nD\n");
  }, "and the names have"],
  ["a count that was changed", true, (path) => {
    const bytes = Deno.readFileSync(`${path}/gp.umis.mmm`);
    bytes[57]! += 1;
    Deno.writeFileSync(`${path}/gp.umis.mmm`, bytes);
  }, "is not the file that was written"],
  ["a gene that is not there", true, (path) => {
    const bytes = Deno.readFileSync(`${path}/gp.umis.mmm`);
    bytes[58] = 200;
    Deno.writeFileSync(`${path}/gp.umis.mmm`, bytes);
  }, "leads to gene 200 of 4"],
];

for (const [what, deep, damage, message] of DAMAGES) {
  Deno.test(`verifyContainer() finds ${what}`, () =>
    withTempFolder(async (folder) => {
      const path = `${folder}/batch`;
      await makeBatch(path);
      damage(path);
      if (deep) {
        const shallow = await verifyContainer(path);
        assertEquals(shallow.problems, []);
      }
      const { problems } = await verifyContainer(path, { deep });
      const text = problems.map((problem) => problem.message).join("\n");
      assertStringIncludes(text, message);
    }));
}

Deno.test("verifyContainer() finds a cached total that is wrong", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/batch`;
    await makeBatch(path);
    using batch = await Profiles.load(path);
    await batch.totalUmis("p");
    const cached = `${path}/cache/${batch.metadata.uuid}/p.total_umis.npy`;
    const data = Float64Array.from([7, 301, 5]);
    writeNpy(cached, { dtype: "float64", data });
    const { problems } = await verifyContainer(path, { deep: true });
    assertEquals(problems.map((problem) => problem.message), [
      "the total of profile 2 is 5, not 0",
    ]);
  }));
