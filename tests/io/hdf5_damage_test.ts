import { assert, assertEquals, assertThrows } from "@std/assert";
import { gunzipSync } from "node:zlib";
import { Hdf5File } from "../../src/io/hdf5_file.ts";
import { loadHdf5 } from "../../src/io/hdf5_library.ts";
import { pythonTest, runPython } from "../exports/_python.ts";
import { withTempFolder } from "../helpers.ts";
import { writeHdf5 } from "./_hdf5.ts";

/** What the library may take for a file of some kilobytes. */
const MOST_GROWN = 2 ** 24;

const library = await loadHdf5();

/** The memory of the library, which never shrinks. */
function memoryBytes(): number {
  return library.call(({ HEAPU8 }) => HEAPU8.byteLength);
}

/** Reads all that can be, and returns how much can't. */
async function readAll(path: string): Promise<number> {
  let errors = 0;
  const attempt = (run: () => void) => {
    try {
      run();
    } catch (error) {
      errors++;
      const { message } = error as Error;
      assert(message.startsWith(`Cannot read ${path}: `), message);
      assert(!message.includes("\n"), message);
    }
  };
  const visit = (file: Hdf5File, place: string) => {
    attempt(() => file.attributes(place));
    attempt(() => readDataset(file, place));
    attempt(() => {
      if (file.kind(place) !== "group") return;
      for (const key of file.keys(place)) {
        visit(file, place === "/" ? key : `${place}/${key}`);
      }
    });
  };
  const file = await Hdf5File.open(path)
    .catch((error) =>
      attempt(() => {
        throw error;
      })
    );
  if (!file) return errors;
  visit(file, "/");
  file.close();
  return errors;
}

function readDataset(file: Hdf5File, place: string): void {
  if (file.kind(place) !== "dataset") return;
  const dataset = file.dataset(place);
  const end = dataset.shape[0] ?? 1;
  if (dataset.typeClass === "string") dataset.readRowTexts(0, end);
  else if (dataset.length < 1e6) dataset.readRows(0, end);
}

/** Makes one number after the other large, and reads all that can be. */
async function readDamaged(path: string): Promise<number> {
  const whole = Deno.readFileSync(path);
  let errors = 0;
  for (let at = 0; at + 4 <= whole.length; at += 4) {
    // What is nothing says nothing.
    if (whole.subarray(at, at + 4).every((byte) => byte === 0)) continue;
    const bytes = whole.slice();
    bytes.set([8, 0, 0, 16], at);
    Deno.writeFileSync(path, bytes);
    const before = memoryBytes();
    errors += await readAll(path);
    const grown = memoryBytes() - before;
    assert(grown <= MOST_GROWN, `${grown} bytes for a number at ${at}`);
  }
  return errors;
}

/**
 * Files of h5py, with headers of both versions: a group of ten attributes, of
 * texts in chunks, and of numbers that the library unpacks.
 */
