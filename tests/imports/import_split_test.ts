import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { importBatch } from "../../src/imports/import_batch.ts";
import type { ImportOptions } from "../../src/imports/import_batch.ts";
import { GenesSet } from "../../src/genes/genes_set.ts";
import "../../src/profiles/load.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import { ProfilesCollection } from "../../src/profiles/profiles_collection.ts";
import { verifyContainer } from "../../src/profiles/verify.ts";
import { withTempFolder } from "../helpers.ts";
import { writeHdf5 } from "../io/_hdf5.ts";
import {
  type FolderFiles,
  importError,
  importFiles,
  mtx,
  readBatch,
  writeFiles,
} from "./tenx_folder.ts";

const GENES = 5;

/** Counts by cell and gene, and the order of the entries in the file. */
const MATRIX = fc.record({
  cells: fc.array(
    fc.record({
      lane: fc.constantFrom<string>("a", "b", "c"),
      counts: fc.array(
        fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 600 })),
        { minLength: GENES, maxLength: GENES },
      ),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  isShuffled: fc.boolean(),
  matrixBytes: fc.integer({ min: 100, max: 240 }),
  bucketEntries: fc.integer({ min: 1, max: 12 }),
});

type Matrix = typeof MATRIX extends fc.Arbitrary<infer T> ? T : never;

function filesOf({ cells, isShuffled }: Matrix): FolderFiles {
  const lines = cells.flatMap(({ counts }, cell) =>
    counts.map((count, gene) => `${gene + 1} ${cell + 1} ${count}`)
  );
  // By gene the cells start again, which is found out after some were written.
  const order = isShuffled
    ? lines.toSorted((left, right) => left < right ? -1 : 1)
    : lines;
  const barcodes = cells.map(({ lane }, cell) => `${lane}.${cell}\n`);
  return {
    "genes.tsv": Array.from({ length: GENES }, (_, at) => `G${at}\n`).join(""),
    "barcodes.tsv": barcodes.join(""),
    "matrix.mtx": mtx(GENES, cells.length, order),
  };
}

/** Writes files, imports them and hands over the container. */
function withImported<T>(
  files: FolderFiles,
  options: ImportOptions,
  use: (path: string, folder: string) => Promise<T>,
): Promise<T> {
  return withTempFolder(async (folder) => {
    writeFiles(`${folder}/source`, files);
    await importBatch(`${folder}/source`, `${folder}/cells`, options);
    return await use(`${folder}/cells`, folder);
  });
}

/** What a start that was void made is gone. */
function foldersIn(path: string): string[] {
  return [...Deno.readDirSync(path)]
    .filter(({ isDirectory, name }) => isDirectory && name !== "cache").map((
      { name },
    ) => name).sort();
}

async function partsOf(path: string): Promise<string[]> {
  using profiles = await Profiles.load(path);
  if (!(profiles instanceof ProfilesCollection)) return [];
  return [...profiles.indexByName.keys()];
}

Deno.test("importBatch() in parts equals the whole", async () => {
  await fc.assert(
    fc.asyncProperty(MATRIX, async (matrix) => {
      const { bucketEntries, matrixBytes } = matrix;
      const files = filesOf(matrix);
      const whole = await importFiles(files, { bucketEntries });
      const split = await importFiles(files, { bucketEntries, matrixBytes });
      const { summary: wholeSummary, ...expected } = whole;
      const { summary, ...found } = split;
      assertEquals(found, expected);
      assertEquals(summary.entriesCount, wholeSummary.entriesCount);
      assertEquals(summary.zerosCount, wholeSummary.zerosCount);
      assertEquals(summary.members.length !== 0, summary.members.length > 1);
      for (const { byteLength } of summary.members) {
        assert(byteLength <= matrixBytes);
      }
    }),
    { numRuns: 30 },
  );
});

