/** Who reads which batch of a loader, and how many are asked for ahead. */
import type { RowFormat, RowsBatch, RowSource, RowType } from "../rows.ts";
import type { Sampler } from "../samplers/sampler.ts";
import type { Lane, LocalLane } from "./lanes.ts";
import { ReaderChoice } from "./reader_choice.ts";
import { type GroupLane, LoaderGroups, readSample } from "./row_groups.ts";

/** Larger groups of rows are read by workers, if there are any. */
const MOST_CHOSEN = 1024;

/** What a batch is from, as {@linkcode Lane} has it. */
export type BatchOwner = Pick<Lane, "finish" | "release">;

/** A batch that was asked for, and who reads it. */
export interface AskedBatch {
  /** The batch, undefined where it is to be read yet. */
  readonly batch: Promise<RowsBatch> | undefined;
  /** Whether this thread reads it in place of workers. */
  readonly isHere: boolean;
  /** Who reads it. */
  readonly owner: BatchOwner;
  /** Reads the batch. */
  read(): Promise<RowsBatch>;
}

/** Who there is to read, and how. */
export interface RequestOptions {
  /** What is read. */
  readonly source: RowSource;
  /** Which rows make which batch. */
  readonly sampler: Sampler;
  /** The workers, if there are any. */
  readonly workers: readonly Lane[];
  /** This thread. */
  readonly here: LocalLane;
  /** Whether this thread may read in place of workers. */
  readonly readHere: boolean;
  /** How rows are laid out. */
  readonly format: RowFormat;
  /** The type of the values, by default that of the source. */
  readonly dtype: RowType | undefined;
  /** How many batches are read ahead. */
  readonly prefetch: number;
  /** How many batches the memory is kept of. */
  readonly sparesCount: number;
}

/** Asks for batches, of whoever is the best to read them. */
export class BatchRequests {
  readonly #options: RequestOptions;
  readonly #choice = new ReaderChoice();
  /** Rows that are read together, where the sampler has such. */
  #groups: Promise<LoaderGroups | undefined> | undefined;

  /** @param options Who there is. */
  constructor(options: RequestOptions) {
    this.#options = options;
  }

  /**
   * Starts to ask for the rest of an epoch.
   *
   * @param epoch The epoch.
   * @param first Its first batch, which there is.
   * @returns The batches: each is asked for when it is taken.
   * @throws {Error} If rows can't be read.
   */
  async start(
    epoch: number,
    first: number,
  ): Promise<Generator<AskedBatch, void>> {
    const batches = this.#options.sampler.batches(epoch, first);
    this.#groups ??= this.#findGroups(epoch, first);
    return this.#ask(batches, await this.#groups);
  }

  /**
   * Takes down what a batch has cost this thread.
   *
   * @param asked The batch.
   * @param milliseconds The time that this thread waited and worked for it.
   * @param rows How many rows it has.
   */
  note({ isHere }: AskedBatch, milliseconds: number, rows: number): void {
    this.#choice.note(isHere, milliseconds, rows);
  }

  *#ask(
    batches: Iterable<Int32Array>,
    groups: LoaderGroups | undefined,
  ): Generator<AskedBatch, void> {
    if (groups === undefined) {
      for (const indices of batches) yield this.#askRows(indices);
      return;
    }
    for (const grouped of groups.lookAhead(batches)) {
      if (!groups.areSparse) yield this.#askRows(grouped.indices);
      else {
        // Its group is read by then, the rest is done when it is needed.
        const read = () => groups.take(grouped);
        const { isHere } = grouped.group;
        yield { batch: undefined, isHere, owner: groups, read };
      }
    }
  }

  #askRows(indices: Int32Array): AskedBatch {
    const { isHere, lane: owner } = this.#chooseLane();
    const read = () => owner.read({ indices });
    // What this thread reads in place of workers is read when it is needed.
    const batch = isHere ? undefined : read();
    // Whoever waits for it is told; it may be later than it fails.
    batch?.catch(() => {});
    return { batch, isHere, owner, read };
  }

  #chooseLane(): GroupLane {
    const { here, readHere, workers } = this.#options;
    if (workers.length === 0) return { isHere: false, lane: here };
    const isHere = readHere && this.#choice.next();
    return { isHere, lane: isHere ? here : leastBusy(workers) };
  }

  async #findGroups(
    epoch: number,
    first: number,
  ): Promise<LoaderGroups | undefined> {
    const { dtype, format, prefetch, sampler, source, sparesCount, workers } =
      this.#options;
    const { lanes: groupsCount } = sampler;
    if (groupsCount === undefined) return undefined;
    const [rows] = sampler.batches(epoch, first);
    const sample = await readSample(source, rows!, dtype);
    if (sample === undefined) return undefined;
    // To take many rows from a worker at once costs as good as nothing.
    const choose = (rowsCount: number) =>
      workers.length > 0 && rowsCount > MOST_CHOSEN
        ? { isHere: false, lane: leastBusy(workers) }
        : this.#chooseLane();
    return new LoaderGroups(choose, {
      format,
      sparesCount,
      groupsCount,
      sample,
      aheadCount: workers.length > 0
        ? Math.max(groupsCount, workers.length)
        : 0,
      prefetch: workers.length > 0 ? prefetch : 0,
    });
  }
}

function leastBusy(lanes: readonly Lane[]): Lane {
  return lanes.reduce((best, lane) =>
    lane.waitingCount < best.waitingCount ? lane : best
  );
}
