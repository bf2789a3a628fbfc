/** What a collection is asked for, and what it says. */
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { writeNpy } from "../../src/arrays/npy.ts";
import type { MappedCollectionOptions } from "../../src/mapped/collection_options.ts";
import { MappedCollection } from "../../src/mapped/mapped_collection.ts";
import { withTempFolder } from "../helpers.ts";
import { dense, type H5ad, writeH5ad } from "../imports/_h5ad.ts";
import {
  FIXTURES,
  makeCounts,
  samplesOf,
  valuesOf,
  withCollection,
} from "./_collections.ts";

const F12 = ["f1.h5ad", "f2.zarr"];

/** What is wrong with opening fixtures, as the error says it. */
async function openError(
  names: readonly string[],
  options: MappedCollectionOptions = {},
  errorClass: typeof Error | typeof TypeError = Error,
): Promise<string> {
  const open = () => withCollection(FIXTURES, names, options, () => {});
  const { message } = await assertRejects(open, errorClass);
  return message.replaceAll(FIXTURES, "FOLDER");
}

/** Two cells with genes of certain names. */
function withGenes(names: readonly string[] | Int32Array): H5ad {
  const length = names.length;
  const row = (first: number) => Array.from({ length }, (_, at) => first + at);
  return {
    tree: {
      "obs/_index": ["c0", "c1"],
      "var/_index": names as string[],
      X: dense([row(1), row(11)]),
    },
  };
}

Deno.test("MappedCollection.open() takes a path, a URL, or a list", async () => {
  const path = `${FIXTURES}/f1.h5ad`;
  const url = new URL(`file://${encodeURI(path)}`);
  for (const paths of [path, url, [path], [url]]) {
    using collection = await MappedCollection.open(paths);
    assertEquals(collection.pathList, [path]);
    assertEquals(collection.length, 2);
  }
  await assertRejects(
    () => MappedCollection.open(new URL("https://example.org/a.h5ad")),
    TypeError,
  );
});

Deno.test("MappedCollection.open() says what is wrong with its options", async () => {
  const wrong: [MappedCollectionOptions, string][] = [
    [{ join: "left" as "inner" }, "join"],
    [{ dtype: "complex64" as "int8" }, "dtype"],
    [{ encodeLabels: ["feat1"] }, "encodeLabels"],
    [{ obsKeys: "feat1", encodeLabels: ["feat2"] }, "feat2"],
    [{ obsKeys: "feat1", unknownLabel: { feat2: "A" } }, "unknownLabel"],
    [{
      obsKeys: "feat1",
      encodeLabels: false,
      unknownLabel: { feat1: "A" },
    }, "unknownLabel"],
    [{ layersKeys: "X", obsKeys: "X" }, "two parts"],
    [{ obsFilter: { feat1: undefined as never } }, "obsFilter"],
    [{ cacheBytes: -1 }, "cacheBytes"],
    [{ ["obs_keys" as "obsKeys"]: "feat1" }, "no option obs_keys"],
  ];
  for (const [options, text] of wrong) {
    assertStringIncludes(await openError(F12, options, TypeError), text);
  }
  assertStringIncludes(await openError([], {}, TypeError), "no paths");
});

Deno.test("MappedCollection.open() names a store that is missing or odd", async () => {
  assertEquals(
    await openError(["f1.h5ad", "none.h5ad"]),
    "Cannot open FOLDER/none.h5ad: there is no such file or folder",
  );
  const odd = await openError(["make_fixtures.py"]);
  assertStringIncludes(odd, "FOLDER/make_fixtures.py");
  await withTempFolder(async (folder) => {
    const path = `${folder}/noX.h5ad`;
    const { X: _, ...tree } = withGenes(["A"]).tree;
    await writeH5ad(path, { tree });
    const open = () => MappedCollection.open(path, { layersKeys: [] });
    const { message } = await assertRejects(open, Error);
    assertEquals(message, `Cannot read ${path}: X: it is missing`);
  });
});

Deno.test("MappedCollection gives X by default, and nothing for an empty list", async () => {
  const x = ["_store_idx", "X"];
  const keys = async (options: MappedCollectionOptions) =>
    Object.keys(
      await withCollection(FIXTURES, F12, options, (all) => all.get(0)),
    );
  assertEquals(await keys({}), x);
  assertEquals(await keys({ layersKeys: null, obsKeys: null }), x);
  assertEquals(await keys({ layersKeys: [] }), ["_store_idx"]);
});