Deno.test("importBatch() of lanes equals what each lane alone has", async () => {
  await fc.assert(
    fc.asyncProperty(MATRIX, async (matrix) => {
      const { bucketEntries, cells, matrixBytes } = matrix;
      const options = { bucketEntries, matrixBytes, splitLanes: "^(\\w)\\." };
      await withImported(filesOf(matrix), options, async (path) => {
        using profiles = await Profiles.load(path);
        const lanes = [...new Set(cells.map(({ lane }) => lane))];
        const { indexByName } = profiles as ProfilesCollection;
        assertEquals([...indexByName.keys()], lanes);
        for (const lane of lanes) {
          const own = cells.map((cell, at) => ({ ...cell, at }))
            .filter((cell) => cell.lane === lane);
          const { counts, profiles } = await readBatch(`${path}/${lane}`);
          assertEquals(counts, own.map(({ counts }) => counts));
          assertEquals(profiles, own.map(({ at }) => `${lane}.${at}`));
          const parts = foldersIn(`${path}/${lane}`);
          assertEquals(parts, await partsOf(`${path}/${lane}`));
        }
      });
    }),
    { numRuns: 30 },
  );
});

const SEVEN: Matrix = {
  cells: ["a", "b", "a", "b", "b", "a", "b"]
    .map((lane, cell) => ({ lane, counts: [cell + 1, 0, 0, 0, 300] })),
  isShuffled: false,
  matrixBytes: 96,
  bucketEntries: 10,
};

Deno.test("importBatch() makes parts that do not show", () =>
  withImported(filesOf(SEVEN), { matrixBytes: 96 }, async (path) => {
    using cells = await Profiles.load(path);
    assert(cells instanceof ProfilesCollection);
    assertEquals([...cells.indexByName.keys()], [
      "part-0001",
      "part-0002",
      "part-0003",
    ]);
    assertEquals(
      await cells.profileNames(),
      ["a.0", "b.1", "a.2", "b.3", "b.4", "a.5", "b.6"],
    );
    assertEquals(await cells.profileName(5), "a.5");
    assertEquals(cells.genes.full.place, `${path}/genes`);
    assertEquals([...Deno.readDirSync(path)].map(({ name }) => name).sort(), [
      "genes",
      "part-0001",
      "part-0002",
      "part-0003",
      "profiles.yaml",
    ]);
    const { problems } = await verifyContainer(path, { deep: true });
    assertEquals(problems, []);
  }));

Deno.test("importBatch() makes lanes of parts, over one genes set", () => {
  const options = { matrixBytes: 96, splitLanes: "^(\\w)\\.(?<cell>\\d)" };
  return withImported(filesOf(SEVEN), options, async (path) => {
    using cells = await Profiles.load(path);
    assertEquals(
      await cells.profileNames(),
      ["a:a.0", "a:a.2", "a:a.5", "b:b.1", "b:b.3", "b:b.4", "b:b.6"],
    );
    assertEquals(
      [...await cells.array("p", "cell", "string")],
      ["0", "2", "5", "1", "3", "4", "6"],
    );
    assertEquals([...Deno.readDirSync(`${path}/b`)].length, 3);
    const { problems } = await verifyContainer(path, { deep: true });
    assertEquals(problems, []);
    // What can be moved has no absolute paths in it.
    await Deno.rename(path, `${path}-moved`);
    using moved = await Profiles.load(`${path}-moved`);
    assertEquals(moved.genes.full.place, `${path}-moved/genes`);
  });
});

Deno.test("importBatch() writes the batches that each lane would be", () =>
  withImported(filesOf(SEVEN), { splitLanes: "^(.)" }, async (path, folder) => {
    const genesSet = await GenesSet.load(`${path}/genes`) as GenesSet;
    for (const lane of ["a", "b"]) {
      const cells = SEVEN.cells.filter((cell) => cell.lane === lane);
      const alone = { ...SEVEN, cells };
      writeFiles(`${folder}/${lane}`, filesOf(alone));
      const written = `${folder}/${lane}-alone`;
      const { uuid } = await importBatch(`${folder}/${lane}`, written, {
        genesSet,
      });
      using member = await Profiles.load(`${path}/${lane}`);
      assertEquals(member.metadata.uuid, uuid);
    }
  }));

