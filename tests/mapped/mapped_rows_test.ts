/** Rows of collections, many at once, from all kinds of stores. */
import {
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import fc from "fast-check";
import { zipSync } from "fflate";
import type { MappedCollectionOptions } from "../../src/mapped/collection_options.ts";
import { MappedCollection } from "../../src/mapped/mapped_collection.ts";
import type { RowNumbers, RowType } from "../../src/mapped/rows.ts";
import { createCollection } from "../../src/profiles/create_collection.ts";
import { createView } from "../../src/profiles/create_view.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import { sumGroups } from "../../src/profiles/sum_groups.ts";
import { withTempFolder } from "../helpers.ts";
import { writeH5ad } from "../imports/_h5ad.ts";
import {
  FIXTURES,
  makeCounts,
  rowsOf,
  samplesOf,
  sparse,
  valuesOf,
  withCollection,
} from "./_collections.ts";

Deno.test("getRows() gives rows in the order of asking, with repeats", () =>
  withCollection(FIXTURES, ["g1.h5ad", "f1.h5ad"], {
    join: "outer",
    obsKeys: ["ct", "feat1"],
    dtype: "float32",
  }, async (collection) => {
    const indices = [4, 0, 2, 2, -1];
    const batch = await collection.getRows(indices);
    assertEquals(batch.indices, Int32Array.of(4, 0, 2, 2, 4));
    assertEquals(batch.storeIndices, Int32Array.of(1, 0, 0, 0, 1));
    const samples = [];
    for (const index of indices) samples.push(await collection.get(index));
    const expected = samples.map((sample) => valuesOf(sample));
    assertEquals(rowsOf(batch.layers["X"]!), expected);
    const csr = await collection.getRows(indices, { format: "csr" });
    assertEquals(rowsOf(csr.layers["X"]!), expected);
    // A store without the column has no label.
    assertEquals(batch.obs["feat1"], {
      isEncoded: true,
      codes: Int32Array.of(1, -(2 ** 31), -(2 ** 31), -(2 ** 31), 1),
      missing: Uint8Array.of(0, 1, 1, 1, 0),
    });
  }));

Deno.test("getRows() gives all layers, obsm and types that are asked for", () =>
  withCollection(FIXTURES, ["f1.h5ad", "f2.zarr"], {
    layersKeys: ["X", "layer1"],
    obsmKeys: "X_pca",
  }, async (collection) => {
    const batch = await collection.getRows([3, 0], {
      format: "csr",
      dtype: "uint8",
    });
    const { X, layer1 } = batch.layers;
    assertEquals(rowsOf(X!), [[4, 5, 8], [1, 2, 3]]);
    assertEquals(rowsOf(layer1!), [[4, 5, 8], [0, 2, 3]]);
    assertEquals(X!.data, Uint8Array.of(4, 5, 8, 1, 2, 3));
    assertEquals(batch.obsm["X_pca"], {
      format: "dense",
      shape: [2, 2],
      dtype: "uint8",
      data: Uint8Array.of(3, 4, 1, 2),
    });
  }));

Deno.test("getRows() takes the least type that holds all", () =>
  withTempFolder(async (folder) => {
    await makeCounts(`${folder}/batch`, ["G1"], [[70000]]);
    const typeOf = (names: string[], join: MappedCollectionOptions["join"]) =>
      withCollection("", names, { join }, async (collection) => {
        const { layers } = await collection.getRows([0]);
        return layers["X"]!.dtype;
      });
    const paths = [`${folder}/batch`, `${FIXTURES}/g1.h5ad`];
    assertEquals(await typeOf(paths.slice(0, 1), "inner"), "uint32");
    assertEquals(await typeOf(paths.slice(1), "inner"), "float32");
    assertEquals(await typeOf(paths, "outer"), "float64");
  }));

Deno.test("getRows() puts dense values into memory that is given", () =>
  withCollection(FIXTURES, ["g1.h5ad"], {}, async (collection) => {
    const X = new Float32Array(10).fill(-1);
    const { layers } = await collection.getRows([2, 1], { into: { X } });
    const { data } = layers["X"]!;
    assertStrictEquals(data.buffer, X.buffer);
    assertEquals([...data], [6, 7, 8, 3, 4, 5]);
    await collection.getRows([0], { into: { X } });
    assertEquals([...X.subarray(0, 4)], [0, 1, 2, 3]);
    const into = (X: RowNumbers, dtype?: RowType) => () =>
      collection.getRows([0], { into: { X }, dtype });
    await assertRejects(into(new Float64Array(3)), TypeError);
    await assertRejects(into(new Float32Array(2)), RangeError);
    const wide = new BigInt64Array(4).fill(-1n);
    await into(wide, "int64")();
    assertEquals(wide, BigInt64Array.of(0n, 1n, 2n, -1n));
  }));

Deno.test("getRows() stops where it is aborted", () =>
  withCollection(FIXTURES, ["g1.h5ad"], {}, async (collection) => {
    const signal = AbortSignal.abort(new Error("enough"));
    const read = () => collection.getRows([0], { signal });
    await assertRejects(read, Error, "enough");
  }));

Deno.test("getRows() says which rows do not go together", async () => {
  await withCollection(FIXTURES, ["f1.h5ad", "f2.zarr"], {
    layersKeys: ["X", "raw.X"],
  }, async (collection) => {
    const { layers } = await collection.getRows([0]);
    assertEquals(rowsOf(layers["raw.X"]!), [[8, 9, 10, 11]]);
    assertEquals(Object.keys((await collection.getRows([2])).layers), ["X"]);
    const mixed = () => collection.getRows([0, 2]);
    const { message } = await assertRejects(mixed, Error);
    assertStringIncludes(message, `raw.X of ${FIXTURES}/f2.zarr`);
  });
  await withTempFolder(async (folder) => {
    await makeCounts(`${folder}/batch`, ["G1", "G2"], [[7, 8]]);
    const paths = [`${folder}/batch`, `${FIXTURES}/g1.h5ad`];
    await withCollection("", paths, { join: null }, async (collection) => {
      const mixed = () => collection.getRows([0, 1]);
      await assertRejects(mixed, Error, "2 columns");
      const { layers } = await collection.getRows([1, 0], { format: "csr" });
      assertEquals(rowsOf(layers["X"]!), [[0, 1, 2], [7, 8, 0]]);
    });
  });
});

Deno.test("getRows() adds up repeated entries, in any order", async () => {
  const rows = [[2, 0, 4], [4, 300, 0], [0, 0, 0]];
  await withCollection(FIXTURES, ["repeats.h5ad"], {}, async (collection) => {
    for (const format of ["dense", "csr"] as const) {
      const { layers } = await collection.getRows([0, 1, 2], { format });
      assertEquals(rowsOf(layers["X"]!), rows);
      // Each of them fits, but not their sum.
      const read = () => collection.getRows([0, 1], { format, dtype: "uint8" });
      const { message } = await assertRejects(read, Error);
      assertStringIncludes(message, "row 1 add up to 300");
    }
  });
});

Deno.test("getRows() reads matrices that are stored by columns", async () => {
  const rows = [[300, 0, 1.5], [0, 2, 0], [0, 0, 7]];
  await withCollection(FIXTURES, ["odd.h5ad"], {}, async (collection) => {
    for (const format of ["dense", "csr"] as const) {
      const order = [2, 0, 1, 0];
      const { layers } = await collection.getRows(order, { format });
      assertEquals(rowsOf(layers["X"]!), order.map((row) => rows[row]));
    }
  });
  const options = { transposeBytes: 10 };
  await withCollection(FIXTURES, ["odd.h5ad"], options, async (collection) => {
    assertEquals(collection.shape, [3, 3]);
    const { message } = await assertRejects(() => collection.get(0), Error);
    assertStringIncludes(message, "transposeBytes, 10: store it by rows");
    assertStringIncludes(message, `${FIXTURES}/odd.h5ad`);
  });
});

Deno.test("getRows() names the file of a value that does not fit", () =>
  withTempFolder(async (folder) => {
    await makeCounts(`${folder}/batch`, ["G1", "G2"], [[3, 0], [300, 200]]);
    await withCollection(folder, ["batch"], {}, async (collection) => {
      for (const format of ["dense", "csr"] as const) {
        const fine = await collection.getRows([0], { format, dtype: "int8" });
        assertEquals(rowsOf(fine.layers["X"]!), [[3, 0]]);
        const read = (dtype: RowType) => () =>
          collection.getRows([0, 1], { format, dtype });
        const { message } = await assertRejects(read("uint8"), Error);
        assertStringIncludes(message, `${folder}/batch/gp.umis.mmm`);
        assertStringIncludes(message, "300, which does not fit uint8");
        await assertRejects(read("int8"), Error, "does not fit int8");
        const wide = await read("uint16")();
        assertEquals(rowsOf(wide.layers["X"]!), [[3, 0], [300, 200]]);
      }
    });
  }));

Deno.test("getRows() minds no value of a gene that the join leaves out", () =>
  withTempFolder(async (folder) => {
    const names = ["a", "b", "c"];
    const dense = { "X": { data: Float32Array.of(5, 999, 7), shape: [1, 3] } };
    const shape = { indptr: [0, 2], indices: [0, 1], data: [5, 999] };
    const { attributes, tree } = sparse("csr", [1, 3], shape);
    const { "X/data": _1, "X/indices": _2, "X/indptr": _3, ...rest } = tree;
    const genes = { "var/_index": names };
    await writeH5ad(`${folder}/0.h5ad`, {
      tree: { ...rest, ...genes, ...dense },
    });
    await writeH5ad(`${folder}/1.h5ad`, {
      tree: { ...tree, ...genes },
      attributes: attributes!,
    });
    await writeH5ad(`${folder}/2.h5ad`, {
      tree: { ...tree, "var/_index": ["a", "x", "c"] },
      attributes: attributes!,
    });
    const paths = ["0.h5ad", "1.h5ad", "2.h5ad"];
    const options = { dtype: "uint8" } as const;
    await withCollection(folder, paths, options, async (collection) => {
      assertEquals(collection.varJoint, ["a", "c"]);
      for (const format of ["dense", "csr"] as const) {
        const { layers } = await collection.getRows([0, 1], { format });
        assertEquals(rowsOf(layers["X"]!), [[5, 7], [5, 0]]);
      }
    });
    await withCollection(folder, ["0.h5ad"], options, async (collection) => {
      await assertRejects(() => collection.get(0), Error, "999");
    });
  }));

Deno.test("getRows() says which format or type there is not", () =>
  withCollection(FIXTURES, ["g1.h5ad"], {}, async (collection) => {
    const format = "coo" as "csr";
    const dtype = "f4" as "float32";
    const wrong = [{ format }, { dtype }];
    for (const options of wrong) {
      await assertRejects(() => collection.getRows([0], options), TypeError);
    }
  }));

Deno.test("getRows() reads all kinds of containers", () =>
  withTempFolder(async (folder) => {
    const names = ["A", "B", "C", "D"];
    const first = [[1, 0, 300, 0], [0, 2, 0, 70000], [5, 6, 7, 8]];
    const second = [[9, 0, 0, 1], [0, 0, 0, 0]];
    const genes = `${folder}/one/genes`;
    await makeCounts(`${folder}/one`, names, first);
    await makeCounts(`${folder}/two`, names, second);
    Deno.removeSync(`${folder}/two/genes`, { recursive: true });
    const yaml = `${folder}/two/profiles.yaml`;
    const text = Deno.readTextFileSync(yaml);
    Deno.writeTextFileSync(
      yaml,
      text.replace("genes: genes", `genes: ${genes}`),
    );
    await createCollection(`${folder}/both`, [
      { name: "one", path: `${folder}/one` },
      { name: "two", path: `${folder}/two` },
    ]);
    {
      using both = await Profiles.load(`${folder}/both`);
      await createView(`${folder}/view`, both, {
        profileIndices: [4, 3, 1, 0],
        geneIndices: [1, 2, 3],
      });
      await sumGroups(both, `${folder}/sums`, {
        groupIndices: Int32Array.of(0, 1, 0, 1, -1),
        names: ["x", "y"],
      });
    }
    const expected: Record<string, number[][]> = {
      one: first,
      both: [...first, ...second],
      view: [[0, 0, 0], [0, 0, 1], [2, 0, 70000], [0, 300, 0]],
      sums: [[6, 6, 307, 8], [9, 2, 0, 70001]],
    };
    for (const [name, rows] of Object.entries(expected)) {
      using collection = await MappedCollection.open(`${folder}/${name}`);
      assertEquals(collection.shape, [rows.length, rows[0]!.length]);
      const order = rows.map((_, at) => rows.length - 1 - at);
      for (const format of ["dense", "csr"] as const) {
        const { layers } = await collection.getRows(order, { format });
        assertEquals(rowsOf(layers["X"]!), rows.toReversed());
      }
    }
    // With genes that go elsewhere, and back to front.
    const paths = [`${folder}/view`, `${FIXTURES}/f3.h5ad`, `${folder}/sums`];
    using mixed = await MappedCollection.open(paths);
    assertEquals(mixed.varJoint, ["B", "C"]);
    const all = (await samplesOf(mixed)).map((one) => valuesOf(one));
    const joined = [
      [0, 0],
      [0, 0],
      [2, 0],
      [0, 300],
      [2, 5],
      [5, 8],
      [6, 307],
      [2, 0],
    ];
    assertEquals(all, joined);
    const indices = [7, 2, 5, 3];
    const { layers } = await mixed.getRows(indices, { format: "csr" });
    assertEquals(rowsOf(layers["X"]!), indices.map((at) => joined[at]));
  }));

Deno.test("getRows() reads counts through a map that turns genes around", () =>
  withTempFolder(async (folder) => {
    await makeCounts(`${folder}/batch`, ["A", "B", "C"], [[300, 0, 2], [
      0,
      1,
      600,
    ]]);
    const { tree } = sparse("csr", [1, 3], {
      indptr: [0, 2],
      indices: [2, 0],
      data: [5, 6],
    });
    const file = { ...tree, "var/_index": ["C", "A", "X"] };
    await writeH5ad(`${folder}/file.h5ad`, {
      tree: file,
      attributes: { X: { "encoding-type": "csr_matrix", shape: [1, 3] } },
    });
    const names = ["file.h5ad", "batch"];
    for (const cacheBytes of [0, 2 ** 28]) {
      await withCollection(
        folder,
        names,
        { cacheBytes },
        async (collection) => {
          assertEquals(collection.varJoint, ["C", "A"]);
          for (const format of ["dense", "csr"] as const) {
            const { layers } = await collection.getRows([2, 0, 1], { format });
            assertEquals(rowsOf(layers["X"]!), [[600, 0], [6, 0], [2, 300]]);
          }
        },
      );
    }
  }));

/** The files of a folder, by their paths in it. */
function filesOf(folder: string, path = ""): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const { isDirectory, name } of Deno.readDirSync(folder)) {
    const place = `${folder}/${name}`;
    if (isDirectory) Object.assign(files, filesOf(place, `${path}${name}/`));
    else files[path + name] = Deno.readFileSync(place);
  }
  return files;
}

