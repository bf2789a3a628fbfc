import { assertEquals } from "@std/assert";
import { decodeLatin1 } from "../../src/io/latin1.ts";

Deno.test("decodeLatin1() makes a letter of each byte", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
  const letters = String.fromCharCode(...bytes);
  assertEquals(decodeLatin1(bytes), letters);
  assertEquals(decodeLatin1(bytes.subarray(200, 210)), letters.slice(200, 210));
  assertEquals(decodeLatin1(new Uint8Array(0)), "");
});
