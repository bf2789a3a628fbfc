import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { MemorySink } from "../../src/io/memory_sink.ts";
import { HEADER_SIZE, MAGIC_SIZE } from "../../src/matrix/layout.ts";
import { MatrixWriter } from "../../src/matrix/matrix_writer.ts";
import { MemoryMappedMatrix } from "../../src/matrix/memory_mapped_matrix.ts";
import { withTempFolder } from "../helpers.ts";

type Profile = [gene: number, count: number][];

const PROFILES: Profile[] = [
  [[0, 1], [300, 2]],
  [],
  [[7, 1000], [8, 1], [9, 255]],
];

function matrixBytes(profiles: Profile[], genesCount: number): Uint8Array {
  const sink = new MemorySink();
  const writer = new MatrixWriter(sink, { genesCount });
  for (const profile of profiles) {
    writer.writeProfile(profile.map((e) => e[0]), profile.map((e) => e[1]));
  }
  writer.finish();
  return sink.bytes().slice();
}

/** A file of two profiles, byte by byte as docs/format.md says. */
const LITERAL = new Uint8Array([
  ...new TextEncoder().encode("METACELL SPARSE MEMORY MAPPED MATRIX VERSION 0"),
  ...[0, 0, 2, 0, 0, 0, 44, 1, 0, 0], // magic's end, 2 profiles, 300 genes
  ...[5, 2, 255, 0, 4, 255, 0, 1], // gene 5: 2; gene 264: 256
  ...[3, 7], // gene 3: 7
  ...[0, 0], // padding
  ...[56, 0, 0, 0, 64, 0, 0, 0, 66, 0, 0, 0],
]);

Deno.test("MatrixWriter.writeProfile() gives the bytes of the format", () => {
  const bytes = matrixBytes([[[5, 2], [264, 256]], [[3, 7]]], 300);
  assertEquals(bytes, LITERAL);
});

Deno.test("MatrixWriter.finish() gives the digest of the file", () =>
  withTempFolder(async (folder) => {
    const { fileUuid } = await import("../../src/io/digest.ts");
    const sink = new MemorySink();
    const options = { genesCount: 300, profilesCount: 2 };
    const writer = new MatrixWriter(sink, options);
    writer.writeProfile([5], [2]);
    writer.writeProfile([5], [3]);
    const { uuid } = writer.finish();
    Deno.writeFileSync(`${folder}/a`, sink.bytes());
    assertEquals(uuid, fileUuid(`${folder}/a`));
  }));

Deno.test("MatrixWriter.finish() refuses another count of profiles", () => {
  const options = { genesCount: 3, profilesCount: 2 };
  const writer = new MatrixWriter(new MemorySink("m"), options);
  writer.writeProfile([], []);
  assertThrows(
    () => writer.finish(),
    Error,
    "was to have 2 profiles and has 1",
  );
});

Deno.test("MatrixWriter.writeProfile() stops at the limit and can be ended", async () => {
  const sink = new MemorySink("m");
  const writer = new MatrixWriter(sink, { genesCount: 9, byteLimit: 72 });
  writer.writeProfile([1, 2], [1, 1]);
  assertThrows(
    () => writer.writeProfile([1, 2], [1, 1]),
    RangeError,
    "Cannot write profile 1 to m: the file would pass its limit of 72 bytes; split",
  );
  assertEquals(writer.finish().byteLength, 68);
  using matrix = await MemoryMappedMatrix.open(sink.bytes());
  assertEquals(matrix.profilesCount, 1);
});

Deno.test("MemoryMappedMatrix.open() reads what was written", async () => {
  using matrix = await MemoryMappedMatrix.open(matrixBytes(PROFILES, 301));
  assertEquals([matrix.profilesCount, matrix.genesCount], [3, 301]);
  assertEquals(await matrix.entriesCount(), 5);
  const { genes, counts } = await matrix.readProfile(2);
  assertEquals([[...genes], [...counts]], [[7, 8, 9], [1000, 1, 255]]);
});

Deno.test("MemoryMappedMatrix.open() takes an index from the data's start", async () => {
  const bytes = LITERAL.slice();
  const index = new Uint32Array(bytes.buffer, 68, 3);
  for (let at = 0; at < 3; at++) index[at]! -= HEADER_SIZE;
  using matrix = await MemoryMappedMatrix.open(bytes);
  const { genes, counts } = await matrix.readProfile(1);
  assertEquals([[...genes], [...counts]], [[3], [7]]);
  assertEquals(await matrix.entriesCount(), 3);
});

Deno.test("MemoryMappedMatrix.toNumpyMatrix() is genes by profiles", async () => {
  const bytes = matrixBytes([[[0, 1]], [[1, 2], [2, 3]]], 3);
  using matrix = await MemoryMappedMatrix.open(bytes);
  const { shape, fortranOrder, data } = await matrix.toNumpyMatrix();
  assertEquals([shape, fortranOrder], [[3, 2], true]);
  assertEquals([...data], [1, 0, 0, 0, 2, 3]);
});

Deno.test("MemoryMappedMatrix.addProfileData() adds to what is there", async () => {
  using matrix = await MemoryMappedMatrix.open(LITERAL);
  const array = new Float32Array(300).fill(1);
  await matrix.addProfileData(0, array);
  assertEquals([array[5], array[264], array[0]], [3, 257, 1]);
  await assertRejects(
    () => matrix.addProfileData(0, new Float32Array(299)),
    RangeError,
    "300 genes",
  );
});

