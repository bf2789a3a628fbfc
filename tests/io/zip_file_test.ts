import { assertEquals } from "@std/assert";
import { unzipSync } from "fflate";
import { MemorySink } from "../../src/io/memory_sink.ts";
import { ZipFile } from "../../src/io/zip_file.ts";

const CONTENT = Uint8Array.from({ length: 200_000 }, (_, at) => at % 251);

function writeZip(): Uint8Array {
  const sink = new MemorySink();
  const zip = new ZipFile(sink);
  zip.start("empty");
  zip.start("large");
  const piece = new Uint8Array(30_000); // used again and again
  for (let start = 0; start < CONTENT.length; start += piece.length) {
    const part = CONTENT.subarray(start, start + piece.length);
    piece.set(part);
    zip.write(piece.subarray(0, part.length));
  }
  zip.start("é.txt");
  zip.write(new TextEncoder().encode("x"));
  zip.finish();
  return sink.bytes();
}

Deno.test("ZipFile writes members piece by piece", () => {
  const members = unzipSync(writeZip());
  assertEquals(Object.keys(members), ["empty", "large", "é.txt"]);
  assertEquals(members["empty"]!.length, 0);
  assertEquals(members["large"], CONTENT);
  assertEquals(new TextDecoder().decode(members["é.txt"]), "x");
});

Deno.test("ZipFile writes the same bytes at any time", async () => {
  const bytes = writeZip();
  await new Promise((resolve) => setTimeout(resolve, 2100));
  assertEquals(writeZip(), bytes);
});
