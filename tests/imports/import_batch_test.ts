import { assert, assertEquals, assertRejects } from "@std/assert";
import { readDataArray } from "../../src/arrays/data_array_files.ts";
import { textAt } from "../../src/arrays/data_array.ts";
import { importBatch } from "../../src/imports/import_batch.ts";
import { withTempFolder } from "../helpers.ts";
import {
  importError,
  importFiles,
  mtx,
  readBatch,
  SMALL,
  writeFiles,
} from "./tenx_folder.ts";

Deno.test("importBatch() imports a 10x folder", async () => {
  const { summary, ...batch } = await importFiles(SMALL);
  assertEquals(batch, {
    genes: ["A", "B", "C"],
    profiles: ["AAAC-1", "AAAG-1", "AAAT-1"],
    counts: [[2, 5, 0], [0, 0, 0], [0, 0, 300]],
    totals: { A: 2, B: 5, C: 300 },
  });
  const { source: _, path: __, uuid, byteLength, ...rest } = summary;
  assertEquals(uuid.length, 36);
  assert(byteLength > 56);
  assertEquals(rest, {
    format: "10x MatrixMarket folder",
    organism: "human",
    profilesCount: 3,
    genesCount: 3,
    entriesCount: 3,
    totalUmis: 307,
    zerosCount: 0,
    repeatsCount: 0,
    leftOutRows: 0,
    leftOutEntries: 0,
    missingRows: 0,
    missingUmis: 0,
    repeatedGenes: 0,
    repeatedBarcodes: 0,
    members: [],
    notes: [],
  });
});

Deno.test("importBatch() writes what the source said of genes", async () => {
  await withTempFolder(async (folder) => {
    writeFiles(`${folder}/source`, {
      ...SMALL,
      "genes.tsv": "i3\tb\tGene Expression\ni1\tA\tCustom\ni2\tB\tCustom\n",
    });
    const path = `${folder}/batch`;
    const options = {
      features: "all",
      organism: "newt",
      profilesKind: "nuclei",
    };
    const { path: written } = await importBatch(
      `${folder}/source`,
      path,
      options,
    );
    assertEquals(written, path);
    const names = readDataArray(path, "genes.source_name");
    assertEquals([0, 1, 2].map((row) => textAt(names, row)), ["b", "A", "B"]);
    const index = readDataArray(path, "genes.source_index");
    assertEquals(index.dtype, "int32");
    assertEquals([0, 1, 2].map((row) => textAt(index, row)), ["2", "0", "1"]);
    const genes = `${path}/genes`;
    assertEquals(
      Deno.readTextFileSync(`${genes}/g.name.txt`),
      "A\nB\nB-1\n",
    );
    assertEquals(Deno.readTextFileSync(`${genes}/g.id.txt`), "i1\ni2\ni3\n");
    const types = readDataArray(genes, "g.feature_type");
    assertEquals(types.dtype, "categorical");
    assertEquals(textAt(types, 2), "Gene Expression");
    const yaml = Deno.readTextFileSync(`${path}/profiles.yaml`);
    for (
      const line of ["organism: newt", "profiles_kind: nuclei", "genes: genes"]
    ) {
      assert(yaml.includes(`${line}\n`), yaml);
    }
    const files = [...Deno.readDirSync(path)].map(({ name }) => name).sort();
    assertEquals(files, [
      "genes",
      "genes.source_index.npy",
      "genes.source_name.txt",
      "gp.umis.mmm",
      "p.barcode.txt",
      "profiles.yaml",
    ]);
  });
});

Deno.test("importBatch() leaves other feature types out and counts them", async () => {
  const types = ["Antibody Capture", "Gene Expression", "Gene Expression"];
  const names = ["b", "A", "c"];
  const features = names.map((name, at) => `i${at}\t${name}\t${types[at]}\n`);
  const { "genes.tsv": _, ...others } = SMALL;
  const files = { ...others, "features.tsv": features.join("") };
  const { summary, genes, counts } = await importFiles(files);
  assertEquals(genes, ["A", "C"]);
  assertEquals(counts, [[2, 0], [0, 0], [0, 300]]);
  assertEquals(summary.leftOutRows, 1);
  assertEquals(summary.leftOutEntries, 1);
  assertEquals(summary.notes, [
    "Rows of other types than Gene Expression are left out: " +
    "Antibody Capture (1)",
    "1 entry was of rows that are left out",
  ]);
  const all = await importFiles(files, { features: "all" });
  assertEquals(all.genes, ["A", "B", "C"]);
  assertEquals(all.counts[0], [2, 5, 0]);
});

