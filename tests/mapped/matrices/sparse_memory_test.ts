/** Sparse rows in memory that is given, from several stores. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import type { SparseMatrixRows } from "../../../src/mapped/rows.ts";
import { withTempFolder } from "../../helpers.ts";
import { writeH5ad } from "../../imports/_h5ad.ts";
import { FIXTURES, rowsOf, sparse, withCollection } from "../_collections.ts";

const COLUMNS = 6;

/** The entries of a row, in any order, with repeats and zeros. */
const entriesOfRow = fc.array(
  fc.record({ column: fc.nat(COLUMNS - 1), value: fc.nat(3) }),
  { maxLength: 8 },
);
const sortedRow = fc.uniqueArray(
  fc.record({ column: fc.nat(COLUMNS - 1), value: fc.nat(3) }),
  { selector: ({ column }) => column, maxLength: COLUMNS },
).map((row) => row.toSorted((left, right) => left.column - right.column));

type Entries = readonly { column: number; value: number }[];

Deno.test("getRows() puts sparse rows into memory, whatever is stored", () =>
  withTempFolder((folder) =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.array(fc.oneof(sortedRow, entriesOfRow), {
            minLength: 1,
            maxLength: 9,
          }),
          { minLength: 1, maxLength: 3 },
        ),
        fc.array(fc.nat(1000), { maxLength: 30 }),
        fc.nat(120),
        fc.record({ isSorted: fc.boolean(), keepZeros: fc.boolean() }),
        async (stores, wanted, room, { isSorted, keepZeros }) => {
          const names = stores.map((_, at) => `${at}.h5ad`);
          for (const [at, rows] of stores.entries()) {
            await writeRows(`${folder}/${at}.h5ad`, rows);
          }
          const all = stores.flat();
          const indices = wanted.map((at) => at % all.length);
          if (isSorted) indices.sort((left, right) => left - right);
          const X = {
            indices: new Int32Array(room).fill(77),
            data: new Float32Array(room).fill(77),
          };
          await withCollection(folder, names, {}, async (collection) => {
            const { layers } = await collection.getRows(indices, {
              format: "csr",
              intoSparse: { X },
              keepZeros,
            });
            const rows = layers["X"] as SparseMatrixRows;
            assertEquals(rowsOf(rows), indices.map((at) => toDense(all[at]!)));
            assertEquals(rows.indptr.at(-1), rows.indices.length);
            assertEquals(rows.data.length, rows.indices.length);
            if (!keepZeros) assert(!(rows.data as Float32Array).includes(0));
          });
        },
      ),
      { numRuns: 60 },
    )
  ));

Deno.test("getRows() uses the memory of sparse rows where there is room", () =>
  withCollection(FIXTURES, ["f1.h5ad", "f3.h5ad"], { join: null }, async (
    collection,
  ) => {
    const read = async (
      rows: readonly number[],
      room: number,
    ): Promise<readonly [used: boolean, values: readonly number[]]> => {
      const X = {
        indices: new Int32Array(room),
        data: new Float32Array(room),
      };
      const { layers } = await collection.getRows(rows, {
        format: "csr",
        intoSparse: { X },
        dtype: "float32",
      });
      const { data, indices } = layers["X"] as SparseMatrixRows;
      const isUsed = data.buffer === X.data.buffer;
      assertEquals(indices.buffer === X.indices.buffer, isUsed);
      return [isUsed, [...data as Float32Array]];
    };
    // The rows of both stores lie one behind the other.
    assertEquals(await read([0, 1, 3], 20), [true, [
      1,
      2,
      3,
      4,
      5,
      6,
      4,
      5,
      8,
    ]]);
    assertEquals(await read([0, 1, 3], 9), [true, [1, 2, 3, 4, 5, 6, 4, 5, 8]]);
    assertEquals(await read([0, 1, 3], 8), [
      false,
      [1, 2, 3, 4, 5, 6, 4, 5, 8],
    ]);
    assertEquals(await read([3, 0], 20), [false, [4, 5, 8, 1, 2, 3]]);
    assertEquals(await read([], 0), [false, []]);
  }));

Deno.test("getRows() refuses memory of another type for sparse rows", () =>
  withCollection(FIXTURES, ["f2.zarr"], {}, async (collection) => {
    const X = { indices: new Int32Array(9), data: new Float64Array(9) };
    const options = { format: "csr", intoSparse: { X } } as const;
    await assertRejects(
      () => collection.getRows([0], { ...options, dtype: "float32" }),
      TypeError,
      "Cannot read X into a Float64Array: its type is float32",
    );
    const wide = { indices: X.indices, data: new BigInt64Array(9) };
    const { layers } = await collection.getRows([0], {
      format: "csr",
      dtype: "int64",
      intoSparse: { X: wide },
    });
    assertEquals(layers["X"]!.data, BigInt64Array.of(1n, 2n, 5n));
  }));

Deno.test("getRows() says which index is out of bounds, in memory too", () =>
  withTempFolder(async (folder) => {
    const rows = [[{ column: 1, value: 1 }], [
      { column: 2, value: 1 },
      { column: COLUMNS, value: 1 },
    ]];
    await writeRows(`${folder}/wrong.h5ad`, rows);
    await withCollection(folder, ["wrong.h5ad"], {}, async (collection) => {
      const message = `X/indices: element 2 is ${COLUMNS}, ` +
        `but there are ${COLUMNS} columns`;
      for (const rows of [[0, 1], [1], [1, 0]]) {
        const read = () => collection.getRows(rows, { format: "csr" });
        await assertRejects(read, Error, message);
      }
      await collection.getRows([0], { format: "csr" });
    });
    // Another store has that column.
    const names = ["wrong.h5ad", "wide.h5ad"];
    await writeRows(`${folder}/wide.h5ad`, [[]], COLUMNS + 3);
    await withCollection(folder, names, { join: null }, async (collection) => {
      const read = () => collection.getRows([1, 2], { format: "csr" });
      const message = `element 2 is ${COLUMNS}, but there are ${COLUMNS}`;
      await assertRejects(read, Error, message);
    });
  }));

async function writeRows(
  path: string,
  rows: readonly Entries[],
  columns = COLUMNS,
): Promise<void> {
  const indptr = [0];
  for (const row of rows) indptr.push(indptr.at(-1)! + row.length);
  const entries = rows.flat();
  await writeH5ad(
    path,
    sparse("csr", [rows.length, columns], {
      indptr,
      indices: entries.map(({ column }) => column),
      data: entries.map(({ value }) => value),
    }),
  );
}

/** Repeats add up. */
function toDense(row: Entries): number[] {
  const dense: number[] = Array(COLUMNS).fill(0);
  for (const { column, value } of row) dense[column]! += value;
  return dense;
}
