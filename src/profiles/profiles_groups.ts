import { writeNpy } from "../arrays/npy.ts";
import type { Genes } from "../genes/genes.ts";
import { GenesSubset } from "../genes/genes_subset.ts";
import { combineUuids, fileUuid } from "../io/digest.ts";
import { joinPath, relativePath } from "../io/paths.ts";
import { countOf } from "../io/plural.ts";
import { Remembered } from "../io/remembered.ts";
import type { RawMatrix } from "../matrix/raw_matrix.ts";
import { readIndices } from "./index_file.ts";
import { groupsKind } from "./kinds.ts";
import type { OpenOptions, Profiles } from "./profiles.ts";
import {
  type BatchCreatedOptions,
  findMatrix,
  openMatrix,
  ProfilesBatch,
} from "./profiles_batch.ts";
import { ProfilesGroupsMetadata } from "./profiles_groups_metadata.ts";
import { PROFILES_YAML, type ProfilesMetadata } from "./profiles_metadata.ts";
import { GENES_INDEX_FILE } from "./view_files.ts";
import { openRelated } from "./related.ts";

/** The file that has for each grouped profile its group, or -1. */
export const GROUP_INDEX_FILE = "grouped.group_index.npy";

/** The file of the number of profiles of each group. */
export const GROUPED_COUNT_FILE = "p.grouped_count.npy";

/** What is known of groups when their metadata are written. */
export type GroupsCreatedOptions = Omit<BatchCreatedOptions, "genesPath">;

/** `ProfilesBatch` as groups extend it: they have another `created`. */
export const BatchOfGroups: new (
  metadata: ProfilesMetadata,
  genes: Genes,
  options?: OpenOptions,
) => ProfilesBatch = ProfilesBatch;

/**
 * Groups: a batch whose profiles are the sums of groups of profiles of another
 * container. They open without it, and go on to be what they are when it
 * changes. Where that container shows only some genes of the full set, the
 * groups have them in `genes.base_index.npy`.
 *
 * @example Sum cells by their type
 * ```ts
 * import {
 *   GenesSet,
 *   MemoryMappedMatrix,
 *   Profiles,
 *   ProfilesBatch,
 *   sumGroups,
 * } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.mkdir(`${folder}/cells/genes`, { recursive: true });
 * await Deno.writeTextFile(`${folder}/cells/genes/g.name.txt`, "CD3D\nLYZ\n");
 * const genes = await GenesSet.created(`${folder}/cells/genes`, "human");
 * const data: [number, number][][] = [[[0, 5]], [[1, 7]], [[0, 2], [1, 1]]];
 * MemoryMappedMatrix.write(`${folder}/cells/gp.umis.mmm`, 2, data);
 * await ProfilesBatch.created(`${folder}/cells`, genes, "cells");
 *
 * using cells = await Profiles.load(`${folder}/cells`);
 * await sumGroups(cells, `${folder}/types`, {
 *   groupIndices: Int32Array.of(0, 1, 0),
 *   names: ["T", "mono"],
 * });
 * using types = await Profiles.load(`${folder}/types`);
 * assertEquals(types.metadata.profilesKind, "metacells");
 * assertEquals(await types.profileNames(), ["T", "mono"]);
 * const { data: sums } = await types.matrix("gp", "umis", "uint32");
 * assertEquals([...sums], [7, 1, 0, 7]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class ProfilesGroups extends BatchOfGroups {
  /** The metadata of the groups. */
  declare readonly metadata: ProfilesGroupsMetadata;
  readonly #options: OpenOptions;
  readonly #grouped = new Remembered<Profiles>();

  /**
   * Opens groups; `Profiles.load` is how a folder is opened.
   *
   * @param metadata The metadata of the groups.
   * @param genes The genes of the groups.
   * @param options The name of the groups, and whether they cache.
   */
  constructor(
    metadata: ProfilesGroupsMetadata,
    genes: Genes,
    options: OpenOptions = {},
  ) {
    super(metadata, genes, options);
    this.#options = options;
  }

  /**
   * Writes the `profiles.yaml` of a folder that has the sums
   * (`gp.umis.mmm`), the size of each group (`p.grouped_count.npy`) and the
   * group of each profile (`grouped.group_index.npy`).
   *
   * @param path The path of the folder.
   * @param groupedProfiles The container whose profiles were summed.
   * @param options What is known of the matrix already.
   * @returns The metadata that were written.
   * @throws {RangeError} If the groups are not those of the container, or the
   * counts are not those of the groups.
   */
  static async created(
    path: string,
    groupedProfiles: Profiles,
    options: GroupsCreatedOptions = {},
  ): Promise<ProfilesGroupsMetadata> {
    const { metadata: grouped, genes } = groupedProfiles;
    const own = writeGenesIndex(path, genes);
    const matrixPath = findMatrix(path);
    using matrix = await openMatrix(matrixPath);
    checkSums(matrix, groupedProfiles);
    checkGroups(path, groupedProfiles, matrix.profilesCount);
    const metadata = new ProfilesGroupsMetadata(joinPath(path, PROFILES_YAML), {
      uuid: groupsUuid(path, {
        genesUuid: own.uuid,
        matrixUuid: options.matrixUuid ?? fileUuid(matrixPath),
        groupedUuid: grouped.uuid,
      }),
      organism: grouped.organism,
      genes: relativePath(path, genes.full.place),
      genes_uuid: grouped.genesUuid,
      genes_count: genes.count,
      profiles_kind: groupsKind(grouped.profilesKind),
      profiles_count: matrix.profilesCount,
      entries_count: options.entriesCount ?? await matrix.entriesCount(),
      grouped_profiles: relativePath(path, grouped.path),
      grouped_uuid: grouped.uuid,
    });
    metadata.dump();
    return metadata;
  }

  /**
   * The container whose profiles were summed, which is opened once and closed
   * with the groups.
   *
   * @returns The container.
   * @throws {Error} If it is missing, or changed since the groups were made.
   */
  async groupedProfiles(): Promise<Profiles> {
    const { metadata, genes } = this;
    const { groupedPath: path, groupedUuid: uuid } = metadata;
    const grouped = { role: "grouped container", path, uuid };
    return await this.#grouped.get(() =>
      openRelated(metadata, grouped, genes.full, this.#options)
    );
  }

  /**
   * How many profiles each group is the sum of.
   *
   * @returns A count a group.
   */
  async groupedCount(): Promise<Int32Array> {
    return await this.array("p", "grouped_count", "int32");
  }

  /**
   * The group of each grouped profile.
   *
   * @returns For each profile of the grouped container its group, or -1.
   */
  // deno-lint-ignore require-await
  async groupIndices(): Promise<Int32Array> {
    return readIndices(this.dataPath(GROUP_INDEX_FILE));
  }

  /** Closes the matrix, and the grouped container where that was opened. */
  override close(): void {
    super.close();
    this.#grouped.forget()?.then((grouped) => grouped.close(), () => {});
  }
}

