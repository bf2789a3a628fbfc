import { assertEquals, assertRejects } from "@std/assert";
import { isContainerFolder } from "../../src/profiles/container_folder.ts";
import { createCollection } from "../../src/profiles/create_collection.ts";
import { createView } from "../../src/profiles/create_view.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import { sumGroups } from "../../src/profiles/sum_groups.ts";
import { verifyContainer } from "../../src/profiles/verify.ts";
import { withTempFolder } from "../helpers.ts";
import { makeGenes, makeModelBatch } from "./model.ts";

const COUNTS = [[1, 0, 2], [0, 3, 0]];

/** The genes of b2 are inside b1, and v is a view of b2. */
async function withStudy(
  run: (folder: string) => Promise<void>,
): Promise<void> {
  await withTempFolder(async (folder) => {
    const genes = await makeGenes(`${folder}/b1/genes`, 3);
    await makeModelBatch(`${folder}/b1`, genes, { counts: COUNTS });
    await makeModelBatch(`${folder}/b2`, genes, { counts: COUNTS });
    using batch = await Profiles.load(`${folder}/b2`);
    await createView(`${folder}/v`, batch);
    await run(folder);
    const { problems } = await verifyContainer(`${folder}/v`, { deep: true });
    assertEquals(problems, []);
  });
}

/** Replaces a folder by each of what can be made of a container. */
const COMMANDS: readonly [
  name: string,
  replace: (base: Profiles, destination: string) => Promise<unknown>,
][] = [
  ["createView", (base, to) => createView(to, base, { force: true })],
  ["createCollection", (base, to) => {
    const { path } = base.metadata;
    return createCollection(to, [{ name: "m", path }], { force: true });
  }],
  ["sumGroups", (base, to) => {
    const grouping = { groupIndices: Int32Array.of(0, 0), names: ["all"] };
    return sumGroups(base, to, grouping, { force: true });
  }],
];

for (const [name, replace] of COMMANDS) {
  Deno.test(`${name}() never replaces what holds the genes of its base`, () =>
    withStudy(async (folder) => {
      using base = await Profiles.load(`${folder}/v`);
      await assertRejects(
        () => replace(base, `${folder}/b1`),
        Error,
        `Cannot write ${folder}/b1: it overlaps ${folder}/b1/genes, which`,
      );
    }));

  Deno.test(`${name}() never replaces what its base is made of`, () =>
    withStudy(async (folder) => {
      using base = await Profiles.load(`${folder}/v`);
      await assertRejects(
        () => replace(base, `${folder}/b2`),
        Error,
        `Cannot write ${folder}/b2: it overlaps ${folder}/b2, which`,
      );
      await replace(base, `${folder}/new`);
      await replace(base, `${folder}/new`); // it is a container: it may go
    }));
}

Deno.test("isContainerFolder() wants metadata that can be read", () =>
  withStudy(async (folder) => {
    assertEquals(isContainerFolder(`${folder}/b1`), true);
    assertEquals(isContainerFolder(`${folder}/v`), true);
    assertEquals(isContainerFolder(`${folder}/none`), false);
    assertEquals(isContainerFolder(`${folder}/b1/genes`), false);
    Deno.mkdirSync(`${folder}/other`);
    const yamlPath = `${folder}/other/profiles.yaml`;
    using base = await Profiles.load(`${folder}/v`);
    for (const text of ["", "user: me\n", "uuid: [", "uuid: a\n"]) {
      Deno.writeTextFileSync(yamlPath, text);
      assertEquals(isContainerFolder(`${folder}/other`), false);
      await assertRejects(
        () => createView(`${folder}/other`, base, { force: true }),
        Error,
        "it is not a metacell folder",
      );
      assertEquals(Deno.readTextFileSync(yamlPath), text);
    }
  }));
