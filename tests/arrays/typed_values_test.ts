import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { categorize } from "../../src/arrays/data_array.ts";
import { toDataArray } from "../../src/arrays/to_data_array.ts";
import { typedValues } from "../../src/arrays/typed_values.ts";

Deno.test("typedValues() gives the values of the type that is asked for", () => {
  const numbers = new Float32Array([1, 2]);
  const values = typedValues(toDataArray(numbers), "float32", "p.x");
  assertStrictEquals(values, numbers);
  assertEquals(typedValues(toDataArray(["a"]), "string", "p.x"), ["a"]);
  const labels = categorize(["a", null]);
  assertStrictEquals(typedValues(labels, "categorical", "p.x"), labels);
});

Deno.test("typedValues() refuses other types and missing values", () => {
  assertThrows(
    () => typedValues(toDataArray(["a"]), "int8", "p.x"),
    TypeError,
    "Cannot read p.x as int8: its type is string",
  );
  assertThrows(
    () => typedValues(toDataArray(["a", null]), "string", "p.x"),
    TypeError,
    "values are missing",
  );
});
