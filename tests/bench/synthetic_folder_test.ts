import { assert, assertEquals, assertThrows } from "@std/assert";
import { readInt32 } from "../../bench/kernel_jobs.ts";
import { SyntheticCells } from "../../bench/synthetic.ts";
import { openSynthetic, parseCells } from "../../bench/synthetic_folder.ts";
import { Profiles } from "../../mod.ts";
import { withTempFolder } from "../helpers.ts";

const SMALL = { cellsCount: 40, genesCount: 500 };

Deno.test("openSynthetic() makes a container of the cells", async () => {
  await withTempFolder(async (parent) => {
    await using folder = await openSynthetic({ ...SMALL, parent });
    using profiles = await Profiles.load(folder.container);
    assertEquals(profiles.profilesCount, 40);
    assertEquals(profiles.genes.count, 500);
    const names = await profiles.profileNames();
    assertEquals(new Set(names).size, 40);
    const cells = new SyntheticCells(SMALL);
    const length = cells.make(33);
    const { genes, counts } = await profiles.profileEntries(33);
    assertEquals(genes, cells.genes.slice(0, length));
    assertEquals(counts, cells.counts.slice(0, length));
    const rows = readInt32(`${folder.path}/rows.i32`);
    assertEquals([...rows].sort((a, b) => a - b), [...Array(40).keys()]);
    const groups = readInt32(`${folder.path}/groups50.i32`);
    assertEquals(groups.length, 40);
    assert(groups.every((group) => group >= 0 && group < 50));
  });
});

Deno.test("openSynthetic() keeps what is to be kept, and what was there", async () => {
  await withTempFolder(async (parent) => {
    const entries = () => [...Deno.readDirSync(parent)].length;
    await (await openSynthetic({ ...SMALL, parent }))[Symbol.asyncDispose]();
    assertEquals(entries(), 0);
    const kept = await openSynthetic({ ...SMALL, parent, keep: true });
    await kept[Symbol.asyncDispose]();
    assertEquals(entries(), 1);
    const again = await openSynthetic({ ...SMALL, parent });
    assertEquals(again.path, kept.path);
    await again[Symbol.asyncDispose]();
    assertEquals(entries(), 1);
  });
});

Deno.test("parseCells() takes thousands", () => {
  assertEquals([parseCells("20k"), parseCells("1234")], [20_000, 1234]);
  for (const text of ["", "k", "0", "2m", "-1", "1.5k"]) {
    assertThrows(() => parseCells(text), RangeError, "Cannot make");
  }
});
