/**
 * The synthetic matrix that benchmarks run on: cells of several types and
 * depths, genes whose means are log-normal, and counts drawn anew for each
 * cell. A cell depends on the seed and its index alone, so that a matrix of
 * more cells starts with the cells of a smaller one.
 */

/** What a synthetic matrix is like. */
export interface SyntheticOptions {
  /** What the random numbers start from. */
  readonly seed?: number;
  /** The number of genes. */
  readonly genesCount?: number;
  /** The share of counts that are not zero. */
  readonly density?: number;
}

/** It goes up when the same seed gives other counts than before. */
export const SYNTHETIC_VERSION = 1;

/** The number of genes unless another is given. */
export const SYNTHETIC_GENES = 30_000;

const TYPES = 24;
const DEPTHS = 16;
/** How unequal genes, and the depths of cells, are: deviations of logarithms. */
const GENES_SIGMA = 2.6;
const DEPTHS_SIGMA = 0.6;
/** The share of genes that differ in a type of cells, and by how much. */
const MARKERS_SHARE = 0.1;
const MARKERS_SIGMA = 1.2;
/** How a gene varies among alike cells. */
const NOISE_SIGMA = 0.4;
/** From this rate on, counts are drawn from the normal distribution. */
const LARGE_RATE = 12;

/** Draws whole numbers from 0 to 2^32-1. */
type Draw = () => number;

/**
 * Makes a source of random numbers (sfc32), the same for the same seeds.
 *
 * @param seed The first seed.
 * @param stream The second.
 * @returns The source.
 */
export function seededDraw(seed: number, stream: number): Draw {
  let [a, b, c, d] = [seed | 0, stream | 0, 0x9e3779b9 | 0, 1];
  const draw = () => {
    const drawn = ((a + b | 0) + d) | 0;
    d = d + 1 | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21 | c >>> 11) + drawn) | 0;
    return drawn >>> 0;
  };
  for (let round = 0; round < 12; round++) draw();
  return draw;
}

/** The cells of a synthetic matrix, made one at a time. */
export class SyntheticCells {
  /** The number of genes. */
  readonly genesCount: number;
  /** The genes of the cell that was made last, ascending, from the start. */
  readonly genes: Uint32Array;
  /** The counts of the cell that was made last, from the start. */
  readonly counts: Uint32Array;
  readonly #seed: number;
  /** For each type the expected counts of its genes at depth 1. */
  readonly #rates: readonly Float32Array[];
  readonly #depths: Float64Array;
  /** For each type and depth the chance of each gene, of 2^32. */
  readonly #chances: readonly Uint32Array[];

  /**
   * Prepares the types of cells.
   *
   * @param options The seed, the number of genes, the density.
   */
  constructor(options: SyntheticOptions = {}) {
    const { seed = 1, genesCount = SYNTHETIC_GENES, density = 0.058 } = options;
    this.genesCount = genesCount;
    this.genes = new Uint32Array(genesCount);
    this.counts = new Uint32Array(genesCount);
    this.#seed = seed;
    const draw = seededDraw(seed, -1);
    this.#rates = makeRates(genesCount, draw);
    this.#depths = makeDepths(draw);
    scaleRates(this.#rates, this.#depths, density);
    this.#chances = Array.from(this.#depths, (depth, at) => {
      const rates = this.#rates[Math.floor(at / DEPTHS)]!;
      return Uint32Array.from(
        rates,
        (rate) => -Math.expm1(-rate * depth) * MOST,
      );
    });
  }

  /**
   * Makes a cell.
   *
   * @param index Which, from 0.
   * @returns How many genes it has: so many values of `genes` and `counts`
   * are the cell.
   */
  make(index: number): number {
    const draw = seededDraw(this.#seed, index);
    const at = draw() % this.#depths.length;
    const length = this.#drawGenes(this.#chances[at]!, draw);
    const rates = this.#rates[Math.floor(at / DEPTHS)]!;
    const depth = this.#depths[at]!;
    for (let entry = 0; entry < length; entry++) {
      const noise = NOISE[draw() >>> 24]!;
      const rate = rates[this.genes[entry]!]! * depth * noise;
      this.counts[entry] = drawCount(rate, draw());
    }
    return length;
  }

  /** The loop over all genes of all cells: three thousand million draws. */
  #drawGenes(chances: Uint32Array, seeds: Draw): number {
    const { genes, genesCount } = this;
    let [a, b, c, d] = [seeds() | 0, seeds() | 0, seeds() | 0, 1];
    let length = 0;
    for (let gene = 0; gene < genesCount; gene++) {
      const drawn = ((a + b | 0) + d) | 0;
      d = d + 1 | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = ((c << 21 | c >>> 11) + drawn) | 0;
      if ((drawn >>> 0) < chances[gene]!) genes[length++] = gene;
    }
    return length;
  }
}

