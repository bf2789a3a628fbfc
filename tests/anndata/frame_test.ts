import { assertEquals, assertRejects } from "@std/assert";
import type { DataArray } from "../../src/arrays/data_array.ts";
import { type AnnDataFrame, openFrame } from "../../src/anndata/frame.ts";
import type { Attributes } from "../../src/anndata/nodes.ts";
import { memoryStore, type MemoryTree } from "./_memory_store.ts";

const NAMES = ["c1", "c2", "c3"];

async function openObs(
  tree: MemoryTree,
  attributes: Readonly<Record<string, Attributes>> = {},
): Promise<AnnDataFrame> {
  const store = memoryStore(tree, attributes);
  return await openFrame(store, (await store.root.get("obs"))!);
}

/** A frame of one column, as versions from 0.8 on write it. */
function openColumn(
  tree: MemoryTree,
  attributes: Readonly<Record<string, Attributes>> = {},
): Promise<AnnDataFrame> {
  return openObs({ "obs/_index": NAMES, ...tree }, {
    obs: {
      "encoding-type": "dataframe",
      "encoding-version": "0.2.0",
      _index: "_index",
      "column-order": ["a"],
    },
    ...attributes,
  });
}

async function readA(
  tree: MemoryTree,
  attributes: Readonly<Record<string, Attributes>> = {},
): Promise<DataArray> {
  return await (await openColumn(tree, attributes)).readColumn("a");
}

async function errorOf(
  tree: MemoryTree,
  attributes: Readonly<Record<string, Attributes>> = {},
): Promise<string> {
  const error = await assertRejects(() => readA(tree, attributes), Error);
  return error.message;
}

const CATEGORICAL = { "obs/a": { "encoding-type": "categorical" } };

Deno.test("openFrame() reads names and the order of columns", async () => {
  const frame = await openObs({
    "obs/z": new Int32Array(3),
    "obs/cell": NAMES,
    "obs/b": new Int32Array(3),
  }, { obs: { _index: "cell", "column-order": ["z", "b"] } });
  assertEquals(frame.length, 3);
  assertEquals(frame.columns, ["z", "b"]);
  assertEquals(frame.indexName, "cell");
  assertEquals(await frame.names(), NAMES);
});

Deno.test("openFrame() takes attributes as other languages write them", async () => {
  const tree = { "obs/_index": NAMES, "obs/a": new Int32Array(3) };
  for (
    const obs of [
      {},
      { "column-order": "a" },
      { _index: ["_index"], "column-order": ["a"] },
    ]
  ) {
    const frame = await openObs(tree, { obs });
    assertEquals(frame.columns, ["a"]);
    assertEquals(await frame.names(), NAMES);
  }
  const empty = await openObs(tree, { obs: { "column-order": [] } });
  assertEquals(empty.columns, []);
});

Deno.test("AnnDataFrame.names() makes texts of numbers", async () => {
  for (const values of [new BigInt64Array([0n, 7n, 12n]), [0, 7, 12]]) {
    const index = Array.isArray(values) ? Float64Array.from(values) : values;
    const frame = await openObs({ "obs/_index": index });
    assertEquals(await frame.names(), ["0", "7", "12"]);
  }
});

Deno.test("AnnDataFrame.names() reads an index of any kind", async () => {
  const masked = await openObs({
    "obs/_index/values": NAMES,
    "obs/_index/mask": [false, false, false],
  }, { "obs/_index": { "encoding-type": "nullable-string-array" } });
  assertEquals(await masked.names(), NAMES);
  const categorical = await openObs({
    "obs/_index/codes": new Int8Array([1, 0, 2]),
    "obs/_index/categories": ["c2", "c1", "c3"],
  }, { "obs/_index": { "encoding-type": "categorical" } });
  assertEquals(await categorical.names(), NAMES);
});

Deno.test("AnnDataFrame.names() refuses one that is missing", async () => {
  const frame = await openObs({
    "obs/_index/values": NAMES,
    "obs/_index/mask": [false, true, false],
  }, { "obs/_index": { "encoding-type": "nullable-string-array" } });
  const error = await assertRejects(() => frame.names(), Error);
  assertEquals(
    error.message,
    "Cannot read FILE: obs/_index: element 1 is missing",
  );
});

Deno.test("AnnDataFrame.readColumn() keeps types", async () => {
  for (
    const values of [
      new Int8Array([1, -2, 3]),
      new Uint16Array([1, 2, 3]),
      new BigInt64Array([1n, -(2n ** 60n), 3n]),
      new Float32Array([1, NaN, 3.5]),
    ]
  ) {
    const column = await readA({ "obs/a": values });
    assertEquals(column.kind === "number" && column.values, values);
  }
  assertEquals(await readA({ "obs/a": [true, false, true] }), {
    kind: "number",
    dtype: "bool",
    values: new Uint8Array([1, 0, 1]),
  });
  assertEquals(await readA({ "obs/a": ["x", "", "nan"] }), {
    kind: "text",
    dtype: "string",
    values: ["x", "", "nan"],
  });
});

