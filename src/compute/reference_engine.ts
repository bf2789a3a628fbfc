/**
 * The engine of the plain TypeScript kernels. It says what every result is;
 * nothing is started for it, so that small inputs are done soonest here.
 */
import {
  addProfileEntries,
  addProfileTotals,
  type CountsArray,
  decodeColumns,
  decodeRows,
  PairSums,
} from "./cpu/kernels.ts";
import type {
  DenseArrays,
  DenseShape,
  DenseType,
  Engine,
  KernelOptions,
  SparseRows,
  SparseShape,
  SumRows,
} from "./engine.ts";
import { type LeafSpan, type SpanWindow, spanWindows } from "./leaf_spans.ts";
import {
  groupPairsByTiles,
  type PairRows,
  type UseRowPairs,
} from "./row_pairs.ts";

/** How long it goes on before others of the process have a turn, in ms. */
const TURN = 50;

/** Computes on the calling thread, in plain TypeScript. */
export class ReferenceEngine implements Engine {
  /** What the engine is called. */
  readonly name = "reference";

  /**
   * Sums the counts of each profile.
   *
   * @param spans The profiles.
   * @param profilesCount The number of targets of the spans.
   * @param options Told of the progress, and stopped.
   * @returns A total for each target.
   * @throws {SyntaxError} If pairs are not valid.
   */
  async profileTotals(
    spans: readonly LeafSpan[],
    profilesCount: number,
    options: KernelOptions = {},
  ): Promise<Float64Array> {
    const totals = new Float64Array(profilesCount);
    await overWindows(spans, options, (part, span) => {
      addProfileTotals(part, span, totals);
    });
    return totals;
  }

  /**
   * Counts the entries of each profile.
   *
   * @param spans The profiles.
   * @param profilesCount The number of targets of the spans.
   * @param options Told of the progress, and stopped.
   * @returns A number of entries for each target.
   * @throws {SyntaxError} If pairs are not valid.
   */
  async profileEntries(
    spans: readonly LeafSpan[],
    profilesCount: number,
    options: KernelOptions = {},
  ): Promise<Float64Array> {
    const entries = new Float64Array(profilesCount);
    await overWindows(spans, options, (part, span) => {
      addProfileEntries(part, span, entries);
    });
    return entries;
  }

