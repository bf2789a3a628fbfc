/** Collections over time: closing, workers, files that change. */
import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import process from "node:process";
import { MOST_OPEN } from "../../src/io/open_descriptors.ts";
import { MappedCollection } from "../../src/mapped/mapped_collection.ts";
import { withTempFolder } from "../helpers.ts";
import {
  copyStore,
  FIXTURES,
  makeCounts,
  samplesOf,
  withCollection,
} from "./_collections.ts";

const F12 = [`${FIXTURES}/f1.h5ad`, `${FIXTURES}/f2.zarr`];

Deno.test("MappedCollection.close() can be called twice; reading then fails", async () => {
  const collection = await MappedCollection.open(F12, { obsKeys: "feat1" });
  assertFalse(collection.closed);
  collection.close();
  collection.close();
  assert(collection.closed);
  const message = `Cannot read the collection of ${F12[0]} and 1 more: ` +
    "it is closed";
  const reads = [
    () => collection.get(0),
    () => collection.getRows([0]),
    () => samplesOf(collection),
    () => collection.getRows([]),
    () => collection.getMergedLabels("feat1"),
    () => collection.getMergedCategories("feat1"),
    () => collection.getLabelWeights("feat1"),
    () => collection.checkVarsSorted(),
    () => collection.checkVarsNonAligned([]),
  ];
  for (const read of reads) await assertRejects(read, Error, message);
  assertEquals(collection.shape, [4, 3]);
  const empty = await MappedCollection.open(`${FIXTURES}/empty.h5ad`);
  empty.close();
  await assertRejects(() => samplesOf(empty), Error, "it is closed");
});

Deno.test("MappedCollection holds nothing open where it is parallel", async () => {
  const options = { obsKeys: "feat1", parallel: true };
  using collection = await MappedCollection.open(F12, options);
  assert(collection.parallel);
  const before = await samplesOf(collection);
  collection.close();
  assertEquals(await samplesOf(collection), before);
  using plain = await MappedCollection.open(F12, { obsKeys: "feat1" });
  assertEquals(await samplesOf(plain), before);
});

Deno.test("MappedCollection.openInWorker() opens the same in a worker", async () => {
  using collection = await MappedCollection.open(F12, {
    obsKeys: ["feat1", "feat2"],
    obsFilter: { feat1: ["B", null] },
    unknownLabel: { feat2: "B" },
    parallel: true,
  });
  const module = new URL(
    "../../src/mapped/mapped_collection.ts",
    import.meta.url,
  );
  const source = `
    import { MappedCollection } from "${module}";
    self.onmessage = async ({ data }) => {
      using collection = await MappedCollection.openInWorker(data);
      const samples = [];
      for await (const sample of collection) samples.push(sample);
      self.postMessage({ samples, encoders: collection.encoders });
    };`;
  const url = URL.createObjectURL(
    new Blob([source], { type: "text/javascript" }),
  );
  const worker = new Worker(url, { type: "module" });
  const answer = new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
  });
  worker.postMessage(collection.share());
  try {
    assertEquals(await answer, {
      samples: await samplesOf(collection),
      encoders: collection.encoders,
    });
  } finally {
    worker.terminate();
    URL.revokeObjectURL(url);
  }
});

/** What is done to files, and which of them. */
const CHANGES: Readonly<Record<string, (path: string) => void>> = {
  "is removed": (path) => Deno.removeSync(path),
  "is cut off": (path) => Deno.truncateSync(path, 100),
  "grows": (path) =>
    Deno.writeFileSync(path, new Uint8Array(8), { append: true }),
  "is written to": (path) => {
    const { mtime } = Deno.statSync(path);
    const later = new Date(mtime!.getTime() + 2000);
    Deno.utimeSync(path, later, later);
  },
};

for (const [what, change] of Object.entries(CHANGES)) {
  Deno.test(`MappedCollection names a file that ${what} after opening`, () =>
    withTempFolder(async (folder) => {
      copyStore(F12[0]!, `${folder}/f1.h5ad`);
      copyStore(F12[1]!, `${folder}/f2.zarr`);
      await makeCounts(`${folder}/batch`, ["MYC", "TCF7"], [[1, 2]]);
      const changed: Record<string, string> = {
        "f1.h5ad": "f1.h5ad",
        "f2.zarr": "f2.zarr/X/.zgroup",
        "batch": "batch/gp.umis.mmm",
      };
      for (const [name, file] of Object.entries(changed)) {
        const path = `${folder}/${name}`;
        for (const parallel of [false, true]) {
          const place = `${folder}/${file}`;
          const copy = Deno.readFileSync(place);
          using collection = await MappedCollection.open(path, { parallel });
          if (what !== "is removed") await collection.get(0);
          change(place);
          const target = name === "f2.zarr" ? path : place;
          for (
            const read of [
              () => collection.get(0),
              () => collection.getRows([0], { format: "csr" }),
            ]
          ) {
            const { message } = await assertRejects(read, Error);
            assertStringIncludes(message, target);
          }
          const shared = collection.share();
          const open = () => MappedCollection.openInWorker(shared);
          await assertRejects(open, Error, "changed since it was opened");
          Deno.writeFileSync(place, copy);
        }
      }
    }));
}

