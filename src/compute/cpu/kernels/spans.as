// What all kernels share. This is AssemblyScript, which tasks/build_kernels.ts
// compiles; it is TypeScript to no other tool.
//
// A kernel is given profiles by two lists of addresses, where the pairs of
// each start and where they end, in memory behind which 64 bytes may be read.
// It returns the first profile that leads past the last gene, or NONE.

/** No profile is bad. */
export const NONE: i32 = -1;

/**
 * The most bytes between two foldings of 16-bit lanes into wider ones: a lane
 * gets at most 130 bytes of 255.
 */
export const BLOCK: usize = 4096;

/** Ones, then zeros: 16 bytes from 16 - n on keep the first n bytes. */
const MASKS: usize = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255,
  0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0,
]);

/** The address at a place of a list. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function addressAt(list: usize, place: i32): usize {
  return load<u32>(list + (<usize>place << 2));
}

/** A mask of the first bytes of a vector. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function maskOf(bytes: usize): v128 {
  return v128.load(MASKS + 16 - bytes);
}

/** The sum of the 16-bit lanes of two vectors. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function sumLanes(left: v128, right: v128): u32 {
  let sums = i32x4.add(
    i32x4.extadd_pairwise_i16x8_u(left),
    i32x4.extadd_pairwise_i16x8_u(right),
  );
  sums = i32x4.add(sums, v128.shuffle<i32>(sums, sums, 2, 3, 0, 1));
  return i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1);
}
