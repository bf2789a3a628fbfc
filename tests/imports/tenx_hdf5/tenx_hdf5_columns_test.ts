import { assertEquals, assertRejects } from "@std/assert";
import { toDataArray } from "../../../src/arrays/to_data_array.ts";
import { importBatch } from "../../../src/imports/import_batch.ts";
import "../../../src/profiles/load.ts";
import { Profiles } from "../../../src/profiles/profiles.ts";
import type { DataArray } from "../../../src/arrays/data_array.ts";
import { pythonTest, runPython } from "../../exports/_python.ts";
import { withTempFolder } from "../../helpers.ts";
import { type Hdf5Tree, writeHdf5 } from "../../io/_hdf5.ts";
import { SMALL_V3 } from "./_tenx_hdf5.ts";

/** Imports a file, and reads the columns of its genes and the notes. */
function importColumns(
  features: Hdf5Tree,
): Promise<{ columns: Record<string, DataArray>; notes: readonly string[] }> {
  return withTempFolder(async (folder) => {
    const places = Object.entries(features)
      .map(([name, data]) => [`matrix/features/${name}`, data]);
    const tree = { ...SMALL_V3, ...Object.fromEntries(places) };
    await writeHdf5(`${folder}/source.h5`, tree);
    const path = `${folder}/batch`;
    const { notes } = await importBatch(`${folder}/source.h5`, path);
    using batch = await Profiles.load(path);
    const columns: Record<string, DataArray> = {};
    for (const name of await batch.genes.availableData()) {
      if (name === "id" || name === "name") continue;
      columns[name] = await batch.genes.anyArray(name);
    }
    return { columns, notes };
  });
}

// The genes come in the order of their names: the second row, the first, and
// the third.

Deno.test("TENX_HDF5 keeps what a file says of features", async () => {
  const { columns, notes } = await importColumns({
    "pattern": ["5PNN(BC)", "^(BC)", ""],
    "probe_region": { data: ["spliced", "unspliced", "other"], dtype: "A9" },
    "is_included": new Uint8Array([1, 0, 1]),
    "weight": new Float32Array([0.5, 1, 2]),
    "total_umis": new Int32Array([7, 8, 9]),
  });
  assertEquals(columns, {
    is_included: toDataArray(Uint8Array.of(0, 1, 1)),
    pattern: toDataArray(["^(BC)", "5PNN(BC)", ""]),
    probe_region: toDataArray(["unspliced", "spliced", "other"]),
    source_total_umis: toDataArray(Int32Array.of(8, 7, 9)),
    weight: toDataArray(Float32Array.of(1, 0.5, 2)),
  });
  assertEquals(notes, []);
});

Deno.test("TENX_HDF5 leaves out columns that say nothing of what is kept", async () => {
  const { columns } = await importColumns({
    "feature_type": ["Gene Expression", "Gene Expression", "Antibody Capture"],
    "pattern": ["", "", "5PNN(BC)"],
    "read": ["", "", ""],
    "_all_tag_keys": ["genome", "pattern"],
    "other/panel": new Int32Array([0]),
  });
  assertEquals(columns, {});
});

Deno.test("TENX_HDF5 says which features a panel targets", async () => {
  const { columns, notes } = await importColumns({
    "target_sets/Gene Signature": new Int32Array([2, 0]),
    "target_sets/none": new BigInt64Array(0),
    "target_sets/odd": new Float32Array([0, 1]),
    "target_sets/deeper/panel": new Int32Array([1]),
  });
  assertEquals(columns, {
    "target_set_Gene Signature": toDataArray([false, true, true]),
    "target_set_none": toDataArray([false, false, false]),
  });
  assertEquals(notes, [
    "What is no column of features is left out: target_sets/odd",
  ]);
});

Deno.test("TENX_HDF5 refuses targets out of range", async () => {
  for (const index of [-1, 3]) {
    const panel = new Int32Array([0, index]);
    await assertRejects(
      () => importColumns({ "target_sets/panel": panel }),
      Error,
      `matrix/features/target_sets/panel: element 1 is ${index}, but there ` +
        "are 3 features",
    );
  }
});

Deno.test("TENX_HDF5 says what is no column of features", async () => {
  const { columns, notes } = await importColumns({
    "short": new Int32Array([1, 2]),
    "wide": { data: new Int32Array(6), shape: [3, 2] },
  });
  assertEquals(columns, {});
  assertEquals(notes, [
    "What is no column of features is left out: short, wide",
  ]);
});

/** A raw file of probes, as Cell Ranger writes it for fixed RNA. */
const PROBES = `
import h5py, numpy, sys
texts = lambda *values: numpy.array(values, dtype="S")
with h5py.File(sys.argv[1], "w") as file:
    file.attrs["filetype"] = "matrix"
    matrix = file.create_group("matrix")
    matrix["barcodes"] = texts("AAAC-1", "AAAG-1")
    whole = dict(chunks=(2,), compression="gzip", shuffle=True)
    matrix.create_dataset("data", data=numpy.array([5, 2, 300], "i4"), **whole)
    matrix.create_dataset("indices", data=numpy.array([0, 2, 1], "i8"), **whole)
    matrix["indptr"] = numpy.array([0, 2, 3], "i8")
    matrix["shape"] = numpy.array([3, 2], "i4")
    features = matrix.create_group("features")
    features["_all_tag_keys"] = texts("genome", "probe_region")
    features["id"] = texts("ENSG1|TSPAN6|8eab", "ENSG1|TSPAN6|9d7f", "ENSG2|DPM1|1a2b")
    features["name"] = texts("TSPAN6", "TSPAN6", "DPM1")
    features["feature_type"] = texts(*["Gene Expression"] * 3)
    features["genome"] = texts(*["GRCh38"] * 3)
    features["gene_id"] = texts("ENSG1", "ENSG1", "ENSG2")
    features.create_dataset("probe_region", data=["spliced", "unspliced", ""],
                            dtype=h5py.string_dtype())
    features["filtered_probes"] = numpy.array([True, False, True])
    features.create_group("target_sets")["panel"] = numpy.array([0, 2], "u4")
    file["matrix/filtered_barcodes"] = texts("AAAC-1")
print("null")
`;

pythonTest(
  "TENX_HDF5 reads a file of probes (h5py)",
  () =>
    withTempFolder(async (folder) => {
      const source = `${folder}/raw_probe_bc_matrix.h5`;
      await runPython(PROBES, source);
      const path = `${folder}/probes`;
      const { notes } = await importBatch(source, path);
      assertEquals(notes, ["1 gene got a suffix, for the name repeats"]);
      using batch = await Profiles.load(path);
      const { genes } = batch;
      assertEquals(await genes.names(), ["DPM1", "TSPAN6", "TSPAN6-1"]);
      assertEquals([...await batch.totalUmis("g")], [2, 5, 300]);
      assertEquals((await genes.availableData()).sort(), [
        "filtered_probes",
        "gene_id",
        "id",
        "name",
        "probe_region",
        "target_set_panel",
      ]);
      assertEquals(
        await genes.anyArray("filtered_probes"),
        toDataArray([true, true, false]),
      );
      assertEquals(
        await genes.anyArray("probe_region"),
        toDataArray(["", "spliced", "unspliced"]),
      );
      const summed = `${folder}/summed`;
      await importBatch(source, summed, { duplicateGenes: "sum" });
      using genesAlone = await Profiles.load(summed);
      assertEquals([...await genesAlone.totalUmis("g")], [2, 305]);
    }),
);
