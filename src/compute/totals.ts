/** Sums and counts over spans of stored matrices. */
import {
  addProfileTotals,
  countPartEntries,
  type CountsArray,
  decodeColumns,
  PairSums,
} from "./cpu/kernels.ts";
import { type LeafSpan, type SpanWindow, spanWindows } from "./leaf_spans.ts";

/** Called with how many profiles were summed since the last call. */
export type AdvanceFunction = (profilesCount: number) => void;

/** How a computation goes over profiles. */
export interface ComputeOptions {
  /** Told of the profiles that were read since the last call. */
  readonly advance?: AdvanceFunction | undefined;
}

/** Rows that profiles are summed into. */
export interface SumRows {
  /** For each target its row, or -1 where it is in none. */
  readonly rows: Int32Array;
  /** The number of rows. */
  readonly rowsCount: number;
  /** The number of genes, after the maps of the spans. */
  readonly genesCount: number;
}

/**
 * Sums the counts of profiles.
 *
 * @param spans The profiles.
 * @param profilesCount The number of targets of the spans.
 * @param options Told of the progress.
 * @returns A total for each target, exact.
 */
export async function profileTotals(
  spans: readonly LeafSpan[],
  profilesCount: number,
  options: ComputeOptions = {},
): Promise<Float64Array> {
  const totals = new Float64Array(profilesCount);
  await overWindows(spans, options, (part, span) => {
    addProfileTotals(part, span, totals);
  });
  return totals;
}

/**
 * Sums the counts of each gene over profiles.
 *
 * @param spans The profiles; one that is there twice counts twice.
 * @param genesCount The number of genes, after the maps of the spans.
 * @param options Told of the progress.
 * @returns A total for each gene, exact.
 */
export async function geneTotals(
  spans: readonly LeafSpan[],
  genesCount: number,
  options: ComputeOptions = {},
): Promise<Float64Array> {
  const totals = new Float64Array(genesCount);
  for (const span of spans) {
    // Genes are mapped once, after the sum, and not at every pair.
    const whole = { ...span, geneMap: undefined };
    const sums = new PairSums(1, span.matrix.genesCount);
    await overWindows([whole], options, (part) => sums.add(part, whole));
    addMapped(totals, sums.totals(), span.geneMap);
  }
  return totals;
}

/**
 * Sums the counts of each gene over groups of profiles.
 *
 * @param spans The profiles.
 * @param shape The row that each goes to, and how many rows and genes.
 * @param options Told of the progress.
 * @returns The exact sums, row by row: that of a gene in a row is at
 * `gene + genesCount * row`. They take 12 bytes each on the way.
 */
export async function groupSums(
  spans: readonly LeafSpan[],
  shape: SumRows,
  options: ComputeOptions = {},
): Promise<Float64Array> {
  const sums = new PairSums(shape.rowsCount, shape.genesCount);
  await overWindows(spans, options, (part, span) => {
    sums.add(part, span, shape.rows);
  });
  return sums.totals();
}

/**
 * Counts the entries.
 *
 * @param spans The profiles.
 * @param options Told of the progress.
 * @returns The number of counts that are not zero.
 */
export async function countEntriesOf(
  spans: readonly LeafSpan[],
  options: ComputeOptions = {},
): Promise<number> {
  let entries = 0;
  await overWindows(spans, options, (part, span) => {
    entries += countPartEntries(part, span);
  });
  return entries;
}

/**
 * Decodes counts into a dense array.
 *
 * @param spans The profiles.
 * @param columns Zeros: a column of `genesCount` values a target.
 * @param genesCount The number of genes, after the maps of the spans.
 * @param options Told of the progress.
 */
export async function decodeCounts(
  spans: readonly LeafSpan[],
  columns: CountsArray,
  genesCount: number,
  options: ComputeOptions = {},
): Promise<void> {
  await overWindows(spans, options, (part, span) => {
    decodeColumns(part, span, columns, genesCount);
  });
}

async function overWindows(
  spans: readonly LeafSpan[],
  { advance }: ComputeOptions,
  use: (part: SpanWindow, span: LeafSpan) => void,
): Promise<void> {
  for (const span of spans) {
    for await (const part of spanWindows(span)) {
      use(part, span);
      advance?.(part.profiles.length);
    }
  }
}

function addMapped(
  totals: Float64Array,
  sums: Float64Array,
  geneMap: Int32Array | undefined,
): void {
  for (let gene = 0; gene < sums.length; gene++) {
    const target = geneMap ? geneMap[gene]! : gene;
    if (target >= 0) totals[target]! += sums[gene]!;
  }
}
