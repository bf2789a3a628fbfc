import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import type { Attributes } from "../../src/anndata/nodes.ts";
import { openMatrix, type StoredMatrix } from "../../src/anndata/matrix.ts";
import type { StoredDense } from "../../src/anndata/dense_matrix.ts";
import type { StoredSparse } from "../../src/anndata/sparse_matrix.ts";
import {
  type MemoryArray,
  memoryStore,
  type MemoryTree,
} from "./_memory_store.ts";

/** [[0, 5, 0], [2, 0, 7]]. */
const CSR = {
  "X/data": new Float32Array([5, 7, 2]),
  "X/indices": new Int32Array([1, 2, 0]),
  "X/indptr": new Int32Array([0, 1, 3]),
};
const CSR_ATTRIBUTES = { "encoding-type": "csr_matrix", shape: [2, 3] };

async function openX(
  tree: MemoryTree,
  attributes: Attributes,
  shape: readonly [number, number] = [2, 3],
): Promise<StoredMatrix> {
  const store = memoryStore(tree, { X: attributes });
  const found = await openMatrix(store, (await store.root.get("X"))!, shape);
  assert("matrix" in found, JSON.stringify(found));
  return found.matrix;
}

async function openSparse(
  tree: MemoryTree = CSR,
  attributes: Attributes = CSR_ATTRIBUTES,
): Promise<StoredSparse> {
  return await openX(tree, attributes) as StoredSparse;
}

async function openDense(
  array: MemoryArray,
  shape?: readonly [number, number],
): Promise<StoredDense> {
  return await openX({ X: array }, {}, shape) as StoredDense;
}

for (
  const [name, attributes] of Object.entries({
    current: CSR_ATTRIBUTES,
    h5sparse: { h5sparse_format: "csr", h5sparse_shape: [2, 3] },
  })
) {
  Deno.test(`openMatrix() reads ${name} CSR`, async () => {
    const matrix = await openSparse(CSR, attributes);
    assertEquals(matrix.kind, "csr");
    assertEquals(matrix.shape, [2, 3]);
    assertEquals([matrix.linesCount, matrix.lineLength], [2, 3]);
    assertEquals(matrix.entriesCount, 3);
    assertEquals(matrix.typeName, "float32");
    assertEquals(await matrix.readLines(1, 2), {
      offsets: new Uint32Array([0, 2]),
      indices: new Uint32Array([2, 0]),
      values: new Float32Array([7, 2]),
    });
    assertEquals((await matrix.readLines(2, 2)).offsets, new Uint32Array(1));
  });
}

Deno.test("openMatrix() reads CSC by columns", async () => {
  const matrix = await openSparse({
    "X/data": new Uint8Array([2, 5, 7]),
    "X/indices": new BigUint64Array([1n, 0n, 1n]),
    "X/indptr": new BigInt64Array([0n, 1n, 2n, 3n]),
  }, { "encoding-type": "csc_matrix", shape: [2, 3] });
  assertEquals(matrix.kind, "csc");
  assertEquals([matrix.linesCount, matrix.lineLength], [3, 2]);
  assertEquals(await matrix.readLines(1, 3), {
    offsets: new Uint32Array([0, 1, 2]),
    indices: new Uint32Array([0, 1]),
    values: new Uint8Array([5, 7]),
  });
});

Deno.test("StoredSparse.readLines() reads any rows", async () => {
  const rows = fc.array(
    fc.array(fc.tuple(fc.nat(9), fc.nat(99)), { maxLength: 4 }),
    { minLength: 1, maxLength: 8 },
  );
  const indicesOf = fc.constantFrom(
    (values: number[]): MemoryArray => Int32Array.from(values),
    (values: number[]): MemoryArray => Uint8Array.from(values),
    (values: number[]): MemoryArray => BigInt64Array.from(values, BigInt),
  );
  await fc.assert(
    fc.asyncProperty(rows, indicesOf, fc.nat(), fc.nat(), async (
      lines,
      toIndices,
      first,
      last,
    ) => {
      const entries = lines.flat();
      const starts = [0];
      for (const line of lines) starts.push(starts.at(-1)! + line.length);
      const matrix = await openSparse({
        "X/data": Float64Array.from(entries, ([, value]) => value),
        "X/indices": toIndices(entries.map(([index]) => index)),
        "X/indptr": Int32Array.from(starts),
      }, { "encoding-type": "csr_matrix", shape: [lines.length, 10] });
      const start = first % (lines.length + 1);
      const end = start + last % (lines.length + 1 - start);
      const read = await matrix.readLines(start, end);
      const expected = lines.slice(start, end);
      assertEquals(
        expected.map((_, at) => {
          const [from, to] = [read.offsets[at]!, read.offsets[at + 1]!];
          const values = [...read.values.slice(from, to)].map(Number);
          return [...read.indices.slice(from, to)]
            .map((index, entry) => [index, values[entry]]);
        }),
        expected,
      );
    }),
    { numRuns: 50 },
  );
});

