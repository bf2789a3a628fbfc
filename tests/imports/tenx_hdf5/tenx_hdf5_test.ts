import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { importBatch, Profiles } from "../../../mod.ts";
import { withTempFolder } from "../../helpers.ts";
import { type Hdf5Tree, linkHdf5, writeHdf5 } from "../../io/_hdf5.ts";
import {
  hdf5Error,
  importError,
  importHdf5,
  SMALL_COUNTS,
  SMALL_V3,
  smallV2,
} from "./_tenx_hdf5.ts";
import { readBatch } from "../tenx_folder.ts";

const CELLS = ["AC-1", "AG-1", "AT-1", "CA-1"];

Deno.test("TENX_HDF5 reads a file of version 3", async () => {
  const { summary, genes, profiles, counts } = await importHdf5(SMALL_V3);
  assertEquals(genes, ["A", "B", "C"]);
  assertEquals(profiles, CELLS);
  assertEquals(counts, SMALL_COUNTS);
  assertEquals(summary.format, "10x HDF5 of version 3");
  assertEquals(summary.notes, []);
});

Deno.test("TENX_HDF5 reads a file of version 2", async () => {
  const { summary, genes, profiles, counts } = await importHdf5(smallV2("mm9"));
  assertEquals(genes, ["A", "B", "C"]);
  assertEquals(profiles, CELLS);
  assertEquals(counts, SMALL_COUNTS);
  assertEquals(summary.format, "10x HDF5 of version 2");
});

Deno.test("TENX_HDF5 keeps the ids of genes", () =>
  withTempFolder(async (folder) => {
    await writeHdf5(`${folder}/source.h5`, SMALL_V3);
    await importBatch(`${folder}/source.h5`, `${folder}/batch`);
    using batch = await Profiles.load(`${folder}/batch`);
    const ids = await batch.genes.array("id", "string");
    assertEquals([...ids], ["ENSG1", "ENSG2", "AB3"]);
  }));

Deno.test("TENX_HDF5 reads a matrix in any type of integers", async () => {
  const types = [
    Int8Array,
    Uint8Array,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
  ];
  for (const type of types) {
    const { counts } = await importHdf5({
      ...SMALL_V3,
      "matrix/data": type.from([5, 2, 100, 1]),
      "matrix/indices": type.from([2, 0, 1, 2]),
      "matrix/indptr": type.from([0, 2, 3, 3, 4]),
    });
    assertEquals(counts, [[0, 2, 5], [100, 0, 0], [0, 0, 0], [0, 0, 1]]);
  }
});

Deno.test("TENX_HDF5 reads counts that are stored as other numbers", async () => {
  const counts = [5, 2, 2 ** 24, 1];
  for (
    const data of [
      Float32Array.from(counts),
      Float64Array.from(counts),
      BigInt64Array.from(counts, BigInt),
      BigUint64Array.from(counts, BigInt),
      Uint32Array.from(counts),
    ]
  ) {
    const { totals } = await importHdf5({ ...SMALL_V3, "matrix/data": data });
    assertEquals(totals, { A: 2 ** 24, B: 2, C: 6 });
  }
});

Deno.test("TENX_HDF5 reads strings of any length", async () => {
  const { genes, profiles } = await importHdf5({
    ...SMALL_V3,
    "matrix/barcodes": CELLS,
    "matrix/features/name": ["b", "A", "c"],
    "matrix/features/id": ["ENSG2", "ENSG1", "AB3"],
  });
  assertEquals(genes, ["A", "B", "C"]);
  assertEquals(profiles, CELLS);
});

Deno.test("TENX_HDF5 drops zeros and adds up repeats", async () => {
  const { summary, counts } = await importHdf5({
    ...SMALL_V3,
    "matrix/data": new Int32Array([5, 2, 0, 1]),
    "matrix/indices": new Int32Array([2, 2, 1, 2]),
  });
  assertEquals(counts, [[0, 0, 7], [0, 0, 0], [0, 0, 0], [0, 0, 1]]);
  assertEquals([summary.zerosCount, summary.repeatsCount], [1, 1]);
});

