/** What containers compute of their counts, whatever engine does it. */
import { type ComputeOptions, withEngine } from "./choose_engine.ts";
import type { CountsArray } from "./cpu/kernels.ts";
import type { DenseType, SparseRows, SparseShape, SumRows } from "./engine.ts";
import type { LeafSpan } from "./leaf_spans.ts";
import type { PairRows, RowPairs, UseRowPairs } from "./row_pairs.ts";

export type { ComputeOptions } from "./choose_engine.ts";
export type { AdvanceFunction, SumRows } from "./engine.ts";

/**
 * Sums the counts of profiles.
 *
 * @param spans The profiles.
 * @param profilesCount The number of targets of the spans.
 * @param options What computes, who is told of the progress, what stops it.
 * @returns A total for each target, exact.
 */
export async function profileTotals(
  spans: readonly LeafSpan[],
  profilesCount: number,
  options: ComputeOptions = {},
): Promise<Float64Array> {
  const job = { kernel: "profileTotals", spans } as const;
  return await withEngine(
    job,
    options,
    (engine, kernelOptions) =>
      engine.profileTotals(spans, profilesCount, kernelOptions),
  );
}

/**
 * Counts the entries of profiles.
 *
 * @param spans The profiles.
 * @param profilesCount The number of targets of the spans.
 * @param options What computes, who is told of the progress, what stops it.
 * @returns For each target the number of its genes with a count.
 */
export async function profileEntries(
  spans: readonly LeafSpan[],
  profilesCount: number,
  options: ComputeOptions = {},
): Promise<Float64Array> {
  const job = { kernel: "profileEntries", spans } as const;
  return await withEngine(
    job,
    options,
    (engine, kernelOptions) =>
      engine.profileEntries(spans, profilesCount, kernelOptions),
  );
}

/**
 * Sums the counts of each gene over profiles.
 *
 * @param spans The profiles; one that is there twice counts twice.
 * @param genesCount The number of genes, after the maps of the spans.
 * @param options What computes, who is told of the progress, what stops it.
 * @returns A total for each gene, exact.
 */
export async function geneTotals(
  spans: readonly LeafSpan[],
  genesCount: number,
  options: ComputeOptions = {},
): Promise<Float64Array> {
  const job = { kernel: "geneTotals", spans } as const;
  return await withEngine(
    job,
    options,
    (engine, kernelOptions) =>
      engine.geneTotals(spans, genesCount, kernelOptions),
  );
}

/**
 * Sums the counts of each gene over groups of profiles.
 *
 * @param spans The profiles.
 * @param shape The row that each goes to, and how many rows and genes.
 * @param options What computes, who is told of the progress, what stops it.
 * @returns The exact sums, row by row: that of a gene in a row is at
 * `gene + genesCount * row`.
 */
export async function groupSums(
  spans: readonly LeafSpan[],
  shape: SumRows,
  options: ComputeOptions = {},
): Promise<Float64Array> {
  const job = { kernel: "groupSums", spans } as const;
  return await withEngine(
    job,
    options,
    (engine, kernelOptions) => engine.groupSums(spans, shape, kernelOptions),
  );
}

/**
 * Sums the counts of each gene over groups of profiles, into pairs.
 *
 * @param spans The profiles.
 * @param shape The row that each goes to, and how many rows and genes.
 * @param use Is given the rows, in their order, and each once.
 * @param options What computes, who is told of the progress, what stops it.
 * @throws {LargeSumError} If a sum passes 2^32-1.
 */
export async function groupPairs(
  spans: readonly LeafSpan[],
  shape: PairRows,
  use: UseRowPairs,
  options: ComputeOptions = {},
): Promise<void> {
  const job = { kernel: "groupSums", spans } as const;
  let done = 0;
  await withEngine(job, options, async (engine, kernelOptions) => {
    // Another engine goes on where one failed: what was used is not summed.
    const rows = done > 0
      ? shape.rows.map((row) => row < done ? -1 : row)
      : shape.rows;
    const useNew = (found: RowPairs) => {
      const left = rowsFrom(found, done);
      if (left === undefined) return;
      done = left.first + left.ends.length;
      return use(left);
    };
    await engine.groupPairs(spans, { ...shape, rows }, useNew, kernelOptions);
  });
}

/** The rows without those before, which have no pairs. */
function rowsFrom(rows: RowPairs, first: number): RowPairs | undefined {
  const count = first - rows.first;
  if (count <= 0) return rows;
  if (count >= rows.ends.length) return undefined;
  return { ...rows, first, ends: rows.ends.subarray(count) };
}

/**
 * Counts the entries.
 *
 * @param spans The profiles.
 * @param options What computes, who is told of the progress, what stops it.
 * @returns The number of counts that are not zero.
 */
export async function countEntriesOf(
  spans: readonly LeafSpan[],
  options: ComputeOptions = {},
): Promise<number> {
  let firstTarget = 0;
  const inOrder = spans.map((span) => {
    const { matrix, profiles } = span;
    const placed = { ...span, targets: undefined, firstTarget };
    firstTarget += profiles?.length ?? matrix.profilesCount;
    return placed;
  });
  const entries = await profileEntries(inOrder, firstTarget, options);
  return entries.reduce((sum, count) => sum + count, 0);
}

/**
 * Decodes counts into dense rows.
 *
 * @param spans The profiles.
 * @param rows Zeros: a row of `genesCount` values a target.
 * @param genesCount The number of genes, after the maps of the spans.
 * @param options What computes, who is told of the progress, what stops it.
 */
export async function decodeCounts(
  spans: readonly LeafSpan[],
  rows: CountsArray,
  genesCount: number,
  options: ComputeOptions = {},
): Promise<void> {
  const job = { kernel: "decodeDense", spans } as const;
  if (rows instanceof Float64Array) {
    return await decodeDoubles(spans, rows, genesCount, options);
  }
  const dtype: DenseType = rows instanceof Float32Array ? "float32" : "uint32";
  const profilesCount = rows.length / Math.max(genesCount, 1);
  const shape = { profilesCount, genesCount, dtype, into: rows };
  await withEngine(
    job,
    options,
    (engine, kernelOptions) => engine.decodeDense(spans, shape, kernelOptions),
  );
}

/**
 * Decodes counts into doubles, which no engine has: they are integers of 32
 * bits in the upper half of the same memory, and widen from the front.
 */
async function decodeDoubles(
  spans: readonly LeafSpan[],
  rows: Float64Array,
  genesCount: number,
  options: ComputeOptions,
): Promise<void> {
  const { buffer, byteOffset, length } = rows;
  const counts = new Uint32Array(buffer, byteOffset + 4 * length, length);
  await decodeCounts(spans, counts, genesCount, options);
  for (let at = 0; at < length; at++) rows[at] = counts[at]!;
}

/**
 * Decodes counts into compressed sparse rows.
 *
 * @param spans The profiles.
 * @param shape How many rows and genes.
 * @param options What computes, who is told of the progress, what stops it.
 * @returns The rows, a row a target.
 */
export async function decodeSparse(
  spans: readonly LeafSpan[],
  shape: SparseShape,
  options: ComputeOptions = {},
): Promise<SparseRows> {
  const job = { kernel: "decodeSparse", spans } as const;
  return await withEngine(
    job,
    options,
    (engine, kernelOptions) => engine.decodeSparse(spans, shape, kernelOptions),
  );
}
