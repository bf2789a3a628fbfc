import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { readNpy } from "../../src/arrays/npy.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import { sumGroups } from "../../src/profiles/sum_groups.ts";
import { mergeParts, mergeTotals } from "../../src/scale/merge_parts.ts";
import { plan } from "../../src/scale/plan.ts";
import { readPlan } from "../../src/scale/plan_file.ts";
import { withTempFolder } from "../helpers.ts";
import { CONTAINERS } from "../profiles/containers.ts";
import { makeGenes } from "../profiles/model.ts";
import { computeAll, makeStudy, planJob } from "./_plans.ts";

for (const [name, make] of Object.entries(CONTAINERS)) {
  for (const shardBytes of [1, 20, 2 ** 31]) {
    Deno.test(`plan() of ${name} adds up, in shards of ${shardBytes} bytes`, () =>
      withTempFolder(async (folder) => {
        const genes = await makeGenes(`${folder}/genes`, 5);
        const { counts, path } = await make(folder, genes);
        for (const per of ["profile", "gene"] as const) {
          const at = `${folder}/${per}`;
          Deno.mkdirSync(at);
          const job = await planJob(path, `${at}/plan`, { per, shardBytes });
          const parts = await computeAll(job, at);
          using profiles = await Profiles.load(path);
          const expected = await profiles.totalUmis(per === "gene" ? "g" : "p");
          assertEquals(await mergeTotals(job, parts.reverse()), expected);
          await mergeParts(job, parts, `${at}/totals.npy`);
          assertEquals(readNpy(`${at}/totals.npy`).data, expected);
        }
        const names = ["b", "a", "unused"];
        const groupIndices = Int32Array.from(counts, (_, at) => at % 3 - 1);
        using profiles = await Profiles.load(path);
        const grouping = { groupIndices, names };
        await sumGroups(profiles, `${folder}/sums`, grouping);
        const job = await planJob(path, `${folder}/plan`, {
          grouping,
          shardBytes,
        });
        const parts = await computeAll(job, folder);
        // In tiles of one group, and of two.
        const sumsAtOnce = shardBytes === 1 ? 1 : 2 * profiles.genes.count;
        await mergeParts(job, parts, `${folder}/merged`, { sumsAtOnce });
        for (const file of ["profiles.yaml", "gp.umis.mmm"]) {
          assertEquals(
            Deno.readTextFileSync(`${folder}/merged/${file}`),
            Deno.readTextFileSync(`${folder}/sums/${file}`),
          );
        }
      }));
  }
}

Deno.test("plan() cuts a large batch into ranges of about the same bytes", () =>
  withTempFolder(async (folder) => {
    const path = await makeStudy(folder);
    const [batch] = (await planJob(path, `${folder}/plan`, { per: "gene" }))
      .shards;
    const { shards } = await planJob(`${path}/m0`, `${folder}/cut`, {
      per: "gene",
      shardBytes: batch!.bytes - 1,
    });
    assertEquals(shards.map(({ first, end }) => [first, end]), [[0, 3]]);
    const all = await planJob(`${path}/m0`, `${folder}/cut`, {
      per: "gene",
      shardBytes: 8,
    });
    const ends = all.shards.map(({ end }) => end);
    assertEquals(ends.at(-1), 3);
    assertEquals(all.shards[0]!.first, 0);
    assertEquals(
      all.shards.slice(1).map(({ first }) => first),
      ends.slice(0, -1),
    );
  }));

Deno.test("plan() is the same for the same container, wherever it is", () =>
  withTempFolder(async (folder) => {
    const path = await makeStudy(folder);
    const one = await planJob(path, `${folder}/one`, { per: "profile" });
    Deno.renameSync(path, `${folder}/moved`);
    Deno.mkdirSync(`${folder}/deep`);
    const moved = `${folder}/moved`;
    const two = await planJob(moved, `${folder}/deep/two`, { per: "profile" });
    assertEquals(two.digest, one.digest);
    assertEquals(two.shards, one.shards);
    assertEquals(
      (await planJob(moved, `${folder}/three`, { per: "gene" })).digest ===
        one.digest,
      false,
    );
  }));

Deno.test("plan() keeps the keys of shards that a changed batch is not in", () =>
  withTempFolder(async (folder) => {
    const keys = [];
    for (const [at, first] of [[1, 2, 3], [9, 9, 9]].entries()) {
      const place = `${folder}/${at}`;
      Deno.mkdirSync(place);
      const path = await makeStudy(place, first);
      const groupIndices = new Int32Array(6);
      const grouping = { groupIndices, names: at === 0 ? ["x"] : ["x", "y"] };
      for (const options of [{ per: "gene" } as const, { grouping }]) {
        const job = await planJob(path, `${place}/plan`, options);
        keys.push(job.shards.map(({ key }) => key));
      }
    }
    const [totals, sums, laterTotals, laterSums] = keys;
    const same = (left: string[], right: string[]) =>
      left.map((key, at) => key === right[at]);
    assertEquals(same(totals!, laterTotals!), [false, true, true]);
    assertEquals(same(sums!, laterSums!), [false, true, true]);
  }));

Deno.test("plan() says what it can't plan", () =>
  withTempFolder(async (folder) => {
    using profiles = await Profiles.load(await makeStudy(folder));
    const path = `${folder}/plan`;
    const none = () => plan(profiles, path, {});
    await assertRejects(none, TypeError, "either totals or sums");
    for (const shardBytes of [0, 1.5, -1, NaN]) {
      const bad = () => plan(profiles, path, { per: "gene", shardBytes });
      await assertRejects(bad, RangeError, `shards of ${shardBytes} bytes`);
    }
    const few = { groupIndices: new Int32Array(2), names: ["x"] };
    const short = () => plan(profiles, path, { grouping: few });
    await assertRejects(short, RangeError, "groups of 2 profiles");
    const over = { groupIndices: new Int32Array(6).fill(1), names: ["x"] };
    const unknown = () => plan(profiles, path, { grouping: over });
    await assertRejects(unknown, RangeError, "profile 0 is in group 1 of 1");
    const same = { groupIndices: new Int32Array(6), names: ["x", "x"] };
    const twice = () => plan(profiles, path, { grouping: same });
    await assertRejects(twice, RangeError, "two groups have one name");
  }));

Deno.test("readPlan() refuses what is no plan, or was changed", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/plan`;
    const study = await makeStudy(folder);
    await planJob(study, path, { per: "gene" });
    const text = Deno.readTextFileSync(path);
    for (
      const [bad, why] of [
        ["", "plan: "],
        ["[]", "it is no plan"],
        [text.replace("metacell plan", "other"), "it is no plan"],
        [text.replace('"format_version": 0', '"format_version": 9'), "version"],
        [text.replace('"per": "gene"', '"per": "profile"'), "it was changed"],
        [text.replace(/"key":"./, '"key":"_'), "it was changed"],
        [text.replace('"end":3', '"end":2'), "it was changed"],
        [text.replace('"is_whole":true', '"is_whole":false'), "it was changed"],
        [text.replace('"genes_count": 3', '"genes_count": -3'), "is no count"],
        [text.replace('"container"', '"containers"'), "container is no text"],
      ] as const
    ) {
      Deno.writeTextFileSync(path, bad);
      assertThrows(() => readPlan(path), SyntaxError, why);
    }
  }));
