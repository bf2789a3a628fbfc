import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import fc from "fast-check";
import { checkNames, decodeName, encodeName } from "../../src/arrays/names.ts";

Deno.test("encodeName() encodes bytes outside of letters, digits and _.-", () => {
  const table = {
    "total_umis": "total_umis",
    "n.genes-2": "n.genes-2",
    "cell type": "cell%20type",
    "a/b\\c": "a%2Fb%5Cc",
    "100%": "100%25",
    "µm": "%C2%B5m",
    "\u{1f9ec}": "%F0%9F%A7%AC",
    "!'()*~": "%21%27%28%29%2A%7E",
    "\n\0": "%0A%00",
    "mask": "mask",
    "x.mask": "x%2Emask",
    "x.Categories": "x%2ECategories",
    "x.mask.y": "x.mask.y",
  };
  for (const [name, encoded] of Object.entries(table)) {
    assertEquals(encodeName(name), encoded);
    assertEquals(decodeName(encoded), name);
  }
});

Deno.test("decodeName() is the inverse of encodeName()", () => {
  const names = fc.string({ unit: "binary", minLength: 1 });
  fc.assert(fc.property(names, (name) => {
    const encoded = encodeName(name);
    assertMatch(encoded, /^[A-Za-z0-9_.%-]+$/);
    assertEquals(decodeName(encoded), name);
  }));
});

Deno.test("decodeName() takes each name in one way only", () => {
  const units = fc.constantFrom(..."%aA24EF.maskcategories".split(""));
  fc.assert(
    fc.property(fc.string({ unit: units }), (text) => {
      try {
        assertEquals(encodeName(decodeName(text)), text);
      } catch (error) {
        assert(error instanceof SyntaxError, `${error}`);
      }
    }),
    { numRuns: 1000 },
  );
  for (const text of ["", "%", "%4", "%c3%a9", "%41", "%FF", "a b", "x.mask"]) {
    assertThrows(() => decodeName(text), SyntaxError, "Cannot decode the name");
  }
});

Deno.test("encodeName() refuses what no file can be called by", () => {
  assertThrows(() => encodeName(""), TypeError, "it is empty");
  assertThrows(() => encodeName("\ud800"), TypeError, "surrogate pair");
});

Deno.test("checkNames() refuses names that differ only by case", () => {
  checkNames([]);
  checkNames(["a", "b", "A1"]);
  assertThrows(
    () => checkNames(["Leiden", "x", "leiden"]),
    Error,
    'Cannot use the names "Leiden" and "leiden" together: they differ only by case',
  );
  assertThrows(() => checkNames(["É", "é"]), Error, "differ only by case");
  assertThrows(() => checkNames(["a", "a"]), Error, "they are equal");
});