const FILES = {
  earliest: `
H4sIAAAAAAACA+2azW7TQBDHd9ZxsgmpMKKipXDwpaIHQOlXkt5ANBABIgg4cEJxGwcqIho1DuqB
B4AbBw59hN648gSIx+AReIPij13Hu3WWrjiU0vld1jse/zfZTMajsT+1N+/PVBYqJIIxUiAOyXLE
GTbkuTjf5SPw8SMfD6mwQ3xuntsvcX3V78WzVivyPlIQ6/y0k5ER5DzSbt19Go0v+VxE6Q8q+73e
2x0PM/HY/st1gcxI8evwlZdKyfwbOVn8Hl7D+MX4ncSvK/KlLfsF/n4wCseht/3W74XjwNt5l4nn
puG6z590NqMMLOLOteR83ebzNzb+RjrE/14kggOed6o8w0B4NBvushcEeztb48B3a7H9KkB8pZPu
OZP2v5RJCqDVWzbWoyf4Xg/udR5DJqFKOiHvvcE4+i40175MrFz7SlhH5NlXiZ1rXyPFXPt6Opft
9TSeZXuDlHPtTVLJtW9MNuIixjiCIAiCIAiCIAjy/yL68WofaHofYsW4D2Fp9VaN9QpavTVjPVur
t26sV9Tq1Y31Slq9hrEe0+o1jfXKWr0NY71KbC8m57gD8MYbAKQxJY8sdr0MSd/L5nNqJQoXiBsf
QKrH4idTPb8/8AI/7Vcxvo5F6a/riYkSqZU2PJX/adLHtdLnHu4tvb94XtGt6/1EH+1g4Xzku+g5
DYQ/p/qcpjrF310U+XASDFluLspzOsUPQRAEQZCzw/6rR732wyKhX+FGeOx1u2Ht+IX40f2dgeL8
PS5HWUEx27XIkamvfqSFJCg1g6hpC7j9CIIgCHIq/KkPJd43Kqf3bid2dZi4f7tJDXCsHzWU+lHF
+LpZMtr2Bv5uvz/yA6kmKGRGUOoGEzL9rdrtiWSm1JjXXp/0T6xj/ZO5Kf5N3h+Zm1LTdPj5K+nn
k+kr/ZUq1kYIgiAIcgbqJ1tbP4n3we2c+impBe7I9ROlINUx8IFXCEvKyp//yf34DYVhAAxwNwAA
`,
  latest: `
H4sIAAAAAAACA+1aT0gUURj/3szOOI5bbqvWWgRrgtrJ9b9mga7buKSw4hoUlOvmbiVKbbbKFlSH
EvISHQo8danwUGGdkg5CBHYKEoQoukWnMFS61EF7M/Pe7Mw2xRwsUt5P3G/fb9/vvW/efO8b931O
hkPKNnm3zEsSUKwT+Cr0doDwLR3rkUg41Mv5m6+hYfNvhvOahRQyBwhA9AA2wpnR82OpV3SOEGwI
Ti+Pf9FcKst16QD3J59KvOACKOX1UR4RSzxNJzPpi+Ui4XaonJiKDw4nE+C3dEyNxIfOucuIL68R
MGwJ3KqM3Vd6wz2g7gkOPPDL1rhJ7vUCiRw1miyWQHY4o8uk1Ieuwta3j3IrfasQ7AuHsEccAA5J
SFSVu+gcdJb9hWJMieJeQP1DYLXZ+Xogg+egnyzk6fwesNqC9dFvwb5uBc+7U20fUpcA4NNgiRtk
lCWeFd3bC50mYlWYPwgvTUT1YmsMoqYxjr+bnYQbph4Pn2emoJXLEtG2pQewZurxUbg6DW9MY1yf
ijyF2ybiQ+L7WiCB3rIY3jho+RUBQsV4MyCEaMgbVgJUhNSNAiDg7MrzBW5AuCeoP2qQSjhgXRwW
cxwvV5NQgyebbB2unJ3zKu14d6HtMke4LnIxF8KRMqU9FARkXJ5PN2791dK6PLHylY5EV/Eu0aUf
T83oI10ijI9od2mv1ZaWQlra5oSlimlQotHDRlpCOA9kNF8zEy/e211UZ0ekW0sBHmuioFcxHh8Z
S/oDwNnyNUYQWPlaI5tZ+ToQbPl6EG35BqNt5RtBsuWbIN+WbzZSpJVvyS5EIdvoDAwMDAwMDAwM
DAwMDFsXmf6uRPiICNwMqsTv4wMDAOgOJNXv+1LuqeG89nVfyjnjBCGgdjQVEHSk6Bs6DD1DyD0z
ZWBgYGBgYPi3yC3u0PNzank3II9En9V+WuA5phZ4RPxkLzae6uYK6O/Kjk5gFItcLl6mNRA4+bcX
4kftYu5a0FqFkLMW+h86bfpayJIX+4tOkEJMFR1vdvPGhLLy+agSDgWN/4/QsNxfF+PBje84vsPx
dHp06NRYWi0NlSKkVY88xg3XitR6qUXKBoKNuMaRmLMX1zoS8/biOkdil7243pFYsBc3OBKL9uJG
R+I8e3GTI7FkL252JM63F7c4EsssHf83+AlxLdwkGCYAAA==
`,
};

function unpack(packed: string): Uint8Array {
  return gunzipSync(Uint8Array.fromBase64(packed.replaceAll("\n", "")));
}

for (const [name, packed] of Object.entries(FILES)) {
  Deno.test(`Hdf5File takes no memory for what damaged files of the ${name} version claim`, () =>
    withTempFolder(async (folder) => {
      const path = `${folder}/a.h5`;
      Deno.writeFileSync(path, unpack(packed));
      assertEquals(await readAll(path), 0);
      assert(await readDamaged(path) > 0);
    }));
}

