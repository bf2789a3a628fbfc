/** The counts of containers, whose rows are decoded from byte pairs. */
import { type LeafSpan, selectProfiles } from "../../compute/leaf_spans.ts";
import type { ChunkCache } from "../../io/chunk_cache.ts";
import type { ProfileEntries } from "../../matrix/pairs.ts";
import type { RawMatrix, StoredPairs } from "../../matrix/raw_matrix.ts";
import type { Profiles } from "../../profiles/profiles.ts";
import { composeMaps } from "../../profiles/selection.ts";
import {
  decodeDense,
  decodeEntries,
  decodeMapped,
  decodeMappedEntries,
  type PairWords,
} from "./decode_pairs.ts";
import { PairsReader } from "./pairs_reader.ts";
import { mostOf, type PlainNumbers, type PlainType } from "./row_types.ts";
import type { RowType } from "../rows.ts";
import { gatherRows, memoryBehind, type PlacedPiece } from "./gather_rows.ts";
import { SparseBuilder, type SparsePiece } from "./sparse_rows.ts";
import type { DenseTarget, StoreMatrix, WantedRows } from "./store_matrix.ts";

/** How many profiles are read at once. */
const ROWS_AT_ONCE = 256;

/** One of the matrices that a container is made of. */
interface Leaf {
  readonly matrix: RawMatrix;
  /** The byte pairs; undefined where it is stored dense. */
  readonly stored: StoredPairs | undefined;
  /** For each gene of the matrix that of the container, -1 none. */
  readonly geneMap: Int32Array | undefined;
}

/** Where the profiles of a container are. */
interface Leaves {
  readonly leaves: readonly Leaf[];
  /** For each profile its matrix; undefined where there is only one. */
  readonly leafOf: Int32Array | undefined;
  /** For each profile which it is there; undefined where it is the same. */
  readonly profileOf: Int32Array | undefined;
}

/** Some profiles of a matrix. */
interface LeafRows {
  readonly leaf: Leaf;
  /** The profiles of the matrix. */
  readonly profiles: Int32Array;
  /** Which of the wanted rows they are. */
  readonly wanted: Int32Array;
  /** For each gene of the matrix the column that it becomes. */
  readonly map: Int32Array | undefined;
}

/** The counts of a container. */
export class PairsMatrix implements StoreMatrix {
  readonly columns: number;
  readonly dtype: RowType = "uint32";
  readonly #profiles: Profiles;
  readonly #reader: PairsReader;
  readonly #maps = new Map<Leaf, ComposedMap>();
  readonly #ordered = new WeakMap<Int32Array, boolean>();
  #leaves: Promise<Leaves> | undefined;

  /**
   * Takes a container, of which nothing is read yet.
   *
   * @param profiles The container.
   * @param cache What gives memory for its files, if anything does.
   */
  constructor(profiles: Profiles, cache?: ChunkCache) {
    this.#reader = new PairsReader(cache);
    this.#profiles = profiles;
    this.columns = profiles.genes.count;
  }

