import { assert, assertEquals, assertFalse } from "@std/assert";
import { isPartName, partName } from "../../src/profiles/part_names.ts";

Deno.test("partName() counts from 1, in four digits or more", () => {
  assertEquals(partName(0), "part-0001");
  assertEquals(partName(9998), "part-9999");
  assertEquals(partName(9999), "part-10000");
});

Deno.test("isPartName() knows parts, and nothing else", () => {
  for (const index of [0, 41, 123_456]) assert(isPartName(partName(index)));
  for (
    const name of [
      "part-001",
      "part-",
      "Part-0001",
      "xpart-0001",
      "part-0001-a",
    ]
  ) {
    assertFalse(isPartName(name));
  }
});
