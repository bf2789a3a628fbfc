import { assertEquals, assertStringIncludes } from "@std/assert";
import { readPlan } from "../../src/scale/plan_file.ts";
import { makeGenes, makeModelBatch } from "../profiles/model.ts";
import { makeStudy } from "../scale/_plans.ts";
import { inFolder, runCli } from "./_cli.ts";
import { runBadly, runWell } from "./_study.ts";

Deno.test("plan, totals --plan and merge give what totals gives", () =>
  inFolder(async (folder) => {
    const study = await makeStudy(folder);
    const plan = `${folder}/plan.json`;
    for (const per of ["profile", "gene"]) {
      const { stderr } = await runWell(
        ["plan", study, "--per", per, "-o", plan, "--shard-bytes", "1GiB"],
      );
      assertStringIncludes(stderr, `${plan}: 3 shards of `);
      const parts = [2, 0, 1].map((shard) => `${folder}/${per}${shard}.part`);
      for (const part of parts) {
        const shard = part.at(-6)!;
        const words = ["totals", "--plan", plan, "--shard", shard, "-o", part];
        const first = await runWell(words);
        assertStringIncludes(first.stderr, `shard ${shard} of 3, `);
        const again = await runWell(words);
        assertStringIncludes(again.stderr, "computed before: nothing to do");
      }
      const dest = `${folder}/${per}.tsv`;
      await runWell(["merge", "--plan", plan, ...parts, dest]);
      const whole = await runWell(["totals", study, "--per", per]);
      assertEquals(Deno.readTextFileSync(dest), whole.stdout);
      const json = `${folder}/${per}.json`;
      await runWell(["merge", "--plan", plan, ...parts, json, "--to", "json"]);
      assertEquals(JSON.parse(Deno.readTextFileSync(json)).per, per);
    }
  }));

Deno.test("plan --by, sum --plan and merge give what sum gives", () =>
  inFolder(async (folder) => {
    const study = await makeStudy(folder);
    const plan = `${folder}/plan.json`;
    Deno.writeTextFileSync(`${folder}/labels`, "x\ny\nx\nNA\ny\nx\n");
    const by = ["--by", `${folder}/labels`];
    await runWell(["plan", study, ...by, "-o", plan]);
    // In a folder parts are named by their keys, and others are left alone.
    const folderOfParts = `${folder}/parts`;
    Deno.mkdirSync(folderOfParts);
    for (const shard of ["0", "1", "2"]) {
      const words = ["--plan", plan, "--shard", shard, "-o", folderOfParts];
      await runWell(["sum", ...words]);
    }
    Deno.writeTextFileSync(`${folderOfParts}/old.part`, "");
    const parts = readPlan(plan).shards
      .map(({ key }) => `${folderOfParts}/${key}.part`);
    const merged = `${folder}/merged`;
    await runWell(["merge", "--plan", plan, folderOfParts, merged]);
    await runWell(["sum", study, `${folder}/sums`, ...by]);
    const yaml = "profiles.yaml";
    assertEquals(
      Deno.readTextFileSync(`${merged}/${yaml}`),
      Deno.readTextFileSync(`${folder}/sums/${yaml}`),
    );
    const again = ["merge", "--plan", plan, ...parts, merged];
    assertStringIncludes(await runBadly(again), "it exists already");
    await runWell([...again, "--force"]);
  }));

Deno.test("plan and merge say what they can't do", () =>
  inFolder(async (folder) => {
    const study = await makeStudy(folder);
    const plan = `${folder}/plan.json`;
    await runWell(["plan", study, "--per", "gene", "-o", plan]);
    const labels = `${folder}/labels`;
    Deno.writeTextFileSync(labels, "x\n".repeat(6));
    for (
      const [words, why] of [
        [["plan", study, "-o", plan], "one of --per KIND and --by LABELS"],
        [["plan", study, "--per", "gene"], "--output PLAN is missing"],
        [
          ["plan", study, "--per", "gene", "-o", plan, "--shard-bytes", "0"],
          "--shard-bytes can't be 0",
        ],
        [["totals", "--plan", plan, "-o", "x"], "--plan needs --shard I"],
        [["totals", "--plan", plan, "--shard", "0"], "needs --output PART"],
        [
          ["totals", "--plan", plan, "--shard", "1st", "-o", "x"],
          "--shard can't be 1st",
        ],
        [["totals", study, "--per", "gene", "--shard", "1"], "--plan PLAN"],
        [["totals", "--per", "gene"], "DIR is missing"],
        [["sum", study, `${folder}/sums`], "--by LABELS is missing"],
        [["totals", study], "--per KIND is missing"],
      ] as const
    ) {
      const { code, stderr } = await runCli(words);
      assertEquals(code, 2, stderr);
      assertStringIncludes(stderr, why);
    }
    const part = `${folder}/0.part`;
    for (
      const [words, why] of [
        [["plan", study, "--per", "gene", "-o", labels], "and is no plan"],
        [["sum", "--plan", plan, "--shard", "0", "-o", part], "totals"],
        [["totals", "--plan", plan, "--shard", "7", "-o", part], "3 shards"],
        [["totals", "--plan", labels, "--shard", "0", "-o", part], "plan"],
        [["merge", "--plan", plan, `${folder}/out`], "3 of 3 shards"],
      ] as const
    ) assertStringIncludes(await runBadly(words), why);
  }));

Deno.test("plan, totals --plan and merge take --genes-set", () =>
  inFolder(async (folder) => {
    const study = await makeStudy(folder);
    Deno.mkdirSync(`${folder}/far`);
    Deno.renameSync(`${folder}/genes`, `${folder}/far/genes`);
    const plan = `${folder}/plan.json`;
    const parts = `${folder}/parts`;
    Deno.mkdirSync(parts);
    const genes = ["--genes-set", `${folder}/far/genes`];
    const none = ["plan", study, "--per", "gene", "-o", plan];
    await runBadly(none);
    await runWell([...none, ...genes]);
    for (const shard of ["0", "1", "2"]) {
      const words = ["totals", "--plan", plan, "--shard", shard, "-o", parts];
      await runWell([...words, ...genes]);
    }
    const dest = `${folder}/totals.tsv`;
    await runWell(["merge", "--plan", plan, parts, dest, ...genes]);
    const whole = await runWell(["totals", study, "--per", "gene", ...genes]);
    assertEquals(Deno.readTextFileSync(dest), whole.stdout);
  }));

Deno.test("plan and merge take a container that has nothing to compute", () =>
  inFolder(async (folder) => {
    const genes = await makeGenes(`${folder}/genes`, 3);
    const [none, plan] = [`${folder}/none`, `${folder}/plan.json`];
    await makeModelBatch(none, genes, { counts: [] });
    const { stderr } = await runWell(
      ["plan", none, "--per", "gene", "-o", plan],
    );
    assertStringIncludes(stderr, "0 shards");
    const dest = `${folder}/totals.tsv`;
    await runWell(["merge", "--plan", plan, dest]);
    const whole = await runWell(["totals", none, "--per", "gene"]);
    assertEquals(Deno.readTextFileSync(dest), whole.stdout);
  }));
