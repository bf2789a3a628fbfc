import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { combineUuids, fileUuid } from "../../src/io/digest.ts";
import { GenesSubset } from "../../src/genes/genes_subset.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import { ProfilesView } from "../../src/profiles/profiles_view.ts";
import { ProfilesViewMetadata } from "../../src/profiles/profiles_view_metadata.ts";
import { createView } from "../../src/profiles/create_view.ts";
import { withTempFolder } from "../helpers.ts";
import { makeGenes, makeModelBatch } from "./model.ts";

const COUNTS = [[1, 0, 2], [0, 3, 0], [4, 5, 6]];

async function withBatch(
  run: (batch: Profiles, folder: string) => Promise<void>,
): Promise<void> {
  await withTempFolder(async (folder) => {
    const genes = await makeGenes(`${folder}/genes`, 3);
    await makeModelBatch(`${folder}/batch`, genes, { counts: COUNTS });
    using batch = await Profiles.load(`${folder}/batch`);
    await run(batch, folder);
  });
}

async function openView(
  batch: Profiles,
  path: string,
  options: { profileIndices?: number[]; geneIndices?: number[] } = {},
): Promise<ProfilesView> {
  await createView(path, batch, options);
  const view = await Profiles.load(path);
  assert(view instanceof ProfilesView);
  return view;
}

Deno.test("ProfilesView says what it takes of its base", () =>
  withBatch(async (batch, folder) => {
    const path = `${folder}/view`;
    using view = await openView(batch, path, {
      profileIndices: [2, 0],
      geneIndices: [2, 1],
    });
    assertEquals([...view.baseProfileIndices!], [2, 0]);
    assertEquals([...view.baseGeneIndices!], [1, 2]);
    assertEquals([0, 1].map((at) => view.baseProfileIndex(at)), [2, 0]);
    assertEquals([0, 1].map((at) => view.baseGeneIndex(at)), [1, 2]);
    assertThrows(() => view.baseProfileIndex(2), RangeError, "has 2");
    assertEquals(view.dirPaths(), [path, `${folder}/batch`]);
    assertEquals(view.baseProfiles.metadata.path, `${folder}/batch`);
    assert(view.genes instanceof GenesSubset);
    const { metadata } = view;
    assert(metadata instanceof ProfilesViewMetadata);
    assertEquals(ProfilesViewMetadata.container, ProfilesView);
    assertEquals(metadata.asDictionary(), {
      uuid: combineUuids([
        batch.metadata.uuid,
        fileUuid(`${path}/p.base_index.npy`),
        fileUuid(`${path}/genes.base_index.npy`),
      ]),
      organism: "human",
      genes: "../genes",
      genes_uuid: batch.genes.uuid,
      genes_count: 2,
      profiles_kind: "cells",
      profiles_count: 2,
      base_profiles: "../batch",
      base_uuid: batch.metadata.uuid,
    });
  }));

Deno.test("ProfilesView that is just a link takes all", () =>
  withBatch(async (batch, folder) => {
    using view = await openView(batch, `${folder}/view`);
    assertEquals(view.baseProfileIndices, undefined);
    assertEquals(view.baseGeneIndices, undefined);
    assertEquals([view.baseProfileIndex(1), view.baseGeneIndex(2)], [1, 2]);
    assertEquals(view.isSlicing(), false);
    assertEquals(view.genes, view.baseProfiles.genes);
    assertEquals(view.metadata.entriesCount, 6);
    assertEquals(view.metadata.uuid, combineUuids([batch.metadata.uuid]));
  }));

Deno.test("ProfilesView tells indices of profiles and genes apart", () =>
  withBatch(async (batch, folder) => {
    const indices = [0, 2];
    using profiles = await openView(batch, `${folder}/p`, {
      profileIndices: indices,
    });
    using genes = await openView(batch, `${folder}/g`, {
      geneIndices: indices,
    });
    assert(profiles.metadata.uuid !== genes.metadata.uuid);
    assert(profiles.isSlicingProfiles() && !profiles.isSlicingGenes());
    assert(genes.isSlicingGenes() && !genes.isSlicingProfiles());
  }));

