import { assertEquals } from "@std/assert";
import { textAt } from "../../src/arrays/data_array.ts";
import {
  describeType,
  inferColumn,
} from "../../src/cli/annotate/infer_column.ts";

Deno.test("inferColumn() finds the narrowest type that loses nothing", () => {
  for (
    const [texts, type] of [
      [["1", "-2", "+3"], "int32"],
      [["1", "NA", ""], "int32"],
      [["2147483647", "-2147483648"], "int32"],
      [["2147483648", "0"], "int64"],
      [["9223372036854775807"], "int64"],
      [["9223372036854775808"], "string"],
      [["007", "012"], "string"],
      [["00.5", "1"], "string"],
      [["1.0", "2"], "float64"],
      [["1e5", "-inf"], "float64"],
      [[".5", "5."], "float64"],
      [["9007199254740993", "0.5"], "string"],
      [["true", "False", "TRUE"], "bool"],
      [["true", "1"], "string"],
      [["T", "B", "T", "B"], "categorical (2)"],
      [["T", "B", "T"], "string"],
      [["", "NA", undefined], "categorical (0)"],
      [["0x10", "1"], "string"],
      [["1_000", "2"], "string"],
    ] as const
  ) assertEquals(describeType(inferColumn(texts)), type, String(texts));
});

Deno.test("inferColumn() marks what is missing", () => {
  const missing = ["", "NA", "NaN", "nan", "null", "None", undefined];
  assertEquals(inferColumn([...missing, "1"]), {
    kind: "number",
    dtype: "int32",
    values: new Int32Array([0, 0, 0, 0, 0, 0, 0, 1]),
    mask: new Uint8Array([1, 1, 1, 1, 1, 1, 1, 0]),
  });
  assertEquals(inferColumn(["T", "T", ...missing]), {
    kind: "categorical",
    dtype: "categorical",
    codes: new Int8Array([0, 0, -1, -1, -1, -1, -1, -1, -1]),
    categories: ["T"],
    ordered: false,
  });
});

Deno.test("inferColumn() keeps 64 bits", () => {
  const text = "-9223372036854775808";
  assertEquals(textAt(inferColumn([text]), 0), text);
});
