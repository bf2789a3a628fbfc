/** Exports as Python's anndata and h5py read them. */
import { assertEquals } from "@std/assert";
import { writeDataArray } from "../../src/arrays/data_array_files.ts";
import { toDataArray } from "../../src/arrays/to_data_array.ts";
import { exportProfiles } from "../../src/exports/export_profiles.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import "../../src/profiles/load.ts";
import { withTempFolder } from "../helpers.ts";
import {
  BARCODES,
  COUNTS,
  makeBatch,
  NAMES,
} from "../profiles/batch_fixture.ts";
import { COLUMNS, writeColumns } from "./_columns.ts";
import { makeContainers, tableOf } from "./_containers.ts";
import { pythonTest, runPython } from "./_python.ts";

async function exportTo(path: string, ...places: string[]): Promise<void> {
  using profiles = await Profiles.load(path);
  for (const place of places) await exportProfiles(profiles, place);
}

const TABLE_SCRIPT = `
import anndata, json, sys, warnings
warnings.simplefilter("error")
data = anndata.read_h5ad(sys.argv[1])
def column(table, name):
    values = table[name]
    found = {"dtype": str(values.dtype), "values": [str(value) for value in values]}
    if found["dtype"] == "category":
        found["ordered"] = bool(values.cat.ordered)
        found["categories"] = values.cat.categories.tolist()
    return found
print(json.dumps({
    "format": data.X.format,
    "dtype": str(data.X.dtype),
    "counts": data.X.toarray().tolist(),
    "obs_names": data.obs_names.tolist(),
    "var_names": data.var_names.tolist(),
    "obs": {name: column(data.obs, name) for name in data.obs},
    "var": {name: column(data.var, name) for name in data.var},
    "empty": [len(part) for part in
              [data.layers, data.obsm, data.varm, data.obsp, data.varp, data.uns]],
}))
data.write(sys.argv[1] + ".again.h5ad")
`;

/** What pandas calls a type where values may be missing. */
function nullable(dtype: string): string {
  if (dtype === "bool") return "boolean";
  return dtype.replace(/^(u?)(i)/, (_, sign) => sign === "u" ? "UI" : "I");
}

function expectedDtype(name: string): string {
  const { dtype, kind } = COLUMNS[name]!;
  const isMissing = name.endsWith("_missing");
  if (kind === "categorical") return "category";
  if (kind === "text") return isMissing ? "category" : "object";
  return isMissing && !dtype.startsWith("float") ? nullable(dtype) : dtype;
}

pythonTest(
  "exportProfiles() writes h5ad with all columns (anndata)",
  () =>
    withTempFolder(async (folder) => {
      await makeBatch(`${folder}/cells`);
      await writeColumns(`${folder}/cells`);
      const write = (name: string, values: readonly string[]) =>
        writeDataArray(`${folder}/cells/genes`, name, toDataArray(values));
      write("g.id", ["E1", "E2", "E3", "E4"]);
      write("g.feature_type", ["Gene Expression", "a", "b", "c"]);
      await exportTo(`${folder}/cells`, `${folder}/a.h5ad`);
      const found = await runPython(TABLE_SCRIPT, `${folder}/a.h5ad`);
      const { obs, var: genes, ...rest } = found as Record<string, unknown>;
      assertEquals(rest, {
        format: "csr",
        dtype: "int32",
        counts: COUNTS,
        obs_names: BARCODES,
        var_names: NAMES,
        empty: [0, 0, 0, 0, 0, 0],
      });
      const columns = obs as Record<string, Record<string, unknown>>;
      assertEquals(Object.keys(columns), Object.keys(COLUMNS).sort());
      for (const [name, { dtype }] of Object.entries(columns)) {
        assertEquals(dtype, expectedDtype(name), name);
      }
      const values = (name: string) => columns[name]!.values;
      assertEquals(values("bool"), ["True", "False", "True"]);
      assertEquals(values("bool_missing"), ["True", "<NA>", "True"]);
      assertEquals(values("int64"), [`${-(2n ** 60n)}`, "2", "3"]);
      assertEquals(values("uint64_missing"), [
        `${2n ** 64n - 1n}`,
        "<NA>",
        "3",
      ]);
      assertEquals(values("float64_missing"), ["0.1", "nan", "nan"]);
      assertEquals(values("text"), ["é", "b", ""]);
      assertEquals(values("text_missing"), ["é", "nan", ""]);
      assertEquals(columns.ordered, {
        dtype: "category",
        values: ["a", "nan", "z"],
        ordered: true,
        categories: ["z", "a", "unused"],
      });
      assertEquals(columns.unordered!.ordered, false);
      assertEquals(
        Object.entries(genes as typeof columns).map(
          ([name, { values }]) => [name, values],
        ),
        [
          ["feature_types", ["Gene Expression", "a", "b", "c"]],
          ["gene_ids", ["E1", "E2", "E3", "E4"]],
        ],
      );
    }),
);

