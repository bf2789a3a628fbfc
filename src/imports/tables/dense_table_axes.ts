/**
 * Which axis of a dense table is that of the genes. Without the option:
 *
 * 1. The names of rows and of columns are looked at. They are genes where half
 *    of them are ids of genes (`ENSG00000000003`), or three of them are genes
 *    that every tissue expresses (`ACTB`); they are cells where half of them
 *    have a barcode in them (`AAACCTGAGCATCATC-1`), or are numbered cells
 *    (`CELL_000001`), wells (`A1`) or accessions of runs (`SRR1974543`). One
 *    axis that is clear decides, unless the other one says the same of itself.
 * 2. Where neither is clear, a table that R made has its genes in rows. It is
 *    known by a header with one field fewer than the rows (`write.table`), or
 *    with `""` first (`write.csv`).
 * 3. Else it is an error that asks for the option.
 */

/** What is known of a table before its genes are. */
export interface TableAxes {
  /** The names of the rows. */
  readonly rowNames: readonly string[];
  /** The names of the columns. */
  readonly columnNames: readonly string[];
  /** Whether the header is one that R makes. */
  readonly isRMade: boolean;
}

/** An axis, and how it was found. */
export interface GenesAxis {
  /** Where the genes are. */
  readonly genesIn: "rows" | "columns";
  /** What tells so, for people. */
  readonly why: string;
}

/** What names are of, where that can be seen. */
export type Look = "genes" | "cells" | undefined;

/** So many of the names have to look alike. */
const SHARE = 0.5;
/** So many genes that are found everywhere are no chance. */
const KNOWN_COUNT = 3;

/** Ensembl, FlyBase, WormBase, TAIR, NCBI's LOC, and spike-ins. */
const GENE_ID =
  /^(?:.*_)?(?:ENS[A-Z]*G\d{11}|FBgn\d{7}|WBGene\d{8}|AT[1-5CM]G\d{5}|LOC\d{5,}|ERCC-\d{5})(?:[._|-].*)?$/i;

const BARCODE = /(?:^|[^A-Z])[ACGTN]{8,}(?:[^A-Z]|$)/i;
const NUMBERED_CELL =
  /^(?:barcode|bc|cell|droplet|profile|sample|well)s?[ ._-]?\d+$/i;
const WELL = /^(?:.*[._-])?[A-P](?:0?[1-9]|1\d|2[0-4])$/;
const RUN = /^(?:[DES]RR\d{5,}|GSM\d{5,})(?:\D.*)?$/;

/** Genes that nearly every tissue expresses. */
const KNOWN_GENES: ReadonlySet<string> = new Set(
  `
  ACTB ACTG1 ATP5F1B B2M CALM1 CALM2 CFL1 EEF1A1 EEF2 EIF4A1 ENO1 FAU FTH1 FTL
  GAPDH GNB2L1 H3F3A H3F3B HMGB1 HNRNPA1 HSP90AA1 HSP90AB1 HSPA5 HSPA8 LDHA
  MALAT1 MYL6 NACA NPM1 PABPC1 PFN1 PGK1 PKM PPIA PTMA RACK1 RPL13A RPL3 RPLP0
  RPLP1 RPS18 RPS27A RPS6 SLC25A5 TMSB10 TMSB4X TPI1 TPT1 TUBA1B UBA52 UBB UBC
  VIM YWHAZ MT-ATP6 MT-CO1 MT-CO2 MT-CO3 MT-CYB MT-ND1 MT-ND2 MT-ND4
  `.trim().split(/\s+/),
);

/**
 * Decides which axis is that of the genes, by the rule above.
 *
 * @param axes The names of both axes.
 * @returns The axis, or undefined where nothing tells.
 */
export function findGenesAxis(axes: TableAxes): GenesAxis | undefined {
  const rows = namesLookLike(axes.rowNames);
  const columns = namesLookLike(axes.columnNames);
  if (rows !== columns) {
    const genesIn = rows === "genes" || columns === "cells"
      ? "rows"
      : "columns";
    return { genesIn, why: describeLooks(rows, columns) };
  }
  if (rows !== undefined || !axes.isRMade) return undefined;
  return { genesIn: "rows", why: "as is usual in tables that R made" };
}

/**
 * What names look like.
 *
 * @param names The names, each once.
 * @returns What they are of, or undefined where nothing tells.
 */
export function namesLookLike(names: readonly string[]): Look {
  let ids = 0;
  let known = 0;
  let cells = 0;
  for (const name of names) {
    if (GENE_ID.test(name)) ids++;
    else if (KNOWN_GENES.has(name.toUpperCase())) known++;
    else if (isCell(name)) cells++;
  }
  const most = SHARE * names.length;
  if (known >= KNOWN_COUNT || ids + known >= most) return "genes";
  return cells >= most ? "cells" : undefined;
}

function isCell(name: string): boolean {
  return BARCODE.test(name) || NUMBERED_CELL.test(name) || WELL.test(name) ||
    RUN.test(name);
}

function describeLooks(rows: Look, columns: Look): string {
  const says = (axis: string, look: Look) =>
    look && `the names of its ${axis} are those of ${look}`;
  return [says("rows", rows), says("columns", columns)]
    .filter((text) => text !== undefined).join(", ");
}

/**
 * Whether names are ids of genes, each of them.
 *
 * @param names The names.
 * @returns True where all are; false where there are none.
 */
export function areGeneIds(names: readonly string[]): boolean {
  return names.length > 0 && names.every((name) => GENE_ID.test(name));
}
