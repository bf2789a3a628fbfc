import {
  assert,
  assertEquals,
  assertFalse,
  assertGreater,
  assertStringIncludes,
} from "@std/assert";
import { readPlan } from "../../src/scale/plan_file.ts";
import { withTempFolder } from "../helpers.ts";
import { findProgram, SlurmCluster, waitUntil } from "./_slurm.ts";
import {
  countRules,
  HAS_SNAKEMAKE,
  makeStudy,
  OUTPUT,
  runMetacell,
  runWorkflow,
  sourceOf,
  type Study,
  writeSource,
} from "./_study.ts";

if (!HAS_SNAKEMAKE) console.warn("Skipping: snakemake 7 is not installed");
const hasSlurm = HAS_SNAKEMAKE && SlurmCluster.isPossible();
if (!hasSlurm) {
  console.warn("Skipping: Slurm is not installed, or this is not run by root");
}

const GENE_TOTALS = { gene_totals: { per: "gene" } } as const;
const ALL_JOBS = { ...GENE_TOTALS, kinds: { by: "kinds.csv:kind" } } as const;

Deno.test({
  name: "the workflow refuses a configuration with errors (snakemake)",
  ignore: !HAS_SNAKEMAKE,
  fn: () =>
    withTempFolder(async (folder) => {
      const study = makeStudy(folder, GENE_TOTALS);
      const path = `${folder}/config.json`;
      const config = JSON.parse(Deno.readTextFileSync(path));
      for (
        const [change, why] of [
          [{ job: config.jobs }, "Cannot use the key job of the configuration"],
          [{ sources: {} }, "the configuration has no sources"],
          [{ jobs: { sums: { By: "kind" } } }, "Cannot use the job sums"],
        ] as const
      ) {
        Deno.writeTextFileSync(path, JSON.stringify({ ...config, ...change }));
        const { isGood, log } = await runWorkflow(study, "local");
        assertFalse(isGood);
        assertStringIncludes(log, why);
      }
    }),
});

Deno.test({
  name: "the workflow redoes exactly what is needed (snakemake)",
  ignore: !HAS_SNAKEMAKE,
  fn: () =>
    withTempFolder(async (folder) => {
      const study = makeStudy(folder, ALL_JOBS);
      const first = await runWorkflow(study, "local");
      assert(first.isGood, first.log);
      assertEquals(
        countRules(first, "genes", "import_source", "collect", "plan", "shard"),
        [1, 4, 1, 2, 8],
      );
      await checkResults(study, ["totals", "sums"]);
      const again = await runWorkflow(study, "local");
      assertStringIncludes(again.log, "Nothing to be done");

      // A part that is cut off or missing is made again without being asked
      // for; one whose bytes changed is refused and removed by the merge.
      const [cut, gone, bad] = partsOf(study, "gene_totals");
      Deno.truncateSync(cut!, Deno.statSync(cut!).size - 4);
      Deno.removeSync(gone!);
      const bytes = Deno.readFileSync(bad!);
      bytes[30]! ^= 1;
      Deno.writeFileSync(bad!, bytes);
      const refused = await runWorkflow(study, "local");
      assert(!refused.isGood);
      assertStringIncludes(refused.log, "its bytes are not those");
      assertFalse(exists(bad!));
      assertEquals(
        countRules(refused, "import_source", "plan", "shard", "merge_totals"),
        [0, 0, 2, 1],
        refused.log,
      );
      const whole = await runWorkflow(study, "local");
      assertEquals(
        countRules(whole, "shard", "merge_totals", "merge_sums"),
        [1, 1, 0],
        whole.log,
      );
      await checkResults(study, ["totals"]);

      // A source that changed is imported, and the shards that it is in.
      writeSource(sourceOf(study, "c"), 17);
      const changed = await runWorkflow(study, "local");
      assertEquals(
        countRules(changed, "genes", "import_source", "collect", "shard"),
        [1, 1, 1, 2],
        changed.log,
      );
      await checkResults(study, ["totals", "sums"]);
    }),
});

