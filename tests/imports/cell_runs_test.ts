import { assertEquals } from "@std/assert";
import { CellRuns } from "../../src/imports/cell_runs.ts";

function add(runs: CellRuns, cells: readonly number[]): number[] | undefined {
  const offsets = runs.add(Uint32Array.from(cells), cells.length);
  return offsets && [...offsets];
}

Deno.test("CellRuns finds where cells start, from the one that is open", () => {
  const runs = new CellRuns(9);
  assertEquals(add(runs, [1, 1, 3]), [0, 0, 2, 2, 3]);
  assertEquals(runs.current, 3);
  assertEquals(add(runs, [3, 3]), [0, 2]);
  assertEquals(add(runs, [6]), [0, 0, 0, 0, 1]);
  assertEquals([...runs.finish()], [0, 0, 0, 0]);
  assertEquals([...runs.entriesPerCell], [0, 2, 0, 3, 0, 0, 1, 0, 0]);
  assertEquals(runs.isOrdered, true);
});

Deno.test("CellRuns only counts once a cell goes back", () => {
  for (const cells of [[2, 1], [0, 3, 1, 4], [1, 0], [0, 4, 3]]) {
    const runs = new CellRuns(5);
    assertEquals(add(runs, [0, 1]), [0, 1, 2]);
    assertEquals(add(runs, cells), undefined);
    assertEquals(runs.isOrdered, false);
    assertEquals(add(runs, [4, 4]), undefined);
    const expected = [0, 0, 0, 0, 0];
    for (const cell of [0, 1, ...cells, 4, 4]) expected[cell]!++;
    assertEquals([...runs.entriesPerCell], expected);
  }
});

Deno.test("CellRuns sees that a chunk starts before the last one's end", () => {
  const runs = new CellRuns(5);
  add(runs, [3]);
  assertEquals(add(runs, [2, 4]), undefined);
});

Deno.test("CellRuns ends with nothing where there are no cells", () => {
  assertEquals([...new CellRuns(0).finish()], [0]);
});
