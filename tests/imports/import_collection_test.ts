import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { categorize } from "../../src/arrays/data_array.ts";
import { GenesSet } from "../../src/genes/genes_set.ts";
import {
  type CollectionImportSummary,
  type CollectionSource,
  importCollection,
  type ImportCollectionOptions,
} from "../../src/imports/import_collection.ts";
import { importBatch } from "../../src/imports/import_batch.ts";
import { createGenesSet } from "../../src/imports/create_genes.ts";
import "../../src/profiles/load.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import { verifyContainer } from "../../src/profiles/verify.ts";
import { withTempFolder } from "../helpers.ts";
import { type FolderFiles, mtx, readBatch, writeFiles } from "./tenx_folder.ts";

/** Two tables: one gene is in both, and each has one of its own. */
const TABLES: FolderFiles = {
  "one.csv": "gene,a1,a2\nCd3d,4,0\nLyz2,0,9\n",
  "two.csv": "gene,b1,b2,b3\nLYZ2,7,1,0\nMs4a1,5,0,2\n",
};

const OPTIONS = { genesIn: "rows", organism: "mouse" } as const;

/** Imports tables of a folder, and hands over what came of it. */
function withCollection<T>(
  files: FolderFiles,
  sources: readonly CollectionSource[],
  options: ImportCollectionOptions,
  use: (path: string, summary: CollectionImportSummary) => Promise<T>,
): Promise<T> {
  return withTempFolder(async (folder) => {
    writeFiles(folder, files);
    const path = `${folder}/study`;
    const placed = sources.map((source) => ({
      ...source,
      path: `${folder}/${source.path}`,
    }));
    const all = { ...OPTIONS, ...options };
    return await use(path, await importCollection(placed, path, all));
  });
}

/** Imports what can't be, and checks that nothing is left of it. */
function collectionError(
  files: FolderFiles,
  sources: readonly CollectionSource[],
  options: ImportCollectionOptions = {},
): Promise<string> {
  return withTempFolder(async (folder) => {
    writeFiles(folder, files);
    const placed = sources.map((source) => ({
      ...source,
      path: `${folder}/${source.path}`,
    }));
    const all = { genesIn: "rows", ...options } as const;
    const error = await assertRejects(
      () => importCollection(placed, `${folder}/study`, all),
      Error,
    );
    const left = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    const written = Object.keys(files).map((name) => name.split("/")[0]!);
    assertEquals(left, written.sort());
    assert(!error.message.includes("\n"));
    return error.message.replaceAll(`${folder}/`, "");
  });
}

const BOTH = [{ path: "one.csv" }, { path: "two.csv" }];

Deno.test("importCollection() puts sources over the genes of any", () =>
  withCollection(TABLES, BOTH, {}, async (path, summary) => {
    const { counts, genes, profiles } = await readBatch(path);
    assertEquals(genes, ["CD3D", "LYZ2", "MS4A1"]);
    assertEquals(profiles, ["one:a1", "one:a2", "two:b1", "two:b2", "two:b3"]);
    assertEquals(counts, [[4, 0, 0], [0, 9, 0], [0, 7, 5], [0, 1, 0], [
      0,
      0,
      2,
    ]]);
    const { sources, uuid: _, byteLength, ...all } = summary;
    assertEquals(all, {
      path,
      organism: "mouse",
      profilesCount: 5,
      genesCount: 3,
      commonCount: 1,
      entriesCount: 6,
      totalUmis: 28,
      notes: [],
    });
    assertEquals(byteLength, sources[0]!.byteLength + sources[1]!.byteLength);
    assertEquals(
      sources.map((source) => [source.name, source.path, source.profilesCount]),
      [["one", `${path}/one`, 2], ["two", `${path}/two`, 3]],
    );
    assertEquals(
      sources[0]!.notes.at(-1),
      "1 gene of the genes set is not measured here",
    );
    using study = await Profiles.load(path);
    assertEquals([...(await study.measuredGenes())!], [0, 1, 0]);
    const { problems } = await verifyContainer(path, { deep: true });
    assertEquals(problems, []);
  }));

Deno.test("importCollection() leaves out genes that not all sources have", () =>
  withCollection(
    TABLES,
    BOTH,
    { join: "intersection" },
    async (path, { sources }) => {
      const { counts, genes } = await readBatch(path);
      assertEquals(genes, ["LYZ2"]);
      assertEquals(counts, [[0], [9], [7], [1], [0]]);
      assertEquals(
        sources[1]!.notes.at(-1),
        "1 gene with 7 UMIs is left out, " +
          "for the genes set has no place for it",
      );
    },
  ));