Deno.test({
  name: "the workflow survives a cluster on Slurm (slurm)",
  ignore: !hasSlurm,
  fn: () =>
    withTempFolder(async (folder) => {
      const study = makeStudy(folder, GENE_TOTALS);
      await using cluster = await SlurmCluster.start();
      const path = `${Deno.env.get("PATH")}:${folderOf("slurmctld")}`;
      const environment = { ...cluster.environment, PATH: path };

      // One job is killed while it computes, then one node takes no more.
      Deno.writeTextFileSync(`${folder}/wait`, "");
      const first = await runWorkflow(study, "slurm", {
        environment,
        whileRunning: () => disturb(cluster, folder),
      });
      assert(first.isGood, first.log);
      const [imports, shards] = countRules(first, "import_source", "shard");
      assertEquals(imports, 4);
      assertGreater(shards!, 4, "a job that was killed is submitted again");
      const states = await cluster.run("sinfo", "-h", "-o", "%T");
      assertStringIncludes(states, "drain");
      await checkResults(study, ["totals"]);

      // A source changes, and a part of another one is cut off.
      const of = new Map(shardsOf(study, "gene_totals"));
      const cut = of.get("batches/a")!;
      Deno.truncateSync(cut, 60);
      writeSource(sourceOf(study, "b"), 23);
      const changed = await runWorkflow(study, "slurm", { environment });
      assert(changed.isGood, changed.log);
      assertEquals(countRules(changed, "import_source", "shard"), [1, 2]);
      assertGreater(Deno.statSync(cut).size, 60);
      await checkResults(study, ["totals"]);
    }),
});

/** Kills the jobs that compute shards, and takes a node away. */
async function disturb(cluster: SlurmCluster, folder: string): Promise<void> {
  await waitUntil(120, () => exists(`${folder}/waiting`));
  const jobs = await cluster.run("squeue", "-h", "-t", "R", "-o", "%i %j");
  const lines = jobs.split("\n").filter((job) => job.includes("shard"));
  assertGreater(lines.length, 0, jobs);
  for (const line of lines) {
    await cluster.run("scancel", "--signal=KILL", line.split(" ")[0]!);
  }
  const drain = ["NodeName=n2", "State=DRAIN", "Reason=test"];
  await cluster.run("scontrol", "update", ...drain);
}

/** The results have the bits of one process. */
async function checkResults(
  study: Study,
  what: readonly ("totals" | "sums")[],
): Promise<void> {
  const collection = `${OUTPUT}/collection`;
  const results = `${study.folder}/${OUTPUT}`;
  if (what.includes("totals")) {
    const one = await runMetacell(study, "totals", collection, "--per", "gene");
    assertEquals(Deno.readTextFileSync(`${results}/gene_totals.tsv`), one);
  }
  if (!what.includes("sums")) return;
  const by = ["--by", "kinds.csv:kind", "--force", "--quiet"];
  await runMetacell(study, "sum", collection, "one", ...by);
  for (const file of ["gp.umis.mmm", "profiles.yaml", "p.name.txt"]) {
    const [many, one] = [`${results}/kinds`, `${study.folder}/one`]
      .map((path) => readBytes(path, file));
    assertEquals(many, one, file);
  }
}

/** Where a container is, relative to it, is no part of the results. */
function readBytes(path: string, file: string): string {
  return Deno.readTextFileSync(`${path}/${file}`)
    .replace(/^(genes|grouped_profiles): .*$/gm, "");
}

/** The parts of a job, each by the batch that it is of. */
function shardsOf(study: Study, job: string): [string, string][] {
  const plan = readPlan(`${study.folder}/${OUTPUT}/jobs/${job}/plan.json`);
  return plan.shards.map(({ batch, key }) => {
    const name = batch.replace(/^(\.\.\/)+/, "");
    return [name, `${study.folder}/${OUTPUT}/jobs/${job}/parts/${key}.part`];
  });
}

function partsOf(study: Study, job: string): string[] {
  return shardsOf(study, job).map(([, part]) => part);
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

function folderOf(program: string): string {
  return findProgram(program)!.replace(/\/[^/]*$/, "");
}
