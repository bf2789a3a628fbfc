/** Rows of a matrix that the stores of a collection have. */
import { countOf, thereAre } from "../io/plural.ts";
import type { LeafSpan } from "../compute/leaf_spans.ts";
import {
  findMisfit,
  finishNumbers,
  makePlain,
  type PlainNumbers,
  plainTypeOf,
  promoteRowTypes,
} from "./matrices/row_types.ts";
import type { OpenStores } from "./stores/open_stores.ts";
import type { PlacedRows, StoreRows } from "./row_places.ts";
import type {
  EntriesMemory,
  MatrixRows,
  RowFormat,
  RowNumbers,
  RowType,
} from "./rows.ts";
import {
  gatherRows,
  memoryBehind,
  type PlacedPiece,
} from "./matrices/gather_rows.ts";
import type { PlainMemory, SparsePiece } from "./matrices/sparse_rows.ts";
import type { MappedStore } from "./stores/store.ts";
import type { StoreMatrix, WantedRows } from "./matrices/store_matrix.ts";

/** A matrix as one of the stores has it. */
export interface LayerPart {
  /** The number of columns that it gives. */
  readonly columns: number;
  /** The type of its values. */
  readonly dtype: RowType;
  /** For each of its own columns which one it becomes, -1 none. */
  readonly map: Int32Array | undefined;
}

/** A matrix of a collection. */
export interface Layer {
  /** What it is called in samples. */
  readonly name: string;
  /** That of each store, undefined where it has none. */
  readonly parts: readonly (LayerPart | undefined)[];
  /**
   * Finds the matrix in a store that has it.
   *
   * @param store The store.
   */
  find(store: MappedStore): Promise<StoreMatrix | undefined>;
}

/** How rows of a matrix are given. */
export interface LayerRequest {
  /** How they are laid out. */
  readonly format: RowFormat;
  /** The type of the values, by default the least that fits all stores. */
  readonly dtype: RowType | undefined;
  /** Stops the reading. */
  readonly signal: AbortSignal | undefined;
  /** Whether sparse rows may have zeros. */
  readonly keepZeros?: boolean | undefined;
  /** Receives dense rows. */
  readonly into?: RowNumbers | undefined;
  /** Receives sparse rows. */
  readonly intoSparse?: EntriesMemory | undefined;
}

/**
 * Reads rows of a matrix.
 *
 * @param layer The matrix.
 * @param stores The stores.
 * @param placed The rows.
 * @param request How they are given.
 * @returns The rows; undefined where no store of them has the matrix.
 * @throws {Error} If some of the stores have it, and others do not, or dense
 * rows would not be of equal length.
 */
export async function readLayer(
  layer: Layer,
  stores: OpenStores,
  placed: PlacedRows,
  request: LayerRequest,
): Promise<MatrixRows | undefined> {
  const dtype = request.dtype ?? typeOf(layer);
  const columns = widthOf(layer, stores.paths, placed, request.format);
  if (dtype === undefined || columns === undefined) return undefined;
  const shape = [placed.indices.length, columns] as const;
  const { format, into, intoSparse, keepZeros, signal } = request;
  const job = { layer, stores, placed, columns, dtype, keepZeros, signal };
  if (format === "dense") {
    return { format, shape, dtype, data: await readDense(job, into) };
  }
  const given = intoSparse && plainMemory(intoSparse, dtype, layer.name);
  const { data, indices, indptr } = await readSparse(job, given);
  return {
    format,
    shape,
    dtype,
    indptr,
    indices,
    data: finishRows(
      data,
      job,
      (at) => indptr.findIndex((end) => end > at) - 1,
    ),
  };
}

/** Only here is it known that integers of 64 bits are wanted. */
function finishRows(
  data: PlainNumbers,
  { dtype, layer, placed, stores }: LayerJob,
  rowOf: (at: number) => number,
): RowNumbers {
  const isPlain = plainTypeOf(dtype) === dtype;
  const misfit = isPlain ? -1 : findMisfit(data, dtype);
  if (misfit < 0) return finishNumbers(data, dtype);
  const path = stores.paths[placed.stores[rowOf(misfit)]!];
  throw new Error(
    `Cannot read ${path}: ${layer.name}: a value is ${data[misfit]}, ` +
      `which does not fit ${dtype}`,
  );
}

/**
 * Finds the byte pairs of rows of a matrix, for engines.
 *
 * @param layer The matrix.
 * @param stores The stores, which are held open.
 * @param placed The rows.
 * @returns The spans and the number of columns; undefined where not all of the
 * stores have byte pairs.
 * @throws {Error} As {@linkcode readLayer} does for dense rows.
 */
export async function findSpans(
  layer: Layer,
  stores: OpenStores,
  placed: PlacedRows,
): Promise<
  { readonly spans: readonly LeafSpan[]; readonly columns: number } | undefined
> {
  const columns = widthOf(layer, stores.paths, placed, "dense");
  if (columns === undefined) return undefined;
  const dtype = "float32";
  const job = {
    layer,
    stores,
    placed,
    columns,
    dtype,
    signal: undefined,
  } as const;
  const spans: LeafSpan[] = [];
  for (const group of placed.groups) {
    const found = await useMatrix(
      job,
      group,
      async (matrix, wanted) => await matrix.spans?.(wanted, group.places),
    );
    if (found === undefined) return undefined;
    spans.push(...found);
  }
  return { spans, columns };
}

