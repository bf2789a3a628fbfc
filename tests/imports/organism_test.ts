import { assertEquals } from "@std/assert";
import { guessOrganism } from "../../src/imports/organism.ts";

const TABLE: readonly [string, string[], string][] = [
  ["human ids", ["ENSG00000000003", "ENSG00000000005"], "human"],
  ["ids with a version", ["ENSG00000000003.15"], "human"],
  ["ids of the Y chromosome", ["ENSG00000182378.15_PAR_Y"], "human"],
  ["ids of probes", ["ENSG00000000003|TSPAN6|8eab823"], "human"],
  ["ids of old probes", ["DEPRECATED_ENSG00000004948|CALCR|1"], "human"],
  ["mouse ids", ["ENSMUSG00000051951"], "mouse"],
  ["ids behind a genome", ["GRCh38_ENSG00000000003"], "human"],
  ["mouse ids behind a genome", ["mm10___ENSMUSG00000051951"], "mouse"],
  [
    "both",
    ["GRCh38_ENSG00000000003", "mm10_ENSMUSG00000051951"],
    "unknown",
  ],
  ["another species", ["ENSRNOG00000000001"], "unknown"],
  [
    "another species beside",
    ["ENSG00000000003", "ENSDARG00000000001"],
    "unknown",
  ],
  ["names", ["CD3D", "ENSA"], "unknown"],
  ["a spike-in", ["ENSG00000000003", "ENSG00000000005", "ERCC-00002"], "human"],
  ["few of Ensembl", ["ENSG00000000003", "a", "b"], "unknown"],
  ["proteins", ["ENSP00000000233"], "unknown"],
  ["nothing", [], "unknown"],
];

for (const [what, ids, organism] of TABLE) {
  Deno.test(`guessOrganism() takes ${what} for ${organism}`, () => {
    assertEquals(guessOrganism(ids), organism);
  });
}