Deno.test("TENX_HDF5 reads a file without ids, and one without names", async () => {
  const noIds = await importHdf5({
    ...SMALL_V3,
    "matrix/features/id": undefined,
  });
  assertEquals(noIds.genes, ["A", "B", "C"]);
  const noNames = await importHdf5({
    ...smallV2("hg19"),
    "hg19/gene_names": undefined,
  });
  assertEquals(noNames.genes, ["AB3", "ENSG1", "ENSG2"]);
  const emptyName = await importHdf5({
    ...SMALL_V3,
    "matrix/features/name": ["b", "", "c"],
  });
  assertEquals(emptyName.genes, ["B", "C", "ENSG1"]);
});

Deno.test("TENX_HDF5 reads a file with only what is needed", async () => {
  const { counts, profiles } = await importHdf5({
    ...SMALL_V3,
    "matrix/barcodes": undefined,
    "matrix/shape": undefined,
    "matrix/features/feature_type": undefined,
    "matrix/features/genome": undefined,
  });
  assertEquals(counts, SMALL_COUNTS);
  assertEquals(profiles, ["0", "1", "2", "3"]);
});

Deno.test("TENX_HDF5 passes by what else is in a file", async () => {
  const { counts } = await importHdf5({
    ...SMALL_V3,
    "matrix/filtered_barcodes": ["AC-1"],
    "matrix/features/target_sets/panel": new Int32Array([0]),
    "matrix/features/probe_region": ["x", "y", "z"],
    "metadata/data": new Float32Array([1.5]),
    "droplets": new Float64Array([0.5]),
  });
  assertEquals(counts, SMALL_COUNTS);
});

const WITH_ANTIBODIES: Hdf5Tree = {
  ...SMALL_V3,
  "matrix/features/feature_type": [
    "Gene Expression",
    "Gene Expression",
    "Antibody Capture",
  ],
};

Deno.test("TENX_HDF5 keeps genes alone, as folders do", async () => {
  const { genes, summary } = await importHdf5(WITH_ANTIBODIES);
  assertEquals(genes, ["A", "B"]);
  assertEquals(summary.leftOutEntries, 2);
  assertEquals(summary.notes, [
    "Rows of other types than Gene Expression are left out: " +
    "Antibody Capture (1)",
    "2 entries were of rows that are left out",
  ]);
});

Deno.test("TENX_HDF5 keeps the features that are named", async () => {
  const all = await importHdf5(WITH_ANTIBODIES, { features: "all" });
  assertEquals(all.counts, SMALL_COUNTS);
  const one = { features: "antibody capture" };
  assertEquals((await importHdf5(WITH_ANTIBODIES, one)).genes, ["C"]);
  assertEquals(
    await hdf5Error(WITH_ANTIBODIES, { features: "CRISPR" }),
    "Cannot import FILE: it has no features of type CRISPR, its types are " +
      "Antibody Capture (1), Gene Expression (2); `features` names one, or all",
  );
});

Deno.test("TENX_HDF5 asks which of several genomes it is to be", async () => {
  const other = { "mm10/data": new Int32Array([1, 2, 3, 4]) };
  const tree = { ...smallV2("hg19"), ...smallV2("mm10"), ...other };
  assertEquals(
    await hdf5Error(tree),
    "Cannot import FILE: it has 2 genomes, hg19, mm10: " +
      "`genome` names the one to import",
  );
  const { totals } = await importHdf5(tree, { genome: "mm10" });
  assertEquals(totals, { A: 3, B: 2, C: 5 });
  const { counts } = await importHdf5(tree, { genome: "hg19" });
  assertEquals(counts, SMALL_COUNTS);
  assertEquals(
    await hdf5Error(tree, { genome: "hg38" }),
    "Cannot import FILE: it has no genome hg38, only hg19, mm10",
  );
  assertEquals(
    await hdf5Error(smallV2("hg19"), { genome: "mm10" }),
    "Cannot import FILE: it has no genome mm10, only hg19",
  );
});

