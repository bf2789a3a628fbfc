import { assert, assertEquals, assertRejects } from "@std/assert";
import type { DataArray } from "../../src/arrays/data_array.ts";
import { writeDataArray } from "../../src/arrays/data_array_files.ts";
import { toDataArray } from "../../src/arrays/to_data_array.ts";
import { exportProfiles } from "../../src/exports/export_profiles.ts";
import { importBatch } from "../../src/imports/import_batch.ts";
import { Hdf5File } from "../../src/io/hdf5_file.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import "../../src/profiles/load.ts";
import { dataTest } from "../data.ts";
import { withTempFolder } from "../helpers.ts";
import { makeBatch } from "../profiles/batch_fixture.ts";
import { COLUMNS, writeColumns } from "./_columns.ts";

/** Exports a batch, and imports the export again. */
async function roundTrip(folder: string, name: string): Promise<Profiles> {
  using cells = await Profiles.load(`${folder}/cells`);
  await exportProfiles(cells, `${folder}/${name}`);
  await importBatch(`${folder}/${name}`, `${folder}/${name}.again`, {
    organism: "human",
    features: "all",
  });
  return await Profiles.load(`${folder}/${name}.again`);
}

/** What becomes of data that the form has no place for. */
function afterwards(name: string): DataArray {
  const data = COLUMNS[name]!;
  if (name === "text_missing") {
    return {
      kind: "categorical",
      dtype: "categorical",
      codes: Int8Array.of(1, -1, 0),
      categories: ["", "é"],
      ordered: false,
    };
  }
  if (data.kind !== "number" || !data.dtype.startsWith("float")) return data;
  if (data.mask === undefined) return data;
  const { mask: _, ...rest } = data;
  const values = data.values.slice() as Float64Array;
  values[1] = NaN;
  return { ...rest, values };
}

Deno.test("exportProfiles() and importBatch() keep all data in h5ad", () =>
  withTempFolder(async (folder) => {
    const genes = await makeBatch(`${folder}/cells`);
    await writeColumns(`${folder}/cells`);
    const ofGenes = {
      id: toDataArray(["E1", "E2", "E3", "E4"]),
      feature_type: toDataArray(["Gene Expression", "x", "x", "x"]),
      chromosome: toDataArray(Int32Array.of(1, 2, 3, 4)),
    };
    for (const [name, data] of Object.entries(ofGenes)) {
      writeDataArray(`${folder}/cells/genes`, `g.${name}`, data);
    }
    using cells = await Profiles.load(`${folder}/cells`);
    using again = await roundTrip(folder, "a.h5ad");
    assertEquals(again.genes.uuid, genes.uuid);
    assertEquals(again.metadata.uuid, cells.metadata.uuid);
    assertEquals(await again.profileNames(), await cells.profileNames());
    const names = Object.keys(COLUMNS);
    const found = await again.availableData("p");
    assertEquals(found, [...names, "barcode", "total_umis"].sort());
    for (const name of names) {
      assertEquals(await again.anyArray("p", name), afterwards(name), name);
    }
    using file = await Hdf5File.open(`${folder}/a.h5ad`);
    assertEquals(file.attributes("obs/ordered").ordered, true);
    assertEquals(file.attributes("obs/unordered").ordered, false);
    for (const name of ["id", "chromosome"] as const) {
      assertEquals(await again.anyArray("g", name), ofGenes[name], name);
    }
  }));

Deno.test("exportProfiles() and importBatch() keep what 10x HDF5 holds", () =>
  withTempFolder(async (folder) => {
    await makeBatch(`${folder}/cells`);
    const ofGenes = {
      id: ["E1", "E2", "E3", "E4"],
      feature_type: ["Gene Expression", "Antibody Capture", "x", "x"],
      genome: ["hg", "mm", "mm", "hg"],
    };
    for (const [name, texts] of Object.entries(ofGenes)) {
      const data = toDataArray(texts);
      writeDataArray(`${folder}/cells/genes`, `g.${name}`, data);
    }
    using cells = await Profiles.load(`${folder}/cells`);
    using again = await roundTrip(folder, "a.h5");
    assertEquals(again.metadata.uuid, cells.metadata.uuid);
    assertEquals(await again.genes.array("id", "string"), ofGenes.id);
    using file = await Hdf5File.open(`${folder}/a.h5`);
    const texts = (name: string) => file.dataset(`matrix/${name}`).readTexts();
    assertEquals(texts("barcodes"), ["AAAC-1", "AAAG-1", "AAAT-1"]);
    assertEquals(texts("features/genome"), ofGenes.genome);
    assertEquals(texts("features/feature_type"), ofGenes.feature_type);
    assertEquals(texts("features/_all_tag_keys"), ["genome"]);
    const type = (name: string) => file.dataset(`matrix/${name}`).typeName;
    assertEquals(
      ["data", "indices", "indptr", "shape"].map(type),
      ["int32", "int64", "int64", "int32"],
    );
  }));

Deno.test("exportProfiles() says in h5ad which genes were not measured", () =>
  withTempFolder(async (folder) => {
    await makeBatch(`${folder}/cells`);
    writeDataArray(`${folder}/cells`, "genes.measured", {
      kind: "number",
      dtype: "bool",
      values: Uint8Array.of(1, 1, 1, 0),
    });
    using again = await roundTrip(folder, "a.h5ad");
    const flags = await again.array("g", "measured", "bool");
    assertEquals(flags, Uint8Array.of(1, 1, 1, 0));
  }));

