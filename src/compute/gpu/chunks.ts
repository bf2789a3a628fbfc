/**
 * Reads profiles into chunks for the GPU: their pairs as they are stored, one
 * profile after the other, and for each where its pairs are.
 */
import { type LeafSpan, type SpanWindow, spanWindows } from "../leaf_spans.ts";
import { roundUp } from "./buffers.ts";

/** The most pairs whose values, 255 at most, add up in 32 bits. */
export const MOST_PAIRS = 16_843_009;

/** The most profiles of a chunk. */
const MOST_PROFILES = 1 << 18;

/** Numbers of a profile in `PairsChunk.places`. */
export const PLACE_NUMBERS = 4;

/** How much goes into a chunk. */
export interface ChunkLimits {
  /** The bytes after which a chunk is full. */
  readonly bytes: number;
  /** The most bytes of a profile; longer ones are no part of a chunk. */
  readonly profileBytes: number;
  /** The most profiles. */
  readonly profiles?: number | undefined;
}

/** Profiles of one span, read. It is valid until the next is asked for. */
export interface PairsChunk {
  /** What the profiles are of. */
  readonly span: LeafSpan;
  /** The pairs, in the first `byteLength` bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How many bytes are in use. */
  readonly byteLength: number;
  /** For each profile its first pair, the one after its last, a row, nothing. */
  readonly places: Uint32Array<ArrayBuffer>;
  /** The profiles, counted in the matrix. */
  readonly profiles: Int32Array;
  /** Where each of them goes. */
  readonly targets: Int32Array;
}

/** A profile that is too long for a chunk. */
export interface LongProfile {
  /** The profile alone, as a span that goes to target 0. */
  readonly longSpan: LeafSpan;
  /** Where it goes. */
  readonly target: number;
}

/**
 * Reads the profiles of spans in chunks.
 *
 * @param spans The spans.
 * @param limits How much goes into a chunk.
 */
export async function* readChunks(
  spans: readonly LeafSpan[],
  limits: ChunkLimits,
): AsyncGenerator<PairsChunk | LongProfile, void> {
  const builder = new ChunkBuilder(limits);
  for (const span of spans) {
    for await (const part of spanWindows(span)) {
      for (let at = 0; at < part.profiles.length; at++) {
        const byteLength = profileBytes(part, at);
        if (byteLength > limits.profileBytes) {
          // In order, so that the first profile that is wrong is found.
          if (!builder.isEmpty) yield builder.take(span);
          yield longProfile(part, at, span);
          continue;
        }
        if (!builder.hasRoom(byteLength)) yield builder.take(span);
        builder.add(part, at);
      }
    }
    if (!builder.isEmpty) yield builder.take(span);
  }
}

function profileBytes({ window, profiles }: SpanWindow, at: number): number {
  const profile = profiles[at]!;
  return window.starts[profile + 1]! - window.starts[profile]!;
}

function longProfile(
  part: SpanWindow,
  at: number,
  { matrix, geneMap }: LeafSpan,
): LongProfile {
  const profile = part.window.firstProfile + part.profiles[at]!;
  const longSpan = {
    matrix,
    profiles: Int32Array.of(profile),
    targets: undefined,
    firstTarget: 0,
    geneMap,
  };
  return { longSpan, target: part.targets[at]! };
}

/** Gathers profiles. */
class ChunkBuilder {
  readonly #limits: ChunkLimits;
  readonly #mostProfiles: number;
  #bytes = new Uint8Array(0);
  #places = new Uint32Array(0);
  #profiles = new Int32Array(0);
  #targets = new Int32Array(0);
  #byteLength = 0;
  #count = 0;

  constructor(limits: ChunkLimits) {
    this.#limits = limits;
    this.#mostProfiles = Math.min(limits.profiles ?? Infinity, MOST_PROFILES);
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** A profile that is longer than a chunk gets one of its own. */
  hasRoom(byteLength: number): boolean {
    return this.isEmpty || this.#count < this.#mostProfiles &&
        this.#byteLength + byteLength <= this.#limits.bytes;
  }

  add({ window, profiles, targets }: SpanWindow, at: number): void {
    const profile = profiles[at]!;
    const start = window.starts[profile]!;
    const end = window.starts[profile + 1]!;
    this.#reserve(end - start);
    this.#bytes.set(window.pairs.subarray(start, end), this.#byteLength);
    const place = PLACE_NUMBERS * this.#count;
    this.#places[place] = this.#byteLength / 2;
    this.#byteLength += end - start;
    this.#places[place + 1] = this.#byteLength / 2;
    this.#places[place + 2] = 0;
    this.#profiles[this.#count] = window.firstProfile + profile;
    this.#targets[this.#count++] = targets[at]!;
  }

  take(span: LeafSpan): PairsChunk {
    const count = this.#count;
    const byteLength = this.#byteLength;
    this.#count = 0;
    this.#byteLength = 0;
    return {
      span,
      bytes: this.#bytes,
      byteLength,
      places: this.#places.subarray(0, PLACE_NUMBERS * count),
      profiles: this.#profiles.slice(0, count),
      targets: this.#targets.slice(0, count),
    };
  }

  #reserve(byteLength: number): void {
    const needed = this.#byteLength + byteLength;
    if (needed > this.#bytes.length) {
      // All of it at once where there is more than a little.
      const { bytes } = this.#limits;
      const size = needed < bytes / 8 ? 2 * needed : Math.max(needed, bytes);
      const grown = new Uint8Array(roundUp(size, 16));
      grown.set(this.#bytes.subarray(0, this.#byteLength));
      this.#bytes = grown;
    }
    if (this.#count < this.#profiles.length) return;
    const length = Math.max(256, 2 * this.#count);
    this.#places = grow(new Uint32Array(PLACE_NUMBERS * length), this.#places);
    this.#profiles = grow(new Int32Array(length), this.#profiles);
    this.#targets = grow(new Int32Array(length), this.#targets);
  }
}

function grow<T extends Uint32Array | Int32Array>(grown: T, from: T): T {
  grown.set(from);
  return grown;
}
