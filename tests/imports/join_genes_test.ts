import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type DuplicateGenes,
  nameGenes,
} from "../../src/imports/gene_names.ts";
import type { SourceGenes } from "../../src/imports/importer.ts";
import { joinGenes, type JoinKind } from "../../src/imports/join_genes.ts";

Deno.test("joinGenes() matches by id where all have one of their own", () => {
  const one = genesOf(["Tspan6", "id2"], ["id1", "id2"]);
  const two = genesOf(["OLD", "Cd3d", "Lyz"], ["id1", "id2", "id3"]);
  const joined = join([one, two]);
  assertEquals(joined.matchedBy, "ids");
  assertEquals(joined.genes.names, ["Tspan6", "Cd3d", "Lyz"]);
  assertEquals(joined.genes.ids, ["id1", "id2", "id3"]);
  assertEquals(joined.commonCount, 2);
  assertEquals(joined.sources, [
    { genesCount: 2, includedCount: 2 },
    { genesCount: 3, includedCount: 3 },
  ]);
});

Deno.test("joinGenes() leaves genes of the same name apart by id", () => {
  const one = genesOf(["X"], ["id2"]);
  const two = genesOf(["x"], ["id1"]);
  const { genes } = join([one, two]);
  const { names, sourceIndex } = nameGenes(genes);
  assertEquals(names, ["X", "X-1"]);
  assertEquals([...sourceIndex], [1, 0]);
});

Deno.test("joinGenes() keeps what all have in an intersection", () => {
  const one = genesOf(["a", "b", "c"]);
  const two = genesOf(["C", "B", "D"]);
  const joined = join([one, two, one], "intersection");
  assertEquals(joined.matchedBy, "names");
  assertEquals(joined.genes, { names: ["B", "C"], columns: {} });
  assertEquals(joined.commonCount, 2);
  assertEquals(joined.sources.map(({ includedCount }) => includedCount), [
    2,
    2,
    2,
  ]);
});

Deno.test("joinGenes() matches by name where ids are missing or repeat", () => {
  const whole = genesOf(["a", "b"], ["id1", "id2"]);
  const others = [
    genesOf(["a", "b"]),
    genesOf(["a", "b"], ["id1", ""]),
    genesOf(["a", "b"], ["id1", "id1"]),
  ];
  for (const other of others) {
    assertEquals(join([whole, other]).matchedBy, "names");
  }
});

Deno.test("joinGenes() keeps the ids that sources agree on", () => {
  const joined = join([
    genesOf(["a", "b", "c", "d"], ["id1", "id2", "id3", "id4"]),
    genesOf(["a", "b", "c", "e"], ["id1", "id0", "", "id4"]),
  ]);
  assertEquals(joined.genes.names, ["A", "B", "C", "D", "E"]);
  assertEquals(joined.genes.ids, ["id1", "", "id3", "", ""]);
});

Deno.test("joinGenes() tells repeats apart as an import does", () => {
  const one = genesOf(["x", "X", "x-1"], ["id9", "id1", "id5"]);
  const joined = join([one, genesOf(["X"])]);
  assertEquals([...joined.genes.names].sort(), ["X", "X-1", "X-2"]);
  assertEquals(joined.commonCount, 1);
});

Deno.test("joinGenes() adds repeats up by name alone", () => {
  const one = genesOf(["x", "X", "y"], ["id1", "id2", "id3"]);
  const joined = join([one], "union", "sum");
  assertEquals(joined.matchedBy, "names");
  assertEquals(joined.genes.names, ["X", "Y"]);
  assertEquals(joined.genes.ids, ["", "id3"]);
  assertEquals(joined.sources, [{ genesCount: 2, includedCount: 2 }]);
});

Deno.test("joinGenes() leaves rows out that the source does", () => {
  const one: SourceGenes = {
    ...genesOf(["a", "b", "c"], ["id1", "id1", "id3"]),
    included: Uint8Array.of(1, 0, 1),
  };
  const joined = join([one]);
  assertEquals(joined.matchedBy, "ids");
  assertEquals(joined.genes.names, ["a", "c"]);
});

const text = fc.constantFrom("a", "A", "b", "b-1", "c");
const id = fc.constantFrom("id1", "id2", "id3", "id4", "id5", "id6");

/** Sources of which some have no ids, some lack a few, and some repeat them. */
const source: fc.Arbitrary<SourceGenes> = fc.array(
  fc.record({
    name: text,
    id: fc.oneof({ weight: 9, arbitrary: id }, fc.constant("")),
  }),
  { minLength: 1, maxLength: 4 },
).chain((rows) =>
  fc.constantFrom(
    genesOf(rows.map(({ name }) => name)),
    genesOf(rows.map(({ name }) => name), rows.map(({ id }) => id)),
  )
);

Deno.test("joinGenes() keeps ids only where they tell what names do", () => {
  const duplicates = fc.constantFrom<DuplicateGenes[]>("suffix", "sum");
  const kind = fc.constantFrom<JoinKind[]>("union", "intersection");
  const sources = fc.array(source, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(sources, kind, duplicates, (sources, kind, duplicates) => {
      const { genes, matchedBy } = join(sources, kind, duplicates);
      if (matchedBy === "ids" || !genes.ids || genes.ids.includes("")) return;
      for (const source of sources) {
        if (!source.ids || source.ids.includes("")) continue;
        const { names, sourceIndex } = nameGenes(source, { duplicates });
        const byName = [...sourceIndex].map((gene) =>
          genes.names.indexOf(names[gene]!)
        );
        const byId = source.ids.map((id) => genes.ids!.indexOf(id));
        assertEquals(byId, byName);
      }
    }),
    { numRuns: 2000 },
  );
});

function genesOf(
  names: readonly string[],
  ids?: readonly string[],
): SourceGenes {
  return { names, columns: {}, ...ids && { ids } };
}

function join(
  sources: readonly SourceGenes[],
  join: JoinKind = "union",
  duplicates: DuplicateGenes = "suffix",
): ReturnType<typeof joinGenes> {
  return joinGenes(sources, { duplicates, join });
}