Deno.test("exportProfiles() keeps both of two columns of ids in h5ad", () =>
  withTempFolder(async (folder) => {
    await makeBatch(`${folder}/cells`);
    const write = (name: string, texts: readonly string[]) =>
      writeDataArray(`${folder}/cells/genes`, name, toDataArray(texts));
    write("g.id", ["E1", "E2", "E3", "E4"]);
    write("g.gene_ids", ["F1", "F2", "F3", "F4"]);
    using cells = await Profiles.load(`${folder}/cells`);
    const { leftOut } = await exportProfiles(cells, `${folder}/a.h5ad`);
    assertEquals(leftOut, []);
    using file = await Hdf5File.open(`${folder}/a.h5ad`);
    assertEquals(file.dataset("var/id").readTexts()[0], "E1");
    assertEquals(file.dataset("var/gene_ids").readTexts()[0], "F1");
  }));

Deno.test("exportProfiles() says what becomes of missing values in h5ad", () =>
  withTempFolder(async (folder) => {
    await makeBatch(`${folder}/cells`);
    for (const name of ["text_missing", "float32_missing", "int8_missing"]) {
      writeDataArray(`${folder}/cells`, `p.${name}`, COLUMNS[name]!);
    }
    using cells = await Profiles.load(`${folder}/cells`);
    const { notes } = await exportProfiles(cells, `${folder}/a.h5ad`);
    assertEquals(notes, [
      "p.float32_missing: numbers that are missing are written as NaN",
      "p.text_missing: texts of which some are missing are written as categories",
    ]);
  }));

Deno.test("exportProfiles() takes only types of 10x for those of features", () =>
  withTempFolder(async (folder) => {
    await makeBatch(`${folder}/cells`);
    const types = toDataArray(["lncRNA", "coding", "coding", ""]);
    writeDataArray(`${folder}/cells/genes`, "g.feature_type", types);
    using cells = await Profiles.load(`${folder}/cells`);
    const note = "g.feature_type has no types of 10x: all genes are written " +
      "as Gene Expression";
    for (const name of ["a.h5", "a"]) {
      const { notes } = await exportProfiles(cells, `${folder}/${name}`);
      assertEquals(notes, [note], name);
      await importBatch(`${folder}/${name}`, `${folder}/${name}.again`);
      using again = await Profiles.load(`${folder}/${name}.again`);
      assertEquals(again.genes.count, 4, name);
    }
    assertEquals((await exportProfiles(cells, `${folder}/a.h5ad`)).notes, []);
    using file = await Hdf5File.open(`${folder}/a.h5ad`);
    const texts = file.dataset("var/feature_type").readTexts();
    assertEquals(texts, ["lncRNA", "coding", "coding", ""]);
  }));

Deno.test("exportProfiles() refuses texts that HDF5 has no place for", () =>
  withTempFolder(async (folder) => {
    await makeBatch(`${folder}/cells`);
    const refuse = async (name: string, why: string) => {
      using cells = await Profiles.load(`${folder}/cells`);
      await assertRejects(
        () => exportProfiles(cells, `${folder}/${name}`),
        Error,
        `Cannot export ${folder}/cells: ${why}`,
      );
    };
    const write = (stem: string, texts: readonly string[]) =>
      writeDataArray(`${folder}/cells`, stem, toDataArray(texts));
    write("p.label", ["a", "b\0", "c"]);
    await refuse("a.h5ad", '"b\\u0000" of p.label 1 has a NUL in it');
    write("p.barcode", ["a", "b", "\0"]);
    await refuse("a.h5ad", '"\\u0000" of profile 2 has a NUL in it');
    await refuse("a.h5", '"\\u0000" of profile 2 has a NUL in it');
    write("p.barcode", ["a", "", "c"]);
    await refuse("a.h5", '"" of profile 1 is empty');
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assertEquals(names, ["cells"]);
  }));

dataTest(
  "exportProfiles() to HDF5 and importBatch() give the same uuids (real data)",
  (data) =>
    withTempFolder(async (folder) => {
      const source = `${data}/tenx_small/3.0.0/filtered_feature_bc_matrix.h5`;
      const { uuid } = await importBatch(source, `${folder}/cells`);
      for (const name of ["a.h5", "a.h5ad"]) {
        using again = await roundTrip(folder, name);
        assertEquals(again.metadata.uuid, uuid, name);
        assert((await again.genes.availableData()).includes("id"), name);
      }
    }),
);

Deno.test("exportProfiles() keeps ids and types over formats, each once", () =>
  withTempFolder(async (folder) => {
    await makeBatch(`${folder}/cells`);
    const ofGenes = {
      id: ["E1", "E2", "E3", "E4"],
      feature_type: ["Gene Expression", "Antibody Capture", "Peaks", "Peaks"],
    };
    for (const [name, texts] of Object.entries(ofGenes)) {
      const data = toDataArray(texts);
      writeDataArray(`${folder}/cells/genes`, `g.${name}`, data);
    }
    using again = await roundTrip(folder, "a.h5ad");
    const names = ["feature_types", "gene_ids", "id", "name", "total_umis"];
    assertEquals(await again.availableData("g"), names);
    await exportProfiles(again, `${folder}/b.h5ad`);
    const [one, other] = ["a", "b"]
      .map((name) => Deno.readFileSync(`${folder}/${name}.h5ad`));
    assertEquals(one, other);
    const { leftOut } = await exportProfiles(again, `${folder}/b.h5`);
    assertEquals(leftOut, ["g.gene_ids"]);
    using file = await Hdf5File.open(`${folder}/b.h5`);
    const texts = (name: string) => file.dataset(`matrix/${name}`).readTexts();
    assertEquals(texts("features/id"), ofGenes.id);
    assertEquals(texts("features/feature_type"), ofGenes.feature_type);
  }));