for (const what of ["integer", "boolean", "string-array"]) {
  Deno.test(`AnnDataFrame.readColumn() reads nullable-${what}`, async () => {
    const values = what === "integer"
      ? new Int32Array([4, 1, 6])
      : what === "boolean"
      ? [true, false, false]
      : ["x", "", "y"];
    const attributes = { "obs/a": { "encoding-type": `nullable-${what}` } };
    const mask = [false, true, false];
    const column = await readA(
      { "obs/a/values": values, "obs/a/mask": mask },
      attributes,
    );
    assertEquals<unknown>(column, {
      ...await readA({ "obs/a": values }),
      mask: new Uint8Array([0, 1, 0]),
    });
    const whole = await readA(
      { "obs/a/values": values, "obs/a/mask": [false, false, false] },
      attributes,
    );
    assertEquals(whole, await readA({ "obs/a": values }));
  });
}

Deno.test("AnnDataFrame.readColumn() reads categories of each generation", async () => {
  const codes = new Int8Array([1, -1, 0]);
  const categories = ["x", "y", "unused"];
  const expected: DataArray = {
    kind: "categorical",
    dtype: "categorical",
    codes,
    categories,
    ordered: true,
  };
  const group = await readA({
    "obs/a/codes": codes,
    "obs/a/categories": categories,
  }, { "obs/a": { "encoding-type": "categorical", ordered: true } });
  assertEquals(group, expected);
  for (
    const link of [
      { reference: "/obs/__categories/a" },
      "__categories/a",
    ]
  ) {
    const linked = await readA({
      "obs/a": codes,
      "obs/__categories/a": categories,
    }, {
      "obs/a": { categories: link },
      "obs/__categories/a": { ordered: true },
    });
    assertEquals(linked, expected);
  }
});

Deno.test("openFrame() leaves the categories of version 0.7 out", async () => {
  const frame = await openObs({
    "obs/_index": NAMES,
    "obs/a": new Int8Array(3),
    "obs/__categories/a": ["x"],
  }, { "obs/a": { categories: "__categories/a" } });
  assertEquals(frame.columns, ["a"]);
});

Deno.test("AnnDataFrame.readColumn() takes codes of any width", async () => {
  for (
    const codes of [
      new Uint8Array([1, 0, 0]),
      new Int16Array([1, 0, -1]),
      new BigInt64Array([1n, 0n, -1n]),
    ]
  ) {
    const column = await readA({
      "obs/a/codes": codes,
      "obs/a/categories": ["x", "y"],
    }, CATEGORICAL);
    assertEquals(
      column.kind === "categorical" && [...column.codes],
      Array.from(codes as Iterable<number | bigint>, Number),
    );
  }
});

Deno.test("AnnDataFrame.readCategories() keeps numbers", async () => {
  const tree = {
    "obs/a/codes": new Int8Array([1, -1, 0]),
    "obs/a/categories": new Int32Array([9, 10]),
  };
  const frame = await openColumn(tree, CATEGORICAL);
  assertEquals(await frame.readCategories("a"), {
    kind: "number",
    dtype: "int32",
    values: new Int32Array([9, 10]),
  });
  const column = await frame.readColumn("a");
  assertEquals(column.kind === "categorical" && column.categories, ["9", "10"]);
  const plain = await openColumn({ "obs/a": NAMES });
  assertEquals(await plain.readCategories("a"), undefined);
});

Deno.test("AnnDataFrame.readColumn() does not follow links in a circle", async () => {
  const column = await readA({ "obs/a": new Int8Array([0, 5, 1]) }, {
    "obs/a": { categories: { reference: "/obs/a" } },
  }).catch((error: Error) => error.message);
  assertEquals(
    column,
    "Cannot read FILE: obs/a: element 1 is 5, but there are 3 categories",
  );
});

Deno.test("AnnDataFrame.readColumn() takes an all-missing column", async () => {
  const column = await readA({
    "obs/a/codes": new Int8Array([-1, -1, -1]),
    "obs/a/categories": [],
  }, CATEGORICAL);
  assertEquals(column.kind === "categorical" && column.categories, []);
});

Deno.test("AnnDataFrame.whyUnreadable() tells odd columns", async () => {
  const cases: readonly [MemoryTree, Record<string, Attributes>, string][] = [
    [{ "obs/a/b": NAMES }, {}, "it is a group"],
    [
      { "obs/a/b": NAMES },
      { "obs/a": { "encoding-type": "awkward-array" } },
      "it is a group of the encoding awkward-array",
    ],
    [
      { "obs/a": { values: new Int8Array(6), shape: [3, 2] } },
      {},
      "it has 2 dimensions instead of one",
    ],
    [
      { "obs/a": { fields: { r: new Float32Array(3) } } },
      {},
      "it holds compound",
    ],
    [
      { "obs/a/codes": new Int8Array(3), "obs/a/categories/b": ["x"] },
      CATEGORICAL,
      "its categories can not be read: it is a group",
    ],
  ];
  for (const [tree, attributes, why] of cases) {
    const frame = await openColumn(tree, attributes);
    assertEquals(await frame.whyUnreadable("a"), why);
    const error = await assertRejects(() => frame.readColumn("a"), Error);
    assertEquals(error.message, `Cannot read FILE: obs/a: ${why}`);
  }
  const plain = await openColumn({ "obs/a": NAMES });
  assertEquals(await plain.whyUnreadable("a"), undefined);
});

