import { assertRejects } from "@std/assert";
import { importBatch } from "../../src/imports/import_batch.ts";
import { withTempFolder } from "../helpers.ts";
import { writeHdf5 } from "../io/_hdf5.ts";

const FILES: Readonly<Record<string, string>> = {
  "a.loom": "it is a loom file, which is not read; anndata.read_loom",
  "a.h5mu": "it is a MuData file",
  "a.h5Seurat": "it is a Seurat file",
  "a.rds": "it is an object of R, which is not read; DropletUtils",
  "a.xlsx": "it is a spreadsheet",
  "a.npz": "it is a NumPy file",
  "a.fastq.gz": "it is a file of reads",
  "GSE1_RAW.tar": "it is an archive, which is not read; unpack it",
  "a.tar.gz": "it is an archive",
  "a.csv.bz2": "it is a packed file",
  "other": "it is not a 10x MatrixMarket folder",
};

Deno.test("importBatch() names what it does not read", () =>
  withTempFolder(async (folder) => {
    for (const [name, why] of Object.entries(FILES)) {
      Deno.writeTextFileSync(`${folder}/${name}`, "x\n");
      await isRefused(folder, name, why);
    }
    Deno.mkdirSync(`${folder}/kb`);
    Deno.writeTextFileSync(`${folder}/kb/cells_x_genes.mtx`, "x\n");
    await isRefused(folder, "kb", "`genesIn` columns");
  }));

Deno.test("importBatch() waits for no pipe", () =>
  withTempFolder(async (folder) => {
    for (const name of ["a.csv", "a.h5", "a.h5ad"]) {
      const path = `${folder}/${name}`;
      await new Deno.Command("mkfifo", { args: [path] }).output();
      await isRefused(folder, name, "it is neither a file nor a folder");
    }
  }));

const HDF5: Readonly<Record<string, readonly [readonly string[], string]>> = {
  "anndata.h5": [["obs/a", "var/a", "X"], "it is an AnnData file: `from` h5ad"],
  "mu.h5": [["obs/a", "var/a", "mod/a"], "it is a MuData file"],
  "loom.h5": [["matrix", "row_attrs/a", "col_attrs/a"], "it is a loom file"],
  "molecules.h5": [["barcode_idx", "umi"], "it is a file of molecules"],
  "other.h5": [["x", "y"], "at its root it has x, y"],
};

Deno.test("importBatch() names HDF5 files that are none of 10x", () =>
  withTempFolder(async (folder) => {
    for (const [name, [paths, why]] of Object.entries(HDF5)) {
      const tree = paths.map((path) => [path, Int32Array.of(1)]);
      await writeHdf5(`${folder}/${name}`, Object.fromEntries(tree));
      await isRefused(folder, name, why);
    }
  }));

async function isRefused(
  folder: string,
  name: string,
  why: string,
): Promise<void> {
  const path = `${folder}/${name}`;
  await assertRejects(
    () => importBatch(path, `${folder}/batch`),
    Error,
    `Cannot import ${path}: ${why.startsWith("it is") ? why : ""}`,
  );
  await assertRejects(() => importBatch(path, `${folder}/batch`), Error, why);
}