Deno.test("TENX_HDF5 keeps one genome of version 3", async () => {
  const tree = {
    ...SMALL_V3,
    "matrix/features/genome": ["hg38", "mm10", "hg38"],
  };
  const { genes, summary } = await importHdf5(tree, { genome: "hg38" });
  assertEquals(genes, ["B", "C"]);
  assertEquals(
    summary.notes[0],
    "1 row is left out: of other genomes than hg38",
  );
  assertEquals(
    (await importHdf5(SMALL_V3, { genome: "hg38" })).genes.length,
    3,
  );
  assertEquals(
    await hdf5Error(tree, { genome: "hg19" }),
    "Cannot import FILE: it has no genome hg19, only hg38, mm10",
  );
});

Deno.test("TENX_HDF5 says of each gene which genome of several it is", () =>
  withTempFolder(async (folder) => {
    const genomes = ["hg38", "mm10", "hg38"];
    const tree = { ...SMALL_V3, "matrix/features/genome": genomes };
    await writeHdf5(`${folder}/source.h5`, tree);
    await importBatch(`${folder}/source.h5`, `${folder}/batch`);
    using batch = await Profiles.load(`${folder}/batch`);
    const genome = await batch.genes.anyArray("genome");
    assert(genome.kind === "categorical");
    assertEquals(genome.categories, ["hg38", "mm10"]);
    assertEquals([...genome.codes], [1, 0, 0]);
  }));

Deno.test("TENX_HDF5 reads any matrix, in chunks of any size", async () => {
  const cell = fc.array(
    fc.record({ row: fc.nat(4), count: fc.integer({ min: 1, max: 1000 }) }),
    { maxLength: 6 },
  );
  const matrix = fc.record({
    cells: fc.array(cell, { minLength: 1, maxLength: 6 }),
    chunk: fc.integer({ min: 1, max: 9 }),
    indexChunk: fc.integer({ min: 1, max: 9 }),
  });
  await fc.assert(
    fc.asyncProperty(matrix, async ({ cells, chunk, indexChunk }) => {
      const entries = cells.flat();
      fc.pre(entries.length > 0);
      const starts = [0];
      for (const { length } of cells) starts.push(starts.at(-1)! + length);
      const data = Int32Array.from(entries, ({ count }) => count);
      const indices = Int32Array.from(entries, ({ row }) => row);
      const { counts } = await importHdf5({
        "matrix/data": { data, chunks: [chunk], gzip: 1 },
        "matrix/indices": { data: indices, chunks: [indexChunk], gzip: 1 },
        "matrix/indptr": Int32Array.from(starts),
        "matrix/features/name": ["a", "b", "c", "d", "e"],
      });
      const expected = cells.map((cell) => {
        const row = [0, 0, 0, 0, 0];
        for (const entry of cell) row[entry.row]! += entry.count;
        return row;
      });
      assertEquals(counts, expected);
    }),
    { numRuns: 30 },
  );
});

/** Profiles that end with a piece, that go on in the next, and in several. */
const LARGE = [[130, 10_000], [130, 9990], [1, 2_200_000]] as const;

for (const [cells, entries] of LARGE) {
  Deno.test(`TENX_HDF5 reads ${cells} profiles of ${entries} entries`, () =>
    withTempFolder(async (folder) => {
      const genes = 10_000;
      const length = cells * entries;
      const data = Uint8Array.from({ length }, (_, at) => 1 + at % 7);
      const indices = Uint16Array.from({ length }, (_, at) => at % genes);
      const indptr = Uint32Array.from(
        { length: cells + 3 },
        (_, at) => Math.min(at, cells) * entries,
      );
      await writeHdf5(`${folder}/source.h5`, {
        "matrix/data": { data, chunks: [80_000], gzip: 1 },
        "matrix/indices": { data: indices, chunks: [50_000], gzip: 1 },
        "matrix/indptr": indptr,
        "matrix/features/name": Array.from(
          { length: genes },
          (_, at) => `gene${at}`,
        ),
      });
      const steps: number[] = [];
      await importBatch(`${folder}/source.h5`, `${folder}/batch`, {
        progress: (done) => steps.push(done),
      });
      assertEquals([steps[0], steps.at(-1)], [560_000, length]);
      using batch = await Profiles.load(`${folder}/batch`);
      const expected = Array.from({ length: cells + 2 }, (_, cell) => {
        const own = data.subarray(cell * entries, (cell + 1) * entries);
        return own.reduce((sum, count) => sum + count, 0);
      });
      assertEquals([...await batch.totalUmis("p")], expected);
    }));
}

