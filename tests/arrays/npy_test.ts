import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  decodeNpy,
  encodeNpy,
  readNpy,
  readNpyHeader,
  writeNpy,
} from "../../src/arrays/npy.ts";
import { NPY_FIXTURES } from "./npy_fixtures.ts";
import {
  anyArrays,
  assertSameArray,
  headerText,
  isRefusal,
  npyFile,
} from "./npy_helpers.ts";
import { withFolder } from "./folders.ts";

Deno.test("readNpy() and writeNpy() are inverse", () =>
  withFolder((folder) => {
    const path = `${folder}/x.npy`;
    fc.assert(
      fc.property(anyArrays(), (array) => {
        writeNpy(path, array);
        assertSameArray(readNpy(path), array);
        assertEquals(
          Deno.readFileSync(path).toHex(),
          encodeNpy(array).toHex(),
        );
      }),
      { numRuns: 30 },
    );
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), [
      "x.npy",
    ]);
  }));

Deno.test("readNpy() reads what decodeNpy() reads", () =>
  withFolder((folder) => {
    for (const { base64 } of NPY_FIXTURES) {
      const bytes = Uint8Array.fromBase64(base64);
      Deno.writeFileSync(`${folder}/x.npy`, bytes);
      assertEquals(readNpy(`${folder}/x.npy`), decodeNpy(bytes));
    }
  }));

Deno.test("readNpy() refuses truncated and longer files by their size", () =>
  withFolder((folder) => {
    const path = `${folder}/x.npy`;
    const bytes = Uint8Array.fromBase64(NPY_FIXTURES[0]!.base64);
    const lengths = [0, 5, 9, 10, 11, 60, 127, 128, bytes.length - 1];
    for (const length of lengths) {
      Deno.writeFileSync(path, bytes.subarray(0, length));
      assertThrows(() => readNpy(path), RangeError, `Cannot read ${path}: `);
      assertThrows(() => readNpyHeader(path), RangeError, `byte ${length}`);
    }
    Deno.writeFileSync(path, new Uint8Array([...bytes, 0]));
    assertThrows(() => readNpy(path), RangeError, "followed by other bytes");
  }));

Deno.test("readNpy() reads or refuses any changed byte", () =>
  withFolder((folder) => {
    const path = `${folder}/x.npy`;
    const bytes = Uint8Array.fromBase64(NPY_FIXTURES[3]!.base64);
    for (let position = 0; position < bytes.length; position++) {
      const changed = bytes.with(position, bytes[position]! ^ 0x15);
      Deno.writeFileSync(path, changed);
      const [read, decoded] = [
        attempt(() => readNpy(path)),
        attempt(() => decodeNpy(changed, path)),
      ];
      assertEquals(read, decoded);
    }
  }));

/** What a function returns, or the message of its refusal. */
function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return `${error}`;
  }
}

Deno.test("readNpyHeader() reads the header without the content", () =>
  withFolder((folder) => {
    const path = `${folder}/x.npy`;
    // A sparse file that takes no room, larger than could be read.
    const header = npyFile(headerText("'<f8'", "(1000000000, 100)"));
    Deno.writeFileSync(path, header);
    Deno.truncateSync(path, header.length + 8e11);
    assertEquals(readNpyHeader(path), {
      dtype: "float64",
      shape: [1_000_000_000, 100],
      fortranOrder: false,
      littleEndian: true,
      dataOffset: header.length,
    });
  }));

Deno.test("readNpy() names a file that is not there", () => {
  assertThrows(() => readNpy("nowhere/x.npy"), Error, "nowhere/x.npy");
});
