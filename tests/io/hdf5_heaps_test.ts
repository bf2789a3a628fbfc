import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { FileSource } from "../../src/io/file_source.ts";
import { Hdf5File } from "../../src/io/hdf5_file.ts";
import { Hdf5Heaps } from "../../src/io/hdf5_heaps.ts";
import { withTempFolder } from "../helpers.ts";
import { writeHdf5 } from "./_hdf5.ts";

const TEXTS = ["one", "two", "a longer one", "", "five"];

/** Finds the bytes of a text in a file. */
function find(bytes: Uint8Array, text: string): number {
  const wanted = new TextEncoder().encode(text);
  return bytes.findIndex((_, at) =>
    wanted.every((byte, step) => bytes[at + step] === byte)
  );
}

async function readTexts(path: string): Promise<string[]> {
  using file = await Hdf5File.open(path);
  return file.dataset("texts").readTexts();
}

Deno.test("Hdf5Texts reads what whole heaps hold", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/texts.h5`;
    const storages = [{}, { chunks: [2] }];
    for (const storage of storages) {
      await writeHdf5(path, { texts: { data: TEXTS, ...storage } });
      assertEquals(await readTexts(path), TEXTS);
    }
    await writeHdf5(path, { texts: TEXTS });
    const whole = Deno.readFileSync(path);
    const start = find(whole, "GCOL");
    // The size of the heap, and the number and size of its first object.
    for (const offset of [8, 9, 14, 16, 24, 25, 31]) {
      for (const mask of [1, 8, 255]) {
        const bytes = whole.slice();
        bytes[start + offset]! ^= mask;
        Deno.writeFileSync(path, bytes);
        const found = await readTexts(path)
          .catch((error: Error) => error.message);
        if (typeof found !== "string") continue;
        assertEquals(found.startsWith(`Cannot read ${path}: texts: `), true);
      }
    }
    Deno.writeFileSync(path, whole.fill(0, start + 16, start + 32));
    await assertRejects(
      () => readTexts(path),
      Error,
      "texts: it is damaged: the text of element 0 is lost",
    );
  }));

Deno.test("Hdf5Heaps.check() refuses heaps that have no end", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/texts.h5`;
    await writeHdf5(path, { texts: TEXTS });
    const bytes = Deno.readFileSync(path);
    const start = find(bytes, "GCOL");
    const check = () => {
      using source = FileSource.open(path);
      new Hdf5Heaps(source).check(0, bytes);
    };
    check();
    // An object of nothing, one that is too large, a heap that is.
    const wrong: readonly (readonly [number, readonly number[]])[] = [
      [16, Array(16).fill(0)],
      [24, [0, 0, 1]],
      [8, [0, 0, 1]],
      [8, [255]],
    ];
    for (const [offset, values] of wrong) {
      const damaged = bytes.slice();
      damaged.set(values, start + offset);
      Deno.writeFileSync(path, damaged);
      assertThrows(check, Error, `its texts are damaged at byte ${start}`);
    }
  }));