const COUNTS_SCRIPT = `
import anndata, h5py, json, numpy, sys
import scipy.sparse
def read_10x_h5(path):
    """As scanpy does it."""
    with h5py.File(path) as file:
        parts = {}
        def collect(group):
            for key, value in group.items():
                if isinstance(value, h5py.Dataset):
                    parts[key] = value[()]
                else:
                    collect(value)
        collect(file["matrix"])
    genes, cells = parts["shape"]
    matrix = scipy.sparse.csr_matrix(
        (parts["data"], parts["indices"], parts["indptr"]), shape=(cells, genes))
    assert parts["_all_tag_keys"].tolist() == [b"genome"]
    return {
        "dtype": str(parts["data"].dtype),
        "counts": matrix.toarray().tolist(),
        "profiles": parts["barcodes"].astype(str).tolist(),
        "genes": parts["name"].astype(str).tolist(),
        "ids": parts["id"].astype(str).tolist(),
        "types": sorted(set(parts["feature_type"].astype(str))),
    }
def read_h5ad(path):
    data = anndata.read_h5ad(path)
    assert data.X.has_sorted_indices
    return {
        "dtype": str(data.X.dtype),
        "counts": data.X.toarray().tolist(),
        "profiles": data.obs_names.tolist(),
        "genes": data.var_names.tolist(),
    }
print(json.dumps([
    {"h5ad": read_h5ad(path + ".h5ad"), "tenx": read_10x_h5(path + ".h5")}
    for path in sys.argv[1:]
]))
`;

/** What both formats hold of a container. */
async function expectedOf(path: string): Promise<unknown> {
  using profiles = await Profiles.load(path);
  const { counts, genes, profiles: names } = await tableOf(profiles);
  const isWide = counts.flat().some((count) => count >= 2 ** 31);
  const dtype = isWide ? "int64" : "int32";
  const h5ad = { dtype, counts, profiles: names, genes };
  const tenx = { ...h5ad, ids: genes, types: ["Gene Expression"] };
  return { h5ad, tenx };
}

for (
  const [dtype, batches] of Object.entries({
    int32: [[[0, 300, 2, 0, 7], [0, 0, 0, 0, 0]], [[1, 0, 0, 2 ** 31 - 1, 0]]],
    int64: [[[0, 300, 2, 0, 7]], [[2 ** 32 - 1, 0, 0, 2 ** 31, 0]]],
  })
) {
  pythonTest(
    `exportProfiles() writes HDF5 with counts of ${dtype} (anndata)`,
    () =>
      withTempFolder(async (folder) => {
        const parts = { genesCount: 5, batches, isDense: false };
        const models = await makeContainers(folder, parts);
        const places: string[] = [];
        const expected: unknown[] = [];
        for (const [at, { path }] of models.entries()) {
          const place = `${folder}/out-${at}`;
          await exportTo(path, `${place}.h5ad`, `${place}.h5`);
          places.push(place);
          expected.push(await expectedOf(path));
        }
        const found = await runPython(COUNTS_SCRIPT, ...places);
        assertEquals(found, expected);
      }),
  );
}