Deno.test("importBatch() drops zeros and adds repeats up", async () => {
  const entries = ["1 1 5", "2 1 0", "1 1 250", "1 1 1", "3 2 0", "3 3 7"];
  for (const order of [entries, entries.toReversed()]) {
    const files = { ...SMALL, "matrix.mtx": mtx(3, 3, order) };
    const { summary, counts } = await importFiles(files);
    assertEquals(counts, [[0, 256, 0], [0, 0, 0], [0, 0, 7]]);
    assertEquals(summary.zerosCount, 2);
    assertEquals(summary.repeatsCount, 2);
    assertEquals(summary.entriesCount, 2);
    assertEquals(summary.notes, [
      "2 explicit zeros were dropped",
      "2 repeated entries were added up",
    ]);
  }
});

Deno.test("importBatch() says how many names and barcodes repeat", async () => {
  const files = {
    ...SMALL,
    "genes.tsv": "i3\tx\ni1\tX\ni2\tC\n",
    "barcodes.tsv": "A-1\nB-1\nA-1\n",
  };
  const { summary, genes, totals } = await importFiles(files);
  assertEquals(genes, ["C", "X", "X-1"]);
  assertEquals(totals, { "C": 300, "X": 2, "X-1": 5 });
  assertEquals(summary.repeatedGenes, 1);
  assertEquals(summary.repeatedBarcodes, 1);
  assertEquals(summary.notes, [
    "1 gene got a suffix, for the name repeats",
    "1 profile has a barcode that repeats",
  ]);
  const summed = await importFiles(files, { duplicateGenes: "sum" });
  assertEquals(summed.totals, { "C": 300, "X": 7 });
  assertEquals(summed.counts[0], [0, 7]);
  assertEquals(
    await importError(files, { duplicateGenes: "error" }),
    "Cannot name the genes: 1 name repeats: X; `duplicateGenes` suffix " +
      "keeps them apart, sum adds them up",
  );
});

Deno.test("importBatch() reads cells in rows where it is told", async () => {
  const files = {
    "genes.tsv": "i1\tA\ni2\tB\n",
    "barcodes.tsv": "c1\nc2\nc3\n",
    "matrix.mtx": mtx(3, 2, ["1 1 1", "3 1 2", "1 2 3", "2 2 4"]),
  };
  const { counts } = await importFiles(files, { genesIn: "columns" });
  assertEquals(counts, [[1, 3], [0, 4], [2, 0]]);
});

Deno.test("importBatch() reads gzip files with a prefix", async () => {
  const files = Object.fromEntries(
    Object.entries(SMALL).map(([name, text]) => [`GSM1_x_${name}.gz`, text]),
  );
  assertEquals((await importFiles(files)).totals, { A: 2, B: 5, C: 300 });
});

Deno.test("importBatch() takes the first column for barcodes", async () => {
  const barcodes = "A-1\tx\r\nB-1\ty\r\nC-1\tz\r\n";
  const { profiles } = await importFiles({
    ...SMALL,
    "barcodes.tsv": barcodes,
  });
  assertEquals(profiles, ["A-1", "B-1", "C-1"]);
});

Deno.test("importBatch() imports folders without genes, cells or entries", async () => {
  const noGenes = { ...SMALL, "genes.tsv": "", "matrix.mtx": mtx(0, 3, []) };
  assertEquals((await importFiles(noGenes)).counts, [[], [], []]);
  const noCells = { ...SMALL, "barcodes.tsv": "", "matrix.mtx": mtx(3, 0, []) };
  assertEquals((await importFiles(noCells)).counts, []);
  const noEntries = { ...SMALL, "matrix.mtx": mtx(3, 3, []) };
  const { counts, summary } = await importFiles(noEntries);
  assertEquals(counts, [[0, 0, 0], [0, 0, 0], [0, 0, 0]]);
  assertEquals(summary.totalUmis, 0);
});

