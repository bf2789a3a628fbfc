/** How much a piece of work takes at once. */
import { roundUp } from "./buffers.ts";
import { type ChunkLimits, MOST_PAIRS } from "./chunks.ts";
import type { WorkLimits } from "./gpu_work.ts";
import { GpuUnavailableError } from "./gpu_unavailable_error.ts";

/** A load of pairs, in bytes. */
const LOAD_BYTES = 16;

/** Dense rows that are decoded at once, in bytes. */
const ROWS_BYTES = 1 << 24;

/** Sums that are kept at once, in bytes; there are three numbers for each. */
const SUMS_BYTES = 1 << 28;

/**
 * How much goes into a chunk.
 *
 * @param limits The limits of the work.
 * @param outputBytes How many bytes are written for a byte of pairs.
 * @returns The limits of a chunk.
 */
export function chunkLimits(
  limits: WorkLimits,
  outputBytes = 1,
): ChunkLimits {
  const most = Math.min(2 * MOST_PAIRS, limits.bindingBytes / outputBytes);
  const room = roundUp(most - LOAD_BYTES + 1, LOAD_BYTES);
  return {
    bytes: Math.min(limits.chunkBytes, room),
    profileBytes: Math.min(limits.profileBytes, room),
  };
}

/**
 * How many dense rows are decoded at once.
 *
 * @param limits The limits of the work.
 * @param genesCount The genes of a row.
 * @returns The number of rows.
 * @throws {GpuUnavailableError} If a buffer does not take a row.
 */
export function denseRowsAtOnce(
  limits: WorkLimits,
  genesCount: number,
): number {
  return rowsIn(Math.min(limits.bindingBytes, ROWS_BYTES), limits, genesCount);
}

/**
 * How many rows of sums are kept at once.
 *
 * @param limits The limits of the work.
 * @param genesCount The genes of a row.
 * @returns The number of rows.
 * @throws {GpuUnavailableError} If a buffer does not take a row.
 */
export function sumRowsAtOnce(limits: WorkLimits, genesCount: number): number {
  return rowsIn(Math.min(limits.bindingBytes, SUMS_BYTES), limits, genesCount);
}

function rowsIn(
  bytes: number,
  { bindingBytes }: WorkLimits,
  genesCount: number,
): number {
  const rowBytes = 4 * Math.max(genesCount, 1);
  if (rowBytes <= bindingBytes) {
    return Math.max(1, Math.floor(bytes / rowBytes));
  }
  throw new GpuUnavailableError(
    "limits",
    `Cannot compute rows of ${genesCount} genes on the GPU: ` +
      `a buffer takes ${bindingBytes} bytes`,
  );
}