Deno.test("MappedCollection notices a chunk of a zarr folder that is gone", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/f2.zarr`;
    copyStore(F12[1]!, path);
    await withCollection(folder, ["f2.zarr"], {}, async (collection) => {
      Deno.removeSync(`${path}/X/data/0`);
      const { message } = await assertRejects(() => collection.get(0), Error);
      assertStringIncludes(message, `${path}/X/data`);
    });
  }));

Deno.test("MappedCollection notices that labels changed before they are read", () =>
  withTempFolder(async (folder) => {
    copyStore(F12[1]!, `${folder}/f2.zarr`);
    await makeCounts(`${folder}/batch`, ["A"], [[1], [2]], { id: ["x", "y"] });
    const changes: [store: string, key: string, change: () => void][] = [
      // Without a chunk all codes would be 0.
      [
        "f2.zarr",
        "feat2",
        () => Deno.removeSync(`${folder}/f2.zarr/obs/feat2/codes/0`),
      ],
      [
        "batch",
        "id",
        () => Deno.writeTextFileSync(`${folder}/batch/p.id.txt`, "x\nother\n"),
      ],
    ];
    for (const [store, key, change] of changes) {
      const path = `${folder}/${store}`;
      using held = await MappedCollection.open(path);
      using shared = await MappedCollection.open(path, { parallel: true });
      using cached = await MappedCollection.open(path, { obsKeys: key });
      const labels = await cached.getMergedLabels(key);
      change();
      for (const collection of [held, shared]) {
        const read = () => collection.getMergedLabels(key);
        const { message } = await assertRejects(read, Error);
        assertStringIncludes(message, path);
        assertStringIncludes(message, "changed since it was opened");
      }
      assertEquals(await cached.getMergedLabels(key), labels);
    }
  }));

Deno.test("MappedCollection opens without a look at the values of X", () =>
  withTempFolder(async (folder) => {
    copyStore(F12[1]!, `${folder}/f2.zarr`);
    Deno.writeTextFileSync(`${folder}/f2.zarr/X/data/0`, "damaged");
    Deno.writeTextFileSync(`${folder}/f2.zarr/X/indices/0`, "damaged");
    await makeCounts(`${folder}/batch`, ["MYC", "TCF7"], [[1, 2]]);
    const matrix = `${folder}/batch/gp.umis.mmm`;
    const bytes = Deno.readFileSync(matrix);
    bytes[56] = 255;
    Deno.writeFileSync(matrix, bytes);
    const paths = [`${folder}/f2.zarr`, `${folder}/batch`];
    using collection = await MappedCollection.open(paths, {
      obsKeys: "feat1",
    });
    assertEquals(collection.shape, [3, 2]);
    assertEquals(await collection.getMergedLabels("feat1"), ["A", "B", null]);
    for (const [index, path] of [[0, paths[0]], [2, matrix]] as const) {
      const { message } = await assertRejects(
        () => collection.get(index),
        Error,
      );
      assertStringIncludes(message, path!);
    }
  }));

Deno.test("MappedCollection of 200 files keeps few open", () =>
  withTempFolder(async (folder) => {
    const names = Array.from({ length: 200 }, (_, at) => `${at}.h5ad`);
    for (const name of names) copyStore(F12[0]!, `${folder}/${name}`);
    const before = countOpen();
    const start = process.cpuUsage();
    await withCollection(folder, names, {
      obsKeys: "feat1",
    }, async (collection) => {
      const { system, user } = process.cpuUsage(start);
      const seconds = (system + user) / 1e6;
      // It takes a second, of the processor too, where nobody else computes.
      assert(seconds < 6, `it took ${seconds} s`);
      assertEquals(collection.shape, [400, 3]);
      const labels = await collection.getMergedLabels("feat1");
      assertEquals(labels.length, 400);
      const every = Array.from({ length: 400 }, (_, at) => 399 - at);
      const { layers } = await collection.getRows(every);
      assertEquals(layers["X"]!.data[0], 4);
      const open = countOpen() - before;
      assert(open <= MOST_OPEN + 2, `${open} are open`);
    });
  }));

/** Only Linux can tell; elsewhere nothing is found to be wrong. */
function countOpen(): number {
  try {
    return [...Deno.readDirSync("/proc/self/fd")].length;
  } catch {
    return 0;
  }
}
