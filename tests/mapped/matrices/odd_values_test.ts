/** Values that fit by themselves, together, or where nobody wants them. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { MappedCollection } from "../../../src/mapped/mapped_collection.ts";
import type { RowType } from "../../../src/mapped/rows.ts";
import { withTempFolder } from "../../helpers.ts";
import { dense, writeH5ad } from "../../imports/_h5ad.ts";
import { rowsOf, sparse, valuesOf } from "../_collections.ts";

const FORMATS = ["dense", "csr"] as const;

/** Rows of two columns, whose entries are repeated. */
async function withRepeats(
  use: (cells: MappedCollection, path: string) => Promise<void>,
): Promise<void> {
  await withTempFolder(async (folder) => {
    const path = `${folder}/repeats.h5ad`;
    const rows = [[40000, 40000], [100, 100, -100], [0.1, 0.2, 0.7]];
    const ends = [2, 5, 8];
    const parts = {
      indptr: [0, ...ends],
      indices: rows.flatMap((row) => row.map(() => 1)),
      data: rows.flat(),
    };
    await writeH5ad(path, sparse("csr", [3, 2], parts));
    using cells = await MappedCollection.open(path);
    await use(cells, path);
  });
}

Deno.test("getRows() adds up repeats alike in dense and sparse rows", () =>
  withRepeats(async (cells) => {
    for (const dtype of ["float16", "float32", "float64"] as const) {
      const [first, second] = await Promise.all(
        FORMATS.map((format) => cells.getRows([2, 1], { dtype, format })),
      );
      const rows = rowsOf(first!.layers["X"]!);
      assertEquals(rows, rowsOf(second!.layers["X"]!));
    }
    // What the sum is on the way does not matter.
    for (const format of FORMATS) {
      const { layers } = await cells.getRows([1], { dtype: "int8", format });
      assertEquals(rowsOf(layers["X"]!), [[0, 100]]);
    }
  }));

Deno.test("getRows() says which sum does not fit, of any type", () =>
  withRepeats(async (cells, path) => {
    for (const format of FORMATS) {
      for (const dtype of ["float16", "uint16"] as const) {
        const read = () => cells.getRows([0], { dtype, format });
        const { message } = await assertRejects(read, Error);
        const why = `row 0 add up to 80000, which does not fit ${dtype}`;
        assertStringIncludes(message, why);
        assertStringIncludes(message, path);
      }
    }
  }));

Deno.test("getRows() names the file of a value past integers of 64 bits", () =>
  withTempFolder(async (folder) => {
    const paths = ["1.h5ad", "2.h5ad"].map((name) => `${folder}/${name}`);
    for (const [at, path] of paths.entries()) {
      const tree = {
        "obs/_index": ["c0", "c1"],
        "var/_index": ["A", "B"],
        X: dense(at === 0 ? [[1, 2], [3, 4]] : [[5, -6], [7.5, 8]]),
      };
      await writeH5ad(path, { tree });
    }
    using cells = await MappedCollection.open(paths);
    const wrong: [number, RowType, string][] = [
      [2, "uint64", "a value is -6, which does not fit uint64"],
      [3, "int64", "a value is 7.5, which does not fit int64"],
    ];
    for (const [row, dtype, why] of wrong) {
      for (const format of FORMATS) {
        const read = () => cells.getRows([1, row, 0], { dtype, format });
        const { message } = await assertRejects(read, Error);
        assertEquals(message, `Cannot read ${paths[1]}: X: ${why}`);
      }
    }
  }));

Deno.test("getRows() minds no value of a row that it reads by the way", () =>
  withTempFolder(async (folder) => {
    const data = BigInt64Array.of(1n, 2n, 2n ** 60n, 4n, 5n, 6n);
    const path = `${folder}/wide.h5ad`;
    const tree = {
      "obs/_index": ["c0", "c1", "c2"],
      "var/_index": ["A", "B"],
      X: { data, shape: [3, 2] },
    };
    await writeH5ad(path, { tree });
    using cells = await MappedCollection.open(path);
    const { layers } = await cells.getRows([2, 0]);
    assertEquals(rowsOf(layers["X"]!), [[5, 6], [1, 2]]);
    assertEquals(valuesOf(await cells.get(2)), [5, 6]);
    const why = "row 1 and column 0 is 1152921504606846976, past what";
    await assertRejects(() => cells.get(1), Error, why);
  }));
