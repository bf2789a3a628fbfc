/** Whether rows are drawn as often as their weights say. */
import { assert, assertEquals } from "@std/assert";
import { WeightedSampler } from "../../../src/mapped/samplers/weighted.ts";

const WEIGHTS = [1, 2, 0, 3, 4, 0.5];
const SUM = 10.5;

/**
 * Pearson's chi-square of counts and chances, as a number of standard
 * deviations past its mean: more than 4 is not by chance.
 */
function deviation(
  counts: readonly number[],
  chances: readonly number[],
): number {
  const total = counts.reduce((left, right) => left + right, 0);
  let sum = 0;
  let freedom = -1;
  counts.forEach((count, at) => {
    const expected = total * chances[at]!;
    if (expected === 0) {
      assertEquals(count, 0);
      return;
    }
    freedom++;
    sum += (count - expected) ** 2 / expected;
  });
  return (sum - freedom) / Math.sqrt(2 * freedom);
}

for (const scale of [1e-315, 1, 1e300]) {
  const weights = WEIGHTS.map((weight) => weight * scale);

  Deno.test(`WeightedSampler draws as often as weights times ${scale} say`, () => {
    const counts = weights.map(() => 0);
    const sampler = new WeightedSampler(weights, {
      batchSize: 300,
      samplesCount: 3000,
      seed: 1,
    });
    for (let epoch = 0; epoch < 10; epoch++) {
      for (const rows of sampler.batches(epoch)) {
        rows.forEach((row) => counts[row]!++);
      }
    }
    const chances = WEIGHTS.map((weight) => weight / SUM);
    const far = deviation(counts, chances);
    assert(Math.abs(far) < 4, `${counts}: ${far}`);
  });

  Deno.test(`WeightedSampler without replacement draws pairs by weights times ${scale}`, () => {
    const sampler = new WeightedSampler(weights, {
      batchSize: 2,
      samplesCount: 2,
      replacement: false,
    });
    const counts = new Array<number>(36).fill(0);
    for (let epoch = 0; epoch < 6000; epoch++) {
      const [rows] = sampler.batches(epoch);
      counts[6 * rows![0]! + rows![1]!]!++;
    }
    const chances = WEIGHTS.flatMap((first, row) =>
      WEIGHTS.map((second, other) =>
        row === other ? 0 : first / SUM * second / (SUM - first)
      )
    );
    const far = deviation(counts, chances);
    assert(Math.abs(far) < 4, `${counts}: ${far}`);
  });
}