Deno.test("importCollection() writes what single imports would", () =>
  withCollection(TABLES, BOTH, {}, async (path) => {
    const folder = path.slice(0, path.lastIndexOf("/"));
    const tables = ["one", "two"];
    await createGenesSet(
      tables.map((name) => `${folder}/${name}.csv`),
      `${folder}/genes`,
      OPTIONS,
    );
    const genesSet = await GenesSet.load(`${folder}/genes`) as GenesSet;
    using study = await Profiles.load(path);
    assertEquals(study.genes.uuid, genesSet.uuid);
    for (const name of tables) {
      const { uuid } = await importBatch(
        `${folder}/${name}.csv`,
        `${folder}/${name}`,
        { ...OPTIONS, genesSet },
      );
      using member = await Profiles.load(`${path}/${name}`);
      assertEquals(member.metadata.uuid, uuid);
    }
  }));

Deno.test("importCollection() takes names and options of each source", () => {
  const files = { ...TABLES, "two.csv": "cell,LYZ2\nb1.x,7\nb2.y,1\n" };
  const sources: CollectionSource[] = [
    { path: "one.csv", name: "the first" },
    {
      path: "two.csv",
      options: { genesIn: "columns", splitLanes: "\\.(?<lane>(?<plate>.))" },
    },
  ];
  return withCollection(
    files,
    sources,
    {},
    async (path, { notes, sources }) => {
      const { profiles } = await readBatch(path);
      assertEquals(profiles, [
        "the first:a1",
        "the first:a2",
        "two:x:b1.x",
        "two:y:b2.y",
      ]);
      assertEquals(sources[0]!.path, `${path}/the%20first`);
      assertEquals(sources[1]!.members.map(({ name }) => name), ["x", "y"]);
      assertEquals(notes, ["Only some sources have p.plate"]);
      const { problems } = await verifyContainer(path, { deep: true });
      assertEquals(problems, []);
    },
  );
});

Deno.test("importCollection() keeps the data of genes that sources agree on", () => {
  const matrix = mtx(2, 1, ["1 1 5", "2 1 3"]);
  const files = {
    "x/features.tsv": "i1\tA\tGene Expression\ni2\tB\tCustom\n",
    "x/barcodes.tsv": "AA\n",
    "x/matrix.mtx": matrix,
    "y/features.tsv": "i2\tB\tCustom\ni3\tC\tGene Expression\n",
    "y/barcodes.tsv": "AA\n",
    "y/matrix.mtx": matrix,
  };
  const sources = [{ path: "x" }, { path: "y" }];
  const options = { features: "all", genesIn: "rows" } as const;
  return withCollection(files, sources, options, async (path, { sources }) => {
    using study = await Profiles.load(path);
    assertEquals(
      await study.genes.anyArray("feature_type"),
      categorize(["Gene Expression", "Custom", "Gene Expression"]),
    );
    assertEquals(sources[0]!.notes, [
      "Genes are matched by their ids",
      "1 gene of the genes set is not measured here",
    ]);
  });
});

Deno.test("importCollection() splits sources that are too large", () =>
  withCollection(TABLES, BOTH, { matrixBytes: 76 }, async (path, summary) => {
    const { profiles } = await readBatch(path);
    assertEquals(profiles, ["one:a1", "one:a2", "two:b1", "two:b2", "two:b3"]);
    const parts = summary.sources.map(({ members }) => members.length);
    assertEquals(parts, [0, 2]);
    const { problems } = await verifyContainer(path, { deep: true });
    assertEquals(problems, []);
  }));

Deno.test("importCollection() uses a genes set that is given", () =>
  withTempFolder(async (folder) => {
    writeFiles(folder, TABLES);
    writeFiles(`${folder}/set`, { "g.name.txt": "CD3D\nLYZ2\n" });
    const genesSet = await GenesSet.created(`${folder}/set`, "mouse");
    const sources = BOTH.map(({ path }) => ({ path: `${folder}/${path}` }));
    const path = `${folder}/study`;
    const options = { ...OPTIONS, genesSet };
    await assertRejects(
      () => importCollection(sources, path, options),
      Error,
      "has no place for 1 gene with 7 UMIs",
    );
    assertThrows(() => Deno.statSync(path), Deno.errors.NotFound);
    const summary = await importCollection(sources, path, {
      ...options,
      allowMissingGenes: true,
    });
    assertEquals([summary.genesCount, summary.commonCount], [2, undefined]);
    assertThrows(() => Deno.statSync(`${path}/genes`), Deno.errors.NotFound);
    const { counts } = await readBatch(path);
    assertEquals(counts, [[4, 0], [0, 9], [0, 7], [0, 1], [0, 0]]);
  }));

