import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { categorize } from "../../src/arrays/data_array.ts";
import {
  type DataValues,
  toDataArray,
} from "../../src/arrays/to_data_array.ts";

Deno.test("toDataArray() makes arrays of plain values", () => {
  const values = new Float16Array([1]);
  assertEquals(toDataArray(values), {
    kind: "number",
    dtype: "float16",
    values,
  });
  assertStrictEquals(toDataArray(values).kind, "number");
  assertEquals(toDataArray(["a", null]), {
    kind: "text",
    dtype: "string",
    values: ["a", ""],
    mask: new Uint8Array([0, 1]),
  });
  assertEquals(toDataArray([null, true]), {
    kind: "number",
    dtype: "bool",
    values: new Uint8Array([0, 1]),
    mask: new Uint8Array([1, 0]),
  });
  assertEquals(toDataArray([]), { kind: "text", dtype: "string", values: [] });
});

Deno.test("toDataArray() takes the dtype that is said", () => {
  const bytes = new Uint8Array([1, 0]);
  assertEquals(toDataArray(bytes).dtype, "uint8");
  assertEquals(toDataArray(bytes, { dtype: "bool" }).dtype, "bool");
  assertThrows(
    () => toDataArray(new Uint8Array([2]), { dtype: "bool" }),
    RangeError,
    "the bool at 0 is 2",
  );
  assertThrows(
    () => toDataArray(bytes, { dtype: "int8" }),
    TypeError,
    "its values are not an array of int8",
  );
  assertThrows(
    () => toDataArray(["a"], { dtype: "int8" }),
    TypeError,
    "Cannot make an array of int8: its values are of string",
  );
  assertThrows(
    () => toDataArray(new Float32Array(3), { dtype: "complex64" }),
    TypeError,
    "its values are not an array of complex64",
  );
});

Deno.test("toDataArray() takes a mask that fits", () => {
  const mask = new Uint8Array([1, 0]);
  assertEquals(toDataArray(new Int8Array(2), { mask }), {
    kind: "number",
    dtype: "int8",
    values: new Int8Array(2),
    mask,
  });
  assertThrows(
    () => toDataArray(new Int8Array(3), { mask }),
    TypeError,
    "its mask of 2 does not fit 3 values",
  );
  assertThrows(
    () => toDataArray(["a"], { mask: new Uint8Array([2]) }),
    RangeError,
    "the bool at 0 is 2",
  );
  for (const values of [["a", null], categorize(["a", null])]) {
    assertThrows(
      () => toDataArray(values, { mask }),
      TypeError,
      "its values say themselves what is missing",
    );
  }
});

Deno.test("toDataArray() refuses other values", () => {
  const table: [unknown, string][] = [
    [[1, 2], "of a list of numbers: numbers are given as a typed array"],
    [["a", 1], "Cannot make an array of strings: the value at 1 is of type n"],
    [[true, "a"], "Cannot make an array of booleans: the value at 1 is of"],
    [["a", undefined], "the value at 1 is of type undefined"],
    [new Uint8ClampedArray(1), "it is Uint8ClampedArray"],
    [new DataView(new ArrayBuffer(1)), "it is DataView"],
  ];
  for (const [values, message] of table) {
    assertThrows(() => toDataArray(values as DataValues), TypeError, message);
  }
});

Deno.test("toDataArray() checks arrays that are given", () => {
  const labels = categorize(["a", "b"]);
  assertStrictEquals(toDataArray(labels), labels);
  for (const codes of [new Int8Array([2]), new Int8Array([-2])]) {
    assertThrows(
      () => toDataArray({ ...labels, codes }),
      RangeError,
      `the code at 0 is ${codes[0]}, there are 2 categories`,
    );
  }
  assertThrows(
    () => toDataArray({ ...labels, categories: ["a", "a"] }),
    TypeError,
    'the category "a" is repeated',
  );
  const codes = new Uint8Array(1) as unknown as Int8Array;
  assertThrows(
    () => toDataArray({ ...labels, codes }),
    TypeError,
    "its codes are not int8, int16 or int32",
  );
});
