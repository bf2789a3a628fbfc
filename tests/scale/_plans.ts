import { Profiles } from "../../src/profiles/profiles.ts";
import "../../src/profiles/load.ts";
import { computeShard } from "../../src/scale/compute_shard.ts";
import { type Plan, plan, type PlanOptions } from "../../src/scale/plan.ts";
import { readPlan, writePlan } from "../../src/scale/plan_file.ts";
import {
  makeGenes,
  makeModelBatch,
  makeModelCollection,
} from "../profiles/model.ts";

/** Plans a job over a container, by way of a file. */
export async function planJob(
  container: string,
  path: string,
  options: PlanOptions,
): Promise<Plan> {
  using profiles = await Profiles.load(container);
  writePlan(path, await plan(profiles, path, options));
  return readPlan(path);
}

/** Computes all shards of a plan, and gives the paths of the parts. */
export async function computeAll(
  job: Plan,
  folder: string,
): Promise<string[]> {
  const parts: string[] = [];
  for (const shard of job.shards.keys()) {
    const part = `${folder}/${shard}.part`;
    await computeShard(job, shard, part);
    parts.push(part);
  }
  return parts;
}

/** A collection of three batches whose counts start with those given. */
export async function makeStudy(
  folder: string,
  first: readonly number[] = [1, 2, 3],
): Promise<string> {
  const genes = await makeGenes(`${folder}/genes`, 3);
  const rows = [first, [0, 5, 0], [70_000, 0, 1]];
  const members = [];
  for (const [at, counts] of [rows, rows.slice(1), [[4, 4, 4]]].entries()) {
    const path = `${folder}/study/m${at}`;
    members.push(await makeModelBatch(path, genes, { counts }));
  }
  return (await makeModelCollection(`${folder}/study`, members)).path;
}
