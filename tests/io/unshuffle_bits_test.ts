import { assertEquals, assertStrictEquals } from "@std/assert";
import { unshuffleBits } from "../../src/io/unshuffle_bits.ts";

for (const size of [1, 2, 3, 4, 8]) {
  Deno.test(`unshuffleBits() puts values together: ${size} bytes`, () => {
    const count = 40;
    const values = Uint8Array.from(
      { length: size * count },
      (_, at) => (at * 73) % 251,
    );
    const sorted = new Uint8Array(values.length);
    for (const [at, byte] of values.entries()) {
      const value = Math.floor(at / size);
      for (let bit = 0; bit < 8; bit++) {
        const row = 8 * (at % size) + bit;
        const place = row * count + value;
        sorted[place >> 3]! |= ((byte >> bit) & 1) << (place & 7);
      }
    }
    assertEquals(unshuffleBits(sorted, size), values);
  });
}

Deno.test("unshuffleBits() leaves values alone that make no eights", () => {
  const bytes = new Uint8Array(4 * 9);
  assertStrictEquals(unshuffleBits(bytes, 4), bytes);
});
