import { assertEquals, assertRejects } from "@std/assert";
import { Hdf5File } from "../../src/io/hdf5_file.ts";
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

Deno.test("Hdf5Heaps lets the library read whole heaps alone", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/texts.h5`;
    await writeHdf5(path, { texts: TEXTS });
    const whole = Deno.readFileSync(path);
    const start = find(whole, "GCOL");
    const read = async () => {
      using file = await Hdf5File.open(path);
      return file.dataset("texts").readTexts();
    };
    assertEquals(await read(), TEXTS);
    // The size of the heap, and the index and size of its first object.
    for (const offset of [8, 9, 14, 16, 24, 25, 31]) {
      for (const mask of [1, 8, 255]) {
        const bytes = whole.slice();
        bytes[start + offset]! ^= mask;
        Deno.writeFileSync(path, bytes);
        const found = await read().catch((error: Error) => error.message);
        if (typeof found !== "string") continue;
        assertEquals(found.startsWith(`Cannot read ${path}: texts: `), true);
      }
    }
    const bytes = whole.slice();
    bytes.fill(0, start + 16, start + 32);
    Deno.writeFileSync(path, bytes);
    await assertRejects(
      read,
      Error,
      `texts: its texts are damaged at byte ${start}`,
    );
  }));
