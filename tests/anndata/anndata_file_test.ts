import { assert, assertEquals, assertRejects } from "@std/assert";
import { AnnDataFile } from "../../src/anndata/anndata_file.ts";
import type { Attributes } from "../../src/anndata/nodes.ts";
import {
  type MemoryArray,
  memoryStore,
  type MemoryTree,
} from "./_memory_store.ts";

const FRAMES = {
  "obs/_index": ["c1", "c2"],
  "var/_index": ["g1", "g2", "g3"],
};

function open(
  tree: MemoryTree,
  attributes: Readonly<Record<string, Attributes>> = {},
): Promise<AnnDataFile> {
  return AnnDataFile.open(memoryStore({ ...FRAMES, ...tree }, attributes));
}

function dense(rows: number, columns: number): MemoryArray {
  return { values: new Float32Array(rows * columns), shape: [rows, columns] };
}

Deno.test("AnnDataFile lists its matrices", async () => {
  using file = await open({
    X: dense(2, 3),
    "raw/X": dense(2, 4),
    "raw/var/_index": ["g1", "g2", "g3", "g4"],
    "layers/counts": dense(2, 3),
    "layers/X": dense(2, 3),
    "obsm/X_pca": dense(2, 5),
  });
  assertEquals(file.name, "FILE");
  assertEquals([file.obs.length, file.var.length], [2, 3]);
  assertEquals(file.rawVar?.length, 4);
  const keys = ["X", "raw.X", "counts", "layers/X"];
  assertEquals(await file.layerKeys(), keys);
  for (const key of [...keys, "raw/X", "layers/counts"]) {
    const matrix = (await file.layer(key))!;
    const isRaw = key.startsWith("raw");
    assertEquals(matrix.shape, [2, isRaw ? 4 : 3]);
    assertEquals(
      matrix.path,
      isRaw ? "raw/X" : key === "counts" ? "layers/counts" : key,
    );
    assertEquals(file.genesOf(key), isRaw ? file.rawVar : file.var);
  }
  assertEquals(await file.layer("other"), undefined);
  assertEquals(await file.obsmKeys(), ["X_pca"]);
  assertEquals((await file.obsm("X_pca"))?.shape, [2, 5]);
  assertEquals(await file.obsm("X_umap"), undefined);
});

Deno.test("AnnDataFile reads the layout before version 0.7", async () => {
  using file = await AnnDataFile.open(memoryStore({
    obs: { fields: { index: ["c1", "c2"] } },
    var: { fields: { index: ["g1", "g2", "g3"] } },
    "raw.var": { fields: { index: ["g1", "g2", "g3", "g4"] } },
    "raw.X/data": new Float32Array([1]),
    "raw.X/indices": new Int32Array([3]),
    "raw.X/indptr": new Int32Array([0, 0, 1]),
    obsm: { fields: { X_pca: dense(2, 5) } },
  }, { "raw.X": { h5sparse_format: "csr", h5sparse_shape: [2, 4] } }));
  assertEquals(await file.layerKeys(), ["raw.X"]);
  assertEquals((await file.layer("raw.X"))?.shape, [2, 4]);
  assertEquals(await file.genesOf("raw.X").names(), ["g1", "g2", "g3", "g4"]);
  assertEquals(await file.obsmKeys(), ["X_pca"]);
  assertEquals((await file.obsm("X_pca"))?.shape, [2, 5]);
});

Deno.test("AnnDataFile takes what stands for nothing as nothing", async () => {
  using file = await open({ raw: "group", X: new Float32Array(0) }, {
    raw: { "encoding-type": "null" },
    X: { "encoding-type": "null" },
  });
  assertEquals(await file.layerKeys(), []);
  assertEquals(await file.layer("X"), undefined);
  assertEquals(await file.layer("raw.X"), undefined);
  assertEquals(await file.obsmKeys(), []);
});

Deno.test("AnnDataFile refuses matrices that do not fit", async () => {
  using file = await open({
    X: dense(3, 3),
    "raw/X": dense(2, 4),
    "layers/frame/a": ["x"],
    "obsm/X_pca": dense(3, 2),
  });
  const cases: readonly [string, string][] = [
    ["X", "X: it is 3 x 3, but obs has 2 rows and var 3"],
    ["raw.X", "raw: it has no var"],
    ["frame", "layers/frame: it is a group and no matrix"],
  ];
  for (const [key, why] of cases) {
    const error = await assertRejects(() => file.layer(key), Error);
    assertEquals(error.message, `Cannot read FILE: ${why}`);
  }
  assertEquals(await file.findLayer("frame"), {
    path: "layers/frame",
    why: "it is a group and no matrix",
  });
  const error = await assertRejects(() => file.obsm("X_pca"), Error);
  assertEquals(
    error.message,
    "Cannot read FILE: obsm/X_pca: it is 3 x 2, but obs has 2 rows",
  );
});

Deno.test("AnnDataFile.open() refuses what is no AnnData", async () => {
  const cases: readonly [MemoryTree, string][] = [
    [{}, ": it has no obs, so it is no AnnData; its root has nothing"],
    [
      { "obs/_index": ["c1"], matrix: new Int8Array(1) },
      ": it has no var, so it is no AnnData; its root has obs, matrix",
    ],
  ];
  for (const [tree, why] of cases) {
    const error = await assertRejects(
      () => AnnDataFile.open(memoryStore(tree)),
      Error,
    );
    assertEquals(error.message, `Cannot read FILE: ${why}`);
  }
});

Deno.test("AnnDataFile closes its store", async () => {
  const store = memoryStore(FRAMES);
  {
    using file = await AnnDataFile.open(store);
    assertEquals(file.obs.columns, []);
  }
  assert(store.isClosed);
});
