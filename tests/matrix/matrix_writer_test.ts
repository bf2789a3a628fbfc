import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { MemorySink } from "../../src/io/memory_sink.ts";
import {
  MatrixFullError,
  MatrixWriter,
} from "../../src/matrix/matrix_writer.ts";
import { MemoryMappedMatrix } from "../../src/matrix/memory_mapped_matrix.ts";

/** What is before the first profile, an index of two offsets, and a pair. */
const ONE_PAIR = 56 + 2 + 2 + 8;

Deno.test("MatrixWriter ends short of what was announced where it may", async () => {
  const sink = new MemorySink();
  const writer = new MatrixWriter(sink, { genesCount: 3, profilesCount: 5 });
  writer.writeProfile([1], [7]);
  assertThrows(() => writer.finish(), Error, "it was to have 5 profiles");
  const summary = writer.finish({ isShort: true });
  assertEquals([summary.profilesCount, summary.uuid], [1, undefined]);
  using matrix = await MemoryMappedMatrix.open(sink.bytes());
  assertEquals(matrix.profilesCount, 1);
  assertEquals([...(await matrix.readProfile(0)).counts], [7]);
});

Deno.test("MatrixWriter knows the digest of all that were announced", () => {
  const options = { genesCount: 3, profilesCount: 1 };
  const uuids = [{}, { isShort: true }].map((ending) => {
    const writer = new MatrixWriter(new MemorySink(), options);
    writer.writeProfile([1], [7]);
    return writer.finish(ending).uuid;
  });
  assertEquals(uuids[0]?.length, 36);
  assertEquals(uuids[0], uuids[1]);
});

Deno.test("MatrixWriter can be finished without what does not fit", async () => {
  const sink = new MemorySink();
  const byteLimit = ONE_PAIR;
  const writer = new MatrixWriter(sink, { genesCount: 3, byteLimit });
  writer.writeProfile([2], [7]);
  const error = assertThrows(() => writer.writeProfile([0, 1], [1, 1]));
  assertInstanceOf(error, MatrixFullError);
  assertEquals(writer.finish().byteLength, ONE_PAIR);
  using matrix = await MemoryMappedMatrix.open(sink.bytes());
  assertEquals(matrix.profilesCount, 1);
});

Deno.test("MatrixWriter.writePairs() writes what writeProfile() does", () => {
  const options = { genesCount: 600, profilesCount: 4 };
  const [one, other] = [new MemorySink(), new MemorySink()];
  const byProfiles = new MatrixWriter(one, options);
  byProfiles.writeProfile([1, 300], [7, 256]);
  byProfiles.writeProfile([], []);
  byProfiles.writeProfile([0], [1]);
  byProfiles.writeProfile([2], [3]);
  const byPairs = new MatrixWriter(other, options);
  const pairs = Uint8Array.of(1, 7, 255, 0, 44, 255, 0, 1, 0, 1);
  const ends = Uint32Array.of(8, 8, 10);
  byPairs.writePairs(pairs, ends, { entriesCount: 3, totalUmis: 264 });
  byPairs.writeProfile([2], [3]);
  assertEquals(byPairs.finish(), byProfiles.finish());
  assertEquals(other.bytes(), one.bytes());
});

Deno.test("MatrixWriter.writePairs() writes the profiles that fit", async () => {
  const sink = new MemorySink();
  const byteLimit = ONE_PAIR;
  const writer = new MatrixWriter(sink, { genesCount: 3, byteLimit });
  const pairs = Uint8Array.of(2, 7, 0, 1);
  const encoded = { entriesCount: 2, totalUmis: 8 };
  assertThrows(
    () => writer.writePairs(pairs, Uint32Array.of(2, 4), encoded),
    MatrixFullError,
    "Cannot write profile 1",
  );
  writer.finish();
  using matrix = await MemoryMappedMatrix.open(sink.bytes());
  assertEquals(matrix.profilesCount, 1);
});
