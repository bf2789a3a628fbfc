/** Measures a GPU: what its kernels reach beside what its memory gives. */
import { MemorySink } from "../../io/memory_sink.ts";
import { MemoryMappedMatrix } from "../../matrix/memory_mapped_matrix.ts";
import type { Kernel } from "../engine.ts";
import { type LeafSpan, selectProfiles } from "../leaf_spans.ts";
import { writeMadeUpPairs } from "../made_up_pairs.ts";
import { type PairsChunk, PLACE_NUMBERS, readChunks } from "./chunks.ts";
import { openDevice, wrapDevice } from "./gpu_device.ts";
import type { GpuEngineOptions } from "./gpu_engine.ts";
import { GpuWork } from "./gpu_work.ts";
import type { KernelSource } from "./shaders.ts";
import { chunkLimits, denseRowsAtOnce } from "./work_limits.ts";

/** What is measured, and for how long. */
export interface MeasureOptions extends GpuEngineOptions {
  /** The profiles; by default some that are made up, of 30,000 genes. */
  readonly spans?: readonly LeafSpan[] | undefined;
  /**
   * The pairs that are resident, in bytes, more than the caches of the GPU
   * take; by default 512 MiB, and 16 MiB where the GPU is software.
   */
  readonly residentBytes?: number | undefined;
  /** The least time of a measurement, in milliseconds; 50 by default. */
  readonly leastTime?: number | undefined;
  /** Stops it: the promise rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
}

/** What a kernel reached over pairs that are on the GPU already. */
export interface KernelSpeed {
  /** The kernel. */
  readonly kernel: Kernel;
  /** Bytes that are read and written, a second. */
  readonly bytesPerSecond: number;
  /** Pairs a second. */
  readonly pairsPerSecond: number;
}

/** What was measured. */
export interface GpuMeasurement {
  /** What the adapter is called. */
  readonly name: string;
  /** Whether it is a program on the CPU. */
  readonly isSoftware: boolean;
  /** Whether subgroups walked the profiles. */
  readonly hasSubgroups: boolean;
  /** From the asking for the adapter to the device, in milliseconds. */
  readonly startTime: number;
  /** From sending next to nothing to its result, in milliseconds. */
  readonly latency: number;
  /** Bytes that are sent to the GPU, a second. */
  readonly uploadBytesPerSecond: number;
  /** Bytes that are brought back, a second. */
  readonly readBackBytesPerSecond: number;
  /** Bytes that are read and written by a copy on the GPU, a second. */
  readonly copyBytesPerSecond: number;
  /** What the kernels reached. */
  readonly kernels: readonly KernelSpeed[];
}

const RESIDENT_BYTES = 1 << 29;
const SOFTWARE_RESIDENT_BYTES = 1 << 24;

/** The pairs of one chunk of the resident ones, in bytes. */
const CHUNK_BYTES = 1 << 25;

/** How often a short measurement is repeated, at most. */
const MOST_REPEATS = 1 << 14;

/** The groups that profiles are summed into. */
const GROUPS = 50;

/**
 * Measures the GPU.
 *
 * @param options Which GPU, what is measured, and for how long.
 * @returns What was measured.
 * @throws {GpuUnavailableError} If there is no GPU.
 */
export async function measureGpu(
  options: MeasureOptions = {},
): Promise<GpuMeasurement> {
  const { device, subgroups, signal } = options;
  const start = performance.now();
  const gpu = device === undefined
    ? await openDevice(options, subgroups)
    : await wrapDevice(device, subgroups);
  const startTime = performance.now() - start;
  const { bindingBytes, profileBytes, isSoftware } = gpu;
  const residentBytes = options.residentBytes ??
    (isSoftware ? SOFTWARE_RESIDENT_BYTES : RESIDENT_BYTES);
  const chunkBytes = Math.min(residentBytes, CHUNK_BYTES);
  const limits = { chunkBytes, bindingBytes, profileBytes };
  const work = new GpuWork(gpu, limits, { signal });
  try {
    const spans = options.spans ?? await madeUpSpans(chunkBytes);
    const copies = Math.max(1, Math.floor(residentBytes / chunkBytes));
    const bench = new GpuBench(work, copies, options.leastTime ?? 50);
    return {
      name: gpu.name,
      isSoftware,
      hasSubgroups: gpu.subgroupsHeader !== undefined,
      startTime,
      latency: await bench.latency(),
      ...await bench.transfers(Math.min(residentBytes, bindingBytes)),
      kernels: await bench.kernels(spans),
    };
  } finally {
    work.buffers.destroyAll();
    gpu.release();
    if (device === undefined) gpu.device.destroy();
  }
}

type Transfers = Pick<
  GpuMeasurement,
  | "uploadBytesPerSecond"
  | "readBackBytesPerSecond"
  | "copyBytesPerSecond"
>;

class GpuBench {
  readonly #work: GpuWork;
  readonly #copies: number;
  readonly #leastTime: number;

