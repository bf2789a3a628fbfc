// LZ4 blocks, which end where their bytes do, and what makes up their result.

/** What copies of 16 bytes at once may write too much. */
const WIDE: usize = 16;
/** From how many bytes on a call pays. */
const MANY: usize = 64;

/**
 * Decodes a block to `to`, until as many bytes as `wanted` are there. The
 * memory has to go on for `WIDE` bytes behind `end` and behind `to + size`.
 * Returns how many bytes were decoded, at most `size`; or -1 where that can't
 * be.
 */
export function decode(
  from: usize,
  end: usize,
  to: usize,
  wanted: usize,
  size: usize,
): i32 {
  const last = to + size;
  const enough = to + wanted;
  let source = from;
  let target = to;
  while (target < enough) {
    if (source >= end) return -1;
    const token = <usize> load<u8>(source++);
    let count = token >> 4;
    if (count === 15) {
      let more: usize;
      do {
        // Nothing that is too long for the result is added up any further.
        if (source >= end || count > size) return -1;
        more = load<u8>(source++);
        count += more;
      } while (more === 255);
    }
    if (count > end - source || count > last - target) return -1;
    if (count <= WIDE) v128.store(target, v128.load(source));
    else memory.copy(target, source, count);
    source += count;
    target += count;
    // The last ones are copied from nowhere.
    if (source === end) break;
    if (end - source < 2) return -1;
    const distance = <usize> load<u16>(source);
    source += 2;
    count = (token & 15) + 4;
    if (count === 19) {
      let more: usize;
      do {
        if (source >= end || count > size) return -1;
        more = load<u8>(source++);
        count += more;
      } while (more === 255);
    }
    if (distance === 0 || distance > target - to) return -1;
    if (count > last - target) return -1;
    repeat(target, distance, count);
    target += count;
  }
  // What is left over behind the last bytes does not belong there.
  if (wanted === size && source !== end) return -1;
  return <i32> (target - to);
}

/** Copies what came before, of which the end may be what is written here. */
// @ts-ignore: decorator
@inline
function repeat(target: usize, distance: usize, count: usize): void {
  const end = target + count;
  let at = target;
  let from = target - distance;
  if (distance >= 16) {
    do {
      v128.store(at, v128.load(from));
      at += 16;
      from += 16;
    } while (at < end);
    return;
  }
  if (distance === 1 && count > MANY) {
    memory.fill(at, load<u8>(from), count);
    return;
  }
  if (distance < 8) {
    // The distance grows by whole repeats, until words do not overlap.
    let wide = distance;
    while (wide < 8) wide += distance;
    const stop = min(at + wide, end);
    while (at < stop) store<u8>(at++, load<u8>(from++));
    from = at - wide;
  }
  while (at < end) {
    store<u64>(at, load<u64>(from));
    at += 8;
    from += 8;
  }
}

/** Whether all bytes are the same. */
export function isConstant(from: usize, count: usize): bool {
  const first = load<u8>(from);
  const all = i8x16.splat(first);
  const end = from + count;
  let at = from;
  for (; at + 16 <= end; at += 16) {
    if (!i8x16.all_true(i8x16.eq(v128.load(at), all))) return false;
  }
  for (; at < end; at++) {
    if (load<u8>(at) !== first) return false;
  }
  return true;
}
