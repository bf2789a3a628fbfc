import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readDataArray } from "../../../src/arrays/data_array_files.ts";
import { Profiles } from "../../../src/profiles/profiles.ts";
import {
  COUNTS,
  CSR,
  dense,
  FRAMES,
  type H5ad,
  h5adError,
  importH5ad,
  SORTED_COUNTS,
  withMore,
} from "../_h5ad.ts";

/** The matrix by columns, from the last row up. */
const CSC: H5ad = {
  tree: {
    ...FRAMES,
    "X/data": new Uint16Array([7, 300, 1, 2]),
    "X/indices": new BigUint64Array([2n, 0n, 2n, 0n]),
    "X/indptr": new BigInt64Array([0n, 1n, 2n, 3n, 4n]),
  },
  attributes: { X: { "encoding-type": "csc_matrix", shape: [3, 4] } },
};

const FORMATS: Readonly<Record<string, H5ad>> = {
  CSR,
  CSC,
  h5sparse: {
    tree: CSR.tree,
    attributes: { X: { h5sparse_format: "csr", h5sparse_shape: [3, 4] } },
  },
  "dense floats": { tree: { ...FRAMES, X: dense(COUNTS) } },
  "dense integers": {
    tree: {
      ...FRAMES,
      X: dense(COUNTS, (values) => Int32Array.from(values)),
    },
  },
};

for (const [name, file] of Object.entries(FORMATS)) {
  Deno.test(`importBatch() reads AnnData with ${name}`, async () => {
    const { summary, ...batch } = await importH5ad(file);
    assertEquals(batch.genes, ["A", "B", "C", "D"]);
    assertEquals(batch.profiles, ["AC-1", "AG-1", "AT-1"]);
    assertEquals(batch.counts, SORTED_COUNTS);
    assertEquals(summary.format, "AnnData in HDF5");
    assertEquals(summary.notes, ["Counts are taken from X"]);
  });
}

Deno.test("importBatch() drops zeros and adds repeats of AnnData", async () => {
  const { summary, counts } = await importH5ad(withMore(CSR, {
    tree: {
      "X/data": new Float64Array([3, 0, 4, 1, 7]),
      "X/indices": new Int32Array([1, 3, 1, 2, 0]),
      "X/indptr": new Int32Array([0, 3, 3, 5]),
    },
  }));
  assertEquals(counts, [[7, 0, 0, 0], [0, 0, 0, 0], [0, 7, 0, 1]]);
  assertEquals([summary.zerosCount, summary.repeatsCount], [1, 1]);
});

const SCALED = dense([[0, -0.5, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]]);
const LOGGED = dense([[0, 0, 0, 0], [0, 0, 0, 1.5], [0, 0, 0, 0]]);

Deno.test("importBatch() takes the first matrix that holds counts", async () => {
  const { summary, counts } = await importH5ad({
    tree: {
      ...FRAMES,
      X: SCALED,
      "layers/a": LOGGED,
      "layers/b": dense(COUNTS),
    },
  });
  assertEquals(counts, SORTED_COUNTS);
  assertEquals(summary.notes, [
    "Counts are taken from layers/b, for X holds negative values, such as " +
    "-0.5 at row 0, column 1; a holds fractions, such as 1.5 at row 1, " +
    "column 3",
  ]);
});

Deno.test("importBatch() takes raw.X with its own genes", async () => {
  for (const path of ["raw/", "raw."]) {
    const { summary, genes, counts } = await importH5ad({
      tree: {
        ...FRAMES,
        X: SCALED,
        [`${path}X`]: dense([[1, 2], [0, 3], [4, 0]]),
        [`${path}var/_index`]: ["y", "x"],
      },
    });
    assertEquals(genes, ["X", "Y"]);
    assertEquals(counts, [[2, 1], [3, 0], [0, 4]]);
    assertStringIncludes(summary.notes[0]!, `Counts are taken from ${path}X, `);
  }
});

