/** The most that a count can be. */
const MOST = 2 ** 32 - 1;

/** The gene of a source row of a type that is not imported. */
export const LEFT_OUT = -1;
/** The gene of a source row that the genes set has no place for. */
export const MISSING = -2;

/** Source rows that have no gene, or the entries of them. */
export interface SkippedEntries {
  /** How many entries there were that are not 0. */
  entriesCount: number;
  /** The sum of their counts. */
  totalUmis: number;
}

/**
 * Sums the entries of one profile at a time and gives them back by gene.
 *
 * The counts are dense over the genes, and two levels of bits say which of
 * them are not 0: to find these in order takes one look a 1,024 genes and one
 * a word with a gene in it, so that no profile has to be sorted.
 */
export class ProfileAccumulator {
  readonly #geneOfRow: Int32Array;
  readonly #dense: Uint32Array;
  /** A bit a gene. */
  readonly #bits: Uint32Array;
  /** A bit a word of bits. */
  readonly #words: Uint32Array;
  /** The genes of the profile that was last taken, ascending. */
  readonly genes: Uint32Array;
  /** The counts of those genes. */
  readonly counts: Uint32Array;
  /** What was of rows of a type that is not imported. */
  readonly leftOut: SkippedEntries = { entriesCount: 0, totalUmis: 0 };
  /** What was of rows that the genes set has no place for. */
  readonly missing: SkippedEntries = { entriesCount: 0, totalUmis: 0 };
  /** How many zeros were dropped. */
  zerosCount = 0;
  /** How many entries were added to one of the same profile and gene. */
  repeatsCount = 0;

  /**
   * @param geneOfRow The gene of each source row, or why it has none.
   * @param genesCount The number of genes.
   */
  constructor(geneOfRow: Int32Array, genesCount: number) {
    this.#geneOfRow = geneOfRow;
    this.#dense = new Uint32Array(genesCount);
    this.#bits = new Uint32Array((genesCount + 31) >>> 5);
    this.#words = new Uint32Array((this.#bits.length + 31) >>> 5);
    this.genes = new Uint32Array(genesCount);
    this.counts = new Uint32Array(genesCount);
  }

  /**
   * Adds entries to the profile.
   *
   * @param rows The source rows, in any order; repeats add up.
   * @param counts The count of each.
   * @param start The first entry to add.
   * @param end Where they end.
   * @throws {OverflowError} If the sum of a gene passes 2^32-1.
   */
  add(
    rows: Uint32Array,
    counts: Uint32Array,
    start: number,
    end: number,
  ): void {
    const geneOfRow = this.#geneOfRow;
    const dense = this.#dense;
    const bits = this.#bits;
    for (let at = start; at < end; at++) {
      const gene = geneOfRow[rows[at]!]!;
      const count = counts[at]!;
      if (gene < 0 || count === 0) {
        this.#skip(gene, count);
        continue;
      }
      const before = dense[gene]!;
      if (before > 0) {
        this.repeatsCount++;
        if (before + count > MOST) throw new OverflowError(rows[at]!);
      } else {
        const word = gene >>> 5;
        bits[word]! |= 1 << (gene & 31);
        this.#words[word >>> 5]! |= 1 << (word & 31);
      }
      dense[gene] = before + count;
    }
  }

  /**
   * Ends the profile: its entries are in `genes` and `counts`.
   *
   * @returns How many they are.
   */
  take(): number {
    const words = this.#words;
    let length = 0;
    for (let at = 0; at < words.length; at++) {
      let left = words[at]!;
      words[at] = 0;
      while (left !== 0) {
        const low = 31 - Math.clz32(left & -left);
        left &= left - 1;
        length = this.#takeWord(32 * at + low, length);
      }
    }
    return length;
  }

  #takeWord(word: number, start: number): number {
    const { genes, counts } = this;
    const dense = this.#dense;
    let length = start;
    let left = this.#bits[word]!;
    this.#bits[word] = 0;
    while (left !== 0) {
      const gene = 32 * word + 31 - Math.clz32(left & -left);
      left &= left - 1;
      genes[length] = gene;
      counts[length++] = dense[gene]!;
      dense[gene] = 0;
    }
    return length;
  }

  #skip(gene: number, count: number): void {
    if (count === 0) {
      this.zerosCount++;
      return;
    }
    const skipped = gene === MISSING ? this.missing : this.leftOut;
    skipped.entriesCount++;
    skipped.totalUmis += count;
  }
}

/** A sum of repeats that passes what a count can be. */
export class OverflowError extends RangeError {
  /** The source row at which it passed. */
  readonly row: number;

  /**
   * Makes the error.
   *
   * @param row The source row at which the sum passed the most.
   */
  constructor(row: number) {
    super(`the counts of row ${row} add up to more than ${MOST}`);
    this.row = row;
  }
}
