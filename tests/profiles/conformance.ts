/** What every class of containers must do, whatever it is made of. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { takeDataArray } from "../../src/arrays/data_array.ts";
import type { AnyNpyArray } from "../../src/arrays/npy.ts";
import { toDataArray } from "../../src/arrays/to_data_array.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import { verifyContainer } from "../../src/profiles/verify.ts";
import { geneNames, type Model } from "./model.ts";

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const transposed = (rows: readonly (readonly number[])[], width: number) =>
  Array.from({ length: width }, (_, at) => rows.map((row) => row[at]!));

/**
 * Checks that a container is what it must be, in all that can be read.
 *
 * @param model What it must be.
 */
export async function checkReading(model: Model): Promise<void> {
  using profiles = await Profiles.load(model.path, undefined, { cache: false });
  assertEquals(profiles.profilesCount, model.counts.length);
  assertEquals(profiles.genes.count, model.genes.length);
  assertEquals(profiles.metadata.profilesKind, model.kind);
  await checkNames(profiles, model);
  await checkTotals(profiles, model);
  await checkEntries(profiles, model);
  await checkMatrices(profiles, model);
  await checkData(profiles, model);
}

async function checkNames(profiles: Profiles, model: Model): Promise<void> {
  const all = geneNames(1_000);
  const genes = model.genes.map((gene) => all[gene]!);
  assertEquals(await profiles.genes.names(), genes);
  assertEquals([...await profiles.profileNames()], [...model.names(0)]);
  assertEquals(
    [...await profiles.profileNames({ baseIndex: 70 })],
    [...model.names(70)],
  );
  const last = model.counts.length - 1;
  if (last < 0) return;
  assertEquals(
    await profiles.profileName(last, { baseIndex: 70 }),
    model.names(70)[last],
  );
}

async function checkTotals(profiles: Profiles, model: Model): Promise<void> {
  const { counts, genes } = model;
  const some = someOf(counts.length);
  const columns = (rows: readonly (readonly number[])[]) =>
    transposed(rows, genes.length).map(sum);
  const rowsOfSome = some.map((at) => counts[at]!);
  let advanced = 0;
  const advance = (count: number) => advanced += count;
  const perProfile = await profiles.totalUmis("p", undefined, { advance });
  assertEquals([...perProfile], counts.map(sum));
  assertEquals(advanced, counts.length);
  assertEquals([...await profiles.totalUmis("g")], columns(counts));
  assertEquals(
    [...await profiles.totalUmis("p", some)],
    rowsOfSome.map(sum),
  );
  assertEquals([...await profiles.totalUmis("g", some)], columns(rowsOfSome));
  assertEquals(
    await profiles.entriesCount(),
    sum(counts.map((row) => row.filter((count) => count > 0).length)),
  );
  const past = [counts.length];
  await assertRejects(() => profiles.totalUmis("p", past), RangeError, "find");
}

async function checkEntries(profiles: Profiles, model: Model): Promise<void> {
  const { counts, genes } = model;
  for (const at of someOf(counts.length)) {
    const entries = await profiles.profileEntries(at);
    const row = new Array(genes.length).fill(0);
    entries.genes.forEach((gene, entry) => row[gene] = entries.counts[entry]);
    assertEquals(row, [...counts[at]!]);
    assert(
      entries.genes.every((gene, entry) =>
        entry === 0 || gene > entries.genes[entry - 1]!
      ),
    );
    const array = new Float32Array(genes.length).fill(1);
    assertEquals(await profiles.addIntoGpArray("umis", at, array), array);
    assertEquals(
      [...array],
      counts[at]!.map((count) => Math.fround(count + 1)),
    );
  }
  for (const gene of someOf(genes.length)) {
    const entries = await profiles.geneEntries(gene);
    const column = new Array(counts.length).fill(0);
    entries.profiles.forEach((profile, at) =>
      column[profile] = entries.counts[at]
    );
    assertEquals(column, counts.map((row) => row[gene]!));
  }
  const past = genes.length;
  await assertRejects(() => profiles.geneEntries(past), RangeError, "find");
  await assertRejects(() => profiles.profileEntries(-1), RangeError, "find");
}

async function checkMatrices(profiles: Profiles, model: Model): Promise<void> {
  const { counts, genes } = model;
  const profileIndices = someOf(counts.length);
  const geneIndices = someOf(genes.length);
  const all = await profiles.matrix("gp", "umis", "uint32");
  assertEquals(columnsOf(all as AnyNpyArray), counts.map((row) => [...row]));
  const some = { profileIndices, geneIndices };
  const part = await profiles.anyMatrix("gp", "umis", some);
  assertEquals(part.dtype, "float32");
  const expected = profileIndices.map((at) =>
    geneIndices.map((gene) => Math.fround(counts[at]![gene]!))
  );
  assertEquals(columnsOf(part), expected);
  const frame = await profiles.frame("gp", "umis", "float64", some);
  assertEquals([...frame.columns], profileIndices);
  const names = geneNames(1_000);
  assertEquals(
    [...frame.index],
    geneIndices.map((gene) => names[genes[gene]!]!),
  );
  assert(await profiles.hasMatrix("gp", "umis"));
  await assertRejects(
    () => profiles.matrix("gp", "umis", "int8"),
    TypeError,
    "its type is float32",
  );
  const past = { geneIndices: [genes.length] };
  await assertRejects(
    () => profiles.anyMatrix("gp", "umis", past),
    RangeError,
    "find gene",
  );
}

