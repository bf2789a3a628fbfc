import { assert, assertEquals, assertRejects } from "@std/assert";
import { writeNpy } from "../../src/arrays/npy.ts";
import { toDataArray } from "../../src/arrays/to_data_array.ts";
import { combineUuids } from "../../src/io/digest.ts";
import { CombinedMetadata } from "../../src/profiles/combined_metadata.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import { ProfilesCollection } from "../../src/profiles/profiles_collection.ts";
import { ProfilesCollectionMetadata } from "../../src/profiles/profiles_collection_metadata.ts";
import { withTempFolder } from "../helpers.ts";
import { makeGenes, makeModelBatch } from "./model.ts";

async function withCollection(
  run: (collection: ProfilesCollection, path: string) => Promise<void>,
): Promise<void> {
  await withTempFolder(async (folder) => {
    const genes = await makeGenes(`${folder}/genes`, 2);
    const path = `${folder}/all`;
    for (const [at, name] of ["one", "two%20b", "three"].entries()) {
      const counts = Array.from({ length: at + 1 }, () => [at, 1]);
      await makeModelBatch(`${path}/${name}`, genes, { counts });
    }
    await ProfilesCollection.created(path, ["one", "two b", "three"]);
    using collection = await Profiles.load(path);
    assert(collection instanceof ProfilesCollection);
    await run(collection, path);
  });
}

Deno.test("ProfilesCollection knows its members", () =>
  withCollection(async (collection, path) => {
    const { containers, metadata } = collection;
    assertEquals(containers.map(({ name }) => name), ["one", "two b", "three"]);
    assertEquals([...collection.firstProfileIndices], [0, 1, 3]);
    assertEquals(collection.indexByName.get("three"), 2);
    const owners = [...collection.profileIndices()]
      .map((at) => collection.containerIndexOfProfile(at));
    assertEquals(owners, [0, 1, 1, 2, 2, 2]);
    const paths = ["one", "two%20b", "three"].map((name) => `${path}/${name}`);
    assertEquals(collection.dirPaths(), paths);
    assertEquals(await collection.profileName(2), "two b:AC1-1");
    assert(metadata instanceof ProfilesCollectionMetadata);
    assertEquals(ProfilesCollectionMetadata.container, ProfilesCollection);
    const uuids = containers.map((member) => member.metadata.uuid);
    assertEquals(metadata.uuid, combineUuids(uuids));
    assertEquals(metadata.entriesCount, 11);
    const [first] = metadata.combinedProfiles;
    assert(first instanceof CombinedMetadata);
    assertEquals([first.name, first.profilesCount], ["one", 1]);
    assertEquals(first.asDictionary(), {
      name: "one",
      uuid: uuids[0]!,
      profiles_count: 1,
    });
  }));

Deno.test("ProfilesCollection says which members lack data", () =>
  withCollection(async (collection) => {
    const [one, two, three] = collection.containers;
    await one!.write("p", "batch", ["x"]);
    await three!.write("p", "batch", ["y", "y", "z"]);
    assertEquals(await collection.hasArray("p", "batch"), false);
    assertEquals(await collection.partlyAvailableData("p"), [
      { name: "batch", lacking: ["two b"] },
    ]);
    await assertRejects(
      () => collection.anyArray("p", "batch"),
      Error,
      "1 of its 3 members has none: two b",
    );
    await two!.write("p", "batch", ["v", "w"]);
    assertEquals(await collection.partlyAvailableData("p"), []);
    assertEquals(
      await collection.anyArray("p", "batch"),
      toDataArray(["x", "v", "w", "y", "y", "z"]),
    );
    await two!.write("p", "batch", Int8Array.of(1, 2));
    await assertRejects(
      () => collection.anyArray("p", "batch"),
      TypeError,
      "one is string, the other int8",
    );
    await collection.write("p", "batch", new Int8Array(6));
    assertEquals((await collection.anyArray("p", "batch")).dtype, "int8");
    await assertRejects(
      () => collection.anyArray("p", "none"),
      Error,
      "there is none; there are barcode",
    );
  }));

Deno.test("ProfilesCollection joins matrices of one type", () =>
  withCollection(async (collection) => {
    for (const member of collection.containers) {
      const { profilesCount } = member;
      const data = new Uint8Array(2 * profilesCount).map((_, at) => at);
      const shape = [2, profilesCount];
      await member.write("gp", "x", { dtype: "uint8", shape, data });
      await member.write("gp", "fold_in_group", {
        dtype: "uint8",
        shape,
        data,
      });
    }
    const all = await collection.matrix("gp", "x", "uint8");
    assertEquals([...all.data], [0, 1, 0, 2, 1, 3, 0, 3, 1, 4, 2, 5]);
    const profileIndices = [5, 0, 5];
    const some = await collection.matrix("gp", "x", "uint8", {
      profileIndices,
      geneIndices: [1],
    });
    assertEquals([...some.data], [5, 1, 5]);
    const none = { profileIndices: [] };
    const empty = await collection.matrix("gp", "x", "uint8", none);
    assertEquals(empty.shape, [2, 0]);
    assertEquals(await collection.hasMatrix("gp", "fold_in_group"), false);
    await assertRejects(
      () => collection.anyMatrix("gp", "fold_in_group"),
      Error,
      "depends on all of their profiles",
    );
    const data = new Int8Array(2);
    const other = { dtype: "int8", shape: [2, 1], data } as const;
    await collection.containers[0]!.write("gp", "x", other);
    await assertRejects(
      () => collection.anyMatrix("gp", "x"),
      TypeError,
      "Cannot join gp.x",
    );
  }));

Deno.test("ProfilesCollection.measuredGenes() is of all members", () =>
  withCollection(async (collection, path) => {
    assertEquals(await collection.measuredGenes(), undefined);
    const file = `${path}/three/genes.measured.npy`;
    writeNpy(file, { dtype: "bool", data: Uint8Array.of(1, 0) });
    assertEquals([...(await collection.measuredGenes())!], [1, 0]);
    writeNpy(file, { dtype: "bool", data: Uint8Array.of(1) });
    await assertRejects(
      () => collection.measuredGenes(),
      RangeError,
      "there are 2 genes",
    );
  }));
