import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import {
  bytesOf,
  componentCount,
  dtypeOf,
  DTYPES,
  findNotBool,
  holdsDType,
  isDType,
  itemSize,
  makeArray,
  type TypedArray,
  viewArray,
} from "../../src/arrays/dtypes.ts";

Deno.test("itemSize() is the size that the name says", () => {
  for (const dtype of DTYPES) {
    const bits = Number(/[0-9]+$/.exec(dtype)?.[0] ?? 8);
    assertEquals(itemSize(dtype), bits / 8, dtype);
  }
});

Deno.test("makeArray() and viewArray() give the array of the dtype", () => {
  for (const dtype of DTYPES) {
    const array = makeArray(dtype, 3);
    assertEquals(array.byteLength, 3 * itemSize(dtype));
    assertEquals(array.length, 3 * componentCount(dtype));
    assert(holdsDType(array, dtype));
    const view = viewArray(dtype, bytesOf(array));
    assertEquals(view, array);
    assert(view.buffer === array.buffer);
  }
});

Deno.test("dtypeOf() gives the plain dtype of an array", () => {
  for (const dtype of DTYPES.slice(0, 11)) {
    assertEquals(dtypeOf(makeArray(dtype, 1)), dtype);
  }
  assertEquals(dtypeOf(makeArray("bool", 1)), "uint8");
  assertEquals(dtypeOf(makeArray("complex64", 1)), "float32");
  for (
    const other of [
      new Uint8ClampedArray(1),
      [1],
      new DataView(new ArrayBuffer(1)),
    ]
  ) {
    assertThrows(
      () => dtypeOf(other as unknown as TypedArray),
      TypeError,
      "Cannot tell the dtype of an array: it is",
    );
  }
});

Deno.test("isDType() and holdsDType() take no other names", () => {
  assert(isDType("float16"));
  for (const name of ["string", "toString", "__proto__", ""]) {
    assertFalse(isDType(name));
  }
  assertFalse(holdsDType([1], "int8"));
  assertFalse(holdsDType(new Int8Array(1), "uint8"));
});

Deno.test("findNotBool() finds the first byte that is no bool", () => {
  assertEquals(findNotBool(new Uint8Array([0, 1, 1])), -1);
  assertEquals(findNotBool(new Uint8Array([0, 1, 2, 3])), 2);
});
