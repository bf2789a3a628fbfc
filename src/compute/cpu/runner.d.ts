/** What {@linkcode Runner} computes: the kernels in WebAssembly, and decoders. */
export type RunnerKernel =
  | "totals"
  | "entries"
  | "addRows"
  | "decodeDense"
  | "decodeSparse";

/** Profiles of one matrix, of which the pairs are in one place. */
export interface Part {
  /** Which of the sources of the job has the pairs. */
  readonly file: number;
  /** What messages call the matrix. */
  readonly name: string;
  /** The number of genes of the matrix. */
  readonly genesCount: number;
  /** The first byte of each profile, from the start of the source. */
  readonly starts: Uint32Array;
  /** The byte after the last of each profile. */
  readonly ends: Uint32Array;
  /** Where the result of each profile goes. */
  readonly targets: Int32Array | undefined;
  /** Where that of the first goes, the others follow, without `targets`. */
  readonly firstTarget: number;
  /** The row that each profile is added to; by default the first. */
  readonly rows: Int32Array | undefined;
  /** For each gene which it becomes, -1 none; by default itself. */
  readonly geneMap: Int32Array | undefined;
}

/** Sparse rows that are decoded into. */
export interface SparseTarget {
  /** Where the entries of each row start. */
  readonly offsets: Float64Array;
  /** The gene of each entry. */
  readonly genes: Uint32Array;
  /** The count of each entry. */
  readonly counts: Uint32Array;
}

/** What is computed. */
export interface RunnerJob {
  /** How. */
  readonly kernel: RunnerKernel;
  /** Receives a value a target, or `genesCount` values a row or target. */
  readonly results: Float64Array | Float32Array | Uint32Array;
  /** Receives what `decodeSparse` finds. */
  readonly sparse: SparseTarget | undefined;
  /** The number of genes of the results. */
  readonly genesCount: number;
  /** The number of rows that are summed into. */
  readonly rowsCount: number;
  /** The memory of a thread for rows, in bytes. */
  readonly tableBytes: number;
  /** A word that the threads that add to the results take turns by. */
  readonly lock: Int32Array | undefined;
}

/** Reads bytes of a file into an array at a place; may take its time. */
export type ReadFunction = (
  target: Uint8Array,
  place: number,
  length: number,
  offset: number,
  file: number,
) => void | Promise<void>;

/**
 * The number of rows that are summed into at once.
 *
 * @param genesCount The number of genes of a row.
 * @param rowsCount The number of rows that there are.
 * @param tableBytes The memory for them.
 * @returns All of them, or as many as fit the memory.
 */
export function rowsAtOnce(
  genesCount: number,
  rowsCount: number,
  tableBytes: number,
): number;

/** Computes over pieces of a job, one after the other, on one thread. */
export class Runner {
  /**
   * Makes a runner with a memory of its own.
   *
   * @param module The kernels.
   */
  constructor(module: WebAssembly.Module);
  /**
   * Starts a job.
   *
   * @param job What is computed.
   */
  begin(job: RunnerJob): void;
  /**
   * Computes over some profiles of a part.
   *
   * @param part The part.
   * @param first The first profile.
   * @param end The one after the last.
   * @param read Reads pairs.
   * @param isStopped Is asked before each window.
   * @returns The first profile whose pairs are not valid, or -1.
   */
  run(
    part: Part,
    first: number,
    end: number,
    read: ReadFunction,
    isStopped: () => boolean,
  ): Promise<number>;
  /** Ends the job: what was summed goes to the results. */
  end(): void;
  /** Gives up the job: nothing of it stays. */
  abandon(): void;
}
