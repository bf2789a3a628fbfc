import { writeDataArray } from "../arrays/data_array_files.ts";
import { writeNpy } from "../arrays/npy.ts";
import { toDataArray } from "../arrays/to_data_array.ts";
import { LargeSumError, type UseRowPairs } from "../compute/row_pairs.ts";
import { type ComputeOptions, groupPairs } from "../compute/totals.ts";
import { FileSink } from "../io/file_sink.ts";
import { joinPath } from "../io/paths.ts";
import { countOf } from "../io/plural.ts";
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
  /** The most sums that are kept in memory as numbers at once. */
  readonly sumsAtOnce?: number | undefined;
}

/**
 * Sums groups of profiles and makes a container of the sums on disk, whole or
 * not at all. Where the groups times the genes are many, a part of the groups
 * is summed at a time, and each profile once all the same: the memory does not
 * grow with the number of groups, but for their names.
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
    sum: (use) => sumPairs(profiles, groupIndices, names.length, use, options),
  });
}

/** How groups are made of sums that something computes. */
export interface BuildGroupsOptions extends BuildContainerOptions {
  /** Computes the sums, and gives those of all groups in order. */
  sum(use: UseRowPairs): Promise<void>;
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
    const summary = await writeSums(path, profiles, names, options);
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
 * Sums groups of profiles, and gives the sums of the first group first.
 *
 * @param profiles The container whose profiles are summed.
 * @param groupIndices For each profile the index of its group, or -1.
 * @param groupsCount The number of groups.
 * @param use Is given the sums.
 * @param options How many sums at once; who is told.
 * @throws {LargeSumError} If a sum passes 2^32-1.
 */
export async function sumPairs(
  profiles: Profiles,
  groupIndices: Int32Array,
  groupsCount: number,
  use: UseRowPairs,
  options: SumGroupsOptions = {},
): Promise<void> {
  const spans = await profiles.leafSpans();
  const shape = {
    rows: groupIndices,
    rowsCount: groupsCount,
    genesCount: profiles.genes.count,
    sumsAtOnce: options.sumsAtOnce,
  };
  await groupPairs(spans, shape, use, options);
}

function checkGrouping(
  profiles: Profiles,
  { groupIndices }: Grouping,
): void {
  if (groupIndices.length === profiles.profilesCount) return;
  throw new RangeError(
    `Cannot sum groups of ${profiles.metadata.path}: the groups of ` +
      `${countOf(groupIndices.length, "profile")} are given, and it has ` +
      `${profiles.profilesCount}`,
  );
}

async function writeSums(
  path: string,
  profiles: Profiles,
  names: readonly string[],
  { sum }: BuildGroupsOptions,
): Promise<MatrixSummary> {
  const sink = FileSink.create(joinPath(path, MATRIX_FILE));
  const writer = new MatrixWriter(sink, {
    genesCount: profiles.genes.count,
    profilesCount: names.length,
  });
  try {
    await sum((rows) => writer.writePairs(rows.pairs, rows.ends, rows));
    return writer.finish();
  } catch (error) {
    writer.abort();
    if (!(error instanceof LargeSumError)) throw error;
    throw await describeLargeSum(profiles, names, error);
  }
}

async function describeLargeSum(
  profiles: Profiles,
  names: readonly string[],
  { row, gene, sum }: LargeSumError,
): Promise<RangeError> {
  const geneName = (await profiles.genes.names())[gene]!;
  return new RangeError(
    `Cannot sum group ${names[row]} of ${profiles.metadata.path}: the sum of ` +
      `gene ${geneName} is ${sum}, and counts go up to ${MAX_COUNT}`,
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
