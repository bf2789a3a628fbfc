/** Loaders of collections, whose files change, vanish or are cut off. */
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { Loader } from "../../../src/mapped/loader/loader.ts";
import { MappedCollection } from "../../../src/mapped/mapped_collection.ts";
import { BlockShuffleSampler } from "../../../src/mapped/samplers/block_shuffle.ts";
import {
  RandomSampler,
  SequentialSampler,
} from "../../../src/mapped/samplers/plain.ts";
import { StratifiedSampler } from "../../../src/mapped/samplers/stratified.ts";
import { WeightedSampler } from "../../../src/mapped/samplers/weighted.ts";
import { withTempFolder } from "../../helpers.ts";
import { countOf, makeCells } from "../_cells.ts";
import { writeH5ad } from "../../imports/_h5ad.ts";
import { FIXTURES, sparse } from "../_collections.ts";

const GENES = 50;

/** What happens to a file. */
const HARMS: Readonly<Record<string, (path: string) => void>> = {
  "vanishes": (path) => Deno.removeSync(path),
  "is cut off": (path) => Deno.truncateSync(path, 90),
  "is written to": (path) => {
    const bytes = Deno.readFileSync(path);
    Deno.removeSync(path);
    Deno.writeFileSync(path, bytes);
  },
};

for (const workers of [0, 2]) {
  Deno.test(`Loader gives blocks of h5ad rows that get larger, with ${workers} workers`, async () => {
    await withTempFolder(async (folder) => {
      const paths = await writeGrowing(folder);
      using cells = await MappedCollection.open(paths);
      const sampler = new BlockShuffleSampler(cells.length, {
        batchSize: 4,
        blockSize: 4,
        bufferBlocks: 4,
        lanes: 2,
        seed: 1,
      });
      for (const format of ["dense", "csr"] as const) {
        // Another type than that of the file.
        const dtype = format === "csr" ? "int32" : undefined;
        await using loader = new Loader(cells, sampler, {
          dtype,
          format,
          reuse: true,
          workers,
          readHere: false,
        });
        for await (const { indices, layers } of loader.epochs(3)) {
          const wanted = await cells.getRows(indices, { dtype, format });
          assertEquals(layers, wanted.layers);
        }
      }
    });
  });

  Deno.test(`Loader gives the cells of containers with ${workers} workers`, async () => {
    await withCells([30, 25], async (paths) => {
      using cells = await MappedCollection.open(paths, { obsKeys: "type" });
      const labels = await cells.getMergedLabels("type");
      const options = { batchSize: 7, seed: 3 };
      const samplers = [
        new RandomSampler(cells.length, options),
        new BlockShuffleSampler(cells.length, { ...options, blockSize: 4 }),
        new StratifiedSampler(labels, options),
        new WeightedSampler(await cells.getLabelWeights("type"), options),
      ];
      for (const sampler of samplers) {
        await using loader = new Loader(cells, sampler, {
          dtype: "float32",
          reuse: true,
          workers,
          readHere: false,
        });
        let count = 0;
        for await (const { indices, layers, number, obs } of loader) {
          const wanted = await cells.getRows(indices, { dtype: "float32" });
          assertEquals(layers, wanted.layers);
          assertEquals(obs, wanted.obs);
          assertEquals(number, count++);
          assertEquals(layers["X"]!.data[3], countOf(indices[0]! % 30, 3));
        }
        assertEquals(count, 8);
      }
    });
  });

  for (const [what, harm] of Object.entries(HARMS)) {
    Deno.test(`Loader ends when a file ${what}, with ${workers} workers`, async () => {
      await withCells([40, 40], async (paths) => {
        using cells = await MappedCollection.open(paths);
        const sampler = new SequentialSampler(80, { batchSize: 4 });
        const options = { workers, readHere: false };
        await using loader = new Loader(cells, sampler, options);
        const path = `${paths[1]}/gp.umis.mmm`;
        const error = await withDeadline(assertRejects(async () => {
          for await (const { number } of loader) {
            if (number === 3) harm(path);
            assert(number < 12, "rows of the file come after it is gone");
          }
        }, Error));
        assertStringIncludes(error.message, path);
        await assertRejects(() => Array.fromAsync(loader), Error, path);
      });
    });
  }

  for (const [what, harm] of Object.entries(HARMS)) {
    Deno.test(`Loader of blocks ends when an h5ad file ${what}, with ${workers} workers`, async () => {
      await withTempFolder(async (folder) => {
        const path = `${folder}/f1.h5ad`;
        Deno.copyFileSync(`${FIXTURES}/f1.h5ad`, path);
        using cells = await MappedCollection.open(path);
        const { length } = cells;
        const sampler = new BlockShuffleSampler(length, { batchSize: 1 });
        await using loader = new Loader(cells, sampler, { workers });
        const error = await withDeadline(assertRejects(async () => {
          for await (const { epoch, number } of loader.epochs(50)) {
            if (epoch === 2 && number === 1) harm(path);
            assert(epoch < 4, "rows of the file come after it is gone");
          }
        }, Error));
        assertStringIncludes(error.message, path);
      });
    });
  }

  Deno.test(`Loader sees a file that changed before it started, with ${workers} workers`, async () => {
    await withCells([40], async ([path]) => {
      using cells = await MappedCollection.open(path!);
      HARMS["is written to"]!(`${path}/gp.umis.mmm`);
      const sampler = new SequentialSampler(40, { batchSize: 4 });
      await using loader = new Loader(cells, sampler, { workers });
      const reading = assertRejects(() => Array.fromAsync(loader), Error, path);
      await withDeadline(reading);
    });
  });
}

async function withCells(
  counts: readonly number[],
  run: (paths: readonly string[]) => Promise<void>,
): Promise<void> {
  await withTempFolder(async (folder) => {
    const paths = counts.map((_, at) => `${folder}/cells${at}`);
    for (const [at, path] of paths.entries()) {
      await makeCells(path, counts[at]!, GENES);
    }
    await run(paths);
  });
}

/** Fails rather than waits for ever. */
async function withDeadline<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("It hangs")), 8000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Two files of 60 cells, each with more entries than the one before. */
async function writeGrowing(folder: string): Promise<string[]> {
  const paths = [`${folder}/a.h5ad`, `${folder}/b.h5ad`];
  for (const [number, path] of paths.entries()) {
    const indptr = [0];
    const indices: number[] = [];
    for (let row = 0; row < 60; row++) {
      // Every other file has columns that do not ascend.
      const columns = Array.from({ length: 1 + row }, (_, at) => at);
      indices.push(...number === 0 ? columns : columns.reverse());
      indptr.push(indices.length);
    }
    const data = indices.map((column, at) => (column + at) % 5);
    await writeH5ad(
      path,
      sparse("csr", [60, 400], { indptr, indices, data }),
    );
  }
  return paths;
}
