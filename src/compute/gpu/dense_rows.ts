/** Decodes dense rows on the GPU. */
import type { DenseArrays, DenseShape, DenseType } from "../engine.ts";
import type { LeafSpan } from "../leaf_spans.ts";
import { makeRows, ReferenceEngine } from "../reference_engine.ts";
import { GrowingBuffer, readNumbers } from "./buffers.ts";
import { type LongProfile, type PairsChunk, PLACE_NUMBERS } from "./chunks.ts";
import type { ChunkSlot, ChunkTask, GpuWork } from "./gpu_work.ts";
import { chunkLimits, denseRowsAtOnce } from "./work_limits.ts";

/** How many chunks are under way at once. */
const SLOTS = 2;

interface RowsSlot extends ChunkSlot {
  readonly rows: GrowingBuffer;
  readonly staging: GrowingBuffer;
}

/**
 * Decodes dense rows, and brings them back.
 *
 * @param work The piece of work.
 * @param spans The profiles.
 * @param shape How many rows and genes, and of what type.
 * @returns The rows.
 */
export async function decodeDenseRows<T extends DenseType>(
  work: GpuWork,
  spans: readonly LeafSpan[],
  shape: DenseShape<T>,
): Promise<DenseArrays[T]> {
  const rows = shape.into ?? makeRows(shape);
  await work.run(spans, new DenseRowsTask(work, shape, rows));
  await work.finish();
  return rows;
}

class DenseRowsTask implements ChunkTask<RowsSlot> {
  readonly slots: readonly RowsSlot[];
  readonly limits;
  readonly #work: GpuWork;
  readonly #dtype: DenseType;
  readonly #genesCount: number;
  /** The bits of the rows. */
  readonly #bits: Uint32Array;

  constructor(
    work: GpuWork,
    { dtype, genesCount }: DenseShape,
    rows: Float32Array | Uint32Array,
  ) {
    this.#work = work;
    this.#dtype = dtype;
    this.#genesCount = genesCount;
    this.#bits = new Uint32Array(rows.buffer, rows.byteOffset, rows.length);
    const profiles = denseRowsAtOnce(work.limits, genesCount);
    this.limits = { ...chunkLimits(work.limits), profiles };
    this.slots = Array.from({ length: SLOTS }, () => ({
      ...work.makeSlot(),
      rows: new GrowingBuffer(work.buffers, "output"),
      staging: new GrowingBuffer(work.buffers, "staging"),
    }));
  }

  async send(
    chunk: PairsChunk,
    slot: RowsSlot,
  ): Promise<{ readonly done: Promise<void> }> {
    const work = this.#work;
    const { targets, span, places } = chunk;
    for (let at = 0; at < targets.length; at++) {
      places[PLACE_NUMBERS * at + 2] = at;
    }
    const kernel = await work.gpu.kernel({
      name: "decode_dense",
      hasMap: span.geneMap !== undefined,
      asFloat: this.#dtype === "float32",
    });
    const columnsCount = this.#genesCount;
    const size = 4 * targets.length * columnsCount;
    const rows = await slot.rows.ofSize(size);
    const staging = await slot.staging.ofSize(size);
    const shared = await work.upload(chunk, slot, { columnsCount });
    const submitted = work.submit((encoder) => {
      encoder.clearBuffer(rows, 0, size);
      work.dispatch(encoder, kernel, [...shared, rows], targets.length);
      encoder.copyBufferToBuffer(rows, 0, staging, 0, size);
    });
    return { done: this.#take(submitted, staging, targets) };
  }

  async sendLong({ longSpan, target }: LongProfile): Promise<void> {
    const genesCount = this.#genesCount;
    const shape = { profilesCount: 1, genesCount, dtype: this.#dtype };
    const row = await new ReferenceEngine().decodeDense([longSpan], shape);
    const bits = new Uint32Array(row.buffer, row.byteOffset, row.length);
    this.#bits.set(bits, genesCount * target);
  }

  async #take(
    submitted: Promise<void>,
    staging: GPUBuffer,
    targets: Int32Array,
  ): Promise<void> {
    const { length } = targets;
    const genesCount = this.#genesCount;
    await submitted;
    await readNumbers(staging, length * genesCount, (numbers) => {
      if (isConsecutive(targets)) {
        return this.#bits.set(numbers, genesCount * targets[0]!);
      }
      for (let at = 0; at < length; at++) {
        const start = genesCount * at;
        const row = numbers.subarray(start, start + genesCount);
        this.#bits.set(row, genesCount * targets[at]!);
      }
    });
  }
}

function isConsecutive(targets: Int32Array): boolean {
  return targets.every((target, at) => target === targets[0]! + at);
}
