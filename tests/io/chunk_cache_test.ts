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

Deno.test("ChunkCache drops what was not used again", () => {
  const cache = new ChunkCache(10);
  cache.keep("used", 1, 4);
  assertEquals(cache.find("used")?.isOld, false);
  for (let at = 0; at < 20; at++) {
    cache.keep(`${at}`, at, 3);
    assertEquals(cache.find<number>("used")?.value, 1);
  }
  assertEquals(cache.find<number>("19")?.value, 19);
  assertEquals(cache.find("used")?.isOld, true);
  assertEquals(cache.find("19")?.isOld, false);
  assertEquals(cache.find("0"), undefined);
  // What was used is dropped as well, once nobody uses it.
  for (let at = 20; at < 30; at++) cache.keep(`${at}`, at, 3);
  assertEquals(cache.find("used"), undefined);
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

Deno.test("ChunkCache shares its bytes, but not what it keeps", () => {
  const all = new ChunkCache(100);
  const [left, right] = [new ChunkCache(all), new ChunkCache(all)];
  left.keep("key", 1, 60);
  right.keep("key", 2, 40);
  assertEquals(left.find("key")?.value, 1);
  assertEquals(right.find("key")?.value, 2);
  // The one that was not used for longest goes, whosever it is.
  right.keep("more", 3, 30);
  assertEquals(left.find("key"), undefined);
  left.keep("key", 4, 10);
  right.clear();
  assertEquals(right.find("more"), undefined);
  assertEquals(left.find("key")?.value, 4);
});

Deno.test("ChunkCache.give() gives bytes away while enough are left", () => {
  const cache = new ChunkCache(2 ** 26 + 100);
  cache.keep("old", 1, 2 ** 26);
  cache.keep("new", 2, 100);
  assertEquals(cache.give(101), false);
  assertEquals(cache.find("old")?.value, 1);
  assertEquals(cache.give(60), true);
  assertEquals(cache.find("new"), undefined);
  assertEquals(cache.find("old")?.value, 1);
  assertEquals(cache.give(60), false);
});
