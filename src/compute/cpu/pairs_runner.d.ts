import type { ReadFunction } from "./runner.js";

/** A matrix of which profiles are summed. */
export interface PairsMatrix {
  /** Which of the sources of the job has its pairs. */
  readonly file: number;
  /** What messages call it. */
  readonly name: string;
  /** The number of its genes. */
  readonly genesCount: number;
  /** For each gene which it becomes, -1 none; by default itself. */
  readonly geneMap: Int32Array | undefined;
}

/** Profiles of some matrices, listed row by row. */
export interface PairsPart {
  /** The matrices. */
  readonly matrices: readonly PairsMatrix[];
  /** For each row where its profiles start, then where the last ones end. */
  readonly rowStarts: Uint32Array;
  /** The matrix of each profile. */
  readonly members: Uint8Array;
  /** The first byte of each profile, from the start of its source. */
  readonly starts: Uint32Array;
  /** The byte after the last of each profile. */
  readonly ends: Uint32Array;
}

/** Where rows go that were summed, a piece a slot. */
export interface PairsOutput {
  /** The number of slots. */
  readonly slots: number;
  /** The bytes of a slot. */
  readonly slotBytes: number;
  /** The pairs of the slots. */
  readonly pairs: Uint8Array;
  /** For each slot the entries in it and their sum. */
  readonly summaries: Float64Array;
  /** For each row where its pairs end in its slot. */
  readonly ends: Uint32Array;
  /** For each slot one more than the piece in it, then how many were used. */
  readonly ready: Int32Array;
}

/** What is computed. */
export interface PairsJob {
  /** How. */
  readonly kernel: "groupPairs";
  /** The number of genes of the rows. */
  readonly genesCount: number;
  /** Where the rows go. */
  readonly output: PairsOutput;
}

/** Sums rows of a job, one after the other, on one thread. */
export class PairsRunner {
  /**
   * Makes a runner.
   *
   * @param module The kernels.
   */
  constructor(module: WebAssembly.Module);
  /**
   * Starts a job.
   *
   * @param job What is computed.
   */
  begin(job: PairsJob): void;
  /**
   * Sums the profiles of some rows.
   *
   * @param part The profiles.
   * @param first The first row.
   * @param end The one after the last.
   * @param read Reads pairs.
   * @param isStopped Is asked before each window.
   * @returns The place of the first profile whose pairs are not valid, or -1.
   */
  run(
    part: PairsPart,
    first: number,
    end: number,
    read: ReadFunction,
    isStopped: () => boolean,
  ): Promise<number>;
  /**
   * Hands over the rows that were summed.
   *
   * @param piece Which they are; there is room in its slot.
   */
  put(piece: number): void;
  /** Ends the job. */
  end(): void;
  /** Gives up the job. */
  abandon(): void;
}
