import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { writeDataArray } from "../../src/arrays/data_array_files.ts";
import { toDataArray } from "../../src/arrays/to_data_array.ts";
import {
  type ExportOptions,
  exportProfiles,
  type ExportSummary,
} from "../../src/exports/export_profiles.ts";
import { EXPORTERS } from "../../src/exports/registry.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import "../../src/profiles/load.ts";
import { withTempFolder } from "../helpers.ts";
import { COUNTS, makeBatch } from "../profiles/batch_fixture.ts";
import { npyCounts } from "./_containers.ts";

/** Makes a batch in a folder, and exports it there. */
async function exportBatch(
  folder: string,
  name: string,
  options: ExportOptions = {},
): Promise<ExportSummary> {
  using profiles = await Profiles.load(`${folder}/cells`);
  return await exportProfiles(profiles, `${folder}/${name}`, options);
}

function withBatch(test: (folder: string) => Promise<void>): Promise<void> {
  return withTempFolder(async (folder) => {
    await makeBatch(`${folder}/cells`);
    await test(folder);
  });
}

function filesOf(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("exportProfiles() finds the format by the name", () =>
  withBatch(async (folder) => {
    for (
      const [name, format] of [
        ["out", "tenx"],
        ["run.1", "tenx"],
        ["a.NPZ", "npz"],
        ["a.npy", "npy"],
        ["a.csv", "csv"],
        ["a.h5", "10x-h5"],
        ["a.h5ad", "h5ad"],
      ] as const
    ) assertEquals((await exportBatch(folder, name)).format, format);
    assertEquals((await exportBatch(folder, "x", { to: "npy" })).format, "npy");
    for (const name of ["a.loom", "a.tsv.gz", "a.zarr"]) {
      await assertRejects(
        () => exportBatch(folder, name),
        Error,
        "its name does not tell the format, name one of tenx, 10x-h5, h5ad, " +
          "npz, npy, csv",
      );
    }
    await assertRejects(
      () => exportBatch(folder, "y", { to: "xls" }),
      Error,
      "there is no format xls, only tenx",
    );
  }));

Deno.test("exportProfiles() writes the same bytes every time", () =>
  withBatch(async (folder) => {
    const read = (name: string) => Deno.readFileSync(`${folder}/${name}`);
    for (const ending of ["", ".npz", ".h5", ".h5ad"]) {
      for (const name of ["a", "b"]) await exportBatch(folder, name + ending);
      if (ending === "") continue;
      assertEquals(read(`a${ending}`), read(`b${ending}`), ending);
    }
    for (const file of filesOf(`${folder}/a`)) {
      assertEquals(read(`a/${file}`), read(`b/${file}`));
      assertEquals([...read(`a/${file}`).subarray(4, 8)], [0, 0, 0, 0]);
    }
  }));

Deno.test("exportProfiles() replaces an older export only when told", () =>
  withBatch(async (folder) => {
    for (const { name: to } of EXPORTERS) {
      await exportBatch(folder, `old-${to}`, { to });
      await assertRejects(
        () => exportBatch(folder, `old-${to}`, { to }),
        Error,
        "it exists already (`force` replaces it)",
      );
      await exportBatch(folder, `old-${to}`, { to, force: true });
    }
    const names = EXPORTERS.map(({ name }) => `old-${name}`).sort();
    assertEquals(filesOf(folder), ["cells", ...names]);
  }));

Deno.test("exportProfiles() replaces nothing else", () =>
  withBatch(async (folder) => {
    Deno.mkdirSync(`${folder}/mine`);
    Deno.writeTextFileSync(`${folder}/mine/notes.txt`, "mine");
    for (const name of ["mine", "mine/notes.txt"]) {
      for (const { name: to } of EXPORTERS) {
        await assertRejects(
          () => exportBatch(folder, name, { to, force: true }),
          Error,
          `Cannot replace ${folder}/${name}: it is not `,
        );
      }
    }
    assertEquals(Deno.readTextFileSync(`${folder}/mine/notes.txt`), "mine");
  }));

Deno.test("exportProfiles() refuses a destination in the container", () =>
  withBatch(async (folder) => {
    for (const name of ["cells/out", "cells/a.npz", "cells", ".", ""]) {
      await assertRejects(
        () => exportBatch(folder, name, { to: "tenx", force: true }),
        Error,
        `it overlaps with ${folder}/cells, which is exported`,
      );
    }
  }));

Deno.test("exportProfiles() leaves nothing after a failure or an abort", () =>
  withBatch(async (folder) => {
    const controller = new AbortController();
    const progress = () => controller.abort();
    const { signal } = controller;
    for (const { name: to } of EXPORTERS) {
      await assertRejects(
        () => exportBatch(folder, `out-${to}`, { to, signal, progress }),
        DOMException,
      );
    }
    const names = toDataArray(["a", "b\tc", "d"]);
    writeDataArray(`${folder}/cells`, "p.barcode", names);
    await assertRejects(
      () => exportBatch(folder, "out"),
      Error,
      `"b\\tc" of profile 1 has a tab or the end of a line in it`,
    );
    writeDataArray(`${folder}/cells`, "p.barcode", toDataArray(["a", "", "d"]));
    await assertRejects(
      () => exportBatch(folder, "out"),
      Error,
      `"" of profile 1 is empty`,
    );
    assertEquals(filesOf(folder), ["cells"]);
  }));

Deno.test("exportProfiles() hears of an abort from outside", () =>
  withBatch(async (folder) => {
    for (const { name: to } of EXPORTERS) {
      const controller = new AbortController();
      const { signal } = controller;
      setTimeout(() => controller.abort());
      await assertRejects(
        () => exportBatch(folder, `out-${to}`, { to, signal }),
        DOMException,
      );
    }
    assertEquals(filesOf(folder), ["cells"]);
  }));

Deno.test("exportProfiles() notices metadata that lie about entries", () =>
  withBatch(async (folder) => {
    const path = `${folder}/cells/profiles.yaml`;
    const text = Deno.readTextFileSync(path);
    assertStringIncludes(text, "entries_count: 4");
    const lie = text.replace("entries_count: 4", "entries_count: 5");
    Deno.writeTextFileSync(path, lie);
    await assertRejects(
      () => exportBatch(folder, "out"),
      Error,
      "it has 4 entries, and its metadata or cache say 5",
    );
    assertEquals(filesOf(folder).filter((name) => name !== "cells"), []);
  }));

Deno.test("exportProfiles() lists what the format has no place for", () =>
  withBatch(async (folder) => {
    const write = (place: string, stem: string, values: readonly string[]) =>
      writeDataArray(`${folder}/cells${place}`, stem, toDataArray(values));
    write("", "p.cluster", ["x", "y", "x"]);
    write("", "p.name", ["1", "2", "3"]);
    write("/genes", "g.id", ["E1", "E2", "E3", "E4"]);
    write("/genes", "g.chromosome", ["1", "1", "2", "X"]);
    write("/genes", "g.genome", ["hg", "hg", "hg", "hg"]);
    write("", "p.a%2Fb", ["x", "y", "x"]);
    const data = ["p.a/b", "p.cluster", "p.name"];
    const ofGenes = ["g.chromosome", "g.genome"];
    for (
      const [name, leftOut] of [
        ["out", [...ofGenes, ...data]],
        ["a.npz", [...ofGenes, "g.id", ...data]],
        ["a.csv", [...ofGenes, "g.id", ...data]],
        ["a.h5", ["g.chromosome", ...data]],
        ["a.h5ad", ["p.a/b"]],
      ] as const
    ) {
      const summary = await exportBatch(folder, name);
      assertEquals(summary.leftOut, [...leftOut], name);
      assertEquals(summary.notes, []);
    }
    const { notes } = await exportBatch(folder, "a.npy");
    assertEquals(notes.length, 1);
    assertStringIncludes(notes[0]!, "npy holds no names");
    assertEquals(npyCounts(`${folder}/a.npy`), COUNTS);
  }));

Deno.test("exportProfiles() says what is not measured and what repeats", () =>
  withBatch(async (folder) => {
    writeDataArray(
      `${folder}/cells`,
      "p.barcode",
      toDataArray(["a", "b", "a"]),
    );
    writeDataArray(`${folder}/cells`, "genes.measured", {
      kind: "number",
      dtype: "bool",
      values: Uint8Array.of(1, 1, 1, 0),
    });
    assertEquals((await exportBatch(folder, "a.csv")).notes, [
      "1 gene was not measured in all profiles: the counts are written as 0",
      "1 profile has the name of another one",
    ]);
  }));

Deno.test("exportProfiles() quotes names in a CSV file", () =>
  withBatch(async (folder) => {
    const names = toDataArray(['a,"b"', "c\nd", "e"]);
    writeDataArray(`${folder}/cells`, "p.barcode", names);
    await exportBatch(folder, "a.csv");
    assertEquals(
      Deno.readTextFileSync(`${folder}/a.csv`),
      'gene,"a,""b""","c\nd",e\n' +
        "ACTB,5,0,0\nCD3D,0,300,0\nLYZ,2,0,0\nMS4A1,0,1,0\n",
    );
    await exportBatch(folder, "b.csv", { genesIn: "columns" });
    assertEquals(
      Deno.readTextFileSync(`${folder}/b.csv`),
      "barcode,ACTB,CD3D,LYZ,MS4A1\n" +
        '"a,""b""",5,0,2,0\n"c\nd",0,300,0,1\ne,0,0,0,0\n',
    );
    await assertRejects(
      () => exportBatch(folder, "a.npz", { genesIn: "columns" }),
      TypeError,
      "only csv has a choice",
    );
  }));

Deno.test("exportProfiles() tells of the progress to the end", () =>
  withBatch(async (folder) => {
    for (const { name: to } of EXPORTERS) {
      const told: [number, number][] = [];
      const progress = (done: number, total: number) =>
        void told.push([done, total]);
      await exportBatch(folder, `out-${to}`, { to, progress });
      const [done, total] = told.at(-1)!;
      assertEquals(done, total, to);
    }
  }));
