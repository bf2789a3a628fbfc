import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { importBatch } from "../../../src/imports/import_batch.ts";
import "../../../src/profiles/load.ts";
import { withTempFolder } from "../../helpers.ts";
import type { Hdf5Tree } from "../../io/_hdf5.ts";
import { CSR, type H5ad, importH5ad, withMore, writeH5ad } from "../_h5ad.ts";

const GENES = 7;

const COUNT = fc.oneof(
  fc.constant(0),
  fc.constant(0),
  fc.nat(3),
  fc.nat(70_000),
);
const MATRIX = fc.record({
  rows: fc.array(fc.array(COUNT, { minLength: GENES, maxLength: GENES }), {
    minLength: 1,
    maxLength: 9,
  }),
  kind: fc.constantFrom("csr", "csc", "dense"),
  values: fc.constantFrom(Float32Array, Float64Array, Int32Array, Uint32Array),
  chunk: fc.integer({ min: 1, max: 5 }),
  isPacked: fc.boolean(),
  bucketEntries: fc.integer({ min: 1, max: 12 }),
});

type Matrix = typeof MATRIX extends fc.Arbitrary<infer T> ? T : never;

Deno.test("importBatch() gives back the counts of any AnnData", async () => {
  await fc.assert(
    fc.asyncProperty(MATRIX, async (matrix) => {
      const { bucketEntries, rows } = matrix;
      const { counts } = await importH5ad(fileOf(matrix), { bucketEntries });
      assertEquals(counts, rows);
    }),
    { numRuns: 40 },
  );
});

function fileOf(matrix: Matrix): H5ad {
  const { chunk, isPacked, kind, rows } = matrix;
  const storage = {
    chunks: [chunk],
    ...isPacked && { gzip: 4 },
  };
  const tree: Hdf5Tree = {
    "obs/_index": rows.map((_, at) => `c${at}`),
    "var/_index": Array.from({ length: GENES }, (_, at) => `g${at}`),
  };
  if (kind === "dense") {
    const data = matrix.values.from(rows.flat());
    const shape = [rows.length, GENES];
    const chunks = [chunk, Math.min(chunk, GENES)];
    return { tree: { ...tree, X: { data, shape, ...storage, chunks } } };
  }
  const lines = kind === "csr" ? rows : transpose(rows);
  const entries = lines.flatMap((line) =>
    line.map((count, at) => [count, at] as const)
      .filter(([count]) => count > 0)
  );
  const starts = [0];
  for (const line of lines) {
    starts.push(starts.at(-1)! + line.filter((count) => count > 0).length);
  }
  const stored = entries.length > 0 ? storage : {};
  return {
    tree: {
      ...tree,
      "X/data": {
        data: matrix.values.from(entries.map(([count]) => count)),
        ...stored,
      },
      "X/indices": {
        data: Int32Array.from(entries, ([, at]) => at),
        ...stored,
      },
      "X/indptr": Int32Array.from(starts),
    },
    attributes: {
      X: { "encoding-type": `${kind}_matrix`, shape: [rows.length, GENES] },
    },
  };
}

function transpose(rows: readonly (readonly number[])[]): number[][] {
  return Array.from(
    { length: GENES },
    (_, gene) => rows.map((row) => row[gene]!),
  );
}

/** A little of everything, for all of it to be damaged. */
const WHOLE = withMore(CSR, {
  tree: {
    "X/data": {
      data: CSR.tree["X/data"] as Float32Array,
      chunks: [2],
      gzip: 4,
    },
    "obs/type/codes": new Int8Array([1, -1, 0]),
    "obs/type/categories": ["T", "B"],
    "obs/n": { data: new Float64Array([1, 2, 3]), chunks: [2], gzip: 1 },
    "layers/dense": {
      data: new Float32Array(12),
      shape: [3, 4],
      chunks: [2, 2],
      gzip: 1,
    },
  },
  attributes: { "obs/type": { "encoding-type": "categorical" } },
});

const CUTS = [0.01, 0.5, 0.99];

Deno.test("importBatch() takes damaged AnnData or says what is wrong", () =>
  withTempFolder(async (folder) => {
    await writeH5ad(`${folder}/whole`, WHOLE);
    const whole = Deno.readFileSync(`${folder}/whole`);
    Deno.removeSync(`${folder}/whole`);
    const damage = fc.oneof(
      fc.record({ length: fc.nat(whole.length - 1) }),
      fc.record({
        flips: fc.array(
          fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 })),
          { minLength: 1, maxLength: 3 },
        ),
      }),
    );
    await fc.assert(
      fc.asyncProperty(damage, async (how) => {
        const bytes = "length" in how
          ? whole.slice(0, how.length)
          : whole.slice();
        for (const [at, mask] of "flips" in how ? how.flips : []) {
          bytes[at]! ^= mask;
        }
        Deno.writeFileSync(`${folder}/source.h5ad`, bytes);
        await importOrFail(folder);
      }),
      { numRuns: 150, examples: CUTS.map((share) => cutAt(whole, share)) },
    );
  }));

function cutAt(whole: Uint8Array, share: number): [{ length: number }] {
  return [{ length: Math.floor(share * whole.length) }];
}

/** What is damaged and not noticed is imported; else nothing is left. */
async function importOrFail(folder: string): Promise<void> {
  const batch = `${folder}/batch`;
  const message = await importBatch(`${folder}/source.h5ad`, batch)
    .then(() => undefined, (error: Error) => error.message);
  const left = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  if (message === undefined) {
    assertEquals(left, ["batch", "source.h5ad"]);
    Deno.removeSync(batch, { recursive: true });
    return;
  }
  assertEquals(left, ["source.h5ad"]);
  assert(/^Cannot [^\n]+$/.test(message), message);
}
