import { assert, assertEquals } from "@std/assert";
import { KERNELS_WASM } from "../../src/compute/cpu/kernels_wasm.ts";
import { LZ4_WASM } from "../../src/io/lz4_wasm.ts";
import {
  compileKernels,
  MODULES,
  renderKernels,
} from "../../tasks/build_kernels.ts";

const CHECKED_IN: Readonly<Record<string, string>> = { KERNELS_WASM, LZ4_WASM };

for (const module of MODULES) {
  Deno.test(`compileKernels() makes the bytes that are checked in: ${module.name}`, async () => {
    const bytes = await compileKernels(module);
    assertEquals(Uint8Array.fromBase64(CHECKED_IN[module.name]!), bytes);
    assert(WebAssembly.validate(bytes as Uint8Array<ArrayBuffer>));
    const text = Deno.readTextFileSync(module.target);
    assertEquals(renderKernels(bytes, module), text);
  });
}
