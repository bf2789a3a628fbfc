import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { readNpy, writeNpy } from "../../src/arrays/npy.ts";
import { closeEngines } from "../../src/compute/choose_engine.ts";
import { combineUuids, fileUuid } from "../../src/io/digest.ts";
import { createView } from "../../src/profiles/create_view.ts";
import { groupedKind, groupsKind } from "../../src/profiles/kinds.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import { ProfilesBatch } from "../../src/profiles/profiles_batch.ts";
import { ProfilesGroups } from "../../src/profiles/profiles_groups.ts";
import { ProfilesGroupsMetadata } from "../../src/profiles/profiles_groups_metadata.ts";
import { sumGroups } from "../../src/profiles/sum_groups.ts";
import { withTempFolder } from "../helpers.ts";
import { makeGenes, makeModelBatch } from "./model.ts";

const COUNTS = [[1, 0, 2], [0, 3, 0], [4, 5, 6]];
const GROUPING = { groupIndices: Int32Array.of(1, -1, 1), names: ["a", "b"] };

async function withCells(
  run: (cells: Profiles, folder: string) => Promise<void>,
  counts = COUNTS,
): Promise<void> {
  await withTempFolder(async (folder) => {
    const genes = await makeGenes(`${folder}/genes`, 3);
    await makeModelBatch(`${folder}/cells`, genes, { counts });
    using cells = await Profiles.load(`${folder}/cells`);
    await run(cells, folder);
  });
}

async function openGroups(path: string): Promise<ProfilesGroups> {
  const groups = await Profiles.load(path);
  assert(groups instanceof ProfilesGroups);
  return groups;
}

Deno.test("sumGroups() tells of each profile once, in a group or not", () =>
  withCells(async (cells, folder) => {
    for (const sumsAtOnce of [1, 1 << 20]) {
      let told = 0;
      const advance = (count: number) => told += count;
      const options = { advance, sumsAtOnce, force: true };
      await sumGroups(cells, `${folder}/groups`, GROUPING, options);
      assertEquals(told, 3);
    }
  }));

Deno.test("sumGroups() makes groups that say what they are of", () =>
  withCells(async (cells, folder) => {
    const path = `${folder}/groups`;
    const metadata = await sumGroups(cells, path, GROUPING);
    assert(metadata instanceof ProfilesGroupsMetadata);
    assertEquals(ProfilesGroupsMetadata.container, ProfilesGroups);
    assertEquals(metadata.asDictionary(), {
      uuid: combineUuids([
        cells.genes.uuid,
        fileUuid(`${path}/gp.umis.mmm`),
        fileUuid(`${path}/grouped.group_index.npy`),
        cells.metadata.uuid,
      ]),
      organism: "human",
      genes: "../genes",
      genes_uuid: cells.genes.uuid,
      genes_count: 3,
      profiles_kind: "metacells",
      profiles_count: 2,
      entries_count: 3,
      grouped_profiles: "../cells",
      grouped_uuid: cells.metadata.uuid,
    });
    using groups = await openGroups(path);
    assert(groups instanceof ProfilesBatch);
    assertEquals([...await groups.groupedCount()], [0, 2]);
    assertEquals([...await groups.groupIndices()], [1, -1, 1]);
    assertEquals(await groups.profileNames(), ["a", "b"]);
    const { data } = await groups.matrix("gp", "umis", "uint32");
    assertEquals([...data], [0, 0, 0, 5, 5, 8]);
    const grouped = await groups.groupedProfiles();
    assertEquals(grouped.profilesCount, 3);
  }));

Deno.test("ProfilesGroups opens without what it groups, and with a change", () =>
  withCells(async (cells, folder) => {
    await createView(`${folder}/view`, cells, { geneIndices: [0, 2] });
    using view = await Profiles.load(`${folder}/view`);
    const path = `${folder}/groups`;
    await sumGroups(view, path, GROUPING);
    await createView(`${folder}/view`, cells, { force: true });
    {
      using groups = await openGroups(path);
      await assertRejects(
        () => groups.groupedProfiles(),
        Error,
        "its grouped container",
      );
    }
    Deno.removeSync(`${folder}/view`, { recursive: true });
    using groups = await openGroups(path);
    assertEquals(await groups.genes.names(), ["G000", "G002"]);
    assertEquals([...await groups.totalUmis("g")], [5, 8]);
    await assertRejects(() => groups.groupedProfiles(), Error, "is missing");
  }));

Deno.test("sumGroups() says which sum is too large, and leaves nothing", () =>
  withCells(async (cells, folder) => {
    const names = ["large"];
    const groupIndices = Int32Array.of(0, 0);
    await assertRejects(
      () => sumGroups(cells, `${folder}/new`, { groupIndices, names }),
      RangeError,
      "the sum of gene G001 is 4294967296, and counts go up to 4294967295",
    );
    const left = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assertEquals(left, ["cells", "genes"]);
    await sumGroups(cells, `${folder}/new`, {
      groupIndices: Int32Array.of(0, -1),
      names,
    });
    using groups = await openGroups(`${folder}/new`);
    assertEquals([...await groups.totalUmis("p")], [2 ** 32 - 1]);
  }, [[0, 2 ** 32 - 1, 0], [0, 1, 0]]));

