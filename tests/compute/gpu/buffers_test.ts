import { assertEquals, assertThrows } from "@std/assert";
import { roundUp, writeBytes } from "../../../src/compute/gpu/buffers.ts";

Deno.test("writeBytes() checks bounds and writes whole words", () => {
  const written: unknown[][] = [];
  const queue = { writeBuffer: (...values: unknown[]) => written.push(values) };
  const device = { queue } as unknown as GPUDevice;
  const buffer = { size: 16 } as GPUBuffer;
  const array = new Uint8Array(32).subarray(4, 16);
  writeBytes(device, buffer, array, 6);
  writeBytes(device, buffer, array);
  writeBytes(device, buffer, array, 0);
  assertEquals(written, [
    [buffer, 0, array.buffer, 4, 8],
    [buffer, 0, array.buffer, 4, 12],
  ]);
  assertThrows(
    () => writeBytes(device, buffer, array, 13),
    RangeError,
    "Cannot write 16 bytes to a buffer of 16: the array has 12",
  );
  assertThrows(
    () => writeBytes(device, buffer, new Uint8Array(20)),
    RangeError,
    "Cannot write 20 bytes to a buffer of 16: the array has 20",
  );
});

Deno.test("roundUp() gives the next multiple", () => {
  assertEquals([0, 1, 4, 5].map((value) => roundUp(value, 4)), [0, 4, 4, 8]);
});
