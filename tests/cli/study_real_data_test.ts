/** The studies of docs/containers.md, against the manifests of the data. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { dataTest } from "../data.ts";
import { withTempFolder } from "../helpers.ts";
import { runWell, totalsOf } from "./_study.ts";

interface Group {
  readonly cells: number;
  readonly total_umis: number;
  readonly genes: Readonly<Record<string, number>>;
}

type ByLabel = Readonly<Record<string, Group>>;

const BATCHES = ["celseq2", "dropseq"];

function expectedOf(
  data: string,
  file: string,
  key: string,
  // deno-lint-ignore no-explicit-any -- the facts of each file differ
): any {
  return JSON.parse(Deno.readTextFileSync(`${data}/expected.json`))[file]
    .extra[key];
}

async function infoOf(path: string): Promise<Record<string, unknown>> {
  return JSON.parse((await runWell(["info", path, "--json"])).stdout);
}

/** Imports both batches onto the genes that both, or either, have. */
async function importStudy(
  data: string,
  folder: string,
  join: string,
): Promise<void> {
  const sources = BATCHES.map((name) =>
    `${data}/sc_mixology/sc_${name}.count.csv.gz`
  );
  const genes = `${folder}/genes`;
  await runWell(
    ["genes", "create", genes, "--from", ...sources, "--join", join],
  );
  for (const [at, name] of BATCHES.entries()) {
    const words = ["import", sources[at]!, `${folder}/${name}`];
    const onto = ["--genes-set", genes, "--allow-missing-genes"];
    await runWell([...words, ...onto]);
  }
  const members = BATCHES.map((name) => `${folder}/${name}`);
  await runWell(["collect", `${folder}/study`, ...members]);
}

/** Compares sums with what the manifest says of some genes. */
async function checkGroups(path: string, groups: ByLabel): Promise<void> {
  const totals = Object.fromEntries(
    Object.entries(groups).map(([label, group]) => [label, group.total_umis]),
  );
  assertEquals(await totalsOf(path, "profile"), totals);
  for (const [label, { genes }] of Object.entries(groups)) {
    const words = ["show", path, "--profile", label, "--json"];
    const shown = JSON.parse((await runWell(words)).stdout);
    for (const [gene, count] of Object.entries(genes)) {
      const at = shown.genes.indexOf(gene);
      assertEquals(at < 0 ? 0 : shown.umis[at], count, `${label} ${gene}`);
    }
  }
}

dataTest(
  "metacell joins and sums the batches of sc_mixology (real data)",
  (data) =>
    withTempFolder(async (folder) => {
      await importStudy(data, folder, "union");
      const joined = expectedOf(
        data,
        "sc_mixology/sc_celseq2.count.csv.gz",
        "virtual_join",
      );
      const study = `${folder}/study`;
      const info = await infoOf(study);
      assertEquals(
        [info.profiles_count, info.genes_count, info.entries_count],
        [joined.cells, joined.genes_union, joined.nnz_union],
      );
      const totals = Object.values(await totalsOf(study, "profile"));
      const sum = totals.reduce((left, right) => left + right);
      assertEquals(sum, joined.total_umis_union);
      for (const name of BATCHES) {
        const path = `${folder}/${name}`;
        const table = `${data}/sc_mixology/sc_${name}.metadata.csv.gz`;
        await runWell(["annotate", path, table]);
        const sums = `${folder}/${name}_lines`;
        await runWell(["sum", path, sums, "--by", "cell_line"]);
        const file = `sc_mixology/sc_${name}.count.csv.gz`;
        await checkGroups(sums, expectedOf(data, file, "groups_by_cell_line"));
      }
      await checkStudy(data, folder, totals);
    }),
);

/** The view of the study, and the sums of both batches together. */
async function checkStudy(
  data: string,
  folder: string,
  totals: readonly number[],
): Promise<void> {
  const study = `${folder}/study`;
  const where = ["--where", "p.total_umis >= 20000"];
  await runWell(["view", `${folder}/deep`, "--base", study, ...where]);
  const kept = totals.filter((total) => total >= 20000);
  assertEquals(
    Object.values(await totalsOf(`${folder}/deep`, "profile")),
    kept,
  );
  const both = BATCHES.map((name): ByLabel =>
    expectedOf(
      data,
      `sc_mixology/sc_${name}.count.csv.gz`,
      "groups_by_cell_line",
    )
  );
  await runWell(["sum", study, `${folder}/lines`, "--by", "cell_line"]);
  const expected = Object.keys(both[0]!).map((label) => [
    label,
    both[0]![label]!.total_umis + both[1]![label]!.total_umis,
  ]);
  const lines = await totalsOf(`${folder}/lines`, "profile");
  assertEquals(lines, Object.fromEntries(expected));
  await runWell([
    "sum",
    `${folder}/deep`,
    `${folder}/sums`,
    "--by",
    "cell_line",
  ]);
  const sums = Object.values(await totalsOf(`${folder}/sums`, "profile"));
  assertEquals(
    sums.reduce((left, right) => left + right),
    kept.reduce((left, right) => left + right),
  );
  await runWell(["verify", `${folder}/sums`, "--deep"]);
}

dataTest(
  "metacell takes the genes that all of sc_mixology have (real data)",
  (data) =>
    withTempFolder(async (folder) => {
      await importStudy(data, folder, "intersection");
      const joined = expectedOf(
        data,
        "sc_mixology/sc_celseq2.count.csv.gz",
        "virtual_join",
      );
      const info = await infoOf(`${folder}/study`);
      assertEquals(
        [info.genes_count, info.entries_count, info.genes_not_measured],
        [joined.genes_intersection, joined.nnz_intersection, 0],
      );
      const totals = Object.values(await totalsOf(`${folder}/study`, "gene"));
      const sum = totals.reduce((left, right) => left + right);
      assertEquals(sum, joined.total_umis_intersection);
    }),
);

dataTest(
  "metacell sums the cells of pbmc3k by a table of labels (real data)",
  (data) =>
    withTempFolder(async (folder) => {
      const source = `${data}/pbmc3k/filtered_gene_bc_matrices/hg19`;
      await runWell(["import", source, `${folder}/cells`]);
      const by = `${data}/pbmc3k/labels.csv:classified`;
      const { stderr } = await runWell(
        ["sum", `${folder}/cells`, `${folder}/types`, "--by", by],
      );
      const { unlabelled, ...groups } = expectedOf(
        data,
        "pbmc3k/labels.csv",
        "groups_by_classified",
      );
      const note = `note: ${unlabelled.cells} of 2,700 cells had no label\n`;
      assertStringIncludes(stderr, note);
      await checkGroups(`${folder}/types`, groups);
    }),
);
