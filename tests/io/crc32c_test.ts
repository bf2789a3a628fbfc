import { assertEquals } from "@std/assert";
import { crc32c } from "../../src/io/crc32c.ts";

Deno.test("crc32c() gives the sums of RFC 3720", () => {
  const ascending = Uint8Array.from({ length: 32 }, (_, at) => at);
  assertEquals(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assertEquals(crc32c(new Uint8Array(32).fill(255)), 0x62a8ab43);
  assertEquals(crc32c(ascending), 0x46dd794e);
  assertEquals(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
  assertEquals(crc32c(new Uint8Array(0)), 0);
});
