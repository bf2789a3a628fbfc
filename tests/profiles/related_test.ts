import { assertEquals, assertRejects } from "@std/assert";
import { writeNpy } from "../../src/arrays/npy.ts";
import type { Genes } from "../../src/genes/genes.ts";
import { createCollection } from "../../src/profiles/create_collection.ts";
import { createView } from "../../src/profiles/create_view.ts";
import { GenesSet } from "../../src/genes/genes_set.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import { ProfilesBatch } from "../../src/profiles/profiles_batch.ts";
import { ProfilesCollection } from "../../src/profiles/profiles_collection.ts";
import { ProfilesMetadata } from "../../src/profiles/profiles_metadata.ts";
import { ProfilesView } from "../../src/profiles/profiles_view.ts";
import { withTempFolder } from "../helpers.ts";
import { makeGenes, makeModelBatch, makeModelView } from "./model.ts";

const COUNTS = [[1, 0, 2], [0, 3, 0]];

/** A study: genes, two batches, a view of one, a collection of both. */
async function makeStudy(folder: string): Promise<Genes> {
  const genes = await makeGenes(`${folder}/genes`, 3);
  const batch = await makeModelBatch(`${folder}/batch`, genes, {
    counts: COUNTS,
  });
  await makeModelBatch(`${folder}/other`, genes, { counts: COUNTS });
  await makeModelView(`${folder}/view`, batch, {
    profiles: [1],
    genes: [1, 2],
  });
  await createCollection(`${folder}/all`, [
    { name: "one", path: `${folder}/batch` },
    { name: "two", path: `${folder}/other` },
  ]);
  return genes;
}

function change(path: string, changes: Record<string, string>): void {
  ProfilesMetadata.load(`${path}/profiles.yaml`).dump(undefined, changes);
}

const PROBLEMS: readonly [
  what: string,
  opened: string,
  damage: (folder: string) => void | Promise<void>,
  message: string,
][] = [
  ["a missing base", "view", (folder) => {
    Deno.renameSync(`${folder}/batch`, `${folder}/moved`);
  }, "its base container"],
  ["a missing member", "all", (folder) => {
    Deno.removeSync(`${folder}/all/two`, { recursive: true });
  }, "its member two"],
  ["a missing base of a member", "all", (folder) => {
    Deno.removeSync(`${folder}/other`, { recursive: true });
  }, "/other ("],
  ["a changed base", "view", (folder) => {
    change(`${folder}/batch`, { uuid: crypto.randomUUID() });
  }, "/batch changed: its uuid was"],
  ["a changed base of a member", "all", (folder) => {
    change(`${folder}/batch`, { uuid: crypto.randomUUID() });
  }, "/batch changed: its uuid was"],
  ["a view that is its own base", "view", (folder) => {
    change(`${folder}/view`, { base_profiles: "." });
  }, "leads back to itself"],
  ["a circle of bases", "view", async (folder) => {
    using view = await Profiles.load(`${folder}/view`);
    const { uuid } = await createView(`${folder}/outer`, view);
    const base = { base_profiles: "../outer", base_uuid: uuid };
    change(`${folder}/view`, base);
  }, "leads back to itself"],
  ["a circle of bases behind a link", "view", (folder) => {
    Deno.symlinkSync(`${folder}/view`, `${folder}/alias`);
    const { uuid } = ProfilesMetadata.load(`${folder}/view/profiles.yaml`);
    change(`${folder}/view`, { base_profiles: "../alias", base_uuid: uuid });
  }, "leads back to itself"],
  ["a base of other genes", "view", async (folder) => {
    const uuid = ProfilesMetadata.load(`${folder}/batch/profiles.yaml`).uuid;
    const genes = await makeGenes(`${folder}/batch/genes`, 2);
    change(`${folder}/batch`, { genes: "genes", genes_uuid: genes.uuid, uuid });
  }, "/batch is of other genes"],
  ["a base of another organism", "view", (folder) => {
    change(`${folder}/batch`, { organism: "mouse" });
  }, "/batch is of mouse, and not of human"],
  ["an index of another size", "view", (folder) => {
    const data = Int32Array.of(0, 1);
    writeNpy(`${folder}/view/p.base_index.npy`, { dtype: "int32", data });
  }, "not those of 1 index"],
  ["an index that is gone", "view", (folder) => {
    Deno.removeSync(`${folder}/view/p.base_index.npy`);
  }, "which has 2, and it says 1"],
  ["a member whose name is a path", "all", (folder) => {
    rename(`${folder}/all`, "name: one", "name: ../batch");
  }, '"../batch" is no name of a member: it is a path'],
  ["members of one name", "all", (folder) => {
    rename(`${folder}/all`, "name: one", "name: Two");
    Deno.renameSync(`${folder}/all/one`, `${folder}/all/Two`);
  }, "differ only by case"],
  ["a number of profiles that is wrong", "all", (folder) => {
    rename(`${folder}/all`, "\nprofiles_count: 4", "\nprofiles_count: 5");
  }, "its members have 4 profiles, and it says 5"],
  ["a collection without members", "all", (folder) => {
    const { yamlPath } = ProfilesMetadata.load(`${folder}/all/profiles.yaml`);
    ProfilesMetadata.load(yamlPath).dump(yamlPath, { combined_profiles: [] });
  }, "without members"],
];