Deno.test("importBatch() tells of the progress", async () => {
  for (const entries of [["1 1 1", "2 2 1"], ["2 2 1", "1 1 1"]]) {
    const told: [number, number][] = [];
    const progress = (done: number, total: number) => told.push([done, total]);
    const files = { ...SMALL, "matrix.mtx": mtx(3, 3, entries) };
    await importFiles(files, { progress: (...both) => void progress(...both) });
    const [done, total] = told.at(-1)!;
    assertEquals(done, total);
    assert(done >= 2);
  }
});

Deno.test("importBatch() makes the same container each time", async () => {
  const first = await importFiles(SMALL);
  const second = await importFiles(SMALL);
  assertEquals(first.summary.uuid, second.summary.uuid);
});

Deno.test("importBatch() replaces a container only by force", async () => {
  await withTempFolder(async (folder) => {
    const source = `${folder}/source`;
    const path = `${folder}/batch`;
    writeFiles(source, SMALL);
    await importBatch(source, path);
    await assertRejects(
      () => importBatch(source, path),
      Error,
      `Cannot write ${path}: it exists already`,
    );
    Deno.writeTextFileSync(`${source}/matrix.mtx`, mtx(3, 3, ["1 1 1"]));
    await importBatch(source, path, { force: true });
    assertEquals((await readBatch(path)).totals, { A: 0, B: 1, C: 0 });

    Deno.mkdirSync(`${folder}/mine`);
    Deno.writeTextFileSync(`${folder}/mine/thesis.txt`, "kept");
    await assertRejects(
      () => importBatch(source, `${folder}/mine`, { force: true }),
      Error,
      `Cannot replace ${folder}/mine: it is not a metacell folder`,
    );
    assertEquals(Deno.readTextFileSync(`${folder}/mine/thesis.txt`), "kept");
  });
});

Deno.test("importBatch() leaves the old container when it fails", async () => {
  await withTempFolder(async (folder) => {
    const source = `${folder}/source`;
    const path = `${folder}/batch`;
    writeFiles(source, SMALL);
    await importBatch(source, path);
    Deno.writeTextFileSync(`${source}/matrix.mtx`, mtx(3, 3, ["1 1 x"]));
    await assertRejects(() => importBatch(source, path, { force: true }));
    assertEquals((await readBatch(path)).totals, { A: 2, B: 5, C: 300 });
    assertEquals([...Deno.readDirSync(folder)].length, 2);
  });
});

Deno.test("importBatch() refuses a source and a destination that overlap", async () => {
  await withTempFolder(async (folder) => {
    const source = `${folder}/source`;
    writeFiles(source, SMALL);
    for (const path of [source, `${source}/batch`, folder]) {
      await assertRejects(
        () => importBatch(source, path, { force: true }),
        Error,
        `Cannot import ${source} to ${path}: one of them is inside the other`,
      );
    }
    assertEquals([...Deno.readDirSync(source)].length, 3);
  });
});

Deno.test("importBatch() stops at a signal and leaves nothing", async () => {
  const entries = Array.from(
    { length: 200_000 },
    (_, at) => `${at % 3 + 1} ${3 - at % 3} 1`,
  );
  const { "matrix.mtx": _, ...tables } = SMALL;
  const packed = { ...tables, "matrix.mtx.gz": mtx(3, 3, entries) };
  for (const calls of [0, 1, 3]) {
    const controller = new AbortController();
    let left = calls;
    const stop = () => {
      if (left-- <= 0) controller.abort(new Error("enough"));
    };
    stop();
    const options = { signal: controller.signal, progress: stop };
    assertEquals(await importError(packed, options), "enough");
  }
});

Deno.test("importBatch() needs the permission to read and to write alone", async () => {
  await withTempFolder(async (folder) => {
    writeFiles(`${folder}/source`, SMALL);
    const script = new URL("../../bench/import_once.ts", import.meta.url);
    const command = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-check",
        "--no-prompt",
        `--allow-read=${folder}`,
        `--allow-write=${folder}`,
        script.pathname,
        `${folder}/source`,
        `${folder}/batch`,
      ],
    });
    const { code, stderr, stdout } = await command.output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    assertEquals(JSON.parse(new TextDecoder().decode(stdout)).totalUmis, 307);
  });
});