Deno.test("getRows() reads zips of zarr folders", () =>
  withTempFolder(async (folder) => {
    const zip = zipSync(filesOf(`${FIXTURES}/f2.zarr`));
    Deno.writeFileSync(`${folder}/f2.zarr.zip`, zip);
    const keys = { obsKeys: "feat1", obsmKeys: "X_pca" };
    await withCollection(folder, ["f2.zarr.zip"], keys, async (zipped) => {
      await withCollection(FIXTURES, ["f2.zarr"], keys, async (plain) => {
        assertEquals(await samplesOf(zipped), await samplesOf(plain));
      });
    });
  }));

Deno.test("getRows() reads compressed chunks, whatever is kept of them", () =>
  withTempFolder(async (folder) => {
    const random = (seed: number) => (Math.imul(seed, 2654435761) >>> 8) % 97;
    const rows = Array.from(
      { length: 60 },
      (_, row) =>
        Array.from({ length: 9 }, (_, gene) => {
          const value = random(row * 9 + gene + 1);
          return value > 60 ? value : 0;
        }),
    );
    const entries = rows.flatMap((row, at) =>
      row.flatMap((value, gene) => value === 0 ? [] : [[at, gene, value]])
    );
    const indptr = [
      0,
      ...rows.map((_, row) => entries.filter(([at]) => at! <= row).length),
    ];
    const { attributes, tree } = sparse("csr", [60, 9], {
      indptr,
      indices: [],
      data: [],
    });
    const chunked = { chunks: [16], gzip: 4 };
    const data = Float32Array.from(entries, ([, , value]) => value!);
    const indices = Int32Array.from(entries, ([, gene]) => gene!);
    await writeH5ad(`${folder}/sparse.h5ad`, {
      tree: {
        ...tree,
        "X/data": { data, shape: [data.length], ...chunked },
        "X/indices": { data: indices, shape: [data.length], ...chunked },
      },
      attributes: attributes!,
    });
    const { "X/data": _1, "X/indices": _2, "X/indptr": _3, ...rest } = tree;
    const all = Float32Array.from(rows.flat());
    await writeH5ad(`${folder}/dense.h5ad`, {
      tree: {
        ...rest,
        X: { data: all, shape: [60, 9], chunks: [7, 4], gzip: 4 },
      },
    });
    const orders = [
      rows.map((_, at) => at),
      rows.map((_, at) => (at * 23) % 60),
      [59, 0, 0, 30, 31, 29, 5],
    ];
    for (const name of ["sparse.h5ad", "dense.h5ad"]) {
      for (const cacheBytes of [0, 200, 2 ** 28]) {
        const open = { cacheBytes };
        await withCollection(folder, [name], open, async (collection) => {
          for (const order of orders) {
            for (const format of ["dense", "csr"] as const) {
              const { layers } = await collection.getRows(order, { format });
              const expected = order.map((at) => rows[at]);
              assertEquals(rowsOf(layers["X"]!), expected);
            }
          }
        });
      }
    }
  }));

