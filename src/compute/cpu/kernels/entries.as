// The number of entries of each profile: of its genes with a count.
import { addressAt, BLOCK, maskOf, NONE, sumLanes } from "./spans";

/** The bytes that are looked through for a zero at once. */
const STRETCH: usize = 512;

/** The pairs are not such that zeros say how many entries there are. */
const ODD: i32 = -1;

/**
 * Counts the entries of each profile into `out`, a double each.
 *
 * Where no two bytes side by side are zero, each zero is either the value of a
 * gap or the delta of a pair that adds to the gene before it, so that the
 * entries are the pairs less the zeros, and one more where the first pair is of
 * gene 0. Canonical pairs are so; others are walked one by one. Zeros are rare:
 * they are counted only in stretches that have one.
 */
export function entries(
  starts: usize,
  ends: usize,
  count: i32,
  genesCount: u32,
  out: usize,
): i32 {
  const low = i16x8.splat(0x00ff);
  for (let profile = 0; profile < count; profile++) {
    const start = addressAt(starts, profile);
    const end = addressAt(ends, profile);
    let at = start;
    let zeros: i32 = 0;
    let gene: u64 = 0;
    while (at < end) {
      const stop = min(end, at + BLOCK);
      let deltas0 = i16x8.splat(0);
      let deltas1 = i16x8.splat(0);
      while (at < stop) {
        const first = at;
        const behind = min(stop, at + STRETCH);
        let least = i8x16.splat(-1);
        for (const last = behind - 32; at <= last; at += 32) {
          const pairs0 = v128.load(at);
          const pairs1 = v128.load(at, 16);
          least = i8x16.min_u(least, i8x16.min_u(pairs0, pairs1));
          deltas0 = i16x8.add(deltas0, v128.and(pairs0, low));
          deltas1 = i16x8.add(deltas1, v128.and(pairs1, low));
        }
        while (at < behind) {
          const mask = maskOf(min(behind - at, 16));
          const pairs = v128.load(at);
          least = i8x16.min_u(least, v128.or(pairs, v128.not(mask)));
          deltas0 = i16x8.add(deltas0, v128.and(v128.and(pairs, mask), low));
          at = min(behind, at + 16);
        }
        if (!i8x16.all_true(least) && zeros !== ODD) {
          const found = countZeros(first, behind);
          zeros = found === ODD ? ODD : zeros + found;
        }
      }
      gene += sumLanes(deltas0, deltas1);
    }
    if (gene >= genesCount && start < end) return profile;
    let found: u32;
    if (zeros === ODD) found = walkEntries(start, end, 0);
    else {
      found = <u32>((end - start) >> 1) - zeros;
      if (start < end && load<u8>(start) === 0) found++;
    }
    store<f64>(out + (<usize>profile << 3), <f64>found);
  }
  return NONE;
}

/**
 * Counts the zeros of at most a stretch, ODD where one has another behind it.
 * That of the next stretch, or profile, is looked at with the last: at worst
 * pairs are walked that need not be.
 */
function countZeros(start: usize, end: usize): i32 {
  const zero = i8x16.splat(0);
  let zeros = zero;
  let neighbours = i8x16.splat(-1);
  for (let at = start; at < end; at += 16) {
    const behind = v128.not(maskOf(min(end - at, 16)));
    const pairs = v128.or(v128.load(at), behind);
    zeros = i8x16.sub(zeros, i8x16.eq(pairs, zero));
    neighbours = i8x16.min_u(neighbours, v128.or(pairs, v128.load(at, 1)));
  }
  if (!i8x16.all_true(neighbours)) return ODD;
  return sumLanes(i16x8.extadd_pairwise_i8x16_u(zeros), i16x8.splat(0));
}

/** Counts the entries of genes that a map keeps, as `mappedTotals` sums them. */
export function mappedEntries(
  starts: usize,
  ends: usize,
  count: i32,
  genesCount: u32,
  map: usize,
  out: usize,
): i32 {
  for (let profile = 0; profile < count; profile++) {
    const start = addressAt(starts, profile);
    const end = addressAt(ends, profile);
    if (start < end && lastGene(start, end, genesCount) >= genesCount) {
      return profile;
    }
    const found = walkEntries(start, end, map);
    store<f64>(out + (<usize>profile << 3), <f64>found);
  }
  return NONE;
}

/** The gene that the pairs lead to, or any that is past the last. */
export function lastGene(start: usize, end: usize, genesCount: u32): u32 {
  const low = i16x8.splat(0x00ff);
  let gene: u32 = 0;
  for (let at = start; at < end && gene < genesCount;) {
    const stop = min(end, at + BLOCK);
    let deltas = i16x8.splat(0);
    for (const last = stop - 16; at <= last; at += 16) {
      // At most 256 times 255.
      deltas = i16x8.add(deltas, v128.and(v128.load(at), low));
    }
    gene += sumLanes(deltas, v128.and(v128.load(at), v128.and(maskOf(stop - at), low)));
    at = stop;
  }
  return gene;
}

/** Counts the entries of any valid pairs, of the genes of a map if it is not 0. */
function walkEntries(start: usize, end: usize, map: usize): u32 {
  let found: u32 = 0;
  let gene: u32 = 0;
  let isCounted = false;
  for (let at = start; at < end; at += 2) {
    const delta: u32 = load<u8>(at);
    gene += delta;
    if (delta !== 0) isCounted = false;
    if (isCounted || load<u8>(at, 1) === 0) continue;
    isCounted = true;
    if (map === 0 || load<i32>(map + (<usize>gene << 2)) >= 0) found++;
  }
  return found;
}
