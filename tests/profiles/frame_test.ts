import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { bytesOf, type DType, makeArray } from "../../src/arrays/dtypes.ts";
import type { AnyNpyArray } from "../../src/arrays/npy.ts";
import { Frame } from "../../src/profiles/frame.ts";
import "../../src/profiles/frame_arrow.ts";

const BYTES = Uint8Array.of(1, 0, 0, 1, 1, 1);

function makeFrame(dtype: DType, fortranOrder: boolean): Frame {
  const data = makeArray(dtype, 6);
  BYTES.forEach((byte, at) => {
    const isBig = data instanceof BigInt64Array ||
      data instanceof BigUint64Array;
    (data as { [at: number]: unknown })[at] = isBig ? BigInt(byte) : byte;
  });
  return new Frame({
    index: ["a", "b", "c"],
    columns: Int32Array.of(9, 2),
    matrix: { dtype, shape: [3, 2], fortranOrder, data } as AnyNpyArray,
  });
}

const DTYPES: readonly DType[] = [
  "bool",
  "int8",
  "uint8",
  "int16",
  "uint16",
  "int32",
  "uint32",
  "int64",
  "uint64",
  "float16",
  "float32",
  "float64",
];

for (const dtype of DTYPES) {
  Deno.test(`Frame.toArrow() makes a table of ${dtype}`, async () => {
    for (const fortranOrder of [false, true]) {
      const table = await makeFrame(dtype, fortranOrder).toArrow();
      const fields = table.schema.fields.map(({ name }) => name);
      assertEquals(fields, ["index", "9", "2"]);
      assertEquals([...table.getChild("index")!], ["a", "b", "c"]);
      const expected = fortranOrder
        ? [[1, 0, 0], [1, 1, 1]]
        : [[1, 0, 1], [0, 1, 1]];
      const columns = ["9", "2"].map((name) =>
        [...table.getChild(name)!].map(Number)
      );
      assertEquals(columns, expected);
    }
  });
}

Deno.test("Frame.toArrow() writes what other readers of Arrow take", async () => {
  const { tableFromIPC, tableToIPC } = await import("apache-arrow");
  const table = await makeFrame("float32", true).toArrow();
  const again = tableFromIPC(tableToIPC(table));
  assertEquals(again.toArray().map((row) => row!.toJSON()), [
    { index: "a", 9: 1, 2: 1 },
    { index: "b", 9: 0, 2: 1 },
    { index: "c", 9: 0, 2: 1 },
  ]);
});

Deno.test("Frame.toArrow() shares memory, takes repeats and no rows", async () => {
  const frame = makeFrame("uint32", true);
  const table = await frame.toArrow();
  const shared = table.getChild("2")!.toArray() as Uint32Array;
  assertEquals(bytesOf(shared).buffer, frame.matrix.data.buffer);
  const empty = new Frame({
    index: [],
    columns: ["x", "x", "index"],
    matrix: {
      dtype: "int8",
      shape: [0, 3],
      fortranOrder: true,
      data: new Int8Array(),
    },
  });
  const none = await empty.toArrow();
  const names = none.schema.fields.map(({ name }) => name);
  assertEquals([none.numRows, ...names], [0, "index", "x", "x", "index"]);
});

Deno.test("Frame refuses what is no table", async () => {
  const data = new Float32Array(2);
  const shape = [1, 1];
  const matrix = {
    dtype: "complex64",
    shape,
    fortranOrder: true,
    data,
  } as const;
  const frame = new Frame({ index: ["a"], columns: ["b"], matrix });
  await assertRejects(() => frame.toArrow(), TypeError, "no complex numbers");
  assertThrows(
    () => new Frame({ index: [], columns: ["b"], matrix }),
    TypeError,
    "0 rows and 1 column",
  );
});
