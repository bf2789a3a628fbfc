import { assertEquals, assertLess } from "@std/assert";
import { unzipSync } from "fflate";
import { zstdCompressSync } from "node:zlib";
import { ZarrChunks } from "../../src/anndata/zarr_chunks.ts";
import { parseArrayV2, parseArrayV3 } from "../../src/anndata/zarr_metadata.ts";
import { ChunkCache } from "../../src/io/chunk_cache.ts";
import { FolderTree } from "../../src/io/folder_tree.ts";
import { withTempFolder } from "../helpers.ts";
import { expectedArrays, storeBytes, unzipTo } from "./_stores.ts";

/** Notes how much is kept. */
class NotedCache extends ChunkCache {
  readonly kept: number[] = [];

  override keep(key: string, value: unknown, byteLength: number): void {
    this.kept.push(byteLength);
    super.keep(key, value, byteLength);
  }
}

/** Notes what is read. */
class NotedTree extends FolderTree {
  readonly reads: [path: string, offset: number, length: number][] = [];

  override readRange(
    path: string,
    offset: number,
    length: number,
    into?: Uint8Array,
  ): Uint8Array {
    this.reads.push([path, offset, length]);
    return super.readRange(path, offset, length, into);
  }
}

Deno.test("ZarrChunks.get() reads of a shard its list and one chunk", () =>
  withTempFolder(async (folder) => {
    unzipTo(storeBytes("v3"), folder);
    using tree = new NotedTree(folder);
    const path = "long_shards";
    const file = `${folder}/${path}/zarr.json`;
    const spec = parseArrayV3(JSON.parse(Deno.readTextFileSync(file)));
    const [length = 0] = spec.packing.extents;
    const [shardLength = 0] = spec.sharding!.extents;
    const cache = new ChunkCache(2 ** 20);
    const chunks = new ZarrChunks({ tree, path, spec, cache });
    const [, expected] = expectedArrays("v3").find(([name]) => name === path)!;
    const read = async (chunk: number) => {
      tree.reads.length = 0;
      const span = { start: 0, end: 2, isKept: true };
      const part = await chunks.get([chunk], span);
      const start = chunk * length;
      assertEquals(
        Array.from(part!.values.slice(0, 2), String),
        expected.values.slice(start, start + 2),
      );
      return tree.reads.map(([name, , bytes]) => ({ name, bytes }));
    };
    const shard = `${path}/c/0`;
    const perShard = shardLength / length;
    const { size } = Deno.statSync(`${folder}/${shard}`);
    const [list, chunk, ...others] = await read(1);
    assertEquals(list, { name: shard, bytes: 16 * perShard + 4 });
    assertEquals(chunk!.name, shard);
    assertLess(chunk!.bytes, size / 2);
    assertEquals(others, []);
    // The list is known then, and so is what was decoded.
    assertEquals((await read(0)).length, 1);
    assertEquals(await read(1), []);
    assertEquals((await read(perShard))[0]?.name, `${path}/c/1`);
  }));

const BLOSC = unzipSync(
  Deno.readFileSync(new URL("fixtures/blosc.zip", import.meta.url)),
);
const COUNTS = Float32Array.from({ length: 40004 }, (_, at) => 7 * at % 300);

/** Chunks of counts, and what a value of them takes in memory. */
const PACKED: Readonly<Record<string, readonly [Uint8Array, number, number]>> =
  {
    blosc: [BLOSC["counts_1_4/0"]!, 3, 2],
    zstd: [zstdCompressSync(new Uint8Array(COUNTS.buffer)), 4, 2],
  };

for (const [id, [packed, before, after]] of Object.entries(PACKED)) {
  Deno.test(`ZarrChunks.get() keeps less of what stays in use: ${id}`, () =>
    withTempFolder(async (folder) => {
      Deno.mkdirSync(`${folder}/x`);
      Deno.writeFileSync(`${folder}/x/0`, packed);
      using tree = new FolderTree(folder);
      const spec = parseArrayV2({
        shape: [COUNTS.length],
        chunks: [COUNTS.length],
        dtype: "<f4",
        compressor: { id },
      });
      const cache = new NotedCache(2 ** 20);
      const chunks = new ZarrChunks({ tree, path: "x", spec, cache });
      const read = async (start: number, end: number) => {
        cache.kept.length = 0;
        const span = { start, end, isKept: true };
        const part = await chunks.get([0], span);
        const from = start - part!.start;
        const values = part!.values.slice(from, from + end - start);
        assertEquals(values, COUNTS.slice(start, end));
        // What the list of blocks takes is less than a byte of each value.
        return cache.kept.map((bytes) => Math.floor(bytes / count))
          .filter((bytes) => bytes > 0);
      };
      const count = id === "blosc" ? 2 ** 14 : COUNTS.length;
      assertEquals(await read(9, 16000), [before]);
      assertEquals(await read(9, 16000), []);
      // Something else has to go, and this is used still.
      cache.keep("one", 0, 2 ** 19);
      cache.keep("two", 0, 2 ** 19);
      assertEquals(cache.find("one"), undefined);
      assertEquals(await read(9, 16000), [after]);
      assertEquals(await read(30, 16384), []);
    }));
}
