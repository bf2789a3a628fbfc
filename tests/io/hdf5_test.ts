import {
  assert,
  assertEquals,
  assertLess,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { Hdf5File } from "../../src/io/hdf5_file.ts";
import { withTempFolder } from "../helpers.ts";
import { type Hdf5Tree, linkHdf5, writeHdf5 } from "./_hdf5.ts";
import { writeOddHdf5 } from "./_odd_hdf5.ts";

/** Writes a file, opens it and closes it again. */
function withHdf5(
  tree: Hdf5Tree,
  use: (file: Hdf5File, path: string) => void | Promise<void>,
): Promise<void> {
  return withTempFolder(async (folder) => {
    const path = `${folder}/file.h5`;
    await writeHdf5(path, tree);
    using file = await Hdf5File.open(path);
    await use(file, path);
  });
}

function withOddHdf5(use: (file: Hdf5File) => void): Promise<void> {
  return withTempFolder(async (folder) => {
    const path = `${folder}/odd.h5`;
    writeOddHdf5(path);
    // What a link, a virtual dataset and an external one name, is there.
    for (const name of ["outside.bin", "other.h5"]) {
      Deno.writeFileSync(`${folder}/${name}`, new Uint8Array(64).fill(1));
    }
    using file = await Hdf5File.open(path);
    use(file);
  });
}

/** What comes after the name of the file in the message. */
function reasonOf(run: () => unknown): string {
  const { message } = assertThrows(run, Error);
  assert(!message.includes("\n"));
  return message.replace(/^Cannot read \S+\.h5: /, "");
}

Deno.test("Hdf5File finds groups and datasets", () =>
  withHdf5({ "a/b/c": [1], d: [2] }, (file, path) => {
    assertEquals(file.keys("/"), ["a", "d"]);
    assertEquals(file.keys("a"), ["b"]);
    assertEquals(
      ["a", "a/b", "a/b/c", "d", "a/x", "d/x", "x/y"].map((at) =>
        file.kind(at)
      ),
      ["group", "group", "dataset", "dataset", "missing", "missing", "missing"],
    );
    assertEquals(file.name, path);
    assertEquals(file.byteLength, Deno.statSync(path).size);
    assertEquals(reasonOf(() => file.dataset("a/x")), "a/x: it is missing");
    assertEquals(reasonOf(() => file.dataset("a")), "a: it is no dataset");
  }));

const NUMBERS = [
  new Int8Array([-1, 2, 3]),
  new Uint8Array([1, 2, 255]),
  new Int16Array([-1, 2, 300]),
  new Uint16Array([1, 2, 65535]),
  new Int32Array([-1, 2, 70000]),
  new Uint32Array([1, 2, 2 ** 32 - 1]),
  new BigInt64Array([-1n, 2n, 2n ** 62n]),
  new BigUint64Array([1n, 2n, 2n ** 63n]),
  new Float32Array([0.5, -1, NaN]),
  new Float64Array([0.1, -1, Infinity]),
];

Deno.test("Hdf5Dataset.readNumbers() reads numbers of every type", () => {
  const tree = Object.fromEntries(
    NUMBERS.map((values, at) => [`plain${at}`, values]),
  );
  const packed = Object.fromEntries(NUMBERS.map((data, at) => [
    `packed${at}`,
    { data, chunks: [2], gzip: 4 },
  ]));
  return withHdf5(
    { ...tree, ...packed },
    (file) =>
      NUMBERS.forEach((values, at) => {
        for (const name of [`plain${at}`, `packed${at}`]) {
          const dataset = file.dataset(name);
          assertEquals(dataset.readNumbers(0, 3), values);
          assertEquals(dataset.readNumbers(1, 2), values.slice(1, 2));
          assertEquals(dataset.readNumbers(3, 3).length, 0);
        }
      }),
  );
});

Deno.test("Hdf5Dataset says what it is", () => {
  const data = new Int16Array(6);
  const tree = {
    plain: data,
    chunked: { data, shape: [6], chunks: [4] },
    two: { data, shape: [2, 3] },
    text: ["a"],
  };
  return withHdf5(tree, (file) => {
    const plain = file.dataset("plain");
    assertEquals(
      [plain.length, plain.shape, plain.chunkLength, plain.typeClass],
      [6, [6], undefined, "integer"],
    );
    assertEquals(plain.typeName, "int16");
    assertEquals(file.dataset("chunked").chunkLength, 4);
    assertEquals(file.dataset("text").typeName, "string");
    const two = file.dataset("two");
    assertEquals([two.length, two.shape], [6, [2, 3]]);
    assertEquals(
      reasonOf(() => two.readNumbers(0, 1)),
      "two: it has 2 dimensions instead of one",
    );
    assertEquals(
      reasonOf(() => plain.readNumbers(0, 7)),
      "plain: it has no values 0 to 7",
    );
    assertThrows(() => plain.readNumbers(-1, 2), RangeError);
    assertEquals(
      reasonOf(() => plain.readTexts()),
      "plain: it holds int16 and no strings",
    );
    assertEquals(
      reasonOf(() => file.dataset("text").readNumbers(0, 1)),
      "text: it holds string and no numbers",
    );
  });
});

Deno.test("Hdf5Dataset.readTexts() reads strings of fixed and any length", () => {
  const texts = ["", "a", "long enough", "é€😀"];
  const tree = {
    free: texts,
    fixed: { data: texts, dtype: "A12" },
    spaces: { data: texts, dtype: "S12" },
    packed: { data: texts, dtype: "S12", chunks: [3], gzip: 9 },
  };
  return withHdf5(tree, (file) => {
    for (const name of Object.keys(tree)) {
      assertEquals(file.dataset(name).readTexts(), texts, name);
    }
  });
});

Deno.test("Hdf5Dataset.readTexts() reads more strings than it does at once", () => {
  const data = Array.from({ length: 70_000 }, (_, at) => `cell${at}`);
  const tree = { free: data, fixed: { data, dtype: "A9" } };
  return withHdf5(tree, (file) => {
    assertEquals(file.dataset("free").readTexts(), data);
    assertEquals(file.dataset("fixed").readTexts(), data);
  });
});

/** Filters by their registered numbers, and what each is told. */
const FILTERS: Readonly<Record<string, readonly [number, readonly number[]]>> =
  {
    bzip2: [307, [9]],
    blosc_lz4: [32001, [0, 0, 0, 0, 5, 1, 1]],
    blosc_zstd: [32001, [0, 0, 0, 0, 5, 1, 5]],
    lz4: [32004, [0]],
    bitshuffle: [32008, [0, 2]],
    zstd: [32015, [3]],
  };

Deno.test("Hdf5Dataset.readNumbers() decodes filters of other packages", () => {
  const data = Int32Array.from({ length: 5000 }, (_, at) => at % 999);
  const entries = Object.entries(FILTERS).map(([name, filter]) => [
    name,
    { data, chunks: [2000], filter },
  ]);
  return withHdf5(Object.fromEntries(entries), (file, path) => {
    for (const name of Object.keys(FILTERS)) {
      const values = file.dataset(name).readNumbers(0, 5000);
      assertEquals(values, data, name);
    }
    const plain = data.byteLength * entries.length;
    assertLess(Deno.statSync(path).size, 0.8 * plain);
  });
});

Deno.test("Hdf5Dataset reads what other programs write", () =>
  withOddHdf5((file) => {
    assertEquals(
      file.dataset("big").readNumbers(0, 3),
      new Int32Array([1, -2, 300]),
    );
    const half = file.dataset("half");
    assertEquals([...half.readNumbers(0, 2)], [1, 0.5]);
    assertEquals(file.dataset("texts").readTexts(), ["a", "", "bé"]);
    const sums = file.dataset("sums").readNumbers(0, 8);
    assertEquals(sums, Uint16Array.from(sums.keys()));
    const packed = file.dataset("packed").readNumbers(0, 5000);
    assertEquals(packed, new Int32Array(5000));
    const lzf = file.dataset("lzf").readNumbers(0, 64);
    assertEquals(lzf, Int32Array.from(lzf.keys()));
    assertEquals(file.dataset("null").length, 0);
  }));

Deno.test("Hdf5File.dataset() refuses what it would read wrong", () =>
  withOddHdf5((file) => {
    const reasons: Readonly<Record<string, string>> = {
      unknown: "its filter lzf (number 32077) can not be decoded",
      virtual: "it is a virtual dataset, of data in other files",
      far: "it is a link to another file",
      soft: "it is no dataset",
      lie: "it claims 1000000000000 values of 8 bytes, " +
        "more than a file of 23162 bytes can hold",
      lie_gzip: "it claims 1000000000000 values of 8 bytes, " +
        "more than a file of 23162 bytes can hold",
      wide: "its chunks of 800000000 bytes are too large",
    };
    for (const [name, reason] of Object.entries(reasons)) {
      assertEquals(reasonOf(() => file.dataset(name)), `${name}: ${reason}`);
    }
  }));

Deno.test("Hdf5Dataset refuses values that it would read wrong", () =>
  withOddHdf5((file) => {
    const numbersOf = (name: string) => () =>
      file.dataset(name).readNumbers(0, 1);
    assertEquals(
      reasonOf(numbersOf("outside")),
      "outside: it refers to another file, outside.bin, which is not read",
    );
    assertEquals(
      reasonOf(numbersOf("compound")),
      "compound: it holds compound and no numbers",
    );
    assertEquals(
      reasonOf(() => file.dataset("latin").readTexts()),
      "latin: string 1 is not UTF-8 text",
    );
  }));

Deno.test("Hdf5File.kind() follows no link to another file", () =>
  withTempFolder(async (folder) => {
    await writeHdf5(`${folder}/other.h5`, { "group/values": [1] });
    const path = `${folder}/file.h5`;
    await writeHdf5(path, { values: [1] });
    const target = { file: `${folder}/other.h5`, path: "/group" };
    await linkHdf5(path, "link", target);
    using file = await Hdf5File.open(path);
    for (const at of ["link", "link/values"]) {
      const reason = "link: it is a link to another file";
      assertEquals(reasonOf(() => file.kind(at)), reason);
    }
    assertEquals(file.kind("values"), "dataset");
  }));

Deno.test("Hdf5File.open() refuses what is no whole HDF5 file", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/file.h5`;
    await writeHdf5(path, { values: new Int32Array(1000) });
    const bytes = Deno.readFileSync(path);
    const { length } = bytes;
    const cases: readonly [Uint8Array, string][] = [
      [new Uint8Array(0), "it is not an HDF5 file"],
      [new Uint8Array(5000).fill(65), "it is not an HDF5 file"],
      [
        bytes.subarray(0, length - 1),
        `it is cut off: it has ${length - 1} of ${length} bytes`,
      ],
    ];
    for (const [content, reason] of cases) {
      Deno.writeFileSync(path, content);
      await assertRejects(
        () => Hdf5File.open(path),
        Error,
        `Cannot read ${path}: ${reason}`,
      );
    }
    await assertRejects(
      () => Hdf5File.open(`${folder}/none.h5`),
      Error,
      "there is no such file",
    );
    Deno.writeFileSync(path, bytes);
    using file = await Hdf5File.open(path);
    assertEquals(file.dataset("values").readNumbers(999, 1000)[0], 0);
  }));

Deno.test("Hdf5Dataset.readNumbers() finds data that were changed", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/file.h5`;
    const data = Int32Array.from({ length: 5000 }, (_, at) => at * 7919);
    await writeHdf5(path, { values: { data, chunks: [5000], gzip: 6 } });
    const bytes = Deno.readFileSync(path);
    bytes[bytes.length - 3000]! ^= 255;
    Deno.writeFileSync(path, bytes);
    using file = await Hdf5File.open(path);
    const reason = reasonOf(() => file.dataset("values").readNumbers(0, 5000));
    assertEquals(reason.slice(0, 30), "values: it is damaged: chunk 0");
  }));

