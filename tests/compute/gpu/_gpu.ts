/** Tests that need an adapter, and streams of pairs to run them on. */
import { encodeHeader, HEADER_SIZE } from "../../../src/matrix/layout.ts";
import { MemoryMappedMatrix } from "../../../src/matrix/memory_mapped_matrix.ts";
import {
  createGpuEngine,
  type GpuEngine,
  type GpuEngineOptions,
} from "../../../src/compute/gpu/gpu_engine.ts";

/** Without it Mesa complains on the standard error. */
if (!Deno.env.get("XDG_RUNTIME_DIR")) Deno.env.set("NODEVICE_SELECT", "1");

const adapter = await navigator.gpu?.requestAdapter() ?? null;
if (adapter === null) {
  console.error("Tests of the GPU are skipped: there is no adapter");
}

/**
 * Registers a test that needs a GPU, which is skipped where there is none; one
 * that is a program on the CPU will do.
 *
 * @param name The name of the test; it ends in `(gpu)`.
 * @param run The test.
 */
export function gpuTest(name: string, run: () => void | Promise<void>): void {
  if (!name.endsWith(" (gpu)")) {
    throw new Error(`Cannot add the test ${name}: it lacks "(gpu)"`);
  }
  Deno.test({ name, ignore: adapter === null, fn: run });
}

/**
 * Runs a function with engines with and without subgroups, one after the other.
 *
 * @param options How the engines are made.
 * @param run Is given each engine.
 */
export async function withEngines(
  options: GpuEngineOptions,
  run: (engine: GpuEngine) => Promise<void>,
): Promise<void> {
  for (const subgroups of ["auto", "never"] as const) {
    await using engine = await createGpuEngine({ ...options, subgroups });
    await run(engine);
  }
}

/** Pairs of one profile: delta and value, one after the other. */
export type Pairs = ArrayLike<number>;

/**
 * Makes a matrix of pairs as they are, whether or not a writer would.
 *
 * @param profiles The pairs of each profile.
 * @param genesCount The number of genes.
 * @returns The matrix, in memory.
 */
export async function matrixOf(
  profiles: readonly Pairs[],
  genesCount: number,
): Promise<MemoryMappedMatrix> {
  const offsets = new Uint32Array(profiles.length + 1);
  offsets[0] = HEADER_SIZE;
  profiles.forEach((pairs, at) =>
    offsets[at + 1] = offsets[at]! + pairs.length
  );
  const end = offsets[profiles.length]!;
  const indexOffset = Math.ceil(end / 4) * 4;
  const bytes = new Uint8Array(indexOffset + offsets.byteLength);
  bytes.set(encodeHeader(profiles.length, genesCount));
  profiles.forEach((pairs, at) => bytes.set(pairs, offsets[at]));
  bytes.set(new Uint8Array(offsets.buffer), indexOffset);
  return await MemoryMappedMatrix.open(bytes);
}

/** Random numbers that are the same each time. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 and below a bound. */
  below(bound: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor(this.#state / 2 ** 32 * bound);
  }
}

/**
 * Makes pairs of any valid kind: gaps, zeros, repeats, runs of full values.
 *
 * @param random Gives the numbers.
 * @param genesCount The number of genes.
 * @param mostPairs The most pairs.
 * @returns The pairs.
 */
export function randomPairs(
  random: Random,
  genesCount: number,
  mostPairs: number,
): number[] {
  const pairs: number[] = [];
  const count = random.below(mostPairs + 1);
  const most = [2, 4, 30, 256][random.below(4)]!;
  let gene = 0;
  while (pairs.length < 2 * count) {
    const delta = Math.min(random.below(most), genesCount - 1 - gene);
    gene += delta;
    const value = [
      0,
      random.below(5),
      random.below(256),
      255,
    ][random.below(4)]!;
    pairs.push(delta, value);
  }
  return pairs;
}

/**
 * Makes profiles of random pairs, some of them empty.
 *
 * @param seed What they depend on.
 * @param shape How many profiles, genes, and pairs at most.
 * @returns The pairs of each profile.
 */
export function randomProfiles(
  seed: number,
  shape: {
    readonly profiles: number;
    readonly genes: number;
    readonly pairs: number;
  },
): number[][] {
  const random = new Random(seed);
  return Array.from(
    { length: shape.profiles },
    () => randomPairs(random, shape.genes, random.below(shape.pairs + 1)),
  );
}
