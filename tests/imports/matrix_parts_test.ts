import { assertEquals, assertThrows } from "@std/assert";
import { MatrixParts } from "../../src/imports/matrix_parts.ts";
import { MatrixFullError } from "../../src/matrix/matrix_writer.ts";
import { MemoryMappedMatrix } from "../../src/matrix/memory_mapped_matrix.ts";
import { FileSource } from "../../src/io/file_source.ts";
import { withTempFolder } from "../helpers.ts";

const GENES = 10;

/** What a file of so many profiles with an entry each takes. */
function bytesOf(profiles: number): number {
  const pairs = 2 * profiles;
  return 56 + pairs + (-pairs & 3) + 4 * (profiles + 1);
}

function writeAll(parts: MatrixParts, profiles: number): void {
  for (let profile = 0; profile < profiles; profile++) {
    parts.write(Uint32Array.of(profile % GENES), Uint32Array.of(profile + 1));
  }
}

function filesIn(folder: string, prefix = ""): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory
      ? [
        `${prefix}${name}/`,
        ...filesIn(`${folder}/${name}`, `${prefix}${name}/`),
      ]
      : [prefix + name]
  ).sort();
}

async function countsIn(path: string): Promise<number[][]> {
  using matrix = await MemoryMappedMatrix.open(FileSource.open(path));
  const counts: number[][] = [];
  for (let profile = 0; profile < matrix.profilesCount; profile++) {
    counts.push([...(await matrix.readProfile(profile)).counts]);
  }
  return counts;
}

Deno.test("MatrixParts writes one file where all profiles fit", () =>
  withTempFolder((folder) => {
    const options = { genesCount: GENES, profilesCount: 3 };
    const parts = new MatrixParts(folder, {
      ...options,
      byteLimit: bytesOf(3),
    });
    writeAll(parts, 3);
    const [only, ...others] = parts.finish();
    assertEquals(others, []);
    assertEquals([only!.name, only!.folder, only!.firstProfile], [
      "",
      folder,
      0,
    ]);
    assertEquals(only!.matrix.uuid?.length, 36);
    assertEquals(filesIn(folder), ["gp.umis.mmm"]);
  }));

Deno.test("MatrixParts starts a part where the next profile does not fit", () =>
  withTempFolder(async (folder) => {
    const options = { genesCount: GENES, profilesCount: 7 };
    const parts = new MatrixParts(folder, {
      ...options,
      byteLimit: bytesOf(3),
    });
    writeAll(parts, 7);
    const all = parts.finish();
    const names = ["part-0001", "part-0002", "part-0003"];
    assertEquals(all.map(({ name }) => name), names);
    assertEquals(all.map(({ firstProfile }) => firstProfile), [0, 3, 6]);
    assertEquals(all.map(({ matrix }) => matrix.profilesCount), [3, 3, 1]);
    assertEquals(
      filesIn(folder),
      names.flatMap((name) => [`${name}/`, `${name}/gp.umis.mmm`]),
    );
    const counts = await Promise.all(
      names.map((name) => countsIn(`${folder}/${name}/gp.umis.mmm`)),
    );
    assertEquals(counts, [[[1], [2], [3]], [[4], [5], [6]], [[7]]]);
  }));

Deno.test("MatrixParts knows the digest of the last part alone", () =>
  withTempFolder((folder) => {
    const options = { genesCount: GENES, profilesCount: 4 };
    const parts = new MatrixParts(folder, {
      ...options,
      byteLimit: bytesOf(2),
    });
    writeAll(parts, 4);
    const known = parts.finish().map(({ matrix }) => matrix.uuid !== undefined);
    assertEquals(known, [false, true]);
  }));

Deno.test("MatrixParts refuses a profile that a file can't hold", () =>
  withTempFolder((folder) => {
    const options = { genesCount: GENES, profilesCount: 2 };
    const parts = new MatrixParts(folder, {
      ...options,
      byteLimit: bytesOf(1),
    });
    parts.write(Uint32Array.of(0), Uint32Array.of(1));
    const large = [Uint32Array.of(0, 1, 2), Uint32Array.of(1, 1, 1)] as const;
    assertThrows(() => parts.write(...large), MatrixFullError);
    parts.abort();
    assertEquals(filesIn(folder), []);
  }));

Deno.test("MatrixParts writes a file for no profiles", () =>
  withTempFolder((folder) => {
    const options = { genesCount: GENES, profilesCount: 0 };
    const [only] = new MatrixParts(folder, options).finish();
    assertEquals(only!.matrix.byteLength, 60);
    assertEquals(filesIn(folder), ["gp.umis.mmm"]);
  }));

Deno.test("MatrixParts removes all of it when it is given up", () =>
  withTempFolder((folder) => {
    for (const profiles of [0, 1, 3, 5]) {
      const options = { genesCount: GENES, profilesCount: 9 };
      const parts = new MatrixParts(folder, {
        ...options,
        byteLimit: bytesOf(2),
      });
      writeAll(parts, profiles);
      parts.abort();
      assertEquals(filesIn(folder), []);
    }
  }));

Deno.test("MatrixParts refuses to end before all profiles are there", () =>
  withTempFolder((folder) => {
    const parts = new MatrixParts(folder, { genesCount: 1, profilesCount: 2 });
    parts.write(Uint32Array.of(0), Uint32Array.of(1));
    assertThrows(() => parts.finish(), Error, "it was to have 2 profiles");
    parts.abort();
  }));
