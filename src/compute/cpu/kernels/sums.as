// Sums of genes over profiles, in rows.
//
// A row is kept twice: in 16 bits a gene, which is half of the memory to go
// through and is what bounds these sums, and in 32 bits, to which the former is
// added before it can overflow.
import { addressAt, BLOCK, maskOf, NONE, sumLanes } from "./spans";

/** The most that a narrow sum can be. */
const MOST: u32 = 0xffff;

/** What `lookThrough` found: the sum of the deltas. */
let deltasSum: u64 = 0;
/** What `lookThrough` found: no count of a gene is more. */
let mostCount: u32 = 0;

/**
 * Adds the values of each profile to the row that `rows` has for it.
 *
 * `narrow` and `wide` are rows of `stride` genes each; `bounds` has for each
 * row the most that a narrow sum of it can be.
 */
export function addRows(
  starts: usize,
  ends: usize,
  count: i32,
  genesCount: u32,
  rows: usize,
  narrow: usize,
  wide: usize,
  bounds: usize,
  stride: u32,
): i32 {
  for (let profile = 0; profile < count; profile++) {
    const start = addressAt(starts, profile);
    const end = addressAt(ends, profile);
    if (start === end) continue;
    lookThrough(start, end);
    if (deltasSum >= genesCount) return profile;
    const row = <usize>load<u32>(rows + (<usize>profile << 2));
    const first = row * stride;
    if (mostCount > MOST) {
      addWide(start, end, wide + (first << 2));
      continue;
    }
    const bound = bounds + (row << 2);
    if (load<u32>(bound) + mostCount > MOST) {
      widenRow(narrow + (first << 1), wide + (first << 2), stride);
      store<u32>(bound, 0);
    }
    store<u32>(bound, load<u32>(bound) + mostCount);
    addNarrow(start, end, narrow + (first << 1));
  }
  return NONE;
}

/** Adds a narrow row to a wide one, and makes it zeros; strides are of 8. */
export function widenRow(narrow: usize, wide: usize, stride: u32): void {
  const end = narrow + (<usize>stride << 1);
  for (; narrow < end; narrow += 16, wide += 32) {
    const sums = v128.load(narrow);
    if (!v128.any_true(sums)) continue;
    v128.store(
      wide,
      i32x4.add(v128.load(wide), i32x4.extend_low_i16x8_u(sums)),
    );
    v128.store(
      wide,
      i32x4.add(v128.load(wide, 16), i32x4.extend_high_i16x8_u(sums)),
      16,
    );
    v128.store(narrow, i16x8.splat(0));
  }
}

/**
 * Looks where pairs lead, and how much they can add up to: a gene has one pair
 * more than deltas of zero at most, and a pair the largest value at most.
 */
function lookThrough(start: usize, end: usize): void {
  const low = i16x8.splat(0x00ff);
  const none = i16x8.splat(0);
  let most = none;
  let sum: u64 = 0;
  let zeros: u64 = 0;
  for (let at = start; at < end;) {
    const stop = min(end, at + BLOCK);
    let deltas0 = none;
    let deltas1 = none;
    let zeros0 = none;
    let zeros1 = none;
    for (const last = stop - 32; at <= last; at += 32) {
      const pairs0 = v128.load(at);
      const pairs1 = v128.load(at, 16);
      const low0 = v128.and(pairs0, low);
      const low1 = v128.and(pairs1, low);
      most = i16x8.max_u(most, i16x8.max_u(pairs0, pairs1));
      deltas0 = i16x8.add(deltas0, low0);
      deltas1 = i16x8.add(deltas1, low1);
      zeros0 = i16x8.sub(zeros0, i16x8.eq(low0, none));
      zeros1 = i16x8.sub(zeros1, i16x8.eq(low1, none));
    }
    while (at < stop) {
      const mask = maskOf(min(stop - at, 16));
      const pairs = v128.and(v128.load(at), mask);
      const deltas = v128.and(pairs, low);
      most = i16x8.max_u(most, pairs);
      deltas0 = i16x8.add(deltas0, deltas);
      zeros0 = i16x8.sub(zeros0, v128.and(i16x8.eq(deltas, none), mask));
      at = min(stop, at + 16);
    }
    sum += sumLanes(deltas0, deltas1);
    zeros += sumLanes(zeros0, zeros1);
  }
  deltasSum = sum;
  // The largest of the values, which are the upper bytes.
  const pairs = 1 + zeros;
  let values = i16x8.shr_u(most, 8);
  values = i16x8.max_u(values, i8x16.shuffle(values, values, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  values = i16x8.max_u(values, i8x16.shuffle(values, values, 4, 5, 6, 7, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3));
  const largest = max(
    <u32>i16x8.extract_lane_u(values, 0),
    <u32>i16x8.extract_lane_u(values, 1),
  );
  mostCount = <u32>min<u64>(largest * pairs, 0xffffffff);
}

// Accesses to memory are checked one by one, and still cost less than to take
// several pairs out of what one access loads.
function addNarrow(at: usize, end: usize, place: usize): void {
  for (const last = end - 16; at <= last; at += 16) {
    place += <usize>load<u8>(at) << 1;
    store<u16>(place, load<u16>(place) + load<u8>(at, 1));
    place += <usize>load<u8>(at, 2) << 1;
    store<u16>(place, load<u16>(place) + load<u8>(at, 3));
    place += <usize>load<u8>(at, 4) << 1;
    store<u16>(place, load<u16>(place) + load<u8>(at, 5));
    place += <usize>load<u8>(at, 6) << 1;
    store<u16>(place, load<u16>(place) + load<u8>(at, 7));
    place += <usize>load<u8>(at, 8) << 1;
    store<u16>(place, load<u16>(place) + load<u8>(at, 9));
    place += <usize>load<u8>(at, 10) << 1;
    store<u16>(place, load<u16>(place) + load<u8>(at, 11));
    place += <usize>load<u8>(at, 12) << 1;
    store<u16>(place, load<u16>(place) + load<u8>(at, 13));
    place += <usize>load<u8>(at, 14) << 1;
    store<u16>(place, load<u16>(place) + load<u8>(at, 15));
  }
  for (; at < end; at += 2) {
    place += <usize>load<u8>(at) << 1;
    store<u16>(place, load<u16>(place) + load<u8>(at, 1));
  }
}

function addWide(at: usize, end: usize, place: usize): void {
  for (; at < end; at += 2) {
    place += <usize>load<u8>(at) << 2;
    store<u32>(place, load<u32>(place) + load<u8>(at, 1));
  }
}
