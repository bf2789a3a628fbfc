import {
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { Genes } from "../../src/genes/genes.ts";
import { GenesSet } from "../../src/genes/genes_set.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import type { ProfilesCollection } from "../../src/profiles/profiles_collection.ts";
import type { ProfilesGroups } from "../../src/profiles/profiles_groups.ts";
import { ProfilesMetadata } from "../../src/profiles/profiles_metadata.ts";
import type { ProfilesView } from "../../src/profiles/profiles_view.ts";
import { verifyContainer } from "../../src/profiles/verify.ts";
import { withTempFolder } from "../helpers.ts";
import {
  makeGenes,
  makeModelBatch,
  makeModelCollection,
  makeModelGroups,
  makeModelView,
} from "./model.ts";

const COUNTS = [[1, 0, 2], [0, 3, 0]];

/** A batch, a collection of it, a link to that, and groups of the link. */
async function withStudy(
  run: (folder: string) => void | Promise<void>,
): Promise<void> {
  await withTempFolder(async (folder) => {
    const genes = await makeGenes(`${folder}/genes`, 3);
    const counts = { counts: COUNTS };
    const batch = await makeModelBatch(`${folder}/batch`, genes, counts);
    const all = await makeModelCollection(`${folder}/all`, [batch]);
    const view = await makeModelView(`${folder}/view`, all, {});
    await makeModelGroups(`${folder}/groups`, view, [0, 0], 1);
    await run(folder);
  });
}

Deno.test("Profiles.metadata is of the class of the container", () =>
  withStudy(async (folder) => {
    using view = await Profiles.load(`${folder}/view`) as ProfilesView;
    using all = await Profiles.load(`${folder}/all`) as ProfilesCollection;
    using groups = await Profiles.load(`${folder}/groups`) as ProfilesGroups;
    assertEquals(all.metadata.combinedProfiles.map(({ name }) => name), ["m0"]);
    assertEquals(view.metadata.baseUuid, all.metadata.uuid);
    assertEquals(view.metadata.baseProfiles, "../all");
    assertEquals(groups.metadata.groupedUuid, view.metadata.uuid);
  }));

for (const value of [-1, 1.5, "many", null]) {
  Deno.test(`ProfilesMetadata refuses an entries_count of ${value}`, () =>
    withStudy((folder) => {
      const yamlPath = `${folder}/batch/profiles.yaml`;
      ProfilesMetadata.load(yamlPath)
        .dump(undefined, { entries_count: value });
      const error = assertThrows(
        () => ProfilesMetadata.load(yamlPath),
        SyntaxError,
        "entries_count",
      );
      assertStringIncludes(error.message, yamlPath);
    }));
}

for (const name of ["batch", "all", "view", "groups"]) {
  Deno.test(`verifyContainer() finds a wrong entries_count of ${name}`, () =>
    withStudy(async (folder) => {
      const path = `${folder}/${name}`;
      const yamlPath = `${path}/profiles.yaml`;
      const verify = async () => {
        const { problems } = await verifyContainer(path, { deep: true });
        return problems.map(({ message }) => message).join("\n");
      };
      assertEquals(await verify(), "");
      const metadata = ProfilesMetadata.load(yamlPath);
      metadata.dump(undefined, { entries_count: 77 });
      assertStringIncludes(await verify(), "entries_count is 77, and");
    }));
}

Deno.test("Profiles.load() refuses genes of another organism", () =>
  withStudy(async (folder) => {
    const mouse = `${folder}/elsewhere`;
    Deno.mkdirSync(mouse);
    Deno.copyFileSync(`${folder}/genes/g.name.txt`, `${mouse}/g.name.txt`);
    const genes = await GenesSet.created(mouse, "mouse");
    for (const name of ["batch", "all", "view", "groups"]) {
      await assertRejects(
        () => Profiles.load(`${folder}/${name}`, genes),
        Error,
        "it is of human, and the genes are of mouse",
      );
    }
    // A view that does not say leads to a base that does.
    const { yamlPath } = ProfilesMetadata.load(`${folder}/view/profiles.yaml`);
    ProfilesMetadata.load(yamlPath).dump(undefined, { organism: "unknown" });
    await assertRejects(
      () => Profiles.load(`${folder}/view`, genes),
      Error,
      "it is of human, and the genes are of mouse",
    );
    await GenesSet.created(mouse, "unknown");
    (await Profiles.load(`${folder}/all`, await Genes.load(mouse))).close();
    await GenesSet.created(`${folder}/genes`, "mouse");
    await assertRejects(
      () => Profiles.load(`${folder}/batch`),
      Error,
      "mouse",
    );
  }));
