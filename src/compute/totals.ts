/** What containers compute of their counts, whatever engine does it. */
import { type ComputeOptions, withEngine } from "./choose_engine.ts";
import type { CountsArray } from "./cpu/kernels.ts";
import type { DenseType, SparseRows, SparseShape, SumRows } from "./engine.ts";
import type { LeafSpan } from "./leaf_spans.ts";

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
