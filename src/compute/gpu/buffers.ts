/** The buffers of one piece of work, all of which end with it. */
import { GpuUnavailableError } from "./gpu_unavailable_error.ts";

/** Offsets and sizes of copies are multiples of it. */
const ALIGNMENT = 4;

/** Sizes are multiples of it: a load of pairs is so long. */
const LOAD_BYTES = 16;

/** What a buffer is for. */
export type BufferPurpose = "uniform" | "input" | "output" | "staging";

/** Makes buffers, and destroys them all at the end. */
export class WorkBuffers {
  readonly #device: GPUDevice;
  readonly #live = new Set<GPUBuffer>();

  /**
   * Starts with no buffers.
   *
   * @param device The device.
   */
  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /**
   * Makes a buffer of zeros.
   *
   * @param purpose What it is for.
   * @param size The least number of bytes.
   * @returns The buffer.
   * @throws {GpuUnavailableError} If there is no memory for it.
   */
  async create(purpose: BufferPurpose, size: number): Promise<GPUBuffer> {
    const device = this.#device;
    device.pushErrorScope("validation");
    device.pushErrorScope("out-of-memory");
    let buffer: GPUBuffer | undefined;
    let cause: unknown;
    try {
      buffer = device.createBuffer({
        size: roundUp(Math.max(size, LOAD_BYTES), LOAD_BYTES),
        usage: usageOf(purpose),
      });
      this.#live.add(buffer);
    } catch (error) {
      cause = error;
    }
    const popped = [device.popErrorScope(), device.popErrorScope()] as const;
    const [memory, validation] = await Promise.all(popped);
    if (buffer && !memory && !validation) return buffer;
    const isMemory = memory !== null || cause !== undefined;
    const why = (memory ?? validation)?.message ?? String(cause);
    throw new GpuUnavailableError(
      isMemory ? "out-of-memory" : "failed",
      `Cannot make a buffer of ${size} bytes on the GPU: ${why}`,
      { cause },
    );
  }

  /**
   * Destroys a buffer before the others.
   *
   * @param buffer The buffer, if there is one.
   */
  destroy(buffer: GPUBuffer | undefined): void {
    if (buffer && this.#live.delete(buffer)) buffer.destroy();
  }

  /**
   * Leaves a buffer to the caller.
   *
   * @param buffer The buffer, which lives on.
   * @returns The buffer.
   */
  release(buffer: GPUBuffer): GPUBuffer {
    this.#live.delete(buffer);
    return buffer;
  }

  /** Destroys all buffers. */
  destroyAll(): void {
    for (const buffer of this.#live) buffer.destroy();
    this.#live.clear();
  }
}

/** A buffer that is made anew where it is too small. */
export class GrowingBuffer {
  readonly #buffers: WorkBuffers;
  readonly #purpose: BufferPurpose;
  #buffer: GPUBuffer | undefined;

  /**
   * Starts with nothing.
   *
   * @param buffers Makes it.
   * @param purpose What it is for.
   */
  constructor(buffers: WorkBuffers, purpose: BufferPurpose) {
    this.#buffers = buffers;
    this.#purpose = purpose;
  }

  /**
   * The buffer, of a size at least; its content is lost where it grows.
   *
   * @param size The number of bytes that are needed.
   * @returns The buffer.
   */
  async ofSize(size: number): Promise<GPUBuffer> {
    if (this.#buffer && this.#buffer.size >= size) return this.#buffer;
    this.#buffers.destroy(this.#buffer);
    this.#buffer = undefined;
    return this.#buffer = await this.#buffers.create(this.#purpose, size);
  }
}

/**
 * Writes to a buffer. What lies past the end of the array would end the
 * process, so the bounds are checked here.
 *
 * @param device The device.
 * @param buffer The buffer.
 * @param source The array.
 * @param byteLength How many of its bytes; rounded up to a multiple of 4.
 * @throws {RangeError} If the array or the buffer is too short.
 */
export function writeBytes(
  device: GPUDevice,
  buffer: GPUBuffer,
  source: Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>,
  byteLength: number = source.byteLength,
): void {
  const length = roundUp(byteLength, ALIGNMENT);
  if (length > source.byteLength || length > buffer.size) {
    throw new RangeError(
      `Cannot write ${length} bytes to a buffer of ${buffer.size}: ` +
        `the array has ${source.byteLength}`,
    );
  }
  if (length === 0) return;
  const { byteOffset } = source;
  device.queue.writeBuffer(buffer, 0, source.buffer, byteOffset, length);
}

/**
 * Maps a staging buffer and gives its first numbers to a function.
 *
 * @param staging The buffer.
 * @param count How many numbers.
 * @param use Is given a view of them, which ends with the call.
 */
export async function readNumbers(
  staging: GPUBuffer,
  count: number,
  use: (numbers: Uint32Array) => void,
): Promise<void> {
  const size = Math.max(4 * count, ALIGNMENT);
  await staging.mapAsync(GPUMapMode.READ, 0, size);
  use(new Uint32Array(staging.getMappedRange(0, size), 0, count));
  staging.unmap();
}

/**
 * Rounds up to a multiple.
 *
 * @param value The number.
 * @param multiple Of what.
 * @returns The multiple that is not below the number.
 */
export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

function usageOf(purpose: BufferPurpose): number {
  switch (purpose) {
    case "uniform":
      return GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    case "input":
      return GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
    case "output":
      return GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC |
        GPUBufferUsage.COPY_DST;
    case "staging":
      return GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
  }
}
