import { assert, assertEquals, assertFalse } from "@std/assert";
import fc from "fast-check";
import { TextBuffer } from "../../src/exports/text_buffer.ts";

function takeText(buffer: TextBuffer): string {
  return new TextDecoder().decode(buffer.take());
}

Deno.test("TextBuffer.addNumber() writes digits as String() does", () => {
  const numbers = fc.oneof(
    fc.nat(),
    fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    fc.nat(15).chain((power) =>
      fc.integer({ min: -1, max: 1 }).map((by) =>
        Math.max(0, 10 ** Math.min(power, 14) + by)
      )
    ),
  );
  const buffer = new TextBuffer();
  fc.assert(fc.property(fc.array(numbers), (values) => {
    for (const value of values) buffer.addNumber(value, 44);
    assertEquals(takeText(buffer), values.map((value) => `${value},`).join(""));
  }));
});

Deno.test("TextBuffer grows with what is added", () => {
  const buffer = new TextBuffer();
  const text = "é€😀x".repeat(200_000);
  assertFalse(buffer.isFull);
  buffer.addText(text);
  for (let at = 0; at < 100_000; at++) buffer.addNumber(at, 10);
  assert(buffer.isFull);
  const numbers = Array.from({ length: 100_000 }, (_, at) => `${at}\n`);
  assertEquals(takeText(buffer), text + numbers.join(""));
  assertFalse(buffer.isFull);
});
