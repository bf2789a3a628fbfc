import { assertEquals, assertRejects } from "@std/assert";
import { geneEntries } from "../../src/compute/gene_entries.ts";
import { selectProfiles } from "../../src/compute/leaf_spans.ts";
import { MemoryMappedMatrix } from "../../src/matrix/memory_mapped_matrix.ts";
import { matrixBytes } from "./_streams.ts";

Deno.test("geneEntries() finds a gene through maps, each its own", async () => {
  const profiles = [[0, 1, 1, 2, 1, 3], [], [2, 9]];
  const bytes = matrixBytes({ profiles, genesCount: 3, firstOffset: 56 });
  using matrix = await MemoryMappedMatrix.open(bytes);
  const maps = [undefined, [1, -1, 0], [-1, -1, -1], [0, 1, -1]];
  const spans = maps.map((map, at) =>
    selectProfiles(matrix, {
      geneMap: map && Int32Array.from(map),
      firstTarget: 3 * at,
    })
  );
  const found = async (gene: number) => {
    const { profiles, counts } = await geneEntries(spans, gene, 12);
    return Array.from(profiles, (profile, at) => [profile, counts[at]]);
  };
  assertEquals(await found(0), [[0, 1], [3, 3], [5, 9], [9, 1]]);
  assertEquals(await found(1), [[0, 2], [3, 1], [9, 2]]);
  assertEquals(await found(2), [[0, 3], [2, 9]]);
});

Deno.test("geneEntries() refuses pairs that add up to more than a count", async () => {
  const pairs = new Uint8Array(2 * 16_843_010);
  new Uint16Array(pairs.buffer).fill(0xff00);
  const bytes = matrixBytes({
    profiles: [[0, 1], pairs],
    genesCount: 2,
    firstOffset: 56,
  });
  using matrix = await MemoryMappedMatrix.open(bytes);
  await assertRejects(
    () => geneEntries([selectProfiles(matrix)], 0, 2),
    SyntaxError,
    "the count of gene 0 of profile 1 is 4294967550, and counts go up to " +
      "4294967295",
  );
});