Deno.test("importBatch() takes the layer that is named", async () => {
  const file: H5ad = {
    tree: {
      ...FRAMES,
      X: dense(COUNTS.map((row) => row.map((count) => 2 * count))),
      "layers/spliced": dense(COUNTS),
      "layers/X": LOGGED,
    },
  };
  for (const layer of ["spliced", "layers/spliced"]) {
    const { counts } = await importH5ad(file, { layer });
    assertEquals(counts, SORTED_COUNTS);
  }
  assertEquals((await importH5ad(file)).counts[2], [0, 14, 0, 2]);
  assertEquals(
    await h5adError(file, { layer: "layers/X" }),
    "Cannot import FILE: it holds no counts: layers/X holds fractions, " +
      "such as 1.5 at row 1, column 3",
  );
  assertEquals(
    await h5adError(file, { layer: "counts" }),
    "Cannot import FILE: it has no layer counts, only X, layers/X, spliced",
  );
});

Deno.test("importBatch() says what holds no counts", async () => {
  const values = new Float32Array([300, 2, NaN, 7]);
  assertEquals(
    await h5adError(withMore(CSR, {
      tree: {
        "X/data": values,
        "layers/large": dense([[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 2 ** 32, 0]]),
        "layers/many": dense(
          [[Infinity, 0, 0, 0], [0], [0]].map((row) =>
            [...row, 0, 0, 0].slice(0, 4)
          ),
        ),
        "layers/text": { data: COUNTS.flat().map(String), shape: [3, 4] },
      },
    })),
    "Cannot import FILE: it holds no counts: X holds NaN at row 2, column 2; " +
      "large holds values that are too large, such as 4294967300 at row 2, " +
      "column 2; many holds infinite values, such as Infinity at row 0, " +
      "column 0; text is left out: it holds string and no numbers",
  );
  assertEquals(
    await h5adError({ tree: FRAMES }),
    "Cannot import FILE: it has no matrix: no X, no raw.X and no layers",
  );
});

Deno.test("importBatch() says which value of AnnData is no count", async () => {
  const genes = Array.from({ length: 400 }, (_, at) => `g${at}`);
  const cells = Array.from({ length: 700 }, (_, at) => `c${at}`);
  const frames = { "obs/_index": cells, "var/_index": genes };
  const values = new Float32Array(280_000).fill(1);
  values[70_001] = 2.5;
  assertEquals(
    await h5adError({
      tree: { ...frames, X: { data: values, shape: [700, 400] } },
    }),
    "Cannot read FILE: X: row 175, column 1 is no count: it is 2.5, a fraction",
  );
  for (const kind of ["csr", "csc"]) {
    const [lines, length] = kind === "csr" ? [700, 400] : [400, 700];
    assertEquals(
      await h5adError({
        tree: {
          ...frames,
          "X/data": values,
          "X/indices": Int32Array.from(values, (_, at) => at % length),
          "X/indptr": Int32Array.from(
            { length: lines + 1 },
            (_, at) => at * length,
          ),
        },
        attributes: {
          X: { "encoding-type": `${kind}_matrix`, shape: [700, 400] },
        },
      }),
      "Cannot read FILE: X/data: element 70001 " +
        (kind === "csr" ? "(row 175)" : "(column 100)") +
        " is no count: it is 2.5, a fraction",
    );
  }
});

Deno.test("importBatch() refuses AnnData whose parts do not fit", async () => {
  const cases: readonly [H5ad, string][] = [
    [
      { tree: { "X/indices": new Int32Array([1, 3, 2, 4]) } },
      "X/indices: element 3 is 4, but there are 4 columns",
    ],
    [
      { tree: { "X/indices": new Int32Array([1, 3, -2, 0]) } },
      "X/indices: element 2 is -2, but there are 4 columns",
    ],
    [
      { tree: { "X/indptr": new Int32Array([0, 3, 2, 4]) } },
      "X/indptr: element 2 goes back from 3 to 2",
    ],
    [
      { tree: { "X/indptr": new Int32Array([0, 2, 2, 3]) } },
      "X/indptr: it ends at 3, but there are 4 entries",
    ],
    [
      { tree: { "X/indptr": new Int32Array([0, 2, 4]) } },
      "X/indptr: it has 3 elements, but a csr matrix of 3 x 4 needs 4",
    ],
    [
      {
        tree: {},
        attributes: { X: { "encoding-type": "csr_matrix", shape: [3, 5] } },
      },
      "X: it is 3 x 5, but obs has 3 rows and var 4",
    ],
    [
      { tree: { "obs/_index": ["a", "b"] } },
      "X: it is 3 x 4, but obs has 2 rows and var 4",
    ],
    [
      { tree: { "obs/_index": ["a", "", "b"] } },
      "obs/_index: element 1 is empty",
    ],
    [
      { tree: { "var/_index": ["a", "b", "", "c"] } },
      "var/_index: element 2 is empty",
    ],
    [
      { tree: { "obs/x": new Int32Array(4) } },
      "obs/x: it has 4 values, but obs has 3 rows",
    ],
  ];
  for (const [more, why] of cases) {
    const message = await h5adError(withMore(CSR, more));
    assertEquals(message, `Cannot read FILE: ${why}`);
  }
  const { "obs/_index": _, ...rest } = CSR.tree;
  assertEquals(
    await h5adError({ ...CSR, tree: rest }),
    "Cannot read FILE: /: it has no obs, so it is no AnnData; " +
      "its root has X, var",
  );
});

