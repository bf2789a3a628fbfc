/**
 * One piece of work on the GPU: its buffers, the profiles that were sent, and
 * whether all of them were valid.
 */
import { decodePairs } from "../../matrix/pairs.ts";
import type { KernelOptions } from "../engine.ts";
import type { LeafSpan } from "../leaf_spans.ts";
import {
  GrowingBuffer,
  readNumbers,
  WorkBuffers,
  writeBytes,
} from "./buffers.ts";
import {
  type ChunkLimits,
  type LongProfile,
  type PairsChunk,
  readChunks,
} from "./chunks.ts";
import type { GpuDevice } from "./gpu_device.ts";
import { GpuUnavailableError } from "./gpu_unavailable_error.ts";
import type { CompiledKernel } from "./pipelines.ts";
import { workgroupsFor } from "./shaders.ts";

/** The state of `lowest_bad` where no profile is bad. */
const NONE_BAD = 0xffffffff;

/** The most workgroups in one direction. */
const MOST_GROUPS = 65_535;

/** How much memory is used at once. */
export interface WorkLimits {
  /** The pairs of a chunk, in bytes. */
  readonly chunkBytes: number;
  /** The most bytes of a buffer. */
  readonly bindingBytes: number;
  /** The most bytes of a profile that is left to the GPU. */
  readonly profileBytes: number;
}

/** The buffers that a chunk is sent in. */
export interface ChunkSlot {
  /** The numbers of the job. */
  readonly job: GrowingBuffer;
  /** The pairs. */
  readonly pairs: GrowingBuffer;
  /** Where those of each profile are. */
  readonly places: GrowingBuffer;
}

/** What a kernel does with chunks. */
export interface ChunkTask<S extends ChunkSlot> {
  /** How many chunks are under way at once. */
  readonly slots: readonly S[];
  /** How much goes into a chunk. */
  readonly limits: ChunkLimits;
  /** Sends a chunk; `done` ends when its results were taken. */
  send(chunk: PairsChunk, slot: S): Promise<{ readonly done: Promise<void> }>;
  /** Does what is too long for the GPU. */
  sendLong(profile: LongProfile): Promise<void>;
}

/** The numbers of a job that depend on the kernel. */
export interface JobNumbers {
  /** The genes of the result, after the map. */
  readonly columnsCount: number;
  /** How many tables of sums there are. */
  readonly tablesCount?: number | undefined;
}

/** One piece of work. */
export class GpuWork {
  /** The device. */
  readonly gpu: GpuDevice;
  /** The buffers, which end with the work. */
  readonly buffers: WorkBuffers;
  /** How much memory is used at once. */
  readonly limits: WorkLimits;
  /** Told of the progress, and stopped. */
  readonly options: KernelOptions;
  readonly #maps = new Map<Int32Array | undefined, GPUBuffer>();
  readonly #sent: SentProfiles[] = [];
  #sentCount = 0;
  #lowestBad: GPUBuffer | undefined;

  /**
   * Starts a piece of work.
   *
   * @param gpu The device.
   * @param limits How much memory is used at once.
   * @param options Told of the progress, and stopped.
   */
  constructor(gpu: GpuDevice, limits: WorkLimits, options: KernelOptions) {
    this.gpu = gpu;
    this.buffers = new WorkBuffers(gpu.device);
    this.limits = limits;
    this.options = options;
  }

  /**
   * Makes the buffers of a slot, which are empty at first.
   *
   * @returns The slot.
   */
  makeSlot(): ChunkSlot {
    return {
      job: new GrowingBuffer(this.buffers, "uniform"),
      pairs: new GrowingBuffer(this.buffers, "input"),
      places: new GrowingBuffer(this.buffers, "input"),
    };
  }

