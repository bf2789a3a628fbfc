import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { compareCodePoints } from "../../src/arrays/compare.ts";
import { nameGenes } from "../../src/imports/gene_names.ts";

/** The name that each source row gets; undefined for one that is left out. */
function nameRows(
  ...parameters: Parameters<typeof nameGenes>
): (string | undefined)[] {
  const { names, sourceIndex, geneRows } = nameGenes(...parameters);
  assertEquals(geneRows.length, names.length);
  geneRows.forEach((row, gene) => assertEquals(sourceIndex[row], gene));
  return Array.from(sourceIndex, (gene) => names[gene]);
}

Deno.test("nameGenes() makes names upper-case and sorts them by code point", () => {
  const names = ["b", "\u{1f9ec}", "A", "\uff21", "a-1", "B2"];
  const named = nameGenes({ names });
  assertEquals(named.names, [
    "A",
    "A-1",
    "B",
    "B2",
    "\uff21",
    "\u{1f9ec}",
  ]);
  assertEquals([...named.sourceIndex], [2, 5, 0, 4, 1, 3]);
  assertEquals([...named.geneRows], [2, 4, 0, 5, 3, 1]);
  assertEquals(named.repeatsCount, 0);
});

Deno.test("nameGenes() numbers repeats in the order of their ids", () => {
  const names = ["X", "x", "Y", "X"];
  const ids = ["id3", "id1", "id9", "id2"];
  assertEquals(nameRows({ names, ids }), ["X-2", "X", "Y", "X-1"]);
  assertEquals(nameGenes({ names, ids }).repeatsCount, 2);
});

Deno.test("nameGenes() numbers repeats in the source's order without ids", () => {
  assertEquals(nameRows({ names: ["X", "x", "X"] }), ["X", "X-1", "X-2"]);
  const ids = ["same", "same", "same"];
  assertEquals(nameRows({ names: ["X", "x", "X"], ids }), ["X", "X-1", "X-2"]);
});

Deno.test("nameGenes() takes the next suffix that is free", () => {
  assertEquals(
    nameRows({ names: ["X", "X", "X-1", "x-3", "X", "X"] }),
    ["X", "X-2", "X-1", "X-3", "X-4", "X-5"],
  );
  assertEquals(
    nameRows({ names: ["X-1", "X", "X-1", "X"] }),
    ["X-1", "X", "X-1-1", "X-2"],
  );
});

Deno.test("nameGenes() gives rows that are left out no gene and no name", () => {
  const included = Uint8Array.of(0, 1, 1, 0);
  assertEquals(
    nameRows({ names: ["X", "X", "Y", "Z"], included }),
    [undefined, "X", "Y", undefined],
  );
});

Deno.test("nameGenes() lets repeats share a gene", () => {
  const source = { names: ["x", "Y", "X"], ids: ["id2", "id3", "id1"] };
  const named = nameGenes(source, { duplicates: "sum" });
  assertEquals(named.names, ["X", "Y"]);
  assertEquals([...named.sourceIndex], [0, 1, 0]);
  assertEquals([...named.geneRows], [2, 1]);
  assertEquals(named.repeatsCount, 1);
});

Deno.test("nameGenes() lists names that repeat, where that is an error", () => {
  const names = ["b", "B", "a", "A", "a", "c"];
  assertThrows(
    () => nameGenes({ names }, { duplicates: "error" }),
    Error,
    "Cannot name the genes: 2 names repeat: A, B; `duplicateGenes` suffix " +
      "keeps them apart, sum adds them up",
  );
  const unique = nameGenes({ names: ["b", "a"] }, { duplicates: "error" });
  assertEquals(unique.names, ["A", "B"]);
});

Deno.test("nameGenes() names no genes", () => {
  assertEquals(nameGenes({ names: [] }).names, []);
});

/** The rules of the names, in the plainest words. */
function nameSlowly(
  names: readonly string[],
  ids: readonly string[],
): string[] {
  const upper = names.map((name) => name.toUpperCase());
  const result = [...upper];
  const taken = new Set(upper);
  for (const name of [...taken].sort(compareCodePoints)) {
    const rows = upper.keys().filter((row) => upper[row] === name).toArray()
      .sort((left, right) =>
        compareCodePoints(ids[left]!, ids[right]!) || left - right
      );
    for (const row of rows.slice(1)) {
      let suffix = 1;
      while (taken.has(`${name}-${suffix}`)) suffix++;
      result[row] = `${name}-${suffix}`;
      taken.add(result[row]!);
    }
  }
  return result;
}

Deno.test("nameGenes() follows the rules for any names", () => {
  const part = fc.constantFrom(
    "A",
    "b",
    "-1",
    "-2",
    "1",
    "\u{1f9ec}",
    "\ufb05",
  );
  const name = fc.array(part, { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join(""));
  const genes = fc.array(fc.tuple(name, fc.constantFrom("i", "j", "k")));
  fc.assert(fc.property(genes, (rows) => {
    const names = rows.map(([name]) => name);
    const ids = rows.map(([, id]) => id);
    const named = nameGenes({ names, ids });
    assertEquals(named.names, named.names.toSorted(compareCodePoints));
    assertEquals(new Set(named.names).size, names.length);
    assertEquals(nameRows({ names, ids }), nameSlowly(names, ids));
  }));
});
