import {
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { FileSink } from "../../src/io/file_sink.ts";
import { Hdf5File } from "../../src/io/hdf5_file.ts";
import { Hdf5Writer } from "../../src/io/hdf5_writer.ts";
import { pythonTest, runPython } from "../exports/_python.ts";
import { withTempFolder } from "../helpers.ts";

function writeFile(path: string, write: (file: Hdf5Writer) => void): void {
  const sink = FileSink.create(path);
  try {
    const file = new Hdf5Writer(sink);
    write(file);
    file.finish();
    sink.finish();
  } catch (error) {
    sink.abort();
    throw error;
  }
}

/** Values of every type of numbers that the reader has arrays for. */
const NUMBERS = {
  int8: Int8Array.of(-128, 127),
  int16: Int16Array.of(-32768, 32767),
  int32: Int32Array.of(-(2 ** 31), 2 ** 31 - 1),
  int64: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n),
  uint8: Uint8Array.of(0, 255),
  uint16: Uint16Array.of(0, 65535),
  uint32: Uint32Array.of(0, 2 ** 32 - 1),
  uint64: BigUint64Array.of(0n, 2n ** 64n - 1n),
  float16: Float16Array.of(-1.5, NaN, 65504),
  float32: Float32Array.of(Math.fround(0.1), -Infinity),
  float64: Float64Array.of(0.1, -0, 1e300),
} as const;

const TEXTS = ["ab", "", "é€😀", "x".repeat(100_000), "y"];

Deno.test("Hdf5Writer.numbers() writes every type", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/a.h5`;
    writeFile(path, (file) => {
      for (const [type, values] of Object.entries(NUMBERS)) {
        file.numbers(`some/${type}`, type as keyof typeof NUMBERS, values);
      }
      file.numbers("none", "int32", new Int32Array(0));
    });
    using file = await Hdf5File.open(path);
    assertEquals(file.keys("some"), Object.keys(NUMBERS).sort());
    for (const [type, values] of Object.entries(NUMBERS)) {
      const dataset = file.dataset(`some/${type}`);
      assertEquals(dataset.typeName, type);
      assertEquals(dataset.readNumbers(0, dataset.length), values);
    }
    assertEquals(file.dataset("none").shape, [0]);
  }));

Deno.test("Hdf5Writer.texts() and fixedTexts() write any text", () =>
  withTempFolder((folder) =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: "binary" }).filter(isText)),
        async (texts) => {
          const path = `${folder}/a.h5`;
          writeFile(path, (file) => {
            file.texts("any", texts);
            file.fixedTexts("fixed", texts);
          });
          using file = await Hdf5File.open(path);
          assertEquals(file.dataset("any").readTexts(), texts);
          assertEquals(file.dataset("fixed").readTexts(), texts);
          Deno.removeSync(path);
        },
      ),
      { examples: [[TEXTS]], numRuns: 50 },
    )
  ));

/** A text that has a form in UTF-8, and no end before its end. */
function isText(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}

Deno.test("Hdf5Writer.texts() writes more texts than a heap has place for", () =>
  withTempFolder(async (folder) => {
    const texts = Array.from(
      { length: 100_000 },
      (_, at) => at % 3 ? "" : `${at}`,
    );
    writeFile(`${folder}/a.h5`, (file) => file.texts("texts", texts));
    using file = await Hdf5File.open(`${folder}/a.h5`);
    assertEquals(file.dataset("texts").readTexts(), texts);
  }));

Deno.test("Hdf5Writer.append() takes values in pieces of any size", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/a.h5`;
    // More chunks than a node of their index has place for.
    const length = 70 * 65_536 + 11;
    const values = Int32Array.from({ length }, (_, at) => at ^ 0x5555);
    const halves = (at: number) => values[at]! / 2;
    writeFile(path, (file) => {
      const whole = file.append("group/whole", "int32");
      const half = file.append("group/half", "float64");
      file.append("group/none", "int64");
      for (let start = 0, step = 1; start < length; start += step, step *= 3) {
        const part = values.subarray(start, start + step);
        whole.add(part);
        if (start < 2e5) {
          half.add(Float64Array.from(part, (value) => value / 2));
        }
        file.numbers(`between/${step}`, "int32", part.subarray(0, 5));
      }
    });
    using file = await Hdf5File.open(path);
    const whole = file.dataset("group/whole");
    assertEquals(whole.length, length);
    assertEquals(whole.readNumbers(0, length), values);
    const half = file.dataset("group/half");
    const read = half.readNumbers(0, half.length) as Float64Array;
    assertEquals(read.findIndex((value, at) => value !== halves(at)), -1);
    assertEquals(file.dataset("group/none").length, 0);
    assertEquals(
      file.dataset("between/1").readNumbers(0, 1),
      values.slice(0, 1),
    );
  }));