  async fillDense(wanted: WantedRows, target: DenseTarget): Promise<void> {
    const { columns, dtype, signal } = wanted;
    const { data, places } = target;
    for (const part of await this.#parts(wanted)) {
      const { map } = part;
      const check = this.#checker(part, dtype);
      await this.#eachProfile(part, signal, {
        take: (pairs, at) => {
          const base = columns * places[part.wanted[at]!]!;
          const most = map
            ? decodeMapped(pairs, data, base, map)
            : decodeDense(pairs, data, base);
          check(most, at);
        },
        takeEntries: (entries, at) => {
          const base = columns * places[part.wanted[at]!]!;
          check(placeEntries(entries, map, data, base), at);
        },
      });
    }
  }

  async takeSparse(wanted: WantedRows): Promise<SparsePiece> {
    const parts: PlacedPiece[] = [];
    let { memory } = wanted;
    for (const part of await this.#parts(wanted)) {
      const piece = await this.#take(part, { ...wanted, memory });
      memory &&= memoryBehind(memory, piece);
      parts.push({ piece, places: part.wanted });
    }
    return gatherRows(parts, wanted.dtype);
  }

  async spans(
    wanted: WantedRows,
    places: Int32Array,
  ): Promise<readonly LeafSpan[]> {
    const parts = await this.#parts(wanted);
    return parts.map(({ leaf, map, profiles, wanted }) =>
      selectProfiles(leaf.matrix, {
        profiles,
        targets: wanted.map((at) => places[at]!),
        geneMap: map,
      })
    );
  }

  async #take(
    part: LeafRows,
    wanted: WantedRows,
  ): Promise<SparsePiece> {
    const { dtype, signal } = wanted;
    const { map, profiles } = part;
    const check = this.#checker(part, dtype);
    const fail = (sum: number, row: number) =>
      this.#misfit(part, row, sum, dtype);
    const shape = { ...wanted, map, rows: profiles.length };
    const builder = new SparseBuilder(shape, fail);
    const isOrdered = map === undefined || this.#keepsOrder(map);
    builder.reserve(countPairs(part));
    await this.#eachProfile(part, signal, {
      take: (pairs, at) => {
        if (isOrdered) {
          check(addOrdered(pairs, builder, map), at);
          return;
        }
        const room = pairs.end - pairs.start;
        const indices = new Int32Array(room);
        const values = new Float64Array(room);
        const place = { indices, data: values, at: 0 };
        const { end, most } = decodeEntries(pairs, place);
        const wantedMost = mostWanted(indices, values.subarray(0, end), map);
        check(most === Infinity ? most : wantedMost, at);
        builder.addRow({ indices, values }, 0, end);
      },
      takeEntries: ({ counts, genes }, at) => {
        check(mostWanted(genes, counts, map), at);
        builder.addRow({ indices: genes, values: counts }, 0, counts.length);
      },
    });
    return builder.finish();
  }

  async #eachProfile(
    { leaf, profiles }: LeafRows,
    signal: AbortSignal | undefined,
    { take, takeEntries }: {
      take(pairs: PairWords, at: number): void;
      takeEntries(entries: ProfileEntries, at: number): void;
    },
  ): Promise<void> {
    const { matrix, stored } = leaf;
    if (stored === undefined) {
      for (const [at, profile] of profiles.entries()) {
        takeEntries(await matrix.readProfile(profile), at);
      }
      return;
    }
    const { offsets } = stored.index;
    const { genesCount } = matrix;
    for (let from = 0; from < profiles.length; from += ROWS_AT_ONCE) {
      signal?.throwIfAborted();
      const some = profiles.subarray(from, from + ROWS_AT_ONCE);
      const read = this.#reader.read(stored, some);
      const { words, starts } = read instanceof Promise ? await read : read;
      for (let at = 0; at < some.length; at++) {
        const profile = some[at]!;
        const start = starts[at]!;
        const count = (offsets[profile + 1]! - offsets[profile]!) / 2;
        const pairs = { words, start, end: start + count, genesCount };
        take(pairs, from + at);
      }
    }
  }

  /** Makes what looks at the largest count of a row. */
  #checker(
    part: LeafRows,
    dtype: PlainType,
  ): (most: number, at: number) => void {
    const limit = Math.min(mostOf(dtype), Number.MAX_SAFE_INTEGER);
    return (most, at) => {
      if (most > limit) throw this.#misfit(part, at, most, dtype);
    };
  }

  #misfit(
    { profiles, leaf }: LeafRows,
    at: number,
    most: number,
    dtype: PlainType,
  ): Error {
    const { name } = leaf.matrix;
    const what = `profile ${profiles[at]!}`;
    if (most === Infinity) {
      const why = `the byte pairs of ${what} are not valid`;
      return new SyntaxError(`Cannot read ${name}: ${why}`);
    }
    const count = most > 255 ? `of ${most}` : `over ${mostOf(dtype)}`;
    return new Error(
      `Cannot read ${name}: ${what} has a count ${count}, ` +
        `which does not fit ${dtype}`,
    );
  }

  async #parts({ map, rows }: WantedRows): Promise<readonly LeafRows[]> {
    this.#leaves ??= this.#findLeaves().catch((error) => {
      this.#leaves = undefined;
      throw error;
    });
    const { leafOf, leaves, profileOf } = await this.#leaves;
    const profiles = profileOf ? rows.map((row) => profileOf[row]!) : rows;
    if (leafOf === undefined) {
      const leaf = leaves[0]!;
      const wanted = rows.map((_, at) => at);
      return [{ leaf, profiles, wanted, map: this.#mapOf(leaf, map) }];
    }
    const lists = new Map<number, number[]>();
    rows.forEach((row, at) => {
      const list = lists.get(leafOf[row]!);
      if (list) list.push(at);
      else lists.set(leafOf[row]!, [at]);
    });
    return [...lists].map(([number, list]) => {
      const leaf = leaves[number]!;
      const wanted = Int32Array.from(list);
      return {
        leaf,
        profiles: wanted.map((at) => profiles[at]!),
        wanted,
        map: this.#mapOf(leaf, map),
      };
    });
  }

  #keepsOrder(map: Int32Array): boolean {
    const known = this.#ordered.get(map) ?? keepsOrder(map);
    this.#ordered.set(map, known);
    return known;
  }

  #mapOf(leaf: Leaf, map: Int32Array | undefined): Int32Array | undefined {
    if (map === undefined || leaf.geneMap === undefined) {
      return map ?? leaf.geneMap;
    }
    const known = this.#maps.get(leaf);
    if (known?.after === map) return known.whole;
    const whole = composeMaps(leaf.geneMap, map);
    this.#maps.set(leaf, { after: map, whole });
    return whole;
  }

  async #findLeaves(): Promise<Leaves> {
    const spans = await this.#profiles.leafSpans();
    const leaves: Leaf[] = [];
    for (const { geneMap, matrix } of spans) {
      leaves.push({ matrix, geneMap, stored: await matrix.stored?.() });
    }
    const [only] = spans;
    if (spans.length === 1 && !only!.profiles && !only!.targets) {
      return { leaves, leafOf: undefined, profileOf: undefined };
    }
    const { profilesCount } = this.#profiles;
    const leafOf = new Int32Array(profilesCount);
    const profileOf = new Int32Array(profilesCount);
    spans.forEach((span, leaf) => placeSpan(span, leaf, { leafOf, profileOf }));
    return { leaves, leafOf, profileOf };
  }
}

