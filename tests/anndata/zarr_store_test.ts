import {
  assert,
  assertEquals,
  assertLess,
  assertRejects,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { zipSync } from "fflate";
import { existsSync } from "node:fs";
import { gzipSync, zstdCompressSync } from "node:zlib";
import type { NodeStore } from "../../src/anndata/nodes.ts";
import { openZarrStore } from "../../src/anndata/zarr_store.ts";
import { countDescriptors, MOST_OPEN } from "../../src/io/open_descriptors.ts";
import { dataTest } from "../data.ts";
import { withTempFolder } from "../helpers.ts";
import {
  arrayAt,
  assertArrays,
  storeBytes,
  unzipTo,
  walkStore,
} from "./_stores.ts";

const NAMES = ["v2", "v3"] as const;

/** Unpacks a store to a folder. */
function withFolder(
  name: "v2" | "v3",
  use: (path: string) => Promise<void>,
): Promise<void> {
  return withTempFolder(async (folder) => {
    const path = `${folder}/store.zarr`;
    unzipTo(storeBytes(name), path);
    await use(path);
  });
}

for (const name of NAMES) {
  Deno.test(`openZarrStore() reads a folder: ${name}`, () =>
    withFolder(name, async (path) => {
      using store = await openZarrStore(path);
      assertEquals(store.format, `zarr ${name}`);
      await assertArrays(store, name);
    }));

  Deno.test(`openZarrStore() reads a zip file: ${name}`, () =>
    withTempFolder(async (folder) => {
      const path = `${folder}/store.zarr.zip`;
      Deno.writeFileSync(path, storeBytes(name));
      using store = await openZarrStore(path);
      await assertArrays(store, name);
    }));

  Deno.test(`openZarrStore() reads attributes and names: ${name}`, () =>
    withFolder(name, async (path) => {
      using store = await openZarrStore(path);
      const group = await store.root.get("attributes");
      // What is nested is left out.
      assertEquals(await group?.attributes(), {
        float: 0.5,
        int: -3,
        list: ["a", ""],
        none: null,
        text: "é",
        true: true,
      });
      const plain = await store.root.get("plain");
      assert(plain?.kind === "group");
      assertEquals((await plain.keys()).slice(0, 4), ["f2", "f4", "f8", "i1"]);
      assertEquals((await plain.get("/i4/"))?.path, "plain/i4");
      for (const none of ["none", "..", "../plain", "i4/0", "i4/c/0", "."]) {
        assertEquals(await plain.get(none), undefined, none);
      }
      const grid = await arrayAt(store, "grid");
      assertEquals(grid.chunks, [3, 2]);
      await assertRejects(() => grid.readNumbers(3, 8), RangeError, "3 to 8");
      await assertRejects(() => grid.readTexts(0, 1), Error, "holds int32");
    }));
}

Deno.test("openZarrStore() reads a folder in a zip file", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/store.zip`;
    const json = `{"zarr_format": 2}`;
    const content = new TextEncoder().encode(json);
    Deno.writeFileSync(
      path,
      zipSync({
        "top.zarr/.zgroup": content,
        "top.zarr/inner/.zgroup": content,
        "__MACOSX/x": content,
      }),
    );
    using store = await openZarrStore(path);
    assertEquals(await store.root.keys(), ["inner"]);
    assertEquals((await store.root.get("inner"))?.path, "inner");
  }));

Deno.test("openZarrStore() reads consolidated metadata where there are no others", () =>
  withFolder("v2", async (path) => {
    const remove = (folder: string) => {
      for (const { isDirectory, name } of Deno.readDirSync(folder)) {
        if (isDirectory) remove(`${folder}/${name}`);
        else if (/^\.z(group|array|attrs)$/.test(name)) {
          Deno.removeSync(`${folder}/${name}`);
        }
      }
    };
    remove(path);
    using store = await openZarrStore(path);
    await assertArrays(store, "v2");
    const plain = await store.root.get("plain");
    assert(plain?.kind === "group");
    assertEquals((await plain.keys()).length, 11);
  }));

const ODD: Readonly<Record<"v2" | "v3", Readonly<Record<string, string>>>> = {
  v2: {
    "odd/bz2": "its codec bz2 can not be decoded",
    "odd/delta": "its codec delta can not be decoded",
    "odd/pickle": "its values are objects, packed by pickle",
  },
  v3: {
    "odd/codec": "its codec numcodecs.bz2 can not be decoded",
    "odd/grid": "its chunk grid rectilinear is not known",
  },
};

for (const name of NAMES) {
  Deno.test(`openZarrStore() refuses what it would read wrong: ${name}`, () =>
    withFolder(name, async (path) => {
      using store = await openZarrStore(path);
      for (const [array, reason] of Object.entries(ODD[name])) {
        await assertRejects(
          () => store.root.get(array),
          Error,
          `Cannot read ${path}: ${array}: ${reason}`,
        );
      }
      const time = await arrayAt(store, "odd/time");
      assertEquals(time.elementClass, "other");
      await assertRejects(() => time.readNumbers(0, 1), Error, "it holds ");
    }));
}

/** What the metadata of an array say if they are not told otherwise. */
const ARRAY = {
  zarr_format: 3,
  node_type: "array",
  shape: [10],
  data_type: "int32",
  chunk_grid: { name: "regular", configuration: { chunk_shape: [10] } },
  chunk_key_encoding: { name: "default" },
  fill_value: 0,
  codecs: [{ name: "bytes", configuration: { endian: "little" } }],
};

/** Writes a store of one array, and opens it. */
function withArray(
  { chunk, ...changes }: {
    readonly chunk?: Uint8Array;
    readonly [name: string]: unknown;
  },
  use: (store: NodeStore, path: string) => Promise<void>,
): Promise<void> {
  return withTempFolder(async (folder) => {
    const group = { zarr_format: 3, node_type: "group" };
    Deno.mkdirSync(`${folder}/x/c`, { recursive: true });
    Deno.writeTextFileSync(`${folder}/zarr.json`, JSON.stringify(group));
    const json = JSON.stringify({ ...ARRAY, ...changes });
    Deno.writeTextFileSync(`${folder}/x/zarr.json`, json);
    if (chunk) Deno.writeFileSync(`${folder}/x/c/0`, chunk);
    using store = await openZarrStore(folder);
    await use(store, folder);
  });
}

function gridOf(extent: number) {
  return { name: "regular", configuration: { chunk_shape: [extent] } };
}

function packedBy(name: string) {
  return [...ARRAY.codecs, { name, configuration: {} }];
}

/** Descriptions of arrays that are lies, and what is said of them. */
const LIES: readonly (readonly [Record<string, unknown>, string])[] = [
  [{ shape: [1e12] }, "it claims 1000000000000 values of 4 bytes, more than"],
  [{ shape: [1e6, 1e6], chunk_grid: gridOf(10) }, "its chunks have 1 dim"],
  [{ shape: [-1] }, "its metadata have no right shape"],
  [{ shape: [0.5] }, "its metadata have no right shape"],
  [{ shape: "10" }, "its metadata have no right shape"],
  [{ chunk_grid: gridOf(0) }, "its metadata have no right chunks"],
  [{ chunk_grid: undefined }, "its metadata have no right chunk grid"],
  [{ codecs: undefined }, "its metadata have no right list of codecs"],
  [{ codecs: [] }, "its codec none can not be decoded"],
  [{ data_type: 7 }, "its type 7 is not known"],
  [{ fill_value: "x" }, 'its fill value "x" is no number'],
  [{ fill_value: 0.5 }, "its fill value 0.5 is no integer"],
];

Deno.test("openZarrStore() refuses arrays that claim what can not be", async () => {
  for (const [changes, reason] of LIES) {
    await withArray(changes, async (store, path) => {
      await assertRejects(
        () => store.root.get("x"),
        Error,
        `Cannot read ${path}: x: ${reason}`,
      );
    });
  }
});

const CHUNK = new Uint8Array(
  Int32Array.from({ length: 10 }, (_, at) => at)
    .buffer,
);
/** A blosc header that claims 2 GB. */
const BLOSC = new Uint8Array(100);
new DataView(BLOSC.buffer).setUint32(4, 2 ** 31, true);
new DataView(BLOSC.buffer).setUint32(12, 100, true);
BLOSC.set([2, 1, 33, 4]);
const BOMB = gzipSync(new Uint8Array(2 ** 24));

/** Chunks that are damaged or lie, and what is said of them. */
const CHUNKS: readonly (readonly [Record<string, unknown>, string])[] = [
  [{ chunk: CHUNK.subarray(1) }, "chunk 0: it has 39 bytes instead of 40"],
  [{ chunk: new Uint8Array(41) }, "chunk 0: it has 41 bytes instead of 40"],
  [
    { chunk: BOMB, codecs: packedBy("gzip") },
    "chunk 0: its gzip data hold more than",
  ],
  [
    {
      chunk: zstdCompressSync(new Uint8Array(2 ** 24)),
      codecs: packedBy("zstd"),
    },
    "chunk 0: its zstd data hold more than",
  ],
  [
    { chunk: BLOSC, codecs: packedBy("blosc") },
    "chunk 0: its blosc data claim 2147483648 bytes, and not 40",
  ],
  [
    { chunk: BLOSC.subarray(0, 99), codecs: packedBy("blosc") },
    "chunk 0: its blosc data are cut off",
  ],
  [
    { chunk: new Uint8Array(44).fill(1), codecs: packedBy("crc32c") },
    "chunk 0: its checksum is wrong",
  ],
  [
    {
      shape: [1000],
      chunk: CHUNK,
      chunk_grid: gridOf(2 ** 40),
    },
    "chunk 0: its 40 bytes can not hold 4398046511104 bytes",
  ],
];

Deno.test("ArrayNode.readNumbers() refuses chunks of zarr that lie", async () => {
  for (const [{ chunk, ...changes }, reason] of CHUNKS) {
    const parts = { ...changes, chunk: chunk as Uint8Array };
    await withArray(parts, async (store, path) => {
      const array = await arrayAt(store, "x");
      await assertRejects(
        () => array.readNumbers(0, 10),
        Error,
        `Cannot read ${path}: x: ${reason}`,
      );
    });
  }
});

/** Types and fill values, and the values that are left out. */
const FILLS: readonly (readonly [unknown, unknown, number | bigint])[] = [
  ["int64", -3, -3n],
  ["uint64", 2 ** 40, 2n ** 40n],
  ["int8", null, 0],
  ["bool", true, 1],
  ["float16", "NaN", NaN],
  ["float64", "-Infinity", -Infinity],
  ["float32", "0x3f800000", 1],
];

Deno.test("ArrayNode.readNumbers() fills in what zarr leaves out", async () => {
  for (const [data_type, fill_value, expected] of FILLS) {
    await withArray({ data_type, fill_value }, async (store) => {
      const values = await (await arrayAt(store, "x")).readNumbers(8, 10);
      assertEquals([...values], [expected, expected], `${data_type}`);
    });
  }
  const name = "struct";
  const fields = [{ name: "a", data_type: "int32" }];
  const record = { name, configuration: { fields } };
  const odd = [["int64", 2 ** 63], [record, "AQAAAA=="]];
  for (const [data_type, fill_value] of odd) {
    await withArray({ data_type, fill_value }, async (store) => {
      const array = await arrayAt(store, "x");
      const values = array.fields.length > 0 ? array.field("a") : array;
      await assertRejects(
        () => values.readNumbers(0, 1),
        Error,
        "what stands for values left out is not known",
      );
    });
  }
});

function textChunk(count: number, ...texts: readonly number[][]): Uint8Array {
  const bytes = [count, 0, 0, 0];
  for (const text of texts) bytes.push(text.length, 0, 0, 0, ...text);
  return Uint8Array.from(bytes);
}

Deno.test("ArrayNode.readTexts() refuses texts of zarr that are none", async () => {
  const texts = {
    shape: [2],
    data_type: "string",
    fill_value: "",
    codecs: [{ name: "vlen-utf8" }],
    chunk_grid: gridOf(2),
  };
  const good = textChunk(2, [97], [195, 169]);
  await withArray({ ...texts, chunk: good }, async (store) => {
    const array = await arrayAt(store, "x");
    assertEquals(await array.readTexts(0, 2), ["a", "é"]);
  });
  const cases: readonly (readonly [Uint8Array, string])[] = [
    [textChunk(3, [97], [98], [99]), "it has 3 texts instead of 2"],
    [textChunk(2, [97], [195]), "text 1 of a chunk is not UTF-8"],
    [good.subarray(0, 13), "its texts are cut off"],
    [good.subarray(0, 3), "its texts are cut off"],
  ];
  for (const [chunk, reason] of cases) {
    await withArray({ ...texts, chunk }, async (store) => {
      const array = await arrayAt(store, "x");
      await assertRejects(() => array.readTexts(0, 2), Error, reason);
    });
  }
});

Deno.test("openZarrStore() follows links within the folder alone", () =>
  withFolder("v3", async (path) => {
    Deno.symlinkSync("grid", `${path}/same`);
    Deno.symlinkSync(path, `${path}/plain/up`);
    Deno.symlinkSync(`${path}/../other`, `${path}/away`);
    Deno.mkdirSync(`${path}/../other`);
    Deno.copyFileSync(`${path}/zarr.json`, `${path}/../other/zarr.json`);
    using store = await openZarrStore(path);
    assertEquals((await arrayAt(store, "same")).shape, [7, 5]);
    assertEquals((await arrayAt(store, "plain/up/grid")).shape, [7, 5]);
    await assertRejects(
      () => store.root.get("away"),
      Error,
      `Cannot read ${path}/away: it is a link that leads out`,
    );
  }));

Deno.test("NodeStore.checkUnchanged() finds changes in a zarr folder", () =>
  withFolder("v3", async (path) => {
    using store = await openZarrStore(path);
    const long = await arrayAt(store, "long_shards");
    await long.readNumbers(0, 10);
    store.checkUnchanged();
    const shard = `${path}/long_shards/c/0`;
    Deno.writeFileSync(shard, Deno.readFileSync(shard).fill(1, 0, 9));
    assertThrows(() => store.checkUnchanged(), Error, "it changed since");
    await assertRejects(() => long.readNumbers(150, 170), Error, "it changed");
    store.close();
    store.close();
    await assertRejects(() => long.readNumbers(0, 10), Error, "closed");
  }));

Deno.test("openZarrStore() keeps few files open", () =>
  withFolder("v3", async (path) => {
    const before = countDescriptors();
    const stores = await Promise.all(
      Array.from({ length: 60 }, () => openZarrStore(path)),
    );
    assertEquals(countDescriptors(), before);
    for (const store of stores) {
      for (const name of ["long_shards", "grid_shards", "text_shards"]) {
        const array = await arrayAt(store, name);
        const isText = array.elementClass === "string";
        await (isText ? array.readTexts(1, 2) : array.readNumbers(1, 2));
      }
      assert(countDescriptors() <= MOST_OPEN);
    }
    assertEquals(countDescriptors(), MOST_OPEN);
    for (const store of stores) store.close();
    assertEquals(countDescriptors(), before);
  }));

for (const name of NAMES) {
  Deno.test(`NodeStore tells a chunk left out from one that went: ${name}`, () =>
    withFolder(name, async (path) => {
      const [left, gone] = name === "v2" ? ["0.0", "2.0"] : ["c/0/0", "c/2/0"];
      Deno.removeSync(`${path}/grid/${left}`);
      // Folders from before the store was opened, not from the same moment.
      for (const inner of ["", "c", "c/0", "c/2"]) {
        if (!existsSync(`${path}/grid/${inner}`)) continue;
        Deno.utimeSync(`${path}/grid/${inner}`, 1e9, 1e9);
      }
      using store = await openZarrStore(path);
      const grid = await arrayAt(store, "grid");
      assertEquals(
        (await grid.readNumbers(0, 1)).slice(0, 2),
        Int32Array.of(0, 0),
      );
      Deno.removeSync(`${path}/grid/${gone}`);
      const folder = `${path}/grid/${gone}`.replace(/\/[^/]*$/, "");
      Deno.utimeSync(folder, new Date(), new Date(Date.now() + 1000));
      await assertRejects(
        () => grid.readNumbers(6, 7),
        Error,
        `Cannot read ${path}/grid/${gone}: it is not there, and may have been`,
      );
    }));

  Deno.test(`NodeStore names a chunk that went after it was read: ${name}`, () =>
    withFolder(name, async (path) => {
      using store = await openZarrStore(path);
      const grid = await arrayAt(store, "grid");
      await grid.readNumbers(0, 7);
      const chunk = name === "v2" ? "2.0" : "c/2/0";
      Deno.removeSync(`${path}/grid/${chunk}`);
      await assertRejects(
        () => grid.readNumbers(6, 7),
        Error,
        `Cannot read ${path}/grid/${chunk}: it changed since it was opened`,
      );
    }));

  Deno.test(`openZarrStore() survives any damage: ${name}`, () =>
    withFolder(name, async (path) => {
      const files = filesUnder(path);
      const contents = files.map((file) => Deno.readFileSync(file));
      const flip = fc.record({
        file: fc.nat(files.length - 1),
        place: fc.double({ min: 0, max: 0.999, noNaN: true }),
        byte: fc.option(fc.nat(255)),
      });
      const flips = fc.array(flip, { minLength: 1, maxLength: 8 });
      const property = fc.asyncProperty(flips, async (places) => {
        for (const { file, place, byte } of places) {
          const content = contents[file]!.slice();
          const at = Math.floor(place * content.length);
          if (content.length > 0 && byte !== null) content[at] = byte;
          const damaged = byte === null ? content.subarray(0, at) : content;
          Deno.writeFileSync(files[file]!, damaged);
        }
        const started = performance.now();
        for (const message of await walkStore(() => openZarrStore(path))) {
          assert(message.startsWith(`Cannot read ${path}`), message);
          assert(!/[\n\r]/.test(message), message);
        }
        assertLess(performance.now() - started, 5000);
        for (const { file } of places) {
          Deno.writeFileSync(files[file]!, contents[file]!);
        }
      });
      await fc.assert(property, {
        numRuns: 15,
        interruptAfterTimeLimit: 5000,
      });
    }));

  Deno.test(`openZarrStore() refuses a zip file that is cut off: ${name}`, () =>
    withTempFolder(async (folder) => {
      const path = `${folder}/cut.zip`;
      const bytes = storeBytes(name);
      for (const part of [0.01, 0.5, 0.99]) {
        Deno.writeFileSync(path, bytes.subarray(0, bytes.length * part));
        await assertRejects(
          () => openZarrStore(path),
          Error,
          `Cannot read ${path}: it is no zip file, or cut off`,
        );
      }
    }));
}

Deno.test("openZarrStore() needs no permission but to read the store", () =>
  withFolder("v2", async (path) => {
    const module = new URL("../../src/anndata/zarr_store.ts", import.meta.url);
    const script = `${path}.ts`;
    Deno.writeTextFileSync(
      script,
      `import { openZarrStore } from ${JSON.stringify(module.href)};
      using store = await openZarrStore(${JSON.stringify(path)});
      for (const name of ["lz4", "bits", "zstd", "plain_lz4"]) {
        const array = await store.root.get("codec/" + name);
        console.log((await array.readNumbers(1, 2))[0]);
      }`,
    );
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        "--no-check",
        `--config=${config}`,
        `--allow-read=${path}`,
        script,
      ],
    }).output();
    const decoder = new TextDecoder();
    assertEquals(
      decoder.decode(stdout),
      `${7919 % 1013}\n`.repeat(4),
      decoder.decode(stderr),
    );
  }));

const STORES: Readonly<Record<string, readonly [string, number]>> = {
  "anndata_archives/v0.7.0/adata.zarr.zip": ["X/data", 228],
  "anndata_archives/v0.7.8/adata.zarr.zip": ["X/data", 239],
  "anndata_archives/v0.11.4/adata.zarr.zip": ["obs/_index", 10],
  "pbmc3k/pbmc3k_v2.zarr": ["X/data", 2_286_884],
  "pbmc3k/pbmc3k_v3.zarr": ["X/data", 2_286_884],
  "pbmc68k_reduced/pbmc68k_v3_sharded.zarr.zip": [
    "layers/counts/data",
    174_400,
  ],
};

dataTest(
  "openZarrStore() reads stores of AnnData (real data)",
  async (data) => {
    for (const [file, [array, length]] of Object.entries(STORES)) {
      const open = () => openZarrStore(`${data}/${file}`);
      assertEquals(await walkStore(open), []);
      using store = await open();
      assertEquals((await arrayAt(store, array)).shape, [length]);
    }
  },
);

dataTest("openZarrStore() reads numbers right (real data)", async (data) => {
  const totals: Readonly<Record<string, readonly [string, number]>> = {
    "pbmc3k/pbmc3k_v2.zarr": ["X/data", 6_390_631],
    "pbmc3k/pbmc3k_v3.zarr": ["X/data", 6_390_631],
    "pbmc68k_reduced/pbmc68k_v3_sharded.zarr.zip": [
      "layers/counts/data",
      486_651,
    ],
  };
  for (const [file, [path, expected]] of Object.entries(totals)) {
    using store = await openZarrStore(`${data}/${file}`);
    const counts = await arrayAt(store, path);
    const values = await counts.readNumbers(0, counts.shape[0]!);
    let total = 0;
    for (const value of values) total += Number(value);
    assertEquals(total, expected, file);
  }
});

function filesUnder(folder: string): string[] {
  return [...Deno.readDirSync(folder)]
    .sort((one, other) => one.name < other.name ? -1 : 1)
    .flatMap(({ isDirectory, name }) =>
      isDirectory ? filesUnder(`${folder}/${name}`) : [`${folder}/${name}`]
    );
}
