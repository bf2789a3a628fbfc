import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { FileSink } from "../../src/io/file_sink.ts";
import { withTempFolder } from "../helpers.ts";

/** Sizes about those of the blocks in which files are written. */
const SIZES = fc.oneof(
  fc.nat(300),
  fc.integer({ min: 262_100, max: 262_200 }),
  fc.nat(600_000),
);

Deno.test("FileSink.write() keeps the bytes of any pieces in order", () =>
  withTempFolder((folder) => {
    let count = 0;
    fc.assert(
      fc.property(fc.array(SIZES, { maxLength: 6 }), (sizes) => {
        const path = `${folder}/${count++}`;
        const sink = FileSink.create(path);
        let value = 0;
        for (const size of sizes) {
          const piece = new Uint8Array(size).map(() => value++ * 7);
          sink.write(piece);
          if (size % 3 === 0) sink.writeAt(0, new Uint8Array(0));
        }
        assertEquals(sink.position, value);
        sink.finish();
        const bytes = Deno.readFileSync(path);
        const isRight = bytes.every((byte, at) => byte === (at * 7 & 255));
        assertEquals([bytes.length, isRight], [value, true]);
        Deno.removeSync(path);
      }),
      { numRuns: 30 },
    );
  }));

Deno.test("FileSink.writeAt() replaces bytes, and what follows stays", () =>
  withTempFolder((folder) => {
    const path = `${folder}/file`;
    const sink = FileSink.create(path);
    sink.write(new Uint8Array(400_000).fill(1));
    sink.writeAt(262_140, Uint8Array.of(2, 2, 2, 2, 2, 2, 2, 2));
    sink.write(new Uint8Array(200_000).fill(3));
    sink.finish();
    const bytes = Deno.readFileSync(path);
    assertEquals(bytes.length, 600_000);
    assertEquals(bytes.reduce((sum, byte) => sum + byte, 0), 1_000_008);
  }));
