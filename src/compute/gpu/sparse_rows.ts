/** Decodes sparse rows on the GPU. */
import type { SparseRows, SparseShape } from "../engine.ts";
import type { LeafSpan } from "../leaf_spans.ts";
import { makeSparseRows, ReferenceEngine } from "../reference_engine.ts";
import { GrowingBuffer, readNumbers, writeBytes } from "./buffers.ts";
import type { LongProfile, PairsChunk } from "./chunks.ts";
import { GpuUnavailableError } from "./gpu_unavailable_error.ts";
import type { ChunkSlot, ChunkTask, GpuWork } from "./gpu_work.ts";
import { chunkLimits } from "./work_limits.ts";

/** How many chunks are under way at once. */
const SLOTS = 2;

/** A pair of 2 bytes becomes a gene and a count, of 4 bytes each. */
const GENE_BYTES = 2;
const ENTRY_BYTES = 4;

interface SparseSlot extends ChunkSlot {
  readonly scan: GrowingBuffer;
  readonly lengths: GrowingBuffer;
  readonly offsets: GrowingBuffer;
  readonly genes: GrowingBuffer;
  readonly counts: GrowingBuffer;
  readonly staging: GrowingBuffer;
}

/** Rows of some targets, one after the other. */
interface SparsePart {
  readonly targets: Int32Array;
  readonly lengths: Uint32Array;
  readonly genes: Uint32Array;
  readonly counts: Uint32Array;
}

/**
 * Decodes sparse rows, and brings them back.
 *
 * @param work The piece of work.
 * @param spans The profiles.
 * @param shape How many rows and genes.
 * @returns The rows.
 */
export async function decodeSparseRows(
  work: GpuWork,
  spans: readonly LeafSpan[],
  shape: SparseShape,
): Promise<SparseRows> {
  const task = new SparseRowsTask(work, shape);
  await work.run(spans, task);
  await work.finish();
  const rows = joinParts(task.parts, shape.profilesCount);
  if (!spans.every(({ geneMap }) => isAscending(geneMap))) sortRows(rows);
  return rows;
}

class SparseRowsTask implements ChunkTask<SparseSlot> {
  readonly slots: readonly SparseSlot[];
  readonly limits;
  readonly parts: SparsePart[] = [];
  readonly #work: GpuWork;
  readonly #genesCount: number;

  constructor(work: GpuWork, { genesCount }: SparseShape) {
    this.#work = work;
    this.#genesCount = genesCount;
    this.limits = chunkLimits(work.limits, ENTRY_BYTES);
    const { buffers } = work;
    this.slots = Array.from({ length: SLOTS }, () => ({
      ...work.makeSlot(),
      scan: new GrowingBuffer(buffers, "uniform"),
      lengths: new GrowingBuffer(buffers, "output"),
      offsets: new GrowingBuffer(buffers, "output"),
      genes: new GrowingBuffer(buffers, "output"),
      counts: new GrowingBuffer(buffers, "output"),
      staging: new GrowingBuffer(buffers, "staging"),
    }));
  }