  /**
   * Reads spans and sends them, chunk by chunk.
   *
   * @param spans The spans.
   * @param task What is done with the chunks.
   * @throws {SyntaxError} If pairs are not valid.
   * @throws {GpuUnavailableError} If the GPU fails.
   */
  async run<S extends ChunkSlot>(
    spans: readonly LeafSpan[],
    task: ChunkTask<S>,
  ): Promise<void> {
    const underWay = task.slots.map(() => Promise.resolve());
    try {
      let next = 0;
      for await (const item of readChunks(spans, task.limits)) {
        this.check();
        if ("longSpan" in item) {
          await this.#sendLong(item, task);
          continue;
        }
        await underWay[next];
        this.check();
        const { done } = await task.send(item, task.slots[next]!);
        underWay[next] = this.#told(done, item.profiles.length);
        next = (next + 1) % task.slots.length;
      }
      await Promise.all(underWay);
    } finally {
      // No buffer may be destroyed while it is mapped.
      await Promise.allSettled(underWay);
    }
    this.check();
  }

  /**
   * Throws where the work was stopped or the device was lost.
   *
   * @throws {GpuUnavailableError} If the device was lost.
   */
  check(): void {
    this.options.signal?.throwIfAborted();
    this.gpu.check();
  }

  /**
   * Runs the work, says why it failed where it did, and destroys its buffers.
   *
   * @param compute The work.
   * @returns What it returns.
   * @throws {GpuUnavailableError} If the GPU fails.
   */
  async attempt<T>(compute: () => Promise<T>): Promise<T> {
    try {
      this.check();
      return await this.gpu.orLost(compute());
    } catch (error) {
      this.options.signal?.throwIfAborted();
      if (error instanceof SyntaxError) throw error;
      throw await this.gpu.explain(error);
    } finally {
      this.buffers.destroyAll();
    }
  }

  /**
   * Uploads a chunk.
   *
   * @param chunk The chunk.
   * @param slot Where to.
   * @param numbers What the kernel is told.
   * @returns The first bindings of kernels that walk profiles.
   */
  async upload(
    chunk: PairsChunk,
    slot: ChunkSlot,
    numbers: JobNumbers,
  ): Promise<GPUBuffer[]> {
    const { device } = this.gpu;
    const job = await slot.job.ofSize(32);
    const pairs = await slot.pairs.ofSize(chunk.byteLength);
    const places = await slot.places.ofSize(chunk.places.byteLength);
    const map = await this.#mapOf(chunk.span.geneMap);
    const lowestBad = await this.#badBuffer();
    const { columnsCount, tablesCount = 1 } = numbers;
    const profilesCount = chunk.profiles.length;
    const { genesCount } = chunk.span.matrix;
    writeBytes(
      device,
      job,
      Uint32Array.of(
        profilesCount,
        genesCount,
        columnsCount,
        this.#sentCount,
        tablesCount,
      ),
    );
    writeBytes(device, pairs, chunk.bytes, chunk.byteLength);
    writeBytes(device, places, chunk.places);
    const { span, profiles } = chunk;
    this.#sent.push({ firstNumber: this.#sentCount, span, profiles });
    this.#sentCount += profilesCount;
    return [job, pairs, places, map, lowestBad];
  }

  /**
   * Records commands and submits them.
   *
   * @param record Records them.
   * @returns A promise that ends when they were found valid.
   */
  submit(record: (encoder: GPUCommandEncoder) => void): Promise<void> {
    const { device } = this.gpu;
    device.pushErrorScope("validation");
    device.pushErrorScope("out-of-memory");
    let popped: Promise<(GPUError | null)[]>;
    try {
      const encoder = device.createCommandEncoder();
      record(encoder);
      device.queue.submit([encoder.finish()]);
    } finally {
      popped = Promise.all([device.popErrorScope(), device.popErrorScope()]);
    }
    return popped.then(([memory, validation]) => {
      const error = memory ?? validation;
      if (!error) return;
      throw new GpuUnavailableError(
        memory ? "out-of-memory" : "failed",
        `Cannot compute on the GPU: ${error.message}`,
      );
    });
  }

