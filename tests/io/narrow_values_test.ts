import { assertEquals, assertExists } from "@std/assert";
import { NarrowValues } from "../../src/io/narrow_values.ts";

const NUMBERS = [0, 1, 255, 256, 257, 65535, 7];
const WIDE = [
  Int32Array.from(NUMBERS),
  Uint32Array.from(NUMBERS),
  Float32Array.from(NUMBERS),
  Float64Array.from(NUMBERS),
  BigInt64Array.from(NUMBERS, BigInt),
  BigUint64Array.from(NUMBERS, BigInt),
];

for (const numbers of WIDE) {
  const { name } = numbers.constructor;
  Deno.test(`NarrowValues gives numbers as they were: ${name}`, () => {
    const narrow = NarrowValues.of(numbers);
    assertExists(narrow);
    assertEquals(narrow.memoryBytes, 2 * NUMBERS.length);
    const all = numbers.slice().reverse();
    narrow.read(0, all);
    assertEquals(all, numbers);
    const some = numbers.slice(-3);
    narrow.read(3, some);
    assertEquals(some, numbers.slice(3, 6));
  });
}

/** Numbers that two bytes do not hold. */
const REFUSED = [
  Int32Array.of(1, -1),
  Int32Array.of(1, 65536),
  Uint32Array.of(2 ** 32 - 1),
  Float32Array.of(1, 0.5),
  Float32Array.of(1, NaN),
  Float32Array.of(1, -0),
  Float64Array.of(1, Infinity),
  Float64Array.of(1, 2 ** 32),
  BigInt64Array.of(1n, -1n),
  BigInt64Array.of(1n, 65536n),
  BigUint64Array.of(1n, 2n ** 32n),
  Uint16Array.of(1),
  Uint8Array.of(1),
];

Deno.test("NarrowValues.of() takes nothing that it would change", () => {
  for (const numbers of REFUSED) {
    const what = `${numbers.constructor.name} ${numbers}`;
    assertEquals(NarrowValues.of(numbers), undefined, what);
  }
});
