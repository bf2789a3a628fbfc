/**
 * The byte-pair codec. A pair is (delta, value): the gene index, 0 at the start
 * of a profile, grows by delta, and value is added to the count of that gene.
 */
import { thereAre } from "../io/plural.ts";
import { MAX_BYTE, MAX_COUNT } from "./layout.ts";

/** The counts of one profile that are not zero, by ascending gene. */
export interface ProfileEntries {
  /** The indices of the genes, ascending, each once. */
  readonly genes: Uint32Array;
  /** The count of each of the genes. */
  readonly counts: Uint32Array;
}

/** Bytes that grow as pairs are added. */
export class PairBuffer {
  /** The storage, of which the first `length` bytes are in use. */
  bytes: Uint8Array = new Uint8Array(1 << 14);
  /** How many bytes are in use. */
  length = 0;

  /**
   * Makes room.
   *
   * @param count How many bytes are to be added.
   */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  /**
   * What was added.
   *
   * @returns A view, valid until more is added.
   */
  used(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}

/** What {@linkcode encodePairs} added to a buffer. */
export interface EncodedProfile {
  /** How many genes have a count. */
  readonly entriesCount: number;
  /** The sum of the counts. */
  readonly totalUmis: number;
}

/**
 * Adds the pairs of one profile to a buffer, in the canonical form: repeats of
 * a gene are summed, zeros dropped, no pair more than needed, and a count over
 * 255 has its full 255s first.
 *
 * @param genes The indices of the genes, in ascending order; repeats may be.
 * @param counts The count of each of them, at most 2^32-1 for a gene.
 * @param genesCount The number of genes of the matrix.
 * @param target The buffer that the pairs are added to.
 * @returns How many entries that were, and their sum.
 * @throws {RangeError} If an index is not below `genesCount`, the indices are
 * not in order, or a count or a sum of repeats passes 2^32-1.
 */
export function encodePairs(
  genes: ArrayLike<number>,
  counts: ArrayLike<number>,
  genesCount: number,
  target: PairBuffer,
): EncodedProfile {
  const { length } = genes;
  // Values of these are whole and not negative, so that most need no check.
  const isWhole = genes instanceof Uint32Array && counts instanceof Uint32Array;
  let entriesCount = 0;
  let totalUmis = 0;
  let current = 0;
  for (let at = 0; at < length;) {
    const gene = genes[at]!;
    let count = counts[at]!;
    while (++at < length && genes[at] === gene) count += counts[at]!;
    if (at < length && genes[at]! < gene) throw orderError(gene, genes[at]!);
    if (count === 0) continue;
    const delta = gene - current;
    if (isWhole && gene < genesCount && delta < 256 && count < 256) {
      if (target.length + 2 > target.bytes.length) target.reserve(2);
      target.bytes[target.length] = delta;
      target.bytes[target.length + 1] = count;
      target.length += 2;
    } else {
      checkEntry(gene, count, genesCount);
      appendEntry(target, delta, count);
    }
    current = gene;
    entriesCount++;
    totalUmis += count;
  }
  return { entriesCount, totalUmis };
}

/** Adds the pairs of one entry; `delta` counts from the entry before it. */
function appendEntry(target: PairBuffer, delta: number, count: number): void {
  const pairs = Math.floor(delta / MAX_BYTE) + 1 +
    Math.ceil(count / MAX_BYTE);
  target.reserve(2 * pairs);
  const { bytes } = target;
  let at = target.length;
  while (delta > MAX_BYTE) {
    bytes[at++] = MAX_BYTE;
    bytes[at++] = 0;
    delta -= MAX_BYTE;
  }
  bytes[at++] = delta;
  while (count > MAX_BYTE) {
    bytes[at++] = MAX_BYTE;
    bytes[at++] = 0; // the delta of the next pair
    count -= MAX_BYTE;
  }
  bytes[at++] = count;
  target.length = at;
}

function checkEntry(gene: number, count: number, genesCount: number): void {
  if (!(Number.isInteger(gene) && gene >= 0 && gene < genesCount)) {
    throw new RangeError(
      `Cannot encode gene ${gene}: ${thereAre(genesCount, "gene")}`,
    );
  }
  if (!(Number.isInteger(count) && count >= 0 && count <= MAX_COUNT)) {
    throw new RangeError(
      `Cannot encode the count ${count} of gene ${gene}: ` +
        `counts are whole numbers up to ${MAX_COUNT}`,
    );
  }
}

function orderError(before: number, after: number): RangeError {
  return new RangeError(
    `Cannot encode gene ${after} after gene ${before}: ` +
      "genes must be in ascending order",
  );
}

/**
 * Counts the entries of one profile: the genes whose count is not zero.
 *
 * @param pairs The pairs of the profile.
 * @returns The number of entries.
 */
export function countEntries(pairs: Uint8Array): number {
  let entries = 0;
  let isCounted = false;
  for (let at = 0; at < pairs.length; at += 2) {
    if (pairs[at] !== 0) isCounted = false;
    if (pairs[at + 1] === 0 || isCounted) continue;
    isCounted = true;
    entries++;
  }
  return entries;
}

/**
 * Decodes the pairs of one profile; any valid stream will do, not only a
 * canonical one.
 *
 * @param pairs The pairs of the profile.
 * @param genesCount The number of genes of the matrix.
 * @param place Where the pairs are, for messages: a name and a byte offset.
 * @returns The entries that are not zero, by ascending gene.
 * @throws {SyntaxError} If a gene index is not below `genesCount`, or a count
 * passes 2^32-1; the message has the offset.
 */
export function decodePairs(
  pairs: Uint8Array,
  genesCount: number,
  place: { readonly name: string; readonly offset: number },
): ProfileEntries {
  const most = countEntries(pairs);
  const genes = new Uint32Array(most);
  const counts = new Uint32Array(most);
  let entry = -1;
  let gene = 0;
  let sum = 0;
  for (let at = 0; at < pairs.length; at += 2) {
    const delta = pairs[at]!;
    const value = pairs[at + 1]!;
    gene += delta;
    if (gene >= genesCount) throw geneError(gene, genesCount, at, place);
    if (delta !== 0) sum = 0;
    if (value === 0) continue;
    if (sum === 0) genes[++entry] = gene;
    sum += value;
    if (sum > MAX_COUNT) throw sumError(gene, at, place);
    counts[entry] = sum;
  }
  return { genes, counts };
}

function geneError(
  gene: number,
  genesCount: number,
  at: number,
  place: { readonly name: string; readonly offset: number },
): SyntaxError {
  return new SyntaxError(
    `Cannot read ${place.name}: the pair at offset ${place.offset + at} ` +
      `leads to gene ${gene} of ${genesCount}`,
  );
}

function sumError(
  gene: number,
  at: number,
  place: { readonly name: string; readonly offset: number },
): SyntaxError {
  return new SyntaxError(
    `Cannot read ${place.name}: at offset ${place.offset + at} ` +
      `the count of gene ${gene} passes ${MAX_COUNT}`,
  );
}