Deno.test("importCollection() tells of the progress over all", async () => {
  const steps: (readonly [number, number])[] = [];
  const progress = (done: number, total: number) => {
    steps.push([done, total]);
  };
  await withCollection(TABLES, BOTH, { progress }, () => Promise.resolve());
  assert(steps.every(([_, total]) => total === 5));
  const done = steps.map(([done]) => done);
  assertEquals(done, done.toSorted((left, right) => left - right));
  assertEquals(done.at(-1), 5);
});

Deno.test("importCollection() replaces a container only by force", () =>
  withTempFolder(async (folder) => {
    writeFiles(folder, TABLES);
    const sources = BOTH.map(({ path }) => ({ path: `${folder}/${path}` }));
    const path = `${folder}/study`;
    await importCollection(sources, path, OPTIONS);
    const again = () => importCollection(sources.slice(1), path, OPTIONS);
    await assertRejects(again, Error, "it exists already (`force`");
    const options = { ...OPTIONS, force: true };
    await importCollection(sources.slice(1), path, options);
    assertEquals((await readBatch(path)).profiles.length, 3);
    writeFiles(folder, { "two.csv": "gene,b1\nLYZ2,0.5\n" });
    await assertRejects(() => importCollection(sources, path, options));
    assertEquals((await readBatch(path)).profiles.length, 3);
  }));

/** What can't be imported, and what is said of it. */
const WRONG: readonly (readonly [
  string,
  FolderFiles,
  readonly CollectionSource[],
  string,
])[] = [
  ["nothing", {}, [], "Cannot import to study: there are no sources"],
  [
    "two sources of one name",
    { "x/a.csv": "gene,c\nA,1\n", "y/A.tsv": "gene\tc\nA\t1\n" },
    [{ path: "x/a.csv" }, { path: "y/A.tsv" }],
    "Cannot import x/a.csv and y/A.tsv to study: both would be named A; " +
    "name one of them by NAME=SOURCE",
  ],
  [
    "a source whose file has no name for a member",
    { "cache.csv": "gene,c\nA,1\n" },
    [{ path: "cache.csv" }],
    'Cannot import cache.csv: "cache" can not be the name of a source: the ' +
    "folder of that name is for other things; NAME=SOURCE gives it another",
  ],
  [
    "a name that is none",
    TABLES,
    [{ path: "one.csv", name: "../one" }],
    'Cannot import one.csv: "../one" can not be the name of a source: ' +
    "it is a path",
  ],
  [
    "a source that is missing",
    TABLES,
    [{ path: "one.csv" }, { path: "three.csv" }],
    "Cannot import three.csv: there is no such file or folder",
  ],
  [
    "sources of two organisms",
    {
      "human.csv": "gene,c\nENSG00000000001,1\n",
      "mouse.csv": "gene,c\nENSMUSG00000000001,1\n",
    },
    [{ path: "human.csv" }, { path: "mouse.csv" }],
    "Cannot make a genes set of mouse.csv: it is of mouse, and the set of " +
    "human",
  ],
  [
    "a source that is wrong far in",
    { ...TABLES, "two.csv": "gene,b1\nLYZ2,7\nMS4A1,0.5\n" },
    BOTH,
    "Cannot import two.csv: line 3: column 2: the count 0.5 is not a whole " +
    "number, so these are not raw counts",
  ],
];

for (const [what, files, sources, why] of WRONG) {
  Deno.test(`importCollection() refuses ${what}`, async () => {
    assertEquals(await collectionError(files, sources), why);
  });
}

Deno.test("importCollection() stops at a signal and leaves nothing", async () => {
  const signal = AbortSignal.abort(new Error("that is enough"));
  assertEquals(
    await collectionError(TABLES, BOTH, { signal }),
    "that is enough",
  );
});

Deno.test("importCollection() refuses a source in its destination", () =>
  withTempFolder(async (folder) => {
    writeFiles(`${folder}/study`, TABLES);
    await assertRejects(
      () =>
        importCollection(
          [{ path: `${folder}/study/one.csv` }],
          `${folder}/study`,
          { ...OPTIONS, force: true },
        ),
      Error,
      "one of them is inside the other",
    );
  }));
