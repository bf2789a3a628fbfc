import { assertEquals, assertThrows } from "@std/assert";
import {
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import { type Compression, decompress } from "../../src/io/decompress.ts";

const BYTES = Uint8Array.from({ length: 5000 }, (_, at) => at % 7);
const PACKED: readonly (readonly [Compression, Uint8Array])[] = [
  ["deflate", deflateRawSync(BYTES)],
  ["gzip", gzipSync(BYTES)],
  ["zlib", deflateSync(BYTES)],
  ["zstd", zstdCompressSync(BYTES)],
];

for (const [compression, packed] of PACKED) {
  Deno.test(`decompress() gives back what was packed: ${compression}`, () => {
    for (const likely of [0, 100, 5000, 10_000]) {
      const limits = { most: 5000, likely };
      assertEquals(decompress(packed, compression, limits), BYTES);
    }
  });

  Deno.test(`decompress() refuses damage and bombs: ${compression}`, () => {
    assertThrows(
      () => decompress(packed, compression, { most: 4999, likely: 4999 }),
      Error,
      `its ${compression} data hold more than 4999 bytes`,
    );
    const limits = { most: 5000, likely: 5000 };
    assertThrows(
      () => decompress(packed.subarray(0, 12), compression, limits),
      Error,
      `its ${compression} data are damaged`,
    );
    assertThrows(
      () => decompress(new Uint8Array(9).fill(255), compression, limits),
      Error,
      `its ${compression} data are damaged`,
    );
  });
}