/** What is read. */
interface LayerJob {
  readonly layer: Layer;
  readonly stores: OpenStores;
  readonly placed: PlacedRows;
  readonly columns: number;
  readonly dtype: RowType;
  readonly keepZeros?: boolean | undefined;
  readonly signal: AbortSignal | undefined;
}

async function readDense(
  job: LayerJob,
  into: RowNumbers | undefined,
): Promise<RowNumbers> {
  const { columns, dtype, layer, placed } = job;
  const length = placed.indices.length * columns;
  const plain = plainTypeOf(dtype);
  const given = into && takeBuffer(into, { length, dtype, name: layer.name });
  const isPlain = plain === dtype;
  const data = isPlain && given
    ? (given as PlainNumbers).fill(0)
    : makePlain(plain, length);
  for (const group of placed.groups) {
    const { places } = group;
    await useMatrix(
      job,
      group,
      (matrix, wanted) => matrix.fillDense(wanted, { data, places }),
    );
  }
  if (isPlain) return data;
  const wide = finishRows(data, job, (at) => Math.floor(at / columns));
  if (given === undefined) return wide;
  (given as BigInt64Array).set(wide as BigInt64Array);
  return given;
}

async function readSparse(
  job: LayerJob,
  into: PlainMemory | undefined,
): Promise<SparsePiece> {
  const parts: PlacedPiece[] = [];
  let memory = into;
  for (const group of job.placed.groups) {
    const piece = await useMatrix(
      job,
      group,
      (matrix, wanted) => matrix.takeSparse({ ...wanted, memory }),
    );
    memory &&= memoryBehind(memory, piece);
    parts.push({ piece, places: group.places });
  }
  return gatherRows(parts, plainTypeOf(job.dtype));
}

async function useMatrix<T>(
  { columns, dtype, keepZeros, layer, signal, stores }: LayerJob,
  { rows, store: index }: StoreRows,
  run: (matrix: StoreMatrix, wanted: WantedRows) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  return await stores.use(index, async (store) => {
    const matrix = await layer.find(store);
    if (matrix === undefined) throw lacking(layer, store.path);
    const { map } = layer.parts[index]!;
    return await run(matrix, {
      rows,
      map,
      columns,
      dtype: plainTypeOf(dtype),
      keepZeros,
      signal,
    });
  });
}

function takeBuffer(
  into: RowNumbers,
  { dtype, length, name }: {
    readonly dtype: RowType;
    readonly length: number;
    readonly name: string;
  },
): RowNumbers {
  checkType(into, dtype, name);
  if (into.length >= length) return into.subarray(0, length) as RowNumbers;
  throw new RangeError(
    `Cannot read ${name} into ${countOf(into.length, "value")}: ` +
      thereAre(length, "value"),
  );
}

function checkType(into: RowNumbers, dtype: RowType, name: string): void {
  const sample = finishNumbers(makePlain(plainTypeOf(dtype), 0), dtype);
  if (into.constructor === sample.constructor) return;
  throw new TypeError(
    `Cannot read ${name} into a ${into.constructor.name}: ` +
      `its type is ${dtype}`,
  );
}

/** Integers of 64 bits are made of doubles: they are put elsewhere. */
function plainMemory(
  { data, indices }: EntriesMemory,
  dtype: RowType,
  name: string,
): PlainMemory | undefined {
  checkType(data, dtype, name);
  if (plainTypeOf(dtype) !== dtype) return undefined;
  return { indices, data: data as PlainNumbers };
}

/** The type is that of all stores, or it would change from batch to batch. */
function typeOf({ parts }: Layer): RowType | undefined {
  const types = parts.filter((part) => part !== undefined)
    .map(({ dtype }) => dtype);
  return types.length === 0 ? undefined : promoteRowTypes(types);
}

/** The number of columns; undefined where no store has the matrix. */
function widthOf(
  layer: Layer,
  paths: readonly string[],
  { groups }: PlacedRows,
  format: RowFormat,
): number | undefined {
  const indices = groups.map(({ store }) => store);
  const parts = indices.map((store) => layer.parts[store]);
  if (groups.length === 0) {
    return layer.parts.find((part) => part !== undefined)?.columns;
  }
  if (parts.every((part) => part === undefined)) return undefined;
  const without = parts.indexOf(undefined);
  if (without >= 0) throw lacking(layer, paths[indices[without]!]!);
  const widths = parts.map((part) => part!.columns);
  const different = widths.findIndex((width) => width !== widths[0]);
  if (different < 0 || format === "csr") return Math.max(...widths);
  const [one, other] = [indices[0]!, indices[different]!];
  throw new Error(
    `Cannot put rows of ${layer.name} together: ${paths[one]} has ` +
      `${widths[0]} columns and ${paths[other]} ${widths[different]}`,
  );
}

function lacking({ name }: Layer, path: string): Error {
  return new Error(
    `Cannot read ${name} of ${path}: it has none, and rows of other stores ` +
      "in the same batch do",
  );
}
