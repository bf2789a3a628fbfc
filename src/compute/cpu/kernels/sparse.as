// The entries of profiles.
import { addressAt, NONE } from "./spans";

/**
 * Writes the genes and the counts of the entries of profiles, one profile after
 * the other, and into `stops` where those of each end. There is room for as
 * many entries as pairs.
 *
 * Each pair is written where its entry is: pairs that add to a gene are written
 * over it, and so is what follows pairs without a count.
 */
export function sparse(
  starts: usize,
  ends: usize,
  count: i32,
  genesCount: u32,
  genes: usize,
  counts: usize,
  stops: usize,
): i32 {
  let entry: usize = 0;
  for (let profile = 0; profile < count; profile++) {
    const start = addressAt(starts, profile);
    const end = addressAt(ends, profile);
    let gene: u32 = 0;
    let sum: u32 = 0;
    for (let at = start; at < end; at += 2) {
      const delta: u32 = load<u8>(at);
      if (delta !== 0) {
        entry += sum !== 0 ? 4 : 0;
        sum = 0;
        gene += delta;
      }
      sum += load<u8>(at, 1);
      store<u32>(genes + entry, gene);
      store<u32>(counts + entry, sum);
    }
    entry += sum !== 0 ? 4 : 0;
    if (gene >= genesCount && start < end) return profile;
    store<u32>(stops + (<usize>profile << 2), <u32>(entry >> 2));
  }
  return NONE;
}
