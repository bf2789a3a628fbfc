/** Memory of batches: how it is used again, and how it moves between threads. */
import type { RowNumbers, RowsBatch } from "../rows.ts";

/** By the key of a layer memory for its dense values. */
export type DenseBuffers = Readonly<Record<string, RowNumbers>>;

/** The memory of a batch, and how many rows there is room for. */
export interface SpareBuffers {
  /** The memory. */
  readonly buffers: DenseBuffers;
  /** The rows. */
  readonly rowsCount: number;
}

/** The memory of batches that are done with. */
export class BufferPool {
  readonly #spares: SpareBuffers[] = [];
  readonly #most: number;

  /** @param most How many batches it is kept of. */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Takes the memory of a batch out of the pool.
   *
   * @param rowsCount How many rows it must have room for.
   * @returns The memory, undefined where there is none.
   */
  take(rowsCount: number): DenseBuffers | undefined {
    const at = this.#spares.findLastIndex((spare) =>
      spare.rowsCount >= rowsCount
    );
    return at < 0 ? undefined : this.#spares.splice(at, 1)[0]!.buffers;
  }

  /**
   * Puts the memory of a batch into the pool. Its arrays are of no more use
   * from then on.
   *
   * @param spare The memory, as {@linkcode spareOf} finds it.
   */
  put(spare: SpareBuffers): void {
    if (this.#spares.length < this.#most) this.#spares.push(spare);
  }
}

/**
 * Finds the memory of dense values in a batch.
 *
 * @param batch The batch.
 * @returns The whole memory that the values are in, without that which was
 * moved away already; undefined where there is none.
 */
export function spareOf({ layers }: RowsBatch): SpareBuffers | undefined {
  const buffers: [string, RowNumbers][] = [];
  let most = Infinity;
  for (const [key, rows] of Object.entries(layers)) {
    if (rows.format !== "dense" || rows.data.byteOffset > 0) continue;
    if (!(rows.data.buffer instanceof ArrayBuffer)) continue;
    if (rows.data.buffer.byteLength === 0) continue;
    const Numbers = rows.data.constructor as Float32ArrayConstructor;
    const whole: RowNumbers = new Numbers(rows.data.buffer);
    most = Math.min(most, Math.floor(whole.length / rows.shape[1]));
    buffers.push([key, whole]);
  }
  if (buffers.length === 0) return undefined;
  return { buffers: Object.fromEntries(buffers), rowsCount: most };
}
