import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { bytesOf } from "../../src/arrays/dtypes.ts";
import { GenesSet } from "../../src/genes/genes_set.ts";
import { areSameGenes, GenesSubset } from "../../src/genes/genes_subset.ts";
import { combineUuids, Md5 } from "../../src/io/digest.ts";
import { withTempFolder } from "../helpers.ts";

async function makeGenes(folder: string): Promise<GenesSet> {
  Deno.writeTextFileSync(`${folder}/g.name.txt`, "ACTB\nCD3D\nLYZ\nMS4A1\n");
  Deno.writeTextFileSync(`${folder}/g.id.txt`, "E1\nE2\nE3\nE4\n");
  return await GenesSet.created(folder, "human");
}

Deno.test("GenesSubset slices names, ids and other arrays", () =>
  withTempFolder(async (folder) => {
    const genes = await makeGenes(folder);
    const subset = new GenesSubset(genes, [0, 2, 3]);
    const inner = new GenesSubset(subset, Int32Array.of(1, 2));
    assertEquals(await subset.names(), ["ACTB", "LYZ", "MS4A1"]);
    assertEquals(await inner.array("id", "string"), ["E3", "E4"]);
    assertEquals((await inner.lookup()).find("e4"), 1);
    assertEquals((await inner.lookup()).find("actb"), undefined);
    assertEquals([inner.count, inner.organism], [2, "human"]);
    assertEquals(inner.full, genes);
    assertEquals(inner.superset, subset);
    assertEquals(inner.place, genes.place);
    assertEquals(await inner.availableData(), ["id", "name"]);
    assertEquals(await inner.hasArray("id"), true);
    assertEquals([...inner.fullIndices()], [2, 3]);
    await assertRejects(() => inner.anyArray("none"), Error, "g.none");
  }));

Deno.test("GenesSubset.uuid is that of the superset and the indices", () =>
  withTempFolder(async (folder) => {
    const genes = await makeGenes(folder);
    const digest = new Md5();
    digest.update(bytesOf(Int32Array.of(0, 2)));
    assertEquals(
      new GenesSubset(genes, [0, 2]).uuid,
      combineUuids([genes.uuid, digest.uuid()]),
    );
  }));

Deno.test("GenesSubset refuses indices that are none, when it reads them", () =>
  withTempFolder(async (folder) => {
    const genes = await makeGenes(folder);
    const wrong = [[4], [-1], [1, 1], [2, 0], [0.5], [NaN], [2 ** 32], [
      -(2 ** 32),
    ]];
    for (const indices of wrong) {
      assertThrows(
        () => new GenesSubset(genes, indices),
        RangeError,
        "Cannot take gene",
      );
    }
    let loaded = 0;
    const load = () => Int32Array.of(3, ++loaded);
    const lazy = new GenesSubset(genes, { count: 2, load });
    assertEquals([lazy.count, loaded], [2, 0]);
    assertThrows(() => lazy.includedIndices, RangeError, "after gene 3");
  }));

Deno.test("areSameGenes() looks through how genes were taken", () =>
  withTempFolder(async (folder) => {
    const genes = await makeGenes(folder);
    const all = new GenesSubset(genes, [0, 1, 2, 3]);
    const direct = new GenesSubset(genes, [1, 3]);
    const nested = new GenesSubset(new GenesSubset(genes, [0, 1, 3]), [1, 2]);
    const other = new GenesSubset(genes, [1, 2]);
    assertEquals(areSameGenes(genes, all), true);
    assertEquals(areSameGenes(direct, nested), true);
    assertEquals(areSameGenes(direct, other), false);
    assertEquals(areSameGenes(genes, direct), false);
  }));