  /**
   * Sums the counts of each gene over profiles.
   *
   * @param spans The profiles; one that is there twice counts twice.
   * @param genesCount The number of genes, after the maps of the spans.
   * @param options Told of the progress, and stopped.
   * @returns A total for each gene.
   * @throws {SyntaxError} If pairs are not valid.
   */
  async geneTotals(
    spans: readonly LeafSpan[],
    genesCount: number,
    options: KernelOptions = {},
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
   * @param options Told of the progress, and stopped.
   * @returns The sums, row by row. They take 12 bytes each on the way.
   * @throws {SyntaxError} If pairs are not valid.
   */
  async groupSums(
    spans: readonly LeafSpan[],
    shape: SumRows,
    options: KernelOptions = {},
  ): Promise<Float64Array> {
    const sums = new PairSums(shape.rowsCount, shape.genesCount);
    await overWindows(spans, options, (part, span) => {
      sums.add(part, span, shape.rows);
    });
    return sums.totals();
  }

  /**
   * Sums the counts of each gene over groups of profiles, into pairs.
   *
   * @param spans The profiles.
   * @param shape The row that each goes to, and how many rows and genes.
   * @param use Is given the rows, in their order.
   * @param options Told of the progress, and stopped.
   * @throws {SyntaxError} If pairs are not valid.
   * @throws {LargeSumError} If a sum passes 2^32-1.
   */
  async groupPairs(
    spans: readonly LeafSpan[],
    shape: PairRows,
    use: UseRowPairs,
    options: KernelOptions = {},
  ): Promise<void> {
    await groupPairsByTiles(this, spans, shape, use, options);
  }

  /**
   * Decodes counts into dense rows.
   *
   * @param spans The profiles.
   * @param shape How many rows and genes, and of what type.
   * @param options Told of the progress, and stopped.
   * @returns The rows, one after the other.
   * @throws {SyntaxError} If pairs are not valid.
   */
  async decodeDense<T extends DenseType>(
    spans: readonly LeafSpan[],
    shape: DenseShape<T>,
    options: KernelOptions = {},
  ): Promise<DenseArrays[T]> {
    const rows = shape.into ?? makeRows(shape);
    await decodeInto(spans, rows, shape.genesCount, options);
    return rows;
  }

  /**
   * Decodes counts into compressed sparse rows, in two passes.
   *
   * @param spans The profiles.
   * @param shape How many rows and genes.
   * @param options Told of the progress, and stopped.
   * @returns The rows.
   * @throws {SyntaxError} If pairs are not valid.
   */
  async decodeSparse(
    spans: readonly LeafSpan[],
    shape: SparseShape,
    options: KernelOptions = {},
  ): Promise<SparseRows> {
    const { signal } = options;
    const { profilesCount } = shape;
    const lengths = await this.profileEntries(spans, profilesCount, { signal });
    const rows = makeSparseRows(lengths);
    await overWindows(spans, options, (part, span) => {
      decodeRows(part, span, rows);
    });
    return rows;
  }

  /** Does nothing: the engine holds nothing. */
  async [Symbol.asyncDispose](): Promise<void> {}
}

/**
 * Decodes counts into dense rows of any type.
 *
 * @param spans The profiles.
 * @param rows Zeros: a row of `genesCount` values a target.
 * @param genesCount The number of genes, after the maps of the spans.
 * @param options Told of the progress, and stopped.
 * @throws {SyntaxError} If pairs are not valid.
 */
export async function decodeInto(
  spans: readonly LeafSpan[],
  rows: CountsArray,
  genesCount: number,
  options: KernelOptions,
): Promise<void> {
  await overWindows(spans, options, (part, span) => {
    decodeColumns(part, span, rows, genesCount);
  });
}

/**
 * Makes dense rows of zeros.
 *
 * @param shape How many rows and genes, and of what type.
 * @returns The rows.
 */
export function makeRows<T extends DenseType>(
  shape: DenseShape<T>,
): DenseArrays[T] {
  const length = shape.profilesCount * shape.genesCount;
  const rows: DenseArrays[DenseType] = shape.dtype === "float32"
    ? new Float32Array(length)
    : new Uint32Array(length);
  return rows as DenseArrays[T];
}

/**
 * Makes room for sparse rows.
 *
 * @param lengths The number of entries of each row.
 * @returns The rows, whose genes and counts are zeros.
 */
export function makeSparseRows(lengths: Float64Array): SparseRows {
  const offsets = new Float64Array(lengths.length + 1);
  for (let row = 0; row < lengths.length; row++) {
    offsets[row + 1] = offsets[row]! + lengths[row]!;
  }
  const entries = offsets[lengths.length]!;
  return {
    offsets,
    genes: new Uint32Array(entries),
    counts: new Uint32Array(entries),
  };
}

/**
 * Adds sums of the genes of a matrix to those of the genes that they become.
 *
 * @param totals Receives the sums.
 * @param sums The sums.
 * @param geneMap For each gene which it becomes, -1 none; by default itself.
 */
export function addMapped(
  totals: Float64Array,
  sums: Float64Array,
  geneMap: Int32Array | undefined,
): void {
  for (let gene = 0; gene < sums.length; gene++) {
    const target = geneMap ? geneMap[gene]! : gene;
    if (target >= 0) totals[target]! += sums[gene]!;
  }
}

/**
 * Goes over the profiles of spans, window by window. Now and then the process
 * has a turn, for else it would not hear that the work is to be stopped.
 *
 * @param spans The profiles.
 * @param options Told of the progress, and stopped.
 * @param use Is given each window, and what it is of.
 */
export async function overWindows(
  spans: readonly LeafSpan[],
  { advance, signal }: KernelOptions,
  use: (part: SpanWindow, span: LeafSpan) => void,
): Promise<void> {
  let turnEnd = performance.now() + TURN;
  for (const span of spans) {
    signal?.throwIfAborted();
    for await (const part of spanWindows(span)) {
      use(part, span);
      advance?.(part.profiles.length);
      if (performance.now() >= turnEnd) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        turnEnd = performance.now() + TURN;
      }
      signal?.throwIfAborted();
    }
  }
}
