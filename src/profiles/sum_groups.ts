import { writeDataArray } from "../arrays/data_array_files.ts";
import { writeNpy } from "../arrays/npy.ts";
import { toDataArray } from "../arrays/to_data_array.ts";
import { type ComputeOptions, groupSums } from "../compute/totals.ts";
import { FileSink } from "../io/file_sink.ts";
import { joinPath } from "../io/paths.ts";
import { MAX_COUNT } from "../matrix/layout.ts";
import { type MatrixSummary, MatrixWriter } from "../matrix/matrix_writer.ts";
import {
  buildContainer,
  type BuildContainerOptions,
} from "./build_container.ts";
import { checkKept } from "./container_folder.ts";
import type { Profiles } from "./profiles.ts";
import { MATRIX_FILE } from "./profiles_batch.ts";
import {
  countGroups,
  GROUP_INDEX_FILE,
  GROUPED_COUNT_FILE,
  ProfilesGroups,
} from "./profiles_groups.ts";
import type { ProfilesMetadata } from "./profiles_metadata.ts";

/** The most sums that are kept at once, 12 bytes each. */
const SUMS_AT_ONCE = 1 << 23;

/** Which profiles are summed. */
export interface Grouping {
  /** For each profile the index of its group, or -1 where it is in none. */
  readonly groupIndices: Int32Array;
  /** The name of each group. */
  readonly names: readonly string[];
}

/** How groups are made. */
export interface SumGroupsOptions
  extends BuildContainerOptions, ComputeOptions {
  /** The most sums that are kept in memory at once, of 12 bytes each. */
  readonly sumsAtOnce?: number;
}

/** The sums of a few groups. */
export interface GroupTile {
  /** The first of the groups. */
  readonly first: number;
  /** How many they are. */
  readonly count: number;
  /** Their sums, group by group. */
  readonly sums: Float64Array;
}

/**
 * Sums groups of profiles and makes a container of the sums on disk, whole or
 * not at all. Where the groups times the genes are many, a part of the groups
 * is summed at a time, and each profile once all the same.
 * {@linkcode ProfilesGroups} has an example.
 *
 * @param profiles The container whose profiles are summed.
 * @param destination The path of the folder to make.
 * @param grouping The group of each profile, and the names of the groups.
 * @param options Whether a container that is there is replaced; who is told.
 * @returns The metadata of the groups.
 * @throws {RangeError} If there is no group of an index, or a sum passes
 * 2^32-1.
 * @throws {Error} If the folder overlaps the container, or what that is made
 * of, or something is there.
 */
export async function sumGroups(
  profiles: Profiles,
  destination: string,
  grouping: Grouping,
  options: SumGroupsOptions = {},
): Promise<ProfilesMetadata> {
  const { groupIndices, names } = grouping;
  return await buildGroups(profiles, destination, grouping, {
    ...options,
    tiles: () => groupTiles(profiles, groupIndices, names.length, options),
  });
}

/** How groups are made of sums that something computes. */
export interface BuildGroupsOptions extends BuildContainerOptions {
  /** Computes the sums, of all groups in order. */
  tiles(): AsyncIterable<GroupTile>;
}

/**
 * Makes a container of sums of groups, wherever the sums come from.
 *
 * @param profiles The container whose profiles were summed.
 * @param destination The path of the folder to make.
 * @param grouping The group of each profile, and the names of the groups.
 * @param options The sums; whether a container that is there is replaced.
 * @returns The metadata of the groups.
 * @throws {RangeError} If there is no group of an index, or a sum passes
 * 2^32-1.
 */
export async function buildGroups(
  profiles: Profiles,
  destination: string,
  grouping: Grouping,
  options: BuildGroupsOptions,
): Promise<ProfilesMetadata> {
  const { groupIndices, names } = grouping;
  checkGrouping(profiles, grouping);
  const counts = countGroups(destination, groupIndices, names.length);
  const sources = [profiles.metadata.path];
  checkKept(destination, profiles);
  return await buildContainer(destination, sources, options, async (path) => {
    const summary = await writeSums(path, profiles, names, options.tiles());
    writeInt32(joinPath(path, GROUPED_COUNT_FILE), counts);
    writeInt32(joinPath(path, GROUP_INDEX_FILE), groupIndices);
    writeDataArray(path, "p.name", toDataArray(names));
    await writeMeasured(path, profiles);
    await ProfilesGroups.created(path, profiles, {
      matrixUuid: summary.uuid!,
      entriesCount: summary.entriesCount,
    });
  });
}

