import { assertEquals } from "@std/assert";
import {
  formatCount,
  formatRatio,
  formatTable,
  median,
} from "../../bench/statistics.ts";

Deno.test("median() takes the middle, or the mean of the two there", () => {
  assertEquals(median([5, 1, 9]), 5);
  assertEquals(median([4, 1, 9, 2]), 3);
  assertEquals(median([7]), 7);
  assertEquals(median([]), NaN);
});

Deno.test("formatTable() aligns the first column left and the others right", () => {
  assertEquals(
    formatTable(["job", "ms"], [["a", "12.5"], ["longer", "3"]]),
    [
      "| job    |   ms |",
      "| ------ | ---: |",
      "| a      | 12.5 |",
      "| longer |    3 |",
    ].join("\n"),
  );
});

Deno.test("formatCount() and formatRatio() write a dash for no value", () => {
  assertEquals([formatCount(1234567.4), formatCount(NaN)], ["1,234,567", "-"]);
  assertEquals([formatRatio(0.456), formatRatio(Infinity)], ["0.46", "-"]);
});