Deno.test("sumGroups() gives the same bytes however it sums", () =>
  withTempFolder(async (folder) => {
    const genesCount = 500;
    const genes = await makeGenes(`${folder}/genes`, genesCount);
    // More than is computed without threads and kernels.
    const counts = Array.from({ length: 2600 }, (_, cell) => {
      return Array.from(
        { length: genesCount },
        (_, gene) => (cell * gene) % 7 === 3 ? 0 : (cell + gene) % 300,
      );
    });
    await makeModelBatch(`${folder}/cells`, genes, { counts, hasData: false });
    const path = `${folder}/view`;
    using cells = await Profiles.load(`${folder}/cells`);
    const geneIndices = [...Array(genesCount).keys()].filter((at) => at % 3);
    await createView(path, cells, { geneIndices });
    using view = await Profiles.load(path);
    const groupIndices = Int32Array.from(counts, (_, cell) => cell % 41 - 1);
    const names = Array.from({ length: 41 }, (_, group) => `${group}`);
    const grouping = { groupIndices, names };
    for (const grouped of [cells, view]) {
      const uuids = new Set();
      for (const threads of [1, 2]) {
        for (const sumsAtOnce of [1, 5000, 1 << 21]) {
          let done = 0;
          const { uuid } = await sumGroups(
            grouped,
            `${folder}/sums`,
            grouping,
            {
              device: "cpu",
              threads,
              sumsAtOnce,
              force: true,
              advance: (profiles) => done += profiles,
            },
          );
          uuids.add(uuid);
          assertEquals(done, counts.length);
        }
      }
      assertEquals(uuids.size, 1);
      using sums = await openGroups(`${folder}/sums`);
      const totals = await grouped.totalUmis("p");
      const expected = new Float64Array(names.length);
      totals.forEach((total, cell) => {
        if (groupIndices[cell]! >= 0) expected[groupIndices[cell]!]! += total;
      });
      assertEquals(await sums.totalUmis("p"), expected);
    }
    await closeEngines();
  }));

Deno.test("sumGroups() refuses groups that are none", () =>
  withCells(async (cells, folder) => {
    const names = ["a"];
    const cases: [number[], string][] = [
      [[0, 0], "the groups of 2 profiles are given, and it has 3"],
      [[0, 0, 1], "profile 2 is in group 1 of 1"],
      [[0, -2, 0], "profile 1 is in group -2 of 1"],
    ];
    for (const [groups, message] of cases) {
      const groupIndices = Int32Array.from(groups);
      await assertRejects(
        () => sumGroups(cells, `${folder}/new`, { groupIndices, names }),
        RangeError,
        message,
      );
    }
    for (const group of [0.5, NaN, 2 ** 32]) {
      // Who does not compile can give any list.
      const groupIndices = [0, group, 0] as unknown as Int32Array;
      await assertRejects(
        () => sumGroups(cells, `${folder}/new`, { groupIndices, names }),
        RangeError,
        `profile 1 is in group ${group} of 1`,
      );
    }
    const groupIndices = new Int32Array(3);
    await assertRejects(
      () => sumGroups(cells, `${folder}/cells`, { groupIndices, names }),
      Error,
      "it overlaps",
    );
  }));

Deno.test("ProfilesGroups.created() refuses counts that are not those", () =>
  withCells(async (cells, folder) => {
    const path = `${folder}/groups`;
    await sumGroups(cells, path, GROUPING);
    const files: [string, number[], string][] = [
      ["p.grouped_count.npy", [1, 2], "group 0 has 0 profiles"],
      ["p.grouped_count.npy", [0, 2, 0], "is of 3 groups, not 2"],
      ["grouped.group_index.npy", [1, 1], "it is of 2 profiles"],
      ["grouped.group_index.npy", [1, -1, 7], "in group 7 of 2"],
    ];
    for (const [file, values, message] of files) {
      const good = readNpy(`${path}/${file}`);
      const data = Int32Array.from(values);
      writeNpy(`${path}/${file}`, { dtype: "int32", data });
      await assertRejects(
        () => ProfilesGroups.created(path, cells),
        RangeError,
        message,
      );
      writeNpy(`${path}/${file}`, good);
    }
    await ProfilesGroups.created(path, cells);
  }));

Deno.test("sumGroups() keeps what was not measured", () =>
  withCells(async (cells, folder) => {
    const file = `${folder}/cells/genes.measured.npy`;
    writeNpy(file, { dtype: "bool", data: Uint8Array.of(1, 1, 0) });
    await sumGroups(cells, `${folder}/groups`, GROUPING);
    using groups = await openGroups(`${folder}/groups`);
    assertEquals([...(await groups.measuredGenes())!], [1, 1, 0]);
  }));

Deno.test("groupsKind() and groupedKind() undo each other", () => {
  assertEquals(groupsKind("cells"), "metacells");
  assertEquals(groupedKind(groupsKind("metacells")), "metacells");
  assertThrows(() => groupedKind("cells"), RangeError, "does not start with");
  assertThrows(() => groupedKind("meta"), RangeError, "does not start with");
});
