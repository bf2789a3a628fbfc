import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { MappedCollection } from "../../src/mapped/mapped_collection.ts";
import { toGPU } from "../../src/mapped/to_gpu.ts";
import { gpuTest } from "../compute/gpu/_gpu.ts";
import { withTempFolder } from "../helpers.ts";
import { makeCells } from "./_cells.ts";
import { MemoryRows } from "./_memory_rows.ts";

gpuTest(
  "toGPU() decodes rows of containers to the bits of the CPU (gpu)",
  async () => {
    await withTempFolder(async (folder) => {
      await makeCells(`${folder}/one`, 40, 60);
      await makeCells(`${folder}/two`, 30, 70);
      const paths = [`${folder}/one`, `${folder}/two`];
      for (const join of ["inner", "outer"] as const) {
        using cells = await MappedCollection.open(paths, { join });
        await withDevice(async (device) => {
          const rows = [69, 3, 3, 40, 0, 25, 12];
          const { layers } = await cells.getRows(rows, { dtype: "float32" });
          const wanted = layers["X"]!;
          const { buffer, shape } = await toGPU(device, cells, rows);
          assertEquals(shape, wanted.shape);
          const decoded = await readBack(device, buffer);
          assertEquals(decoded.subarray(0, wanted.data.length), wanted.data);
          buffer.destroy();
        });
      }
    });
  },
);

gpuTest("toGPU() copies rows of other sources, and batches (gpu)", async () => {
  const source = new MemoryRows({ length: 9 });
  await withDevice(async (device) => {
    const wanted = Float32Array.of(24, 25, 26, 3, 4, 5);
    for (const format of ["dense", "csr"] as const) {
      const batch = await source.getRows([8, 1], { format });
      const { buffer, shape } = await toGPU(device, source, batch);
      assertEquals(shape, [2, 3]);
      assertEquals(await readBack(device, buffer), wanted);
      buffer.destroy();
    }
    const { buffer } = await toGPU(device, source, [8, 1]);
    assertEquals(await readBack(device, buffer), wanted);
    const again = await toGPU(device, source, [1, 8], { into: buffer });
    assertStrictEquals(again.buffer, buffer);
    const turned = Float32Array.of(3, 4, 5, 24, 25, 26);
    assertEquals(await readBack(device, buffer), turned);
    const large = [1, 2, 3, 4];
    await assertRejects(
      () => toGPU(device, source, large, { into: buffer }),
      RangeError,
      "Cannot put 48 bytes into a buffer of 24",
    );
    await assertRejects(
      () => toGPU(device, source, large, { layer: "spliced" }),
      Error,
      "Cannot put spliced on the GPU: the rows have none",
    );
    buffer.destroy();
  });
});

async function withDevice(
  run: (device: GPUDevice) => Promise<void>,
): Promise<void> {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter!.requestDevice();
  try {
    await run(device);
  } finally {
    device.destroy();
  }
}

async function readBack(
  device: GPUDevice,
  buffer: GPUBuffer,
): Promise<Float32Array> {
  const { size } = buffer;
  const staging = device.createBuffer({
    size,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const numbers = new Float32Array(staging.getMappedRange().slice(0));
  staging.destroy();
  return numbers;
}
