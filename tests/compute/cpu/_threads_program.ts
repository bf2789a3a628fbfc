/** Totals a matrix with threads that it does not end. */
import { createCpuEngine } from "../../../src/compute/cpu/cpu_engine.ts";
import { selectProfiles } from "../../../src/compute/leaf_spans.ts";
import { MemoryMappedMatrix } from "../../../src/matrix/memory_mapped_matrix.ts";

const matrix = await MemoryMappedMatrix.open(Deno.args[0]!);
const engine = createCpuEngine({ threads: 2, startTime: 0 });
const { profilesCount } = matrix;
for (let round = 0; round < 3; round++) {
  const totals = await engine.profileTotals(
    [selectProfiles(matrix)],
    profilesCount,
  );
  console.log(totals.reduce((sum, total) => sum + total, 0));
}