Deno.test("MappedCollection leaves genes alone that are all the same", async () => {
  for (const join of ["inner", "outer"] as const) {
    await withCollection(FIXTURES, F12, { join }, async (collection) => {
      assertEquals(collection.joinVars, null);
      assertEquals(collection.varIndices, undefined);
      assertEquals(collection.varJoint, ["MYC", "TCF7", "GATA1"]);
      assertEquals(valuesOf(await collection.get(0)), [1, 2, 3]);
    });
  }
  // Not even repeats matter then.
  await withTempFolder(async (folder) => {
    await writeH5ad(`${folder}/1.h5ad`, withGenes(["A", "A"]));
    await writeH5ad(`${folder}/2.h5ad`, withGenes(["A", "A"]));
    await writeH5ad(`${folder}/3.h5ad`, withGenes(["A", "B"]));
    await withCollection(folder, ["1.h5ad", "2.h5ad"], {}, ({ shape }) => {
      assertEquals(shape, [4, 2]);
    });
    for (const join of ["inner", "outer"] as const) {
      const open = () =>
        withCollection(folder, ["3.h5ad", "1.h5ad"], { join }, () => {});
      const { message } = await assertRejects(open, Error);
      assertStringIncludes(message, `${folder}/1.h5ad: "A" is there more`);
    }
  });
});

Deno.test("MappedCollection needs shared genes for an inner join", async () => {
  const message = await openError(["f1.h5ad", "f3.h5ad"]);
  assertStringIncludes(message, "no shared variables");
});

Deno.test("MappedCollection does not join where join is null", async () => {
  const names = ["f1.h5ad", "f2.zarr", "g1.h5ad"];
  const options = { join: null, layersKeys: ["X", "raw.X"] };
  await withCollection(FIXTURES, names, options, async (collection) => {
    assertEquals(collection.shape, [7, null]);
    assertEquals(collection.varJoint, undefined);
    assertEquals(collection.originalShapes, [[2, 3], [2, 3], [3, 3]]);
    assertEquals(valuesOf(await collection.get(6)), [6, 7, 8]);
    assertEquals(valuesOf(await collection.get(0), "raw.X"), [8, 9, 10, 11]);
    assertEquals(await collection.checkVarsNonAligned(["g3", "g1", "g2"]), [
      0,
      1,
    ]);
  });
});

Deno.test("MappedCollection takes numeric names of genes as texts", () =>
  withTempFolder(async (folder) => {
    await writeH5ad(`${folder}/1.h5ad`, withGenes(Int32Array.of(10, 9)));
    await writeH5ad(`${folder}/2.h5ad`, withGenes(["9", "11", "10"]));
    const names = ["1.h5ad", "2.h5ad"];
    await withCollection(folder, names, {}, async (collection) => {
      assertEquals(collection.varJoint, ["10", "9"]);
      assertEquals(valuesOf(await collection.get(2)), [3, 1]);
    });
    await withCollection(folder, names, { join: "outer" }, ({ varJoint }) => {
      assertEquals(varJoint, ["10", "11", "9"]);
    });
  }));

Deno.test("MappedCollection sorts genes by code point", () =>
  withTempFolder(async (folder) => {
    await writeH5ad(`${folder}/1.h5ad`, withGenes(["b", "\u{1f9ec}"]));
    await writeH5ad(`${folder}/2.h5ad`, withGenes(["\uff21", "B"]));
    await withCollection(
      folder,
      ["1.h5ad", "2.h5ad"],
      { join: "outer" },
      async (collection) => {
        const names = ["B", "b", "\uff21", "\u{1f9ec}"];
        assertEquals(collection.varJoint, names);
        assertEquals(collection.varIndices, [
          Int32Array.of(1, 3),
          Int32Array.of(2, 0),
        ]);
        assertEquals(await collection.checkVarsSorted(), false);
        assertEquals(await collection.checkVarsNonAligned(names), [0, 1]);
      },
    );
    await withCollection(folder, ["1.h5ad"], {}, async (collection) => {
      assert(await collection.checkVarsSorted());
      assert(!await collection.checkVarsSorted(false));
    });
    await withCollection(folder, ["2.h5ad"], {}, async (collection) => {
      assert(await collection.checkVarsSorted(false));
    });
  }));

