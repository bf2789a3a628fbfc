/** Batches of groups of rows that can't be read as a whole. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { Loader } from "../../../src/mapped/loader/loader.ts";
import { MappedCollection } from "../../../src/mapped/mapped_collection.ts";
import type { MappedCollectionOptions } from "../../../src/mapped/collection_options.ts";
import { BlockShuffleSampler } from "../../../src/mapped/samplers/block_shuffle.ts";
import { withTempFolder } from "../../helpers.ts";
import { writeH5ad } from "../../imports/_h5ad.ts";
import { sparse } from "../_collections.ts";

/** 8 sparse rows, of which the one has a value that is no byte. */
async function writeRows(path: string, wrong: number): Promise<void> {
  const parts = {
    indptr: Array.from({ length: 9 }, (_, row) => row),
    indices: new Array<number>(8).fill(1),
    data: Array.from({ length: 8 }, (_, row) => row === wrong ? 300 : row + 1),
  };
  const { tree, attributes } = sparse("csr", [8, 50], parts);
  const layer = Object.entries(tree).filter(([name]) => name.startsWith("X"))
    .map(([name, data]) => [`layers/${name.replace("X", "l")}`, data]);
  await writeH5ad(path, {
    tree: { ...tree, ...wrong < 0 ? Object.fromEntries(layer) : {} },
    attributes: {
      ...attributes,
      ...wrong < 0 ? { "layers/l": attributes!["X"]! } : {},
    },
  });
}

/** Goes through blocks, row by row, up to an error. */
async function readRows(
  paths: readonly string[],
  options: MappedCollectionOptions,
  workers: number,
): Promise<{ readonly rows: number[]; readonly error: unknown }> {
  using cells = await MappedCollection.open(paths, options);
  const sampler = new BlockShuffleSampler(cells.length, {
    batchSize: 1,
    blockSize: 4,
    bufferBlocks: 4,
    lanes: 1,
  });
  await using loader = new Loader(cells, sampler, {
    workers,
    readHere: false,
  });
  const rows: number[] = [];
  try {
    for await (const { indices } of loader) rows.push(indices[0]!);
  } catch (error) {
    return { rows, error };
  }
  return { rows, error: undefined };
}

for (const workers of [0, 1]) {
  Deno.test(`Loader gives batches whose blocks do not go together, with ${workers} workers`, () =>
    withTempFolder(async (folder) => {
      const paths = ["1.h5ad", "2.h5ad"].map((name) => `${folder}/${name}`);
      await writeRows(paths[0]!, -1);
      await writeRows(paths[1]!, 8);
      const keys = { layersKeys: ["X", "l"] };
      const { error, rows } = await readRows(paths, keys, workers);
      assertEquals([error, rows.length], [undefined, 16]);
    }));

  Deno.test(`Loader tells an error at its place in a block, with ${workers} workers`, () =>
    withTempFolder(async (folder) => {
      const path = `${folder}/1.h5ad`;
      const order = await (async () => {
        await writeRows(path, -1);
        return (await readRows([path], { dtype: "uint8" }, workers)).rows;
      })();
      Deno.removeSync(path);
      await writeRows(path, order[5]!);
      const { error, rows } = await readRows(
        [path],
        { dtype: "uint8" },
        workers,
      );
      assertEquals(rows, order.slice(0, 5));
      assertStringIncludes(`${error}`, "is 300, which does not fit uint8");
      assertStringIncludes(`${error}`, path);
    }));
}