Deno.test("MemoryMappedMatrix.readProfile() refuses profiles that are not there", async () => {
  using matrix = await MemoryMappedMatrix.open(LITERAL);
  for (const index of [-1, 2, 0.5, NaN]) {
    await assertRejects(() => matrix.readProfile(index), RangeError, "has 2");
  }
});

Deno.test("MemoryMappedMatrix.write() replaces a file when the new one is whole", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/m.mmm`;
    MemoryMappedMatrix.write(path, 9, [[[1, 1]]]);
    const before = Deno.readFileSync(path);
    assertThrows(
      () => MemoryMappedMatrix.write(path, 9, [[[1, 1]], [[9, 1]]]),
      RangeError,
    );
    assertEquals(Deno.readFileSync(path), before);
    assertEquals([...Deno.readDirSync(folder)].length, 1);
    MemoryMappedMatrix.write(path, 9, [[], []]);
    using matrix = await MemoryMappedMatrix.open(path);
    assertEquals(matrix.profilesCount, 2);
    assertEquals(matrix.mmap, undefined);
  }));

Deno.test("MemoryMappedMatrix.open() maps a file that it is asked to", async () => {
  const { state } = Deno.permissions.querySync({ name: "ffi" });
  await withTempFolder(async (folder) => {
    const path = `${folder}/m.mmm`;
    MemoryMappedMatrix.write(path, 301, PROFILES);
    if (state !== "granted") {
      const open = () => MemoryMappedMatrix.open(path, { mmap: true });
      await assertRejects(open, Error, "--allow-ffi");
      return;
    }
    using matrix = await MemoryMappedMatrix.open(path, { mmap: true });
    assertEquals(await matrix.entriesCount(), 5);
    const bytes = matrix.mmap!;
    matrix.close();
    assertEquals(bytes, Deno.readFileSync(path));
  });
});

Deno.test("MemoryMappedMatrix.close() ends reading, and can be repeated", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/m.mmm`;
    MemoryMappedMatrix.write(path, 9, [[[1, 1]]]);
    const matrix = await MemoryMappedMatrix.open(path);
    matrix.close();
    matrix.close();
    await assertRejects(() => matrix.readProfile(0), Error, "is closed");
  }));

Deno.test("MemoryMappedMatrix notices that its file changed", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/m.mmm`;
    MemoryMappedMatrix.write(path, 9, [[[1, 1]]]);
    using matrix = await MemoryMappedMatrix.open(path);
    await matrix.readProfile(0);
    Deno.truncateSync(path, 60);
    await assertRejects(() => matrix.readProfile(0), Error, "size was");
    MemoryMappedMatrix.write(path, 9, [[[1, 2]]]);
    await assertRejects(() => matrix.readProfile(0), Error, "was written to");
    Deno.removeSync(path);
    await assertRejects(() => matrix.readProfile(0), Error, "was removed");
  }));

Deno.test("MemoryMappedMatrix.open() says what is wrong with a file", async () => {
  const cases: [string, (bytes: Uint8Array) => Uint8Array, string][] = [
    ["empty", () => new Uint8Array(0), "ends in the header, at offset 0"],
    ["short", (b) => b.subarray(0, 50), "ends in the header, at offset 50"],
    ["magic", (b) => b.with(9, 0), "magic differs at offset 9"],
    ["profiles", (b) => b.with(MAGIC_SIZE, 9), "9 profiles (offset 48)"],
    ["odd end", (b) => b.subarray(0, 79), "do not fit a file of 79 bytes"],
    ["first offset", (b) => b.with(68, 9), "offset 68: the first offset is 9"],
    ["odd step", (b) => b.with(72, 63), "offset 72: it gives profile 0 an odd"],
    ["back", (b) => b.with(72, 50), "offset 72: it goes back from 56 to 50"],
    [
      "end",
      (b) => b.with(76, 72),
      "data ends at 72 and the index starts at 68",
    ],
    ["gap", (b) => b.with(76, 64), "data ends at 64 and the index starts at"],
    ["padding", (b) => b.with(67, 1), "padding at offset 67 is not zero"],
    ["gene", (b) => b.with(65, 0).with(64, 255).with(62, 50), ""],
  ];
  for (const [what, change, message] of cases) {
    const bytes = Uint8Array.from(change(LITERAL));
    const open = async () => {
      using matrix = await MemoryMappedMatrix.open(bytes);
      await matrix.entriesCount();
    };
    if (message === "") await open();
    else await assertRejects(open, SyntaxError, message, what);
  }
});

const anyBytes = matrixBytes(PROFILES, 301);

Deno.test("MemoryMappedMatrix reads or refuses any damaged file", async () => {
  const damage = fc.oneof(
    fc.nat(anyBytes.length).map((end) => anyBytes.slice(0, end)),
    fc.tuple(fc.nat(anyBytes.length - 1), fc.nat(255)).map(([at, byte]) =>
      anyBytes.with(at, byte)
    ),
  );
  await fc.assert(
    fc.asyncProperty(damage, async (bytes) => {
      try {
        using matrix = await MemoryMappedMatrix.open(bytes);
        for (let at = 0; at < matrix.profilesCount; at++) {
          const { genes, counts } = await matrix.readProfile(at);
          assert(genes.every((gene) => gene < matrix.genesCount));
          assert(counts.every((count) => count > 0));
        }
      } catch (error) {
        assert(error instanceof SyntaxError, String(error));
        assert(/offset \d+/.test(error.message), error.message);
      }
    }),
    { numRuns: 400 },
  );
});
