import type { Hdf5Dataset, Hdf5Numbers } from "../../io/hdf5_dataset.ts";
import { thereAre } from "../../io/plural.ts";
import type { BlocksOptions, CountsBlock } from "../importer.ts";
import { ProfileOffsets } from "../profile_offsets.ts";
import { tenxError } from "./tenx_hdf5_layout.ts";
import { copyWhole, describeNoCount } from "../whole_numbers.ts";

/** About how many entries are read at once. */
const ENTRIES_AT_ONCE = 2 ** 19;

/** The entries of a compressed sparse matrix, a profile after the other. */
export interface SparseEntries {
  /** The path of the file. */
  readonly name: string;
  /** The counts. */
  readonly data: Hdf5Dataset;
  /** The gene of each. */
  readonly indices: Hdf5Dataset;
  /** Where the entries of each profile start, and where the last ones end. */
  readonly starts: Float64Array;
  /** The number of genes. */
  readonly genesCount: number;
}

/**
 * Reads where the entries of each profile start.
 *
 * @param name The path of the file.
 * @param indptr The dataset that says it.
 * @param entriesCount The number of entries that there are.
 * @returns The starts, and the end of the last.
 * @throws {Error} If they don't start at 0, go back, or end elsewhere.
 */
export function readStarts(
  name: string,
  indptr: Hdf5Dataset,
  entriesCount: number,
): Float64Array {
  requireIntegers(name, indptr);
  const starts = Float64Array.from(
    indptr.readNumbers(0, indptr.length),
    (value: number | bigint) => Number(value),
  );
  if (starts.length === 0) throw tenxError(name, `${indptr.path}: it is empty`);
  const wrong = starts.findIndex((start, at) =>
    start < (at === 0 ? 0 : starts[at - 1]!) || at === 0 && start !== 0
  );
  if (wrong === 0) {
    const why = `element 0 is ${starts[0]} and not 0`;
    throw tenxError(name, `${indptr.path}: ${why}`);
  }
  if (wrong > 0) {
    const why = `element ${wrong} goes back from ${starts[wrong - 1]} ` +
      `to ${starts[wrong]}`;
    throw tenxError(name, `${indptr.path}: ${why}`);
  }
  if (starts.at(-1) === entriesCount) return starts;
  throw tenxError(
    name,
    `${indptr.path}: it ends at ${starts.at(-1)}, ` +
      `but ${thereAre(entriesCount, "entry", "entries")}`,
  );
}

/**
 * Reads the entries in pieces, which start and end with chunks of the file, so
 * that none of these is decoded twice.
 *
 * @param entries Where they are.
 * @param options Who is told, and what stops the reading.
 * @returns Blocks of all profiles, in order.
 * @throws {Error} If a count or index is wrong; with its place.
 */
export function* readSparseBlocks(
  entries: SparseEntries,
  options: Pick<BlocksOptions, "progress" | "signal">,
): Generator<CountsBlock> {
  const { data, genesCount, indices, name, starts } = entries;
  requireIntegers(name, indices);
  const step = pieceLength(entries);
  const rows = new Uint32Array(Math.min(step, data.length));
  const counts = new Uint32Array(rows.length);
  const profiles = new ProfileOffsets(starts);
  for (let start = 0; start < data.length; start += step) {
    options.signal?.throwIfAborted();
    const end = Math.min(start + step, data.length);
    const values = data.readNumbers(start, end);
    const genes = indices.readNumbers(start, end);
    const wrongCount = copyWhole(values, counts);
    if (wrongCount >= 0) throw countError(entries, values, start, wrongCount);
    const wrongRow = copyWhole(genes, rows, genesCount);
    if (wrongRow >= 0) throw rowError(entries, genes, start, wrongRow);
    options.progress?.(end, data.length);
    yield { ...profiles.take(start, end), rows, counts, isRestart: false };
  }
  yield { ...profiles.finish(), rows, counts, isRestart: false };
}

/** A multiple of a chunk, if chunks are not all too small or large. */
function pieceLength({ data, indices }: SparseEntries): number {
  const chunk = Math.max(data.chunkLength ?? 1, indices.chunkLength ?? 1, 1);
  return chunk * Math.max(Math.round(ENTRIES_AT_ONCE / chunk), 1);
}

function requireIntegers(name: string, dataset: Hdf5Dataset): void {
  if (dataset.typeClass === "integer") return;
  const why = `it holds ${dataset.typeName} instead of integers`;
  throw tenxError(name, `${dataset.path}: ${why}`);
}

function countError(
  { data, name, starts }: SparseEntries,
  values: Hdf5Numbers,
  start: number,
  at: number,
): Error {
  const place = describePlace(starts, start + at);
  const why = describeNoCount(values[at]!);
  return tenxError(name, `${data.path}: ${place} is no count: ${why}`);
}

function rowError(
  { genesCount, indices, name, starts }: SparseEntries,
  genes: Hdf5Numbers,
  start: number,
  at: number,
): Error {
  const place = describePlace(starts, start + at);
  return tenxError(
    name,
    `${indices.path}: ${place} is ${genes[at]}, ` +
      `but ${thereAre(genesCount, "gene")}`,
  );
}

function describePlace(starts: Float64Array, entry: number): string {
  const profile = starts.findIndex((start) => start > entry) - 1;
  return `element ${entry} (profile ${profile})`;
}
