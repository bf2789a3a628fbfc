/** The jobs of the kernels' benchmark, and how the programs that do them talk. */

/** The jobs, and what the table calls them. */
export const KERNEL_JOBS = {
  profileTotals: "totals a cell",
  profileEntries: "detected genes a cell",
  geneTotals: "totals a gene",
  groups50: "sums of 50 groups",
  groups2000: "sums of 2,000 groups",
  dense: "1,000 random cells, dense f32",
  sparse: "1,000 random cells, CSR",
} as const;

/** The name of a job. */
export type KernelJob = keyof typeof KERNEL_JOBS;

/** What is to be done once. */
export interface KernelRequest {
  /** The job. */
  readonly job: KernelJob;
  /** On how many threads. */
  readonly threads: number;
}

/** What doing a job once gave. */
export interface KernelReply {
  /** What it took, until the result was whole. */
  readonly seconds: number;
  /** The sum of the result. */
  readonly sum: number;
  /** Its sum with each value times a weight of its place in the result. */
  readonly weighted: number;
}

/** The sums by which results are compared. */
export type KernelCheck = Pick<KernelReply, "sum" | "weighted">;

/** A program that can't do a job says so. */
export interface KernelRefusal {
  /** Why it can't. */
  readonly refusal: string;
}

/** What a program answers. */
export type KernelAnswer = KernelReply | KernelRefusal;

/**
 * Sums a result, to compare it with that of another program.
 *
 * @param values Whole numbers.
 * @param check The sums of what comes before, which are added to.
 * @param start The place of the first value in the result.
 * @returns The sums.
 */
export function addCheck(
  values: ArrayLike<number>,
  check: KernelCheck = { sum: 0, weighted: 0 },
  start = 0,
): KernelCheck {
  let { sum, weighted } = check;
  let weight = start % WEIGHTS;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    sum += value;
    weighted += value * (weight + 1);
    if (++weight === WEIGHTS) weight = 0;
  }
  return { sum, weighted };
}

/**
 * Sums sparse rows as if they were dense.
 *
 * @param rows The rows.
 * @param genesCount The length of a row.
 * @returns The sums.
 */
export function checkSparse(
  rows: {
    readonly offsets: ArrayLike<number>;
    readonly genes: ArrayLike<number>;
    readonly counts: ArrayLike<number>;
  },
  genesCount: number,
): KernelCheck {
  let [sum, weighted] = [0, 0];
  for (let row = 0; row + 1 < rows.offsets.length; row++) {
    for (let at = rows.offsets[row]!; at < rows.offsets[row + 1]!; at++) {
      const place = row * genesCount + rows.genes[at]!;
      sum += rows.counts[at]!;
      weighted += rows.counts[at]! * (place % WEIGHTS + 1);
    }
  }
  return { sum, weighted };
}

const WEIGHTS = 1021;

/**
 * Serves jobs: a line `JOB THREADS` of the standard input is answered with a
 * line of JSON.
 *
 * @param run Does a job once.
 */
export async function serveJobs(
  run: (
    request: KernelRequest,
  ) => KernelAnswer | Promise<KernelAnswer>,
): Promise<void> {
  const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
  let text = "";
  for await (const chunk of lines) {
    text += chunk;
    for (let end; (end = text.indexOf("\n")) >= 0; text = text.slice(end + 1)) {
      const [job, threads] = text.slice(0, end).split(" ");
      const request = { job: job as KernelJob, threads: Number(threads) };
      console.log(JSON.stringify(await run(request)));
    }
  }
}

/**
 * Reads whole numbers that were written as they are in memory.
 *
 * @param path The path of the file.
 * @returns The numbers.
 */
export function readInt32(path: string): Int32Array<ArrayBuffer> {
  return new Int32Array(Deno.readFileSync(path).buffer);
}
