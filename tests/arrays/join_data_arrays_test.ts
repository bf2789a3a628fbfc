import { assertEquals, assertThrows } from "@std/assert";
import { categorize } from "../../src/arrays/data_array.ts";
import { joinDataArrays } from "../../src/arrays/join_data_arrays.ts";
import { toDataArray } from "../../src/arrays/to_data_array.ts";

const PLACES = ["a", "b", "c"];

Deno.test("joinDataArrays() joins values and masks of one type", () => {
  const texts = [toDataArray(["x", null]), toDataArray(["y"])];
  assertEquals(joinDataArrays(texts, PLACES), toDataArray(["x", null, "y"]));
  const bools = [toDataArray([true]), toDataArray([null, false])];
  assertEquals(joinDataArrays(bools, PLACES), toDataArray([true, null, false]));
  const longs = [BigInt64Array.of(2n ** 60n), BigInt64Array.of(-1n)];
  assertEquals(
    joinDataArrays(longs.map((values) => toDataArray(values)), PLACES),
    toDataArray(BigInt64Array.of(2n ** 60n, -1n)),
  );
  const dtype = "complex64" as const;
  const complex = [[1, 2, 3, 4], [5, 6]].map((values) =>
    toDataArray(Float32Array.from(values), { dtype })
  );
  assertEquals(
    joinDataArrays(complex, PLACES),
    toDataArray(Float32Array.of(1, 2, 3, 4, 5, 6), { dtype }),
  );
});

Deno.test("joinDataArrays() puts categories together", () => {
  const arrays = [categorize(["T", null]), categorize(["B", "T"])];
  assertEquals(
    joinDataArrays(arrays, PLACES),
    categorize(["T", null, "B", "T"]),
  );
  const unsorted = { ...categorize(["T"]), categories: ["T", "B"] };
  const joined = joinDataArrays([unsorted, unsorted], PLACES);
  assertEquals(joined.kind === "categorical" && joined.categories, ["T", "B"]);
  const many = Array.from({ length: 200 }, (_, at) => `c${1000 + at}`);
  const halves = [many.slice(0, 100), many.slice(100)].map(categorize);
  assertEquals(joinDataArrays(halves, PLACES), categorize(many));
});

Deno.test("joinDataArrays() refuses what does not go together", () => {
  const texts = toDataArray(["x"]);
  const bytes = toDataArray(Int8Array.of(1));
  assertThrows(
    () => joinDataArrays([texts, texts, bytes], PLACES),
    TypeError,
    "Cannot join a and c: one is string, the other int8",
  );
  const low = { ...categorize(["low"]), ordered: true };
  const high = { ...categorize(["high"]), ordered: true };
  for (const other of [high, categorize(["low"])]) {
    assertThrows(
      () => joinDataArrays([low, other], PLACES),
      TypeError,
      "in order",
    );
  }
  assertThrows(() => joinDataArrays([], []), TypeError, "no arrays");
});
