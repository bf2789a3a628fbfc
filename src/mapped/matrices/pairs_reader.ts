/** Reads the byte pairs of scattered profiles of a matrix file. */
import type { ChunkCache } from "../../io/chunk_cache.ts";
import { FileSource } from "../../io/file_source.ts";
import type { OffsetsIndex } from "../../matrix/offsets_index.ts";
import type { StoredPairs } from "../../matrix/raw_matrix.ts";
import { orderRows } from "./store_matrix.ts";

/** What lies between two profiles is rather read than skipped. */
const MOST_SKIPPED_BYTES = 2 ** 12;

/** Pairs of some profiles. */
export interface ReadPairs {
  /** The pairs, as words. */
  readonly words: Uint16Array;
  /** Where those of each profile start, in the order of asking. */
  readonly starts: Uint32Array;
}

/** A stretch of a file, and where it goes. */
interface Stretch {
  readonly offset: number;
  readonly length: number;
  readonly to: number;
}

/** What to read, and where the pairs of each profile are then. */
interface PairsPlan {
  readonly stretches: readonly Stretch[];
  readonly starts: Uint32Array;
  readonly byteLength: number;
}

/** What of a file that is kept in memory is read at once. */
const BLOCK_BYTES = 2 ** 18;

/**
 * Reads pairs. A file for which there is memory is kept, as far as it was read;
 * pairs of others come into memory that is used again.
 */
export class PairsReader {
  readonly #cache: ChunkCache | undefined;
  readonly #kept = new Map<FileSource, KeptFile | undefined>();
  #buffer = new Uint8Array(0);

  /** @param cache What gives memory for files, if anything does. */
  constructor(cache?: ChunkCache) {
    this.#cache = cache;
  }

  /**
   * Reads the pairs of profiles. The file is looked at once, not before each
   * profile, which would take longer than to read it.
   *
   * @param stored The file and its index.
   * @param profiles The profiles, in any order.
   * @returns The pairs, valid until the next are read; a promise only of what
   * is no file.
   * @throws {Error} If the file changed since it was opened.
   */
  read(
    { source, index }: StoredPairs,
    profiles: Int32Array,
  ): ReadPairs | Promise<ReadPairs> {
    const { base, offsets } = index;
    const view = source.view?.(0, source.byteLength);
    if (view && view.byteOffset % 2 === 0) {
      const starts = Uint32Array.from(
        profiles,
        (profile) => (base + offsets[profile]!) / 2,
      );
      source.checkUnchanged?.();
      return { words: wordsOf(view), starts };
    }
    const kept = source instanceof FileSource ? this.#keep(source) : undefined;
    if (kept) return kept.read({ base, offsets }, profiles);
    const plan = planReads(offsets, profiles);
    if (!(source instanceof FileSource)) {
      return readElsewhere({ source, index }, plan);
    }
    const bytes = this.#room(plan.byteLength);
    for (const { length, offset, to } of plan.stretches) {
      source.readUnchecked(base + offset, bytes, to, length);
    }
    source.checkUnchanged();
    return { words: wordsOf(bytes), starts: plan.starts };
  }

  #keep(source: FileSource): KeptFile | undefined {
    if (this.#kept.has(source)) return this.#kept.get(source);
    const kept = this.#cache?.give(source.byteLength)
      ? new KeptFile(source)
      : undefined;
    this.#kept.set(source, kept);
    return kept;
  }

  #room(byteLength: number): Uint8Array {
    if (byteLength > this.#buffer.length) {
      this.#buffer = new Uint8Array(byteLength);
    }
    return this.#buffer;
  }
}

/** A file in memory, of which only those blocks are read that are needed. */
class KeptFile {
  readonly #source: FileSource;
  readonly #bytes: Uint8Array;
  readonly #words: Uint16Array;
  readonly #isRead: Uint8Array;

  constructor(source: FileSource) {
    this.#source = source;
    this.#bytes = new Uint8Array(source.byteLength);
    this.#words = wordsOf(this.#bytes);
    this.#isRead = new Uint8Array(Math.ceil(source.byteLength / BLOCK_BYTES));
  }

  read({ base, offsets }: OffsetsIndex, profiles: Int32Array): ReadPairs {
    const starts = new Uint32Array(profiles.length);
    for (let at = 0; at < profiles.length; at++) {
      const profile = profiles[at]!;
      const start = base + offsets[profile]!;
      starts[at] = start / 2;
      this.#ensure(start, base + offsets[profile + 1]!);
    }
    this.#source.checkUnchanged();
    return { words: this.#words, starts };
  }

  #ensure(start: number, end: number): void {
    const last = Math.floor((end - 1) / BLOCK_BYTES);
    for (let block = Math.floor(start / BLOCK_BYTES); block <= last; block++) {
      if (this.#isRead[block] === 1) continue;
      const from = block * BLOCK_BYTES;
      const length = Math.min(BLOCK_BYTES, this.#bytes.length - from);
      this.#source.readUnchecked(from, this.#bytes, from, length);
      // What changed in the meantime must not stay in memory.
      this.#source.checkUnchanged();
      this.#isRead[block] = 1;
    }
  }
}

async function readElsewhere(
  { source, index }: StoredPairs,
  { byteLength, starts, stretches }: PairsPlan,
): Promise<ReadPairs> {
  const bytes = new Uint8Array(byteLength);
  for (const { length, offset, to } of stretches) {
    const target = bytes.subarray(to, to + length);
    await source.read(index.base + offset, target);
  }
  source.checkUnchanged?.();
  return { words: wordsOf(bytes), starts };
}

function planReads(offsets: Uint32Array, profiles: Int32Array): PairsPlan {
  const order = orderRows(profiles);
  const starts = new Uint32Array(profiles.length);
  const stretches: Stretch[] = [];
  let to = 0;
  for (let at = 0; at < order.length;) {
    const first = offsets[profiles[order[at]!]!]!;
    let end = first;
    while (at < order.length) {
      const profile = profiles[order[at]!]!;
      const offset = offsets[profile]!;
      if (offset - end > MOST_SKIPPED_BYTES) break;
      starts[order[at]!] = (to + offset - first) / 2;
      end = Math.max(end, offsets[profile + 1]!);
      at++;
    }
    stretches.push({ offset: first, length: end - first, to });
    to += end - first;
  }
  return { stretches, starts, byteLength: to };
}

function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array): Uint16Array {
  return new Uint16Array(buffer, byteOffset, byteLength >> 1);
}
