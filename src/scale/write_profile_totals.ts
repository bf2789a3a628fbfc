import { formatNpyHeader } from "../arrays/npy_header.ts";
import { createFileSink, moveFileIntoPlace } from "../io/atomic.ts";
import type { FileSink } from "../io/file_sink.ts";
import type { CheckedPart } from "./check_parts.ts";
import { PartFile } from "./part_file.ts";
import type { Plan } from "./plan.ts";

/**
 * Whether the shards of a plan follow each other in the container, so that
 * what they have of each profile can be written as it is read.
 *
 * @param plan The plan.
 * @returns False where a view has its profiles in an order of its own.
 */
export function isInOrder({ shards, profilesCount }: Plan): boolean {
  let next = 0;
  for (const { firstProfile, first, end } of shards) {
    if (firstProfile !== next) return false;
    next += end - first;
  }
  return next === profilesCount;
}

/**
 * Writes the totals of profiles as an npy file, a part at a time: those of a
 * billion are not in memory at once.
 *
 * @param plan The plan, whose shards follow each other.
 * @param parts The part of each shard.
 * @param path The path of the file; an old one is replaced.
 */
export function writeProfileTotals(
  plan: Plan,
  parts: readonly CheckedPart[],
  path: string,
): void {
  const sink = createFileSink(path);
  try {
    const shape = [plan.profilesCount];
    const header = { dtype: "float64", shape, fortranOrder: false } as const;
    sink.write(formatNpyHeader(header));
    for (const part of parts) writeTotals(sink, part);
    sink.finish();
    moveFileIntoPlace(sink, path);
  } catch (error) {
    sink.abort();
    throw error;
  }
}

function writeTotals(sink: FileSink, { path, state }: CheckedPart): void {
  using part = PartFile.open(path, state);
  const { buffer } = part.readTotals();
  sink.write(new Uint8Array(buffer));
}
