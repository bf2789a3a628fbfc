import type { AnnDataFile } from "../../anndata/anndata_file.ts";
import type { StoredDense } from "../../anndata/dense_matrix.ts";
import type { StoredMatrix } from "../../anndata/matrix.ts";
import type { StoredNumbers } from "../../anndata/nodes.ts";
import type { StoredSparse } from "../../anndata/sparse_matrix.ts";
import { joinPath } from "../../io/paths.ts";
import { CellBuckets } from "../cell_buckets.ts";
import type { BlocksOptions, CountsBlock } from "../importer.ts";
import { ProfileOffsets } from "../profile_offsets.ts";
import { copyWhole, describeNoCount } from "../whole_numbers.ts";

/** About how many entries are read at once. */
const ENTRIES_AT_ONCE = 2 ** 18;
/** About how many values of a dense matrix are read at once. */
const VALUES_AT_ONCE = 2 ** 18;
/** The most that is read at once so that no chunk is decoded twice. */
const MOST_VALUES = 2 ** 23;

/** How long a signal to stop may have to wait. */
const TURN_MILLISECONDS = 20;

/** What the counts of a matrix are read with. */
export interface MatrixBlocksOptions extends BlocksOptions {
  /** The most entries that are sorted in memory at once. */
  readonly bucketEntries?: number | undefined;
}

/**
 * Reads the counts of a matrix as blocks of profiles.
 *
 * Rows stream: of a CSR matrix memory holds some entries and where each row
 * starts, of a dense one some rows. A CSC matrix is read twice: once to count
 * the entries of each row, once into buckets that are sorted one by one: see
 * {@linkcode CellBuckets} for what that takes.
 *
 * @param file The file, for messages.
 * @param matrix The matrix, a row a profile.
 * @param options Where temporary files go, and who is told.
 * @returns Blocks of all profiles, in order.
 * @throws {Error} If a value is no count; with its place.
 */
export function readMatrixBlocks(
  file: AnnDataFile,
  matrix: StoredMatrix,
  options: MatrixBlocksOptions,
): AsyncGenerator<CountsBlock> {
  switch (matrix.kind) {
    case "dense":
      return readDense(file, matrix, options);
    case "csr":
      return readRows(file, matrix, options);
    case "csc":
      return readColumns(file, matrix, options);
  }
}

async function* readRows(
  file: AnnDataFile,
  matrix: StoredSparse,
  options: MatrixBlocksOptions,
): AsyncGenerator<CountsBlock> {
  const { entriesCount } = matrix;
  const step = roundToChunk(ENTRIES_AT_ONCE, matrix.chunkLength);
  const counts = new Uint32Array(Math.min(step, entriesCount));
  const turns = new Turns();
  const profiles = new ProfileOffsets(await matrix.starts());
  for (let start = 0; start < entriesCount; start += step) {
    options.signal?.throwIfAborted();
    const end = Math.min(start + step, entriesCount);
    const { indices: rows, values } = await matrix.readEntries(start, end);
    const wrong = copyWhole(values, counts);
    if (wrong >= 0) throw await entryError(file, matrix, values, start, wrong);
    options.progress?.(end, entriesCount);
    yield { ...profiles.take(start, end), rows, counts, isRestart: false };
    await turns.take();
  }
  const rows = new Uint32Array(0);
  yield { ...profiles.finish(), rows, counts: rows, isRestart: false };
}

async function* readColumns(
  file: AnnDataFile,
  matrix: StoredSparse,
  options: MatrixBlocksOptions,
): AsyncGenerator<CountsBlock> {
  using buckets = new CellBuckets({
    path: joinPath(options.scratch, "entries.tmp"),
    entriesPerCell: await countRows(matrix, options),
    genesCount: matrix.linesCount,
    bucketEntries: options.bucketEntries,
  });
  const { entriesCount } = matrix;
  const starts = await matrix.starts();
  const step = roundToChunk(ENTRIES_AT_ONCE, matrix.chunkLength);
  const counts = new Uint32Array(Math.min(step, entriesCount));
  const genes = new Uint32Array(counts.length);
  const turns = new Turns();
  for (let start = 0, gene = 0; start < entriesCount; start += step) {
    options.signal?.throwIfAborted();
    const end = Math.min(start + step, entriesCount);
    const { indices: cells, values } = await matrix.readEntries(start, end);
    const wrong = copyWhole(values, counts);
    if (wrong >= 0) throw await entryError(file, matrix, values, start, wrong);
    gene = fillLines(genes, starts, { start, end, line: gene });
    buckets.add(cells, genes, counts, end - start);
    options.progress?.(entriesCount + end, 2 * entriesCount);
    await turns.take();
  }
  for (const block of buckets.blocks()) {
    options.signal?.throwIfAborted();
    yield block;
    await turns.take();
  }
}

