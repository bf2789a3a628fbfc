import { assertEquals } from "@std/assert";
import { weighLabels } from "../../src/mapped/label_weights.ts";

Deno.test("weighLabels() counts labels that are joined to one text as one", () => {
  const left = ["A__B", "A", "A", "A"];
  const right = ["C", "B__C", "C", "C"];
  const { categories, weights } = weighLabels([left, right]);
  assertEquals([...weights], [0.5, 0.5, 0.5, 0.5]);
  assertEquals(categories, { A__B__C: 0.5, A__C: 0.5 });
});

Deno.test("weighLabels() tells what is missing from all labels", () => {
  const { categories, weights } = weighLabels([
    [null, "null", Infinity, null, null],
    ["x", "x", null, null, "x"],
  ]);
  assertEquals([...weights], [0.5, 1, 1, 1, 0.5]);
  assertEquals(categories, { null__x: 1 });
});

Deno.test("weighLabels() takes labels of any name, and none at all", () => {
  const { categories } = weighLabels([["__proto__", "a\0", "a"]], 3);
  assertEquals(Object.keys(categories), ["__proto__", "a\0", "a"]);
  assertEquals(categories["a"], 0.75);
  const nothing = weighLabels([[]]);
  assertEquals([nothing.weights.length, nothing.categories], [0, {}]);
});