  constructor(work: GpuWork, copies: number, leastTime: number) {
    this.#work = work;
    this.#copies = copies;
    this.#leastTime = leastTime;
  }

  async latency(): Promise<number> {
    await this.#submitted(() => {});
    return await timeOf(() => this.#submitted(() => {}));
  }

  async transfers(bytes: number): Promise<Transfers> {
    const size = Math.max(16, Math.floor(bytes / 16) * 16);
    const { buffers, gpu } = this.#work;
    const source = await buffers.create("output", size);
    const target = await buffers.create("output", size);
    const staging = await buffers.create("staging", size);
    const array = new Uint8Array(size);
    const copy = await this.#timeOfOne((encoder) => {
      encoder.copyBufferToBuffer(source, 0, target, 0, size);
    });
    const upload = async () => {
      gpu.device.queue.writeBuffer(source, 0, array, 0, size);
      await this.#submitted(() => {});
    };
    const readBack = async () => {
      await staging.mapAsync(GPUMapMode.READ);
      array.set(new Uint8Array(staging.getMappedRange()));
      staging.unmap();
    };
    const times = [await bestOf(upload), await bestOf(readBack)] as const;
    for (const buffer of [source, target, staging]) buffers.destroy(buffer);
    return {
      uploadBytesPerSecond: 1000 * size / times[0],
      readBackBytesPerSecond: 1000 * size / times[1],
      copyBytesPerSecond: 1000 * 2 * size / copy,
    };
  }

  /** Each kernel over one chunk, of which there are several copies. */
  async kernels(spans: readonly LeafSpan[]): Promise<KernelSpeed[]> {
    const limits = chunkLimits(this.#work.limits, 2);
    for await (const chunk of readChunks(spans, limits)) {
      if ("longSpan" in chunk) continue;
      return [
        await this.#values("profileTotals", "profile_totals", chunk),
        await this.#values("profileEntries", "profile_entries", chunk),
        await this.#sums("geneTotals", "gene_totals", chunk),
        await this.#sums("groupSums", "group_sums", chunk),
        await this.#dense(chunk),
        await this.#sparse(chunk),
      ];
    }
    return [];
  }

  #values(
    kernel: Kernel,
    name: KernelSource["name"],
    chunk: PairsChunk,
  ): Promise<KernelSpeed> {
    const written = 4 * chunk.profiles.length;
    return this.#walk(kernel, { name }, chunk, [written], written);
  }