interface ComposedMap {
  readonly after: Int32Array;
  readonly whole: Int32Array;
}

function placeSpan(
  { firstTarget, matrix, profiles, targets }: LeafSpan,
  leaf: number,
  { leafOf, profileOf }: {
    readonly leafOf: Int32Array;
    readonly profileOf: Int32Array;
  },
): void {
  const count = profiles?.length ?? matrix.profilesCount;
  for (let at = 0; at < count; at++) {
    const target = targets ? targets[at]! : firstTarget + at;
    leafOf[target] = leaf;
    profileOf[target] = profiles ? profiles[at]! : at;
  }
}

function countPairs({ leaf, profiles }: LeafRows): number {
  if (leaf.stored === undefined) return 0;
  const { offsets } = leaf.stored.index;
  let bytes = 0;
  for (const profile of profiles) {
    bytes += offsets[profile + 1]! - offsets[profile]!;
  }
  return bytes / 2;
}

function addOrdered(
  pairs: PairWords,
  builder: SparseBuilder,
  map: Int32Array | undefined,
): number {
  builder.reserve(pairs.end - pairs.start);
  const { data, indices, length: at } = builder;
  const place = { data, indices, at };
  const { end, most } = map
    ? decodeMappedEntries(pairs, place, map)
    : decodeEntries(pairs, place);
  builder.endRow(end);
  return most;
}

function placeEntries(
  { counts, genes }: ProfileEntries,
  map: Int32Array | undefined,
  data: PlainNumbers,
  base: number,
): number {
  let most = 0;
  for (let at = 0; at < genes.length; at++) {
    const column = map ? map[genes[at]!]! : genes[at]!;
    if (column < 0) continue;
    data[base + column] = counts[at]!;
    most = Math.max(most, counts[at]!);
  }
  return most;
}

/** The largest count of the genes that have a column. */
function mostWanted(
  genes: ArrayLike<number>,
  counts: ArrayLike<number>,
  map: Int32Array | undefined,
): number {
  let most = 0;
  for (let at = 0; at < counts.length; at++) {
    const isWanted = map === undefined || map[genes[at]!]! >= 0;
    if (isWanted) most = Math.max(most, counts[at]!);
  }
  return most;
}

function keepsOrder(map: Int32Array): boolean {
  let last = -1;
  for (const column of map) {
    if (column < 0) continue;
    if (column <= last) return false;
    last = column;
  }
  return true;
}
