/** Collections of real files. */
import { assert, assertEquals } from "@std/assert";
import { importBatch } from "../../src/imports/import_batch.ts";
import { MappedCollection } from "../../src/mapped/mapped_collection.ts";
import { dataTest } from "../data.ts";
import { withTempFolder } from "../helpers.ts";

const PBMC = ["pbmc3k.h5ad", "pbmc3k_v2.zarr", "pbmc3k_v3.zarr"];

dataTest(
  "MappedCollection gives the same rows of every format (real data)",
  (data) =>
    withTempFolder(async (folder) => {
      const paths = PBMC.map((name) => `${data}/pbmc3k/${name}`);
      await importBatch(paths[0]!, `${folder}/batch`);
      paths.push(`${folder}/batch`);
      using collection = await MappedCollection.open(paths, {
        obsKeys: "classified",
        dtype: "float32",
        join: null,
      });
      const { length } = collection;
      assertEquals(length, 4 * 2700);
      const cells = [2699, 0, 17, 1000, 18];
      const read = async (store: number, format: "dense" | "csr") =>
        await collection.getRows(cells.map((at) => store * 2700 + at), {
          format,
        });
      for (const format of ["dense", "csr"] as const) {
        const first = await read(0, format);
        for (const store of [1, 2]) {
          const { layers, obs } = await read(store, format);
          assertEquals(layers, first.layers);
          assertEquals(obs, first.obs);
        }
      }
      // The genes of a container are in another order.
      const totals = async (store: number) => {
        const { layers, obs } = await read(store, "csr");
        const { data, indptr } = layers["X"] as {
          data: Float32Array;
          indptr: Int32Array;
        };
        const sums = cells.map((_, at) =>
          data.subarray(indptr[at], indptr[at + 1]).reduce((a, b) => a + b, 0)
        );
        return { sums, obs };
      };
      assertEquals(await totals(3), await totals(0));
    }),
);

dataTest(
  "MappedCollection joins the genes of a container and its source (real data)",
  (data) =>
    withTempFolder(async (folder) => {
      const source = `${data}/pbmc3k/pbmc3k.h5ad`;
      // The index of its genes is their ids.
      await importBatch(source, `${folder}/batch`, { geneNames: "id" });
      using collection = await MappedCollection.open(
        [`${folder}/batch`, source],
        { dtype: "uint16", join: "inner" },
      );
      assert(collection.varJoint!.length > 32000);
      const both = await collection.getRows([5, 2705, 2699, 5399]);
      const { data: values, shape } = both.layers["X"]!;
      const [, width] = shape;
      const row = (at: number) => values.subarray(at * width, (at + 1) * width);
      assertEquals(row(0), row(1));
      assertEquals(row(2), row(3));
      assert((row(0) as Uint16Array).some((count) => count > 0));
    }),
);

dataTest(
  "MappedCollection takes categories of the oldest files (real data)",
  async (data) => {
    const path = `${data}/pbmc68k_reduced/anndata_0.5_compound.h5ad`;
    using collection = await MappedCollection.open(path, {
      layersKeys: ["X", "raw.X"],
      obsKeys: ["bulk_labels", "louvain"],
      obsmKeys: ["X_pca"],
    });
    assertEquals(collection.shape, [700, 765]);
    const categories = await collection.getMergedCategories("bulk_labels");
    assertEquals(categories.length, 10);
    const weights = await collection.getLabelWeights("bulk_labels");
    const sum = weights.reduce((all, weight) => all + weight, 0);
    assert(Math.abs(sum - 10) < 1e-9);
    const sample = await collection.get(-1);
    assertEquals((sample["obsm_X_pca"] as Float32Array).length, 50);
  },
);
