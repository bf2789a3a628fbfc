import { assertEquals, assertStringIncludes } from "@std/assert";
import { writeDataArray } from "../../src/arrays/data_array_files.ts";
import { toDataArray } from "../../src/arrays/to_data_array.ts";
import { EXPORTERS } from "../../src/exports/registry.ts";
import { makeBatch } from "./_batch.ts";
import { type CliResult, inFolder, runCli } from "./_cli.ts";

function withBatch(
  test: (run: (...words: string[]) => Promise<CliResult>, folder: string) =>
    | Promise<void>
    | void,
): Promise<void> {
  return inFolder(async (folder) => {
    await makeBatch(`${folder}/cells`);
    const place = (word: string) =>
      word.startsWith("@") ? `${folder}/${word.slice(1)}` : word;
    await test((...words) => runCli(["export", ...words.map(place)]), folder);
  });
}

Deno.test("export writes a table and says what it is", () =>
  withBatch(async (run, folder) => {
    const { code, stdout, stderr } = await run("@cells", "@a.csv");
    assertEquals([code, stdout], [0, ""]);
    assertEquals(
      stderr,
      `${folder}/a.csv: csv, 4 profiles, 3 genes\n` +
        "note: csv has no place for g.id\n",
    );
    assertEquals(
      Deno.readTextFileSync(`${folder}/a.csv`),
      "gene,AAAC-1,AAAG-1,AACC-1,AACG-1\n" +
        "ACTB,5,0,0,1\nCD3D,2,300,0,0\nLYZ,0,0,0,7\n",
    );
    const columns = await run(
      "@cells",
      "@b",
      "--to",
      "csv",
      "--genes-in=columns",
    );
    assertEquals(columns.code, 0, columns.stderr);
    const [header] = Deno.readTextFileSync(`${folder}/b`).split("\n");
    assertEquals(header, "barcode,ACTB,CD3D,LYZ");
  }));

Deno.test("export gives back the folder of 10x that was imported", () =>
  withBatch(async (run, folder) => {
    writeDataArray(
      `${folder}/cells`,
      "p.kind",
      toDataArray(["a", "b", "a", "b"]),
    );
    const { code, stderr } = await run("@cells", "@out");
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "note: tenx has no place for p.kind\n");
    await runCli(["import", `${folder}/out`, `${folder}/again`]);
    await run("@again", "@out2");
    for (const name of ["matrix.mtx", "features.tsv", "barcodes.tsv"]) {
      const [one, other] = ["out", "out2"]
        .map((out) => Deno.readFileSync(`${folder}/${out}/${name}.gz`));
      assertEquals(one, other, name);
    }
  }));

Deno.test("export takes all formats by --to, and those of names", () =>
  withBatch(async (run, folder) => {
    const formats: readonly (readonly [string, string])[] = [
      ["tenx", "@out"],
      ["10x-h5", "@a.h5"],
      ["h5ad", "@a.h5ad"],
      ["npz", "@a.npz"],
      ["npy", "@a.npy"],
      ["csv", "@a.csv"],
    ];
    assertEquals(formats.map(([to]) => to), EXPORTERS.map(({ name }) => name));
    for (const [to, name] of formats) {
      const { code, stderr } = await run("@cells", name);
      assertEquals(code, 0, stderr);
      assertStringIncludes(stderr, `: ${to}, 4 profiles, 3 genes\n`);
      const place = `@named ${to}`;
      const named = await run("@cells", place, "--to", to);
      assertEquals(named.code, 0, named.stderr);
      if (to === "tenx") continue;
      const [one, other] = [name, place]
        .map((word) => Deno.readFileSync(`${folder}/${word.slice(1)}`));
      assertEquals(one, other, to);
    }
    for (const name of ["a.h5", "a.h5ad"]) {
      const words = ["import", `${folder}/${name}`, `${folder}/of ${name}`];
      const { code, stderr } = await runCli(words);
      assertEquals(code, 0, stderr);
      await run(`@of ${name}`, `@of ${name}.csv`);
      const [one, other] = ["a.csv", `of ${name}.csv`]
        .map((file) => Deno.readTextFileSync(`${folder}/${file}`));
      assertEquals(other, one, name);
    }
  }));

Deno.test("export replaces an export with --force alone", () =>
  withBatch(async (run) => {
    const names = ["@out", "@a.npz", "@a.npy", "@a.csv", "@a.h5", "@a.h5ad"];
    for (const name of names) {
      assertEquals((await run("@cells", name)).code, 0);
      const { code, stderr } = await run("@cells", name);
      assertEquals(code, 1);
      assertStringIncludes(stderr, "it exists already (--force replaces it)");
      assertEquals((await run("@cells", name, "--force")).code, 0);
    }
    const { code, stderr } = await run("@cells", "@cells", "--force");
    assertEquals(code, 1);
    assertStringIncludes(stderr, "it overlaps with");
  }));

Deno.test("export asks for a format that the name does not tell", () =>
  withBatch(async (run) => {
    const { code, stderr } = await run("@cells", "@a.xlsx");
    assertEquals(code, 1);
    assertStringIncludes(stderr, "its name does not tell the format");
    assertEquals((await run("@cells", "@a", "--to", "xlsx")).code, 2);
    const wrong = await run("@cells", "@a.npz", "--genes-in", "rows");
    assertEquals(wrong.code, 2);
    assertStringIncludes(
      wrong.stderr,
      "--genes-in is for csv, and not for npz",
    );
  }));