/**
 * The identifier of groups: that of their genes, their matrix, the index of
 * the groups, and the grouped container.
 *
 * @param path The path of the folder of the groups.
 * @param uuids The identifiers of the other parts.
 * @returns The identifier.
 */
export function groupsUuid(
  path: string,
  uuids: {
    readonly genesUuid: string;
    readonly matrixUuid: string;
    readonly groupedUuid: string;
  },
): string {
  const index = fileUuid(joinPath(path, GROUP_INDEX_FILE));
  const { genesUuid, matrixUuid, groupedUuid } = uuids;
  return combineUuids([genesUuid, matrixUuid, index, groupedUuid]);
}

/** Writes which genes of the full set there are, where not all are. */
function writeGenesIndex(path: string, genes: Genes): Genes {
  if (!(genes instanceof GenesSubset)) return genes;
  const data = genes.fullIndices();
  writeNpy(joinPath(path, GENES_INDEX_FILE), { dtype: "int32", data });
  return new GenesSubset(genes.full, data);
}

function checkSums(matrix: RawMatrix, grouped: Profiles): void {
  if (matrix.genesCount === grouped.genes.count) return;
  throw new RangeError(
    `Cannot make groups of ${matrix.name}: it has ` +
      countOf(matrix.genesCount, "gene") +
      `, and ${grouped.metadata.path} has ${grouped.genes.count}`,
  );
}

/**
 * Checks that the groups of profiles and the sizes of the groups fit.
 *
 * @param path The path of the folder of the groups.
 * @param grouped The grouped container.
 * @param groupsCount The number of groups.
 * @throws {RangeError} If they do not.
 */
export function checkGroups(
  path: string,
  grouped: Pick<Profiles, "profilesCount">,
  groupsCount: number,
): void {
  const indexPath = joinPath(path, GROUP_INDEX_FILE);
  const groups = readIndices(indexPath);
  const counts = countGroups(indexPath, groups, groupsCount);
  const found = readIndices(joinPath(path, GROUPED_COUNT_FILE));
  const wrong = counts.findIndex((count, group) => count !== found[group]);
  const why = groups.length !== grouped.profilesCount
    ? "it is of " +
      `${countOf(groups.length, "profile")}, and ${grouped.profilesCount} ` +
      "were grouped"
    : found.length !== groupsCount
    ? `${GROUPED_COUNT_FILE} is of ` +
      `${countOf(found.length, "group")}, not ${groupsCount}`
    : wrong >= 0
    ? `group ${wrong} has ${countOf(counts[wrong]!, "profile")}, and ` +
      `${GROUPED_COUNT_FILE} says ${found[wrong]}`
    : undefined;
  if (why === undefined) return;
  throw new RangeError(`Cannot use the groups of ${indexPath}: ${why}`);
}

/**
 * Counts the profiles of each group.
 *
 * @param place Where the groups stand, for messages.
 * @param groups For each profile its group, or -1.
 * @param groupsCount The number of groups.
 * @returns A count a group.
 * @throws {RangeError} If there is no group of an index.
 */
export function countGroups(
  place: string,
  groups: Int32Array,
  groupsCount: number,
): Int32Array {
  const counts = new Int32Array(groupsCount);
  groups.forEach((group, at) => {
    if (!Number.isInteger(group) || group < -1 || group >= groupsCount) {
      throw new RangeError(
        `Cannot use the groups of ${place}: profile ${at} is in group ` +
          `${group} of ${groupsCount}`,
      );
    }
    if (group >= 0) counts[group]!++;
  });
  return counts;
}
