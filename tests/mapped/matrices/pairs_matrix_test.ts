/** Counts of containers that do not fit, where nobody wants them. */
import { assertEquals, assertRejects } from "@std/assert";
import { writeNpy } from "../../../src/arrays/npy.ts";
import { MappedCollection } from "../../../src/mapped/mapped_collection.ts";
import { withTempFolder } from "../../helpers.ts";
import { dense, writeH5ad } from "../../imports/_h5ad.ts";
import { makeCounts, rowsOf } from "../_collections.ts";

const COUNTS = [[5, 700, 7], [0, 0, 300]];

/** As X of genes A, B and C; with bytes alone there is room for 255. */
async function makeStores(folder: string): Promise<void> {
  await makeCounts(`${folder}/pairs`, ["A", "B", "C"], COUNTS);
  await makeCounts(`${folder}/table`, ["A", "B", "C"], COUNTS);
  Deno.removeSync(`${folder}/table/gp.umis.mmm`);
  const data = Int32Array.from([0, 1, 2].flatMap((gene) => {
    return COUNTS.map((row) => row[gene]!);
  }));
  const place = `${folder}/table/gp.umis.npy`;
  writeNpy(place, { dtype: "int32", data, shape: [3, 2] });
  for (const [name, genes] of [["ca", ["C", "A"]], ["ac", ["A", "C"]]]) {
    const tree = {
      "obs/_index": ["c0"],
      "var/_index": genes as string[],
      X: dense([[1, 2]]),
    };
    await writeH5ad(`${folder}/${name}.h5ad`, { tree });
  }
}

Deno.test("PairsMatrix minds no count of a gene that the join leaves out", () =>
  withTempFolder(async (folder) => {
    await makeStores(folder);
    for (const name of ["pairs", "table"]) {
      // Genes keep their order, or they do not.
      for (const [other, row] of [["ac", [5, 7]], ["ca", [7, 5]]]) {
        const paths = [`${folder}/${other}.h5ad`, `${folder}/${name}`];
        using collection = await MappedCollection.open(paths, {
          dtype: "uint8",
        });
        for (const format of ["dense", "csr"] as const) {
          const { layers } = await collection.getRows([1], { format });
          assertEquals<unknown>(rowsOf(layers["X"]!), [row]);
          const read = () => collection.getRows([1, 2], { format });
          const text = "profile 1 has a count of 300, which does not fit uint8";
          await assertRejects(read, Error, text);
        }
      }
    }
  }));