Deno.test("importBatch() keeps the columns of AnnData", async () => {
  const file = withMore(CSR, {
    tree: {
      "var/stage/codes": new Int8Array([0, 1, -1, 0]),
      "var/stage/categories": ["late", "early"],
      "obs/n": new Float64Array([1, NaN, 3]),
      "obs/count/values": new Int32Array([5, 1, 7]),
      "obs/count/mask": new Uint8Array([0, 1, 0]),
      "obs/type/codes": new Int8Array([1, -1, 0]),
      "obs/type/categories": ["T", "B", "NK"],
      "var/chromosome": ["1", "X", "", "2"],
    },
    attributes: {
      "obs/count": { "encoding-type": "nullable-integer" },
      "obs/type": { "encoding-type": "categorical", ordered: true },
      "var/stage": { "encoding-type": "categorical", ordered: true },
    },
  });
  await importH5ad(file, {}, async (path) => {
    using batch = await Profiles.load(path);
    const ordered = await batch.anyArray("p", "type");
    assert(ordered.kind === "categorical" && ordered.ordered);
    const stage = await batch.genes.anyArray("stage");
    assert(stage.kind === "categorical" && stage.ordered);
    assertEquals(readDataArray(path, "p.n"), {
      kind: "number",
      dtype: "float64",
      values: new Float64Array([1, NaN, 3]),
    });
    const count = readDataArray(path, "p.count");
    assertEquals(
      count.kind === "number" && count.mask,
      new Uint8Array([0, 1, 0]),
    );
    const type = readDataArray(path, "p.type");
    assert(type.kind === "categorical");
    assertEquals([...type.codes], [1, -1, 0]);
    assertEquals(type.categories, ["T", "B", "NK"]);
    const genes = readDataArray(`${path}/genes`, "g.chromosome");
    assertEquals(genes.kind === "text" && genes.values, ["X", "1", "2", ""]);
  });
});

Deno.test("importBatch() renames columns of AnnData that mean something", async () => {
  const file = withMore(CSR, {
    tree: {
      "obs/total_umis": new Int32Array([9, 9, 9]),
      "obs/barcode": ["x", "y", "z"],
      "obs/Leiden": new Int8Array([1, 2, 3]),
      "obs/leiden": new Int8Array([4, 5, 6]),
      "obs/nested/deep": new Int8Array([4, 5, 6]),
      "var/name": ["1", "2", "3", "4"],
      "var/id": ["1", "2", "3", "4"],
    },
  });
  const { summary, totals } = await importH5ad(file, {}, (path) => {
    const names = [...Deno.readDirSync(path)].map(({ name }) => name);
    assertEquals(
      names.filter((name) => name.startsWith("p.")).sort(),
      [
        "p.Leiden.npy",
        "p.barcode.txt",
        "p.leiden_2.npy",
        "p.source_barcode.txt",
        "p.source_total_umis.npy",
      ],
    );
    const genes = [...Deno.readDirSync(`${path}/genes`)]
      .map(({ name }) => name).filter((name) => name.startsWith("g.")).sort();
    assertEquals(genes, [
      "g.name.txt",
      "g.source_id.txt",
      "g.source_name.txt",
    ]);
  });
  assertEquals(totals, { A: 300, B: 7, C: 2, D: 1 });
  assertEquals(summary.notes.toSorted(), [
    "Counts are taken from X",
    "The column obs/barcode is called source_barcode",
    "The column obs/leiden is called leiden_2",
    "The column obs/nested is left out: it is a group",
    "The column obs/total_umis is called source_total_umis",
    "The column var/id is called source_id",
    "The column var/name is called source_name",
  ]);
});

