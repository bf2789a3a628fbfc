/** The file of the group of each profile, which is beside a plan of sums. */
import { readNpy, readNpyHeader } from "../arrays/npy.ts";
import { fileUuid } from "../io/digest.ts";
import { FileSource } from "../io/file_source.ts";
import type { Plan } from "./plan.ts";

/**
 * Reads the group of each profile of a plan of sums.
 *
 * @param plan The plan.
 * @returns For each profile of the container its group, or -1.
 * @throws {Error} If the file is not the one that the plan was made with.
 */
export function readGroups(plan: Plan): Int32Array {
  const path = plan.groupsPath!;
  const { job } = plan;
  if (job.kind === "sum" && fileUuid(path) === job.groupsUuid) {
    const { dtype, data } = readNpy(path);
    if (dtype === "int32" && data.length === plan.profilesCount) {
      return data as Int32Array;
    }
  }
  throw otherGroups(path);
}

/**
 * Reads the groups of some profiles that follow each other, and no more of the
 * file: each shard of an atlas needs but a few of millions. Whether they are
 * those of the plan is for the caller to check.
 *
 * @param plan The plan.
 * @param first The first of the profiles of the container.
 * @param count How many they are.
 * @returns For each of them its group, or -1.
 * @throws {Error} If the file has not a group a profile.
 */
export function readSomeGroups(
  plan: Plan,
  first: number,
  count: number,
): Int32Array {
  const path = plan.groupsPath!;
  const { dtype, shape, littleEndian, dataOffset } = readNpyHeader(path);
  const isFlat = shape.length === 1 && shape[0] === plan.profilesCount;
  if (!(isFlat && dtype === "int32" && littleEndian)) throw otherGroups(path);
  const groups = new Int32Array(count);
  using source = FileSource.open(path);
  const start = dataOffset + first * groups.BYTES_PER_ELEMENT;
  source.read(start, new Uint8Array(groups.buffer));
  return groups;
}

/**
 * The error of groups that are not those of a plan.
 *
 * @param path The path of the file.
 * @returns The error.
 */
export function otherGroups(path: string): Error {
  return new Error(
    `Cannot use the groups ${path}: they are not those of the plan`,
  );
}
