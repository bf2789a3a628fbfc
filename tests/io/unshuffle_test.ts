import { assertEquals } from "@std/assert";
import { unshuffle } from "../../src/io/unshuffle.ts";

for (const size of [1, 2, 3, 4, 8, 12]) {
  Deno.test(`unshuffle() puts values together: ${size} bytes`, () => {
    const count = 37;
    // Two bytes are left over, which stay where they are.
    const values = Uint8Array.from(
      { length: size * count + (size > 2 ? 2 : 0) },
      (_, at) => (at * 73) % 251,
    );
    const shuffled = values.slice();
    for (let at = 0; at < size * count; at++) {
      shuffled[(at % size) * count + Math.floor(at / size)] = values[at]!;
    }
    assertEquals(unshuffle(shuffled, size), values);
  });
}