Deno.test("MappedCollection applies the type to all matrices, joined or not", () =>
  withCollection(FIXTURES, ["f1.h5ad", "f3.h5ad"], {
    layersKeys: ["X", "raw.X", "layer1"],
    obsmKeys: "X_pca",
    join: "outer",
    dtype: "float32",
  }, async (collection) => {
    const { _store_idx, ...matrices } = await collection.get(0);
    assertEquals(matrices, {
      X: Float32Array.of(0, 0, 0, 3, 1, 2),
      "raw.X": Float32Array.of(8, 9, 10, 11),
      layer1: Float32Array.of(0, 0, 0, 3, 0, 2),
      obsm_X_pca: Float32Array.of(1, 2),
    });
  }));

Deno.test("MappedCollection never wraps a value around, or cuts it", async () => {
  const read = (dtype: MappedCollectionOptions["dtype"], row = 0) =>
    withCollection(
      FIXTURES,
      ["odd.h5ad"],
      { dtype },
      async (collection) => valuesOf(await collection.get(row)),
    );
  assertEquals(await read("int16", 1), [0, 2, 0]);
  assertEquals(await read("float16"), [300, 0, 1.5]);
  const big = await assertRejects(() => read("uint8"), Error);
  assertStringIncludes(big.message, "is 300, which does not fit uint8");
  assertStringIncludes(big.message, `${FIXTURES}/odd.h5ad`);
  const half = await assertRejects(() => read("int32"), Error);
  assertStringIncludes(half.message, "is 1.5, which does not fit int32");
  // Only of rows that are asked for.
  assertEquals(await read("uint8", 2), [0, 0, 7]);
});

Deno.test("MappedCollection gives integers of 64 bits where they are asked for", () =>
  withCollection(
    FIXTURES,
    F12,
    { dtype: "int64" },
    async (collection) => {
      const { X } = await collection.get(2);
      assertEquals(X, BigInt64Array.of(1n, 2n, 5n));
      const { layers } = await collection.getRows([2, 0], { format: "csr" });
      assertEquals(
        layers["X"]!.data,
        BigInt64Array.of(1n, 2n, 5n, 1n, 2n, 3n),
      );
    },
  ));

Deno.test("MappedCollection encodes what has no categories by its values", () =>
  withCollection(FIXTURES, ["odd.h5ad"], {
    obsKeys: ["score", "count", "text", "flag", "unused"],
    unknownLabel: "absent",
  }, async (collection) => {
    assertEquals(collection.encoders, {
      score: { "-2": 0, "0.5": 1 },
      count: { "1": 0, "3": 1 },
      text: { nan: 0, x: 1, y: 2 },
      flag: { false: 0, true: 1 },
      unused: { a: 0, b: 1, c: 2 },
    });
    const [, second, third] = await samplesOf(collection);
    const { _store_idx, X: _, ...labels } = second!;
    assertEquals(labels, {
      score: null,
      count: null,
      text: 1,
      flag: 0,
      unused: 1,
    });
    assertEquals(third!["unused"], null);
    const categories = await collection.getMergedCategories("unused");
    assertEquals(categories, ["a", "b", "c"]);
  }));

Deno.test("MappedCollection gives labels as they are, unless they are encoded", () =>
  withCollection(FIXTURES, ["odd.h5ad"], {
    obsKeys: ["number", "score", "count", "text", "flag", "ten", "none"],
    encodeLabels: false,
  }, async (collection) => {
    assertEquals(collection.encoders, {});
    const { _store_idx, X: _, ...labels } = await collection.get(0);
    assertEquals(labels, {
      number: 10,
      score: 0.5,
      count: 1,
      text: "nan",
      flag: true,
      ten: 10,
      none: null,
    });
  }));

