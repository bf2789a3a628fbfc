import { assertEquals, assertRejects } from "@std/assert";
import { computeShard } from "../../src/scale/compute_shard.ts";
import { mergeParts, mergeTotals } from "../../src/scale/merge_parts.ts";
import { writeNpy } from "../../src/arrays/npy.ts";
import { withTempFolder } from "../helpers.ts";
import {
  makeGenes,
  makeModelBatch,
  makeModelCollection,
} from "../profiles/model.ts";
import { computeAll, makeStudy, planJob } from "./_plans.ts";

Deno.test("computeShard() does nothing for a part that is true still", () =>
  withTempFolder(async (folder) => {
    const path = await makeStudy(folder);
    const job = await planJob(path, `${folder}/plan`, { per: "gene" });
    const part = `${folder}/part`;
    assertEquals(await computeShard(job, 0, part), {
      isDone: false,
      profilesCount: 3,
    });
    const bytes = Deno.readFileSync(part);
    assertEquals((await computeShard(job, 0, part)).isDone, true);
    assertEquals(Deno.readFileSync(part), bytes);
    // Of another shard, cut off, and changed: all are made anew.
    assertEquals((await computeShard(job, 1, part)).isDone, false);
    assertEquals((await computeShard(job, 0, part)).isDone, false);
    Deno.truncateSync(part, bytes.length - 1);
    assertEquals((await computeShard(job, 0, part)).isDone, false);
    const flipped = bytes.slice();
    flipped[30]! ^= 1;
    Deno.writeFileSync(part, flipped);
    assertEquals((await computeShard(job, 0, part)).isDone, false);
    assertEquals(Deno.readFileSync(part), bytes);
  }));

Deno.test("computeShard() says what it can't compute", () =>
  withTempFolder(async (folder) => {
    const path = await makeStudy(folder);
    const job = await planJob(path, `${folder}/plan`, { per: "gene" });
    const part = `${folder}/part`;
    const past = () => computeShard(job, 3, part);
    await assertRejects(past, RangeError, "shard 3: the plan has 3 shards");
    const old = { ...job, version: "0.0.1" };
    const other = () => computeShard(old, 0, part);
    await assertRejects(other, Error, "metacell 0.0.1 made it");
    await Deno.remove(`${folder}/study`, { recursive: true });
    await Deno.remove(`${folder}/genes`, { recursive: true });
    await makeStudy(folder, [8, 8, 8]);
    const changed = () => computeShard(job, 0, part);
    await assertRejects(changed, Error, "it changed since the plan was made");
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assertEquals(names, ["genes", "plan", "study"]);
    // What is not in that batch can be computed still.
    assertEquals((await computeShard(job, 1, part)).isDone, false);
  }));

Deno.test("computeShard() reads its own groups alone, and checks them", () =>
  withTempFolder(async (folder) => {
    const path = await makeStudy(folder);
    const grouping = {
      groupIndices: new Int32Array([0, 1, 0, 1, 0, -1]),
      names: ["x", "y"],
    };
    const job = await planJob(path, `${folder}/plan`, { grouping });
    const groups = job.groupsPath!;
    const bytes = Deno.readFileSync(groups);
    const compute = (shard: number) =>
      computeShard(job, shard, `${folder}/${shard}.part`);
    // The group of the fourth profile, which is the first of the second shard.
    bytes[bytes.length - 3 * 4] = 0;
    Deno.writeFileSync(groups, bytes);
    assertEquals((await compute(0)).profilesCount, 3);
    await assertRejects(() => compute(1), Error, "not those of the plan");
    Deno.writeFileSync(groups, bytes.subarray(0, bytes.length - 4));
    await assertRejects(() => compute(2), RangeError, groups);
    writeNpy(groups, { dtype: "int32", data: new Int32Array(7) });
    await assertRejects(() => compute(2), Error, "not those of the plan");
    const other = await planJob(path, `${folder}/plan`, { grouping });
    assertEquals(other, job);
    await compute(1);
    await compute(2);
    const parts = [0, 1, 2].map((shard) => `${folder}/${shard}.part`);
    await mergeParts(job, parts, `${folder}/sums`);
  }));