Deno.test("TENX_HDF5 reads a matrix without counts", async () => {
  const { counts } = await importHdf5({
    ...SMALL_V3,
    "matrix/data": new Int32Array(0),
    "matrix/indices": new Int32Array(0),
    "matrix/indptr": new Int32Array(5),
  });
  assertEquals(counts, SMALL_COUNTS.map(() => [0, 0, 0]));
});

Deno.test("TENX_HDF5 stops when it is told to", async () => {
  const signal = AbortSignal.abort(new Error("that is enough"));
  assertEquals(await hdf5Error(SMALL_V3, { signal }), "that is enough");
});

/** What is wrong with the small file, and what the import says of it. */
const WRONG: readonly (readonly [Hdf5Tree, string])[] = [
  [
    { "matrix/data": new Int32Array([5, 2, -3, 1]) },
    "matrix/data: element 2 (profile 1) is no count: it is -3, below zero",
  ],
  [
    { "matrix/data": new Float32Array([5, 2, 3, 1.5]) },
    "matrix/data: element 3 (profile 3) is no count: it is 1.5, a fraction",
  ],
  [
    { "matrix/data": new Float64Array([NaN, 2, 3, 1]) },
    "matrix/data: element 0 (profile 0) is no count: it is not a number",
  ],
  [
    { "matrix/data": new Float64Array([1, Infinity, 3, 1]) },
    "matrix/data: element 1 (profile 0) is no count: it is infinite",
  ],
  [
    { "matrix/data": new BigInt64Array([1n, 2n, 2n ** 32n, -1n]) },
    "matrix/data: element 2 (profile 1) is no count: " +
    "it is 4294967296, more than 4294967295",
  ],
  [
    { "matrix/data": ["a", "b", "c", "d"] },
    "matrix/data: it holds string and no numbers",
  ],
  [
    { "matrix/indices": new BigInt64Array([2n, 0n, 3n, 2n]) },
    "matrix/indices: element 2 (profile 1) is 3, but there are 3 genes",
  ],
  [
    { "matrix/indices": new Int32Array([2, -1, 1, 2]) },
    "matrix/indices: element 1 (profile 0) is -1, but there are 3 genes",
  ],
  [
    { "matrix/indices": new Float32Array([2, 0, 1, 2]) },
    "matrix/indices: it holds float32 instead of integers",
  ],
  [
    { "matrix/indices": new Int32Array([2, 0, 1]) },
    "matrix/indices: it has 3 elements, and matrix/data has 4",
  ],
  [
    { "matrix/indptr": new Int32Array([0, 3, 2, 3, 4]) },
    "matrix/indptr: element 2 goes back from 3 to 2",
  ],
  [
    { "matrix/indptr": new Int32Array([1, 2, 3, 3, 4]) },
    "matrix/indptr: element 0 is 1 and not 0",
  ],
  [
    { "matrix/indptr": new Int32Array([0, 2, 3, 3, 3]) },
    "matrix/indptr: it ends at 3, but there are 4 entries",
  ],
  [
    { "matrix/indptr": new BigInt64Array([0n, 2n, 3n, 3n, 2n ** 60n]) },
    "matrix/indptr: it ends at 1152921504606847000, but there are 4 entries",
  ],
  [
    { "matrix/indptr": new Int32Array(0) },
    "matrix/indptr: it is empty",
  ],
  [
    { "matrix/shape": new Int32Array([4, 3]) },
    "matrix/shape: it says 4 x 3, but there are 3 genes and 4 profiles",
  ],
  [
    { "matrix/barcodes": ["a", "b", "c"] },
    "matrix/barcodes: it has 3 elements, and there are 4 profiles",
  ],
  [
    { "matrix/barcodes": ["a", "b", "", "d"] },
    "matrix/barcodes: element 2 is empty",
  ],
  [
    { "matrix/features/id": ["a", "b"] },
    "matrix/features/id: it has 2 of 3 values",
  ],
  [
    { "matrix/features/feature_type": ["a"] },
    "matrix/features/feature_type: it has 1 of 3 values",
  ],
  [
    {
      "matrix/features/id": ["a", "", "c"],
      "matrix/features/name": ["", "", "c"],
    },
    "matrix/features: row 1 has no id and no name",
  ],
  [
    { "matrix/features/id": undefined, "matrix/features/name": undefined },
    "matrix/features: it has neither ids nor names",
  ],
  [
    { "matrix/features/name": new Int32Array(3) },
    "matrix/features/name: it holds int32 and no strings",
  ],
  [
    { "matrix/data": { data: new Int32Array(4), shape: [2, 2] } },
    "matrix/data: it has 2 dimensions instead of one",
  ],
  [
    { "matrix/data": undefined },
    "it is not a 10x file: none of its groups has data, indices, indptr; " +
    "at its root it has matrix",
  ],
];

