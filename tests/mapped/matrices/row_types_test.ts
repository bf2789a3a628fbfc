import { assertEquals, assertThrows } from "@std/assert";
import {
  findMisfit,
  finishNumbers,
  fits,
  promoteRowTypes,
  rowTypeOf,
  toPlain,
} from "../../../src/mapped/matrices/row_types.ts";
import type { RowType } from "../../../src/mapped/rows.ts";

Deno.test("promoteRowTypes() finds the type that numpy finds", () => {
  // As numpy.result_type has it, with doubles for integers of 64 bits.
  const types: [RowType, RowType, RowType][] = [
    ["uint8", "uint8", "uint8"],
    ["uint8", "uint16", "uint16"],
    ["uint8", "int8", "int16"],
    ["uint16", "int8", "int32"],
    ["uint32", "int8", "float64"],
    ["int16", "int32", "int32"],
    ["uint8", "float16", "float16"],
    ["int16", "float16", "float32"],
    ["uint16", "float32", "float32"],
    ["int32", "float16", "float64"],
    ["uint32", "float32", "float64"],
    ["float16", "float32", "float32"],
    ["float32", "float64", "float64"],
  ];
  for (const [left, right, both] of types) {
    assertEquals(promoteRowTypes([left, right]), both);
    assertEquals(promoteRowTypes([right, left, right]), both);
  }
});

Deno.test("rowTypeOf() keeps types but those of 64 bits and bools", () => {
  assertEquals(rowTypeOf("int16"), "int16");
  assertEquals(rowTypeOf("float16"), "float16");
  assertEquals(rowTypeOf("int64"), "float64");
  assertEquals(rowTypeOf("uint64"), "float64");
  assertEquals(rowTypeOf("bool"), "uint8");
});

Deno.test("fits() takes what is neither cut off nor wrapped around", () => {
  const cases: [number, RowType, boolean][] = [
    [255, "uint8", true],
    [256, "uint8", false],
    [-1, "uint8", false],
    [1.5, "int32", false],
    [NaN, "int32", false],
    [NaN, "float16", true],
    [Infinity, "float32", true],
    [65504, "float16", true],
    [1e6, "float16", false],
    [1e300, "float32", false],
    [0.1, "float32", true],
    [2 ** 53, "int64", false],
  ];
  for (const [value, type, isFine] of cases) {
    assertEquals(fits(value, type), isFine, `${value} as ${type}`);
    const at = findMisfit(Float64Array.of(0, value), type);
    assertEquals(at, isFine ? -1 : 1);
  }
  // These are not looked at.
  assertEquals(findMisfit(Uint8Array.of(255), "float32"), -1);
  assertEquals(findMisfit(Uint16Array.of(255, 256), "uint8"), 1);
});

Deno.test("toPlain() makes doubles of integers of 64 bits, exactly", () => {
  const most = BigInt(Number.MAX_SAFE_INTEGER);
  const signed = BigInt64Array.of(0n, -1n, most, -most, -(2n ** 32n));
  assertEquals(toPlain(signed), Float64Array.from(signed, Number));
  const unsigned = BigUint64Array.of(2n ** 32n, most);
  assertEquals(toPlain(unsigned), Float64Array.from(unsigned, Number));
  assertEquals(toPlain(BigInt64Array.of(1n, most + 1n)), 1);
  assertEquals(toPlain(BigInt64Array.of(-most - 1n)), 0);
  assertEquals(toPlain(BigUint64Array.of(2n ** 64n - 1n)), 0);
  // Nobody minds what nobody wants.
  const some = BigInt64Array.of(2n ** 60n, 1n, 2n ** 61n);
  assertEquals(toPlain(some, (at) => at > 0), 2);
  assertEquals(
    toPlain(some, (at) => at === 1),
    Float64Array.from(some, Number),
  );
  const plain = Uint8Array.of(1);
  assertEquals(toPlain(plain), plain);
});

Deno.test("finishNumbers() wraps no number around, and cuts none", () => {
  const most = Number.MAX_SAFE_INTEGER;
  const signed = finishNumbers(Float64Array.of(-1, most), "int64");
  assertEquals(signed, BigInt64Array.of(-1n, BigInt(most)));
  const cases: [number, RowType][] = [
    [-1, "uint64"],
    [7.5, "int64"],
    [NaN, "int64"],
    [Infinity, "uint64"],
    [1e300, "int64"],
  ];
  for (const [value, type] of cases) {
    assertThrows(
      () => finishNumbers(Float64Array.of(0, value), type),
      Error,
      `a value is ${value}, which does not fit ${type}`,
    );
  }
});
