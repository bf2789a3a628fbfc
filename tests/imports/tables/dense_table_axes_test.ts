import { assert, assertEquals, assertFalse } from "@std/assert";
import {
  areGeneIds,
  findGenesAxis,
} from "../../../src/imports/tables/dense_table_axes.ts";

const GENES: readonly (readonly string[])[] = [
  ["ENSG00000000003", "ENSMUSG00000000001.4", "x", "y"],
  ["GRCh38_ENSG00000000003", "ENSG00000000005_TNMD"],
  ["FBgn0031081", "WBGene00000001", "AT1G01010", "LOC100128", "ERCC-00002"],
  ["Actb", "gapdh", "MT-CO1", "a", "b", "c", "d", "e"],
];

const CELLS: readonly (readonly string[])[] = [
  ["AAACCTGAGCATCATC-1", "sample_AAACCTGAGCATCATC", "x", "y"],
  ["CELL_000001", "CELL_000002"],
  ["cell1", "Sample.7", "well 3"],
  ["A1", "A10", "B04", "plate1_P24"],
  ["SRR1974543", "GSM2836267_x"],
];

const OTHERS: readonly (readonly string[])[] = [
  ["Xkr4", "Gm1992", "Rp1"],
  ["NKX2-1", "C3", "CDK4", "TP53"],
  ["x", "y"],
  ["0", "1"],
  ["ENSG00000000003", "ACTB", "b", "c", "d"],
];

Deno.test("findGenesAxis() goes by the axis that is clear", () => {
  const others = OTHERS[0]!;
  for (const genes of GENES) {
    assertEquals(find(genes, others), "rows", `${genes}`);
    assertEquals(find(others, genes), "columns", `${genes}`);
  }
  for (const cells of CELLS) {
    assertEquals(find(others, cells), "rows", `${cells}`);
    assertEquals(find(cells, others), "columns", `${cells}`);
    assertEquals(find(cells, GENES[0]!), "columns", `${cells}`);
  }
});

Deno.test("findGenesAxis() takes genes in rows where only R tells", () => {
  for (const names of [...GENES, ...CELLS]) {
    assertEquals(find(names, names, true), undefined);
  }
  for (const names of OTHERS) {
    assertEquals(find(names, names, true), "rows");
    assertEquals(find(names, names), undefined);
  }
  assertEquals(find(CELLS[0]!, OTHERS[0]!, true), "columns");
});

Deno.test("areGeneIds() wants all of them to be", () => {
  assert(areGeneIds(["ENSG00000000003", "ERCC-00002"]));
  assertFalse(areGeneIds(["ENSG00000000003", "ACTB"]));
  assertFalse(areGeneIds([]));
});

function find(
  rowNames: readonly string[],
  columnNames: readonly string[],
  isRMade = false,
): "rows" | "columns" | undefined {
  return findGenesAxis({ rowNames, columnNames, isRMade })?.genesIn;
}
