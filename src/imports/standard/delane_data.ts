import { LaneData } from "./lane_data.ts";
import type { ProfileData } from "./profile_data.ts";

/**
 * Which lane each profile of a multi-lane folder belongs to.
 *
 * @example Profiles of two lanes, in turn
 * ```ts
 * import { DelaneData } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new DelaneData();
 * for (const lane of ["a", "b", "a"]) data.addProfile(lane);
 * assertEquals([...data.dataOfLanes.keys()], ["a", "b"]);
 * assertEquals(data.getLane("a").profilesCount, 2);
 *
 * const { laneData, indexInLane } = data.dataOfProfiles[2]!;
 * assertEquals([laneData.name, indexInLane], ["a", 2]);
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.mkdir(`${folder}/a`);
 * laneData.writeUmisMatrix(
 *   folder,
 *   "%%MatrixMarket matrix coordinate integer general",
 *   5,
 * );
 * laneData.addEntry(4, indexInLane, 300);
 * laneData.finish();
 * const text = await Deno.readTextFile(`${folder}/a/umis.mtx`);
 * assertEquals(text.split("\n").slice(2, 4), ["5 2 1", "4 2 300"]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class DelaneData {
  readonly #lanes = new Map<string, LaneData>();
  readonly #folders = new Map<string, string>();
  readonly #profiles: ProfileData[] = [];

  /** The lanes by their names, in the order of their first profiles. */
  get dataOfLanes(): ReadonlyMap<string, LaneData> {
    return this.#lanes;
  }

  /** The profiles in the order of the source. */
  get dataOfProfiles(): readonly ProfileData[] {
    return this.#profiles;
  }

  /**
   * Finds a lane, which is made where it is new.
   *
   * @param laneName The name of the lane.
   * @returns The lane.
   * @throws {Error} If a new name is no name of a folder, or differs from that
   * of another lane only by case.
   */
  getLane(laneName: string): LaneData {
    const found = this.#lanes.get(laneName);
    if (found !== undefined) return found;
    const lane = new LaneData(laneName);
    const folder = lane.folderName.toLowerCase();
    const other = this.#folders.get(folder);
    if (other !== undefined) {
      const names = `${JSON.stringify(other)} and ${JSON.stringify(laneName)}`;
      throw new Error(
        `Cannot use the lanes ${names}: they differ by case only`,
      );
    }
    this.#folders.set(folder, laneName);
    this.#lanes.set(laneName, lane);
    return lane;
  }

  /**
   * Adds the next profile.
   *
   * @param laneName The name of its lane.
   * @returns The profile.
   * @throws {Error} As {@linkcode DelaneData.getLane} does.
   */
  addProfile(laneName: string): ProfileData {
    const lane = this.getLane(laneName);
    const profile = lane.addProfile(this.#profiles.length);
    this.#profiles.push(profile);
    return profile;
  }
}
