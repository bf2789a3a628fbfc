import { writeNpy } from "../arrays/npy.ts";
import { fileUuid } from "../io/digest.ts";
import { countOf } from "../io/plural.ts";
import { VERSION } from "../io/version.ts";
import type { Profiles } from "../profiles/profiles.ts";
import type { Grouping } from "../profiles/sum_groups.ts";
import { estimateResources, type ShardResources } from "./resources.ts";
import { digestOf } from "./digest_json.ts";
import { cutSpans, type SpanPiece } from "./cut_spans.ts";
import { groupsOfPiece } from "./groups_of_piece.ts";
import { describeSums, shardContent, shardKey } from "./shard_key.ts";

/** The bytes of a shard, where nothing else is said. */
export const SHARD_BYTES: number = 2 ** 31;

/** What is computed of all profiles. */
export type PlanJob =
  | { readonly kind: "totals"; readonly per: "profile" | "gene" }
  | {
    readonly kind: "sum";
    /** The names of the groups. */
    readonly names: readonly string[];
    /** The identifier of the file of the group of each profile. */
    readonly groupsUuid: string;
  };

/** A part of a job: a range of the profiles of one batch. */
export interface Shard extends SpanPiece {
  /**
   * What the result depends on: the job, the batch, the profiles, the genes,
   * the version of the software. Shards of two plans that have it in common
   * have the same result.
   */
  readonly key: string;
  /** How many shards before it are of the same, as of a batch that is twice. */
  readonly repeat: number;
  /** What computing it takes, cautiously. */
  readonly resources: ShardResources;
}

/** The shards of one job over one container. */
export interface Plan {
  /** The version of the software that made it. */
  readonly version: string;
  /** What is computed. */
  readonly job: PlanJob;
  /** The absolute path of the container. */
  readonly container: string;
  /** The identifier of the container. */
  readonly containerUuid: string;
  /** The number of profiles of the container. */
  readonly profilesCount: number;
  /** The number of genes of the container. */
  readonly genesCount: number;
  /** The most bytes of a shard, unless a single profile has more. */
  readonly shardBytes: number;
  /** The identifier of all that is above and below, but the path. */
  readonly digest: string;
  /** The shards, in the order of the container. */
  readonly shards: readonly Shard[];
  /** The absolute path of the file of the group of each profile, for sums. */
  readonly groupsPath: string | undefined;
}

/** What is planned. */
export interface PlanOptions {
  /** Totals of what; exclusive with `grouping`. */
  readonly per?: "profile" | "gene" | undefined;
  /** The groups that are summed; exclusive with `per`. */
  readonly grouping?: Grouping | undefined;
  /** The most bytes of a shard; 2 GiB if unset. */
  readonly shardBytes?: number | undefined;
}

/**
 * Plans a job over a container: cuts it into shards that machines compute by
 * themselves, and whose results add up to the bits of one process. A shard is
 * a range of the profiles of one batch; the ranges of a large batch have about
 * the same bytes. The same container gives the same plan, and no counts are
 * read for it.
 *
 * For sums it writes `<path>.groups.npy`, the group of each profile, beside
 * the plan; {@linkcode writePlan} writes the plan itself.
 *
 * @param profiles The container.
 * @param path The path that the plan will have.
 * @param options What is computed, and how large shards are.
 * @returns The plan.
 * @throws {TypeError} If it is not said what is computed.
 * @throws {RangeError} If the bytes of a shard are no positive whole number,
 * or the groups are not those of the container.
 *
 * @example Compute totals in shards
 * ```ts
 * import {
 *   computeShard,
 *   Genes,
 *   GenesSet,
 *   MemoryMappedMatrix,
 *   mergeTotals,
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
 * const job = await plan(cells, `${folder}/plan.json`, {
 *   per: "gene",
 *   shardBytes: 4,
 * });
 * assertEquals(job.shards.length, 2);
 * const parts = job.shards.map((_, shard) => `${folder}/${shard}.part`);
 * for (const [shard, part] of parts.entries()) {
 *   await computeShard(job, shard, part);
 * }
 * assertEquals([...await mergeTotals(job, parts)], [7, 8]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function plan(
  profiles: Profiles,
  path: string,
  options: PlanOptions,
): Promise<Plan> {
  const { shardBytes = SHARD_BYTES } = options;
  if (!(Number.isSafeInteger(shardBytes) && shardBytes > 0)) {
    throw new RangeError(
      `Cannot plan shards of ${shardBytes} bytes: ` +
        "it must be a positive whole number",
    );
  }
  const { job, groupsPath } = planJob(profiles, path, options);
  const spans = await profiles.leafSpans();
  const pieces = await cutSpans(profiles, spans, shardBytes);
  const { uuid: containerUuid, path: container } = profiles.metadata;
  const shape = {
    profilesCount: profiles.profilesCount,
    genesCount: profiles.genes.count,
  };
  const shards = describeShards(pieces, (piece) => {
    const resources = estimateResources(job, piece, shape.genesCount);
    const { grouping } = options;
    const what = grouping === undefined ? options.per : describeSums(
      groupsOfPiece(piece, grouping.groupIndices, spans[piece.span]!),
      grouping.names,
    );
    const content = shardContent(what, piece, shape.genesCount);
    return { content, resources };
  });
  const facts = { version: VERSION, job, containerUuid, ...shape, shardBytes };
  const digest = planDigest(facts, shards);
  return { ...facts, container, digest, shards, groupsPath };
}

/**
 * The identifier of a plan, from all of it but the paths, which may change.
 *
 * @param facts What is planned, of which container.
 * @param shards The shards.
 * @returns A UUID.
 */
