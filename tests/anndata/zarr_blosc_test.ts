import {
  assert,
  assertEquals,
  assertExists,
  assertLess,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { unzipSync } from "fflate";
import { BloscChunk, type PackedChunk } from "../../src/anndata/zarr_blosc.ts";
import { openZarrStore } from "../../src/anndata/zarr_store.ts";
import { ChunkCache } from "../../src/io/chunk_cache.ts";
import { withTempFolder } from "../helpers.ts";
import { arrayAt, unzipTo } from "./_stores.ts";

const ZIP = Deno.readFileSync(
  new URL("fixtures/blosc.zip", import.meta.url),
);
const FILES = unzipSync(ZIP);
/** The arrays: how they are packed, by shuffle, and the bytes of a value. */
const NAMES = Object.keys(FILES)
  .filter((name) => name.endsWith("/0"))
  .map((name) => name.slice(0, -2));

/** What the values of an array are, as the script that made it says. */
function expectedOf(name: string): Uint8Array {
  if (name === "noise_1_4") return FILES["noise.bin"]!;
  const { dtype, shape: [count] } = JSON.parse(
    new TextDecoder().decode(FILES[`${name}/.zarray`]),
  );
  const size = Number(dtype.slice(2));
  const bytes = new Uint8Array(count * size);
  if (name.startsWith("zeros")) return bytes;
  if (name.startsWith("counts")) {
    const counts = Float32Array.from(
      { length: count },
      (_, at) => 7 * at % 300,
    );
    return new Uint8Array(counts.buffer);
  }
  const step = name.startsWith("long") ? 500 : 5;
  for (let at = 0; at < count; at++) {
    let value = BigInt(at % 100);
    if (at % step === 0) value = (BigInt(at) * BigInt(at) * 2654435761n) >> 7n;
    for (let byte = 0; byte < size; byte++) {
      bytes[at * size + byte] = Number((value >> BigInt(8 * byte)) & 255n);
    }
  }
  return bytes;
}

/** Counts the bytes that are read. */
class CountedChunk implements PackedChunk {
  readonly byteLength: number;
  readonly hasChecksum = false;
  readonly #bytes: Uint8Array;
  readBytes = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.byteLength = bytes.length;
  }

  read(offset: number, length: number): Uint8Array {
    assert(offset + length <= this.byteLength);
    this.readBytes += length;
    return this.#bytes.slice(offset, offset + length);
  }

  readAll(): Uint8Array {
    return this.read(0, this.byteLength);
  }
}

/** Whether an array is packed in a way that is left to the whole decoder. */
function isForeign(name: string): boolean {
  return name.includes("blosclz") && (FILES[`${name}/0`]![2]! & 2) === 0;
}

for (const name of NAMES) {
  const expected = expectedOf(name);
  const packed = FILES[`${name}/0`]!;

  Deno.test(`BloscChunk.read() gives any bytes: ${name}`, () => {
    const chunk = BloscChunk.open(new CountedChunk(packed), {
      byteLength: expected.length,
      key: "",
    });
    assertEquals(chunk === undefined, isForeign(name));
    if (chunk === undefined) return;
    const range = fc.tuple(
      fc.nat(expected.length - 1),
      fc.integer({ min: 1, max: expected.length }),
      fc.boolean(),
    );
    const cache = new ChunkCache(2 ** 20);
    const property = fc.property(range, ([start, length, isKept]) => {
      const end = Math.min(start + length, expected.length);
      const target = new Uint8Array(end - start).fill(77);
      chunk.read({ start, target, cache: isKept ? cache : undefined });
      assertEquals(target, expected.subarray(start, end));
    });
    fc.assert(property, { numRuns: 30 });
  });
}

Deno.test("ArrayNode.readNumbers() reads all that Blosc packs", () =>
  withTempFolder(async (folder) => {
    unzipTo(ZIP, folder);
    using store = await openZarrStore(folder);
    using zipped = await openZarrStore(
      new URL("fixtures/blosc.zip", import.meta.url).pathname,
    );
    for (const name of NAMES) {
      const expected = expectedOf(name);
      for (const from of [store, zipped]) {
        const array = await arrayAt(from, name);
        const [count = 0] = array.shape;
        const size = expected.length / count;
        for (const [start, end] of [[0, count], [3, 5], [1, count - 1]]) {
          const values = await array.readNumbers(start!, end!);
          const bytes = new Uint8Array(
            values.buffer,
            values.byteOffset,
            values.byteLength,
          );
          assertEquals(bytes, expected.slice(start! * size, end! * size), name);
        }
      }
    }
  }));

