import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { writeNpy } from "../../src/arrays/npy.ts";
import { categorize } from "../../src/arrays/data_array.ts";
import { Genes } from "../../src/genes/genes.ts";
import { combineUuids, fileUuid } from "../../src/io/digest.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import { ProfilesBatch } from "../../src/profiles/profiles_batch.ts";
import "../../src/profiles/load.ts";
import { withTempFolder } from "../helpers.ts";
import { BARCODES, COUNTS, makeBatch } from "./batch_fixture.ts";

Deno.test("Profiles.load() opens a batch with the genes inside it", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/batch`;
    const genes = await makeBatch(path);
    using batch = await Profiles.load(path);
    assert(batch instanceof ProfilesBatch);
    const { metadata } = batch;
    assertEquals(
      metadata.uuid,
      combineUuids([genes.uuid, fileUuid(`${path}/gp.umis.mmm`)]),
    );
    assertEquals(metadata.asDictionary(), {
      uuid: metadata.uuid,
      organism: "human",
      genes: "genes",
      genes_uuid: genes.uuid,
      genes_count: 4,
      profiles_kind: "cells",
      profiles_count: 3,
      entries_count: 4,
    });
    assertEquals(batch.dirPaths(), [path]);
    assertEquals(batch.dataPath("x"), `${path}/x`);
    assertEquals([...batch.profileIndices()], [0, 1, 2]);
    assertEquals(await batch.availableData("p"), ["barcode", "total_umis"]);
    assertEquals(await batch.availableData("g"), ["name", "total_umis"]);
    assertEquals(await batch.entriesCount(), 4);
  }));

Deno.test("Profiles.load() finds genes beside, above, or as it is told", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/study/run/batch`;
    await makeBatch(path);
    Deno.renameSync(`${path}/genes`, `${folder}/study/genes`);
    (await Profiles.load(path)).close();
    Deno.renameSync(`${folder}/study/genes`, `${folder}/elsewhere`);
    await assertRejects(() => Profiles.load(path), Error, "none was found");
    const genes = await Genes.load(`${folder}/elsewhere`);
    (await Profiles.load(path, genes)).close();
    await makeOther(`${folder}/study/genes`);
    await assertRejects(() => Profiles.load(path), Error, "found were");
    const other = await Genes.load(`${folder}/study/genes`);
    await assertRejects(() => Profiles.load(path, other), Error, "this is");
  }));

async function makeOther(path: string): Promise<void> {
  const { GenesSet } = await import("../../src/genes/genes_set.ts");
  Deno.mkdirSync(path);
  Deno.writeTextFileSync(`${path}/g.name.txt`, "OTHER\n");
  await GenesSet.created(path, "human");
}

Deno.test("Profiles.load() refuses what is no container of the kind", () =>
  withTempFolder(async (folder) => {
    await assertRejects(() => Profiles.load(folder), Error, "profiles.yaml");
    await assertRejects(
      () => Profiles.load(`${folder}/none`),
      Error,
      "there is no such folder",
    );
    await makeBatch(`${folder}/batch`);
    await assertRejects(
      () =>
        Profiles.load(`${folder}/batch`, undefined, {
          profilesKind: "metacells",
        }),
      Error,
      "its profiles are cells, not metacells",
    );
  }));

Deno.test("ProfilesBatch.profileNames() takes barcodes, names, indices", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/batch`;
    await makeBatch(path);
    using batch = await Profiles.load(path);
    assertEquals(await batch.profileNames({ baseIndex: 7 }), BARCODES);
    assertEquals(await batch.profileName(1), "AAAG-1");
    await assertRejects(() => batch.profileName(3), RangeError, "has 3");
    using named = await Profiles.load(path, undefined, { name: "b" });
    assertEquals(await named.profileName(0), "b:AAAC-1");
    Deno.removeSync(`${path}/p.barcode.txt`);
    assertEquals(await batch.profileNames({ baseIndex: 7 }), ["7", "8", "9"]);
    await batch.write("p", "name", ["x", "y", "z"]);
    assertEquals(await named.profileNames(), ["b:x", "b:y", "b:z"]);
  }));

Deno.test("ProfilesBatch.totalUmis() sums, caches and never caches wrong", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/batch`;
    await makeBatch(path);
    using plain = await Profiles.load(path, undefined, { cache: false });
    assertEquals([...await plain.totalUmis("p")], [7, 301, 0]);
    assertThrows(() => Deno.statSync(`${path}/cache`));
    using batch = await Profiles.load(path);
    assertEquals([...await batch.totalUmis("p", [2, 0, 2])], [0, 7, 0]);
    assertEquals([...await batch.totalUmis("g", [0, 2])], [5, 0, 2, 0]);
    assertThrows(() => Deno.statSync(`${path}/cache`));
    assertEquals([...await batch.totalUmis("g")], [5, 300, 2, 1]);
    assertEquals([...await batch.totalUmis("p")], [7, 301, 0]);
    const cached = `${path}/cache/${batch.metadata.uuid}/p.total_umis.npy`;
    const fake = Float64Array.from([1, 2, 3]);
    writeNpy(cached, { dtype: "float64", data: fake });
    assertEquals([...await batch.totalUmis("p")], [1, 2, 3]); // it is read
    Deno.writeTextFileSync(cached, "damaged");
    assertEquals([...await batch.totalUmis("p")], [7, 301, 0]);
    const totals = await batch.array("p", "total_umis", "float64");
    assertEquals([...totals], [7, 301, 0]);
    await assertRejects(() => batch.totalUmis("p", [3]), RangeError, "has 3");
  }));