Deno.test("importBatch() says what lanes and parts it made", async () => {
  const options = { matrixBytes: 96, splitLanes: "^(.)" };
  const { summary } = await importFiles(filesOf(SEVEN), options);
  const { members, notes } = summary;
  assertEquals(
    members.map((member) => [
      member.name,
      member.profilesCount,
      member.entriesCount,
      member.totalUmis,
      member.partsCount,
    ]),
    [["a", 3, 6, 910, 1], ["b", 4, 8, 1218, 2]],
  );
  assertEquals(
    summary.byteLength,
    members.reduce(
      (sum, { byteLength }) => sum + byteLength,
      0,
    ),
  );
  assertEquals(notes, [
    "21 explicit zeros were dropped",
    "1 lane is in 2 parts, for its counts are many",
  ]);
  const parts = await importFiles(filesOf(SEVEN), { matrixBytes: 96 });
  assertEquals(
    parts.summary.notes.at(-1),
    "The batch is in 3 parts, for its counts are many",
  );
});

Deno.test("importBatch() reads lanes of the Human Cell Atlas", () =>
  withTempFolder(async (folder) => {
    await writeHdf5(`${folder}/ica.h5`, {
      "GRCh38/barcodes": [
        "MantonBM1_HiSeq_1-AAACCTGAGCAGGTCA-1",
        "MantonBM2_HiSeq_1-AAACCTGAGCAGGTCA-1",
        "MantonBM1_HiSeq_1-AAACCTGCACACTGCG-1",
      ],
      "GRCh38/data": new Int32Array([5, 2, 300]),
      "GRCh38/gene_names": ["B", "A"],
      "GRCh38/genes": ["ENSG00000000002", "ENSG00000000001"],
      "GRCh38/indices": new BigInt64Array([0n, 1n, 0n]),
      "GRCh38/indptr": new BigInt64Array([0n, 1n, 2n, 3n]),
      "GRCh38/shape": new Int32Array([2, 3]),
    });
    const path = `${folder}/ica`;
    await importBatch(`${folder}/ica.h5`, path, { splitLanes: "hca" });
    const { counts, profiles } = await readBatch(path);
    assertEquals(profiles, [
      "MantonBM1_HiSeq_1:AAACCTGAGCAGGTCA-1",
      "MantonBM1_HiSeq_1:AAACCTGCACACTGCG-1",
      "MantonBM2_HiSeq_1:AAACCTGAGCAGGTCA-1",
    ]);
    assertEquals(counts, [[0, 5], [0, 300], [2, 0]]);
    using cells = await Profiles.load(path);
    const donors = await cells.array("p", "donor", "string");
    assertEquals([...donors], ["MantonBM1", "MantonBM1", "MantonBM2"]);
  }));

Deno.test("importBatch() refuses a profile that no part can hold", async () => {
  assertEquals(
    await importError(filesOf(SEVEN), { matrixBytes: 70 }),
    "Cannot import SOURCE: the counts of profile a.0 alone pass the 70 bytes " +
      "of a matrix file",
  );
  const large = [...SEVEN.cells];
  large[4] = { lane: "b", counts: Array(GENES).fill(4000) };
  assertEquals(
    await importError(filesOf({ ...SEVEN, cells: large }), { matrixBytes: 96 }),
    "Cannot import SOURCE: the counts of profile b.4 alone pass the 96 bytes " +
      "of a matrix file",
  );
});

Deno.test("importBatch() leaves no part or lane behind after a failure", async () => {
  const files = filesOf(SEVEN);
  const wrong = (files["matrix.mtx"] as string).replace("5 7 300", "5 7 0.5");
  const options = { matrixBytes: 96, splitLanes: "^(.)" };
  assertMatch(
    await importError({ ...files, "matrix.mtx": wrong }, options),
    /line 38: the count 0\.5 is not a whole number/,
  );
  assertMatch(
    await importError(files, { splitLanes: "^(a)" }),
    /4 of its 7 barcodes do not match/,
  );
  assertMatch(await importError(files, { splitLanes: "(" }), /no regular/);
});

Deno.test("importBatch() refuses a limit that is none", async () => {
  for (const matrixBytes of [0, -1, 1.5, NaN, Infinity]) {
    assertEquals(
      await importError(filesOf(SEVEN), { matrixBytes }),
      `Cannot import to matrix files of ${matrixBytes} bytes: ` +
        "the most bytes are a whole number above 0",
    );
  }
});
