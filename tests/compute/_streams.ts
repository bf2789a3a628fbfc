/** Streams of pairs, however odd, and what they mean by plain arithmetic. */
import { assertEquals } from "@std/assert";
import type {
  DenseType,
  Engine,
  KernelOptions,
} from "../../src/compute/engine.ts";
import type { LeafSpan } from "../../src/compute/leaf_spans.ts";
import type { PairRows } from "../../src/compute/row_pairs.ts";
import { encodeHeader } from "../../src/matrix/layout.ts";
import { countEntries } from "../../src/matrix/pairs.ts";

/** The pairs of a profile: delta, value, and so on. */
export type Pairs = ArrayLike<number>;

/** Profiles as a matrix file has them. */
export interface Streams {
  /** The pairs of each profile. */
  readonly profiles: readonly Pairs[];
  /** The number of genes. */
  readonly genesCount: number;
  /** What the index counts from: the start of the file, or of the data. */
  readonly firstOffset: 56 | 0;
}

/**
 * Writes profiles as a matrix file, whatever their pairs are.
 *
 * @param streams The profiles.
 * @returns The bytes.
 */
export function matrixBytes(
  { profiles, genesCount, firstOffset }: Streams,
): Uint8Array {
  const length = profiles.reduce((sum, pairs) => sum + pairs.length, 56);
  const indexOffset = Math.ceil(length / 4) * 4;
  const index = new Uint32Array(profiles.length + 1);
  const bytes = new Uint8Array(indexOffset + index.byteLength);
  bytes.set(encodeHeader(profiles.length, genesCount));
  let at = 56;
  profiles.forEach((pairs, profile) => {
    index[profile] = at - 56 + firstOffset;
    bytes.set(pairs, at);
    at += pairs.length;
  });
  index[profiles.length] = at - 56 + firstOffset;
  bytes.set(new Uint8Array(index.buffer), indexOffset);
  return bytes;
}

/** Profiles that are wanted, each with the place of its result. */
export interface Wanted {
  /** The profiles of the file; repeats may be. */
  readonly profiles: readonly number[];
  /** For each gene which it becomes, -1 none. */
  readonly geneMap: readonly number[] | undefined;
  /** The number of genes after the map. */
  readonly genesCount: number;
  /** For each of the profiles the row that it is summed into, or -1. */
  readonly rows: readonly number[];
  /** The number of rows. */
  readonly rowsCount: number;
}

/** All that the kernels give of some profiles. */
export interface Results {
  readonly profileTotals: number[];
  readonly profileEntries: number[];
  readonly geneTotals: number[];
  readonly groupSums: number[];
  /** The pairs of each row, with all rows at once and some at a time. */
  readonly groupPairs: number[][];
  readonly groupPairsOfSome: number[][];
  readonly float32: number[];
  readonly uint32: number[];
  readonly offsets: number[];
  readonly genes: number[];
  readonly counts: number[];
}

/**
 * Says what the kernels have to give, by adding up one pair after the other.
 *
 * @param streams The profiles of the file.
 * @param wanted Which of them.
 * @returns What they have to give.
 */
export function expected(streams: Streams, wanted: Wanted): Results {
  const { genesCount, geneMap, rows, rowsCount } = wanted;
  const all = wanted.profiles.map((profile) => {
    const counts = new Array<number>(genesCount).fill(0);
    const pairs = streams.profiles[profile]!;
    for (let at = 0, gene = 0; at < pairs.length; at += 2) {
      gene += pairs[at]!;
      const target = geneMap ? geneMap[gene]! : gene;
      if (target >= 0) counts[target]! += pairs[at + 1]!;
    }
    return counts;
  });
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const geneTotals = new Array<number>(genesCount).fill(0);
  const groupSums = new Array<number>(rowsCount * genesCount).fill(0);
  all.forEach((counts, at) =>
    counts.forEach((count, gene) => {
      geneTotals[gene]! += count;
      if (rows[at]! >= 0) groupSums[rows[at]! * genesCount + gene]! += count;
    })
  );
  const sparse = all.map((counts) =>
    [...counts.entries()].filter(([, count]) => count > 0)
  );
  const groupPairs = Array.from({ length: rowsCount }, (_, row) => {
    const start = row * genesCount;
    return canonicalPairs(groupSums.slice(start, start + genesCount));
  });
  const offsets = [0];
  for (const row of sparse) offsets.push(offsets.at(-1)! + row.length);
  return {
    profileTotals: all.map(sum),
    profileEntries: sparse.map((row) => row.length),
    geneTotals,
    groupSums,
    groupPairs,
    groupPairsOfSome: groupPairs,
    float32: all.flat().map(Math.fround),
    uint32: all.flat(),
    offsets,
    genes: sparse.flat().map(([gene]) => gene),
    counts: sparse.flat().map(([, count]) => count),
  };
}

