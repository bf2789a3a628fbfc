/**
 * The jobs of the kernels' benchmark by scran.js, which has the matrix in the
 * memory of its WASM, in the layout that is its default. `kernels.ts` starts
 * it. It gives no blocks of cells, only one at a time, in 10 ms each.
 */
import * as library from "scran.js";
import { MemoryMappedMatrix } from "../mod.ts";
import { decodePairs } from "../src/matrix/pairs.ts";
import {
  addCheck,
  type KernelCheck,
  type KernelJob,
  readInt32,
  serveJobs,
} from "./kernel_jobs.ts";

/** Of the library, which has no types, what is used. */
interface Scran {
  initialize(options: { numberOfThreads: number }): Promise<boolean>;
  initializeSparseMatrixFromSparseArrays(
    rowsCount: number,
    columnsCount: number,
    values: Uint16Array,
    indices: Uint16Array,
    pointers: Float64Array,
    options: { byRow: boolean },
  ): Matrix;
  rowSums(matrix: Matrix, options: Threads): Float64Array;
  columnSums(matrix: Matrix, options: Threads): Float64Array;
  perCellRnaQcMetrics(
    matrix: Matrix,
    subsets: null,
    options: Threads,
  ): { detected(): Int32Array; free(): void };
  aggregateAcrossCells(
    matrix: Matrix,
    groups: Int32Array,
    options: Threads,
  ): { allSums(): Float64Array; free(): void };
}

/** A matrix in the memory of the library. */
type Matrix = { readonly numberOfRows: () => number };

interface Threads {
  readonly numberOfThreads: number;
}

const scran = library as unknown as Scran;
const [folder = "", most = "1"] = Deno.args;
await scran.initialize({ numberOfThreads: Number(most) });
const matrix = await load(`${folder}/cells/gp.umis.mmm`);
const groups = {
  groups50: readInt32(`${folder}/groups50.i32`),
  groups2000: readInt32(`${folder}/groups2000.i32`),
};

await serveJobs(({ job, threads }) => {
  if (job === "dense" || job === "sparse") {
    return { refusal: "it has no such job" };
  }
  const start = performance.now();
  const check = runJob(job, { numberOfThreads: threads });
  const seconds = (performance.now() - start) / 1000;
  return { seconds, ...check() };
});

function runJob(
  job: Exclude<KernelJob, "dense" | "sparse">,
  options: Threads,
): () => KernelCheck {
  let values: ArrayLike<number>;
  if (job === "profileTotals") values = scran.columnSums(matrix, options);
  else if (job === "geneTotals") values = scran.rowSums(matrix, options);
  else if (job === "profileEntries") values = detected(options);
  else {
    const result = scran.aggregateAcrossCells(matrix, groups[job], options);
    values = result.allSums();
    result.free();
  }
  return () => addCheck(values);
}

function detected(options: Threads): Int32Array {
  const result = scran.perCellRnaQcMetrics(matrix, null, options);
  const values = result.detected();
  result.free();
  return values;
}

async function load(path: string): Promise<Matrix> {
  using file = await MemoryMappedMatrix.open(path);
  const { profilesCount, genesCount } = file;
  const entriesCount = await file.entriesCount();
  const values = new Uint16Array(entriesCount);
  const indices = new Uint16Array(entriesCount);
  const pointers = new Float64Array(profilesCount + 1);
  let length = 0;
  for await (const window of file.windows()) {
    const { pairs, starts, firstProfile } = window;
    for (let at = 0; at < window.profilesCount; at++) {
      const own = pairs.subarray(starts[at], starts[at + 1]);
      const place = { name: path, offset: window.offset };
      const entries = decodePairs(own, genesCount, place);
      values.set(entries.counts, length);
      indices.set(entries.genes, length);
      length += entries.genes.length;
      pointers[firstProfile + at + 1] = length;
    }
  }
  return scran.initializeSparseMatrixFromSparseArrays(
    genesCount,
    profilesCount,
    values,
    indices,
    pointers,
    { byRow: false },
  );
}
