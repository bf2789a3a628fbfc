import { assertEquals, assertStrictEquals } from "@std/assert";
import {
  columnOf,
  copyColumns,
  makeColumns,
  takeMatrix,
} from "../../src/arrays/dense.ts";
import type { AnyNpyArray } from "../../src/arrays/npy.ts";

const ROWS: AnyNpyArray = {
  dtype: "int16",
  shape: [2, 3],
  fortranOrder: false,
  data: Int16Array.of(1, 2, 3, 4, 5, 6),
};
const COLUMNS: AnyNpyArray = {
  ...ROWS,
  fortranOrder: true,
  data: Int16Array.of(1, 4, 2, 5, 3, 6),
};

for (const [order, matrix] of [["rows", ROWS], ["columns", COLUMNS]] as const) {
  Deno.test(`takeMatrix() takes rows and columns of a matrix by ${order}`, () => {
    assertStrictEquals(takeMatrix(matrix), matrix);
    const taken = takeMatrix(matrix, [1, 0, 1], [2, 0]);
    assertEquals(taken.shape, [3, 2]);
    assertEquals([...taken.data], [6, 3, 6, 4, 1, 4]);
    assertEquals([...takeMatrix(matrix, undefined, [1]).data], [2, 5]);
    assertEquals([...columnOf(matrix, 2)], [3, 6]);
  });
}

Deno.test("copyColumns() puts complex columns where they go", () => {
  const source = makeColumns("complex64", 1, 2);
  source.data.set([1, 2, 3, 4]);
  const target = makeColumns("complex64", 1, 3);
  copyColumns(source, target, { targets: [2, 0] });
  assertEquals([...target.data], [3, 4, 0, 0, 1, 2]);
});