export function planDigest(
  facts: Omit<Plan, "container" | "digest" | "shards" | "groupsPath">,
  shards: readonly Shard[],
): string {
  const { version, job, containerUuid, profilesCount, genesCount } = facts;
  const { shardBytes } = facts;
  const header = [version, job, containerUuid, profilesCount, genesCount];
  return digestOf([...header, shardBytes, shards.map(valuesOf)]);
}

function valuesOf(shard: Shard): unknown {
  const { key, repeat, batchUuid, span, content, resources } = shard;
  const { first, end, firstProfile = null, isWhole, bytes } = shard;
  const { memoryMebibytes, minutes, threads } = resources;
  const range = [span, first, end, firstProfile, isWhole, bytes];
  const takes = [memoryMebibytes, minutes, threads];
  return [key, repeat, batchUuid, content, range, takes];
}

function planJob(
  profiles: Profiles,
  path: string,
  { per, grouping }: PlanOptions,
): { job: PlanJob; groupsPath: string | undefined } {
  if ((per === undefined) === (grouping === undefined)) {
    throw new TypeError(
      `Cannot plan a job of ${profiles.metadata.path}: ` +
        "it is either totals or sums of groups",
    );
  }
  if (per !== undefined) {
    return { job: { kind: "totals", per }, groupsPath: undefined };
  }
  const { groupIndices, names } = grouping!;
  checkGroups(profiles, grouping!);
  const groupsPath = `${path}.groups.npy`;
  writeNpy(groupsPath, { dtype: "int32", data: groupIndices });
  const job = { kind: "sum", names, groupsUuid: fileUuid(groupsPath) } as const;
  return { job, groupsPath };
}

function checkGroups(profiles: Profiles, grouping: Grouping): void {
  const { groupIndices, names } = grouping;
  const { path } = profiles.metadata;
  if (groupIndices.length !== profiles.profilesCount) {
    throw new RangeError(
      `Cannot plan sums of ${path}: the groups of ` +
        countOf(groupIndices.length, "profile") +
        ` are given, and it has ${profiles.profilesCount}`,
    );
  }
  if (new Set(names).size < names.length) {
    throw new RangeError(
      `Cannot plan sums of ${path}: two groups have one name`,
    );
  }
  const at = groupIndices.findIndex((group) =>
    group < -1 || group >= names.length
  );
  if (at < 0) return;
  throw new RangeError(
    `Cannot plan sums of ${path}: profile ${at} is in group ` +
      `${groupIndices[at]} of ${names.length}`,
  );
}

/** Equal pieces, as of a batch that is twice in a container, are numbered. */
function describeShards(
  pieces: readonly SpanPiece[],
  describe: (
    piece: SpanPiece,
  ) => { readonly content: string; readonly resources: ShardResources },
): Shard[] {
  const seen = new Map<string, number>();
  return pieces.map((piece) => {
    const { content, resources } = describe(piece);
    const repeat = seen.get(content) ?? 0;
    seen.set(content, repeat + 1);
    return { ...piece, key: shardKey(content, repeat), repeat, resources };
  });
}