Deno.test("getRows() can be called again before it ends", () =>
  withTempFolder(async (folder) => {
    const counts = Array.from(
      { length: 40 },
      (_, row) => [row + 1, 0, 300 + row],
    );
    await makeCounts(`${folder}/batch`, ["G1", "G2", "G3"], counts);
    const paths = [`${folder}/batch`, `${FIXTURES}/g1.h5ad`];
    for (const cacheBytes of [0, 2 ** 28]) {
      const options = { join: null, cacheBytes };
      await withCollection("", paths, options, async (collection) => {
        const rows = [...counts, [0, 1, 2], [3, 4, 5], [6, 7, 8]];
        const lists = Array.from(
          { length: 30 },
          (_, at) => [at, 42 - at, (at * 7) % 43],
        );
        const batches = await Promise.all(
          lists.map((list, at) =>
            collection.getRows(list, { format: at % 2 ? "csr" : "dense" })
          ),
        );
        batches.forEach(({ layers }, at) => {
          const expected = lists[at]!.map((index) => rows[index]);
          assertEquals(rowsOf(layers["X"]!), expected);
        });
      });
    }
  }));

Deno.test("getRows() gives what was written, for any matrix and rows", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.array(fc.oneof(fc.constant(0), fc.nat(700)), {
          minLength: 5,
          maxLength: 5,
        }),
        { minLength: 1, maxLength: 12 },
      ),
      fc.array(fc.nat(1000), { maxLength: 20 }),
      fc.boolean(),
      async (counts, wanted, isKept) => {
        const indices = wanted.map((at) => at % counts.length);
        await withTempFolder(async (folder) => {
          const names = ["A", "B", "C", "D", "E"];
          await makeCounts(`${folder}/batch`, names, counts);
          const cacheBytes = isKept ? 2 ** 28 : 0;
          await withCollection(
            folder,
            ["batch"],
            { cacheBytes },
            async (collection) => {
              for (const format of ["dense", "csr"] as const) {
                const batch = await collection.getRows(indices, { format });
                assertEquals(
                  rowsOf(batch.layers["X"]!),
                  indices.map((at) => counts[at]),
                );
              }
            },
          );
        });
      },
    ),
    { numRuns: 25 },
  ));