Deno.test("Hdf5Writer.fixedTexts() keeps a chunk of long texts small", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/a.h5`;
    const texts = ["x".repeat(2 ** 20), "y", "z".repeat(3)];
    writeFile(path, (file) => file.fixedTexts("texts", texts));
    using file = await Hdf5File.open(path);
    assertEquals(file.dataset("texts").chunkLength, 1);
    assertEquals(file.dataset("texts").readTexts(), texts);
  }));

Deno.test("Hdf5Writer gives the same bytes for the same content", () =>
  withTempFolder((folder) => {
    const write = (name: string, value: string) => {
      writeFile(`${folder}/${name}`, (file) => {
        file.group("g", { name: value });
        file.numbers("g/n", "bool", new Uint8Array(100_000));
      });
      return Deno.readFileSync(`${folder}/${name}`);
    };
    assertEquals(write("a", "x"), write("b", "x"));
    assertNotEquals(write("c", "y"), write("d", "x"));
  }));

Deno.test("Hdf5Writer refuses what a file can't hold", () =>
  withTempFolder((folder) => {
    const path = `${folder}/a.h5`;
    const many = Array.from({ length: 5000 }, () => "x");
    const cases: readonly [(file: Hdf5Writer) => void, string][] = [
      [(file) => file.texts("a/b", ["x", "\0"]), "a/b: text 1 has a NUL in it"],
      [(file) => file.fixedTexts("a", ["a\0b"]), "a: text 0 has a NUL in it"],
      [(file) => file.group("a", { b: ["\0"] }), "a: text 0 has a NUL in it"],
      [(file) => file.group("a", { b: many }), "a: a part of its description"],
      [(file) => file.group("a//b"), "a//b: it is no path"],
      [(file) => file.group(""), ": it is no path"],
      [(file) => file.group("."), ".: it is no path"],
      [(file) => {
        file.group("a/b");
        file.texts("a", []);
      }, "a: something else is there"],
      [(file) => {
        file.texts("a", []);
        file.group("a/b");
      }, "a/b: something else is there"],
    ];
    for (const [write, message] of cases) {
      assertThrows(
        () => writeFile(path, write),
        Error,
        `Cannot write ${path}: ${message}`,
      );
    }
  }));

Deno.test("Hdf5Writer leaves a file that is no HDF5 until it is finished", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/a.h5`;
    const sink = FileSink.create(path);
    new Hdf5Writer(sink).texts("a", ["x"]);
    sink.finish();
    await assertRejects(() => Hdf5File.open(path), Error, "not an HDF5 file");
  }));

const SCRIPT = `
import h5py, json, numpy, sys
found = {}
def note(name, item):
    about = {key: [type(value).__name__, numpy.array(value).tolist()]
             for key, value in item.attrs.items()}
    if isinstance(item, h5py.Dataset):
        values = item[()]
        if h5py.check_string_dtype(item.dtype):
            values = item.asstr()[()]
        about["values"] = [str(item.dtype), [str(value) for value in values]]
    found[name] = about
with h5py.File(sys.argv[1]) as file:
    note("/", file)
    file.visititems(note)
    large = file["large"]
    assert (large[:] == numpy.arange(300_000) // 7).all()
    found["large"] = [str(large.dtype), large.compression, large.shuffle]
print(json.dumps(found))
`;

pythonTest(
  "Hdf5Writer writes what Python reads (h5py)",
  () =>
    withTempFolder(async (folder) => {
      const path = `${folder}/a.h5`;
      writeFile(path, (file) => {
        file.root({ text: "é", yes: true, no: false, whole: -(2n ** 60n) });
        file.group("group/inner", {
          texts: ["a", ""],
          none: [],
          wholes: BigInt64Array.of(1n, -2n),
        });
        file.texts("group/any", ["é", "", "b"], { kind: "text" });
        file.fixedTexts("group/ascii", ["ab", "", "b"]);
        file.fixedTexts("group/fixed", ["é", "", "b"]);
        file.numbers("bool", "bool", Uint8Array.of(1, 0));
        file.numbers("float16", "float16", Float16Array.of(1.5, -2));
        file.numbers("complex64", "complex64", Float32Array.of(1, 2, 3, 4));
        file.numbers("complex128", "complex128", Float64Array.of(1, -2));
        file.numbers("none", "uint64", new BigUint64Array(0));
        const large = Int32Array.from({ length: 300_000 }, (_, at) => at / 7);
        file.numbers("large", "int32", large);
      });
      assertEquals(await runPython(SCRIPT, path), {
        "/": {
          text: ["str", "é"],
          yes: ["bool_", true],
          no: ["bool_", false],
          whole: ["int64", -(2 ** 60)],
        },
        group: {},
        "group/inner": {
          texts: ["ndarray", ["a", ""]],
          none: ["ndarray", []],
          wholes: ["ndarray", [1, -2]],
        },
        "group/any": {
          kind: ["str", "text"],
          values: ["object", ["é", "", "b"]],
        },
        "group/ascii": { values: ["|S2", ["ab", "", "b"]] },
        "group/fixed": { values: ["|S2", ["é", "", "b"]] },
        bool: { values: ["bool", ["True", "False"]] },
        float16: { values: ["float16", ["1.5", "-2.0"]] },
        complex64: { values: ["complex64", ["(1+2j)", "(3+4j)"]] },
        complex128: { values: ["complex128", ["(1-2j)"]] },
        none: { values: ["uint64", []] },
        large: ["int32", "gzip", true],
      });
    }),
);

Deno.test("Hdf5File.attributes() takes no length of a text for true", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/a.h5`;
    const attributes = { texts: ["é".repeat(50), "", "b"], one: "c" };
    writeFile(path, (file) => file.group("x", attributes));
    {
      using file = await Hdf5File.open(path);
      assertEquals(file.attributes("x"), attributes);
    }
    const bytes = Deno.readFileSync(path);
    const view = new DataView(bytes.buffer);
    // A reference to a text: its length, and where the heap is.
    const places = Array.from({ length: bytes.length - 16 }, (_, at) => at)
      .filter((at) => {
        const heap = view.getUint32(at + 4, true);
        return view.getUint32(at, true) === 100 && heap + 4 < bytes.length &&
          view.getUint32(heap) === 0x47434f4c;
      });
    assertEquals(places.length, 1);
    view.setUint32(places[0]!, 2 ** 31, true);
    Deno.writeFileSync(path, bytes);
    using file = await Hdf5File.open(path);
    assertThrows(
      () => file.attributes("x"),
      Error,
      `Cannot read ${path}: x: its attribute texts: it is damaged: the text ` +
        "of element 0 is lost",
    );
  }));
