import type { StoredNumbers } from "./nodes.ts";

/**
 * Integers as indices.
 *
 * @param stored The integers; where they have 32 bits, their memory is shared.
 * @param limit What they have to be below, at most 2^31.
 * @returns The indices, or the position of the first that is out of bounds.
 */
export function toIndices(
  stored: StoredNumbers,
  limit: number,
): Uint32Array | number {
  const indices = toUnsigned(stored);
  if (!indices) return findWide(stored, limit);
  let most = 0;
  for (let at = 0; at < indices.length; at++) {
    if (indices[at]! > most) most = indices[at]!;
  }
  if (indices.length === 0 || most < limit) return indices;
  return indices.findIndex((index) => index >= limit);
}

/** What is below 0 becomes more than any limit; nothing, if one is too wide. */
function toUnsigned(stored: StoredNumbers): Uint32Array | undefined {
  if (stored instanceof Uint32Array) return stored;
  if (stored instanceof Int32Array) {
    return new Uint32Array(stored.buffer, stored.byteOffset, stored.length);
  }
  if (stored instanceof BigInt64Array || stored instanceof BigUint64Array) {
    return lowHalves(stored);
  }
  return Uint32Array.from(stored);
}

/** The halves are read by themselves: a bigint an index would be slow. */
function lowHalves(
  stored: BigInt64Array | BigUint64Array,
): Uint32Array | undefined {
  const { buffer, byteOffset, length } = stored;
  const halves = new Uint32Array(buffer, byteOffset, 2 * length);
  const indices = new Uint32Array(length);
  let high = 0;
  for (let at = 0; at < length; at++) {
    indices[at] = halves[2 * at]!;
    high |= halves[2 * at + 1]!;
  }
  return high === 0 ? indices : undefined;
}

function findWide(stored: StoredNumbers, limit: number): number {
  return stored.findIndex((value: number | bigint) =>
    value < 0 || value >= limit
  );
}
