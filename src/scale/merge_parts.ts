import { writeNpy } from "../arrays/npy.ts";
import type { Genes } from "../genes/genes.ts";
import { countOf, thereAre } from "../io/plural.ts";
import "../profiles/load.ts";
import { Profiles } from "../profiles/profiles.ts";
import { buildGroups } from "../profiles/sum_groups.ts";
import { checkParts } from "./check_parts.ts";
import { locateSums, sumParts } from "./merge_sums.ts";
import type { PartFile } from "./part_file.ts";
import type { Plan } from "./plan.ts";
import { readGroups } from "./read_groups.ts";
import { isInOrder, writeProfileTotals } from "./write_profile_totals.ts";

/** How parts are merged. */
export interface MergeOptions {
  /** Where the container is, if it was moved since the plan was made. */
  readonly container?: string | undefined;
  /** The full genes set of the container, where it is not found. */
  readonly genes?: Genes | undefined;
  /** Whether a container that is there is replaced. */
  readonly force?: boolean | undefined;
  /** Whether parts that are refused are removed, so that they are made anew. */
  readonly discard?: boolean | undefined;
  /** The most sums that are kept in memory at once, of 8 bytes each. */
  readonly sumsAtOnce?: number | undefined;
  /** Told of the parts that were read since the last call. */
  readonly advance?: ((partsCount: number) => void) | undefined;
}

/**
 * Merges parts into what the plan is of, with the bits of one process: totals
 * into an npy file of float64, sums into a container of groups. A few parts are
 * in memory at once, however many there are.
 *
 * @param plan The plan.
 * @param partPaths The parts, one of each shard, in any order.
 * @param destination The path of the file, or folder, to make.
 * @param options Where the container is; whether one is replaced.
 * @throws {Error} If a part is damaged, of another plan or version, or of a
 * shard that another part is of too, or a shard has none.
 *
 * @example Sum groups in shards
 * ```ts
 * import {
 *   computeShard,
 *   Genes,
 *   GenesSet,
 *   MemoryMappedMatrix,
 *   mergeParts,
 *   plan,
 *   Profiles,
 *   ProfilesBatch,
 * } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.mkdir(`${folder}/cells/genes`, { recursive: true });
 * await Deno.writeTextFile(`${folder}/cells/genes/g.name.txt`, "FOXP3\nGAPDH\n");
 * await GenesSet.created(`${folder}/cells/genes`, "human");
 * const genes = await Genes.load(`${folder}/cells/genes`);
 * const data = [[[0, 3], [1, 1]], [[1, 7]], [[0, 4]]] as const;
 * MemoryMappedMatrix.write(`${folder}/cells/gp.umis.mmm`, 2, data);
 * await ProfilesBatch.created(`${folder}/cells`, genes, "cells");
 *
 * using cells = await Profiles.load(`${folder}/cells`);
 * const grouping = {
 *   groupIndices: new Int32Array([1, 0, 1]),
 *   names: ["B", "T"],
 * };
 * const job = await plan(cells, `${folder}/plan.json`, {
 *   grouping,
 *   shardBytes: 4,
 * });
 * const parts = job.shards.map((_, shard) => `${folder}/${shard}.part`);
 * for (const [shard, part] of parts.entries()) {
 *   await computeShard(job, shard, part);
 * }
 * await mergeParts(job, parts, `${folder}/types`);
 * {
 *   using types = await Profiles.load(`${folder}/types`);
 *   assertEquals(await types.profileNames(), ["B", "T"]);
 *   assertEquals([...await types.totalUmis("p")], [7, 8]);
 * }
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function mergeParts(
  plan: Plan,
  partPaths: readonly string[],
  destination: string,
  options: MergeOptions = {},
): Promise<void> {
  if (plan.job.kind === "sum") {
    return await mergeSums(plan, partPaths, destination, options);
  }
  if (plan.job.per === "profile" && isInOrder(plan)) {
    const parts = checkParts(plan, partPaths, options);
    return writeProfileTotals(plan, parts, destination);
  }
  const data = await mergeTotals(plan, partPaths, options);
  writeNpy(destination, { dtype: "float64", data });
}

async function mergeSums(
  plan: Plan,
  partPaths: readonly string[],
  destination: string,
  options: MergeOptions,
): Promise<void> {
  const names = plan.job.kind === "sum" ? plan.job.names : [];
  const located = locateSums(plan, partPaths, names, options);
  using profiles = await openPlanned(plan, options);
  const groupIndices = readGroups(plan);
  await buildGroups(profiles, destination, { groupIndices, names }, {
    force: options.force ?? false,
    sum: (use) => sumParts(plan, located, use),
  });
}

/**
 * Merges the parts of a plan of totals.
 *
 * @param plan The plan.
 * @param partPaths The parts, one of each shard, in any order.
 * @param options Where the container is.
 * @returns The totals: one a profile or a gene of the container, exact.
 * @throws {Error} If the plan is of sums, or a part is refused as by
 * {@linkcode mergeParts}.
 */
export async function mergeTotals(
  plan: Plan,
  partPaths: readonly string[],
  options: MergeOptions = {},
): Promise<Float64Array> {
  const { job, profilesCount, genesCount } = plan;
  if (job.kind !== "totals") {
    throw new Error("Cannot merge totals: the plan is of sums of groups");
  }
  const places = job.per === "profile" ? await placesOf(plan, options) : [];
  const count = job.per === "gene" ? genesCount : profilesCount;
  const totals = new Float64Array(count);
  checkParts(plan, partPaths, options, (part, shard) => {
    const values = part.readTotals();
    if (job.per === "gene") addAll(totals, values, part);
    else placeAll(totals, values, places[shard]!);
  });
  return totals;
}

/**
 * Opens the container of a plan.
 *
 * @param plan The plan.
 * @param options Where it is.
 * @returns The container; the caller closes it.
 * @throws {Error} If it changed since the plan was made.
 */
export async function openPlanned(
  plan: Plan,
  options: MergeOptions = {},
): Promise<Profiles> {
  const path = options.container ?? plan.container;
  const profiles = await Profiles.load(path, options.genes);
  if (profiles.metadata.uuid === plan.containerUuid) return profiles;
  profiles.close();
  throw new Error(
    `Cannot merge parts of ${path}: it changed since the plan was made`,
  );
}

/** For each shard where its profiles are in the container. */
async function placesOf(
  plan: Plan,
  options: MergeOptions,
): Promise<(number | Int32Array)[]> {
  const isPlain = plan.shards.every(({ firstProfile }) =>
    firstProfile !== undefined
  );
  if (isPlain) return plan.shards.map(({ firstProfile }) => firstProfile!);
  using profiles = await openPlanned(plan, options);
  const spans = await profiles.leafSpans();
  return plan.shards.map(({ firstProfile, span, first, end }) =>
    firstProfile ?? spans[span]!.targets!.slice(first, end)
  );
}

function addAll(
  totals: Float64Array,
  values: Float64Array,
  { name }: PartFile,
): void {
  if (values.length !== totals.length) {
    throw new RangeError(
      `Cannot use the part ${name}: it has ` +
        `${countOf(values.length, "total")}, ` +
        `and ${thereAre(totals.length, "gene")}`,
    );
  }
  for (let at = 0; at < totals.length; at++) totals[at]! += values[at]!;
}

function placeAll(
  totals: Float64Array,
  values: Float64Array,
  place: number | Int32Array,
): void {
  if (typeof place === "number") return totals.set(values, place);
  place.forEach((target, at) => totals[target] = values[at]!);
}