Deno.test("ProfilesBatch gives the counts of profiles and genes", () =>
  withTempFolder(async (folder) => {
    await makeBatch(`${folder}/batch`);
    using batch = await Profiles.load(`${folder}/batch`);
    const { genes, counts } = await batch.profileEntries(1);
    assertEquals([[...genes], [...counts]], [[1, 3], [300, 1]]);
    const of = await batch.geneEntries(1);
    assertEquals([[...of.profiles], [...of.counts]], [[1], [300]]);
    const array = new Float32Array(4).fill(1);
    assertEquals(await batch.addIntoGpArray("umis", 0, array), array);
    assertEquals([...array], [6, 1, 3, 1]);
    const none = () => batch.addIntoGpArray("fold", 0, array);
    await assertRejects(none, Error, "gp.fold");
  }));

Deno.test("ProfilesBatch.write() keeps types, and refuses what does not fit", () =>
  withTempFolder(async (folder) => {
    await makeBatch(`${folder}/batch`);
    using batch = await Profiles.load(`${folder}/batch`);
    await batch.write("p", "score (%)", new Float32Array([1, 2, 3]));
    const stage = { ...categorize(["b", null, "a"]), ordered: true };
    await batch.write("p", "stage", stage);
    await batch.write("g", "weight", new Int16Array(4));
    using again = await Profiles.load(`${folder}/batch`);
    assertEquals(await again.anyArray("p", "stage"), stage);
    const scores = await again.array("p", "score (%)", "float32");
    assertEquals([...scores], [1, 2, 3]);
    assertEquals(await again.availableData("p"), [
      "barcode",
      "score (%)",
      "stage",
      "total_umis",
    ]);
    assertEquals(await again.hasArray("g", "weight"), true);
    await again.write("p", "stage", ["x", "y", "z"]);
    assertEquals(again.metadata.ordered, []);
    const cases: [string, Promise<unknown>][] = [
      ["3 profiles", again.write("p", "short", new Int8Array(2))],
      ["computed", again.write("p", "total_umis", new Int8Array(3))],
      ["only by case", again.write("p", "Stage", new Int8Array(3))],
      ["type is float32", again.array("p", "score (%)", "float64")],
      ["there is none", again.anyArray("p", "none")],
    ];
    for (const [message, promise] of cases) {
      await assertRejects(() => promise, Error, message);
    }
  }));

Deno.test("ProfilesBatch reads a dense matrix as it does pairs", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/batch`;
    const genes = await makeBatch(path);
    Deno.removeSync(`${path}/gp.umis.mmm`);
    const data = Uint16Array.from(
      { length: 12 },
      (_, at) => COUNTS[at % 3]![Math.floor(at / 3)]!,
    );
    const shape = [4, 3];
    writeNpy(`${path}/gp.umis.npy`, { dtype: "uint16", shape, data });
    await ProfilesBatch.created(path, genes, "cells");
    using batch = await Profiles.load(path);
    assertEquals([...await batch.totalUmis("p")], [7, 301, 0]);
    assertEquals([...await batch.totalUmis("g")], [5, 300, 2, 1]);
  }));

Deno.test("ProfilesBatch notices a matrix that changed or is another", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/batch`;
    await makeBatch(path);
    const matrixPath = `${path}/gp.umis.mmm`;
    const bytes = Deno.readFileSync(matrixPath);
    const batch = await Profiles.load(path);
    Deno.writeFileSync(matrixPath, bytes.subarray(1));
    await assertRejects(() => batch.totalUmis("p"), Error, "changed");
    batch.close();
    await assertRejects(() => batch.totalUmis("p"), Error, "is closed");
    Deno.truncateSync(matrixPath, 9);
    await assertRejects(() => Profiles.load(path), Error, "too few");
    Deno.removeSync(matrixPath);
    await assertRejects(() => Profiles.load(path), Error, "gp.umis.mmm");
  }));
