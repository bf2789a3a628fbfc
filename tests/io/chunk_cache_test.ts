import { assertEquals } from "@std/assert";
import { ChunkCache } from "../../src/io/chunk_cache.ts";

Deno.test("ChunkCache keeps what was used last", () => {
  const cache = new ChunkCache(10);
  cache.keep("a", 1, 4);
  cache.keep("b", 2, 4);
  assertEquals(cache.find<number>("a")?.value, 1);
  cache.keep("c", 3, 4);
  assertEquals(cache.find("b"), undefined);
  assertEquals(["a", "c"].map((key) => cache.find<number>(key)?.value), [1, 3]);
});

Deno.test("ChunkCache keeps nothing that is too large", () => {
  const cache = new ChunkCache(10);
  cache.keep("a", 1, 10);
  cache.keep("b", 2, 11);
  assertEquals(cache.find("b"), undefined);
  assertEquals(cache.find<number>("a")?.value, 1);
});

Deno.test("ChunkCache.keep() replaces what it has", () => {
  const cache = new ChunkCache(10);
  cache.keep("a", undefined, 6);
  cache.keep("a", 2, 6);
  cache.keep("b", 3, 4);
  assertEquals(["a", "b"].map((key) => cache.find<number>(key)?.value), [2, 3]);
  cache.clear();
  assertEquals(cache.find("a"), undefined);
});
