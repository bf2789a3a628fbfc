/**
 * Sums of genes on the GPU: in 32 bits as pairs are added, and in 64 before
 * those could overflow.
 */
import type { SumRows } from "../engine.ts";
import type { LeafSpan } from "../leaf_spans.ts";
import { ReferenceEngine } from "../reference_engine.ts";
import { readNumbers, writeBytes } from "./buffers.ts";
import {
  type LongProfile,
  MOST_PAIRS,
  type PairsChunk,
  PLACE_NUMBERS,
} from "./chunks.ts";
import type { ChunkSlot, ChunkTask, GpuWork } from "./gpu_work.ts";
import type { CompiledKernel } from "./pipelines.ts";
import { rowsSpans } from "./rows_spans.ts";
import { chunkLimits, sumRowsAtOnce } from "./work_limits.ts";

/** How many chunks are under way at once. */
const SLOTS = 4;

/** The most tables of totals, and their bytes, that profiles take turns at. */
const MOST_TABLES = 8;
const TABLES_BYTES = 1 << 21;

/** Sums that are read back at once. */
const SUMS_AT_ONCE = 1 << 21;

/** The rows that are summed in one go. */
interface RowsTile {
  readonly firstRow: number;
  readonly rowsCount: number;
  /** For each target its row, or all are in one where there is none. */
  readonly rows: Int32Array | undefined;
}

/**
 * Sums the counts of genes over profiles.
 *
 * @param work The piece of work.
 * @param spans The profiles.
 * @param genesCount The number of genes, after the maps of the spans.
 * @returns A total for each gene.
 */
export async function sumGenes(
  work: GpuWork,
  spans: readonly LeafSpan[],
  genesCount: number,
): Promise<Float64Array> {
  sumRowsAtOnce(work.limits, genesCount);
  const totals = new Float64Array(genesCount);
  const tile = { firstRow: 0, rowsCount: 1, rows: undefined };
  const task = await SumsTask.start(work, tile, totals);
  await work.run(spans, task);
  await task.collect();
  await work.finish();
  return totals;
}

/**
 * Sums the counts of genes over groups of profiles: as many rows at once as a
 * buffer takes.
 *
 * @param work The piece of work.
 * @param spans The profiles.
 * @param shape The row that each goes to, and how many rows and genes.
 * @returns The sums, row by row.
 */
export async function sumGroups(
  work: GpuWork,
  spans: readonly LeafSpan[],
  { rows, rowsCount, genesCount }: SumRows,
): Promise<Float64Array> {
  const sums = new Float64Array(rowsCount * genesCount);
  const rowsAtOnce = sumRowsAtOnce(work.limits, genesCount);
  work.options.advance?.(rowsSpans(spans, rows, -1, 0).profilesCount);
  for (let firstRow = 0; firstRow < rowsCount; firstRow += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, rowsCount - firstRow);
    const wanted = rowsSpans(spans, rows, firstRow, firstRow + count);
    if (wanted.profilesCount === 0) continue;
    const tile = { firstRow, rowsCount: count, rows };
    const start = firstRow * genesCount;
    const of = sums.subarray(start, start + count * genesCount);
    const task = await SumsTask.start(work, tile, of);
    await work.run(wanted.spans, task);
    await task.collect();
    task.destroy();
  }
  await finishTiles(work, spans, rows, rowsAtOnce < rowsCount);
  return sums;
}

/** Of several tiles the first profile that is wrong is not the first sent. */
async function finishTiles(
  work: GpuWork,
  spans: readonly LeafSpan[],
  rows: Int32Array,
  isTiled: boolean,
): Promise<void> {
  try {
    await work.finish();
  } catch (error) {
    if (!isTiled || !(error instanceof SyntaxError)) throw error;
    const wanted = rowsSpans(spans, rows, 0, Infinity);
    await new ReferenceEngine().profileTotals(wanted.spans, rows.length);
    throw error;
  }
}

/** The tables of sums. */
interface SumsBuffers {
  readonly fold: GPUBuffer;
  readonly sums: GPUBuffer;
  readonly low: GPUBuffer;
  readonly high: GPUBuffer;
}

class SumsTask implements ChunkTask<ChunkSlot> {
  readonly slots: readonly ChunkSlot[];
  readonly limits;
  readonly #work: GpuWork;
  readonly #tile: RowsTile;
  readonly #totals: Float64Array;
  readonly #tablesCount: number;
  readonly #buffers: SumsBuffers;
  #pairsInTables = 0;

  private constructor(
    work: GpuWork,
    tile: RowsTile,
    totals: Float64Array,
    tablesCount: number,
    buffers: SumsBuffers,
  ) {
    this.#work = work;
    this.#tile = tile;
    this.#totals = totals;
    this.#tablesCount = tablesCount;
    this.#buffers = buffers;
    this.limits = chunkLimits(work.limits);
    this.slots = Array.from({ length: SLOTS }, () => work.makeSlot());
  }

