import { type LeafSpan, selectProfiles } from "../compute/leaf_spans.ts";
import { LargeSumError, type RowPairs } from "../compute/row_pairs.ts";
import {
  type ComputeOptions,
  geneTotals,
  groupPairs,
  profileTotals,
} from "../compute/totals.ts";
import { pathKind, touchFile } from "../io/files.ts";
import { joinPath } from "../io/paths.ts";
import { countOf } from "../io/plural.ts";
import { VERSION } from "../io/version.ts";
import { MAX_COUNT } from "../matrix/layout.ts";
import { decodePairs } from "../matrix/pairs.ts";
import type { Genes } from "../genes/genes.ts";
import "../profiles/load.ts";
import { Profiles } from "../profiles/profiles.ts";
import { compactGroups, groupsOfPiece } from "./groups_of_piece.ts";
import { PartFile, PartWriter } from "./part_file.ts";
import type { Plan, Shard } from "./plan.ts";
import { otherGroups, readGroups, readSomeGroups } from "./read_groups.ts";
import { describeSums, shardContent, shardKey } from "./shard_key.ts";

/** How a shard is computed. */
export interface ComputeShardOptions extends ComputeOptions {
  /** Where the container is, if it was moved since the plan was made. */
  readonly container?: string | undefined;
  /** The full genes set of the container, where it is not found. */
  readonly genes?: Genes | undefined;
}

/** What became of a shard. */
export interface ShardSummary {
  /** Whether it had been computed before, so that there was nothing to do. */
  readonly isDone: boolean;
  /** The number of its profiles. */
  readonly profilesCount: number;
}

/**
 * Computes a shard of a plan and writes its part, whole or not at all. Where
 * the part is there already, whole and of the same work, nothing is done.
 * {@linkcode plan} has an example.
 *
 * @param plan The plan.
 * @param shardIndex The shard, from 0.
 * @param path The path of the part; one that is damaged, or of other work, is
 * replaced.
 * @param options What computes; where the container is.
 * @returns Whether there was anything to do.
 * @throws {RangeError} If there is no such shard.
 * @throws {Error} If the plan is of another version of the software, the
 * container is not the one of the plan, or its data can't be read.
 */
export async function computeShard(
  plan: Plan,
  shardIndex: number,
  path: string,
  options: ComputeShardOptions = {},
): Promise<ShardSummary> {
  const shard = plan.shards[shardIndex];
  if (shard === undefined) {
    throw new RangeError(
      `Cannot compute shard ${shardIndex}: the plan has ` +
        `${countOf(plan.shards.length, "shard")}, the first is 0`,
    );
  }
  checkVersion(plan);
  const profilesCount = shard.end - shard.first;
  if (isDone(path, shard)) {
    touchFile(path); // for those who go by the times of files
    return { isDone: true, profilesCount };
  }
  const container = options.container ?? plan.container;
  using profiles = await openContainer(plan, shard, container, options.genes);
  const span = await spanOfShard(profiles, shard);
  const writer = new PartWriter(path);
  try {
    await writeResult(writer, { plan, shard, span }, options);
    const { version, digest, containerUuid } = plan;
    const { key, batch, first, end } = shard;
    const of = { shard: shardIndex, key, batch, first, end };
    writer.finish({ version, plan: digest, container: containerUuid, ...of });
  } catch (error) {
    writer.abort();
    throw error;
  }
  return { isDone: false, profilesCount };
}

/**
 * Checks that a plan is of this version, so that all parts are.
 *
 * @param plan The plan.
 * @throws {Error} If it is of another one.
 */
export function checkVersion({ version }: Plan): void {
  if (version === VERSION) return;
  throw new Error(
    `Cannot use the plan: metacell ${version} made it, and this is ${VERSION}`,
  );
}

function isDone(path: string, shard: Shard): boolean {
  if (pathKind(path) !== "file") return false;
  try {
    using part = PartFile.open(path);
    return part.provenance.key === shard.key;
  } catch {
    return false; // whatever it is, it is made anew
  }
}

/** The container, or the batch alone where that is enough. */
async function openContainer(
  plan: Plan,
  shard: Shard,
  path: string,
  genes: Genes | undefined,
): Promise<Profiles> {
  const place = shard.isWhole ? joinPath(path, shard.batch) : path;
  const uuid = shard.isWhole ? shard.batchUuid : plan.containerUuid;
  const profiles = await Profiles.load(place, genes);
  if (profiles.metadata.uuid === uuid) return profiles;
  profiles.close();
  throw new Error(
    `Cannot compute of ${place}: it changed since the plan was made`,
  );
}

