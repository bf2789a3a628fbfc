/** Cuts what a container is made of into pieces of about the same bytes. */
import type { LeafSpan } from "../compute/leaf_spans.ts";
import { fileSize } from "../io/files.ts";
import { joinPath, parentPath, relativePath } from "../io/paths.ts";
import type { Profiles } from "../profiles/profiles.ts";
import {
  PROFILES_YAML,
  ProfilesMetadata,
} from "../profiles/profiles_metadata.ts";
import { digestOf, digestOfBytes } from "./digest_json.ts";

/** A range of the profiles that a container takes of one batch. */
export interface SpanPiece {
  /** The folder of the batch, relative to that of the container. */
  readonly batch: string;
  /** The identifier of the batch. */
  readonly batchUuid: string;
  /** Which of the spans of the container it is of, from 0. */
  readonly span: number;
  /** The first of the profiles of the span. */
  readonly first: number;
  /** The one after the last of them. */
  readonly end: number;
  /**
   * The profile of the container that the first one is, where the others
   * follow it; undefined where a view has them in another order.
   */
  readonly firstProfile: number | undefined;
  /** Whether the batch alone is needed: all its profiles and genes are taken. */
  readonly isWhole: boolean;
  /** About how many bytes are read. */
  readonly bytes: number;
  /** The identifier of all that counts of the piece depend on. */
  readonly content: string;
}

/** What is known of a batch. */
interface Batch {
  readonly batch: string;
  readonly batchUuid: string;
  readonly bytes: number;
}

/**
 * Cuts the spans of a container.
 *
 * @param profiles The container.
 * @param spans Its spans.
 * @param mostBytes The most bytes of a piece, unless one profile has more.
 * @returns The pieces, in order: one at least of each span with profiles.
 */
export async function cutSpans(
  profiles: Profiles,
  spans: readonly LeafSpan[],
  mostBytes: number,
): Promise<SpanPiece[]> {
  const { path } = profiles.metadata;
  const pieces: SpanPiece[] = [];
  const maps = new WeakMap<Int32Array, string>();
  for (const [at, span] of spans.entries()) {
    const batch = describeBatch(path, span);
    const { profiles: indices, geneMap } = span;
    const map = geneMap && digestOnce(maps, geneMap);
    const bounds = await cutSpan(span, batch, mostBytes);
    for (let piece = 1; piece < bounds.length; piece++) {
      const [first, before] = bounds[piece - 1]!;
      const [end, after] = bounds[piece]!;
      const taken = indices === undefined
        ? [first, end]
        : digestOfBytes(indices.subarray(first, end));
      pieces.push({
        batch: batch.batch,
        batchUuid: batch.batchUuid,
        span: at,
        first,
        end,
        firstProfile: span.targets ? undefined : span.firstTarget + first,
        isWhole: indices === undefined && geneMap === undefined,
        bytes: Math.round(after - before),
        content: digestOf([batch.batchUuid, batch.bytes, taken, map ?? null]),
      });
    }
  }
  return pieces;
}

function describeBatch(container: string, { matrix }: LeafSpan): Batch {
  const folder = parentPath(matrix.name);
  const metadata = ProfilesMetadata.load(joinPath(folder, PROFILES_YAML));
  return {
    batch: relativePath(container, folder),
    batchUuid: metadata.uuid,
    bytes: fileSize(matrix.name),
  };
}

function digestOnce(
  known: WeakMap<Int32Array, string>,
  map: Int32Array,
): string {
  const digest = known.get(map) ?? digestOfBytes(map);
  known.set(map, digest);
  return digest;
}

/** Where the pieces start and the last ends: a place, and the bytes before. */
async function cutSpan(
  span: LeafSpan,
  { bytes }: Batch,
  mostBytes: number,
): Promise<[place: number, bytes: number][]> {
  const count = span.profiles?.length ?? span.matrix.profilesCount;
  if (count === 0) return [];
  // A share of the file is good enough where nothing is to be cut.
  const share = Math.ceil(bytes * count / span.matrix.profilesCount);
  if (bytes <= mostBytes && count <= span.matrix.profilesCount) {
    return [[0, 0], [count, share]];
  }
  const before = await bytesBefore(span, bytes, count);
  const total = before[count]!;
  const pieces = Math.min(Math.max(Math.ceil(total / mostBytes), 1), count);
  const bounds: [number, number][] = [[0, 0]];
  for (let piece = 1; piece <= pieces; piece++) {
    const place = piece === pieces
      ? count
      : firstAtLeast(before, piece * total / pieces);
    const [last] = bounds.at(-1)!;
    if (place > last) bounds.push([place, before[place]!]);
  }
  return bounds;
}

/** For each profile of a span how many bytes those before it take. */
async function bytesBefore(
  { matrix, profiles }: LeafSpan,
  bytes: number,
  count: number,
): Promise<Float64Array> {
  const before = new Float64Array(count + 1);
  const offsets = (await matrix.stored?.())?.index.offsets;
  const each = bytes / matrix.profilesCount;
  for (let at = 0; at < count; at++) {
    const profile = profiles ? profiles[at]! : at;
    const own = offsets ? offsets[profile + 1]! - offsets[profile]! : each;
    before[at + 1] = before[at]! + own;
  }
  return before;
}

/** The first place whose value is at least as large, by halving. */
function firstAtLeast(values: Float64Array, least: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! >= least) high = middle;
    else low = middle + 1;
  }
  return low;
}
