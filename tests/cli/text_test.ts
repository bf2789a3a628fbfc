import { assertEquals } from "@std/assert";
import { formatKind } from "../../src/cli/text.ts";

Deno.test("formatKind() knows what one is called, or leaves it", () => {
  for (
    const [kind, one] of [
      ["cells", "1 cell"],
      ["metacells", "1 metacell"],
      ["spots", "1 spot"],
      ["genes", "1 gene"],
      ["nuclei", "1 nuclei"],
      ["species", "1 species"],
      ["classes", "1 classes"],
    ] as const
  ) {
    assertEquals(formatKind(1, kind), one);
    assertEquals(formatKind(2345, kind), `2,345 ${kind}`);
  }
});
