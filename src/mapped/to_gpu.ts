/** Rows on the GPU, for training there. */
import { decodeRowsToBuffer } from "../compute/gpu/decode_rows.ts";
import { spreadRows } from "./loader/spread_rows.ts";
import { MappedCollection } from "./mapped_collection.ts";
import type { MatrixRows, RowNumbers, RowsBatch, RowSource } from "./rows.ts";

/** How rows are put on the GPU. */
export interface ToGpuOptions {
  /** The matrix, `X` by default. */
  readonly layer?: string | undefined;
  /**
   * The buffer to put the rows into, of the usages storage and copy
   * destination; by default a new one, which can be copied from too.
   */
  readonly into?: GPUBuffer | undefined;
  /** Stops the reading. */
  readonly signal?: AbortSignal | undefined;
}

/** Rows on the GPU. */
export interface GpuRows {
  /**
   * A float32 a column, row by row; it may be larger. The caller destroys it.
   */
  readonly buffer: GPUBuffer;
  /** Rows and columns. */
  readonly shape: readonly [rows: number, columns: number];
}

/**
 * Puts rows into a buffer of the GPU. Rows of containers that are given by
 * their indices are decoded there, from byte pairs, which are a small part of
 * the bytes of dense rows; all else is read here and copied. The bits are the
 * same.
 *
 * @param device The device, which stays the caller's.
 * @param source What the rows are of.
 * @param rows Their indices, or a batch that was read already.
 * @param options Which matrix, a buffer to put them into.
 * @returns The buffer and its shape.
 * @throws {RangeError} If `into` is too small, or there is no such row.
 * @throws {Error} If the source has no such matrix, or it can't be read.
 *
 * @example Ten rows of a collection
 * ```ts ignore
 * import { MappedCollection, toGPU } from "@metacell/storage";
 *
 * const adapter = await navigator.gpu.requestAdapter();
 * const device = await adapter!.requestDevice();
 * using cells = await MappedCollection.open("pbmc");
 * const { buffer, shape } = await toGPU(device, cells, [3, 1, 4, 1, 5]);
 * console.log(shape, buffer.size);
 * ```
 */
export async function toGPU(
  device: GPUDevice,
  source: RowSource,
  rows: RowsBatch | ArrayLike<number>,
  options: ToGpuOptions = {},
): Promise<GpuRows> {
  const { layer = "X", signal } = options;
  if ("layers" in rows) return upload(device, rows, options);
  const found = source instanceof MappedCollection
    ? await source.leafSpans(rows, layer)
    : undefined;
  if (found === undefined || rows.length === 0) {
    const read = { format: "dense", dtype: "float32", signal } as const;
    return upload(device, await source.getRows(rows, read), options);
  }
  const { columns, spans } = found;
  const shape = { profilesCount: rows.length, genesCount: columns };
  const { into } = options;
  const buffer = await decodeRowsToBuffer(device, spans, shape, {
    into,
    signal,
  });
  return { buffer, shape: [rows.length, columns] };
}

function upload(
  device: GPUDevice,
  { layers }: RowsBatch,
  { into, layer = "X" }: ToGpuOptions,
): GpuRows {
  const rows = layers[layer];
  if (rows === undefined) {
    throw new Error(`Cannot put ${layer} on the GPU: the rows have none`);
  }
  const data = toFloat32(rows);
  if (into && into.size < data.byteLength) {
    throw new RangeError(
      `Cannot put ${data.byteLength} bytes into a buffer of ${into.size}`,
    );
  }
  const buffer = into ?? device.createBuffer({
    label: "rows",
    size: Math.max(data.byteLength, Float32Array.BYTES_PER_ELEMENT),
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST |
      GPUBufferUsage.COPY_SRC,
  });
  device.queue.writeBuffer(buffer, 0, data);
  return { buffer, shape: rows.shape };
}

function toFloat32(rows: MatrixRows): Float32Array<ArrayBuffer> {
  const { data } = rows.format === "csr" ? spreadRows(rows) : rows;
  return data instanceof Float32Array && data.buffer instanceof ArrayBuffer
    ? data as Float32Array<ArrayBuffer>
    : Float32Array.from(data as Iterable<RowNumbers[number]>, Number);
}
