/** Measures an engine: what its kernels get through, from where the pairs are. */
import {
  type Engine,
  type Kernel,
  type KernelOptions,
  KERNELS,
} from "./engine.ts";
import { type LeafSpan, selectProfiles } from "./leaf_spans.ts";

/** The groups that profiles are summed into. */
const GROUPS = 50;
/** The profiles that are decoded: results of all would not fit the memory. */
const DECODED = 1000;
/** The first run of each is not counted. */
const RUNS = 3;

/** How fast a kernel was. */
export interface EngineSpeed {
  /** The kernel. */
  readonly kernel: Kernel;
  /** The bytes of pairs that it got through in a second, at its best. */
  readonly bytesPerSecond: number;
}

/**
 * Measures all kernels of an engine.
 *
 * @param engine The engine.
 * @param span The profiles, all of one matrix.
 * @param options What stops it.
 * @returns The speed of each kernel.
 */
export async function measureEngine(
  engine: Engine,
  span: LeafSpan,
  options: Pick<KernelOptions, "signal"> = {},
): Promise<EngineSpeed[]> {
  const speeds: EngineSpeed[] = [];
  for (const kernel of KERNELS) {
    // An interrupt is heard between turns, and a kernel may take less than one.
    await new Promise((resolve) => setTimeout(resolve, 0));
    options.signal?.throwIfAborted();
    const isDecoding = kernel === "decodeDense" || kernel === "decodeSparse";
    const part = isDecoding ? firstProfiles(span) : span;
    const bytes = await bytesOf(part);
    let best = Infinity;
    for (let run = 0; run < RUNS; run++) {
      const start = performance.now();
      await runKernel(engine, kernel, part, options);
      if (run > 0) best = Math.min(best, performance.now() - start);
    }
    speeds.push({
      kernel,
      bytesPerSecond: 1000 * bytes / Math.max(best, 0.01),
    });
  }
  return speeds;
}

async function runKernel(
  engine: Engine,
  kernel: Kernel,
  span: LeafSpan,
  options: KernelOptions,
): Promise<void> {
  const { genesCount } = span.matrix;
  const profilesCount = span.profiles?.length ?? span.matrix.profilesCount;
  const shape = { profilesCount, genesCount };
  if (kernel === "profileTotals" || kernel === "profileEntries") {
    await engine[kernel]([span], profilesCount, options);
  } else if (kernel === "geneTotals") {
    await engine.geneTotals([span], genesCount, options);
  } else if (kernel === "groupSums") {
    const rows = Int32Array.from(
      { length: profilesCount },
      (_, at) => at % GROUPS,
    );
    const sums = { rows, rowsCount: GROUPS, genesCount };
    await engine.groupSums([span], sums, options);
  } else if (kernel === "decodeDense") {
    const dense = { ...shape, dtype: "float32" } as const;
    await engine.decodeDense([span], dense, options);
  } else await engine.decodeSparse([span], shape, options);
}

function firstProfiles({ matrix }: LeafSpan): LeafSpan {
  const length = Math.min(DECODED, matrix.profilesCount);
  const profiles = Int32Array.from({ length }, (_, at) => at);
  return selectProfiles(matrix, { profiles });
}

async function bytesOf({ matrix, profiles }: LeafSpan): Promise<number> {
  const { offsets } = (await matrix.stored!()).index;
  const end = profiles?.length ?? matrix.profilesCount;
  return offsets[end]! - offsets[0]!;
}