/**
 * Sums groups of profiles, a part of the groups at a time.
 *
 * @param profiles The container whose profiles are summed.
 * @param groupIndices For each profile the index of its group, or -1.
 * @param groupsCount The number of groups.
 * @param options How many sums at once; who is told.
 * @returns The sums of some groups, and on to the last.
 */
export async function* groupTiles(
  profiles: Profiles,
  groupIndices: Int32Array,
  groupsCount: number,
  options: SumGroupsOptions = {},
): AsyncGenerator<GroupTile, void> {
  const { sumsAtOnce = SUMS_AT_ONCE } = options;
  const genesCount = profiles.genes.count;
  const most = Math.max(1, Math.floor(sumsAtOnce / Math.max(genesCount, 1)));
  // Profiles that are in no group are done.
  options.advance?.(groupIndices.filter((group) => group < 0).length);
  for (let first = 0; first < groupsCount; first += most) {
    const count = Math.min(most, groupsCount - first);
    const isHere = (group: number) => group >= first && group < first + count;
    const members = groupIndices.every(isHere)
      ? undefined // all of them, which takes no list
      : profiles.profileIndices()
        .filter((profile) => isHere(groupIndices[profile]!));
    const rows = members?.map((profile) => groupIndices[profile]! - first) ??
      groupIndices.map((group) => group - first);
    const spans = await profiles.leafSpans({ profiles: members });
    const shape = { rows, rowsCount: count, genesCount };
    yield { first, count, sums: await groupSums(spans, shape, options) };
  }
}

function checkGrouping(
  profiles: Profiles,
  { groupIndices }: Grouping,
): void {
  if (groupIndices.length === profiles.profilesCount) return;
  throw new RangeError(
    `Cannot sum groups of ${profiles.metadata.path}: the groups of ` +
      `${groupIndices.length} profiles are given, and it has ` +
      `${profiles.profilesCount}`,
  );
}

async function writeSums(
  path: string,
  profiles: Profiles,
  names: readonly string[],
  tiles: AsyncIterable<GroupTile>,
): Promise<MatrixSummary> {
  const genesCount = profiles.genes.count;
  const sink = FileSink.create(joinPath(path, MATRIX_FILE));
  const profilesCount = names.length;
  const writer = new MatrixWriter(sink, { genesCount, profilesCount });
  try {
    for await (const { first, count, sums } of tiles) {
      for (let row = 0; row < count; row++) {
        const start = row * genesCount;
        const group = sums.subarray(start, start + genesCount);
        await checkCounts(profiles, group, names[first + row]!);
        const genes = indicesOfCounts(group);
        writer.writeProfile(genes, genes.map((gene) => group[gene]!));
      }
    }
    return writer.finish();
  } catch (error) {
    writer.abort();
    throw error;
  }
}

function indicesOfCounts(group: Float64Array): Uint32Array {
  const genes: number[] = [];
  group.forEach((count, gene) => {
    if (count !== 0) genes.push(gene);
  });
  return Uint32Array.from(genes);
}

async function checkCounts(
  profiles: Profiles,
  group: Float64Array,
  name: string,
): Promise<void> {
  const gene = group.findIndex((count) => count > MAX_COUNT);
  if (gene < 0) return;
  const geneName = (await profiles.genes.names())[gene]!;
  throw new RangeError(
    `Cannot sum group ${name} of ${profiles.metadata.path}: the sum of gene ` +
      `${geneName} is ${group[gene]}, and counts go up to ${MAX_COUNT}`,
  );
}

/** What was not measured everywhere is not known of the groups either. */
async function writeMeasured(path: string, profiles: Profiles): Promise<void> {
  const data = await profiles.measuredGenes();
  if (data === undefined) return;
  writeNpy(joinPath(path, "genes.measured.npy"), { dtype: "bool", data });
}

function writeInt32(path: string, data: Int32Array): void {
  writeNpy(path, { dtype: "int32", data });
}
