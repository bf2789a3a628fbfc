import { assert, assertEquals } from "@std/assert";
import {
  type ChunkLimits,
  type LongProfile,
  type PairsChunk,
  readChunks,
} from "../../../src/compute/gpu/chunks.ts";
import { rowsSpans } from "../../../src/compute/gpu/rows_spans.ts";
import { chunkLimits } from "../../../src/compute/gpu/work_limits.ts";
import {
  type LeafSpan,
  selectProfiles,
} from "../../../src/compute/leaf_spans.ts";
import { matrixOf } from "./_gpu.ts";

/** What a chunk has, copied before the next one is asked for. */
function contentOf(item: PairsChunk | LongProfile) {
  if ("longSpan" in item) {
    return { long: item.longSpan.profiles![0]!, target: item.target };
  }
  const { bytes, byteLength, places, profiles, targets } = item;
  return {
    pairs: Array.from(profiles, (_, at) => {
      const [start, end] = [places[4 * at]!, places[4 * at + 1]!];
      assert(end <= byteLength / 2);
      return [...bytes.slice(2 * start, 2 * end)];
    }),
    profiles: [...profiles],
    targets: [...targets],
  };
}

async function chunksOf(spans: LeafSpan[], limits: ChunkLimits) {
  const chunks: ReturnType<typeof contentOf>[] = [];
  for await (const item of readChunks(spans, limits)) {
    chunks.push(contentOf(item));
  }
  return chunks;
}

Deno.test("readChunks() packs profiles, and keeps long ones out", async () => {
  const long = [1, 1, 2, 2, 3, 3, 4, 4];
  using matrix = await matrixOf([[0, 1], [1, 2, 3, 4], [], long, [5, 6]], 20);
  const span = selectProfiles(matrix, { firstTarget: 7 });
  const limits = { bytes: 4, profileBytes: 6 };
  assertEquals(await chunksOf([span], limits), [
    { pairs: [[0, 1]], profiles: [0], targets: [7] },
    { pairs: [[1, 2, 3, 4], []], profiles: [1, 2], targets: [8, 9] },
    { long: 3, target: 10 },
    { pairs: [[5, 6]], profiles: [4], targets: [11] },
  ]);
  const whole = await chunksOf([span], { bytes: 100, profileBytes: 100 });
  assertEquals(whole.length, 1);
});

Deno.test("readChunks() takes profiles of spans as they are wanted", async () => {
  using matrix = await matrixOf([[0, 1], [1, 2], [2, 3], [3, 4]], 20);
  const profiles = Int32Array.of(3, 0, 3);
  const spans = [selectProfiles(matrix, { profiles }), selectProfiles(matrix)];
  const limits = { bytes: 100, profileBytes: 100, profiles: 2 };
  assertEquals(await chunksOf(spans, limits), [
    { pairs: [[0, 1], [3, 4]], profiles: [0, 3], targets: [1, 0] },
    { pairs: [[3, 4]], profiles: [3], targets: [2] },
    { pairs: [[0, 1], [1, 2]], profiles: [0, 1], targets: [0, 1] },
    { pairs: [[2, 3], [3, 4]], profiles: [2, 3], targets: [2, 3] },
  ]);
});

Deno.test("readChunks() takes a profile that is longer than a chunk", async () => {
  const long = new Array<number>(5000).fill(1);
  using matrix = await matrixOf([[0, 1], long, [2, 3]], 5000);
  const limits = { bytes: 64, profileBytes: 5000 };
  const chunks = await chunksOf([selectProfiles(matrix)], limits);
  assertEquals(chunks.map((chunk) => chunk.pairs?.[0]?.length), [2, 5000, 2]);
});

Deno.test("rowsSpans() picks the profiles of rows", async () => {
  using matrix = await matrixOf([[0, 1], [1, 2], [2, 3], [3, 4]], 20);
  const profiles = Int32Array.of(1, 1, 3);
  const targets = Int32Array.of(5, 4, 6);
  const spans = [
    selectProfiles(matrix),
    selectProfiles(matrix, { profiles, targets }),
  ];
  const rows = Int32Array.of(0, 1, -1, 2, 1, 3, 1);
  const picked = rowsSpans(spans, rows, 1, 3);
  assertEquals(picked.profilesCount, 4);
  const wanted = picked.spans.map((span) => [span.profiles, span.targets]);
  assertEquals(wanted, [
    [Int32Array.of(1, 3), Int32Array.of(1, 3)],
    [Int32Array.of(1, 3), Int32Array.of(4, 6)],
  ]);
  assertEquals(rowsSpans(spans, rows, -1, 4).spans, spans);
  assertEquals(rowsSpans(spans, rows, 7, 9), { spans: [], profilesCount: 0 });
});

Deno.test("chunkLimits() keeps sums of a chunk in 32 bits", () => {
  const limits = { chunkBytes: 1e12, bindingBytes: 1e12, profileBytes: 1e12 };
  const { bytes, profileBytes } = chunkLimits(limits);
  assert(bytes / 2 * 255 < 2 ** 32);
  assertEquals(bytes % 16, 0);
  assertEquals(profileBytes, bytes);
  const small = { chunkBytes: 1000, bindingBytes: 130, profileBytes: 50 };
  assertEquals(chunkLimits(small, 4), { bytes: 32, profileBytes: 32 });
});