async function checkData(profiles: Profiles, model: Model): Promise<void> {
  const { tags, scores, genes, counts } = model;
  assertEquals(await profiles.hasArray("p", "tag"), tags !== undefined);
  assertEquals(await profiles.hasMatrix("gp", "score"), scores !== undefined);
  if (tags) {
    const series = await profiles.series("p", "tag", "int32");
    assertEquals([...series.values], [...tags]);
    assertEquals([...series.index], counts.map((_, at) => at));
  } else {
    await assertRejects(() => profiles.anyArray("p", "tag"), Error, "p.tag");
  }
  if (scores) {
    const all = await profiles.anyMatrix("gp", "score");
    assertEquals(columnsOf(all), scores.map((row) => [...row]));
    const profileIndices = someOf(counts.length);
    const geneIndices = someOf(genes.length);
    const some = { profileIndices, geneIndices };
    const part = await profiles.matrix("gp", "score", "float64", some);
    assertEquals(
      columnsOf(part as AnyNpyArray),
      profileIndices.map((at) => geneIndices.map((gene) => scores[at]![gene]!)),
    );
  }
  const weights = await profiles.array("g", "weight", "int32");
  assertEquals([...weights], genes.map((gene) => 10 * gene));
  const totals = await profiles.array("p", "total_umis", "float64");
  assertEquals([...totals], counts.map(sum));
}

/**
 * Checks that data of every kind can be written into a container and read.
 *
 * @param model What it must be.
 */
export async function checkWriting(model: Model): Promise<void> {
  using profiles = await Profiles.load(model.path);
  const shapes = {
    gp: [model.genes.length, model.counts.length],
    gg: [model.genes.length, model.genes.length],
    pp: [model.counts.length, model.counts.length],
  } as const;
  for (const kind of ["gp", "gg", "pp"] as const) {
    const [rows, columns] = shapes[kind];
    const data = Int16Array.from({ length: rows * columns }, (_, at) => at);
    const matrix = { dtype: "int16", shape: [rows, columns], data } as const;
    await profiles.write(kind, "of mine", matrix);
    assert((await profiles.availableData(kind)).includes("of mine"));
    const read = await profiles.matrix(kind, "of mine", "int16");
    assertEquals([...read.data], [...data]);
    const wrong = { ...matrix, shape: [rows * columns] };
    await assertRejects(
      () => profiles.write(kind, "of mine", wrong),
      RangeError,
      "shape",
    );
    await assertRejects(
      () => profiles.write(kind, "Of mine", matrix),
      Error,
      "only by case",
    );
  }
  for (const kind of ["g", "p"] as const) {
    const length = kind === "g" ? model.genes.length : model.counts.length;
    const labels = Array.from({ length }, (_, at) => `label ${at}`);
    await profiles.write(kind, "label", labels);
    const read = await profiles.anyArray(kind, "label");
    assertEquals(read, toDataArray(labels));
    assertEquals(takeDataArray(read, []), toDataArray([]));
  }
  const empty = {
    dtype: "int8",
    shape: [0, 0],
    data: new Int8Array(),
  } as const;
  const refused = [
    profiles.write("gp", "umis", empty),
    profiles.write("p", "base_index", new Int32Array()),
    profiles.write("g", "name", []),
  ];
  for (const promise of refused) {
    await assertRejects(() => promise, Error, "Cannot write");
  }
}

/**
 * Checks that totals are cached, that a container which is closed says so,
 * and that nothing wrong is found with it.
 *
 * @param model What it must be.
 */
export async function checkHandling(model: Model): Promise<void> {
  const profiles = await Profiles.load(model.path);
  const { path, uuid } = profiles.metadata;
  await profiles.totalUmis("p");
  await profiles.totalUmis("g");
  const cached = [...Deno.readDirSync(`${path}/cache/${uuid}`)];
  const names = cached.map(({ name }) => name);
  assert(names.includes("p.total_umis.npy"));
  assert(names.includes("g.total_umis.npy"));
  assertEquals([...await profiles.totalUmis("p")], model.counts.map(sum));
  const { problems } = await verifyContainer(path, { deep: true });
  assertEquals(problems, []);
  profiles.close();
  profiles.close();
  if (model.counts.length === 0) return;
  await assertRejects(() => profiles.profileEntries(0), Error, "is closed");
}

/** The columns of a matrix, as rows of the model: profile by profile. */
export function columnsOf(matrix: AnyNpyArray): number[][] {
  const [rows, columns] = matrix.shape as [number, number];
  const [rowStep, columnStep] = matrix.fortranOrder ? [1, rows] : [columns, 1];
  return Array.from(
    { length: columns },
    (_, column) =>
      Array.from(
        { length: rows },
        (_, row) => Number(matrix.data[row * rowStep + column * columnStep]!),
      ),
  );
}

/** Some indices: out of order, and one of them twice. */
function someOf(count: number): number[] {
  if (count === 0) return [];
  return [count - 1, 0, Math.floor(count / 2), 0];
}
