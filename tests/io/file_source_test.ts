import { assertEquals, assertThrows } from "@std/assert";
import { countDescriptors, MOST_OPEN } from "../../src/io/open_descriptors.ts";
import { FileSource, fileState } from "../../src/io/file_source.ts";
import { MappedSource } from "../../src/io/mapped_source.ts";
import { MemorySource } from "../../src/io/memory_source.ts";
import type { ByteSource } from "../../src/io/byte_source.ts";
import { withTempFolder } from "../helpers.ts";

const BYTES = Uint8Array.from({ length: 5000 }, (_, at) => at % 251);
const mayMap = Deno.permissions.querySync({ name: "ffi" }).state === "granted";

const SOURCES: [string, (path: string) => ByteSource, boolean][] = [
  ["MemorySource", () => new MemorySource(BYTES, "bytes"), true],
  ["FileSource", (path) => FileSource.open(path), true],
  ["MappedSource", (path) => MappedSource.open(path), mayMap],
];

for (const [name, open, isPossible] of SOURCES) {
  Deno.test({
    name: `${name}.read() gives the bytes of a range (needs --allow-ffi)`
      .replace(name === "MappedSource" ? "" : " (needs --allow-ffi)", ""),
    ignore: !isPossible,
    fn: () =>
      withTempFolder((folder) => {
        const path = `${folder}/bytes`;
        Deno.writeFileSync(path, BYTES);
        const source = open(path);
        const target = new Uint8Array(700);
        source.read(3000, target);
        assertEquals(target, BYTES.slice(3000, 3700));
        assertEquals(source.byteLength, 5000);
        if (source.view) assertEquals(source.view(7, 2), BYTES.slice(7, 9));
        const past = () => source.read(4500, target);
        assertThrows(past, RangeError, "700 bytes at offset 4500");
        assertThrows(() => source.read(-1, target), RangeError, "offset -1");
        source.close();
        source.close();
        assertThrows(() => source.read(0, target), Error, "is closed");
      }),
  });
}

Deno.test("FileSource.open() says why it can not", () =>
  withTempFolder((folder) => {
    const missing = `${folder}/none`;
    assertThrows(
      () => FileSource.open(missing),
      Error,
      `Cannot open ${missing}: there is no such file or folder`,
    );
    assertThrows(() => FileSource.open(folder), Error, "it is a folder");
  }));

Deno.test("FileSource.open() takes the state a file must be in still", () =>
  withTempFolder((folder) => {
    const path = `${folder}/bytes`;
    Deno.writeFileSync(path, BYTES);
    const state = fileState(path)!;
    Deno.writeFileSync(path, BYTES.subarray(1));
    using source = FileSource.open(path, state);
    assertThrows(() => source.read(0, new Uint8Array(1)), Error, "changed");
    assertEquals(fileState(`${folder}/none`), undefined);
  }));

Deno.test("FileSource.read() works for more sources than descriptors", () =>
  withTempFolder((folder) => {
    const before = countDescriptors();
    const sources = Array.from({ length: MOST_OPEN + 20 }, (_, at) => {
      Deno.writeTextFileSync(`${folder}/${at}`, `${at}`.padStart(4));
      return FileSource.open(`${folder}/${at}`);
    });
    assertEquals(countDescriptors(), MOST_OPEN);
    const bytes = new Uint8Array(4);
    for (const at of [0, 5, MOST_OPEN + 19, 0]) {
      sources[at]!.read(0, bytes);
      assertEquals(Number(new TextDecoder().decode(bytes)), at);
    }
    Deno.removeSync(`${folder}/9`);
    assertThrows(() => sources[9]!.read(0, bytes), Error, "it was removed");
    for (const source of sources) source.close();
    assertThrows(() => sources[0]!.read(0, bytes), Error, "is closed");
    assertEquals(countDescriptors(), before);
  }));
