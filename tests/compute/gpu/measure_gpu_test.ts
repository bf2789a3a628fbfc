import { assert, assertEquals, assertGreater } from "@std/assert";
import { KERNELS } from "../../../src/compute/engine.ts";
import {
  adapterName,
  isSoftwareAdapter,
} from "../../../src/compute/gpu/adapter.ts";
import { describeGpu } from "../../../src/compute/gpu/describe_gpu.ts";
import { measureGpu } from "../../../src/compute/gpu/measure_gpu.ts";
import { gpuTest } from "./_gpu.ts";

const info = (values: Partial<GPUAdapterInfo>): GPUAdapterInfo => ({
  ...{ vendor: "", architecture: "", device: "", description: "" },
  ...{ subgroupMinSize: 4, subgroupMaxSize: 128, isFallbackAdapter: false },
  ...values,
} as GPUAdapterInfo);

Deno.test("describeGpu() gives nothing without an adapter", async () => {
  const gpu = { requestAdapter: () => Promise.resolve(null) };
  assertEquals(await describeGpu({ gpu }), undefined);
});

Deno.test("isSoftwareAdapter() knows programs on the CPU", () => {
  for (
    const software of [
      info({ description: "llvmpipe (LLVM 15.0.6, 256 bits)" }),
      info({ vendor: "google", architecture: "swiftshader" }),
      info({ description: "Microsoft Basic Render Driver" }),
      info({ isFallbackAdapter: true }),
    ]
  ) assert(isSoftwareAdapter(software));
  assert(!isSoftwareAdapter(info({ description: "NVIDIA H200" })));
  assert(!isSoftwareAdapter(info({ vendor: "apple" })));
});

Deno.test("adapterName() takes what there is", () => {
  assertEquals(
    adapterName(info({ description: "NVIDIA H200" })),
    "NVIDIA H200",
  );
  const apple = info({ vendor: "apple", architecture: "metal-3" });
  assertEquals(adapterName(apple), "apple metal-3");
  assertEquals(adapterName(info({})), "unnamed GPU");
});

gpuTest("describeGpu() names the adapter and its limits (gpu)", async () => {
  const description = await describeGpu();
  assert(description);
  assertGreater(description.name.length, 0);
  assertGreater(description.maxStorageBufferBindingSize, 1 << 26);
});

gpuTest("measureGpu() measures all kernels (gpu)", async () => {
  const measured = await measureGpu({ residentBytes: 1 << 16, leastTime: 0 });
  assertEquals(measured.kernels.map(({ kernel }) => kernel), [...KERNELS]);
  for (const { bytesPerSecond, pairsPerSecond } of measured.kernels) {
    assertGreater(pairsPerSecond, 0);
    assertGreater(bytesPerSecond, pairsPerSecond);
  }
  assertGreater(measured.copyBytesPerSecond, 0);
  assertGreater(measured.uploadBytesPerSecond, 0);
  assertGreater(measured.readBackBytesPerSecond, 0);
  assertGreater(measured.latency, 0);
});
