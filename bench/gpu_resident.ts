/**
 * What the kernels of the GPU reach over pairs that are on it already, beside
 * what its memory gives to a copy, and what whole computations reach from
 * memory: `deno run -A bench/gpu_resident.ts [CELLS]`. Where there is no GPU it
 * says so; software is measured too, and shows that things work, no more.
 *
 * @module
 */
import {
  createGpuEngine,
  type GpuEngine,
} from "../src/compute/gpu/gpu_engine.ts";
import { describeGpu } from "../src/compute/gpu/describe_gpu.ts";
import {
  type GpuMeasurement,
  measureGpu,
} from "../src/compute/gpu/measure_gpu.ts";
import { type LeafSpan, selectProfiles } from "../src/compute/leaf_spans.ts";
import { MemorySink } from "../src/io/memory_sink.ts";
import { MatrixWriter } from "../src/matrix/matrix_writer.ts";
import { MemoryMappedMatrix } from "../src/matrix/memory_mapped_matrix.ts";
import { formatCount, formatRatio, formatTable, median } from "./statistics.ts";
import { SYNTHETIC_GENES, SyntheticCells } from "./synthetic.ts";

/** Of a GPU, so that a chunk is full; of software, so that it ends soon. */
const CELLS = 20_000;
const SOFTWARE_CELLS = 2_000;

const RUNS = 3;
const GROUPS = 50;
const ROWS = 1_000;

// Mesa says on the standard error that it misses one of the two.
if (!Deno.env.get("XDG_RUNTIME_DIR")) Deno.env.set("NODEVICE_SELECT", "1");

const description = await describeGpu();
if (description === undefined) {
  console.log("There is no GPU");
} else {
  const { isSoftware } = description;
  const cells = Number(Deno.args[0] ?? (isSoftware ? SOFTWARE_CELLS : CELLS));
  const { matrix, entries } = await makeMatrix(cells);
  const spans = [selectProfiles(matrix)];
  for (const subgroups of ["auto", "never"] as const) {
    const measured = await measureGpu({ spans, subgroups });
    if (subgroups === "auto") reportDevice(measured);
    reportKernels(measured);
    if (subgroups === "auto" && !measured.hasSubgroups) break;
  }
  await using engine = await createGpuEngine();
  await reportComputations(engine, spans, entries);
}

async function makeMatrix(
  cells: number,
): Promise<{ matrix: MemoryMappedMatrix; entries: number }> {
  const synthetic = new SyntheticCells();
  const sink = new MemorySink();
  const writer = new MatrixWriter(sink, { genesCount: SYNTHETIC_GENES });
  for (let cell = 0; cell < cells; cell++) {
    const length = synthetic.make(cell);
    const genes = synthetic.genes.subarray(0, length);
    writer.writeProfile(genes, synthetic.counts.subarray(0, length));
  }
  const { entriesCount } = writer.finish();
  const matrix = await MemoryMappedMatrix.open(sink.bytes());
  return { matrix, entries: entriesCount };
}

function gigabytes(bytesPerSecond: number): string {
  return `${(bytesPerSecond / 1e9).toFixed(2)} GB/s`;
}

function reportDevice(measured: GpuMeasurement): void {
  console.log(`${measured.name}${measured.isSoftware ? ", software" : ""}`);
  console.log(`start: ${measured.startTime.toFixed(1)} ms`);
  console.log(`there and back: ${measured.latency.toFixed(1)} ms`);
  console.log(`to the GPU: ${gigabytes(measured.uploadBytesPerSecond)}`);
  console.log(`from the GPU: ${gigabytes(measured.readBackBytesPerSecond)}`);
  console.log(
    `copy on the GPU, read and written: ` +
      gigabytes(measured.copyBytesPerSecond),
  );
}

function reportKernels(measured: GpuMeasurement): void {
  const { copyBytesPerSecond, hasSubgroups, kernels } = measured;
  console.log(`\nResident, ${hasSubgroups ? "with" : "without"} subgroups:\n`);
  const rows = kernels.map((speed) => [
    speed.kernel,
    (speed.bytesPerSecond / 1e9).toFixed(2),
    formatRatio(speed.bytesPerSecond / copyBytesPerSecond),
    formatCount(speed.pairsPerSecond / 1e6),
  ]);
  const header = ["kernel", "GB/s", "of the copy", "M pairs/s"];
  console.log(formatTable(header, rows));
}

async function reportComputations(
  engine: GpuEngine,
  spans: readonly LeafSpan[],
  entries: number,
): Promise<void> {
  const { profilesCount, genesCount } = spans[0]!.matrix;
  const groups = Int32Array.from({ length: profilesCount }, (_, at) => {
    return at % GROUPS;
  });
  const shape = { rows: groups, rowsCount: GROUPS, genesCount };
  const step = Math.max(1, Math.floor(profilesCount / ROWS));
  const some = [selectProfiles(spans[0]!.matrix, {
    profiles: Int32Array.from(
      { length: Math.min(ROWS, profilesCount) },
      (_, at) => at * step,
    ),
  })];
  const dense = {
    profilesCount: Math.min(ROWS, profilesCount),
    genesCount,
    dtype: "float32",
  } as const;
  const computations: [string, () => Promise<unknown>][] = [
    ["profileTotals", () => engine.profileTotals(spans, profilesCount)],
    ["profileEntries", () => engine.profileEntries(spans, profilesCount)],
    ["geneTotals", () => engine.geneTotals(spans, genesCount)],
    ["groupSums", () => engine.groupSums(spans, shape)],
  ];
  const rows: string[][] = [];
  for (const [name, compute] of computations) {
    const time = await medianTime(compute);
    const speed = formatCount(entries / time / 1e3);
    rows.push([name, time.toFixed(1), speed]);
  }
  const time = await medianTime(() => engine.decodeDense(some, dense));
  rows.push([`decodeDense, ${dense.profilesCount} rows`, time.toFixed(1), ""]);
  console.log(`\nFrom memory, ${formatCount(entries)} entries:\n`);
  console.log(formatTable(["computation", "ms", "M entries/s"], rows));
}

async function medianTime(compute: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    const start = performance.now();
    await compute();
    // The first one compiles.
    if (run > 0) times.push(performance.now() - start);
  }
  return median(times);
}
