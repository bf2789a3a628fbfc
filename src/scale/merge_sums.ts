/** Parts of sums as pairs of groups, in bounded memory however many groups. */
import {
  RowEncoder,
  SUMS_AT_ONCE,
  type UseRowPairs,
} from "../compute/row_pairs.ts";
import {
  type CheckedPart,
  checkParts,
  type CheckPartsOptions,
} from "./check_parts.ts";
import { PartFile } from "./part_file.ts";
import type { Plan } from "./plan.ts";

/**
 * The most sums that are kept at once, 8 bytes each: more than where profiles
 * are summed, for all parts are opened for each lot of groups.
 */
const MERGED_AT_ONCE = 4 * SUMS_AT_ONCE;

/** How sums are merged. */
export interface MergeSumsOptions extends CheckPartsOptions {
  /** The most sums that are kept in memory at once, of 8 bytes each. */
  readonly sumsAtOnce?: number | undefined;
}

/** Parts whose sums were located. */
export interface LocatedParts {
  /** The place of each group by its name. */
  readonly places: ReadonlyMap<string, number>;
  /** How many groups are summed at once. */
  readonly groupsAtOnce: number;
  /** For each of such tiles of groups the parts that have sums of any. */
  readonly tiles: readonly (readonly CheckedPart[])[];
}

/**
 * Checks parts of sums, and notes which are needed when: a part that has no
 * sums of the groups in memory is not opened for them.
 *
 * @param plan The plan, of sums.
 * @param partPaths The parts.
 * @param names The names of its groups.
 * @param options How many sums at once; whether refused parts are removed.
 * @returns What {@linkcode sumParts} takes.
 * @throws {Error} If parts are refused, as by {@linkcode checkParts}.
 */
export function locateSums(
  plan: Plan,
  partPaths: readonly string[],
  names: readonly string[],
  options: MergeSumsOptions,
): LocatedParts {
  const { sumsAtOnce = MERGED_AT_ONCE } = options;
  const most = Math.floor(sumsAtOnce / Math.max(plan.genesCount, 1));
  const groupsAtOnce = Math.max(1, most);
  const places = new Map(names.map((name, place) => [name, place]));
  const tileOf = (name: string) => Math.floor(places.get(name)! / groupsAtOnce);
  const reached = new Map<number, ReadonlySet<number>>();
  const parts = checkParts(plan, partPaths, options, (part, shard) => {
    const rows = part.content.rows;
    reached.set(shard, new Set(rows.map(({ name }) => tileOf(name))));
  });
  const count = Math.ceil(names.length / groupsAtOnce);
  const tiles = Array.from({ length: count }, (): CheckedPart[] => []);
  for (const [shard, part] of parts.entries()) {
    for (const tile of reached.get(shard)!) tiles[tile]!.push(part);
  }
  return { places, groupsAtOnce, tiles };
}

/**
 * Sums parts, some groups at a time.
 *
 * @param plan The plan, of sums.
 * @param located Its parts.
 * @param use Is given the sums of the first group, and on to the last.
 * @throws {LargeSumError} If a sum passes 2^32-1.
 */
export async function sumParts(
  { genesCount }: Plan,
  { places, groupsAtOnce, tiles }: LocatedParts,
  use: UseRowPairs,
): Promise<void> {
  const encoder = new RowEncoder(genesCount);
  for (const [tile, parts] of tiles.entries()) {
    const first = tile * groupsAtOnce;
    const count = Math.min(groupsAtOnce, places.size - first);
    const sums = new Float64Array(count * genesCount);
    for (const { path, state } of parts) {
      using part = PartFile.open(path, state);
      for (const row of part.content.rows) {
        const place = places.get(row.name)! - first;
        if (!(place >= 0 && place < count)) continue;
        const start = place * genesCount;
        part.addRow(row, sums.subarray(start, start + genesCount));
      }
    }
    for (let place = 0; place < count; place++) {
      const start = place * genesCount;
      const row = sums.subarray(start, start + genesCount);
      await use(encoder.encode(first + place, row));
    }
    // Others of the process have a turn.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
