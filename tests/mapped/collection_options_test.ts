import { assertEquals, assertThrows } from "@std/assert";
import {
  checkOptions,
  type MappedCollectionOptions,
} from "../../src/mapped/collection_options.ts";

Deno.test("checkOptions() refuses what would be taken for nothing", () => {
  const wrong: [object, string][] = [
    [{ obsFilter: new Map([["type", "T"]]) }, "obsFilter is no record"],
    [{ obsFilter: ["type"] }, "obsFilter is no record"],
    [{ obsFilter: "type" }, "obsFilter is no record"],
    [{ obsKeys: "a", unknownLabel: new Map([["a", "A"]]) }, "unknownLabel is"],
    [{ obsKeys: "a", unknownLabel: ["A"] }, "unknownLabel is no label"],
    [{ cacheBytes: "1" }, 'cacheBytes is "1", and not a number'],
    [{ transposeBytes: NaN }, "transposeBytes is NaN, and not a number"],
    [{ layersKeys: 5 }, "layersKeys is 5, and not a text"],
    [{ obsKeys: { a: 1 } }, "obsKeys is [object Object], and not a text"],
  ];
  for (const [options, text] of wrong) {
    const check = () => checkOptions("x", options as MappedCollectionOptions);
    assertThrows(check, TypeError, `Cannot open a collection: ${text}`);
  }
  for (const paths of [5, undefined, null]) {
    const check = () => checkOptions(paths as unknown as string, {});
    assertThrows(check, TypeError, `the list of paths is ${paths}`);
  }
});

Deno.test("checkOptions() takes a key for a list of it, and each key once", () => {
  const checked = checkOptions("x", {
    layersKeys: "raw.X",
    obsKeys: ["a", "b", "a"],
    obsmKeys: "pca",
    encodeLabels: "b",
    unknownLabel: { b: "B" },
  });
  assertEquals(checked.layersKeys, ["raw.X"]);
  assertEquals(checked.obsKeys, ["a", "b"]);
  assertEquals(checked.obsmKeys, ["pca"]);
  assertEquals(checked.encoded, ["b"]);
  assertEquals([...checked.unknown], [["b", "B"]]);
  const byDefault = checkOptions("x", {});
  assertEquals(byDefault.layersKeys, ["X"]);
  assertEquals(byDefault.join, "inner");
  assertEquals(byDefault.filters, undefined);
});