  async send(
    chunk: PairsChunk,
    slot: SparseSlot,
  ): Promise<{ readonly done: Promise<void> }> {
    const work = this.#work;
    const { gpu } = work;
    const { length } = chunk.targets;
    const hasMap = chunk.span.geneMap !== undefined;
    const count = await gpu.kernel({ name: "profile_entries", hasMap });
    const scan = await gpu.kernel({ name: "scan_counts" });
    const decode = await gpu.kernel({ name: "decode_sparse", hasMap });
    const size = 4 * length;
    const counted = await slot.scan.ofSize(4);
    const lengths = await slot.lengths.ofSize(size);
    const offsets = await slot.offsets.ofSize(size);
    const genes = await slot.genes.ofSize(GENE_BYTES * chunk.byteLength);
    const counts = await slot.counts.ofSize(GENE_BYTES * chunk.byteLength);
    const staging = await slot.staging.ofSize(size);
    writeBytes(gpu.device, counted, Uint32Array.of(length));
    const columnsCount = this.#genesCount;
    const shared = await work.upload(chunk, slot, { columnsCount });
    const submitted = work.submit((encoder) => {
      work.dispatch(encoder, count, [...shared, lengths], length);
      work.dispatch(encoder, scan, [counted, lengths, offsets], length);
      const buffers = [...shared, offsets, genes, counts];
      work.dispatch(encoder, decode, buffers, length);
      encoder.copyBufferToBuffer(lengths, 0, staging, 0, size);
    });
    const pairsCount = chunk.byteLength / 2;
    return { done: this.#take(submitted, slot, chunk.targets, pairsCount) };
  }

  async sendLong({ longSpan, target }: LongProfile): Promise<void> {
    const shape = { profilesCount: 1, genesCount: this.#genesCount };
    const row = await new ReferenceEngine().decodeSparse([longSpan], shape);
    const { genes, counts } = row;
    const targets = Int32Array.of(target);
    const lengths = Uint32Array.of(genes.length);
    this.parts.push({ targets, lengths, genes, counts });
  }

  /** First how many entries there are, then no more than those. */
  async #take(
    submitted: Promise<void>,
    slot: SparseSlot,
    targets: Int32Array,
    pairsCount: number,
  ): Promise<void> {
    const work = this.#work;
    await submitted;
    let lengths = new Uint32Array(0);
    const counted = await slot.staging.ofSize(4 * targets.length);
    await readNumbers(counted, targets.length, (numbers) => {
      lengths = numbers.slice();
    });
    work.check();
    const total = lengths.reduce((sum, length) => sum + length, 0);
    if (total > pairsCount) {
      throw new GpuUnavailableError(
        "failed",
        `Cannot compute on the GPU: ${work.gpu.name} finds ${total} entries ` +
          `in ${pairsCount} pairs`,
      );
    }
    const size = 4 * total;
    const genes = await slot.genes.ofSize(size);
    const counts = await slot.counts.ofSize(size);
    const staging = await slot.staging.ofSize(2 * size);
    await work.submit((encoder) => {
      encoder.copyBufferToBuffer(genes, 0, staging, 0, size);
      encoder.copyBufferToBuffer(counts, 0, staging, size, size);
    });
    await readNumbers(staging, 2 * total, (numbers) => {
      this.parts.push({
        targets,
        lengths,
        genes: numbers.slice(0, total),
        counts: numbers.slice(total),
      });
    });
  }
}

function joinParts(
  parts: readonly SparsePart[],
  profilesCount: number,
): SparseRows {
  const lengths = new Float64Array(profilesCount);
  for (const part of parts) {
    part.targets.forEach((target, at) => lengths[target] = part.lengths[at]!);
  }
  const rows = makeSparseRows(lengths);
  for (const { targets, lengths, genes, counts } of parts) {
    let start = 0;
    for (let at = 0; at < targets.length; at++) {
      const end = start + lengths[at]!;
      const first = rows.offsets[targets[at]!]!;
      rows.genes.set(genes.subarray(start, end), first);
      rows.counts.set(counts.subarray(start, end), first);
      start = end;
    }
  }
  return rows;
}

function isAscending(geneMap: Int32Array | undefined): boolean {
  let last = -1;
  return geneMap === undefined || geneMap.every((gene) => {
    const ascends = gene < 0 || gene > last;
    if (gene >= 0) last = gene;
    return ascends;
  });
}

/** Puts the genes of each row into order, where a map did not keep it. */
function sortRows({ offsets, genes, counts }: SparseRows): void {
  for (let row = 0; row + 1 < offsets.length; row++) {
    const rowGenes = genes.subarray(offsets[row], offsets[row + 1]);
    const rowCounts = counts.subarray(offsets[row], offsets[row + 1]);
    const order = Array.from(rowGenes.keys())
      .sort((left, right) => rowGenes[left]! - rowGenes[right]!);
    rowGenes.set(order.map((at) => rowGenes[at]!));
    rowCounts.set(order.map((at) => rowCounts[at]!));
  }
}
