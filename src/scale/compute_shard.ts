import { type LeafSpan, takeSpan } from "../compute/leaf_spans.ts";
import {
  type ComputeOptions,
  geneTotals,
  groupSums,
  profileTotals,
} from "../compute/totals.ts";
import { pathKind, touchFile } from "../io/files.ts";
import { joinPath } from "../io/paths.ts";
import { VERSION } from "../io/version.ts";
import type { Genes } from "../genes/genes.ts";
import "../profiles/load.ts";
import { Profiles } from "../profiles/profiles.ts";
import { compactGroups, groupsOfPiece } from "./groups_of_piece.ts";
import { PartFile, PartWriter } from "./part_file.ts";
import type { Plan, Shard } from "./plan.ts";
import { otherGroups, readGroups, readSomeGroups } from "./read_groups.ts";
import { describeSums, shardContent, shardKey } from "./shard_key.ts";

/** The most sums that are kept in memory at once. */
const SUMS_AT_ONCE = 1 << 24;

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
        `${plan.shards.length} shards, the first is 0`,
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
  return takeSpan(span.matrix, {
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
  const most = Math.max(1, Math.floor(SUMS_AT_ONCE / Math.max(genesCount, 1)));
  for (let first = 0; first < present.length; first += most) {
    const rowsCount = Math.min(most, present.length - first);
    const tile = rows.map((row) =>
      row >= first && row < first + rowsCount ? row - first : -1
    );
    const shape = { rows: tile, rowsCount, genesCount };
    const sums = await groupSums([takeRows(span, tile)], shape, options);
    for (let row = 0; row < rowsCount; row++) {
      const name = job.names[present[first + row]!]!;
      const start = row * genesCount;
      writer.addRow(name, sums.subarray(start, start + genesCount));
    }
  }
}

/** The profiles that are in any row, so that the others are not read. */
function takeRows(span: LeafSpan, rows: Int32Array): LeafSpan {
  if (!rows.includes(-1)) return span;
  const targets = Int32Array.from(rows.keys()).filter((at) => rows[at]! >= 0);
  const profiles = targets.map((at) => span.profiles ? span.profiles[at]! : at);
  return takeSpan(span.matrix, { profiles, targets, geneMap: span.geneMap });
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