Deno.test("Hdf5File.attributes() does not leave out what is damaged", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/a.h5`;
    const whole = unpack(FILES.latest);
    Deno.writeFileSync(path, whole);
    const text = new TextDecoder("latin1").decode(whole);
    // The heap of attributes, what is in it, the tree of them, and its leaf.
    for (const mark of ["FRHP", "FHDB", "BTHD", "BTLF"]) {
      for (const offset of [0, 4, 12, 30, 40]) {
        const bytes = whole.slice();
        bytes[text.indexOf(mark) + offset]! ^= 1;
        Deno.writeFileSync(path, bytes);
        using file = await Hdf5File.open(path);
        assertThrows(
          () => file.attributes("group"),
          Error,
          `Cannot read ${path}: group: it is damaged`,
        );
      }
    }
  }));

Deno.test("Hdf5File reads on after any number of errors", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/a.h5`;
    await writeHdf5(path, { values: [7] });
    using file = await Hdf5File.open(path);
    // More than the stack of the library has place for.
    for (let at = 0; at < 12_000; at++) {
      assertThrows(() => file.attributes("missing"), Error, "missing");
    }
    assertEquals([...file.dataset("values").readNumbers(0, 1)], [7]);
  }));

/** Texts in chunks as they are listed since version 1.10. */
const TEXTS = `
import h5py, sys
texts = [f"text {at} \\u00e9" for at in range(3000)]
with h5py.File(sys.argv[1], "w", libver="latest") as file:
    for filter in ["none", "lzf", "gzip"]:
        packed = dict(dtype=h5py.string_dtype())
        if filter != "none": packed["compression"] = filter
        for name, length in [("one", 3000), ("array", 700), ("pages", 2)]:
            file.create_dataset(f"{filter}/{name}", data=texts, chunks=(length,), **packed)
        file.create_dataset(f"{filter}/never", shape=(9,), chunks=(2,), **packed)
        holes = file.create_dataset(f"{filter}/holes", shape=(3000,), chunks=(2,), **packed)
        holes[1500:1503] = texts[:3]
print("null")
`;

pythonTest(
  "Hdf5Dataset.readTexts() reads chunks of new files (h5py)",
  () =>
    withTempFolder(async (folder) => {
      const path = `${folder}/texts.h5`;
      await runPython(TEXTS, path);
      const texts = Array.from({ length: 3000 }, (_, at) => `text ${at} é`);
      const holes = texts.map((_, at) => texts[at - 1500] ?? "")
        .map((text, at) => at < 1503 ? text : "");
      const expected = { holes, never: Array(9).fill("") };
      using file = await Hdf5File.open(path);
      for (const filter of file.keys("/")) {
        for (const name of file.keys(filter)) {
          const found = file.dataset(`${filter}/${name}`).readTexts();
          const wanted = {
            array: texts,
            one: texts,
            pages: texts,
            ...expected,
          };
          assertEquals(found, wanted[name as keyof typeof wanted], name);
        }
      }
    }),
);

pythonTest(
  "Hdf5Dataset.readTexts() refuses lists that are damaged (h5py)",
  () =>
    withTempFolder(async (folder) => {
      const path = `${folder}/texts.h5`;
      await runPython(TEXTS, path);
      const bytes = Deno.readFileSync(path);
      const text = new TextDecoder("latin1").decode(bytes);
      // Heads of arrays and of what is in them.
      for (const mark of ["FAHD", "FADB"]) {
        const damaged = bytes.slice();
        for (let at = text.indexOf(mark); at >= 0;) {
          damaged[at] = 0;
          at = text.indexOf(mark, at + 1);
        }
        Deno.writeFileSync(path, damaged);
        using file = await Hdf5File.open(path);
        assertThrows(
          () => file.dataset("lzf/array").readTexts(),
          Error,
          `Cannot read ${path}: lzf/array: the list of its chunks is damaged`,
        );
      }
    }),
);

Deno.test("Hdf5File prints nothing of what filters say", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/a.h5`;
    const data = Int32Array.from({ length: 100 }, (_, at) => at % 7);
    await writeHdf5(path, {
      values: { data, chunks: [100], filter: [32004, [0]] },
    });
    const module = new URL("../../src/io/hdf5_file.ts", import.meta.url);
    const script = `
      import { Hdf5File } from ${JSON.stringify(module.href)};
      const path = ${JSON.stringify(path)};
      const whole = Deno.readFileSync(path);
      let errors = 0;
      for (let at = whole.length - 60; at < whole.length; at++) {
        const bytes = whole.slice();
        bytes[at] ^= 255;
        Deno.writeFileSync(path, bytes);
        try {
          using file = await Hdf5File.open(path);
          file.dataset("values").readNumbers(0, 100);
        } catch {
          errors++;
        }
      }
      console.log(errors > 0);`;
    Deno.writeTextFileSync(`${path}.ts`, script);
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", `--config=${config}`, `${path}.ts`],
    }).output();
    const printed = [stdout, stderr].map((bytes) =>
      new TextDecoder().decode(bytes)
    );
    assertEquals(printed, ["true\n", ""]);
  }));