for (const [change, message] of WRONG) {
  Deno.test(`TENX_HDF5 refuses: ${message}`, async () => {
    const found = await hdf5Error({ ...SMALL_V3, ...change });
    assertMatch(found, /^Cannot (import|read) FILE: /);
    assertEquals(found.replace(/^Cannot (import|read) FILE: /, ""), message);
  });
}

Deno.test("TENX_HDF5 follows no link to another file", () =>
  withTempFolder(async (folder) => {
    const other = `${folder}/other`;
    await Deno.mkdir(other);
    await writeHdf5(`${other}/real.h5`, SMALL_V3);
    const tree = { ...SMALL_V3, "matrix/data": undefined };
    await Deno.mkdir(`${folder}/one`);
    const path = `${folder}/one/source.h5`;
    await writeHdf5(path, tree);
    const target = { file: `${other}/real.h5`, path: "/matrix/data" };
    await linkHdf5(path, "matrix/data", target);
    assertEquals(
      await importError(`${folder}/one`),
      "Cannot read FILE: matrix/data: it is a link to another file",
    );
  }));

Deno.test("TENX_HDF5 reads damaged files right or not at all", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/source.h5`;
    // All data are checked by gzip; strings are not, and are not compared.
    const data = Uint16Array.from({ length: 600 }, (_, at) => 1 + at % 50);
    const indices = Uint16Array.from(data, (_, at) => at * 7 % 100);
    const indptr = Uint16Array.from({ length: 7 }, (_, at) => 100 * at);
    const packed = (values: Uint16Array) => ({
      data: values,
      chunks: [values.length],
      gzip: 9,
    });
    const names = Array.from({ length: 100 }, (_, at) => `g${at}`);
    await writeHdf5(path, {
      "matrix/data": packed(data),
      "matrix/indices": packed(indices),
      "matrix/indptr": packed(indptr),
      "matrix/features/name": { data: names, dtype: "A4" },
    });
    const bytes = Deno.readFileSync(path);
    await importBatch(path, `${folder}/good`);
    const good = await readBatch(`${folder}/good`);
    await Deno.remove(`${folder}/good`, { recursive: true });
    for (const part of [0.01, 0.5, 0.99]) {
      Deno.writeFileSync(path, bytes.subarray(0, part * bytes.length));
      assertMatch(
        await importError(folder),
        /^Cannot read FILE: it is cut off/,
      );
    }
    const flip = fc.record({
      at: fc.nat(bytes.length - 1),
      by: fc.integer({ min: 1, max: 255 }),
    });
    const flips = fc.array(flip, { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(flips, async (changes) => {
        const changed = bytes.slice();
        for (const { at, by } of changes) changed[at]! ^= by;
        Deno.writeFileSync(path, changed);
        try {
          await importBatch(path, `${folder}/batch`);
        } catch (error) {
          const { message } = error as Error;
          assertMatch(message, /^Cannot (read|import) [^\n]*$/);
          return;
        }
        const { counts } = await readBatch(`${folder}/batch`);
        await Deno.remove(`${folder}/batch`, { recursive: true });
        const sums = (rows: readonly (readonly number[])[]) =>
          rows.map((row) => row.reduce((sum, count) => sum + count));
        assertEquals(sums(counts), sums(good.counts));
      }),
      { numRuns: 100 },
    );
  }));
