/**
 * The engine of the CPU: kernels in WebAssembly with SIMD over windows of
 * pairs, on the calling thread and, where there is enough to do, on others.
 */
import type {
  DenseArrays,
  DenseShape,
  DenseType,
  Engine,
  KernelOptions,
  SparseRows,
  SparseShape,
  SumRows,
} from "../engine.ts";
import type { LeafSpan } from "../leaf_spans.ts";
import {
  decodeInto,
  makeRows,
  makeSparseRows,
  overWindows,
} from "../reference_engine.ts";
import {
  groupPairsByTiles,
  orderByRows,
  type PairRows,
  SUMS_AT_ONCE,
  sumTiles,
  takeTile,
  type UseRowPairs,
} from "../row_pairs.ts";
import { defaultThreads } from "./default_threads.ts";
import { fileOf, runJob, type Team, type Work } from "./job_runner.ts";
import {
  addProfileEntries,
  addProfileTotals,
  decodeRows,
  PairSums,
} from "./kernels.ts";
import { KERNELS_WASM } from "./kernels_wasm.ts";
import {
  cutRows,
  type PairsPlan,
  planPairs,
  SLOT_BYTES,
} from "./pairs_plan.ts";
import { makeSlots, PairsRelay } from "./pairs_relay.ts";
import { PairsRunner } from "./pairs_runner.js";
import { PairsWork } from "./pairs_work.ts";
import { type Plan, planParts } from "./parts.ts";
import { readAhead } from "./read_ahead.ts";
import { Runner, type RunnerJob } from "./runner.js";
import { SpanWork } from "./span_work.ts";
import { Thread } from "./threads.ts";

/** From so many bytes of pairs on, threads that run are called. */
const SHARED_BYTES = 4 << 20;

/** How long a thread takes to start, in ms; this one waits for most of it. */
const START_TIME = 80;

/** The memory for rows that are summed into, of one thread and of all. */
const TABLE_BYTES = 36 << 20;
const ALL_TABLES_BYTES = 72 << 20;

/** The most bytes of results that threads share. */
const SHARED_RESULTS_BYTES = 32 << 20;

/** More threads than these wait for memory. */
const MOST_THREADS = 16;

/** How the CPU computes. */
export interface CpuEngineOptions {
  /** The most threads, with the calling one; by default one a core, to 8. */
  readonly threads?: number | undefined;
  /**
   * How long a thread takes to start, in ms: threads start where what is left
   * to do takes longer. With 0 they start for whatever there is to do.
   */
  readonly startTime?: number | undefined;
  /**
   * The bytes of pairs from which on a row of sums is summed as numbers, where
   * others are summed one after the other; 4 MiB by default.
   */
  readonly slotBytes?: number | undefined;
}

let compiled: WebAssembly.Module | undefined;

/**
 * Makes an engine that computes on the CPU. Its threads start when there is
 * enough to do for them, and end with it.
 *
 * @param options How many threads.
 * @returns The engine.
 * @throws {RangeError} If the number of threads is not one or more.
 *
 * @example Sum some profiles of a matrix
 * ```ts
 * import {
 *   createCpuEngine,
 *   MemoryMappedMatrix,
 *   selectProfiles,
 * } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".mmm" });
 * MemoryMappedMatrix.write(path, 2, [[[0, 5]], [], [[0, 1], [1, 300]]]);
 * using matrix = await MemoryMappedMatrix.open(path);
 * await using engine = createCpuEngine();
 * const span = selectProfiles(matrix, { profiles: Int32Array.of(2, 0) });
 * assertEquals([...await engine.profileTotals([span], 2)], [301, 5]);
 * assertEquals([...await engine.geneTotals([span], 2)], [6, 300]);
 * await Deno.remove(path);
 * ```
 */
export function createCpuEngine(options: CpuEngineOptions = {}): Engine {
  return new CpuEngine(options);
}

class CpuEngine implements Engine {
  readonly name = "cpu";
  readonly #most: number;
  readonly #startTime: number;
  /** Of each thread. */
  readonly #tableBytes: number;
  #threads: Thread[] = [];
  #shared = new SharedArrayBuffer(0);
  /** The time of jobs that threads may be of use to, in ms. */
  #spent = 0;
  readonly #module: WebAssembly.Module;
  readonly #runner: Runner;
  readonly #slotBytes: number;
  #pairsRunner: PairsRunner | undefined;
  /** Jobs are done one after the other: they share the memory. */
  #last: Promise<void> = Promise.resolve();

  constructor(options: CpuEngineOptions) {
    const { threads = defaultThreads() } = options;
    if (!(Number.isInteger(threads) && threads > 0)) {
      throw new RangeError(
        `Cannot compute with ${threads} threads: there must be one or more`,
      );
    }
    this.#most = Math.min(threads, MOST_THREADS) - 1;
    this.#tableBytes = Math.min(
      TABLE_BYTES,
      ALL_TABLES_BYTES / (this.#most + 1),
    );
    this.#startTime = options.startTime ?? START_TIME;
    this.#slotBytes = options.slotBytes ?? SLOT_BYTES;
    compiled ??= new WebAssembly.Module(Uint8Array.fromBase64(KERNELS_WASM));
    this.#module = compiled;
    this.#runner = new Runner(compiled);
  }