  /**
   * Records that a kernel runs.
   *
   * @param encoder Takes the commands.
   * @param kernel The kernel.
   * @param buffers What it binds.
   * @param count How many profiles, or numbers, it is for.
   */
  dispatch(
    encoder: GPUCommandEncoder,
    kernel: CompiledKernel,
    buffers: readonly GPUBuffer[],
    count: number,
  ): void {
    if (count === 0) return;
    const pass = encoder.beginComputePass();
    pass.setPipeline(kernel.pipeline);
    const entries = buffers.map((buffer, binding) => ({
      binding,
      resource: { buffer },
    }));
    const { layout } = kernel;
    const { device } = this.gpu;
    pass.setBindGroup(0, device.createBindGroup({ layout, entries }));
    const groups = workgroupsFor(kernel.name, count, this.gpu);
    const rows = Math.ceil(groups / MOST_GROUPS);
    pass.dispatchWorkgroups(Math.ceil(groups / rows), rows);
    pass.end();
  }

  /**
   * Checks that all profiles that were sent were valid.
   *
   * @throws {SyntaxError} If pairs are not valid.
   */
  async finish(): Promise<void> {
    const lowestBad = this.#lowestBad;
    if (lowestBad !== undefined) {
      const staging = await this.buffers.create("staging", 4);
      await this.submit((encoder) => {
        encoder.copyBufferToBuffer(lowestBad, 0, staging, 0, 4);
      });
      let lowest = NONE_BAD;
      await readNumbers(staging, 1, ([number]) => lowest = number!);
      this.check();
      if (lowest !== NONE_BAD) await this.#reject(lowest);
    }
    this.check();
  }

  async #sendLong<S extends ChunkSlot>(
    profile: LongProfile,
    task: ChunkTask<S>,
  ): Promise<void> {
    try {
      await task.sendLong(profile);
    } catch (error) {
      // One that was sent before may be wrong too, and is to be told first.
      if (error instanceof SyntaxError) await this.finish();
      throw error;
    }
    this.options.advance?.(1);
  }

  /** What fails is told when the slot is needed again, or at the end. */
  #told(done: Promise<void>, profilesCount: number): Promise<void> {
    const told = done.then(() => this.options.advance?.(profilesCount));
    told.catch(() => {});
    return told;
  }

  async #mapOf(geneMap: Int32Array | undefined): Promise<GPUBuffer> {
    const known = this.#maps.get(geneMap);
    if (known) return known;
    const size = geneMap?.byteLength ?? 0;
    const buffer = await this.buffers.create("input", size);
    if (geneMap) {
      writeBytes(this.gpu.device, buffer, new Uint32Array(geneMap));
    }
    this.#maps.set(geneMap, buffer);
    return buffer;
  }

  async #badBuffer(): Promise<GPUBuffer> {
    if (this.#lowestBad) return this.#lowestBad;
    const buffer = await this.buffers.create("output", 4);
    writeBytes(this.gpu.device, buffer, Uint32Array.of(NONE_BAD));
    return this.#lowestBad = buffer;
  }

  /** Decodes a profile that is not valid, for the message with the offset. */
  async #reject(number: number): Promise<never> {
    const sent = this.#sent.findLast((sent) => sent.firstNumber <= number);
    const profile = sent?.profiles[number - sent.firstNumber];
    if (sent && profile !== undefined) await decode(sent.span, profile);
    throw new GpuUnavailableError(
      "failed",
      `Cannot compute on the GPU: ${this.gpu.name} finds pairs not valid ` +
        "that are valid",
    );
  }
}

async function decode({ matrix }: LeafSpan, profile: number): Promise<void> {
  for await (const window of matrix.windows(profile, profile + 1)) {
    const [start, end] = window.starts;
    decodePairs(window.pairs.subarray(start, end), matrix.genesCount, {
      name: matrix.name,
      offset: window.offset + start!,
    });
  }
}

interface SentProfiles {
  readonly firstNumber: number;
  readonly span: LeafSpan;
  readonly profiles: Int32Array;
}
