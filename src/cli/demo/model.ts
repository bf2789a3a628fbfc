/**
 * The statistical model behind the demo's data, fitted to PBMC 3k: 2,700
 * peripheral blood cells of a healthy donor, filtered, 32,738 genes, Cell
 * Ranger 1.1.0 (10x Genomics, CC BY 4.0), with the nine published cell types
 * of its 2,638 labelled cells. What was fitted, and how:
 *
 * | quantity | distribution | parameters, from PBMC 3k |
 * | --- | --- | --- |
 * | cells a type | as published | {@linkcode CELL_TYPES}, scaled to 2,700 |
 * | UMIs a cell | log-normal for each type | mean and sd of ln UMIs of the type's cells; all cells together: mean 7.678, sd 0.431, median 2,197 UMIs |
 * | genes with a count | half | 16,634 of 32,738 (50.8%) |
 * | UMIs a gene | rank against abundance, straight between points in log-log | {@linkcode RANK_TOTALS}, the totals at those ranks. A log-normal (mean 1.52, sd 2.14 of ln UMIs a million) would give the top 100 genes 36% of the UMIs; they have 51% |
 * | gene x type | log-normal fold change | sd of ln: `sqrt(ln(1 + cv2))`, cv2 by moments, less the Poisson part, over genes with 500 to 3,000 UMIs |
 * | gene x state of a type | log-normal fold change | {@linkcode STATE_SPREAD}: dispersion within a type is 0.08 to 0.25 for genes with 3 UMIs a cell and more, by moments |
 * | UMIs of a gene in a cell | multinomial | the cell's UMIs, drawn one by one |
 *
 * PBMC 3k is published without its empty droplets. The background here is
 * chosen, not fitted: {@linkcode BACKGROUND}, its genes drawn from the sum of
 * all cells, as ambient RNA is.
 *
 * Real against made, cells only: UMIs a cell, median 2,197 and 2,205; genes
 * detected a cell, mean 847 and 891; entries that are 1, 69.9% and 69.4%;
 * entries, 2,286,884 and 2,405,009.
 */

/** A cell type: how many cells, ln UMIs a cell, and its genes' spread. */
export interface CellType {
  /** What the type is called. */
  readonly name: string;
  /** Cells with that label. */
  readonly cells: number;
  /** Mean of the natural logarithm of the UMIs a cell. */
  readonly meanLogUmis: number;
  /** Standard deviation of the same. */
  readonly spreadLogUmis: number;
  /** Standard deviation of a gene's ln fold change against all cells. */
  readonly geneSpread: number;
}

/** The cell types of PBMC 3k; the unlabelled 62 cells are spread over them. */
export const CELL_TYPES: readonly CellType[] = [
  cellType("Naive CD4 T", 713, 7.619, 0.352, 0.36),
  cellType("Memory CD4 T", 494, 7.854, 0.267, 0.32),
  cellType("CD14+ Mono", 491, 7.689, 0.484, 0.6),
  cellType("B", 352, 7.485, 0.395, 0.63),
  cellType("CD8 T", 277, 7.578, 0.246, 0.48),
  cellType("FCGR3A+ Mono", 166, 8.155, 0.378, 0.7),
  cellType("NK", 159, 7.549, 0.257, 0.79),
  cellType("DC", 33, 8.518, 0.332, 0.59),
  cellType("Platelet", 15, 7.021, 0.741, 1.2),
];

/** Ranks of genes and the UMIs that the gene at that rank has in all cells. */
export const RANK_TOTALS: readonly (readonly [number, number])[] = [
  [1, 161685],
  [2, 124210],
  [3, 121363],
  [5, 77111],
  [10, 57341],
  [20, 45094],
  [50, 24888],
  [100, 13011],
  [200, 4219],
  [500, 1303],
  [1000, 658],
  [2000, 336],
  [4000, 143],
  [8000, 39],
  [12000, 6],
  [16000, 1],
  [16634, 0.7],
];

/** Genes of the annotation, and those of them with any count. */
export const GENES_COUNT = 32738;
/** Genes that any cell expresses. */
export const EXPRESSED_GENES_COUNT = 16634;

/** States a type's cells are in, and the sd of a gene's ln fold change. */
export const STATES_PER_TYPE = 8;
/** See {@linkcode STATES_PER_TYPE}. */
export const STATE_SPREAD = 0.35;

/** Droplets without a cell: how many, and their ln UMIs. */
export const BACKGROUND = {
  barcodes: 5300,
  meanLogUmis: 3.9,
  spreadLogUmis: 0.7,
} as const;

function cellType(
  name: string,
  cells: number,
  meanLogUmis: number,
  spreadLogUmis: number,
  geneSpread: number,
): CellType {
  return { name, cells, meanLogUmis, spreadLogUmis, geneSpread };
}