  async profileTotals(
    spans: readonly LeafSpan[],
    profilesCount: number,
    options: KernelOptions = {},
  ): Promise<Float64Array> {
    const plan = await planParts(spans);
    const totals = await this.#sum("totals", plan, profilesCount, options);
    await overWindows(plan.others, options, (part, span) => {
      addProfileTotals(part, span, totals);
    });
    return totals;
  }

  async profileEntries(
    spans: readonly LeafSpan[],
    profilesCount: number,
    options: KernelOptions = {},
  ): Promise<Float64Array> {
    const plan = await planParts(spans);
    const entries = await this.#sum("entries", plan, profilesCount, options);
    await overWindows(plan.others, options, (part, span) => {
      addProfileEntries(part, span, entries);
    });
    return entries;
  }

  async geneTotals(
    spans: readonly LeafSpan[],
    genesCount: number,
    options: KernelOptions = {},
  ): Promise<Float64Array> {
    const plan = await planParts(spans);
    return await this.#addRows(plan, { rowsCount: 1, genesCount }, options);
  }

  async groupSums(
    spans: readonly LeafSpan[],
    shape: SumRows,
    options: KernelOptions = {},
  ): Promise<Float64Array> {
    const { rowsCount, genesCount } = shape;
    const most = Math.floor(SHARED_RESULTS_BYTES / (8 * genesCount));
    if (rowsCount <= most || most === 0 || this.#most === 0) {
      return await this.#sumRows(spans, shape, options);
    }
    // Rows are done some at a time, to bound the memory that is shared.
    const sums = new Float64Array(rowsCount * genesCount);
    const ordered = orderByRows(spans, shape);
    options.advance?.(ordered.droppedCount);
    for (let first = 0; first < rowsCount; first += most) {
      const end = Math.min(first + most, rowsCount);
      const { spans, rows } = takeTile(ordered, first, end);
      const tile = { rows, rowsCount: end - first, genesCount };
      const into = sums.subarray(first * genesCount, end * genesCount);
      await this.#sumRows(spans, tile, options, into);
    }
    return sums;
  }

