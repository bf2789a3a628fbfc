import { assertEquals, assertLess, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  categorize,
  type DataArray,
  dataArrayLength,
  isMissing,
  takeDataArray,
  textAt,
} from "../../src/arrays/data_array.ts";
import { toDataArray } from "../../src/arrays/to_data_array.ts";

function textsOf(array: DataArray): string[] {
  return Array.from(
    { length: dataArrayLength(array) },
    (_, index) => textAt(array, index),
  );
}

Deno.test("textAt() writes values of every kind", () => {
  const table: [DataArray, string[]][] = [
    [toDataArray(new Int8Array([-128, 0])), ["-128", "0"]],
    [toDataArray(new Uint32Array([4294967295])), ["4294967295"]],
    [toDataArray(new BigInt64Array([-(2n ** 63n)])), ["-9223372036854775808"]],
    [toDataArray(new BigUint64Array([2n ** 64n - 1n])), [
      "18446744073709551615",
    ]],
    [toDataArray(new Float64Array([0.1, 1e300, -0, NaN, -Infinity])), [
      "0.1",
      "1e+300",
      "-0",
      "NaN",
      "-Infinity",
    ]],
    [toDataArray(new Float32Array([0.1, 1 / 3, 16777216, 3.4028235e38])), [
      "0.1",
      "0.33333334",
      "16777216",
      "3.4028235e+38",
    ]],
    [toDataArray(new Float16Array([0.1, 65504, 6e-8, 1 / 3])), [
      "0.1",
      "65500",
      "6e-8",
      "0.3333",
    ]],
    [toDataArray([true, false, null]), ["true", "false", ""]],
    [toDataArray(["T", null, ""]), ["T", "", ""]],
    [categorize(["T", null, "B"]), ["T", "", "B"]],
    [
      toDataArray(new Float32Array([0.1, -2, 1, 0.5]), { dtype: "complex64" }),
      ["0.1-2j", "1+0.5j"],
    ],
    [toDataArray(new Float64Array([0, -0]), { dtype: "complex128" }), ["0-0j"]],
    [
      toDataArray(new Int16Array([1, 2]), { mask: new Uint8Array([1, 0]) }),
      ["", "2"],
    ],
  ];
  for (const [array, wanted] of table) assertEquals(textsOf(array), wanted);
});

Deno.test("textAt() writes floats that read back as the same value", () => {
  fc.assert(
    fc.property(fc.float(), fc.double(), (single, double) => {
      const text = textAt(toDataArray(new Float32Array([single])), 0);
      assertEquals(Math.fround(Number(text)), single);
      assertLess(countDigits(text), 10);
      const longer = textAt(toDataArray(new Float64Array([double])), 0);
      assertEquals(Number(longer), double);
    }),
    { numRuns: 1000 },
  );
});

function countDigits(text: string): number {
  const digits = text.replace(/e.*|[^0-9e]/g, "");
  return digits.replace(/^0+|0+$/g, "").length;
}

Deno.test("textAt() writes every float16 so that it reads back", () => {
  const bits = Uint16Array.from({ length: 1 << 16 }, (_, index) => index);
  const values = new Float16Array(bits.buffer);
  const array = toDataArray(values);
  for (let index = 0; index < values.length; index++) {
    const back = Math.f16round(Number(textAt(array, index)));
    if (!Object.is(back, values[index])) {
      throw new Error(`${values[index]} is written ${textAt(array, index)}`);
    }
  }
});

Deno.test("isMissing() knows mask and codes", () => {
  const masked = toDataArray(new Float32Array([NaN, 1]), {
    mask: new Uint8Array([0, 1]),
  });
  assertEquals([0, 1].map((index) => isMissing(masked, index)), [false, true]);
  const labels = categorize(["T", null]);
  assertEquals([0, 1].map((index) => isMissing(labels, index)), [false, true]);
  assertEquals(isMissing(toDataArray([""]), 0), false);
});

Deno.test("textAt(), isMissing() and takeDataArray() refuse other indices", () => {
  const array = toDataArray(["a", "b"]);
  for (const index of [-1, 2, 0.5, NaN]) {
    for (const use of [textAt, isMissing]) {
      assertThrows(
        () => use(array, index),
        RangeError,
        `Cannot take the value at ${index}: the array has 2 values`,
      );
    }
    assertThrows(() => takeDataArray(array, [0, index]), RangeError);
  }
});

Deno.test("takeDataArray() takes values of every kind", () => {
  const mask = new Uint8Array([0, 1, 0]);
  const arrays: DataArray[] = [
    toDataArray(new Int32Array([1, 2, 3])),
    toDataArray(new BigInt64Array([1n, 2n, 3n]), { mask }),
    toDataArray(new Float64Array([1, 2, 3, 4, 5, 6]), { dtype: "complex128" }),
    toDataArray([true, null, false]),
    toDataArray(["a", null, "c"]),
    { ...categorize(["b", null, "a"]), ordered: true },
  ];
  for (const array of arrays) {
    const indices = [2, 0, 1, 1];
    const taken = takeDataArray(array, new Uint32Array(indices));
    const texts = textsOf(array);
    assertEquals(textsOf(taken), indices.map((index) => texts[index]!));
    assertEquals(taken.dtype, array.dtype);
    assertEquals(takeDataArray(array, [0, 1, 2]), array);
    assertEquals(dataArrayLength(takeDataArray(array, [])), 0);
  }
});

Deno.test("takeDataArray() keeps what categories are", () => {
  const labels = { ...categorize(["b", "c", "a"]), ordered: true };
  const taken = takeDataArray(labels, [1]);
  assertEquals(taken, { ...labels, codes: new Int8Array([2]) });
});

Deno.test("categorize() sorts by code point and finds the smallest codes", () => {
  const { categories, codes, ordered } = categorize([
    "\u{1f9ec}",
    "\uff21",
    null,
    "",
    "\uff21",
  ]);
  assertEquals(categories, ["", "\uff21", "\u{1f9ec}"]);
  assertEquals(codes, new Int8Array([2, 1, -1, 0, 1]));
  assertEquals(ordered, false);
  for (
    const [count, size] of [[0, 1], [127, 1], [128, 2], [32767, 2], [32768, 4]]
  ) {
    const names = Array.from({ length: count! }, (_, index) => `${index}`);
    const array = categorize(names);
    assertEquals(array.codes.BYTES_PER_ELEMENT, size);
    assertEquals(textsOf(array), names);
  }
});