  /** Makes the tables, whose sums are added to the totals in the end. */
  static async start(
    work: GpuWork,
    tile: RowsTile,
    totals: Float64Array,
  ): Promise<SumsTask> {
    const { buffers, gpu, limits } = work;
    const size = 4 * totals.length;
    const most = Math.min(limits.bindingBytes, TABLES_BYTES);
    const tablesCount = tile.rows
      ? 1
      : Math.max(1, Math.min(MOST_TABLES, Math.floor(most / size)));
    const tables = {
      fold: await buffers.create("uniform", 8),
      sums: await buffers.create("output", size * tablesCount),
      low: await buffers.create("output", size),
      high: await buffers.create("output", size),
    };
    const numbers = Uint32Array.of(totals.length, tablesCount);
    writeBytes(gpu.device, tables.fold, numbers);
    return new SumsTask(work, tile, totals, tablesCount, tables);
  }

  async send(
    chunk: PairsChunk,
    slot: ChunkSlot,
  ): Promise<{ readonly done: Promise<void> }> {
    const work = this.#work;
    const { device } = work.gpu;
    const name = this.#tile.rows ? "group_sums" : "gene_totals";
    const hasMap = chunk.span.geneMap !== undefined;
    const kernel = await work.gpu.kernel({ name, hasMap });
    const fold = await work.gpu.kernel({ name: "fold_sums" });
    this.#setRows(chunk);
    const columnsCount = this.#totals.length / this.#tile.rowsCount;
    const tablesCount = this.#tablesCount;
    const numbers = { columnsCount, tablesCount };
    const shared = await work.upload(chunk, slot, numbers);
    const pairsCount = chunk.byteLength / 2;
    const mustFold = this.#pairsInTables + pairsCount > MOST_PAIRS;
    this.#pairsInTables = pairsCount + (mustFold ? 0 : this.#pairsInTables);
    const submitted = work.submit((encoder) => {
      if (mustFold) this.#fold(encoder, fold);
      const buffers = [...shared, this.#buffers.sums];
      work.dispatch(encoder, kernel, buffers, chunk.profiles.length);
    });
    const worked = device.queue.onSubmittedWorkDone();
    return { done: submitted.then(() => worked) };
  }

  async sendLong({ longSpan, target }: LongProfile): Promise<void> {
    const { rows, firstRow, rowsCount } = this.#tile;
    const genesCount = this.#totals.length / rowsCount;
    const engine = new ReferenceEngine();
    const sums = await engine.geneTotals([longSpan], genesCount);
    const first = rows ? (rows[target]! - firstRow) * genesCount : 0;
    for (let gene = 0; gene < genesCount; gene++) {
      this.#totals[first + gene]! += sums[gene]!;
    }
  }

  /** Adds the sums on the GPU to the totals. */
  async collect(): Promise<void> {
    const work = this.#work;
    const { low, high } = this.#buffers;
    const fold = await work.gpu.kernel({ name: "fold_sums" });
    await work.submit((encoder) => this.#fold(encoder, fold));
    const totals = this.#totals;
    const most = Math.min(SUMS_AT_ONCE, totals.length);
    const staging = await work.buffers.create("staging", 8 * most);
    for (let first = 0; first < totals.length; first += most) {
      const count = Math.min(most, totals.length - first);
      const size = 4 * count;
      await work.submit((encoder) => {
        encoder.copyBufferToBuffer(low, 4 * first, staging, 0, size);
        encoder.copyBufferToBuffer(high, 4 * first, staging, size, size);
      });
      await readNumbers(staging, 2 * count, (numbers) => {
        for (let at = 0; at < count; at++) {
          totals[first + at]! += numbers[count + at]! * 2 ** 32 + numbers[at]!;
        }
      });
      work.check();
    }
    work.buffers.destroy(staging);
  }

  /** Destroys the tables, for the next to have room. */
  destroy(): void {
    for (const buffer of Object.values(this.#buffers)) {
      this.#work.buffers.destroy(buffer);
    }
  }

  #setRows({ places, targets }: PairsChunk): void {
    const { rows, firstRow } = this.#tile;
    if (!rows) return;
    for (let at = 0; at < targets.length; at++) {
      places[PLACE_NUMBERS * at + 2] = rows[targets[at]!]! - firstRow;
    }
  }

  #fold(encoder: GPUCommandEncoder, kernel: CompiledKernel): void {
    const { fold, sums, low, high } = this.#buffers;
    const buffers = [fold, sums, low, high];
    this.#work.dispatch(encoder, kernel, buffers, this.#totals.length);
  }
}