Deno.test("mergeParts() adds a batch that is twice in a collection twice", () =>
  withTempFolder(async (folder) => {
    const genes = await makeGenes(`${folder}/genes`, 3);
    const counts = [[1, 2, 3], [4, 0, 0]];
    const batch = await makeModelBatch(`${folder}/batch`, genes, { counts });
    const pair = await makeModelCollection(`${folder}/pair`, [batch, batch]);
    const job = await planJob(pair.path, `${folder}/plan`, { per: "gene" });
    const parts = await computeAll(job, folder);
    assertEquals(job.shards.map(({ repeat }) => repeat), [0, 1]);
    assertEquals([...await mergeTotals(job, parts)], [10, 4, 6]);
  }));

Deno.test("mergeTotals() refuses parts that are not those of the plan", () =>
  withTempFolder(async (folder) => {
    const path = await makeStudy(folder);
    const job = await planJob(path, `${folder}/plan`, { per: "gene" });
    const parts = await computeAll(job, folder);
    const [first, second, third] = parts as [string, string, string];
    const refuse = async (parts: readonly string[], why: string) => {
      await assertRejects(() => mergeTotals(job, parts), Error, why);
    };
    await refuse([first, third], "1 of 3 shards has none: 1");
    await refuse([], "3 of 3 shards have none: 0, 1, 2");
    await refuse([...parts, second], "it is of shard 1, as is");
    await refuse([first, second, `${folder}/none`], "there is no such file");
    const profiles = await planJob(path, `${folder}/p`, { per: "profile" });
    Deno.mkdirSync(`${folder}/other`);
    const [other] = await computeAll(profiles, `${folder}/other`);
    await refuse([other!, second, third], "it is of another plan");
    const bytes = Deno.readFileSync(second);
    for (const [at, why] of [[0, "start"], [40, "bytes"], [9e9, "end"]]) {
      const bad = bytes.slice();
      bad[Math.min(at as number, bad.length - 1)]! ^= 1;
      Deno.writeFileSync(second, bad);
      await refuse(parts, `${second}: it`);
      await refuse(parts, why as string);
    }
    for (const length of [0, 10, 60, bytes.length - 1]) {
      Deno.writeFileSync(second, bytes.subarray(0, length));
      await refuse(parts, `Cannot use the part ${second}`);
    }
    const discard = () => mergeTotals(job, parts, { discard: true });
    await assertRejects(discard, Error, "what was refused was removed");
    const left = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assertEquals(left.includes("1.part"), false);
    assertEquals(left.includes("0.part"), true);
    await computeShard(job, 1, second);
    assertEquals([...await mergeTotals(job, parts)], [140005, 16, 9]);
  }));

Deno.test("mergeParts() takes parts that an earlier plan left true", () =>
  withTempFolder(async (folder) => {
    const path = await makeStudy(folder);
    const before = await planJob(path, `${folder}/plan`, { per: "gene" });
    const parts = await computeAll(before, folder);
    await Deno.remove(`${folder}/study`, { recursive: true });
    await Deno.remove(`${folder}/genes`, { recursive: true });
    await makeStudy(folder, [8, 8, 8]);
    const job = await planJob(path, `${folder}/plan`, { per: "gene" });
    const merge = () => mergeTotals(job, parts);
    await assertRejects(merge, Error, "or of a batch that changed since");
    const done = [];
    for (const [shard, part] of parts.entries()) {
      done.push((await computeShard(job, shard, part)).isDone);
    }
    assertEquals(done, [false, true, true]);
    assertEquals([...await merge()], [140012, 22, 14]);
  }));

Deno.test("mergeParts() sums into nothing where a sum passes 2^32-1", () =>
  withTempFolder(async (folder) => {
    const path = await makeStudy(folder, [2 ** 32 - 1, 0, 0]);
    const groupIndices = new Int32Array(6);
    const grouping = { groupIndices, names: ["all"] };
    const job = await planJob(path, `${folder}/plan`, {
      grouping,
      shardBytes: 1,
    });
    const parts = await computeAll(job, folder);
    const merge = () => mergeParts(job, parts, `${folder}/sums`);
    await assertRejects(merge, RangeError, "group all");
    // A shard may have as much already.
    const whole = await planJob(path, `${folder}/whole`, { grouping });
    await assertRejects(
      () => computeShard(whole, 0, `${folder}/whole.part`),
      RangeError,
      "Cannot sum group all: the sum of gene 0 is 4295037295",
    );
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assertEquals(names.some((name) => name.includes("sums")), false);
  }));