const MOST = 2 ** 32 - 1;
/** Values at 256 even steps of the normal distribution. */
const NORMAL: Float64Array = Float64Array.from(
  { length: 256 },
  (_, at) => normalQuantile((at + 0.5) / 256),
);
const NOISE: Float64Array = NORMAL.map((value) =>
  Math.exp(NOISE_SIGMA * value - NOISE_SIGMA ** 2 / 2)
);

function makeRates(genesCount: number, draw: Draw): Float32Array[] {
  const means = Float64Array.from(
    { length: genesCount },
    () => Math.exp(GENES_SIGMA * drawNormal(draw)),
  );
  return Array.from(
    { length: TYPES },
    () =>
      Float32Array.from(means, (mean) => {
        const isMarker = draw() < MARKERS_SHARE * MOST;
        return isMarker
          ? mean * Math.exp(MARKERS_SIGMA * drawNormal(draw))
          : mean;
      }),
  );
}

/** The depths of each type: steps of one distribution, moved a little. */
function makeDepths(draw: Draw): Float64Array {
  return Float64Array.from({ length: TYPES * DEPTHS }, (_, at) => {
    const step = (at % DEPTHS + draw() / 2 ** 32) / DEPTHS;
    const value = normalQuantile(Math.min(Math.max(step, 0.004), 0.996));
    return Math.exp(DEPTHS_SIGMA * value);
  });
}

/** Finds by halving what makes the mean chance the density. */
function scaleRates(
  rates: readonly Float32Array[],
  depths: Float64Array,
  density: number,
): void {
  let [low, high] = [-20, 10];
  for (let step = 0; step < 18; step++) {
    const middle = (low + high) / 2;
    const isDenser = meanChance(rates, depths, Math.exp(middle)) > density;
    if (isDenser) high = middle;
    else low = middle;
  }
  const scale = Math.exp((low + high) / 2);
  for (const each of rates) {
    each.forEach((rate, gene) => each[gene] = rate * scale);
  }
}

/** The mean over a depth of each type, all depths in turn. */
function meanChance(
  rates: readonly Float32Array[],
  depths: Float64Array,
  scale: number,
): number {
  let sum = 0;
  rates.forEach((each, type) => {
    const depth = depths[type * DEPTHS + 5 * type % DEPTHS]! * scale;
    for (let gene = 0; gene < each.length; gene++) {
      sum -= Math.expm1(-each[gene]! * depth);
    }
  });
  return sum / (rates.length * rates[0]!.length);
}

/** A count of 1 or more, around a rate. */
function drawCount(rate: number, drawn: number): number {
  if (rate >= LARGE_RATE) {
    const value = NORMAL[drawn >>> 24]!;
    return Math.max(1, Math.round(rate + Math.sqrt(rate) * value));
  }
  let left = drawn / 2 ** 32;
  let chance = rate / Math.expm1(rate);
  let count = 1;
  while (left > chance && count < 100) {
    left -= chance;
    count++;
    chance *= rate / count;
  }
  return count;
}

function drawNormal(draw: Draw): number {
  return normalQuantile((draw() + 0.5) / 2 ** 32);
}

/** The quantile of the normal distribution, as of Abramowitz and Stegun. */
function normalQuantile(share: number): number {
  if (share > 0.5) return -normalQuantile(1 - share);
  const t = Math.sqrt(-2 * Math.log(share));
  const above = 2.515517 + t * (0.802853 + t * 0.010328);
  const below = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  return above / below - t;
}