Deno.test("MappedCollection makes texts of labels of several types", () =>
  withTempFolder(async (folder) => {
    const { tree } = withGenes(["A"]);
    const texts = { ...tree, "obs/id": ["10", "x"] };
    const numbers = { ...tree, "obs/id": Int32Array.of(9, 10) };
    await writeH5ad(`${folder}/1.h5ad`, { tree: texts });
    await writeH5ad(`${folder}/2.h5ad`, { tree: numbers });
    await withCollection(
      folder,
      ["1.h5ad", "2.h5ad"],
      { obsKeys: "id" },
      async (collection) => {
        assertEquals(collection.encoders["id"], { 10: 0, 9: 1, x: 2 });
        const samples = await samplesOf(collection);
        assertEquals(samples.map(({ id }) => id), [0, 2, 1, 0]);
        const labels = await collection.getMergedLabels("id");
        assertEquals(labels, ["10", "x", "9", "10"]);
        const categories = await collection.getMergedCategories("id");
        assertEquals(categories, ["10", "9", "x"]);
      },
    );
    await withCollection(
      folder,
      ["1.h5ad", "2.h5ad"],
      { obsKeys: "id", unknownLabel: 9 },
      ({ encoders }) => assertEquals(encoders["id"], { 9: -1, 10: 0, x: 1 }),
    );
  }));

Deno.test("MappedCollection takes columns by names that objects have", () =>
  withTempFolder(async (folder) => {
    const tree = { ...withGenes(["A"]).tree, "obs/constructor": ["x", "y"] };
    await writeH5ad(`${folder}/1.h5ad`, { tree });
    const keys = { obsKeys: "constructor", encodeLabels: false };
    await withCollection(folder, ["1.h5ad"], keys, async (collection) => {
      assertEquals<unknown>((await collection.get(1))["constructor"], "y");
      const { obs } = await collection.getRows([1, 0], { into: {} });
      assertEquals(Object.keys(obs), ["constructor"]);
      const plain = { isEncoded: false, values: ["y", "x"] } as const;
      assertEquals<unknown>(obs["constructor"], plain);
    });
  }));

Deno.test("MappedCollection encodes categories that the filter leaves out", () =>
  withCollection(FIXTURES, ["g1.h5ad", "g2.h5ad"], {
    obsKeys: "ct",
    obsFilter: { b: "y" },
  }, async (collection) => {
    assertEquals(collection.encoders, { ct: { B: 0, NK: 1, T: 2 } });
    const samples = await samplesOf(collection);
    assertEquals(samples.map(({ ct }) => ct), [2, 1, 2]);
    assertEquals(await collection.getMergedLabels("ct"), ["T", "NK", "T"]);
    assertEquals(collection.nObsList, [1, 2]);
  }));

Deno.test("MappedCollection filters by missing labels, in any order of the keys", async () => {
  const rows = (
    obsFilter: NonNullable<MappedCollectionOptions["obsFilter"]>,
    names = ["odd.h5ad"],
  ) =>
    withCollection(
      FIXTURES,
      names,
      { obsFilter, layersKeys: "X" },
      ({ nObsList }) => nObsList,
    );
  assertEquals(await rows({ unused: null }), [1]);
  assertEquals(await rows({ unused: [null, "b"] }), [3]);
  assertEquals(await rows({ score: NaN }), [1]);
  assertEquals(await rows({ count: [null, 3] }), [2]);
  assertEquals(await rows({ none: null }), [3]);
  assertEquals(await rows({ number: [9, 100], flag: true }), [1]);
  assertEquals(await rows({ number: "9" }), [0]);
  assertEquals(await rows({ text: [] }), [0]);
  assertEquals(await rows({}), [3]);
  // The text is no missing value, nor the other way round.
  assertEquals(await rows({ text: "nan" }), [1]);
  assertEquals(await rows({ text: null }), [0]);
  assertEquals(await rows({ unused: "nan" }), [0]);
  // What a store lacks is not missing, whatever comes first.
  assertEquals(await rows({ absent: null, unused: null }), [0]);
  assertEquals(await rows({ unused: null, absent: null }), [0]);
  assertEquals(
    await rows({ ct: [null, "T"] }, ["odd.h5ad", "legacy7.h5ad"]),
    [0, 2],
  );
});

