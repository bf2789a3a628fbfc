import { assertEquals } from "@std/assert";
import { didYouMean, suggestNames } from "../../src/cli/suggest.ts";

const NAMES = ["CD3D", "CD3E", "CD8A", "MALAT1", "genes-set", "genes-in"];

Deno.test("suggestNames() gives the nearest names, nearest first", () => {
  for (
    const [name, expected] of [
      ["CD3F", ["CD3D", "CD3E"]],
      ["cd3d", ["CD3D", "CD3E"]],
      ["MALTA1", ["MALAT1"]],
      ["MALAT", ["MALAT1"]],
      ["genes", ["genes-in", "genes-set"]],
      ["something", []],
    ] as const
  ) {
    const found = suggestNames(name, NAMES);
    assertEquals(found.slice(0, 2).sort(), [...expected], name);
  }
});

Deno.test("suggestNames() finds letters that changed places", () => {
  assertEquals(suggestNames("tso", ["sot", "tos"]), ["tos"]);
});

Deno.test("didYouMean() says nothing where there is nothing to say", () => {
  assertEquals(didYouMean([]), "");
  assertEquals(didYouMean(["a", "b"]), ", did you mean a, b?");
});
