import {
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { textAt } from "../../../src/arrays/data_array.ts";
import {
  delane,
  type DelaneOptions,
} from "../../../src/imports/standard/delane.ts";
import { DelaneData } from "../../../src/imports/standard/delane_data.ts";
import { importBatch } from "../../../src/imports/import_batch.ts";
import { LaneData } from "../../../src/imports/standard/lane_data.ts";
import { Profiles } from "../../../src/profiles/profiles.ts";
import "../../../src/profiles/load.ts";
import { withTempFolder } from "../../helpers.ts";
import { writeStudy } from "./_standard_folder.ts";
import { mtx, readBatch, writeFiles } from "../tenx_folder.ts";

function listNames(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("delane() gives each lane its profiles and entries", async () => {
  await withTempFolder(async (folder) => {
    const source = writeStudy(`${folder}/study`);
    const summary = await delane(source, `${folder}/lanes`);
    assertEquals(summary, {
      source,
      path: `${folder}/lanes`,
      genesCount: 3,
      lanes: [
        {
          name: "L1",
          path: `${folder}/lanes/L1`,
          profilesCount: 3,
          entriesCount: 4,
        },
        {
          name: "L2",
          path: `${folder}/lanes/L2`,
          profilesCount: 2,
          entriesCount: 3,
        },
      ],
    });
    assertEquals(listNames(folder), ["lanes", "study"]);
    assertEquals(listNames(`${folder}/lanes`), ["L1", "L2"]);
    const read = (path: string) => Deno.readTextFileSync(`${folder}/${path}`);
    for (const name of ["format.yaml", "genes.csv"]) {
      assertEquals(read(`lanes/L2/${name}`), read(`study/${name}`));
    }
    assertEquals(
      read("lanes/L1/profiles.csv"),
      "lane,barcode,age,score,is_good,note\n" +
        'L1,AAC,1,0.5,true,"a, ""b"""\nL1,GGT,,NA,False,x\n' +
        "L1,TTT,5,.5,TRUE,z\n",
    );
    const [banner, comment, ...lines] = read("lanes/L1/umis.mtx").split("\n");
    assertEquals(banner, "%%MatrixMarket matrix coordinate integer general");
    assertEquals(comment?.trim(), "%");
    const entries = ["1 1 5", "2 2 1", "3 1 2", "2 3 70000"];
    assertEquals(lines, ["3 3 4", ...entries, ""]);
  });
});

Deno.test("importBatch() takes lanes, with all that the tables say", async () => {
  await withTempFolder(async (folder) => {
    const source = writeStudy(`${folder}/study`);
    await delane(source, `${folder}/lanes`);
    const summary = await importBatch(`${folder}/lanes/L2`, `${folder}/cells`);
    assertEquals(summary.format, "multi-lane folder");
    assertEquals(summary.organism, "human");
    assertEquals([summary.zerosCount, summary.repeatsCount], [1, 1]);
    assertEquals(summary.notes.join().includes("lanes"), false);
    using cells = await Profiles.load(`${folder}/cells`);
    assertEquals(await cells.profileNames(), ["AAC", "CCA"]);
    assertEquals(await cells.genes.names(), ["ACTB", "CD3D", "LYZ"]);
    assertEquals([...await cells.totalUmis("p")], [301, 0]);
    const types: Record<string, string> = {};
    const texts: Record<string, string[]> = {};
    for (const name of ["lane", "age", "score", "is_good", "note"]) {
      const data = await cells.anyArray("p", name);
      types[name] = data.dtype;
      texts[name] = [0, 1].map((at) => textAt(data, at));
    }
    assertEquals(types, {
      lane: "categorical",
      age: "int32",
      score: "float64",
      is_good: "bool",
      note: "string",
    });
    assertEquals(texts, {
      lane: ["L2", "L2"],
      age: ["2", "4"],
      score: ["1000", "-Infinity"],
      is_good: ["false", "true"],
      note: ["", "y"],
    });
    const lengths = await cells.genes.anyArray("length");
    assertEquals([0, 1, 2].map((at) => textAt(lengths, at)), ["9", "7", ""]);
    assertEquals((await cells.genes.anyArray("id")).dtype, "string");
  });
});

Deno.test("importBatch() takes all lanes at once, and says that it does", async () => {
  await withTempFolder(async (folder) => {
    const source = writeStudy(`${folder}/study`);
    const { notes } = await importBatch(source, `${folder}/cells`);
    assertStringIncludes(
      notes.join(),
      "It has 2 lanes: `delane` splits them",
    );
    const { counts, profiles } = await readBatch(`${folder}/cells`);
    assertEquals(profiles, ["AAC", "AAC", "GGT", "CCA", "TTT"]);
    assertEquals(counts.flat().reduce((sum, count) => sum + count), 70309);
  });
});

Deno.test("importBatch() keeps features of one type of a multi-lane folder", async () => {
  await withTempFolder(async (folder) => {
    const source = writeStudy(`${folder}/study`, {
      "format.yaml": "genes:\nprofiles:\n  field_names: [name]\n",
      "genes.csv": "name,feature_type\nA,Gene Expression\n" +
        "B,Antibody Capture\nC,Gene Expression\n",
      "profiles.csv": "x\n",
      "umis.mtx": mtx(3, 1, ["1 1 1", "2 1 2", "3 1 4"]),
    });
    const { totalUmis } = await importBatch(source, `${folder}/cells`);
    assertEquals(totalUmis, 5);
    const all = await importBatch(source, `${folder}/all`, { features: "all" });
    assertEquals(all.totalUmis, 7);
  });
});

Deno.test("importBatch() refuses fields that arrays can't be named by", async () => {
  await withTempFolder(async (folder) => {
    const source = writeStudy(`${folder}/study`, {
      "format.yaml": "genes:\nprofiles:\n",
      "profiles.csv": "barcode,age,Age\n1,1,1\n2,1,1\n3,1,1\n4,1,1\n5,1,1\n",
    });
    const error = await assertRejects(() =>
      importBatch(source, `${folder}/cells`)
    );
    assertInstanceOf(error, Error);
    assertEquals(
      error.message,
      `Cannot import ${source}/profiles.csv: its fields "age" and "Age" ` +
        "differ by case only",
    );
    assertEquals(listNames(folder), ["study"]);
  });
});

Deno.test("delane() reads gzip, other separators, and no headers", async () => {
  await withTempFolder(async (folder) => {
    const source = writeStudy(`${folder}/study`, {
      "format.yaml": "genes:\n  field_names: [name]\nprofiles:\n" +
        "  separator: ';'\n  field_names: [lane, barcode]\n",
      "genes.csv": null,
      "genes.csv.gz": "A\nB\nC\n",
      "profiles.csv": null,
      "profiles.csv.gz": 'x;1\ny z;1\nx;"2;"\n',
      "umis.mtx": null,
      "umis.mtx.gz": mtx(3, 3, ["1 1 1.0", "2 2 1e+02", "3 3 7"]),
    });
    await delane(source, `${folder}/lanes`);
    assertEquals(listNames(`${folder}/lanes`), ["x", "y%20z"]);
    const lane = `${folder}/lanes/x`;
    assertEquals(
      Deno.readTextFileSync(`${lane}/profiles.csv`),
      'x;1\nx;"2;"\n',
    );
    const genes = gunzipSync(Deno.readFileSync(`${lane}/genes.csv.gz`));
    assertEquals(new TextDecoder().decode(genes), "A\nB\nC\n");
    await importBatch(lane, `${folder}/cells`);
    const { counts, profiles } = await readBatch(`${folder}/cells`);
    assertEquals(profiles, ["1", "2;"]);
    assertEquals(counts, [[1, 0, 0], [0, 0, 7]]);
  });
});

Deno.test("delane() replaces lanes with force, and nothing else", async () => {
  await withTempFolder(async (folder) => {
    const source = writeStudy(`${folder}/study`);
    const lanes = `${folder}/lanes`;
    await delane(source, lanes);
    const again = await assertRejects(() => delane(source, lanes));
    assertStringIncludes(`${again}`, "it exists already (`force` replaces it)");
    await delane(source, lanes, { force: true });
    Deno.writeTextFileSync(`${lanes}/L1/mine.txt`, "");
    const other = await assertRejects(() =>
      delane(source, lanes, { force: true })
    );
    assertInstanceOf(other, Error);
    assertEquals(
      other.message,
      `Cannot replace ${lanes}: it has other things than lanes in it, and ` +
        "nothing else is replaced by them",
    );
    assertEquals(listNames(folder), ["lanes", "study"]);
    const inside = await assertRejects(() => delane(source, `${source}/lanes`));
    assertStringIncludes(`${inside}`, "one of them is inside the other");
  });
});

const PROFILES = "lane,barcode\n";
const FEW = { "format.yaml": "genes:\nprofiles:\n" };

/** Changes of the study, and what is wrong then. */
const FAILURES: readonly [
  string,
  Readonly<Record<string, string | Uint8Array | null>>,
  string,
][] = [
  ["no counts", { "umis.mtx": null }, "it has no umis.mtx, plain or with .gz"],
  ["no format", { "format.yaml": null }, "it has no format.yaml"],
  [
    "two tables",
    { "genes.csv.gz": "name\n" },
    "it has both genes.csv and genes.csv.gz: keep one of them",
  ],
  [
    "no lane",
    { ...FEW, "profiles.csv": "barcode,batch\nAAC,1\n" },
    'profiles.csv: it has no field lane, only "barcode", "batch"',
  ],
  [
    "a lane that is empty",
    { ...FEW, "profiles.csv": `${PROFILES}L1,AAC\n,AAG\n` },
    'profiles.csv: line 3: cannot use "" as a lane: it is empty',
  ],
  [
    "a lane that leads out",
    { ...FEW, "profiles.csv": `${PROFILES}../x,AAC\n` },
    'profiles.csv: line 2: cannot use "../x" as a lane: it is a path',
  ],
  [
    "a lane below another",
    { ...FEW, "profiles.csv": `${PROFILES}a/b,AAC\n` },
    'profiles.csv: line 2: cannot use "a/b" as a lane: it is a path',
  ],
  [
    "a lane that is a folder above",
    { ...FEW, "profiles.csv": `${PROFILES}..,AAC\n` },
    'profiles.csv: line 2: cannot use ".." as a lane: it starts with a point',
  ],
  [
    "lanes that differ by case",
    { ...FEW, "profiles.csv": `${PROFILES}a,1\nb,1\nA,1\n` },
    'profiles.csv: line 4: cannot use the lanes "a" and "A": ' +
    "they differ by case only",
  ],
  [
    "a barcode twice",
    { ...FEW, "profiles.csv": `${PROFILES}a,1\nb,1\n"a",1\n` },
    'profiles.csv: line 4: the barcode "1" is there already in the lane "a", ' +
    "on line 2",
  ],
  [
    "no barcode",
    { ...FEW, "profiles.csv": `${PROFILES}a,\n` },
    "profiles.csv: line 2: the barcode is empty",
  ],
  [
    "a table without profiles",
    { ...FEW, "profiles.csv": PROFILES },
    "profiles.csv: it has no profiles",
  ],
  ["an empty table", { "profiles.csv": "" }, "profiles.csv: it is empty"],
  [
    "a record of another width",
    { ...FEW, "profiles.csv": `${PROFILES}a,1\na,2,3\n` },
    "profiles.csv: line 3: it has 3 values, and the header 2",
  ],
  [
    "another separator",
    { ...FEW, "profiles.csv": "lane\tbarcode\na\t1\n" },
    "profiles.csv: line 1: no comma separates its fields: " +
    "separator in the format says what does",
  ],
  [
    "fields of one name",
    { ...FEW, "profiles.csv": "lane,lane\na,1\n" },
    'profiles.csv: line 1: two fields are named "lane"',
  ],
  [
    "a value of another type",
    {
      "profiles.csv":
        "lane,barcode,age,score,is_good\nL1,1,2.5,1,1\nL1,2,x,1,1\n",
    },
    'profiles.csv: line 2: field age: "2.5" is not an int',
  ],
  [
    "a type of no field",
    { "profiles.csv": `${PROFILES}a,1\n` },
    'profiles.csv: it has no field age, only "lane", "barcode"',
  ],
  [
    "fields that are not as many as named",
    { "format.yaml": "genes:\n  field_names: [name]\nprofiles:\n" },
    "genes.csv: line 1: it has 3 fields, and field_names of its format 1",
  ],
  [
    "genes without a name",
    { ...FEW, "genes.csv": "symbol\nA\nB\nC\n" },
    'genes.csv: it has no field name or id, only "symbol"',
  ],
  [
    "a gene without a name",
    { ...FEW, "genes.csv": "name,x\nA,\n,1\nC,\n" },
    "genes.csv: line 3: the name is empty",
  ],
  [
    "sizes that lie",
    { "umis.mtx": mtx(3, 6, []) },
    "umis.mtx: line 3: the matrix has 3 rows and 6 columns, but " +
    "SOURCE/genes.csv has 3 genes and SOURCE/profiles.csv has 5 profiles",
  ],
  [
    "a profile out of range",
    { "umis.mtx": mtx(3, 5, ["1 1 1", "1 6 1"]) },
    "umis.mtx: line 5: column 6 is out of range: the header says 5",
  ],
  [
    "a fraction",
    { "umis.mtx": mtx(3, 5, ["1 1 0.5"]) },
    "umis.mtx: line 4: the count 0.5 is not a whole number, so these are not " +
    "raw counts",
  ],
  [
    "counts that are cut off",
    { "umis.mtx": mtx(3, 5, ["1 1 1"]).replace("3 5 1", "3 5 2") },
    "umis.mtx: line 4: the file ends here after 1 entry, " +
    "and its header says 2",
  ],
];

Deno.test("delane() says in one line what is wrong, and leaves nothing", async (step) => {
  for (const [name, changes, why] of FAILURES) {
    await step.step(name, () =>
      withTempFolder(async (folder) => {
        const source = writeStudy(`${folder}/study`, changes);
        const error = await assertRejects(() =>
          delane(source, `${folder}/lanes`)
        );
        assertInstanceOf(error, Error);
        const message = error.message.replaceAll(source, "SOURCE");
        assertEquals(message.replace(/^.*?SOURCE(?:\/|: )/, ""), why);
        assertEquals(listNames(folder), ["study"]);
      }));
  }
});

Deno.test("delane() leaves nothing when it is stopped", async () => {
  await withTempFolder(async (folder) => {
    const source = writeStudy(`${folder}/study`);
    const controller = new AbortController();
    const options: DelaneOptions = {
      signal: controller.signal,
      lanesAtOnce: 1,
      progress: () => controller.abort(),
    };
    await assertRejects(() => delane(source, `${folder}/lanes`, options));
    assertEquals(listNames(folder), ["study"]);
  });
});

Deno.test("LaneData refuses entries before and after its file", async () => {
  await withTempFolder((folder) => {
    const data = new DelaneData();
    const { laneData, indexInLane } = data.addProfile("a");
    assertEquals(indexInLane, 1);
    assertEquals(laneData.lastProfileDataLineIndex, 0);
    assertThrows(() => laneData.addEntry(1, 1, 1), Error, "it was not begun");
    Deno.mkdirSync(`${folder}/a`);
    laneData.writeUmisMatrix(folder, "%%MatrixMarket", 1);
    laneData.addEntry(1, 1, 4294967295);
    laneData.finish();
    assertEquals(laneData.entriesCount, 1);
    assertThrows(() => laneData.finish(), Error, "it was not begun");
    const lines = Deno.readTextFileSync(`${folder}/a/umis.mtx`).split("\n");
    assertEquals(lines.slice(2), ["1 1 1", "1 1 4294967295", ""]);
    assertEquals(new LaneData("b").lastProfileDataLineIndex, -1);
  });
});

const GENES = 4;

const STUDIES = fc.record({
  lanes: fc.array(fc.constantFrom("a", "B", "c c", "é", "d:e"), {
    minLength: 1,
    maxLength: 8,
  }),
  entries: fc.array(fc.tuple(fc.nat(GENES - 1), fc.nat(), fc.nat(70000)), {
    maxLength: 30,
  }),
  lanesAtOnce: fc.integer({ min: 1, max: 4 }),
  barcodes: fc.constantFrom(
    (at: number) => `n${at}`,
    (at: number) => `"${at}, "`,
  ),
});

Deno.test("delane() and importBatch() give what the source has", async () => {
  await fc.assert(
    fc.asyncProperty(STUDIES, async (study) => {
      const { lanes, lanesAtOnce } = study;
      const lines = study.entries.map(([gene, profile, count]) =>
        `${gene + 1} ${profile % lanes.length + 1} ${count}`
      );
      await withTempFolder(async (folder) => {
        Deno.mkdirSync(`${folder}/study`);
        writeFiles(`${folder}/study`, {
          "format.yaml": "genes:\nprofiles:\n",
          "genes.csv": "name\nG1\nG2\nG3\nG4\n",
          "profiles.csv": PROFILES +
            lanes.map((lane, at) => `${lane},${study.barcodes(at)}\n`).join(""),
          "umis.mtx": mtx(GENES, lanes.length, lines),
        });
        await importBatch(`${folder}/study`, `${folder}/all`);
        const all = await readBatch(`${folder}/all`);
        const split = await delane(`${folder}/study`, `${folder}/lanes`, {
          lanesAtOnce,
        });
        assertEquals(split.lanes.map(({ name }) => name), [...new Set(lanes)]);
        for (const [at, { name, path }] of split.lanes.entries()) {
          await importBatch(path, `${folder}/lane${at}`);
          const lane = await readBatch(`${folder}/lane${at}`);
          const isOf = (_: unknown, profile: number) => lanes[profile] === name;
          assertEquals(lane.counts, all.counts.filter(isOf));
          assertEquals(lane.profiles, all.profiles.filter(isOf));
          assertEquals(lane.genes, all.genes);
        }
      });
    }),
    { numRuns: 15 },
  );
});
