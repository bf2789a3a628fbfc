import type { ByteSink } from "../io/byte_sink.ts";
import { MatrixWriter } from "../matrix/matrix_writer.ts";

/** The genes of the profiles, and the mean step between two with a count. */
const GENES = 30_000;
const STEP = 17;

/**
 * Writes a matrix of profiles whose steps and counts look random, to measure
 * engines on. It is always the same.
 *
 * @param sink Receives the matrix file.
 * @param bytes The least size of it.
 */
export function writeMadeUpPairs(sink: ByteSink, bytes: number): void {
  const writer = new MatrixWriter(sink, { genesCount: GENES });
  let state = 1;
  while (sink.position < bytes) {
    const genes: number[] = [];
    const counts: number[] = [];
    for (let gene = 0; gene < GENES;) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      genes.push(gene);
      counts.push(1 + (state >>> 28));
      gene += 1 + (state >>> 8) % (2 * STEP);
    }
    writer.writeProfile(genes, counts);
  }
  writer.finish();
}
