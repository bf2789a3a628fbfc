/** The cases of the behaviour that collections have in common with lamindb. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { samplesOf, valuesOf, withCollection } from "./_collections.ts";

const F12 = ["f1.h5ad", "f2.zarr"];
const F123 = [...F12, "f3.h5ad"];
const G12 = ["g1.h5ad", "g2.h5ad"];

/** What a case does with the folder of the files. */
type Case = (folder: string) => Promise<void>;

/** The cases, by what they say. */
export const CASES: Readonly<Record<string, Case>> = {
  "has rows of stores one after the other": (folder) =>
    withCollection(folder, F12, {}, async (collection) => {
      assertEquals(collection.length, 4);
      assertEquals(collection.shape, [4, 3]);
      assertEquals(collection.originalShapes, [[2, 3], [2, 3]]);
      assertEquals(valuesOf(await collection.get(2)), [1, 2, 5]);
      const samples = await samplesOf(collection);
      assertEquals(samples.map((one) => one._store_idx), [0, 0, 1, 1]);
      assertEquals(await collection.get(-1), await collection.get(3));
      await assertRejects(() => collection.get(4), RangeError);
      await assertRejects(() => collection.get(-5), RangeError);
    }),
  "gives layers, obsm and obs that are asked for": async (folder) => {
    const options = { layersKeys: "layer1", obsmKeys: "X_pca" };
    await withCollection(folder, F12, options, async (collection) => {
      const [first, , third, last] = await samplesOf(collection);
      assertEquals(valuesOf(first!, "layer1"), [0, 2, 3]);
      assertEquals(valuesOf(third!, "layer1"), [1, 2, 5]);
      assertEquals(valuesOf(last!, "obsm_X_pca"), [3, 4]);
    });
    const keys = { layersKeys: "layer1", obsKeys: "feat1" };
    await withCollection(folder, F12, keys, async (collection) => {
      const sample = await collection.get(1);
      assertEquals(Object.keys(sample), ["_store_idx", "layer1", "feat1"]);
    });
  },
  "leaves out what a store lacks": (folder) =>
    withCollection(folder, F12, {
      layersKeys: ["X", "raw.X"],
      obsKeys: ["feat1", "feat_missing"],
      obsmKeys: "X_missing",
    }, async (collection) => {
      const [first, , third] = await samplesOf(collection);
      assertEquals(valuesOf(first!, "raw.X"), [8, 9, 10, 11]);
      assertEquals(Object.keys(first!), ["_store_idx", "X", "raw.X", "feat1"]);
      assertEquals(Object.keys(third!), ["_store_idx", "X", "feat1"]);
    }),
  "encodes unknown labels as -1, for all keys or by key": async (folder) => {
    const obsKeys = ["feat1", "feat2"];
    await withCollection(
      folder,
      F12,
      { obsKeys, unknownLabel: "A" },
      ({ encoders }) => {
        const codes = { A: -1, B: 0 };
        assertEquals(encoders, { feat1: codes, feat2: codes });
      },
    );
    await withCollection(
      folder,
      F12,
      { obsKeys, unknownLabel: { feat1: "A" } },
      async (collection) => {
        assertEquals(collection.encoders, {
          feat1: { A: -1, B: 0 },
          feat2: { A: 0, B: 1 },
        });
        const { feat1, feat2 } = await collection.get(0);
        assertEquals([feat1, feat2], [-1, 0]);
      },
    );
    await withCollection(
      folder,
      F12,
      { obsKeys, encodeLabels: ["feat1"] },
      async (collection) => {
        const samples = await samplesOf(collection);
        const labels = samples.slice(0, 2).map(({ feat2 }) => feat2);
        assertEquals(labels, ["A", "B"]);
        assertEquals(Object.keys(collection.encoders), ["feat1"]);
      },
    );
  },
  "joins genes by their union": (folder) =>
    withCollection(
      folder,
      F123,
      { obsKeys: "feat1", join: "outer" },
      async (collection) => {
        const names = ["A", "B", "C", "GATA1", "MYC", "TCF7"];
        assertEquals(collection.varJoint, names);
        assertEquals(collection.shape, [6, 6]);
        assertEquals(
          valuesOf(await collection.get(0)),
          [0, 0, 0, 3, 1, 2],
        );
        const fifth = await collection.get(4);
        assertEquals(valuesOf(fifth), [1, 2, 5, 0, 0, 0]);
        assertEquals(fifth["feat1"], null);
      },
    ),
  "weighs labels of one key or several": (folder) =>
    withCollection(folder, F12, {
      obsKeys: ["feat1", "feat2"],
    }, async (collection) => {
      const weights = await collection.getLabelWeights("feat1");
      assertEquals([...weights], [0.5, 0.5, 0.5, 0.5]);
      const keys = ["feat1", "feat2"];
      const smooth = await collection.getLabelWeights(keys, { scaler: 1 });
      assertEquals([...smooth], [1 / 3, 1 / 3, 1 / 3, 1 / 3]);
      const categories = await collection.getLabelWeights(keys, {
        scaler: 1,
        returnCategories: true,
      });
      assertEquals(categories, { A__A: 1 / 3, B__B: 1 / 3 });
    }),
  "filters cells": (folder) =>
    withCollection(folder, F12, {
      obsKeys: "feat1",
      obsFilter: { feat1: "B", feat2: ["A", "B"] },
    }, async (collection) => {
      assertEquals(collection.shape, [2, 3]);
      assertEquals(collection.originalShapes, [[1, 3], [1, 3]]);
      const samples = await samplesOf(collection);
      const rows = samples.map((sample) => valuesOf(sample));
      assertEquals(rows, [[4, 5, 6], [4, 5, 8]]);
      const weights = await collection.getLabelWeights("feat1");
      assertEquals([...weights], [0.5, 0.5]);
      assertEquals(await collection.getMergedLabels("feat1"), ["B", "B"]);
    }),
  "encodes the labels of all stores alike": (folder) =>
    withCollection(
      folder,
      G12,
      { obsKeys: "ct", unknownLabel: "NK" },
      async (collection) => {
        assertEquals(collection.encoders, { ct: { NK: -1, B: 0, T: 1 } });
        const samples = await samplesOf(collection);
        assertEquals(samples.map(({ ct }) => ct), [1, 0, 1, -1, 1]);
        // In the order of the first store.
        assertEquals(collection.varJoint, ["g3", "g2"]);
        const rows = samples.map((sample) => valuesOf(sample));
        assertEquals(rows, [[0, 2], [3, 5], [6, 8], [1, 0], [4, 3]]);
      },
    ),
  "sorts numeric labels by value": (folder) =>
    withCollection(folder, ["odd.h5ad"], {
      obsKeys: ["number", "ten"],
    }, (collection) => {
      const codes = { 9: 0, 10: 1, 100: 2 };
      assertEquals(collection.encoders, { number: codes, ten: codes });
    }),
  "takes what is missing, absent or empty": async (folder) => {
    for (const name of ["legacy6.h5ad", "legacy7.h5ad"]) {
      await withCollection(folder, [name], {
        obsKeys: "ct",
      }, async (collection) => {
        const samples = await samplesOf(collection);
        assertEquals(samples.map(({ ct }) => ct), [1, null, 0]);
      });
    }
    const names = ["odd.h5ad", "legacy7.h5ad", "empty.h5ad"];
    const obsKeys = ["none", "ct"];
    await withCollection(folder, names, { obsKeys }, async (collection) => {
      assertEquals(collection.length, 6);
      const weights = await collection.getLabelWeights("ct");
      assertEquals(weights.length, 6);
      assert(weights.every((weight) => weight > 0));
      assertEquals(collection.encoders["none"], {});
      assertEquals((await collection.get(0))["none"], null);
    });
  },
};