Deno.test("BloscChunk.read() reads the blocks alone that are needed", () => {
  const expected = expectedOf("long_lz4_1_4");
  const packed = new CountedChunk(FILES["long_lz4_1_4/0"]!);
  const chunk = BloscChunk.open(packed, {
    byteLength: expected.length,
    key: "",
  });
  assertExists(chunk);
  const headBytes = packed.readBytes;
  assertLess(headBytes, 5000);
  const cache = new ChunkCache(2 ** 20);
  const read = (start: number) => {
    const target = new Uint8Array(40);
    chunk.read({ start, target, cache });
    assertEquals(target, expected.subarray(start, start + 40));
    return packed.readBytes - headBytes;
  };
  const once = read(4);
  assertLess(once, packed.byteLength / 2);
  assertEquals(read(400), once);
  assert(read(2 ** 16) > once);
});

Deno.test("BloscChunk.read() keeps no bytes that are all the same", () => {
  // Three of four bytes of most values are zeros, but not of all.
  const cache = new ChunkCache(2 ** 20);
  const kept = (name: string) => {
    const { length } = expectedOf(name);
    const packed = new CountedChunk(FILES[`${name}/0`]!);
    const chunk = BloscChunk.open(packed, { byteLength: length, key: name })!;
    let bytes = 0;
    const spy = Object.assign(Object.create(cache), {
      find: () => undefined,
      keep: (_key: string, _value: unknown, size: number) => bytes += size,
    });
    const target = new Uint8Array(length);
    chunk.read({ start: 0, target, cache: spy });
    return bytes / length;
  };
  assertLess(kept("zeros_1_4"), 0.1);
  assert(kept("whole_1_4") > 0.9);
});

/** Damages, and what is said of them. */
const DAMAGES: Readonly<
  Record<string, (bytes: Uint8Array<ArrayBuffer>) => Uint8Array>
> = {
  "its blosc data are cut off": (bytes) => bytes.subarray(0, -1),
  "its blosc data claim 4294967295 bytes, and not ": (bytes) => {
    bytes.fill(255, 4, 8);
    return bytes;
  },
  "its blosc data are damaged": (bytes) => {
    // Where the first block is.
    bytes.fill(255, 16, 20);
    return bytes;
  },
};

for (const name of ["long_lz4_1_4", "zstd_1_4", "zlib_2_8", "lz4hc_0_2"]) {
  Deno.test(`ArrayNode.readNumbers() names a damaged chunk: ${name}`, () =>
    withTempFolder(async (folder) => {
      unzipTo(ZIP, folder);
      const file = `${folder}/${name}/0`;
      for (const [why, damage] of Object.entries(DAMAGES)) {
        Deno.writeFileSync(file, damage(FILES[`${name}/0`]!.slice()));
        using store = await openZarrStore(folder);
        const array = await arrayAt(store, name);
        for (const end of [2, array.shape[0]!]) {
          await assertRejects(
            () => array.readNumbers(0, end),
            Error,
            `Cannot read ${folder}: ${name}: chunk 0: ${why}`,
          );
        }
      }
    }));
}

Deno.test("BloscChunk.read() survives any damage", () => {
  const names = NAMES.filter((name) => !isForeign(name));
  const property = fc.property(
    fc.constantFrom(...names),
    fc.array(
      fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(255)),
    ),
    fc.nat(700),
    (name, places, start) => {
      const bytes = FILES[`${name}/0`]!.slice();
      // The head stays: what is wrong in it is for another decoder to say.
      for (const [place, byte] of places) {
        bytes[16 + Math.floor(place * (bytes.length - 16))] = byte;
      }
      const { length } = expectedOf(name);
      const target = new Uint8Array(Math.min(100, length));
      try {
        const from = Math.min(start, length - target.length);
        BloscChunk.open(new CountedChunk(bytes), {
          byteLength: length,
          key: "",
        })
          ?.read({ start: from, target, cache: new ChunkCache(1000) });
      } catch (error) {
        assertStringIncludes((error as Error).message, "its blosc data are");
      }
    },
  );
  fc.assert(property, { numRuns: 300 });
});

Deno.test("BloscChunk.open() refuses blocks that are outside", () => {
  const bytes = FILES["long_lz4_1_4/0"]!.slice();
  new DataView(bytes.buffer).setUint32(20, bytes.length, true);
  assertThrows(
    () =>
      BloscChunk.open(new CountedChunk(bytes), { byteLength: 160016, key: "" }),
    Error,
    "its blosc data are damaged",
  );
});
