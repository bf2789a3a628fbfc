/** Memory of batches: how it is used again, and how it moves between threads. */
import type {
  DenseMemory,
  RowNumbers,
  RowsBatch,
  SparseMemory,
} from "../rows.ts";

/**
 * By how much memory is larger that is made for rows that are to come: what is
 * not used of it takes none.
 */
const SLACK = 1.25;

/** The memory of a batch. */
export type SpareMemory =
  | {
    /** That of dense rows. */
    readonly dense: DenseMemory;
    /** How many rows there is room for. */
    readonly rowsCount: number;
  }
  | {
    /** That of sparse rows. */
    readonly sparse: SparseMemory;
  };

/** The memory of batches that are done with. */
export class MemoryPool {
  readonly #spares: SpareMemory[] = [];
  readonly #most: number;

  /** @param most How many batches it is kept of. */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Takes the memory of dense rows out of the pool.
   *
   * @param rowsCount How many rows it must have room for.
   * @returns The memory, undefined where there is none.
   */
  takeDense(rowsCount: number): DenseMemory | undefined {
    const spare = this.#take((one) =>
      "dense" in one && one.rowsCount >= rowsCount
    );
    return spare && "dense" in spare ? spare.dense : undefined;
  }

  /**
   * Takes the memory of sparse rows out of the pool.
   *
   * @returns The memory, undefined where there is none.
   */
  takeSparse(): SparseMemory | undefined {
    const spare = this.#take((one) => "sparse" in one);
    return spare && "sparse" in spare ? spare.sparse : undefined;
  }

  /**
   * Puts the memory of a batch into the pool. Its arrays are of no more use
   * from then on.
   *
   * @param spare The memory, as {@linkcode spareOf} finds it.
   */
  put(spare: SpareMemory): void {
    if (this.#spares.length < this.#most) this.#spares.push(spare);
  }

  #take(isFit: (spare: SpareMemory) => boolean): SpareMemory | undefined {
    const at = this.#spares.findLastIndex(isFit);
    return at < 0 ? undefined : this.#spares.splice(at, 1)[0];
  }
}

/**
 * Finds the memory of the values of a batch.
 *
 * @param batch The batch.
 * @returns The whole memory that the values are in, without that which was
 * moved away already; undefined where there is none.
 */
export function spareOf({ layers }: RowsBatch): SpareMemory | undefined {
  const dense: [string, RowNumbers][] = [];
  const sparse: [string, SparseMemory[string]][] = [];
  let rowsCount = Infinity;
  for (const [key, rows] of Object.entries(layers)) {
    const data = wholeOf(rows.data);
    if (data === undefined) continue;
    if (rows.format === "csr") {
      const indices = wholeOf(rows.indices);
      if (indices) sparse.push([key, { data, indices }]);
      continue;
    }
    rowsCount = Math.min(rowsCount, Math.floor(data.length / rows.shape[1]));
    dense.push([key, data]);
  }
  if (dense.length > 0) return { dense: Object.fromEntries(dense), rowsCount };
  return sparse.length > 0 ? { sparse: Object.fromEntries(sparse) } : undefined;
}

/**
 * Makes memory that threads share. What moves between threads is garbage to the
 * one and new to the other, and both would look for more of it each time.
 *
 * @param sparse The memory of sparse rows.
 * @param times For how many times as many rows it is.
 * @returns The new memory, or the same where it is shared already.
 */
export function shareMemory(sparse: SparseMemory, times = 1): SparseMemory {
  const entries = Object.entries(sparse).map(([key, { data, indices }]) =>
    [
      key,
      { data: share(data, times), indices: share(indices, times) },
    ] as const
  );
  return Object.fromEntries(entries);
}

function share<Numbers extends RowNumbers>(
  numbers: Numbers,
  times: number,
): Numbers {
  const { BYTES_PER_ELEMENT, buffer, constructor, length } = numbers;
  if (buffer instanceof SharedArrayBuffer) return numbers;
  const count = Math.ceil(SLACK * times * length);
  const Class = constructor as new (buffer: ArrayBufferLike) => Numbers;
  return new Class(new SharedArrayBuffer(count * BYTES_PER_ELEMENT));
}

/** All of the memory of an array that starts with it. */
function wholeOf<Numbers extends RowNumbers>(
  { buffer, byteOffset, constructor }: Numbers,
): Numbers | undefined {
  if (byteOffset > 0 || buffer.byteLength === 0) return undefined;
  const Class = constructor as new (buffer: ArrayBufferLike) => Numbers;
  return new Class(buffer);
}