function rename(path: string, from: string, to: string): void {
  const text = Deno.readTextFileSync(`${path}/profiles.yaml`);
  assertEquals(text.includes(from), true, text);
  Deno.writeTextFileSync(`${path}/profiles.yaml`, text.replace(from, to));
}

for (const [what, opened, damage, message] of PROBLEMS) {
  Deno.test(`Profiles.load() finds ${what}`, () =>
    withTempFolder(async (folder) => {
      await makeStudy(folder);
      (await Profiles.load(`${folder}/${opened}`)).close();
      await damage(folder);
      await assertRejects(
        () => Profiles.load(`${folder}/${opened}`),
        Error,
        message,
      );
    }));
}

Deno.test("Profiles.load() opens a study that was moved as a whole", () =>
  withTempFolder(async (folder) => {
    await makeStudy(`${folder}/old`);
    Deno.renameSync(`${folder}/old`, `${folder}/new`);
    using view = await Profiles.load(`${folder}/new/view`);
    assertEquals(await view.profileNames(), ["AC1-1"]);
    using all = await Profiles.load(`${folder}/new/all`);
    assertEquals([...await all.totalUmis("p")], [3, 3, 3, 3]);
  }));

Deno.test("Profiles.load() names genes for a container moved without them", () =>
  withTempFolder(async (folder) => {
    const genes = await makeStudy(`${folder}/old`);
    Deno.mkdirSync(`${folder}/far`);
    for (const name of ["batch", "other", "all"]) {
      Deno.renameSync(`${folder}/old/${name}`, `${folder}/far/${name}`);
    }
    const path = `${folder}/far/all`;
    await assertRejects(() => Profiles.load(path), Error, "its genes set");
    using all = await Profiles.load(path, genes);
    assertEquals([...await all.totalUmis("p")], [3, 3, 3, 3]);
  }));

const INDICES: readonly [file: string, indices: number[], message: string][] = [
  ["p.base_index.npy", [2], "entry 0 is profile 2 of 2"],
  ["p.base_index.npy", [0, -1], "entry 1 is profile -1 of 2"],
  ["p.base_index.npy", [1, 1], "profile 1 is there twice, again at entry 1"],
  ["genes.base_index.npy", [3], "entry 0 is gene 3 of 3"],
  ["genes.base_index.npy", [0, 0], "gene 0 is there twice"],
  ["genes.base_index.npy", [2, 0], "gene 0, after gene 2"],
];

for (const [file, indices, message] of INDICES) {
  Deno.test(`ProfilesView refuses ${indices} in ${file}`, () =>
    withTempFolder(async (folder) => {
      await makeStudy(folder);
      using batch = await Profiles.load(`${folder}/batch`);
      const path = `${folder}/bad`;
      Deno.mkdirSync(path);
      const data = Int32Array.from(indices);
      const kind = file.startsWith("p") ? "profiles_count" : "genes_count";
      const good = { dtype: "int32", data: data.map((_, at) => at) } as const;
      writeNpy(`${path}/${file}`, good);
      const metadata = await ProfilesView.created(path, batch);
      writeNpy(`${path}/${file}`, { dtype: "int32", data });
      await assertRejects(
        () => ProfilesView.created(path, batch),
        RangeError,
        message,
      );
      metadata.dump(undefined, { [kind]: indices.length });
      using view = await Profiles.load(path); // nothing was read yet
      await assertRejects(() => view.totalUmis("g"), RangeError, message);
    }));
}

Deno.test("ProfilesView notices indices that changed since it was opened", () =>
  withTempFolder(async (folder) => {
    await makeStudy(folder);
    using view = await Profiles.load(`${folder}/view`);
    const file = `${folder}/view/p.base_index.npy`;
    Deno.utimeSync(file, 1, 1);
    await assertRejects(() => view.totalUmis("p"), Error, "changed since");
  }));

