import type { LaneData } from "./lane_data.ts";

/** A profile of a multi-lane folder, and its place in its lane. */
export class ProfileData {
  /** The lane that the profile belongs to. */
  readonly laneData: LaneData;
  /** The index of the profile in the lane, from 1. */
  readonly indexInLane: number;

  /**
   * Makes the last profile of a lane; {@linkcode LaneData.addProfile} does.
   *
   * @param laneData The lane, which counts the profile already.
   */
  constructor(laneData: LaneData) {
    this.laneData = laneData;
    this.indexInLane = laneData.profilesCount;
  }
}
