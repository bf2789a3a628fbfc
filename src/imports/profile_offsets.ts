import type { CountsBlock } from "./importer.ts";

/** What a block says of where its profiles are. */
export type BlockProfiles = Pick<
  CountsBlock,
  "firstProfile" | "isOpen" | "offsets"
>;

/**
 * Finds the profiles of pieces of entries, which end anywhere and are taken in
 * order.
 */
export class ProfileOffsets {
  readonly #starts: Float64Array;
  #current = 0;

  /**
   * @param starts Where the entries of each profile start, and where the last
   * ones end.
   */
  constructor(starts: Float64Array) {
    this.#starts = starts;
  }

  /**
   * Takes the next piece, whose last profile may go on in the one after.
   *
   * @param start The first entry.
   * @param end Where the entries end; there is at least one.
   * @returns The profiles that have entries in it, and those between them.
   */
  take(start: number, end: number): BlockProfiles {
    const starts = this.#starts;
    const firstProfile = this.#current;
    let last = firstProfile;
    while (starts[last + 1]! < end) last++;
    const offsets = new Uint32Array(last - firstProfile + 2);
    for (let at = 1; at < offsets.length - 1; at++) {
      offsets[at] = starts[firstProfile + at]! - start;
    }
    offsets[offsets.length - 1] = end - start;
    this.#current = last;
    return { firstProfile, offsets, isOpen: true };
  }

  /**
   * Ends the last profile that has entries, and those behind it.
   *
   * @returns These profiles, without entries.
   */
  finish(): BlockProfiles {
    const firstProfile = this.#current;
    const offsets = new Uint32Array(this.#starts.length - firstProfile);
    return { firstProfile, offsets, isOpen: false };
  }
}
