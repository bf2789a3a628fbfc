/** Decodes rows into a buffer of the GPU, for what goes on computing there. */
import type { KernelOptions, SparseShape } from "../engine.ts";
import type { LeafSpan } from "../leaf_spans.ts";
import { ReferenceEngine } from "../reference_engine.ts";
import { type LongProfile, type PairsChunk, PLACE_NUMBERS } from "./chunks.ts";
import { type GpuDevice, wrapDevice } from "./gpu_device.ts";
import { GpuUnavailableError } from "./gpu_unavailable_error.ts";
import { type ChunkSlot, type ChunkTask, GpuWork } from "./gpu_work.ts";
import { chunkLimits } from "./work_limits.ts";

/** How many chunks are under way at once. */
const SLOTS = 3;

/** How rows are decoded into a buffer. */
export interface BufferRowsOptions extends KernelOptions {
  /**
   * The buffer to decode into, of the usages storage and copy destination; by
   * default a new one, which can be copied from too. The caller destroys it.
   */
  readonly into?: GPUBuffer | undefined;
}

/** Devices that were seen, and what was compiled for them. */
const devices = new WeakMap<GPUDevice, Promise<GpuDevice>>();

/**
 * Decodes profiles from byte pairs into a buffer of a device: a row of float32
 * for each target, one after the other. The bits are those of `decodeDense`.
 *
 * @param device The device, which stays the caller's.
 * @param spans The profiles.
 * @param shape How many rows and genes.
 * @param options A buffer to decode into, the progress, a signal to stop.
 * @returns The buffer.
 * @throws {SyntaxError} If pairs are not valid.
 * @throws {RangeError} If `into` is too small.
 * @throws {GpuUnavailableError} If the device can't do it.
 */
export async function decodeRowsToBuffer(
  device: GPUDevice,
  spans: readonly LeafSpan[],
  shape: SparseShape,
  options: BufferRowsOptions = {},
): Promise<GPUBuffer> {
  const gpu = await knownDevice(device);
  const { chunkBytes, bindingBytes, profileBytes } = gpu;
  const limits = { chunkBytes, bindingBytes, profileBytes };
  const work = new GpuWork(gpu, limits, options);
  const size = 4 * shape.profilesCount * shape.genesCount;
  checkSize(size, shape, bindingBytes, options.into);
  return await work.attempt(async () => {
    const rows = options.into ?? await work.buffers.create("output", size);
    await work.submit((encoder) => encoder.clearBuffer(rows, 0, size));
    await work.run(spans, new BufferRowsTask(work, rows, shape.genesCount));
    await work.finish();
    return work.buffers.release(rows);
  });
}

class BufferRowsTask implements ChunkTask<ChunkSlot> {
  readonly slots: readonly ChunkSlot[];
  readonly limits;
  readonly #work: GpuWork;
  readonly #rows: GPUBuffer;
  readonly #genesCount: number;

  constructor(work: GpuWork, rows: GPUBuffer, genesCount: number) {
    this.#work = work;
    this.#rows = rows;
    this.#genesCount = genesCount;
    this.limits = chunkLimits(work.limits);
    this.slots = Array.from({ length: SLOTS }, () => work.makeSlot());
  }

  async send(
    chunk: PairsChunk,
    slot: ChunkSlot,
  ): Promise<{ readonly done: Promise<void> }> {
    const work = this.#work;
    const { targets, span, places } = chunk;
    for (let at = 0; at < targets.length; at++) {
      places[PLACE_NUMBERS * at + 2] = targets[at]!;
    }
    const kernel = await work.gpu.kernel({
      name: "decode_dense",
      hasMap: span.geneMap !== undefined,
      asFloat: true,
    });
    const columnsCount = this.#genesCount;
    const shared = await work.upload(chunk, slot, { columnsCount });
    const submitted = work.submit((encoder) => {
      const buffers = [...shared, this.#rows];
      work.dispatch(encoder, kernel, buffers, targets.length);
    });
    const worked = work.gpu.device.queue.onSubmittedWorkDone();
    return { done: submitted.then(() => worked) };
  }

  async sendLong({ longSpan, target }: LongProfile): Promise<void> {
    const genesCount = this.#genesCount;
    const shape = { profilesCount: 1, genesCount, dtype: "float32" } as const;
    const row = await new ReferenceEngine().decodeDense([longSpan], shape);
    const { queue } = this.#work.gpu.device;
    queue.writeBuffer(this.#rows, row.byteLength * target, row.slice());
  }
}

function knownDevice(device: GPUDevice): Promise<GpuDevice> {
  const known = devices.get(device);
  if (known) return known;
  const wrapped = wrapDevice(device);
  devices.set(device, wrapped);
  return wrapped;
}

function checkSize(
  size: number,
  { profilesCount, genesCount }: SparseShape,
  bindingBytes: number,
  into: GPUBuffer | undefined,
): void {
  if (into && into.size < size) {
    throw new RangeError(
      `Cannot decode ${profilesCount} rows of ${genesCount} genes into a ` +
        `buffer of ${into.size} bytes`,
    );
  }
  if (size <= bindingBytes) return;
  throw new GpuUnavailableError(
    "limits",
    `Cannot decode ${profilesCount} rows of ${genesCount} genes on the GPU: ` +
      `a buffer takes ${bindingBytes} bytes`,
  );
}
