/** Totals and entries of profiles on the GPU. */
import type { Engine } from "../engine.ts";
import type { LeafSpan } from "../leaf_spans.ts";
import { ReferenceEngine } from "../reference_engine.ts";
import { GrowingBuffer, readNumbers } from "./buffers.ts";
import type { LongProfile, PairsChunk } from "./chunks.ts";
import type { ChunkSlot, ChunkTask, GpuWork } from "./gpu_work.ts";
import { chunkLimits } from "./work_limits.ts";

/** The kernels that give a number a profile. */
export type ProfileKernel = "profileTotals" | "profileEntries";

/** How many chunks are under way at once: waiting takes 11 ms, or so. */
const SLOTS = 4;

/** Genes after a map are not looked at, only whether there are any. */
const ANY_COLUMN = 0xffffffff;

interface ValuesSlot extends ChunkSlot {
  readonly values: GrowingBuffer;
  readonly staging: GrowingBuffer;
}

/**
 * Computes a number of each profile.
 *
 * @param work The piece of work.
 * @param kernel Which number.
 * @param spans The profiles.
 * @param profilesCount The number of targets of the spans.
 * @returns The number of each target.
 */
export async function profileValues(
  work: GpuWork,
  kernel: ProfileKernel,
  spans: readonly LeafSpan[],
  profilesCount: number,
): Promise<Float64Array> {
  const values = new Float64Array(profilesCount);
  await work.run(spans, new ProfileValuesTask(work, kernel, values));
  await work.finish();
  return values;
}

class ProfileValuesTask implements ChunkTask<ValuesSlot> {
  readonly slots: readonly ValuesSlot[];
  readonly limits;
  readonly #work: GpuWork;
  readonly #kernel: ProfileKernel;
  readonly #values: Float64Array;

  constructor(work: GpuWork, kernel: ProfileKernel, values: Float64Array) {
    this.#work = work;
    this.#kernel = kernel;
    this.#values = values;
    this.limits = chunkLimits(work.limits);
    this.slots = Array.from({ length: SLOTS }, () => ({
      ...work.makeSlot(),
      values: new GrowingBuffer(work.buffers, "output"),
      staging: new GrowingBuffer(work.buffers, "staging"),
    }));
  }

  async send(
    chunk: PairsChunk,
    slot: ValuesSlot,
  ): Promise<{ readonly done: Promise<void> }> {
    const work = this.#work;
    const { targets, span } = chunk;
    const name = this.#kernel === "profileTotals"
      ? "profile_totals"
      : "profile_entries";
    const hasMap = span.geneMap !== undefined;
    const kernel = await work.gpu.kernel({ name, hasMap });
    const size = 4 * targets.length;
    const values = await slot.values.ofSize(size);
    const staging = await slot.staging.ofSize(size);
    const shared = await work.upload(chunk, slot, { columnsCount: ANY_COLUMN });
    const submitted = work.submit((encoder) => {
      const buffers = [...shared, values];
      work.dispatch(encoder, kernel, buffers, targets.length);
      encoder.copyBufferToBuffer(values, 0, staging, 0, size);
    });
    return { done: this.#take(submitted, staging, targets) };
  }

  async sendLong({ longSpan, target }: LongProfile): Promise<void> {
    const engine: Engine = new ReferenceEngine();
    const [value] = await engine[this.#kernel]([longSpan], 1);
    this.#values[target]! += value!;
  }

  async #take(
    submitted: Promise<void>,
    staging: GPUBuffer,
    targets: Int32Array,
  ): Promise<void> {
    await submitted;
    await readNumbers(staging, targets.length, (numbers) => {
      for (let at = 0; at < numbers.length; at++) {
        this.#values[targets[at]!]! += numbers[at]!;
      }
    });
  }
}
