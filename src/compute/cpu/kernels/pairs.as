// Rows of sums, one at a time, that leave as pairs.
import { addressAt, NONE } from "./spans";

/** The most that a byte of a pair holds. */
const MOST: u32 = 255;

/**
 * For each set of 8 lanes, 8 bytes: which lanes they are, in order, and then
 * whatever.
 */
const LANES: usize = memory.data(8 << 8, 16);

for (let set: usize = 0; set < 256; set++) {
  let place = LANES + (set << 3);
  for (let lane: usize = 0; lane < 8; lane++) {
    if (set >> lane & 1) store<u8>(place++, <u8>lane);
  }
}

/**
 * Adds the values of profiles to the sums of the genes that a map has for
 * theirs. The map is followed by room for as many genes as a block leads on.
 */
export function addMapped(
  starts: usize,
  ends: usize,
  count: i32,
  genesCount: u32,
  map: usize,
  sums: usize,
): i32 {
  for (let profile = 0; profile < count; profile++) {
    let at = addressAt(starts, profile);
    const end = addressAt(ends, profile);
    const isEmpty = at === end;
    let gene: u32 = 0;
    while (at < end) {
      const stop = min(end, at + 128);
      for (; at < stop; at += 2) {
        gene += load<u8>(at);
        const place = sums + (<usize>load<u32>(map + (<usize>gene << 2)) << 2);
        store<u32>(place, load<u32>(place) + load<u8>(at, 1));
      }
      if (gene >= genesCount) break;
    }
    if (gene >= genesCount && !isEmpty) return profile;
  }
  return NONE;
}

/**
 * Writes a row as pairs, the fewest that there can be, and makes it zeros: the
 * sums are those of 16 bits plus those of 32. Up to 16 bytes behind the pairs
 * are written too. `summary` receives the sum of the row as a double, then the
 * number of its entries.
 *
 * @returns The end of the pairs.
 */
export function encodeRow(
  narrow: usize,
  wide: usize,
  stride: u32,
  out: usize,
  summary: usize,
): usize {
  const none = i32x4.splat(0);
  const most = i32x4.splat(MOST);
  let total = none;
  let entries: u32 = 0;
  let last: u32 = 0;
  for (let gene: u32 = 0; gene < stride; gene += 8, narrow += 16, wide += 32) {
    const sums = v128.load(narrow);
    let sums0 = v128.load(wide);
    let sums1 = v128.load(wide, 16);
    if (!v128.any_true(v128.or(sums, v128.or(sums0, sums1)))) continue;
    sums0 = i32x4.add(sums0, i32x4.extend_low_i16x8_u(sums));
    sums1 = i32x4.add(sums1, i32x4.extend_high_i16x8_u(sums));
    v128.store(narrow, none);
    v128.store(wide, sums0);
    v128.store(wide, sums1, 16);
    total = addLanes(total, sums0, sums1);
    const zeros = i16x8.narrow_i32x4_s(
      i32x4.eq(sums0, none),
      i32x4.eq(sums1, none),
    );
    const set: u32 = i16x8.bitmask(zeros) ^ 0xff;
    entries += popcnt(set);
    const large = v128.or(i32x4.gt_u(sums0, most), i32x4.gt_u(sums1, most));
    if (!v128.any_true(large) && gene + 7 - last <= MOST) {
      // Lanes that are zero are left out by one shuffle of bytes.
      const lanes = v128.load64_zero(LANES + (<usize>set << 3));
      const words = i16x8.narrow_i32x4_u(sums0, sums1);
      const values = i8x16.swizzle(i8x16.narrow_i16x8_u(words, words), lanes);
      const before = i8x16.shuffle(lanes, i8x16.splat(<i8>(last - gene)), 16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
      const deltas = i8x16.sub(lanes, before);
      v128.store(out, i8x16.shuffle(deltas, values, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
      out += <usize>popcnt(set) << 1;
      last = gene + 31 - clz(set);
    } else {
      for (let lane: u32 = 0; lane < 8; lane++) {
        const sum = load<u32>(wide + (<usize>lane << 2));
        const delta = gene + lane - last;
        if ((sum | delta) > MOST) {
          if (sum === 0) continue;
          out = appendEntry(out, delta, sum);
          last = gene + lane;
        } else {
          // A pair that has no value is written over by the next.
          store<u16>(out, <u16>(delta | (sum << 8)));
          last = sum !== 0 ? gene + lane : last;
          out += <usize>(sum !== 0) << 1;
        }
      }
    }
    v128.store(wide, none);
    v128.store(wide, none, 16);
  }
  store<f64>(
    summary,
    <f64>(i64x2.extract_lane(total, 0) + i64x2.extract_lane(total, 1)),
  );
  store<u32>(summary, entries, 8);
  return out;
}

/** Adds 32-bit lanes to two of 64. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function addLanes(total: v128, sums0: v128, sums1: v128): v128 {
  const both0 = i64x2.add(
    i64x2.extend_low_i32x4_u(sums0),
    i64x2.extend_high_i32x4_u(sums0),
  );
  const both1 = i64x2.add(
    i64x2.extend_low_i32x4_u(sums1),
    i64x2.extend_high_i32x4_u(sums1),
  );
  return i64x2.add(total, i64x2.add(both0, both1));
}

/** Writes the pairs of an entry; `delta` counts from the entry before it. */
function appendEntry(out: usize, delta: u32, count: u32): usize {
  for (; delta > MOST; delta -= MOST, out += 2) store<u16>(out, <u16>MOST);
  for (; count > MOST; count -= MOST, out += 2, delta = 0) {
    store<u16>(out, <u16>(delta | (MOST << 8)));
  }
  store<u16>(out, <u16>(delta | (count << 8)));
  return out + 2;
}
