import { assertEquals, assertThrows } from "@std/assert";
import { decompressLzf } from "../../src/io/lzf.ts";

const A = 97;

Deno.test("decompressLzf() copies bytes and repeats", () => {
  assertEquals(
    decompressLzf(Uint8Array.of(1, A, 98), 2),
    Uint8Array.of(A, 98),
  );
  // Two bytes, then six from two behind, which it writes meanwhile.
  const packed = Uint8Array.of(1, A, 98, (4 << 5) | 0, 1);
  assertEquals(
    new TextDecoder().decode(decompressLzf(packed, 8)),
    "abababab",
  );
  const long = Uint8Array.of(0, A, (7 << 5) | 0, 200, 0);
  assertEquals(decompressLzf(long, 210), new Uint8Array(210).fill(A));
  assertEquals(decompressLzf(new Uint8Array(0), 0), new Uint8Array(0));
});

Deno.test("decompressLzf() reads repeats of what is far behind", () => {
  const literals = Array.from({ length: 300 }, (_, at) => at % 256);
  const packed: number[] = [];
  for (let at = 0; at < 300; at += 30) {
    packed.push(29, ...literals.slice(at, at + 30));
  }
  packed.push((1 << 5) | 1, 299 - 256);
  const unpacked = decompressLzf(Uint8Array.from(packed), 303);
  assertEquals([...unpacked], [...literals, 0, 1, 2]);
});

Deno.test("decompressLzf() refuses what is damaged", () => {
  const cases: readonly (readonly [readonly number[], number])[] = [
    [[1, A], 2],
    [[1, A, 98], 1],
    [[1, A, 98], 3],
    [[0, A, 32, 5], 4],
    [[0, A, 32], 4],
    [[0, A, 224], 4],
    [[0, A, 224, 255, 0], 100],
  ];
  for (const [packed, length] of cases) {
    assertThrows(
      () => decompressLzf(Uint8Array.from(packed), length),
      Error,
      "its lzf data are damaged",
    );
  }
});
