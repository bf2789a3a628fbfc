import { assertEquals, assertThrows } from "@std/assert";
import { RowPlaces } from "../../src/mapped/row_places.ts";

const PLACES = new RowPlaces([
  { rows: 0, kept: undefined },
  { rows: 5, kept: Int32Array.of(1, 4) },
  { rows: 2, kept: undefined },
]);

Deno.test("RowPlaces.find() finds rows behind stores without any", () => {
  const { groups, indices, rows, stores } = PLACES.find([3, 0, -3]);
  assertEquals(indices, Int32Array.of(3, 0, 1));
  assertEquals(stores, Int32Array.of(2, 1, 1));
  assertEquals(rows, Int32Array.of(1, 1, 4));
  assertEquals(groups, [
    { store: 1, rows: Int32Array.of(1, 4), places: Int32Array.of(1, 2) },
    { store: 2, rows: Int32Array.of(1), places: Int32Array.of(0) },
  ]);
});

Deno.test("RowPlaces.find() refuses what is no list of integers", () => {
  // All of them would be lists of nothing.
  for (const list of [undefined, 0, new Set([0]), true, {}]) {
    const find = () => PLACES.find(list as unknown as number[]);
    assertThrows(find, TypeError, "is no list of indices");
  }
  for (const index of [0.5, NaN, "0", 0n, null, undefined, true]) {
    const find = () => PLACES.find([index as number]);
    assertThrows(find, TypeError, "it is no integer");
  }
  for (const index of [4, -5]) {
    assertThrows(() => PLACES.find([index]), RangeError, "has 4 rows");
  }
});