Deno.test("Hdf5Dataset.readNumbers() finds a file that changes meanwhile", () =>
  withHdf5({ values: new Int32Array(1e5) }, (file, path) => {
    const values = file.dataset("values");
    Deno.truncateSync(path, 5000);
    const reason = reasonOf(() => values.readNumbers(0, 1e5));
    assert(reason.includes("it changed since it was opened"), reason);
  }));

Deno.test("Hdf5File.close() can be called twice, and ends all reading", () =>
  withHdf5({ values: [1] }, (file) => {
    const values = file.dataset("values");
    file.close();
    file.close();
    assertThrows(() => file.keys("/"), Error, "the file is closed");
    assertThrows(() => values.readNumbers(0, 1), Error, "the file is closed");
  }));

Deno.test("Hdf5File needs no permission but to read the file", () => {
  const packed = {
    data: new Int32Array(100),
    chunks: [100],
    filter: FILTERS.zstd!,
  };
  return withHdf5({ values: [7], packed }, async (_, path) => {
    const module = new URL("../../src/io/hdf5_file.ts", import.meta.url);
    const script = `${path}.ts`;
    Deno.writeTextFileSync(
      script,
      `import { Hdf5File } from ${JSON.stringify(module.href)};
      using file = await Hdf5File.open(${JSON.stringify(path)});
      console.log(file.dataset("values").readNumbers(0, 1)[0]);
      file.dataset("packed");`,
    );
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        `--config=${config}`,
        `--allow-read=${path}`,
        script,
      ],
    }).output();
    const decoder = new TextDecoder();
    assertEquals(decoder.decode(stdout), "7\n", decoder.decode(stderr));
    const message = /Cannot read .*libH5Zzstd\.so: it needs --allow-read/;
    assertMatch(decoder.decode(stderr), message);
  });
});
