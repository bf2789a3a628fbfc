// The sum of the counts of each profile.
import { addressAt, BLOCK, maskOf, NONE, sumLanes } from "./spans";

/**
 * Sums the values of each profile into `out`, a double each. Deltas are summed
 * with them to see that they stay below the genes: the words as they are are
 * added up, value times 256 and delta, and the values are taken off at the end.
 */
export function totals(
  starts: usize,
  ends: usize,
  count: i32,
  genesCount: u32,
  out: usize,
): i32 {
  for (let profile = 0; profile < count; profile++) {
    const start = addressAt(starts, profile);
    const end = addressAt(ends, profile);
    let at = start;
    let total: u64 = 0;
    let gene: u64 = 0;
    while (at < end) {
      const stop = min(end, at + BLOCK);
      let words0 = i16x8.splat(0);
      let words1 = i16x8.splat(0);
      let values0 = i16x8.splat(0);
      let values1 = i16x8.splat(0);
      for (const last = stop - 32; at <= last; at += 32) {
        const pairs0 = v128.load(at);
        const pairs1 = v128.load(at, 16);
        words0 = i16x8.add(words0, pairs0);
        words1 = i16x8.add(words1, pairs1);
        values0 = i16x8.add(values0, i16x8.shr_u(pairs0, 8));
        values1 = i16x8.add(values1, i16x8.shr_u(pairs1, 8));
      }
      if (at + 16 <= stop) {
        const pairs = v128.load(at);
        words0 = i16x8.add(words0, pairs);
        values0 = i16x8.add(values0, i16x8.shr_u(pairs, 8));
        at += 16;
      }
      if (at < stop) {
        const pairs = v128.and(v128.load(at), maskOf(stop - at));
        words1 = i16x8.add(words1, pairs);
        values1 = i16x8.add(values1, i16x8.shr_u(pairs, 8));
        at = stop;
      }
      total += sumLanes(values0, values1);
      gene += sumLanes(
        i16x8.sub(words0, i16x8.shl(values0, 8)),
        i16x8.sub(words1, i16x8.shl(values1, 8)),
      );
    }
    if (gene >= genesCount && start < end) return profile;
    store<f64>(out + (<usize>profile << 3), <f64>total);
  }
  return NONE;
}

/**
 * Sums the values of the genes that a map keeps: those that are not negative
 * in it. The map is followed by room for as many genes as a block leads on.
 */
export function mappedTotals(
  starts: usize,
  ends: usize,
  count: i32,
  genesCount: u32,
  map: usize,
  out: usize,
): i32 {
  for (let profile = 0; profile < count; profile++) {
    let at = addressAt(starts, profile);
    const end = addressAt(ends, profile);
    const isEmpty = at === end;
    let total: u64 = 0;
    let gene: u32 = 0;
    while (at < end) {
      const stop = min(end, at + 128);
      for (; at < stop; at += 2) {
        gene += load<u8>(at);
        // All ones for a gene that is dropped.
        const dropped = load<i32>(map + (<usize>gene << 2)) >> 31;
        total += <u32>load<u8>(at, 1) & ~dropped;
      }
      if (gene >= genesCount) break;
    }
    if (gene >= genesCount && !isEmpty) return profile;
    store<f64>(out + (<usize>profile << 3), <f64>total);
  }
  return NONE;
}
