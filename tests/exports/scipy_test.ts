/** Exports as Python's scipy and numpy read them. */
import { assert, assertEquals } from "@std/assert";
import { exportProfiles } from "../../src/exports/export_profiles.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import { withTempFolder } from "../helpers.ts";
import { makeContainers, type Table, tableOf } from "./_containers.ts";

const PYTHON = "/usr/bin/python3";

const SCRIPT = `
import gzip, json, sys
import numpy, scipy.io, scipy.sparse
folder = sys.argv[1]
npz = scipy.sparse.load_npz(folder + "/out.npz")
assert npz.format == "csr" and npz.has_sorted_indices, npz
names = numpy.load(folder + "/out.npz", allow_pickle=False)
tenx = scipy.io.mmread(folder + "/out/matrix.mtx.gz").T
npy = numpy.load(folder + "/out.npy", allow_pickle=False)
scipy.sparse.save_npz(folder + "/again.npz", npz)
print(json.dumps({
    "npz": npz.toarray().tolist(),
    "dtypes": [str(npz.dtype), str(npy.dtype)],
    "profiles": names["barcodes"].tolist(),
    "genes": names["genes"].tolist(),
    "tenx": tenx.toarray().tolist(),
    "npy": npy.tolist(),
    "members": sorted(numpy.load(folder + "/again.npz").files),
}))
`;

async function hasScipy(): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(PYTHON, {
      args: ["-c", "import scipy.sparse, scipy.io"],
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false;
  }
}

const isThere = await hasScipy();
if (!isThere) console.warn(`Skipping: ${PYTHON} has no scipy`);

const CASES = {
  int32: [[[0, 300, 2, 0, 7], [0, 0, 0, 0, 0]], [[1, 0, 0, 2 ** 31 - 1, 0]]],
  int64: [[[0, 300, 2, 0, 7]], [[2 ** 32 - 1, 0, 0, 2 ** 31, 0]]],
};

for (const [dtype, batches] of Object.entries(CASES)) {
  Deno.test({
    name: `exportProfiles() writes ${dtype} that Python reads (scipy)`,
    ignore: !isThere,
    fn: () =>
      withTempFolder(async (folder) => {
        const parts = { genesCount: 5, batches, isDense: false };
        const [, , all] = await makeContainers(folder, parts);
        const expected = await exportAll(all!.path, folder);
        const found = await readByPython(folder);
        const { members, ...tables } = found;
        assertEquals(tables, {
          npz: expected.counts,
          tenx: expected.counts,
          npy: expected.counts,
          dtypes: [dtype, dtype],
          profiles: expected.profiles,
          genes: expected.genes,
        });
        const own = ["data", "format", "indices", "indptr", "shape"];
        assert(own.every((name) => (members as string[]).includes(name)));
      }),
  });
}

async function exportAll(path: string, folder: string): Promise<Table> {
  using profiles = await Profiles.load(path);
  for (const name of ["out", "out.npz", "out.npy"]) {
    await exportProfiles(profiles, `${folder}/${name}`);
  }
  return await tableOf(profiles);
}

async function readByPython(
  folder: string,
): Promise<Record<string, unknown>> {
  const { success, stdout, stderr } = await new Deno.Command(PYTHON, {
    args: ["-c", SCRIPT, folder],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}
