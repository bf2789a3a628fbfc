import { assertEquals } from "@std/assert";
import { BytePlanes } from "../../src/io/byte_planes.ts";

const COUNT = 11;

/** Planes of which some are of one byte, and the values that they make up. */
function makePlanes(size: number, constants: number) {
  const planes = Array.from(
    { length: size },
    (_, place) =>
      (constants >> place) & 1
        ? 200 + place
        : Uint8Array.from({ length: COUNT + 1 }, (_, at) => 17 * at + place),
  );
  const values = Uint8Array.from({ length: COUNT * size }, (_, at) => {
    const plane = planes[at % size]!;
    return typeof plane === "number" ? plane : plane[Math.floor(at / size)]!;
  });
  return { planes, values };
}

for (const size of [1, 2, 3, 4, 8, 12]) {
  Deno.test(`BytePlanes.read() puts values together: ${size} bytes`, () => {
    for (let constants = 0; constants < 2 ** Math.min(size, 8); constants++) {
      const { planes, values } = makePlanes(size, constants);
      const given = new BytePlanes(planes, COUNT);
      for (const one of [given, given.toOwned()]) {
        assertEquals(one.byteLength, values.length);
        for (const [start, end] of [[0, 11], [2, 9], [5, 6], [4, 4]]) {
          const target = new Uint8Array((end! - start!) * size).fill(99);
          one.read(start! * size, target);
          const expected = values.slice(start! * size, end! * size);
          assertEquals(target, expected, `${constants}`);
        }
      }
    }
  });

  Deno.test(`BytePlanes.read() gives parts of values: ${size} bytes`, () => {
    const { planes, values } = makePlanes(size, 2);
    const all = new BytePlanes(planes, COUNT);
    for (let start = 0; start < 2 * size; start++) {
      // The memory starts anywhere.
      const target = new Uint8Array(4 * size).subarray(1);
      all.read(start, target);
      assertEquals(target, values.slice(start, start + target.length));
    }
  });
}

Deno.test("BytePlanes.memoryBytes leaves out planes of one byte", () => {
  const planes = [0, new Uint8Array(20), 7, new Uint8Array(20)];
  assertEquals(new BytePlanes(planes, COUNT).memoryBytes, 2 * COUNT);
});
