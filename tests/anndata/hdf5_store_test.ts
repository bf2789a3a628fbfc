import {
  assert,
  assertEquals,
  assertLess,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { openHdf5Store } from "../../src/anndata/hdf5_store.ts";
import type { NodeStore } from "../../src/anndata/nodes.ts";
import { dataTest } from "../data.ts";
import { withTempFolder } from "../helpers.ts";
import {
  arrayAt,
  assertArrays,
  storeBytes,
  type StoreName,
  walkStore,
} from "./_stores.ts";

function withStore(
  name: StoreName,
  use: (store: NodeStore, path: string) => Promise<void>,
): Promise<void> {
  return withTempFolder(async (folder) => {
    const path = `${folder}/store.h5`;
    Deno.writeFileSync(path, storeBytes(name));
    using store = await openHdf5Store(path);
    await use(store, path);
  });
}

for (const name of ["h5", "v108", "latest"] as const) {
  Deno.test(`openHdf5Store() reads arrays of every kind: ${name}`, () =>
    withStore(name, (store) => assertArrays(store, name)));
}

Deno.test("openHdf5Store() says of arrays what they are", () =>
  withStore("h5", async (store) => {
    const table = await arrayAt(store, "table");
    assertEquals(table.elementClass, "compound");
    assertEquals(
      table.fields,
      ["index", "code", "big", "little", "flag", "pair"],
    );
    const flag = table.field("flag");
    assertEquals([flag.elementClass, flag.shape], ["bool", [4]]);
    assertEquals(await flag.attributes(), {});
    assertEquals((await arrayAt(store, "grid")).chunks, [3, 2]);
    assertEquals((await arrayAt(store, "grid_plain")).chunks, undefined);
    assertEquals((await arrayAt(store, "enum")).elementClass, "integer");
    assertEquals((await arrayAt(store, "scalar")).shape, []);
    assertEquals([store.format, store.root.path], ["HDF5", ""]);
  }));

Deno.test("openHdf5Store() reads attributes of every kind", () =>
  withStore("h5", async (store) => {
    const group = await store.root.get("attributes");
    // Those of regions, records and lists of any length are left out.
    assertEquals(await group?.attributes(), {
      ascii: "abc",
      big: 258,
      bools: [true, false],
      fixed: ["x", "yz"],
      float: 0.5,
      half: 1.5,
      int: -3,
      list: ["a", "bé", ""],
      no_text: null,
      none: null,
      nothing: [],
      shape: [3, 4],
      text: "é",
      true: true,
      where: { reference: "grid" },
      wheres: [{ reference: "cube" }, { reference: "plain" }],
    });
    const many = await store.root.get("many");
    assertEquals(Object.keys(await many!.attributes()).length, 20);
  }));

Deno.test("openHdf5Store() follows links within the file alone", () =>
  withStore("h5", async (store, path) => {
    const { root } = store;
    assertEquals((await arrayAt(store, "soft")).shape, [7, 5]);
    assertEquals((await arrayAt(store, "plain/up/plain/up/grid")).shape, [
      7,
      5,
    ]);
    for (const name of ["nowhere", "nowhere/x", "soft/x", "..", "grid/.."]) {
      assertEquals(await root.get(name), undefined);
    }
    const reasons = {
      far: "far: it is a link to another file",
      "far/x": "far: it is a link to another file",
      far_soft: "far_soft: it refers to another file, other.h5, " +
        "which is not read",
      round: "round: it is damaged or cut off: too many links",
    };
    Deno.writeFileSync(path.replace("store", "other"), storeBytes("latest"));
    for (const [name, reason] of Object.entries(reasons)) {
      await assertRejects(
        () => root.get(name),
        Error,
        `Cannot read ${path}: ${reason}`,
      );
    }
  }));

Deno.test("ArrayNode.readNumbers() refuses odd kinds of numbers in HDF5", async () => {
  for (const name of ["h5", "v108", "latest"] as const) {
    await withStore(name, async (store, path) => {
      for (const odd of ["odd/brain", "odd/nibbles"]) {
        const array = await arrayAt(store, odd);
        await assertRejects(
          () => array.readNumbers(0, 3),
          Error,
          `Cannot read ${path}: ${odd}: its numbers are of a kind that is not`,
        );
      }
    });
  }
});

Deno.test("openHdf5Store() refuses what is not there to be read", () =>
  withStore("h5", async (store, path) => {
    const grid = await arrayAt(store, "grid");
    await assertRejects(() => grid.readNumbers(3, 8), RangeError, "3 to 8");
    await assertRejects(() => grid.readTexts(0, 1), Error, "holds int32");
    const texts = await arrayAt(store, "texts");
    await assertRejects(() => texts.readNumbers(0, 1), Error, "holds string");
    const table = await arrayAt(store, "table");
    await assertRejects(() => table.readNumbers(0, 1), Error, "compound");
    assertThrows(() => table.field("none"), Error, "it has no field none");
    assertEquals(
      store.error("a/b", "why").message,
      `Cannot read ${path}: a/b: why`,
    );
    store.close();
    store.close();
    await assertRejects(() => grid.readNumbers(0, 1), Error, "is closed");
  }));

Deno.test("NodeStore.checkUnchanged() finds that a file was changed", () =>
  withStore("h5", async (store, path) => {
    store.checkUnchanged();
    const grid = await arrayAt(store, "grid");
    Deno.truncateSync(path, 2000);
    assertThrows(() => store.checkUnchanged(), Error, "it changed since");
    await assertRejects(() => grid.readNumbers(0, 7), Error, "it changed");
  }));

Deno.test("openHdf5Store() refuses a file that is cut off", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/cut.h5`;
    const bytes = storeBytes("h5");
    for (const part of [0.01, 0.5, 0.99]) {
      Deno.writeFileSync(path, bytes.subarray(0, bytes.length * part));
      const messages = await walkStore(() => openHdf5Store(path));
      assertEquals(messages.length, 1);
      assertMatch(messages[0]!, /^Cannot read \S+cut\.h5: it is cut off/);
    }
  }));

for (const name of ["h5", "v108", "latest"] as const) {
  Deno.test(`openHdf5Store() survives any damage: ${name}`, () =>
    withTempFolder(async (folder) => {
      const path = `${folder}/damaged.h5`;
      const bytes = storeBytes(name);
      const flip = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
      const flips = fc.array(flip, { minLength: 1, maxLength: 20 });
      const property = fc.asyncProperty(flips, async (places) => {
        const damaged = bytes.slice();
        for (const [at, byte] of places) damaged[at] = byte;
        Deno.writeFileSync(path, damaged);
        const started = performance.now();
        for (const message of await walkStore(() => openHdf5Store(path))) {
          assert(message.startsWith(`Cannot read ${path}: `), message);
          assert(!message.includes("\n"), message);
        }
        assertLess(performance.now() - started, 5000);
      });
      await fc.assert(property, {
        numRuns: 25,
        interruptAfterTimeLimit: 5000,
      });
    }));
}

const FILES: Readonly<Record<string, readonly [string, number]>> = {
  "anndata_archives/v0.7.0/adata.h5ad": ["X/data", 228],
  "anndata_archives/v0.7.8/adata.h5ad": ["raw/X/data", 453],
  "anndata_archives/v0.11.4/adata.h5ad": ["obs/_index", 10],
  "pbmc3k/pbmc3k.h5ad": ["X/data", 2_286_884],
  "pbmc3k_100_h5sparse/pbmc3k_100cells_h5sparse.h5ad": ["X/data", 84_735],
  "pbmc68k_reduced/anndata_0.5_compound.h5ad": ["raw.X/data", 174_400],
  "czi_small_perturbations/small_perturbations.h5ad": ["X/data", 268_478],
};

dataTest("openHdf5Store() reads files of AnnData (real data)", async (data) => {
  for (const [file, [array, length]] of Object.entries(FILES)) {
    const open = () => openHdf5Store(`${data}/${file}`);
    assertEquals(await walkStore(open), []);
    using store = await open();
    assertEquals((await arrayAt(store, array)).shape, [length]);
  }
});

dataTest("openHdf5Store() resolves references (real data)", async (data) => {
  const path = `${data}/anndata_archives/v0.7.0/adata.h5ad`;
  using store = await openHdf5Store(path);
  const codes = await store.root.get("obs/obs_cat");
  assertEquals((await codes?.attributes())?.["categories"], {
    reference: "obs/__categories/obs_cat",
  });
});

dataTest("openHdf5Store() reads numbers right (real data)", async (data) => {
  using store = await openHdf5Store(`${data}/pbmc3k/pbmc3k.h5ad`);
  const counts = await arrayAt(store, "X/data");
  let total = 0;
  for (let start = 0; start < counts.shape[0]!; start += 100_000) {
    const end = Math.min(start + 100_000, counts.shape[0]!);
    const values = await counts.readNumbers(start, end) as Float32Array;
    for (const value of values) total += value;
  }
  assertEquals(total, 6_390_631);
});