  #sums(
    kernel: Kernel,
    name: KernelSource["name"],
    chunk: PairsChunk,
  ): Promise<KernelSpeed> {
    const { places, profiles, span } = chunk;
    for (let at = 0; at < profiles.length; at++) {
      places[PLACE_NUMBERS * at + 2] = at % GROUPS;
    }
    const size = 4 * span.matrix.genesCount * GROUPS;
    return this.#walk(kernel, { name }, chunk, [size], 0);
  }

  /** As many rows as are decoded at once. */
  #dense(chunk: PairsChunk): Promise<KernelSpeed> {
    const { genesCount } = chunk.span.matrix;
    const most = denseRowsAtOnce(this.#work.limits, genesCount);
    const part = firstProfiles(chunk, most);
    const rows = part.profiles.length;
    for (let at = 0; at < rows; at++) part.places[PLACE_NUMBERS * at + 2] = at;
    const size = 4 * rows * genesCount;
    const source = { name: "decode_dense", asFloat: true } as const;
    return this.#walk("decodeDense", source, part, [size], size);
  }

  async #sparse(chunk: PairsChunk): Promise<KernelSpeed> {
    const size = 2 * chunk.byteLength;
    const source = { name: "decode_sparse" } as const;
    const offsets = new Uint32Array(chunk.profiles.length);
    for (let at = 0; at < offsets.length; at++) {
      offsets[at] = chunk.places[PLACE_NUMBERS * at]!;
    }
    const sizes = [offsets.byteLength, size, size];
    return await this.#walk(
      "decodeSparse",
      source,
      chunk,
      sizes,
      2 * size,
      offsets,
    );
  }

  async #walk(
    kernel: Kernel,
    source: KernelSource,
    chunk: PairsChunk,
    sizes: readonly number[],
    written: number,
    first?: Uint32Array<ArrayBuffer>,
  ): Promise<KernelSpeed> {
    const work = this.#work;
    const hasMap = chunk.span.geneMap !== undefined;
    const compiled = await work.gpu.kernel({ ...source, hasMap });
    const columnsCount = chunk.span.matrix.genesCount;
    const numbers = { columnsCount, tablesCount: 8 };
    const resident: GPUBuffer[][] = [];
    for (let copy = 0; copy < this.#copies; copy++) {
      resident.push(await work.upload(chunk, work.makeSlot(), numbers));
    }
    const outputs: GPUBuffer[] = [];
    for (const size of sizes) {
      outputs.push(await work.buffers.create("output", size));
    }
    if (first) work.gpu.device.queue.writeBuffer(outputs[0]!, 0, first);
    let next = 0;
    const time = await this.#timeOfOne((encoder) => {
      const buffers = [...resident[next++ % this.#copies]!, ...outputs];
      work.dispatch(encoder, compiled, buffers, chunk.profiles.length);
    });
    for (const buffer of outputs) work.buffers.destroy(buffer);
    for (const [job, pairs, places] of resident) {
      for (const buffer of [job, pairs, places]) work.buffers.destroy(buffer);
    }
    return {
      kernel,
      bytesPerSecond: 1000 * (chunk.byteLength + written) / time,
      pairsPerSecond: 1000 * chunk.byteLength / 2 / time,
    };
  }

  /** The latency drops out of the difference of n and of 2 n in one go. */
  async #timeOfOne(
    record: (encoder: GPUCommandEncoder) => void,
  ): Promise<number> {
    await this.#submitted(record);
    for (let repeats = 1;; repeats *= 2) {
      const time = await this.#timeOfMany(record, repeats);
      if (time < this.#leastTime && repeats < MOST_REPEATS) continue;
      const differences: number[] = [];
      for (let at = 0; at < 3; at++) {
        const short = await this.#timeOfMany(record, repeats);
        const long = await this.#timeOfMany(record, 2 * repeats);
        differences.push((long - short) / repeats);
      }
      return Math.max(median(differences), 1e-6);
    }
  }

  #timeOfMany(
    record: (encoder: GPUCommandEncoder) => void,
    repeats: number,
  ): Promise<number> {
    return timeOf(() =>
      this.#submitted((encoder) => {
        for (let at = 0; at < repeats; at++) record(encoder);
      })
    );
  }

  async #submitted(
    record: (encoder: GPUCommandEncoder) => void,
  ): Promise<void> {
    await this.#work.submit(record);
    await this.#work.gpu.device.queue.onSubmittedWorkDone();
    this.#work.check();
  }
}

async function timeOf(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

async function bestOf(run: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let at = 0; at < 4; at++) times.push(await timeOf(run));
  return Math.min(...times);
}

function median(numbers: number[]): number {
  return numbers.sort((left, right) => left - right)[numbers.length >> 1]!;
}

function firstProfiles(chunk: PairsChunk, most: number): PairsChunk {
  const count = Math.min(most, chunk.profiles.length);
  const places = chunk.places.subarray(0, PLACE_NUMBERS * count);
  return {
    ...chunk,
    byteLength: 2 * places[PLACE_NUMBERS * (count - 1) + 1]!,
    places,
    profiles: chunk.profiles.subarray(0, count),
    targets: chunk.targets.subarray(0, count),
  };
}

async function madeUpSpans(bytes: number): Promise<LeafSpan[]> {
  const sink = new MemorySink();
  writeMadeUpPairs(sink, bytes);
  return [selectProfiles(await MemoryMappedMatrix.open(sink.bytes()))];
}