Deno.test("createCollection() refuses what does not go together", () =>
  withTempFolder(async (folder) => {
    await makeStudy(folder);
    const path = `${folder}/new`;
    const one = { name: "one", path: `${folder}/batch` };
    const collect = (name: string, member: string) =>
      createCollection(path, [one, { name, path: `${folder}/${member}` }]);
    const few = await makeGenes(`${folder}/few/genes`, 2);
    const counts = [[1, 2]];
    await makeModelBatch(`${folder}/few`, few, { counts });
    await makeModelBatch(`${folder}/mouse`, few, { counts });
    const mice = "../mice"; // the same names
    Deno.mkdirSync(`${folder}/mice`);
    Deno.copyFileSync(
      `${folder}/genes/g.name.txt`,
      `${folder}/mice/g.name.txt`,
    );
    await GenesSet.created(`${folder}/mice`, "mouse");
    change(`${folder}/other`, { organism: "mouse", genes: mice });
    const cases: [string, string, string][] = [
      ["", "other", "it is empty"],
      ["../x", "other", "it is a path"],
      ["cache", "other", "for other things"],
      [".x", "other", "starts with a point"],
      ["ONE", "other", "differ only by case"],
      ["one", "other", "are equal"],
      ["two", "few", "is of other genes"],
      ["two", "other", "is of mouse, and not of human"],
      ["two", "view", "shows other genes of the set than one"],
      ["two", "none", "there is no such folder"],
    ];
    for (const [name, member, message] of cases) {
      await assertRejects(() => collect(name, member), Error, message);
    }
    change(`${folder}/other`, { organism: "human", profiles_kind: "nuclei" });
    await assertRejects(
      () => collect("two", "other"),
      Error,
      "has nuclei, and not cells",
    );
    await assertRejects(() => createCollection(path, []), Error, "no members");
    await assertRejects(
      () => createCollection(`${folder}/batch/all`, [one]),
      Error,
      "it overlaps",
    );
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assertEquals(names.filter((name) => /new|partial/.test(name)), []);
  }));

Deno.test("createView() and createCollection() replace containers alone", () =>
  withTempFolder(async (folder) => {
    await makeStudy(folder);
    using batch = await Profiles.load(`${folder}/batch`);
    const path = `${folder}/view`;
    await assertRejects(() => createView(path, batch), Error, "exists already");
    const metadata = await createView(path, batch, { force: true });
    assertEquals(metadata.path, path);
    assertEquals(metadata.profilesCount, 2);
    const force = true;
    Deno.mkdirSync(`${folder}/plain`);
    await assertRejects(
      () => createView(`${folder}/plain`, batch, { force }),
      Error,
      "not a metacell folder",
    );
    await assertRejects(
      () => createView(`${folder}/batch`, batch, { force }),
      Error,
      "it overlaps",
    );
    await assertRejects(
      () => createView(`${folder}/bad`, batch, { profileIndices: [0.5] }),
      TypeError,
      "whole numbers",
    );
    await assertRejects(
      () => createView(`${folder}/bad`, batch, { geneIndices: [7] }),
      RangeError,
      "gene 7 of 3",
    );
  }));

Deno.test("Profiles of an unknown organism go with those of any", () =>
  withTempFolder(async (folder) => {
    await makeStudy(folder);
    change(`${folder}/other`, { organism: "unknown" });
    const metadata = await createCollection(`${folder}/new`, [
      { name: "a", path: `${folder}/other` },
      { name: "b", path: `${folder}/batch` },
    ]);
    assertEquals(metadata.organism, "human");
    (await Profiles.load(`${folder}/new`)).close();
  }));

Deno.test("ProfilesCollection does not show the names of parts", () =>
  withTempFolder(async (folder) => {
    const genes = await makeGenes(`${folder}/genes`, 3);
    const names = ["part-0001", "part-0002"];
    for (const name of names) {
      await makeModelBatch(`${folder}/split/${name}`, genes, {
        counts: COUNTS,
        hasBarcodes: false,
      });
    }
    await ProfilesCollection.created(`${folder}/split`, names);
    using split = await Profiles.load(`${folder}/split`, genes, { name: "s" });
    assertEquals(await split.profileNames(), ["s:0", "s:1", "s:2", "s:3"]);
    assertEquals(await split.profileName(3), "s:3");
  }));

Deno.test("ProfilesBatch.created() is for a whole genes set", () =>
  withTempFolder(async (folder) => {
    await makeStudy(folder);
    using view = await Profiles.load(`${folder}/view`);
    await assertRejects(
      () => ProfilesBatch.created(`${folder}/batch`, view.genes, "cells"),
      Error,
      "a batch is of a whole set",
    );
  }));
