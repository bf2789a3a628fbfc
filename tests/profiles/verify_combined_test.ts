import { assertEquals, assertStringIncludes } from "@std/assert";
import { readNpy, writeNpy } from "../../src/arrays/npy.ts";
import { fileUuid } from "../../src/io/digest.ts";
import { MemoryMappedMatrix } from "../../src/matrix/memory_mapped_matrix.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import { groupsUuid } from "../../src/profiles/profiles_groups.ts";
import { ProfilesMetadata } from "../../src/profiles/profiles_metadata.ts";
import { verifyContainer } from "../../src/profiles/verify.ts";
import { withTempFolder } from "../helpers.ts";
import {
  makeGenes,
  makeModelBatch,
  makeModelCollection,
  makeModelGroups,
  makeModelView,
} from "./model.ts";

const COUNTS = [[1, 0, 2], [0, 3, 0], [4, 5, 6]];

/** Groups of a view of a collection of two batches. */
async function makeStudy(folder: string): Promise<void> {
  const genes = await makeGenes(`${folder}/genes`, 3);
  const batches = [];
  for (const name of ["one", "two"]) {
    const counts = { counts: COUNTS };
    batches.push(await makeModelBatch(`${folder}/${name}`, genes, counts));
  }
  const all = await makeModelCollection(`${folder}/all`, batches);
  const parts = { profiles: [5, 0, 2], genes: [0, 2] };
  const view = await makeModelView(`${folder}/view`, all, parts);
  await makeModelGroups(`${folder}/groups`, view, [1, 0, 1], 2);
}

function changeNpy(path: string, at: number, value: number): void {
  const array = readNpy(path);
  array.data[at] = value;
  writeNpy(path, array);
}

/** Writes sums that are wrong, and all digests as if they were right. */
async function forgeSums(path: string): Promise<void> {
  using groups = await Profiles.load(path);
  MemoryMappedMatrix.write(`${path}/gp.umis.mmm`, 2, [
    [[0, 1], [1, 2]],
    [[0, 8], [1, 9]],
  ]);
  const uuid = groupsUuid(path, {
    genesUuid: groups.genes.uuid,
    matrixUuid: fileUuid(`${path}/gp.umis.mmm`),
    groupedUuid: String(groups.metadata.value("grouped_uuid")),
  });
  groups.metadata.dump(undefined, { uuid });
}

const DAMAGES: readonly [
  what: string,
  deep: boolean,
  damage: (folder: string) => void | Promise<void>,
  message: string,
][] = [
  ["indices that were changed", false, (folder) => {
    changeNpy(`${folder}/view/p.base_index.npy`, 0, 4);
  }, "the indices are not those that were written"],
  ["an index out of range", false, (folder) => {
    changeNpy(`${folder}/view/genes.base_index.npy`, 1, 3);
  }, "entry 1 is gene 3 of 3"],
  ["a member that is missing", false, (folder) => {
    Deno.removeSync(`${folder}/all/m1`, { recursive: true });
  }, "its member m1"],
  ["a batch below that was damaged", true, (folder) => {
    const bytes = Deno.readFileSync(`${folder}/two/gp.umis.mmm`);
    bytes[57]!++;
    Deno.writeFileSync(`${folder}/two/gp.umis.mmm`, bytes);
  }, "is not the file that was written"],
  ["a collection of another uuid", false, (folder) => {
    const { yamlPath } = ProfilesMetadata.load(`${folder}/all/profiles.yaml`);
    const uuid = crypto.randomUUID();
    ProfilesMetadata.load(yamlPath).dump(yamlPath, { uuid });
    const view = ProfilesMetadata.load(`${folder}/view/profiles.yaml`);
    view.dump(undefined, { base_uuid: uuid });
  }, "and the members have"],
  ["a matrix of another shape", false, (folder) => {
    const data = new Int8Array(4);
    const shape = [2, 2];
    writeNpy(`${folder}/view/pp.x.npy`, { dtype: "int8", shape, data });
  }, "its shape is (2, 2), and should be (3, 3)"],
  ["a cached total that is wrong", true, async (folder) => {
    using view = await Profiles.load(`${folder}/view`);
    await view.totalUmis("g");
    const { uuid } = view.metadata;
    changeNpy(`${folder}/view/cache/${uuid}/g.total_umis.npy`, 1, 77);
  }, "the total of gene 1 is 77, not 14"],
];

for (const [what, deep, damage, message] of DAMAGES) {
  Deno.test(`verifyContainer() finds ${what}`, () =>
    withTempFolder(async (folder) => {
      await makeStudy(folder);
      const path = `${folder}/view`;
      const before = await verifyContainer(path, { deep: true });
      assertEquals(before.problems, []);
      await damage(folder);
      const { problems } = await verifyContainer(path, { deep });
      const text = problems.map((problem) => problem.message).join("\n");
      assertStringIncludes(text, message);
    }));
}

const GROUP_DAMAGES: readonly [
  what: string,
  deep: boolean,
  damage: (folder: string) => void | Promise<void>,
  message: string,
][] = [
  ["groups of another size", false, (folder) => {
    changeNpy(`${folder}/groups/p.grouped_count.npy`, 0, 2);
  }, "group 0 has 1 profile, and p.grouped_count.npy says 2"],
  ["a group that is none", false, (folder) => {
    changeNpy(`${folder}/groups/grouped.group_index.npy`, 2, 5);
  }, "profile 2 is in group 5 of 2"],
  ["profiles that went to another group", true, (folder) => {
    changeNpy(`${folder}/groups/grouped.group_index.npy`, 0, 0);
    changeNpy(`${folder}/groups/grouped.group_index.npy`, 1, 1);
  }, "is not the file that was written"],
  ["sums that are wrong", true, async (folder) => {
    await forgeSums(`${folder}/groups`);
  }, "the sum of gene 1 in group 1 is 9, and its profiles have 12"],
];

for (const [what, deep, damage, message] of GROUP_DAMAGES) {
  Deno.test(`verifyContainer() finds ${what}`, () =>
    withTempFolder(async (folder) => {
      await makeStudy(folder);
      const path = `${folder}/groups`;
      const before = await verifyContainer(path, { deep: true });
      assertEquals(before.problems, []);
      await damage(folder);
      const { problems } = await verifyContainer(path, { deep });
      const text = problems.map((problem) => problem.message).join("\n");
      assertStringIncludes(text, message);
    }));
}

Deno.test("verifyContainer() takes groups without what they group", () =>
  withTempFolder(async (folder) => {
    await makeStudy(folder);
    Deno.removeSync(`${folder}/view`, { recursive: true });
    const { problems } = await verifyContainer(`${folder}/groups`, {
      deep: true,
    });
    assertEquals(problems, []);
  }));
