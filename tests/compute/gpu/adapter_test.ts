import { assertEquals, assertRejects } from "@std/assert";
import { findAdapter } from "../../../src/compute/gpu/adapter.ts";
import { GpuUnavailableError } from "../../../src/compute/gpu/gpu_unavailable_error.ts";

Deno.test("findAdapter() says that a driver fails", async () => {
  const requestAdapter = () => Promise.reject(new TypeError("out of luck"));
  const error = await assertRejects(
    () => findAdapter({ gpu: { requestAdapter } }),
    GpuUnavailableError,
    "Cannot use the GPU: no adapter was found: out of luck",
  );
  assertEquals(error.reason, "no-adapter");
});

Deno.test("findAdapter() says that there is none", async () => {
  await assertRejects(
    () => findAdapter({ gpu: { requestAdapter: () => Promise.resolve(null) } }),
    GpuUnavailableError,
    "Cannot use the GPU: no adapter was found",
  );
});
