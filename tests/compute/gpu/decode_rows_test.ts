import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { decodeRowsToBuffer } from "../../../src/compute/gpu/decode_rows.ts";
import { GpuUnavailableError } from "../../../src/compute/gpu/gpu_unavailable_error.ts";
import { selectProfiles } from "../../../src/compute/leaf_spans.ts";
import { ReferenceEngine } from "../../../src/compute/reference_engine.ts";
import { takeDevice, watchDevice } from "./_device.ts";
import { gpuTest, matrixOf, randomProfiles } from "./_gpu.ts";

const GENES = 150;

/** Bytes of a profile that is not left to llvmpipe. */
const LONG = 200_000;

async function contentOf(
  device: GPUDevice,
  buffer: GPUBuffer,
  length: number,
): Promise<Float32Array> {
  const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
  const staging = device.createBuffer({ size: 4 * length, usage });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, 4 * length);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const content = new Float32Array(staging.getMappedRange()).slice();
  staging.destroy();
  return content;
}

gpuTest(
  "decodeRowsToBuffer() gives the bits of the reference (gpu)",
  async () => {
    const shape = { profiles: 30, genes: GENES, pairs: 200 };
    const profiles = randomProfiles(21, shape);
    profiles[4] = [2, 9, ...new Array(LONG - 2).fill(0), 3, 200, 0, 7];
    using matrix = await matrixOf(profiles, GENES);
    const geneMap = Int32Array.from(
      { length: GENES },
      (_, gene) => gene % 2 ? gene : -1,
    );
    const picked = Int32Array.of(7, 4, 4, 2);
    const spans = [
      selectProfiles(matrix, { firstTarget: 4 }),
      selectProfiles(matrix, { profiles: picked, geneMap }),
    ];
    const rows = { profilesCount: 34, genesCount: GENES };
    const expected = await new ReferenceEngine()
      .decodeDense(spans, { ...rows, dtype: "float32" });
    const device = await takeDevice();
    try {
      const watched = watchDevice(device);
      let told = 0;
      const advance = (count: number) => void (told += count);
      const buffer = await decodeRowsToBuffer(watched.device, spans, rows, {
        advance,
      });
      assertEquals(await contentOf(device, buffer, 34 * GENES), expected);
      assertEquals(told, 34);
      assertEquals([...watched.live], [buffer]);
      const into = await decodeRowsToBuffer(watched.device, spans, rows, {
        into: buffer,
      });
      assertStrictEquals(into, buffer);
      assertEquals(await contentOf(device, buffer, 34 * GENES), expected);
      assertEquals([...watched.live], [buffer]);
      buffer.destroy();
    } finally {
      device.destroy();
    }
  },
);

gpuTest(
  "decodeRowsToBuffer() leaves nothing where it fails (gpu)",
  async () => {
    using matrix = await matrixOf([[0, 3], [9, 1]], 9);
    const spans = [selectProfiles(matrix)];
    const device = await takeDevice();
    const watched = watchDevice(device);
    const shape = { profilesCount: 2, genesCount: 9 };
    await assertRejects(
      () => decodeRowsToBuffer(watched.device, spans, shape),
      SyntaxError,
      "leads to gene 9 of 9",
    );
    assertEquals(watched.live.size, 0);
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
    const into = device.createBuffer({ size: 64, usage });
    await assertRejects(
      () => decodeRowsToBuffer(watched.device, spans, shape, { into }),
      RangeError,
      "Cannot decode 2 rows of 9 genes into a buffer of 64 bytes",
    );
    await assertRejects(
      () =>
        decodeRowsToBuffer(watched.device, spans, {
          profilesCount: 1e6,
          genesCount: 3e4,
        }),
      GpuUnavailableError,
      "Cannot decode 1000000 rows of 30000 genes on the GPU: a buffer takes",
    );
    device.destroy();
    await assertRejects(
      () => decodeRowsToBuffer(watched.device, spans, shape),
      GpuUnavailableError,
      "was lost",
    );
  },
);
