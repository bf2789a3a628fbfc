import { assertEquals, assertRejects } from "@std/assert";
import { GpuUnavailableError } from "../../../src/compute/gpu/gpu_unavailable_error.ts";
import { compileKernel } from "../../../src/compute/gpu/pipelines.ts";
import {
  type KernelName,
  shaderSource,
  workgroupsFor,
} from "../../../src/compute/gpu/shaders.ts";
import { findSubgroups } from "../../../src/compute/gpu/subgroups.ts";
import { takeDevice } from "./_device.ts";
import { gpuTest } from "./_gpu.ts";

const NAMES: readonly KernelName[] = [
  "profile_totals",
  "profile_entries",
  "gene_totals",
  "group_sums",
  "decode_dense",
  "decode_sparse",
  "fold_sums",
  "scan_counts",
];

gpuTest("shaderSource() compiles in all variants (gpu)", async () => {
  const device = await takeDevice();
  const other = await takeDevice(["subgroups" as GPUFeatureName])
    .catch(() => undefined);
  const header = other && await findSubgroups(other);
  for (const isSoftware of [true, false]) {
    for (const name of NAMES) {
      for (const hasMap of [true, false]) {
        const kernel = { name, hasMap, asFloat: hasMap };
        const traits = { isSoftware, subgroupsHeader: undefined };
        const code = shaderSource(kernel, traits);
        assertEquals((await compileKernel(device, kernel, code)).name, name);
        if (!other || header === undefined) continue;
        const subgroupsHeader = header;
        const source = shaderSource(kernel, { isSoftware, subgroupsHeader });
        await compileKernel(other, kernel, source);
      }
    }
  }
  assertEquals(await findSubgroups(device), undefined);
  device.destroy();
  other?.destroy();
});

gpuTest("compileKernel() says what is wrong and where (gpu)", async () => {
  const device = await takeDevice();
  const code = "// a shader\nfn main() { let a: u32 = 1.5f; }\n";
  const error = await assertRejects(
    () => compileKernel(device, { name: "fold_sums" }, code),
    GpuUnavailableError,
    "Cannot compile the shader fold_sums: ",
  );
  assertEquals(error.message.split("\n").length, 1);
  device.destroy();
});

Deno.test("workgroupsFor() counts teams", () => {
  const traits = { isSoftware: false, subgroupsHeader: "" };
  assertEquals(workgroupsFor("gene_totals", 33, traits), 3);
  assertEquals(workgroupsFor("fold_sums", 513, traits), 3);
  assertEquals(workgroupsFor("scan_counts", 513, traits), 1);
  const without = { isSoftware: false, subgroupsHeader: undefined };
  assertEquals(workgroupsFor("gene_totals", 33, without), 33);
});
