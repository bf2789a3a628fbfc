import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createView } from "../../src/profiles/create_view.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import type { ProfilesView } from "../../src/profiles/profiles_view.ts";
import { sumGroups } from "../../src/profiles/sum_groups.ts";
import { verifyContainer } from "../../src/profiles/verify.ts";
import { withTempFolder } from "../helpers.ts";
import { makeBatch } from "./batch_fixture.ts";

/** What no engine computes with, so that it is seen who is told of it. */
const BAD = { threads: 0 };
const GOOD = { threads: 1 };

Deno.test("Profiles.load() computes as it is told, unless a call says more", () =>
  withTempFolder(async (folder) => {
    await makeBatch(`${folder}/batch`);
    using batch = await Profiles.load(`${folder}/batch`);
    await createView(`${folder}/view`, batch, {
      geneIndices: Int32Array.of(0, 1),
    });
    const options = { cache: false, compute: BAD };
    using view = await Profiles.load(`${folder}/view`, undefined, options);
    const base = (view as ProfilesView).baseProfiles;
    for (
      const compute of [
        () => view.totalUmis("p"),
        () => view.anyArray("g", "total_umis"),
        () => view.entriesCount(),
        () => base.totalUmis("p"),
      ]
    ) await assertRejects(compute, RangeError, "with 0 threads");
    assertEquals((await view.totalUmis("p", undefined, GOOD)).length, 3);
    assertEquals(typeof await view.entriesCount(GOOD), "number");
  }));

Deno.test("verifyContainer() computes as it is told", () =>
  withTempFolder(async (folder) => {
    await makeBatch(`${folder}/batch`);
    using batch = await Profiles.load(`${folder}/batch`);
    await batch.totalUmis("g");
    const groups = { groupIndices: Int32Array.of(0, 0, 0), names: ["all"] };
    await sumGroups(batch, `${folder}/groups`, groups);
    for (const name of ["batch", "groups"]) {
      const path = `${folder}/${name}`;
      const good = await verifyContainer(path, { deep: true, compute: GOOD });
      assertEquals(good.problems, []);
      const bad = await verifyContainer(path, { deep: true, compute: BAD });
      assertEquals(bad.problems.length, 1);
      assertStringIncludes(bad.problems[0]!.message, "with 0 threads");
    }
  }));
