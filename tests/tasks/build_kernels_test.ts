import { assert, assertEquals } from "@std/assert";
import { KERNELS_WASM } from "../../src/compute/cpu/kernels_wasm.ts";
import { compileKernels, renderKernels } from "../../tasks/build_kernels.ts";

Deno.test("compileKernels() makes the bytes that are checked in", async () => {
  const bytes = await compileKernels();
  assertEquals(Uint8Array.fromBase64(KERNELS_WASM), bytes);
  assert(WebAssembly.validate(bytes as Uint8Array<ArrayBuffer>));
  const path = new URL(
    "../../src/compute/cpu/kernels_wasm.ts",
    import.meta.url,
  );
  assertEquals(renderKernels(bytes), Deno.readTextFileSync(path));
});