/**
 * Runs every kernel.
 *
 * @param engine What runs them.
 * @param spans The profiles.
 * @param wanted What they are.
 * @returns What the kernels gave.
 */
export async function runKernels(
  engine: Engine,
  spans: readonly LeafSpan[],
  { profiles, genesCount, rows, rowsCount }: Wanted,
): Promise<Results> {
  const { length: profilesCount } = profiles;
  const shape = { profilesCount, genesCount };
  const decode = async (dtype: DenseType) => [
    ...await engine.decodeDense(spans, { ...shape, dtype }),
  ];
  const sums = { rows: Int32Array.from(rows), rowsCount, genesCount };
  const sparse = await engine.decodeSparse(spans, shape);
  return {
    profileTotals: [...await engine.profileTotals(spans, profilesCount)],
    profileEntries: [...await engine.profileEntries(spans, profilesCount)],
    geneTotals: [...await engine.geneTotals(spans, genesCount)],
    groupSums: [...await engine.groupSums(spans, sums)],
    groupPairs: await pairsOfRows(engine, spans, sums),
    groupPairsOfSome: await pairsOfRows(engine, spans, {
      ...sums,
      sumsAtOnce: genesCount,
    }),
    float32: await decode("float32"),
    uint32: await decode("uint32"),
    offsets: [...sparse.offsets],
    genes: [...sparse.genes],
    counts: [...sparse.counts],
  };
}

/**
 * Sums rows as pairs, and checks what is said of them.
 *
 * @param engine What sums.
 * @param spans The profiles.
 * @param shape Their rows.
 * @param options Told of the progress, and stopped.
 * @returns The pairs of each row.
 */
export async function pairsOfRows(
  engine: Engine,
  spans: readonly LeafSpan[],
  shape: PairRows,
  options: KernelOptions = {},
): Promise<number[][]> {
  const found: number[][] = [];
  await engine.groupPairs(spans, shape, (rows) => {
    assertEquals(rows.first, found.length);
    let [start, entriesCount, totalUmis] = [0, 0, 0];
    for (const end of rows.ends) {
      const pairs = rows.pairs.slice(start, end);
      entriesCount += countEntries(pairs);
      totalUmis += pairs.reduce((sum, byte, at) => sum + at % 2 * byte, 0);
      found.push([...pairs]);
      start = end;
    }
    assertEquals(rows.pairs.length, start);
    const said = [rows.entriesCount, rows.totalUmis];
    assertEquals(said, [entriesCount, totalUmis]);
  }, options);
  return found;
}

/** Random numbers that are the same each time. */
export class Random {
  #state: number;

  /**
   * @param seed What the numbers depend on.
   */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /**
   * @param bound What the number is below.
   * @returns A whole number.
   */
  below(bound: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor(this.#state / 2 ** 32 * bound);
  }

  /**
   * @param length How many.
   * @returns The numbers below it, in any order.
   */
  shuffled(length: number): number[] {
    const values = Array.from({ length }, (_, at) => at);
    for (let at = length - 1; at > 0; at--) {
      const other = this.below(at + 1);
      [values[at], values[other]] = [values[other]!, values[at]!];
    }
    return values;
  }
}

/**
 * Makes pairs as a writer makes them.
 *
 * @param counts The count of each gene.
 * @returns The pairs.
 */
export function canonicalPairs(counts: Iterable<number>): number[] {
  const pairs: number[] = [];
  let gene = 0;
  let last = 0;
  for (const count of counts) {
    let delta = gene - last;
    let left = count;
    if (left > 0) {
      for (; delta > 255; delta -= 255) pairs.push(255, 0);
      for (; left > 0; left -= 255) {
        pairs.push(delta, Math.min(left, 255));
        delta = 0;
      }
      last = gene;
    }
    gene++;
  }
  return pairs;
}

/**
 * Makes pairs that no writer makes, and that are valid all the same: zeros,
 * repeats, gaps that lead nowhere.
 *
 * @param random Gives the numbers.
 * @param genesCount The number of genes.
 * @returns The pairs.
 */
export function oddPairs(random: Random, genesCount: number): number[] {
  const pairs: number[] = [];
  const most = [2, 5, 40, 256][random.below(4)]!;
  let gene = 0;
  for (let left = random.below(200); left > 0; left--) {
    const delta = Math.min(random.below(most), genesCount - 1 - gene);
    gene += delta;
    const values = [0, 1, random.below(256), 255];
    pairs.push(delta, values[random.below(4)]!);
  }
  return pairs;
}