/** What the columns of var say genes are called, and their ids. */
const NAMINGS: readonly (readonly [
  string,
  Readonly<Record<string, string[] | Int32Array>>,
  readonly string[],
  readonly string[] | undefined,
])[] = [
  [
    "symbols alone",
    {
      _index: ["b", "A", "d", "c"],
    },
    ["A", "B", "C", "D"],
    undefined,
  ],
  [
    "ids and symbols",
    {
      _index: [
        "ENSG00000000002",
        "ENSG00000000001",
        "ENSG3",
        "ENSG00000000004",
      ],
      feature_name: ["b", "A", "", "c"],
    },
    ["A", "B", "C", "ENSG3"],
    [
      "ENSG00000000001",
      "ENSG00000000002",
      "ENSG00000000004",
      "ENSG3",
    ],
  ],
  [
    "ids alone",
    {
      _index: [2, 1, 3, 4].map((number) => `ENSMUSG0000000000${number}`),
    },
    [1, 2, 3, 4].map((number) => `ENSMUSG0000000000${number}`),
    [
      1,
      2,
      3,
      4,
    ].map((number) => `ENSMUSG0000000000${number}`),
  ],
  [
    "symbols and ids",
    {
      _index: ["b", "A", "d", "c"],
      Gene_IDs: ["i2", "i1", "i3", "i4"],
      gene_symbols: ["not", "these", "ones", "here"],
    },
    ["A", "B", "C", "D"],
    ["i1", "i2", "i4", "i3"],
  ],
  [
    "numbers and symbols",
    {
      _index: ["0", "1", "2", "3"],
      gene_name: ["b", "A", "d", "c"],
      ensembl: new Int32Array(4),
    },
    ["A", "B", "C", "D"],
    undefined,
  ],
];

for (const [what, columns, names, ids] of NAMINGS) {
  Deno.test(`importBatch() names genes of AnnData by ${what}`, async () => {
    const tree = Object.fromEntries(
      Object.entries(columns).map(([name, data]) => [`var/${name}`, data]),
    );
    const { genes } = await importH5ad(withMore(CSR, { tree }), {}, (path) => {
      const left = [...Deno.readDirSync(`${path}/genes`)].map(({ name }) =>
        name
      );
      assertEquals(left.includes("g.id.txt"), ids !== undefined);
      assertEquals(
        left.includes("g.source_index.txt"),
        columns["ensembl"] !== undefined,
      );
      if (!ids) return;
      const found = readDataArray(`${path}/genes`, "g.id");
      assertEquals(found.kind === "text" && found.values, ids);
    });
    assertEquals(genes, names);
  });
}

Deno.test("importBatch() takes the column of names that is asked for", async () => {
  const file = withMore(CSR, { tree: { "var/x": ["w", "x", "z", "y"] } });
  const { genes } = await importH5ad(file, { geneNames: "x" });
  assertEquals(genes, ["W", "X", "Y", "Z"]);
  assertEquals(
    await h5adError(file, { geneNames: "y" }),
    'Cannot import FILE: it has no names of genes "y"; there are name, x',
  );
});

Deno.test("importBatch() keeps genes of AnnData with 10x types", async () => {
  const types = ["Gene Expression", "Gene Expression", "Antibody Capture"];
  const file = withMore(CSR, {
    tree: { "var/feature_types": [...types, types[0]!] },
  });
  const { summary, genes, counts } = await importH5ad(file);
  assertEquals(genes, ["A", "B", "C"]);
  assertEquals(counts, SORTED_COUNTS.map((row) => row.slice(0, 3)));
  assertStringIncludes(summary.notes.join(), "Antibody Capture (1)");
  const all = await importH5ad(file, { features: "all" });
  assertEquals(all.counts, SORTED_COUNTS);
  const other = withMore(CSR, {
    tree: { "var/feature_type": ["protein_coding", "lncRNA", "x", "y"] },
  });
  assertEquals((await importH5ad(other)).counts, SORTED_COUNTS);
});
