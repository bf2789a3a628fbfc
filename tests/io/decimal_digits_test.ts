import { assertEquals } from "@std/assert";
import { writeDigits } from "../../src/io/decimal_digits.ts";

Deno.test("writeDigits() writes whole numbers as texts have them", () => {
  const bytes = new Uint8Array(20);
  const decoder = new TextDecoder();
  const largest = Number.MAX_SAFE_INTEGER;
  for (const value of [0, 7, 9, 10, 99, 100, 65_535, 10 ** 9, largest]) {
    const end = writeDigits(bytes, 2, value);
    assertEquals(decoder.decode(bytes.subarray(2, end)), `${value}`);
  }
});