Deno.test("MappedCollection.getLabelWeights() counts cells without a label as one kind", () =>
  withCollection(
    FIXTURES,
    ["legacy7.h5ad", "odd.h5ad"],
    {},
    async (collection) => {
      const weights = await collection.getLabelWeights("ct");
      // T, missing, B, and three of a store without the column.
      assertEquals([...weights], [1, 0.25, 1, 0.25, 0.25, 0.25]);
      const categories = await collection.getLabelWeights("ct", {
        returnCategories: true,
      });
      assertEquals(categories, { T: 1, B: 1 });
      assertEquals(await collection.getMergedLabels("ct"), [
        "T",
        null,
        "B",
        null,
        null,
        null,
      ]);
      await assertRejects(() => collection.getLabelWeights("absent"), Error);
      await assertRejects(() => collection.getLabelWeights([]), TypeError);
      for (const scaler of [-1, 0, NaN, Infinity]) {
        const weigh = () => collection.getLabelWeights("ct", { scaler });
        await assertRejects(weigh, RangeError, `the scaler is ${scaler}`);
      }
    },
  ));

Deno.test("MappedCollection.getLabelWeights() tells missing labels from texts", () =>
  withCollection(FIXTURES, ["odd.h5ad"], {}, async (collection) => {
    const keys = ["text", "unused"];
    const categories = await collection.getLabelWeights(keys, {
      returnCategories: true,
    });
    assertEquals(categories, { nan__b: 1, x__b: 1 });
    const weights = await collection.getLabelWeights("unused", { scaler: 2 });
    assertEquals([...weights], [0.5, 0.5, 2 / 3]);
  }));

Deno.test("MappedCollection reads labels again where they are not kept", () =>
  withCollection(FIXTURES, F12, {
    obsKeys: ["feat1", "feat2"],
    encodeLabels: ["feat1"],
    cacheCategories: false,
  }, async (collection) => {
    assertEquals((await collection.get(3))["feat1"], 1);
    const { obs } = await collection.getRows([1, 2]);
    assertEquals(obs["feat1"], {
      isEncoded: true,
      codes: Int32Array.of(1, 0),
      missing: undefined,
    });
    assertEquals(obs["feat2"], { isEncoded: false, values: ["B", "A"] });
  }));

Deno.test("MappedCollection.get() takes integers alone", () =>
  withCollection(FIXTURES, F12, {}, async (collection) => {
    for (const index of [0.5, NaN, Infinity]) {
      await assertRejects(() => collection.get(index), TypeError);
    }
    await assertRejects(() => collection.getRows([0, 4]), RangeError);
  }));

Deno.test("MappedCollection is of files without cells, too", () =>
  withCollection(
    FIXTURES,
    ["empty.h5ad", "odd.h5ad", "empty.h5ad"],
    { obsKeys: "number" },
    async (collection) => {
      assertEquals(collection.nObsList, [0, 3, 0]);
      assertEquals((await collection.get(0))._store_idx, 1);
      assertEquals((await collection.get(-1))._store_idx, 1);
      const { layers } = await collection.getRows([]);
      assertEquals(layers["X"]!.shape, [0, 3]);
    },
  ));

Deno.test("MappedCollection mixes containers and AnnData files", () =>
  withTempFolder(async (folder) => {
    const counts = [[0, 300, 2], [70000, 0, 0]];
    const data = { ct: ["T", "B"] };
    await makeCounts(
      `${folder}/batch`,
      ["g1", "g2", "g5"].map((name) => name.toUpperCase()),
      counts,
      data,
    );
    // As its source spells them.
    const genes = "g2\ng1\nnone\ng5\n";
    Deno.writeTextFileSync(`${folder}/batch/genes.source_name.txt`, genes);
    const data32 = Int32Array.of(1, 0, -1, 2);
    const place = `${folder}/batch/genes.source_index.npy`;
    writeNpy(place, { dtype: "int32", data: data32 });
    const paths = [`${folder}/batch`, `${FIXTURES}/g1.h5ad`];
    using collection = await MappedCollection.open(paths, { obsKeys: "ct" });
    assertEquals(collection.varJoint, ["g1", "g2"]);
    assertEquals(collection.encoders, { ct: { B: 0, T: 1 } });
    assertEquals(await collection.get(0), {
      _store_idx: 0,
      X: Uint32Array.of(0, 300),
      ct: 1,
    });
    assertEquals(valuesOf(await collection.get(1)), [70000, 0]);
    assertEquals(valuesOf(await collection.get(2)), [1, 2]);
  }));