  async #sumRows(
    spans: readonly LeafSpan[],
    shape: SumRows,
    options: KernelOptions,
    into?: Float64Array,
  ): Promise<Float64Array> {
    const tableBytes = this.#tableBytes;
    const plan = await planParts(spans, { ...shape, tableBytes });
    options.advance?.(plan.droppedCount);
    return await this.#addRows(plan, shape, options, into);
  }

  async groupPairs(
    spans: readonly LeafSpan[],
    shape: PairRows,
    use: UseRowPairs,
    options: KernelOptions = {},
  ): Promise<void> {
    const { rowsCount, genesCount, sumsAtOnce = SUMS_AT_ONCE } = shape;
    // A file is read forward, unless the rows are too many to be at hand.
    const plan = rowsCount * genesCount > sumsAtOnce
      ? await planPairs(spans, shape, this.#most > 0)
      : undefined;
    if (plan === undefined) {
      return await groupPairsByTiles(this, spans, shape, use, options);
    }
    options.advance?.(plan.droppedCount);
    await readAhead(plan.part, plan.sources, options.signal);
    await this.#sumPairs({ spans, plan, shape }, use, options);
  }

  /** Rows one after the other, but large ones as dense sums. */
  async #sumPairs(
    { spans, plan, shape }: {
      readonly spans: readonly LeafSpan[];
      readonly plan: PairsPlan;
      readonly shape: PairRows;
    },
    use: UseRowPairs,
    options: KernelOptions,
  ): Promise<void> {
    const { rowsCount, genesCount } = shape;
    const { part, sources } = plan;
    const [slotBytes, threads] = [this.#slotBytes, this.#most + 1];
    const slots = makeSlots({ rowsCount, slotBytes, threads });
    let ordered;
    for (const run of cutRows(plan, threads, slotBytes)) {
      const { byteLength, pieces } = run;
      if (pieces.length === 0) {
        ordered ??= orderByRows(spans, shape);
        await sumTiles(this, { ...ordered, ...run }, shape, use, options);
        continue;
      }
      const team = this.#teamFor({ byteLength, sources });
      const relay = new PairsRelay(pieces, slots, use);
      const runner = this.#pairsRunner ??= new PairsRunner(this.#module);
      const all = { genesCount, part, pieces, sources, relay, runner };
      await this.#inTurn(() =>
        this.#runWith(team, new PairsWork(all), options)
      );
    }
  }

  async decodeDense<T extends DenseType>(
    spans: readonly LeafSpan[],
    shape: DenseShape<T>,
    options: KernelOptions = {},
  ): Promise<DenseArrays[T]> {
    const { genesCount, into } = shape;
    const plan = await planParts(spans);
    const results = into ?? makeRows(shape);
    const kernel = "decodeDense";
    await this.#run({ ...NO_JOB, kernel, results, genesCount }, plan, options);
    await decodeInto(plan.others, results, genesCount, options);
    return results;
  }

  async decodeSparse(
    spans: readonly LeafSpan[],
    shape: SparseShape,
    options: KernelOptions = {},
  ): Promise<SparseRows> {
    const { profilesCount, genesCount } = shape;
    const { signal } = options;
    const lengths = await this.profileEntries(spans, profilesCount, { signal });
    const sparse = makeSparseRows(lengths);
    const plan = await planParts(spans);
    const kernel = "decodeSparse";
    await this.#run({ ...NO_JOB, kernel, sparse, genesCount }, plan, options);
    await overWindows(plan.others, options, (part, span) => {
      decodeRows(part, span, sparse);
    });
    return sparse;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    await Promise.all(this.#threads.splice(0).map((thread) => thread.close()));
  }

  /** A value a profile. */
  async #sum(
    kernel: "totals" | "entries",
    plan: Plan,
    profilesCount: number,
    options: KernelOptions,
  ): Promise<Float64Array> {
    const team = this.#teamFor(plan);
    const job = { ...NO_JOB, kernel };
    const results = new Float64Array(profilesCount);
    await this.#compute({ ...job, results }, plan, options, team);
    return results;
  }

  /** Rows of sums. */
  async #addRows(
    plan: Plan,
    shape: Omit<SumRows, "rows"> & { readonly rows?: Int32Array },
    options: KernelOptions,
    into?: Float64Array,
  ): Promise<Float64Array> {
    const { rows, rowsCount, genesCount } = shape;
    const team = this.#teamFor(plan);
    const results = into ?? new Float64Array(rowsCount * genesCount);
    const job: RunnerJob = {
      ...NO_JOB,
      kernel: "addRows",
      results,
      genesCount,
      rowsCount,
      tableBytes: this.#tableBytes,
    };
    await this.#compute(job, plan, options, team);
    for (const span of plan.others) {
      const sums = new PairSums(rowsCount, genesCount);
      await overWindows([span], options, (part) => sums.add(part, span, rows));
      sums.totals().forEach((sum, at) => results[at]! += sum);
    }
    return results;
  }

  /** Computes into results that are zeros. */
  async #compute(
    job: RunnerJob,
    plan: Plan,
    options: KernelOptions,
    team: Team | undefined,
  ): Promise<void> {
    if (team === undefined) return await this.#run(job, plan, options);
    await this.#inTurn(async () => {
      const { length } = job.results;
      // Threads hold on to what they shared, so it is the same each time.
      if (this.#shared.byteLength < 8 * length) {
        this.#shared = new SharedArrayBuffer(8 * length);
      }
      const results = new Float64Array(this.#shared, 0, length).fill(0);
      const shared = { ...job, results };
      const work = new SpanWork(shared, plan, this.#runner, this.#most + 1);
      await this.#runWith(team, work, options);
      job.results.set(results);
    });
  }

  async #run(
    job: RunnerJob,
    plan: Plan,
    options: KernelOptions,
  ): Promise<void> {
    const work = new SpanWork(job, plan, this.#runner, 1);
    await this.#inTurn(() => runJob(work, options));
  }

  async #runWith(
    team: Team | undefined,
    work: Work,
    options: KernelOptions,
  ): Promise<void> {
    const start = performance.now();
    await runJob(work, { ...options, team });
    if (team) this.#spent += performance.now() - start;
  }

  async #inTurn<T>(compute: () => Promise<T>): Promise<T> {
    const computed = this.#last.then(compute);
    this.#last = computed.then(() => {}, () => {});
    return await computed;
  }

  /** The other threads, where there is something for them to do. */
  #teamFor(
    { byteLength, sources }: Pick<Plan, "byteLength" | "sources">,
  ): Team | undefined {
    const isSmall = byteLength < SHARED_BYTES && this.#startTime > 0;
    if (this.#most === 0 || isSmall) return undefined;
    if (!sources.every((source) => fileOf(source))) return undefined;
    this.#threads = this.#threads.filter((thread) => thread.isRunning);
    return {
      threads: this.#threads,
      most: this.#most,
      startTime: this.#startTime,
      spent: this.#spent,
      start: () => this.#startThreads(),
    };
  }

  #startThreads(): void {
    while (this.#threads.length < this.#most) {
      const thread = new Thread(this.#module);
      if (!thread.isRunning) break;
      this.#threads.push(thread);
    }
  }
}

const NO_JOB = {
  results: new Float64Array(0),
  sparse: undefined,
  genesCount: 0,
  rowsCount: 0,
  tableBytes: 0,
  lock: undefined,
};