Deno.test("StoredSparse refuses parts that do not fit", async () => {
  const cases: readonly [MemoryTree, Attributes, string][] = [
    [
      {},
      { shape: [3, 3] },
      "X/indptr: it has 3 elements, but a csr matrix of 3 x 3 needs 4",
    ],
    [{}, { shape: undefined! }, "X: it does not say its shape"],
    [{}, { shape: [-2, 3] }, "X: it does not say its shape"],
    [{}, { shape: [2] }, "X: it does not say its shape"],
    [
      { "X/indices": new Int32Array(2) },
      {},
      "X/indices: it has 2 elements, and X/data has 3",
    ],
    [
      { "X/indices": new Float32Array(3) },
      {},
      "X/indices: it holds float32 instead of integers",
    ],
    [
      { "X/data": ["a", "b", "c"] },
      {},
      "X/data: it holds string instead of numbers",
    ],
    [
      { "X/indptr": { values: new Int32Array(3), shape: [3, 1] } },
      {},
      "X/indptr: it has 2 dimensions instead of one",
    ],
  ];
  for (const [tree, attributes, why] of cases) {
    const error = await assertRejects(
      () =>
        openSparse({ ...CSR, ...tree }, { ...CSR_ATTRIBUTES, ...attributes }),
      Error,
    );
    assertEquals(error.message, `Cannot read FILE: ${why}`);
  }
  const { "X/data": _, ...rest } = CSR;
  const error = await assertRejects(() => openSparse(rest), Error);
  assertEquals(error.message, "Cannot read FILE: X: it has no array data");
});

Deno.test("StoredSparse.starts() refuses what is out of order", async () => {
  const cases: readonly [number[], string][] = [
    [[1, 1, 3], "element 0 is 1 and not 0"],
    [[0, 4, 3], "element 2 goes back from 4 to 3"],
    [[0, -1, 3], "element 1 goes back from 0 to -1"],
    [[0, 1, 2], "it ends at 2, but there are 3 entries"],
  ];
  for (const [starts, why] of cases) {
    const indptr = Int32Array.from(starts);
    const matrix = await openSparse({ ...CSR, "X/indptr": indptr });
    const error = await assertRejects(() => matrix.starts(), Error);
    assertEquals(error.message, `Cannot read FILE: X/indptr: ${why}`);
  }
});

Deno.test("StoredSparse.readEntries() refuses indices out of bounds", async () => {
  for (
    const indices of [
      new Int32Array([0, 0, 3]),
      new Int32Array([0, 0, -1]),
      new Uint32Array([0, 0, 2 ** 32 - 1]),
      new Uint8Array([0, 0, 3]),
      new Int8Array([0, 0, -1]),
      new BigInt64Array([0n, 0n, -1n]),
      new BigUint64Array([0n, 0n, 2n ** 32n]),
      new BigInt64Array([0n, 0n, 3n]),
    ]
  ) {
    const matrix = await openSparse({ ...CSR, "X/indices": indices });
    await matrix.readEntries(0, 2);
    const error = await assertRejects(() => matrix.readEntries(1, 3), Error);
    assertEquals(
      error.message,
      `Cannot read FILE: X/indices: element 2 is ${indices[2]}, ` +
        "but there are 3 columns",
    );
  }
});

Deno.test("StoredSparse.readLines() refuses rows that are not there", async () => {
  const matrix = await openSparse();
  for (const [start, end] of [[-1, 1], [1, 0], [0, 3]]) {
    await assertRejects(
      () => matrix.readLines(start!, end!),
      RangeError,
      `X: it has 2 rows, and not ${start} to ${end}`,
    );
  }
});

Deno.test("openMatrix() reads dense rows", async () => {
  const values = new Int16Array([1, 2, 3, 4, 5, 6]);
  const matrix = await openDense({ values, shape: [2, 3], chunks: [1, 2] });
  assertEquals(matrix.kind, "dense");
  assertEquals(matrix.shape, [2, 3]);
  assertEquals(matrix.chunkRows, 1);
  assertEquals(await matrix.readRows(1, 2), new Int16Array([4, 5, 6]));
  await assertRejects(
    () => matrix.readRows(1, 3),
    RangeError,
    "X: it has 2 rows, and not 1 to 3",
  );
});

Deno.test("openMatrix() reads single rows and columns of old", async () => {
  const values = new Float32Array([1, 2, 3]);
  const column = await openDense(values, [3, 1]);
  assertEquals(column.shape, [3, 1]);
  assertEquals(await column.readRows(1, 3), new Float32Array([2, 3]));
  const row = await openDense(values, [1, 3]);
  assertEquals(row.shape, [1, 3]);
  assertEquals(await row.readRows(0, 1), values);
  assertEquals((await row.readRows(1, 1)).length, 0);
});

Deno.test("openMatrix() says why something is no matrix", async () => {
  const cases: readonly [MemoryTree, Attributes, string][] = [
    [{ X: ["a"] }, {}, "it holds string and no numbers"],
    [{ "X/a": ["a"] }, {}, "it is a group and no matrix"],
    [
      { "X/a": ["a"] },
      { "encoding-type": "dataframe" },
      "it is a group of the encoding dataframe and no matrix",
    ],
  ];
  for (const [tree, attributes, why] of cases) {
    const store = memoryStore(tree, { X: attributes });
    const node = (await store.root.get("X"))!;
    assertEquals(await openMatrix(store, node, [2, 3]), { why });
  }
});

Deno.test("openMatrix() refuses arrays of other dimensions", async () => {
  const store = memoryStore({
    X: { values: new Float32Array(8), shape: [2, 2, 2] },
  });
  const node = (await store.root.get("X"))!;
  const error = await assertRejects(
    () => openMatrix(store, node, [2, 2]),
    Error,
  );
  assertEquals(
    error.message,
    "Cannot read FILE: X: it has 3 dimensions instead of two",
  );
});
