import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { CellBuckets } from "../../src/imports/cell_buckets.ts";
import { withTempFolder } from "../helpers.ts";

type Entry = readonly [cell: number, gene: number, count: number];

interface Sorted {
  readonly cells: Entry[][];
  readonly bucketsCount: number;
  readonly blocksCount: number;
}

function sort(
  folder: string,
  entries: readonly Entry[],
  options: {
    readonly cellsCount: number;
    readonly genesCount: number;
    readonly bucketEntries: number;
  },
): Sorted {
  const entriesPerCell = new Float64Array(options.cellsCount);
  for (const [cell] of entries) entriesPerCell[cell]!++;
  const path = `${folder}/entries.tmp`;
  using buckets = new CellBuckets({ ...options, path, entriesPerCell });
  // In two parts, the second of which is longer than its length says.
  const half = entries.length >> 1;
  addTo(buckets, entries.slice(0, half));
  addTo(buckets, entries.slice(half), [[0, 0, 99]]);
  const cells: Entry[][] = [];
  let isOpen = false;
  let blocksCount = 0;
  for (const block of buckets.blocks()) {
    blocksCount++;
    const first = isOpen ? cells.length - 1 : cells.length;
    assertEquals(block.firstProfile, first);
    for (let at = 0; at + 1 < block.offsets.length; at++) {
      const cell = cells[first + at] ??= [];
      for (let i = block.offsets[at]!; i < block.offsets[at + 1]!; i++) {
        cell.push([first + at, block.rows[i]!, block.counts[i]!]);
      }
    }
    isOpen = block.isOpen;
  }
  assertEquals(isOpen, false);
  return { cells, bucketsCount: buckets.bucketsCount, blocksCount };
}

function addTo(
  buckets: CellBuckets,
  entries: readonly Entry[],
  more: readonly Entry[] = [],
): void {
  const all = [...entries, ...more];
  buckets.add(
    Uint32Array.from(all, ([cell]) => cell),
    Uint32Array.from(all, ([, gene]) => gene),
    Uint32Array.from(all, ([, , count]) => count),
    entries.length,
  );
}

Deno.test("CellBuckets gives any entries back by cell", async () => {
  const entry = fc.tuple(fc.nat(9), fc.nat(6), fc.nat());
  const bucketEntries = fc.integer({ min: 1, max: 12 });
  await withTempFolder((folder) =>
    fc.assert(fc.property(fc.array(entry), bucketEntries, (entries, size) => {
      const options = { cellsCount: 10, genesCount: 7, bucketEntries: size };
      const { cells } = sort(folder, entries, options);
      assertEquals(
        cells,
        Array.from(
          { length: 10 },
          (_, cell) => entries.filter((entry) => entry[0] === cell),
        ),
      );
    }))
  );
});

Deno.test("CellBuckets writes buffers of buckets as they fill", async () => {
  const entries = Array.from(
    { length: 200_000 },
    (_, at): Entry => [at % 7, at % 5, at],
  );
  await withTempFolder((folder) => {
    const { cells, bucketsCount } = sort(folder, entries, {
      cellsCount: 7,
      genesCount: 5,
      bucketEntries: 60_000,
    });
    assertEquals(bucketsCount, 4);
    cells.forEach((cell, at) => {
      assertEquals(cell, entries.filter((entry) => entry[0] === at));
    });
  });
});

Deno.test("CellBuckets gives a cell that is too large back in pieces", async () => {
  const entries = Array.from({ length: 10 }, (_, at): Entry => [1, at, at]);
  await withTempFolder((folder) => {
    const options = { cellsCount: 3, genesCount: 10, bucketEntries: 4 };
    const { cells, blocksCount } = sort(folder, entries, options);
    assertEquals(cells, [[], entries, []]);
    assertEquals(blocksCount, 1 + 3 + 1);
  });
});

Deno.test("CellBuckets keeps the keys of many genes within 32 bits", async () => {
  const genesCount = 2 ** 31;
  const entries: Entry[] = [[3, genesCount - 1, 7], [0, 0, 1], [1, 5, 2]];
  await withTempFolder((folder) => {
    const options = { cellsCount: 4, genesCount, bucketEntries: 1000 };
    const { cells, bucketsCount } = sort(folder, entries, options);
    assertEquals(bucketsCount, 2);
    assertEquals(cells, [[[0, 0, 1]], [[1, 5, 2]], [], [
      [3, genesCount - 1, 7],
    ]]);
  });
});

Deno.test("CellBuckets has no blocks without cells", async () => {
  await withTempFolder((folder) => {
    const options = { cellsCount: 0, genesCount: 0, bucketEntries: 9 };
    assertEquals(sort(folder, [], options).cells, []);
  });
});

Deno.test("CellBuckets refuses other entries than were counted", async () => {
  const other: Record<string, readonly Entry[]> = {
    "more": [[0, 0, 1], [1, 0, 1], [1, 1, 1]],
    "fewer": [[0, 0, 1]],
    "of other cells": [[0, 0, 1], [0, 0, 1]],
  };
  await withTempFolder((folder) => {
    for (const [what, entries] of Object.entries(other)) {
      const path = `${folder}/entries.tmp`;
      const entriesPerCell = Float64Array.of(1, 1);
      using buckets = new CellBuckets({ path, entriesPerCell, genesCount: 3 });
      assertThrows(
        () => {
          addTo(buckets, entries);
          [...buckets.blocks()];
        },
        Error,
        "the source changed while it was read",
        what,
      );
    }
    assertEquals([...Deno.readDirSync(folder)], []);
  });
});
