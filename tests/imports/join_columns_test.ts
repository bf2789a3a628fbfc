import { assertEquals } from "@std/assert";
import { categorize, type DataArray } from "../../src/arrays/data_array.ts";
import { toDataArray } from "../../src/arrays/to_data_array.ts";
import { joinColumns } from "../../src/imports/join_columns.ts";

type Columns = Readonly<Record<string, DataArray>>;

/** Joins columns of two sources: genes 0, 1 and 2 of one, 2 and 3 of another. */
function join(first: Columns, second: Columns): Record<string, DataArray> {
  const sources = [
    { names: ["a", "left out", "b", "c"], columns: first },
    { names: ["d", "c"], columns: second },
  ];
  const genesOfRows = [Int32Array.of(0, -1, 1, 2), Int32Array.of(3, 2)];
  return joinColumns(sources, genesOfRows, 4);
}

Deno.test("joinColumns() keeps what sources agree on", () => {
  const columns = join({
    type: categorize(["G", "x", "G", "A"]),
    biotype: toDataArray(["p", "x", "q", null]),
    length: toDataArray(Int32Array.of(1, 0, 2, 3)),
    isCoding: toDataArray([true, true, false, true]),
  }, {
    type: categorize(["B", "A"]),
    biotype: categorize(["r", "s"]),
    length: toDataArray(Int32Array.of(4, 3)),
    isCoding: toDataArray([false, true]),
  });
  assertEquals(columns, {
    type: categorize(["G", "G", "A", "B"]),
    biotype: toDataArray(["p", "q", "s", "r"]),
    length: toDataArray(Int32Array.of(1, 2, 3, 4)),
    isCoding: toDataArray([true, false, true, false]),
  });
});

Deno.test("joinColumns() leaves out what sources differ on", () => {
  const columns = join({
    text: toDataArray(["a", "b", "c", "d"]),
    number: toDataArray(Float64Array.of(1, 2, 3, 4)),
    dtype: toDataArray(Int8Array.of(1, 2, 3, 4)),
    kind: toDataArray(["1", "2", "3", "4"]),
  }, {
    text: toDataArray(["a", "other"]),
    number: toDataArray(Float64Array.of(1, 5)),
    dtype: toDataArray(Int16Array.of(1, 4)),
    kind: toDataArray(Int8Array.of(1, 4)),
  });
  assertEquals(columns, {});
});

Deno.test("joinColumns() keeps texts that one source has, but no numbers", () => {
  const columns = join({
    type: categorize(["G", "x", "G", "A"]),
    Text: toDataArray(["a", "b", "c", "d"]),
    mean: toDataArray(Float32Array.of(1, 2, 3, 4)),
  }, { text: toDataArray(["e", "f"]) });
  assertEquals(columns, {
    type: categorize(["G", "G", "A", null]),
    Text: toDataArray(["a", "c", "d", null]),
  });
});

Deno.test("joinColumns() takes NaN for a value, and gaps for none", () => {
  const mask = Uint8Array.of(1, 0);
  const columns = join(
    { mean: toDataArray(Float32Array.of(1, 0, 2, NaN)) },
    { mean: toDataArray(Float32Array.of(9, NaN), { mask }) },
  );
  const expected = Float32Array.of(1, 2, NaN, 0);
  const gaps = Uint8Array.of(0, 0, 0, 1);
  assertEquals(columns, { mean: toDataArray(expected, { mask: gaps }) });
});
