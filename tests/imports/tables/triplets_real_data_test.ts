import { assertEquals } from "@std/assert";
import { gunzipSync } from "node:zlib";
import { importBatch } from "../../../src/imports/import_batch.ts";
import { dataTest } from "../../data.ts";
import { withTempFolder } from "../../helpers.ts";

const TABLE = "sc_mixology/sc_dropseq.count.csv.gz";
const GENES = 1500;

dataTest(
  "importBatch() reads triplets as their dense table (real data)",
  async (data) => {
    const text = new TextDecoder().decode(
      gunzipSync(Deno.readFileSync(`${data}/${TABLE}`)),
    );
    const lines = text.split("\n").slice(0, GENES + 1);
    await withTempFolder(async (folder) => {
      Deno.writeTextFileSync(`${folder}/dense.csv`, lines.join("\n"));
      Deno.writeTextFileSync(`${folder}/long.tsv`, triplets(lines));
      const dense = await importBatch(`${folder}/dense.csv`, `${folder}/a`);
      const long = await importBatch(`${folder}/long.tsv`, `${folder}/b`);
      assertEquals(long.format, "table of triplets");
      assertEquals(long.totalUmis, dense.totalUmis);
      assertEquals(dense.zerosCount, 0);
      assertEquals(long.zerosCount, dense.profilesCount + GENES);
      assertEquals(long.genesCount, dense.genesCount);
      assertEquals(long.organism, dense.organism);
      assertEquals(long.uuid, dense.uuid);
    });
  },
);

/** What is not zero, gene by gene, after a zero of each cell and gene. */
function triplets([header = "", ...rows]: readonly string[]): string {
  const unquote = (text: string) => text.replaceAll('"', "");
  const cells = header.split(",").map(unquote);
  const table = rows.map((row) => row.split(",").map(unquote));
  const first = table[0]![0]!;
  const lines = cells.map((cell) => `${first}\t${cell}\t0`);
  for (const [gene, ...counts] of table) {
    if (gene === "") continue;
    lines.push(`${gene}\t${cells[0]}\t0`);
    counts.forEach((count, at) => {
      if (count !== "0") lines.push(`${gene}\t${cells[at]}\t${count}`);
    });
  }
  return `gene\tcell\tcount\n${lines.join("\n")}\n`;
}