Deno.test("AnnDataFrame.readColumn() refuses parts that do not fit", async () => {
  assertEquals(
    await errorOf({ "obs/a": new Int32Array(4) }),
    "Cannot read FILE: obs/a: it has 4 values, but obs has 3 rows",
  );
  assertEquals(
    await errorOf({}),
    "Cannot read FILE: obs/a: it is missing",
  );
  assertEquals(
    await errorOf({
      "obs/a/codes": new Int8Array([0, 2, -1]),
      "obs/a/categories": ["x", "y"],
    }, CATEGORICAL),
    "Cannot read FILE: obs/a/codes: element 1 is 2, but there are 2 categories",
  );
  assertEquals(
    await errorOf({
      "obs/a/codes": new Int8Array([0, 0, -2]),
      "obs/a/categories": ["x", "y"],
    }, CATEGORICAL),
    "Cannot read FILE: obs/a/codes: element 2 is -2, " +
      "but there are 2 categories",
  );
  assertEquals(
    await errorOf({
      "obs/a/codes": new Int8Array(3),
      "obs/a/categories": ["x", "y", "x"],
    }, CATEGORICAL),
    'Cannot read FILE: obs/a/categories: element 2, "x", is there already',
  );
  assertEquals(
    await errorOf({
      "obs/a/codes": new Float32Array(3),
      "obs/a/categories": ["x"],
    }, CATEGORICAL),
    "Cannot read FILE: obs/a/codes: it is of 3 values and holds float32 " +
      "instead of codes of categories",
  );
  assertEquals(
    await errorOf({ "obs/a/codes": new Int8Array(3) }, CATEGORICAL),
    "Cannot read FILE: obs/a: it has no categories",
  );
  assertEquals(
    await errorOf({ "obs/a": new Int8Array(3) }, {
      "obs/a": { categories: { reference: "/gone" } },
    }),
    "Cannot read FILE: obs/a: its categories, gone, are missing",
  );
  const nullable = { "obs/a": { "encoding-type": "nullable-integer" } };
  assertEquals(
    await errorOf({ "obs/a/values": new Int8Array(3) }, nullable),
    "Cannot read FILE: obs/a: it has no array mask",
  );
  assertEquals(
    await errorOf({
      "obs/a/values": new Int8Array(3),
      "obs/a/mask": [true, false],
    }, nullable),
    "Cannot read FILE: obs/a/mask: it is of 2 values, and there are 3 values",
  );
});

Deno.test("AnnDataFrame.readColumn() refuses unknown columns", async () => {
  const frame = await openColumn({ "obs/a": NAMES });
  for (const name of ["b", "_index"]) {
    const error = await assertRejects(() => frame.readColumn(name), Error);
    assertEquals(
      error.message,
      `Cannot read FILE: obs: it has no column ${name}`,
    );
  }
});

Deno.test("openFrame() reads compound tables", async () => {
  const fields = {
    index: NAMES,
    n: new Float32Array([1, 2, 3]),
    type: new Int8Array([1, -1, 0]),
    other: new Int16Array([5, 0, 1]),
  };
  const frame = await openObs({
    obs: { fields },
    "uns/type_categories": ["x", "y"],
    "uns/other_categories": ["of", "var"],
    "uns/n_categories": ["no", "codes"],
  });
  assertEquals(frame.length, 3);
  assertEquals(frame.columns, ["n", "type", "other"]);
  assertEquals(await frame.names(), NAMES);
  const type = await frame.readColumn("type");
  assertEquals(type, {
    kind: "categorical",
    dtype: "categorical",
    codes: fields.type,
    categories: ["x", "y"],
    ordered: false,
  });
  for (const name of ["n", "other"] as const) {
    const column = await frame.readColumn(name);
    assertEquals(column.kind === "number" && column.values, fields[name]);
  }
});

Deno.test("openFrame() refuses what is no table", async () => {
  const cases: readonly [MemoryTree, string][] = [
    [
      { "obs/a": new Int32Array(3) },
      "obs: it does not say which column is its index",
    ],
    [{ obs: new Int32Array(3) }, "obs: it holds int32 and is no table"],
    [
      { "obs/_index/a": NAMES },
      "obs/_index: it is a group",
    ],
  ];
  for (const [tree, why] of cases) {
    const error = await assertRejects(() => openObs(tree), Error);
    assertEquals(error.message, `Cannot read FILE: ${why}`);
  }
});
