import { assertEquals } from "@std/assert";
import { countOf, thereAre } from "../../src/io/plural.ts";

Deno.test("countOf() takes one for 1 alone", () => {
  assertEquals(
    [0, 1, 2].map((count) => countOf(count, "gene")),
    ["0 genes", "1 gene", "2 genes"],
  );
  assertEquals(countOf(1, "entry is", "entries are"), "1 entry is");
  assertEquals(countOf(3, "entry is", "entries are"), "3 entries are");
});

Deno.test("thereAre() agrees with what is counted", () => {
  assertEquals(thereAre(1, "entry", "entries"), "there is 1 entry");
  assertEquals(thereAre(0, "entry", "entries"), "there are 0 entries");
  assertEquals(thereAre(2, "gene"), "there are 2 genes");
});