/** The entries of each row of a CSC matrix. */
async function countRows(
  matrix: StoredSparse,
  options: MatrixBlocksOptions,
): Promise<Float64Array> {
  const { entriesCount } = matrix;
  const counted = new Float64Array(matrix.lineLength);
  const turns = new Turns();
  const step = roundToChunk(ENTRIES_AT_ONCE, matrix.chunkLength);
  for (let start = 0; start < entriesCount; start += step) {
    options.signal?.throwIfAborted();
    const end = Math.min(start + step, entriesCount);
    const rows = await matrix.readIndices(start, end);
    for (let at = 0; at < rows.length; at++) counted[rows[at]!]!++;
    options.progress?.(end, 2 * entriesCount);
    await turns.take();
  }
  return counted;
}

/** The line of each entry from `start`, the first of them at least `line`. */
function fillLines(
  lines: Uint32Array,
  starts: Float64Array,
  piece: {
    readonly start: number;
    readonly end: number;
    readonly line: number;
  },
): number {
  const { start, end } = piece;
  let { line } = piece;
  for (let entry = start; entry < end;) {
    while (starts[line + 1]! <= entry) line++;
    const next = Math.min(starts[line + 1]!, end);
    lines.fill(line, entry - start, next - start);
    entry = next;
  }
  return line;
}

async function* readDense(
  file: AnnDataFile,
  matrix: StoredDense,
  options: MatrixBlocksOptions,
): AsyncGenerator<CountsBlock> {
  const [rowsCount, columnsCount] = matrix.shape;
  const step = denseStep(matrix);
  const turns = new Turns();
  const builder = new DenseBlock(Math.min(step, rowsCount) * columnsCount);
  for (let start = 0; start < rowsCount; start += step) {
    options.signal?.throwIfAborted();
    const end = Math.min(start + step, rowsCount);
    const values = await matrix.readRows(start, end);
    const wrong = copyWhole(values, builder.values);
    if (wrong >= 0) {
      const row = start + Math.floor(wrong / columnsCount);
      const place = `row ${row}, column ${wrong % columnsCount}`;
      const why = describeNoCount(values[wrong]!);
      throw file.error(matrix.path, `${place} is no count: ${why}`);
    }
    options.progress?.(end, rowsCount);
    yield builder.block(start, end - start, columnsCount);
    await turns.take();
  }
}

/** Whole chunks, unless that is too much. */
function denseStep(matrix: StoredDense): number {
  const columns = Math.max(matrix.shape[1], 1);
  const rows = Math.max(Math.floor(VALUES_AT_ONCE / columns), 1);
  const whole = roundToChunk(rows, matrix.chunkRows);
  return whole * columns <= MOST_VALUES ? whole : rows;
}

/** Makes blocks of dense rows, in memory that it reuses. */
class DenseBlock {
  /** The counts of the rows, zeros among them. */
  readonly values: Uint32Array;
  readonly #rows: Uint32Array;
  readonly #counts: Uint32Array;

  constructor(valuesCount: number) {
    this.values = new Uint32Array(valuesCount);
    this.#rows = new Uint32Array(valuesCount);
    this.#counts = new Uint32Array(valuesCount);
  }

  block(
    firstProfile: number,
    profiles: number,
    columnsCount: number,
  ): CountsBlock {
    const [values, rows, counts] = [this.values, this.#rows, this.#counts];
    const offsets = new Uint32Array(profiles + 1);
    let length = 0;
    for (let profile = 0, at = 0; profile < profiles; profile++) {
      for (let column = 0; column < columnsCount; column++, at++) {
        const count = values[at]!;
        if (count === 0) continue;
        rows[length] = column;
        counts[length++] = count;
      }
      offsets[profile + 1] = length;
    }
    const flags = { isOpen: false, isRestart: false };
    return { firstProfile, offsets, rows, counts, ...flags };
  }
}

async function entryError(
  file: AnnDataFile,
  matrix: StoredSparse,
  values: StoredNumbers,
  start: number,
  at: number,
): Promise<Error> {
  const entry = start + at;
  const line = (await matrix.starts()).findIndex((from) => from > entry) - 1;
  const what = matrix.kind === "csr" ? "row" : "column";
  return file.error(
    matrix.valuesPath,
    `element ${entry} (${what} ${line}) is no count: ` +
      describeNoCount(values[at]!),
  );
}

/** A multiple of a chunk, if chunks are not all too small or large. */
function roundToChunk(length: number, chunk: number): number {
  return chunk * Math.max(Math.round(length / chunk), 1);
}

/** Lets others have their turn now and then, for reading may never wait. */
class Turns {
  #last = performance.now();

  async take(): Promise<void> {
    if (performance.now() - this.#last < TURN_MILLISECONDS) return;
    await new Promise<void>((resolve) => setTimeout(resolve));
    this.#last = performance.now();
  }
}