Deno.test("ProfilesView passes on what its slicing does not make wrong", () =>
  withBatch(async (batch, folder) => {
    await batch.write("g", "mean_fraction", new Float64Array(3));
    await batch.write("g", "rank", Int8Array.of(1, 2, 3));
    const square = new Float32Array(9).map((_, at) => at);
    const matrix = { dtype: "float32", shape: [3, 3], data: square } as const;
    for (const kind of ["gp", "gg", "pp"] as const) {
      for (const name of ["correlation", "fold_in_group", "mine"]) {
        await batch.write(kind, name, matrix);
      }
    }
    const some = [2, 0];
    using profiles = await openView(batch, `${folder}/p`, {
      profileIndices: some,
    });
    using genes = await openView(batch, `${folder}/g`, { geneIndices: some });
    using link = await openView(batch, `${folder}/l`);
    const names = async (view: Profiles, kind: "gp" | "gg" | "pp") =>
      (await view.availableData(kind)).filter((name) => name !== "score");
    const all = ["correlation", "fold_in_group", "mine"];
    assertEquals(await names(link, "pp"), all);
    assertEquals(await names(link, "gp"), [...all, "umis"]);
    assertEquals(await names(profiles, "gp"), ["correlation", "mine", "umis"]);
    assertEquals(await names(genes, "gp"), [...all, "umis"]);
    assertEquals(await names(profiles, "pp"), ["fold_in_group", "mine"]);
    assertEquals(await names(genes, "pp"), ["fold_in_group", "mine"]);
    assertEquals(await names(genes, "gg"), all);
    assertEquals(await link.hasArray("g", "mean_fraction"), true);
    assertEquals(await genes.hasArray("g", "mean_fraction"), false);
    assertEquals([...await genes.array("g", "rank", "int8")], [1, 3]);
    await assertRejects(
      () => profiles.anyMatrix("pp", "correlation"),
      Error,
      "which depends on all profiles of the base",
    );
    const taken = await profiles.matrix("pp", "mine", "float32");
    assertEquals([...taken.data], [8, 2, 6, 0]);
    const gg = { geneIndices: [1] };
    const one = await genes.matrix("gg", "mine", "float32", gg);
    assertEquals([one.shape, ...one.data], [[1, 1], 8]);
    await assertRejects(
      () => genes.anyMatrix("gg", "mine", { profileIndices: [0] }),
      TypeError,
      "Cannot take profiles of gg data",
    );
  }));

Deno.test("ProfilesView.GENES_DEPENDENT_DATA takes names of users", () =>
  withBatch(async (batch, folder) => {
    await batch.write("p", "share", new Float32Array(3));
    using view = await openView(batch, `${folder}/g`, { geneIndices: [1] });
    assertEquals(await view.hasArray("p", "share"), true);
    ProfilesView.GENES_DEPENDENT_DATA.p.add("share");
    try {
      assertEquals(await view.hasArray("p", "share"), false);
      await assertRejects(
        () => view.anyArray("p", "share"),
        Error,
        "depends on all genes",
      );
    } finally {
      ProfilesView.GENES_DEPENDENT_DATA.p.delete("share");
    }
  }));

Deno.test("ProfilesView has its own data before those of its base", () =>
  withBatch(async (batch, folder) => {
    using view = await openView(batch, `${folder}/v`, { profileIndices: [1] });
    await view.write("p", "tag", Int32Array.of(-1));
    assertEquals([...await view.array("p", "tag", "int32")], [-1]);
    await view.write("p", "name", ["mine"]);
    assertEquals(await view.profileNames(), ["mine"]);
    assert(!(await view.availableData("p")).includes("base_index"));
    const tags = await batch.array("p", "tag", "int32");
    assertEquals(tags.length, 3);
  }));

Deno.test("createView() refuses indices that would wrap, or are none", () =>
  withBatch(async (batch, folder) => {
    for (const key of ["profileIndices", "geneIndices"]) {
      for (const index of [2 ** 32, 2 ** 32 + 1, -(2 ** 32), -1, 3]) {
        await assertRejects(
          () => createView(`${folder}/new`, batch, { [key]: [index] }),
          RangeError,
          ` ${index} of 3`,
        );
      }
      for (const index of [0.5, NaN, Infinity]) {
        await assertRejects(
          () => createView(`${folder}/new`, batch, { [key]: [index] }),
          TypeError,
          "indices are whole numbers",
        );
      }
    }
  }));

Deno.test("Profiles refuses indices that would wrap, or are none", () =>
  withBatch(async (batch) => {
    for (const index of [2 ** 32, -(2 ** 32), -1, 0.5, NaN]) {
      const chosen = [index];
      const reads = [
        () => batch.totalUmis("g", chosen),
        () => batch.matrix("gp", "umis", "uint32", { profileIndices: chosen }),
        () => batch.matrix("gp", "umis", "uint32", { geneIndices: chosen }),
        () => batch.anyFrame("gp", "umis", { geneIndices: chosen }),
        () => batch.anyMatrix("gp", "score", { profileIndices: chosen }),
      ];
      for (const read of reads) {
        await assertRejects(read, RangeError, `${index} of`);
      }
    }
  }));