async function spanOfShard(
  profiles: Profiles,
  shard: Shard,
): Promise<LeafSpan> {
  const spans = await profiles.leafSpans();
  const span = spans[shard.isWhole ? 0 : shard.span]!;
  const { first, end } = shard;
  const indices = span.profiles?.subarray(first, end) ??
    Int32Array.from({ length: end - first }, (_, at) => first + at);
  const isAll = span.profiles === undefined && first === 0 &&
    end === span.matrix.profilesCount;
  return selectProfiles(span.matrix, {
    profiles: isAll ? undefined : indices,
    geneMap: span.geneMap,
  });
}

/** What is computed of what. */
interface Work {
  readonly plan: Plan;
  readonly shard: Shard;
  /** The profiles of the shard; their targets count from 0. */
  readonly span: LeafSpan;
}

async function writeResult(
  writer: PartWriter,
  work: Work,
  options: ComputeOptions,
): Promise<void> {
  const { plan, shard, span } = work;
  const { job, genesCount } = plan;
  if (job.kind === "sum") return await writeSums(writer, work, options);
  const count = shard.end - shard.first;
  writer.addTotals(
    job.per === "gene"
      ? await geneTotals([span], genesCount, options)
      : await profileTotals([span], count, options),
  );
}

async function writeSums(
  writer: PartWriter,
  { plan, shard, span }: Work,
  options: ComputeOptions,
): Promise<void> {
  const { genesCount, job } = plan;
  if (job.kind !== "sum") return;
  const groups = await groupsOfShard(plan, shard, options);
  const { rows, present } = compactGroups(groups);
  const nameOf = (row: number) => job.names[present[row]!]!;
  const shape = { rows, rowsCount: present.length, genesCount };
  const write = (sums: RowPairs) => writeRows(writer, sums, genesCount, nameOf);
  try {
    await groupPairs([takeRows(span, rows)], shape, write, options);
  } catch (error) {
    if (!(error instanceof LargeSumError)) throw error;
    throw new RangeError(
      `Cannot sum group ${nameOf(error.row)}: the sum of gene ${error.gene} ` +
        `is ${error.sum}, and counts go up to ${MAX_COUNT}`,
    );
  }
}

function writeRows(
  writer: PartWriter,
  { first, ends, pairs }: RowPairs,
  genesCount: number,
  nameOf: (row: number) => string,
): void {
  let start = 0;
  for (const [at, end] of ends.entries()) {
    const name = nameOf(first + at);
    const place = { name, offset: start };
    const row = decodePairs(pairs.subarray(start, end), genesCount, place);
    writer.addRow(name, row);
    start = end;
  }
}

/** The profiles that are in any row, so that the others are not read. */
function takeRows(span: LeafSpan, rows: Int32Array): LeafSpan {
  if (!rows.includes(-1)) return span;
  const targets = Int32Array.from(rows.keys()).filter((at) => rows[at]! >= 0);
  const profiles = targets.map((at) => span.profiles ? span.profiles[at]! : at);
  return selectProfiles(span.matrix, {
    profiles,
    targets,
    geneMap: span.geneMap,
  });
}

/** The groups of the profiles of a shard, checked by its key. */
async function groupsOfShard(
  plan: Plan,
  shard: Shard,
  options: ComputeShardOptions,
): Promise<Int32Array> {
  const { firstProfile, first, end } = shard;
  const groups = firstProfile === undefined
    ? await groupsInOrder(plan, shard, options)
    : readSomeGroups(plan, firstProfile, end - first);
  const names = plan.job.kind === "sum" ? plan.job.names : [];
  const what = describeSums(groups, names);
  const content = shardContent(what, shard, plan.genesCount);
  if (shardKey(content, shard.repeat) === shard.key) return groups;
  throw otherGroups(plan.groupsPath!);
}

/** The groups where a view has the profiles in an order of its own. */
async function groupsInOrder(
  plan: Plan,
  shard: Shard,
  options: ComputeShardOptions,
): Promise<Int32Array> {
  const path = options.container ?? plan.container;
  using profiles = await Profiles.load(path, options.genes);
  const spans = await profiles.leafSpans();
  return groupsOfPiece(shard, readGroups(plan), spans[shard.span]!);
}
